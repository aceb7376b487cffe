package imports

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

const (
	maxDepth = 64
	maxNodes = 100_000
)

var errUnended = errors.New("it ends too early")

// json5 reads JSON and the part of JSON5 that people write: comments, commas before a closing bracket, keys without quotes, text in
// single quotes. Its nodes are YAML's, with lines and columns, these in bytes.
type json5 struct {
	data  []byte
	at    int // of the next byte
	line  int
	start int // of the line
	nodes int
}

// parseJSON5 returns the root, nil for an empty text, or what is wrong and on which line.
func parseJSON5(data []byte) (root *yaml.Node, line int, err error) {
	p := &json5{data: bytes.TrimPrefix(data, []byte("\ufeff")), line: 1}
	if err = p.space(); err != nil || p.at == len(p.data) {
		return nil, p.line, err
	}
	if root, err = p.value(0); err == nil {
		err = p.space()
	}
	if err == nil && p.at < len(p.data) {
		err = fmt.Errorf("unexpected %s after the end", p.shown())
	}
	if err != nil {
		return nil, p.line, err
	}
	return root, 0, nil
}

// rest is what was not read yet.
func (p *json5) rest() []byte { return p.data[p.at:] }

// skip goes over so many bytes and counts lines.
func (p *json5) skip(n int) {
	for _, c := range p.data[p.at : p.at+n] {
		p.at++
		if c == '\n' {
			p.line, p.start = p.line+1, p.at
		}
	}
}

// shown is the character at the place of an error.
func (p *json5) shown() string {
	r, _ := utf8.DecodeRune(p.rest())
	return strconv.QuoteRune(r)
}

// space skips blanks and comments.
func (p *json5) space() error {
	for p.at < len(p.data) {
		r, size := utf8.DecodeRune(p.rest())
		switch {
		case unicode.IsSpace(r):
			p.skip(size)
		case bytes.HasPrefix(p.rest(), []byte("//")):
			line, _, _ := bytes.Cut(p.rest(), []byte("\n"))
			p.skip(len(line))
		case bytes.HasPrefix(p.rest(), []byte("/*")):
			comment, _, ended := bytes.Cut(p.rest()[2:], []byte("*/"))
			if !ended {
				return errors.New("a comment does not end")
			}
			p.skip(len(comment) + 4)
		default:
			return nil
		}
	}
	return nil
}

// peek skips blanks and returns the next byte.
func (p *json5) peek() (byte, error) {
	if err := p.space(); err != nil {
		return 0, err
	}
	if p.at == len(p.data) {
		return 0, errUnended
	}
	return p.data[p.at], nil
}

func (p *json5) node(kind yaml.Kind, tag string) (*yaml.Node, error) {
	if p.nodes++; p.nodes > maxNodes {
		return nil, errors.New("it holds too many values")
	}
	return &yaml.Node{Kind: kind, Tag: tag, Line: p.line, Column: p.at - p.start + 1}, nil
}

func (p *json5) value(depth int) (*yaml.Node, error) {
	c, err := p.peek()
	switch {
	case err != nil:
		return nil, err
	case depth > maxDepth:
		return nil, errors.New("it is nested too deep")
	case c == '{':
		return p.list(yaml.MappingNode, '}', depth)
	case c == '[':
		return p.list(yaml.SequenceNode, ']', depth)
	case c == '"' || c == '\'':
		return p.text()
	}
	return p.word(false)
}

// list reads an object or an array.
func (p *json5) list(kind yaml.Kind, end byte, depth int) (*yaml.Node, error) {
	node, err := p.node(kind, map[yaml.Kind]string{yaml.MappingNode: "!!map", yaml.SequenceNode: "!!seq"}[kind])
	if err != nil {
		return nil, err
	}
	p.skip(1)
	for {
		c, err := p.peek()
		if err != nil {
			return nil, err
		}
		if c == end {
			p.skip(1)
			return node, nil
		}
		if err := p.element(node, depth); err != nil {
			return nil, err
		}
		if c, err = p.peek(); err != nil {
			return nil, err
		}
		switch c {
		case ',':
			p.skip(1)
		case end:
		default:
			return nil, fmt.Errorf("expected a comma or %q, got %s", end, p.shown())
		}
	}
}

// element reads one value of an array, or one key and its value.
func (p *json5) element(parent *yaml.Node, depth int) error {
	if parent.Kind == yaml.MappingNode {
		key, err := p.key()
		if err != nil {
			return err
		}
		c, err := p.peek()
		if err != nil {
			return err
		}
		if c != ':' {
			return fmt.Errorf("expected a colon after the key, got %s", p.shown())
		}
		p.skip(1)
		parent.Content = append(parent.Content, key)
	}
	value, err := p.value(depth + 1)
	parent.Content = append(parent.Content, value)
	return err
}

func (p *json5) key() (*yaml.Node, error) {
	if c := p.data[p.at]; c == '"' || c == '\'' {
		return p.text()
	}
	return p.word(true)
}

// word reads a key without quotes, a number, or true, false and null.
func (p *json5) word(isKey bool) (*yaml.Node, error) {
	node, err := p.node(yaml.ScalarNode, "!!str")
	if err != nil {
		return nil, err
	}
	end := bytes.IndexFunc(p.rest(), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("_$+-.", r)
	})
	if end < 0 {
		end = len(p.rest())
	}
	node.Value = string(p.rest()[:end])
	if node.Value == "" {
		return nil, fmt.Errorf("unexpected %s", p.shown())
	}
	if !isKey {
		switch _, numberErr := strconv.ParseFloat(node.Value, 64); {
		case node.Value == "true" || node.Value == "false":
			node.Tag = "!!bool"
		case node.Value == "null":
			node.Tag = "!!null"
		case numberErr == nil || strings.HasPrefix(node.Value, "0x"):
			node.Tag = "!!int"
		default:
			return nil, fmt.Errorf("unexpected word %.40q; text stands in quotes", node.Value)
		}
	}
	p.skip(end)
	return node, nil
}

// text reads what stands in quotes of either kind.
func (p *json5) text() (*yaml.Node, error) {
	node, err := p.node(yaml.ScalarNode, "!!str")
	if err != nil {
		return nil, err
	}
	quote := rune(p.data[p.at])
	p.skip(1)
	var b strings.Builder
	for p.at < len(p.data) {
		r, size := utf8.DecodeRune(p.rest())
		switch {
		case r == quote:
			p.skip(1)
			node.Value = b.String()
			return node, nil
		case r == '\n':
			return nil, errors.New("a text does not end on its line")
		case r == '\\':
			if err := p.escape(&b); err != nil {
				return nil, err
			}
		default:
			b.WriteRune(r)
			p.skip(size)
		}
	}
	return nil, errUnended
}

var escapes = map[rune]string{'b': "\b", 'f': "\f", 'n': "\n", 'r': "\r", 't': "\t", 'v': "\v", '0': "\x00", '\n': ""}

// escape reads what begins with a backslash.
func (p *json5) escape(b *strings.Builder) error {
	p.skip(1)
	if p.at == len(p.data) {
		return errUnended
	}
	r, size := utf8.DecodeRune(p.rest())
	if r == 'u' {
		return p.unicode(b)
	}
	p.skip(size)
	if special, ok := escapes[r]; ok {
		b.WriteString(special)
		return nil
	}
	b.WriteRune(r)
	return nil
}

// unicode reads uXXXX, and the second half of a surrogate pair where that follows.
func (p *json5) unicode(b *strings.Builder) error {
	first, err := p.hex()
	if err != nil {
		return err
	}
	if utf16.IsSurrogate(first) && bytes.HasPrefix(p.rest(), []byte(`\u`)) {
		p.skip(1)
		second, err := p.hex()
		if err != nil {
			return err
		}
		first = utf16.DecodeRune(first, second)
	}
	b.WriteRune(first)
	return nil
}

func (p *json5) hex() (rune, error) {
	if len(p.rest()) < 5 {
		return 0, errUnended
	}
	code, err := strconv.ParseUint(string(p.rest()[1:5]), 16, 32)
	if err != nil {
		return 0, fmt.Errorf("%.6q is no character", `\`+string(p.rest()[:5]))
	}
	p.skip(5)
	return rune(code), nil
}
