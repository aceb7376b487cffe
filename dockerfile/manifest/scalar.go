package manifest

import (
	"bytes"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/basebump/basebump/dockerfile"
)

const errLost = dockerfile.Unfollowed("is written in a way that cannot be followed to its bytes; write it plainly, on one line")

// scalar returns the value of a scalar node with the origin of its bytes, its quotes left out.
func (d *Document) scalar(node *yaml.Node) (dockerfile.Text, error) {
	at := d.properties(d.offset(node))
	if at < 0 || at >= len(d.Data) {
		return nil, errLost
	}
	var text dockerfile.Text
	switch {
	case node.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		text = d.block(at, node.Value)
	case node.Style&yaml.SingleQuotedStyle != 0:
		text = text.Append(dockerfile.Run{Value: node.Value, At: at + 1})
	case node.Style&yaml.DoubleQuotedStyle != 0:
		text = d.doubleQuoted(at + 1)
	default:
		text = text.Append(dockerfile.Run{Value: node.Value, At: at})
	}
	if text.String() != node.Value {
		return nil, errLost
	}
	for _, run := range text {
		if run.At >= 0 && !d.Holds(dockerfile.Span{Start: run.At, End: run.At + len(run.Value)}, run.Value) {
			return nil, errLost
		}
	}
	return text, nil
}

// properties moves over a node's anchor and tag.
func (d *Document) properties(at int) int {
	for at >= 0 && at < len(d.Data) && (d.Data[at] == '&' || d.Data[at] == '!') {
		end := bytes.IndexAny(d.Data[at:], " \t\r\n")
		if end < 0 {
			return -1
		}
		at += end
		at += len(d.Data[at:]) - len(bytes.TrimLeft(d.Data[at:], " \t\r\n"))
	}
	return at
}

// block reads a block scalar whose header stands at, as far as value goes.
func (d *Document) block(at int, value string) (text dockerfile.Text) {
	at = d.nextLine(at)
	first := strings.TrimLeft(value, "\n")
	blank := len(value) - len(first)
	indent := -1
	for size := 0; size < len(value) && at < len(d.Data); at = d.nextLine(at) {
		line := bytes.TrimRight(d.Data[at:d.nextLine(at)], "\r\n")
		spaces := len(line) - len(bytes.TrimLeft(line, " "))
		if indent < 0 && size >= blank {
			indent = spaces - (len(first) - len(strings.TrimLeft(first, " ")))
		}
		cut := min(max(indent, 0), spaces)
		text = text.Append(dockerfile.Run{Value: string(line[cut:]), At: at + cut}, dockerfile.Run{Value: "\n", At: d.nextLine(at) - 1})
		size += len(line) - cut + 1
	}
	return text.Slice(0, len(value))
}

// nextLine is where the line after the one at an offset begins.
func (d *Document) nextLine(at int) int {
	if end := bytes.IndexByte(d.Data[at:], '\n'); end >= 0 {
		return at + end + 1
	}
	return len(d.Data)
}

// shortEscapes are YAML's escapes of one letter that stand for one character.
var shortEscapes = map[byte]string{
	'0': "\x00", 'a': "\a", 'b': "\b", 't': "\t", '\t': "\t", 'n': "\n", 'v': "\v", 'f': "\f", 'r': "\r", 'e': "\x1b", ' ': " ",
	'"': `"`, '/': "/", '\\': `\`, 'N': "\u0085", '_': "\u00a0", 'L': "\u2028", 'P': "\u2029",
}

// longEscapes are those that give a character's number, with its count of digits.
var longEscapes = map[byte]int{'x': 2, 'u': 4, 'U': 8}

// doubleQuoted reads a double-quoted scalar from behind its opening quote. What an escape stands for is not in the file as such.
// Folded lines are left as they are, so that their value differs from the parser's.
func (d *Document) doubleQuoted(at int) (text dockerfile.Text) {
	for at < len(d.Data) {
		end := bytes.IndexAny(d.Data[at:], `"\`)
		if end < 0 {
			return nil
		}
		text = text.Append(dockerfile.Run{Value: string(d.Data[at : at+end]), At: at})
		at += end
		if d.Data[at] == '"' {
			return text
		}
		value, size := d.escape(at + 1)
		text = text.Append(dockerfile.Run{Value: value, At: -1})
		at += 1 + size
	}
	return nil
}

// escape reads an escape behind its backslash.
func (d *Document) escape(at int) (value string, size int) {
	rest := d.Data[at:]
	if len(rest) == 0 {
		return "", 0
	}
	if short, ok := shortEscapes[rest[0]]; ok {
		return short, 1
	}
	if line := bytes.TrimLeft(rest, "\r\n"); len(line) < len(rest) {
		return "", len(rest) - len(bytes.TrimLeft(line, " \t")) // an escaped line break, and the indent of what follows
	}
	digits := longEscapes[rest[0]]
	if digits == 0 || len(rest) < 1+digits {
		return "", 1
	}
	code, err := strconv.ParseUint(string(rest[1:1+digits]), 16, 32)
	if err != nil {
		return "", 1
	}
	return string(rune(code)), 1 + digits
}
