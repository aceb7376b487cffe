package manifest

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/basebump/basebump/dockerfile"
)

const byteOrderMark = "\xef\xbb\xbf"

// Document is one file, and what it parses to, for every kind that looks at it. It is not safe for concurrent use.
type Document struct {
	*dockerfile.File
	length  int     // of the file's own bytes; annexes follow
	annexes []annex // files that values come from
	tree    Beside  // nil: the file stands alone

	parsed bool
	roots  []*yaml.Node
	err    error
	lines  []int              // where YAML sees lines begin
	places map[*yaml.Node]int // of JSON's nodes, which have no line and column
}

func newDocument(path string, data []byte, beside Beside) *Document {
	return &Document{File: dockerfile.NewFile(path, data), length: len(data), tree: beside}
}

// yaml returns the root nodes of the file's YAML (or JSON) documents; of a broken file, those before the broken one.
func (d *Document) yaml() []*yaml.Node {
	switch {
	case d.parsed:
	case isJSON(d.Path):
		d.parseJSON(plainJSON(d.own()))
	default:
		d.parse(d.own())
	}
	return d.roots
}

// parse reads source, which has the length and the lines of the file's bytes, as YAML.
func (d *Document) parse(source []byte) {
	d.parsed = true
	decoder := yaml.NewDecoder(bytes.NewReader(source))
	for {
		var node yaml.Node
		err := decoder.Decode(&node)
		if err != nil {
			if !errors.Is(err, io.EOF) {
				d.err = err
			}
			return
		}
		if node.Kind == yaml.DocumentNode && len(node.Content) == 1 {
			d.roots = append(d.roots, node.Content[0])
		}
	}
}

// contains reports whether any of the words is in the file: a cheap look before parsing.
func (d *Document) contains(words ...string) bool {
	for _, word := range words {
		if bytes.Contains(d.Data, []byte(word)) {
			return true
		}
	}
	return false
}

// offset is where a node begins, its anchor and tag included; -1 when that is outside the file. YAML counts lines and columns,
// in characters.
func (d *Document) offset(node *yaml.Node) int {
	if at, ok := d.places[node]; ok {
		return at
	}
	line, column := node.Line, node.Column
	if d.lines == nil {
		d.lines = yamlLines(d.Data)
	}
	if line < 1 || line > len(d.lines) {
		return -1
	}
	at := d.lines[line-1]
	for ; column > 1 && at < len(d.Data); column-- {
		_, size := utf8.DecodeRune(d.Data[at:])
		at += size
	}
	return at
}

// yamlLines finds the line starts by YAML 1.1's rules, by which the parser counts: CR, NEL, LS and PS break lines too.
func yamlLines(data []byte) []int {
	lines := []int{0}
	if bytes.HasPrefix(data, []byte(byteOrderMark)) {
		lines[0] = len(byteOrderMark)
	}
	for at := lines[0]; at < len(data); at++ {
		size := 0
		switch c := data[at]; {
		case c == '\n', c == '\r' && !bytes.HasPrefix(data[at+1:], []byte("\n")):
			size = 1
		case c == 0xc2 && bytes.HasPrefix(data[at:], []byte("\u0085")):
			size = 2
		case c == 0xe2 && (bytes.HasPrefix(data[at:], []byte("\u2028")) || bytes.HasPrefix(data[at:], []byte("\u2029"))):
			size = 3
		}
		if size > 0 {
			at += size - 1
			lines = append(lines, at+1)
		}
	}
	return lines
}
