package bot

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	address      = "/basebump"
	mostCommands = 5     // of one comment
	mostRead     = 4_096 // bytes of it
	mostReason   = 200   // characters
)

// command is one line such as "/basebump ignore until=2026-12-31 reason=freeze".
type command struct {
	name    string
	until   time.Time // of ignore; zero: for ever
	reason  string
	problem string // Markdown: why it cannot be obeyed; empty: it can
}

// commands reads what a comment tells us to do. The first line that is not blank must be a command; of the others those count that are.
func commands(body string, now time.Time) []command {
	body = beginning(body, mostRead)
	var found []command
	for line := range strings.Lines(body) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		rest, ok := strings.CutPrefix(line, address)
		if !ok || rest != "" && rest[0] != ' ' && rest[0] != '\t' {
			if len(found) == 0 {
				return nil
			}
			continue
		}
		if len(found) == mostCommands {
			return append(found, command{problem: fmt.Sprintf("One comment holds %d commands at most; the rest was left out.", mostCommands)})
		}
		found = append(found, readCommand(strings.TrimSpace(rest), now))
	}
	return found
}

// beginning returns the longest beginning of a text that has no more than so many bytes and ends with a whole character.
func beginning(text string, size int) string {
	if len(text) <= size {
		return text
	}
	for size > 0 && !utf8.RuneStart(text[size]) {
		size--
	}
	return text[:size]
}

const vocabulary = "I know `/basebump rebase`, `recreate`, `hold`, `unhold`, `explain`, `unignore`, and `ignore until=2026-12-31 reason=…`, where both may be left out."

func readCommand(text string, now time.Time) command {
	name, rest, _ := strings.Cut(text, " ")
	c := command{name: strings.ToLower(name)}
	rest = strings.TrimSpace(rest)
	switch c.name {
	case "ignore":
		c.readIgnore(rest, now)
	case "rebase", "recreate", "hold", "unhold", "explain", "unignore":
		if rest != "" {
			c.problem = fmt.Sprintf("`%s` takes nothing behind it.", c.name)
		}
	case "", "help":
		c.problem = vocabulary
	default:
		c.problem = code(name) + " is nothing that I know. " + vocabulary
	}
	return c
}

// readIgnore reads until=DATE and reason=…, in either order; the reason goes on to the end of the line unless it stands in quotes. Without
// the signs, as in "until 2026-12-31 freeze", the date goes first: what else speaks of a date must not become a reason, and hold for ever.
func (c *command) readIgnore(rest string, now time.Time) {
	for rest != "" && c.problem == "" {
		word, after, _ := strings.Cut(rest, " ")
		until, dated := strings.CutPrefix(word, "until=")
		reason, reasoned := strings.CutPrefix(rest, "reason=")
		switch {
		case dated:
			rest = after
			c.readUntil(until, now)
		case word == "until":
			until, rest, _ = strings.Cut(strings.TrimSpace(after), " ")
			c.readUntil(until, now)
		case reasoned:
			if rest = ""; strings.HasPrefix(reason, `"`) {
				reason, rest, _ = strings.Cut(reason[1:], `"`)
			}
			c.reason = strings.TrimSpace(reason)
		case c.reason == "" && !strings.Contains(word, "=") && !strings.Contains(rest, "until"):
			c.reason, rest = rest, ""
		default:
			c.problem = code(word) + " is nothing that `ignore` takes: write `/basebump ignore until=2026-12-31 reason=…`."
		}
		rest = strings.TrimSpace(rest)
	}
	if runes := []rune(c.reason); len(runes) > mostReason {
		c.reason = string(runes[:mostReason]) + "…"
	}
}

func (c *command) readUntil(value string, now time.Time) {
	until, err := time.Parse(time.DateOnly, value)
	switch {
	case err != nil:
		c.problem = code("until="+value) + " is no date: write it as `until=2026-12-31`."
	case Order{Until: until}.Over(now):
		c.problem = "`until=" + value + "` has passed already."
	}
	c.until = until
}
