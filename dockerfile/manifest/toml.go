package manifest

import (
	"bytes"
	"slices"

	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/basebump/basebump/dockerfile"
)

// maxBrackets is how many brackets a file of TOML may open: the parser's recursion is as deep as they are.
const maxBrackets = 10_000

// tomlStrings calls found with every string of the file, and the names of the tables and keys that it stands under, and its offset. A file that cannot
// be read is skipped from there on, with the reason.
func (r *reader) tomlStrings(found func(path []string, value dockerfile.Text, at int)) {
	data := r.own()
	if bytes.Count(data, []byte("["))+bytes.Count(data, []byte("{")) > maxBrackets {
		r.unreadable("it opens too many brackets")
		return
	}
	t := &tomlReader{reader: r, found: found}
	t.parser.Reset(data)
	var table []string
	for t.parser.NextExpression() {
		node := t.parser.Expression()
		switch node.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = keys(node)
		case unstable.KeyValue:
			t.value(slices.Concat(table, keys(node)), node.Value())
		}
	}
	if err := t.parser.Error(); err != nil {
		r.unreadable(err.Error())
	}
}

type tomlReader struct {
	*reader
	parser unstable.Parser
	found  func(path []string, value dockerfile.Text, at int)
}

// value goes down into arrays and tables on one line.
func (t *tomlReader) value(path []string, node *unstable.Node) {
	switch node.Kind {
	case unstable.String:
		t.found(path, t.text(node), int(node.Raw.Offset))
	case unstable.Array:
		for children := node.Children(); children.Next(); {
			t.value(path, children.Node())
		}
	case unstable.InlineTable:
		for children := node.Children(); children.Next(); {
			child := children.Node()
			t.value(slices.Concat(path, keys(child)), child.Value())
		}
	}
}

// text is a string within its quotes. One with escapes is not followed.
func (t *tomlReader) text(node *unstable.Node) dockerfile.Text {
	start, end := int(node.Raw.Offset), int(node.Raw.Offset+node.Raw.Length)
	for _, quote := range []string{`"""`, `'''`, `"`, `'`} {
		at := start + len(quote)
		if end-len(quote) >= at && t.Holds(dockerfile.Span{Start: start, End: at}, quote) && t.Holds(dockerfile.Span{Start: at, End: end - len(quote)}, string(node.Data)) {
			return t.bytes(at, end-len(quote))
		}
	}
	return lost()
}

// keys are the parts of a key.
func keys(node *unstable.Node) (parts []string) {
	for key := node.Key(); key.Next(); {
		parts = append(parts, string(key.Node().Data))
	}
	return parts
}
