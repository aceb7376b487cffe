package process

import (
	"strings"
	"unicode"
)

const (
	maxTail  = 16 << 10 // bytes of standard error that are kept
	maxWords = 400      // characters of it that are quoted
)

// tail keeps the end of what is written.
type tail struct{ kept []byte }

func (t *tail) Write(b []byte) (int, error) {
	t.kept = append(t.kept, b...)
	if over := len(t.kept) - maxTail; over > 0 {
		t.kept = append(t.kept[:0], t.kept[over:]...)
	}
	return len(b), nil
}

// words returns the last line that says something.
func (t *tail) words(secrets []string) string {
	text := Blot(strings.ToValidUTF8(string(t.kept), "?"), secrets)
	last := ""
	for line := range strings.Lines(text) {
		if line = printable(line); line != "" {
			last = line
		}
	}
	if runes := []rune(last); len(runes) > maxWords {
		return "…" + string(runes[len(runes)-maxWords:])
	}
	return last
}

func printable(line string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, line))
}

// Blot replaces every secret in a text.
func Blot(text string, secrets []string) string {
	for _, secret := range secrets {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "***")
		}
	}
	return text
}
