package dockerfile

import (
	"bytes"
	"strings"
	"unicode"

	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

// byteOrderMark may stand before the first instruction.
const byteOrderMark = "\xef\xbb\xbf"

// instruction returns node's logical line, continuations joined and comments left out, with its origin. ok is false when the
// file does not come to what BuildKit's parser made of it.
func (f *File) instruction(node *parser.Node, escape rune) (line Text, ok bool) {
	for n := node.StartLine; n <= node.EndLine; n++ {
		span := f.Line(n)
		raw := f.Data[span.Start:span.End]
		if n == 1 {
			raw = bytes.TrimPrefix(raw, []byte(byteOrderMark))
		}
		if n == node.StartLine {
			raw = bytes.TrimLeftFunc(raw, unicode.IsSpace)
		} else if text := bytes.TrimLeftFunc(raw, unicode.IsSpace); len(text) == 0 || text[0] == '#' {
			continue
		}
		at := span.End - len(raw)
		raw, more := continued(raw, byte(escape))
		line = line.Append(Run{Value: string(raw), At: at})
		if !more {
			break
		}
	}
	return line, line.String() == node.Original
}

// continued cuts a continuation character off a line; more is false when the line has none.
func continued(raw []byte, escape byte) (rest []byte, more bool) {
	text := bytes.TrimRight(raw, " \t")
	last := len(text) - 1
	if last < 0 || text[last] != escape || last > 0 && text[last-1] == escape {
		return raw, false
	}
	return text[:last], true
}

// between reports the blanks that part an instruction's name from the rest.
func between(r rune) bool { return strings.ContainsRune("\t\v\f\r ", r) }

// flags reads the builder flags of a logical line (--name=value, quotes and escapes taken away) and returns where its
// arguments begin. It keeps the quirks of BuildKit's own reader; callers compare what they use with the parsed node.
func flags(line Text, escape rune) (words []Text, rest int) {
	source := line.String()
	pos := len(source) - len(strings.TrimLeftFunc(source, unicode.IsSpace))
	if end := strings.IndexFunc(source[pos:], between); end >= 0 {
		pos += end
	} else {
		return nil, len(source)
	}
	for {
		pos += len(source[pos:]) - len(strings.TrimLeftFunc(source[pos:], unicode.IsSpace))
		if !strings.HasPrefix(source[pos:], "--") {
			return words, pos
		}
		var word Text
		word, pos = flag(line, source, pos, byte(escape))
		if word.String() == "--" {
			pos += len(source[pos:]) - len(strings.TrimLeftFunc(source[pos:], unicode.IsSpace))
			return words, pos
		}
		words = append(words, word)
	}
}

// flag reads one flag from pos on and returns where it ends.
func flag(line Text, source string, pos int, escape byte) (Text, int) {
	var word Text
	var quote byte
	for ; pos < len(source); pos++ {
		c := source[pos]
		switch {
		case quote == 0 && unicode.IsSpace(rune(c)):
			return word, pos
		case quote == 0 && (c == '\'' || c == '"'):
			quote = c
			continue
		case quote != 0 && c == quote:
			quote = 0
			continue
		case c == escape:
			pos++
		}
		if pos < len(source) {
			word = word.Append(line.Slice(pos, pos+1)...)
		}
	}
	return word, pos
}

// words locates values, which stand in this order and parted by blanks, in a logical line from pos on. ok is false when the
// line does not hold them so.
func words(line Text, pos int, values []string) (found []Text, ok bool) {
	source := line.String()
	for _, value := range values {
		pos += len(source[pos:]) - len(strings.TrimLeftFunc(source[pos:], unicode.IsSpace))
		if !strings.HasPrefix(source[pos:], value) {
			return nil, false
		}
		found = append(found, line.Slice(pos, pos+len(value)))
		pos += len(value)
	}
	return found, true
}

// values lists the arguments that a node holds.
func values(node *parser.Node) []string {
	var out []string
	for next := node.Next; next != nil; next = next.Next {
		out = append(out, next.Value)
	}
	return out
}
