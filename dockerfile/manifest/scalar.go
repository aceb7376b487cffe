package manifest

import (
	"bytes"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/basebump/basebump/dockerfile"
)

const errLost = dockerfile.Unfollowed("is written in a way that cannot be followed to its bytes; write it plainly, on one line")

// scalar returns the value of a scalar node with the origin of its bytes, and where it stands, its quotes left out. Blanks
// around the value are no part of it.
func (d *Document) scalar(node *yaml.Node) (dockerfile.Text, error) {
	at := d.properties(d.offset(node.Line, node.Column))
	if at < 0 || at >= len(d.Data) {
		return nil, errLost
	}
	value := strings.TrimSpace(node.Value)
	text := dockerfile.Text{{Value: value, At: at}}
	switch {
	case node.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		text[0].At = d.block(at)
	case node.Style&yaml.SingleQuotedStyle != 0:
		text[0].At = d.blanks(at + 1)
	case node.Style&yaml.DoubleQuotedStyle != 0:
		text = d.escaped(at + 1)
	}
	if text.String() != value {
		return nil, errLost
	}
	for _, run := range text {
		if !d.Holds(dockerfile.Span{Start: run.At, End: run.At + len(run.Value)}, run.Value) {
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
		at = d.blanks(at + end)
	}
	return at
}

// blanks moves over blanks and line breaks.
func (d *Document) blanks(at int) int {
	for at < len(d.Data) && strings.IndexByte(" \t\r\n", d.Data[at]) >= 0 {
		at++
	}
	return at
}

// block is where the first line of a block scalar begins, whose header stands at.
func (d *Document) block(at int) int {
	end := bytes.IndexByte(d.Data[at:], '\n')
	if end < 0 {
		return -1
	}
	return d.blanks(at + end)
}

// escapes are YAML's short escapes that may stand in an image's name; all others come to what no image may hold.
var escapes = map[byte]int{'x': 2, 'u': 4, 'U': 8}

// escaped reads a double-quoted scalar from behind its opening quote, blanks around the value left out. Where it cannot, the
// value differs from the parser's.
func (d *Document) escaped(at int) dockerfile.Text {
	var text dockerfile.Text
	for at = d.blanks(at); at < len(d.Data); {
		switch c := d.Data[at]; {
		case c == '"', c == ' ', c == '\t', c == '\r', c == '\n':
			return text
		case c != '\\':
			text = text.Append(dockerfile.Run{Value: string(c), At: at})
			at++
		case at+1 < len(d.Data) && (d.Data[at+1] == '\n' || d.Data[at+1] == '\r'):
			at = d.blanks(at + 1)
		default:
			value, size := d.escape(at + 1)
			text = text.Append(dockerfile.Run{Value: value, At: at})
			at += 1 + size
		}
	}
	return text
}

// escape reads an escape behind its backslash. What it stands for is not in the file as such, so that it cannot be edited.
func (d *Document) escape(at int) (value string, size int) {
	if at >= len(d.Data) {
		return "", 0
	}
	digits, ok := escapes[d.Data[at]]
	if !ok || at+1+digits > len(d.Data) {
		return string(d.Data[at]), 1
	}
	code, err := strconv.ParseUint(string(d.Data[at+1:at+1+digits]), 16, 32)
	if err != nil {
		return "", 1
	}
	return string(rune(code)), 1 + digits
}
