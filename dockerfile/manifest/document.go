package manifest

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/basebump/basebump/dockerfile"
)

// Document is one file, and what it parses to, for every kind that looks at it. It is not safe for concurrent use.
type Document struct {
	*dockerfile.File

	parsed bool
	roots  []*yaml.Node
	err    error
	lines  []int // where YAML sees lines begin
}

func newDocument(path string, data []byte) *Document {
	return &Document{File: dockerfile.NewFile(path, data)}
}

// yaml returns the root nodes of the file's YAML (or JSON) documents. With an error, the documents before the broken one.
func (d *Document) yaml() ([]*yaml.Node, error) {
	if d.parsed {
		return d.roots, d.err
	}
	d.parsed = true
	decoder := yaml.NewDecoder(bytes.NewReader(d.Data))
	for {
		var node yaml.Node
		err := decoder.Decode(&node)
		if errors.Is(err, io.EOF) {
			return d.roots, nil
		}
		if err != nil {
			d.err = err
			return d.roots, err
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

// offset is the place of a node's line and column, which YAML counts in characters; -1 outside the file.
func (d *Document) offset(line, column int) int {
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
	if bytes.HasPrefix(data, []byte("\xef\xbb\xbf")) {
		lines[0] = 3
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
