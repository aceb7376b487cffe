package manifest

import (
	"bytes"
	"path"
	"regexp"
	"strings"

	"github.com/basebump/basebump/dockerfile"
)

func isEarthfile(name string) bool { return strings.HasPrefix(path.Base(name), "Earthfile") }

// earthTarget is a line that begins a target.
var earthTarget = regexp.MustCompile(`^[A-Za-z][\w.-]*:[ \t]*(#.*)?$`)

// earthfile is the state of reading one: Earthly has no parser to be had here, but its lines are those of Dockerfiles.
type earthfile struct {
	*reader
	global map[string]dockerfile.Text // of the recipe before the first target
	target map[string]dockerfile.Text // of the target that is read; nil before the first
}

// readEarthfile reads the images that targets come from, and those that Docker pulls inside a build. A name with a plus is a target,
// DOCKERFILE a keyword, and what IMPORT names is code.
func readEarthfile(r *reader) {
	e := &earthfile{reader: r, global: map[string]dockerfile.Text{}}
	for at := 0; at < len(r.Data); {
		var line dockerfile.Text
		line, at = r.logicalLine(at)
		if earthTarget.MatchString(line.String()) {
			e.target = map[string]dockerfile.Text{}
			continue
		}
		if words := splitWords(line); len(words) > 1 {
			e.instruction(words[0].String(), words[1:])
		}
	}
}

func (e *earthfile) instruction(name string, words []dockerfile.Text) {
	switch name {
	case "ARG", "LET":
		e.arg(words)
	case "FROM":
		e.from(words)
	case "WITH":
		for i, word := range words {
			flag, _, joined := strings.Cut(word.String(), "=")
			switch {
			case flag != "--pull":
			case joined:
				e.operand(word.Slice(len("--pull="), len(word.String())), expandBy(e.value))
			case i+1 < len(words):
				e.operand(words[i+1], expandBy(e.value))
			}
		}
	}
}

// arg notes "NAME=value", or "NAME = value", behind flags.
func (e *earthfile) arg(words []dockerfile.Text) {
	for len(words) > 0 && strings.HasPrefix(words[0].String(), "--") {
		words = words[1:]
	}
	if len(words) == 0 {
		return
	}
	name, value, _ := strings.Cut(words[0].String(), "=")
	text := words[0].Slice(len(name)+1, len(name)+1+len(value))
	if len(words) == 3 && words[1].String() == "=" {
		text = words[2]
	}
	if e.target != nil {
		e.target[name] = text
	} else {
		e.global[name] = text
	}
}

// value is what an ARG that is in sight is set to.
func (e *earthfile) value(name string) (dockerfile.Text, error) {
	if value, ok := e.target[name]; ok {
		return value, nil
	}
	return e.global[name], nil
}

func (e *earthfile) from(words []dockerfile.Text) {
	platform := ""
	for len(words) > 1 && strings.HasPrefix(words[0].String(), "--") {
		flag, value, joined := strings.Cut(words[0].String(), "=")
		if flag == "--platform" && !joined {
			words = words[1:]
			value = words[0].String()
		}
		if flag == "--platform" {
			platform = value
		}
		words = words[1:]
	}
	if len(words) == 0 {
		return
	}
	image := words[0]
	if source := image.String(); strings.Contains(source, "+") || source == "DOCKERFILE" || source == "scratch" {
		return
	}
	if ref := e.operand(image, expandBy(e.value)); ref != nil && !strings.Contains(platform, "$") {
		ref.Platform = platform
	}
}

// logicalLine is the line at an offset, with those that continue it, comments between them left out; next is where the one after it
// begins.
func (d *Document) logicalLine(at int) (line dockerfile.Text, next int) {
	for at < len(d.Data) {
		next = d.nextLine(at)
		raw := bytes.TrimRight(d.Data[at:next], " \t\r\n")
		text := bytes.TrimLeft(raw, " \t")
		at += len(raw) - len(text)
		comment := len(text) == 0 || text[0] == '#'
		if comment && len(line) == 0 {
			return nil, next
		}
		if !comment {
			rest, more := bytes.CutSuffix(text, []byte(`\`))
			line = line.Append(dockerfile.Run{Value: string(rest), At: at})
			if !more {
				return line, next
			}
			line = line.Append(dockerfile.Run{Value: " ", At: -1})
		}
		at = next
	}
	return line, next
}

// splitWords are the words of a line, parted by blanks, without the quotes around them or in them. A comment ends it.
func splitWords(line dockerfile.Text) (words []dockerfile.Text) {
	source := line.String()
	var word dockerfile.Text
	var quote byte
	begun := false
	for i := range len(source) {
		switch c := source[i]; {
		case quote == 0 && (c == ' ' || c == '\t'):
			if begun {
				words = append(words, word)
			}
			word, begun = nil, false
		case quote == 0 && c == '#' && !begun:
			return words
		case quote == 0 && (c == '"' || c == '\''):
			quote, begun = c, true
		case c == quote && quote != 0:
			quote = 0
		default:
			word, begun = word.Append(line.Slice(i, i+1)...), true
		}
	}
	if begun {
		words = append(words, word)
	}
	return words
}
