package manifest

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/basebump/basebump/dockerfile"
)

// environment is what Compose's variables come to by the .env files that are read with a document: of several files the first that
// sets a name, and in one file the last.
type environment struct {
	files []map[string]dockerfile.Text
	loose bool // leave what no file sets as it is
}

// get is a variable's value; ok is false when no file sets it.
func (e *environment) get(name string) (value dockerfile.Text, ok bool) {
	for _, file := range e.files {
		if value, ok := file[name]; ok {
			return value, true
		}
	}
	return nil, false
}

// dotenvLine is one line of an .env file that sets a variable, as Compose reads it.
var dotenvLine = regexp.MustCompile(`^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*[=:][ \t]*`)

// read adds a file, which may use the variables of those before it.
func (e *environment) read(d *Document, path string) {
	start, ok := d.annex(path)
	if !ok {
		return
	}
	set := map[string]dockerfile.Text{}
	e.files = append(e.files, set)
	rest := d.Data[start:d.annexEnd(path)]
	if bytes.HasPrefix(rest, []byte(byteOrderMark)) {
		rest, start = rest[len(byteOrderMark):], start+len(byteOrderMark)
	}
	for line := range bytes.Lines(rest) {
		text := strings.TrimRight(string(line), " \t\r\n")
		if found := dotenvLine.FindStringSubmatchIndex(text); found != nil {
			set[text[found[2]:found[3]]] = e.value(text[found[1]:], start+found[1])
		}
		start += len(line)
	}
}

// value reads what stands behind a name: bare up to a comment, in single quotes as it is, or in double quotes.
func (e *environment) value(source string, at int) dockerfile.Text {
	quote := byte(0)
	if source != "" {
		quote = source[0]
	}
	if quote == '\'' || quote == '"' {
		end := strings.IndexByte(source[1:], quote)
		if end < 0 || strings.Contains(source[:end+1], `\`) {
			return lost()
		}
		source, at = source[1:end+1], at+1
	} else if comment := dotenvComment.FindStringIndex(source); comment != nil {
		source = source[:comment[0]]
	}
	value := dockerfile.Text{{Value: source, At: at}}
	if source == "" || quote == '\'' {
		return value
	}
	expanded, err := e.interpolate(value)
	if err != nil {
		return dockerfile.Text{{At: -1, Why: err.Error()}}
	}
	return expanded
}

// dotenvComment is where a bare value ends.
var dotenvComment = regexp.MustCompile(`(^|[ \t]+)#`)

// lost stands for a value that is there and cannot be followed.
func lost() dockerfile.Text { return dockerfile.Text{{At: -1, Why: string(errLost)}} }

func (d *Document) annexEnd(path string) int {
	for _, a := range d.annexes {
		if a.path == path {
			return a.end
		}
	}
	return 0
}
