package manifest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"go.yaml.in/yaml/v3"
)

// plainJSON blanks out what JSON does not have, and people write: a byte-order mark, comments, commas before a closing bracket.
// Every other byte stays in its place.
func plainJSON(data []byte) []byte {
	source := bytes.Clone(data)
	if bytes.HasPrefix(source, []byte(byteOrderMark)) {
		copy(source, "   ")
	}
	comma := -1 // of a comma that nothing has followed yet
	for at := 0; at < len(source); {
		end := at + 1
		switch rest := source[at:]; {
		case rest[0] == '"':
			end = at + stringLength(rest)
			comma = -1
		case bytes.HasPrefix(rest, []byte("//")):
			line, _, _ := bytes.Cut(rest, []byte("\n"))
			end = at + len(line)
			blank(source[at:end])
		case bytes.HasPrefix(rest, []byte("/*")):
			comment, _, _ := bytes.Cut(rest[2:], []byte("*/"))
			end = min(at+2+len(comment)+2, len(source))
			blank(source[at:end])
		case rest[0] == ',':
			comma = at
		case (rest[0] == '}' || rest[0] == ']') && comma >= 0:
			source[comma] = ' '
			comma = -1
		case !bytes.ContainsRune([]byte(" \t\r\n"), rune(rest[0])):
			comma = -1
		}
		at = end
	}
	return source
}

// stringLength is how many bytes the string has that source begins with, its quotes included.
func stringLength(source []byte) int {
	for i := 1; i < len(source); i++ {
		switch source[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(source)
}

// blank writes spaces over all but line ends.
func blank(source []byte) {
	for i, c := range source {
		if c != '\r' && c != '\n' {
			source[i] = ' '
		}
	}
}

// parseJSON reads source, which has the length of the file's bytes, as JSON. The nodes are YAML's, so that every kind reads both;
// YAML's own parser knows neither all of JSON's escapes nor its surrogate pairs.
func (d *Document) parseJSON(source []byte) {
	d.parsed, d.places = true, map[*yaml.Node]int{}
	j := &jsonParser{Document: d, source: source, decoder: json.NewDecoder(bytes.NewReader(source))}
	j.decoder.UseNumber()
	for {
		root, err := j.value(0)
		if err != nil {
			if !errors.Is(err, io.EOF) {
				d.err = err
			}
			return
		}
		d.roots = append(d.roots, root)
	}
}

type jsonParser struct {
	*Document
	source  []byte
	decoder *json.Decoder
}

// token reads one token and returns where it begins.
func (j *jsonParser) token() (json.Token, int, error) {
	at := int(j.decoder.InputOffset())
	token, err := j.decoder.Token()
	return token, at + len(j.source[at:]) - len(bytes.TrimLeft(j.source[at:], " \t\r\n,:")), err
}

// maxDepth is how deep JSON may be nested, as deep as the YAML parser goes.
const maxDepth = 10_000

// value reads a value with all that is in it, at a depth.
func (j *jsonParser) value(depth int) (*yaml.Node, error) {
	if depth > maxDepth {
		return nil, errors.New("nested too deep")
	}
	token, at, err := j.token()
	if err != nil {
		return nil, err
	}
	node := &yaml.Node{Kind: yaml.ScalarNode}
	j.places[node] = at
	switch token := token.(type) {
	case json.Delim:
		node.Kind = yaml.SequenceNode
		if token == '{' {
			node.Kind = yaml.MappingNode
		}
		for j.decoder.More() {
			child, err := j.value(depth + 1)
			if err != nil {
				return nil, err
			}
			node.Content = append(node.Content, child)
		}
		if _, _, err = j.token(); errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
	case string:
		node.Tag, node.Style, node.Value = "!!str", yaml.DoubleQuotedStyle, token
	case json.Number:
		node.Tag, node.Value = "!!float", token.String()
	case bool:
		node.Tag, node.Value = "!!bool", map[bool]string{false: "false", true: "true"}[token]
	case nil:
		node.Tag, node.Value = "!!null", "null"
	}
	return node, err
}
