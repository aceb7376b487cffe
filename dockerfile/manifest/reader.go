package manifest

import (
	"iter"
	"regexp"

	"go.yaml.in/yaml/v3"

	"github.com/basebump/basebump/dockerfile"
)

// reader gathers the references of one kind in one file of YAML or JSON.
type reader struct {
	*Document
	kind string
	seen map[*yaml.Node]bool // scalars taken in, and nodes walked: an anchor is read once, however many aliases it has
	out  dockerfile.Extraction
}

func (d *Document) reader(kind string) *reader {
	return &reader{Document: d, kind: kind, seen: map[*yaml.Node]bool{}}
}

// resolve follows an alias to its anchor.
func resolve(node *yaml.Node) *yaml.Node {
	if node != nil && node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}

// entries are the keys and values of a mapping, in order.
func entries(node *yaml.Node) iter.Seq2[string, *yaml.Node] {
	return func(yield func(string, *yaml.Node) bool) {
		node = resolve(node)
		if node == nil || node.Kind != yaml.MappingNode {
			return
		}
		for i := 0; i+1 < len(node.Content); i += 2 {
			if !yield(node.Content[i].Value, node.Content[i+1]) {
				return
			}
		}
	}
}

// items are the elements of a sequence.
func items(node *yaml.Node) []*yaml.Node {
	if node = resolve(node); node == nil || node.Kind != yaml.SequenceNode {
		return nil
	}
	return node.Content
}

// get walks down the keys of mappings; nil when there is no such value.
func get(node *yaml.Node, keys ...string) *yaml.Node {
	for _, want := range keys {
		var found *yaml.Node
		for key, value := range entries(node) {
			if key == want {
				found = value
			}
		}
		node = found
	}
	return resolve(node)
}

// text is a scalar's value; empty for anything else.
func text(node *yaml.Node) string {
	if node = resolve(node); node == nil || node.Kind != yaml.ScalarNode || node.Tag == "!!null" {
		return ""
	}
	return node.Value
}

// template are the placeholders of the tools that write manifests: Helm, Jinja, envsubst, Kustomize.
var template = regexp.MustCompile(`\{\{|\$\{|\$\(|<<|\{%|<%|@@`)

// image takes in a scalar that names an image. expand may be nil; it replaces what the format's own variables stand for.
func (r *reader) image(node *yaml.Node, platform string, expand func(dockerfile.Text) (dockerfile.Text, error)) {
	node = resolve(node)
	if text(node) == "" || r.seen[node] {
		return
	}
	r.seen[node] = true
	operand, err := r.scalar(node)
	if err != nil {
		r.skip(node, err)
		return
	}
	span, _ := operand.Span()
	if expand != nil {
		if operand, err = expand(operand); err != nil {
			r.skip(node, err)
			return
		}
	}
	if found := template.FindString(operand.String()); found != "" && operand.Why() == "" {
		r.skip(node, dockerfile.Unfollowed("is filled in from outside this file ("+found+"…)"))
		return
	}
	ref, err := r.Image(r.kind, span, operand)
	if err != nil {
		r.skip(node, err)
		return
	}
	ref.Platform = platform
	r.out.References = append(r.out.References, ref)
}

// skip notes a scalar that names an image and is left alone.
func (r *reader) skip(node *yaml.Node, reason error) {
	at := max(r.offset(node.Line, node.Column), 0)
	r.out.Skipped = append(r.out.Skipped, r.Skip(r.kind, at, node.Value, reason.Error()))
}

var imageLine = regexp.MustCompile(`(?m)^[ \t-]*["']?image["']?[ \t]*:[ \t]*\S.*$`)

// broken notes a file that holds something like an image and is no YAML.
func (r *reader) broken(err error) {
	if at := imageLine.FindIndex(r.Data); at != nil {
		raw := string(r.Data[at[0]:at[1]])
		r.out.Skipped = append(r.out.Skipped, r.Skip(r.kind, at[0], raw, "the file cannot be read as YAML: "+err.Error()))
	}
}
