package manifest

import (
	"cmp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/basebump/basebump/dockerfile"
)

// split is an image whose parts stand in scalars of their own. All but the repository may be nil or empty.
type split struct {
	registry, repository, tag, digest *yaml.Node

	pin *dockerfile.Pin // where a digest would go; nil for behind the tag
}

// joined takes in an image of several parts.
func (r *reader) joined(s split) *dockerfile.Reference {
	if r.seen[s.repository] {
		return nil
	}
	r.seen[s.repository] = true
	name, err := r.field(s.registry, nil)
	if len(name) > 0 {
		name = name.Append(dockerfile.Run{Value: "/", At: -1})
	}
	repository, err := r.field(s.repository, err)
	tag, err := r.field(s.tag, err)
	digest, err := r.field(s.digest, err)
	if at := strings.IndexByte(tag.String(), '@'); at >= 0 && len(digest) == 0 {
		digest = tag.Slice(at+1, len(tag.String()))
		tag = tag.Slice(0, at)
	}
	span, ok := repository.Span()
	if err == nil && !ok {
		err = errLost
	}
	if err != nil {
		r.skip(s.repository, err)
		return nil
	}
	ref, err := r.Join(r.kind, span, name.Append(repository...), tag, digest)
	if err == nil {
		r.finish(&ref, s)
	}
	return r.take(ref, err, span.Start, ref.Raw)
}

// field reads one scalar, unless an earlier one could not be read.
func (r *reader) field(node *yaml.Node, err error) (dockerfile.Text, error) {
	if err != nil || text(node) == "" {
		return nil, err
	}
	value, err := r.scalar(node)
	if err == nil {
		err = foreign(value)
	}
	return trim(value), err
}

// finish notes what Join cannot know: which parts are bare scalars, and where a digest would go.
func (r *reader) finish(ref *dockerfile.Reference, s split) {
	for i, piece := range ref.Pieces {
		for _, node := range []*yaml.Node{s.tag, s.digest} {
			if isScalar(node) && node.Value == piece.Value && node.Style&^yaml.TaggedStyle == 0 && r.properties(r.offset(node)) == piece.Start {
				ref.Pieces[i].Bare = len(r.places) == 0
			}
		}
	}
	if ref.Pin != nil && s.pin != nil {
		ref.Pin = s.pin
	}
}

// empty is the place of a value that is written as nothing: "" or no value at all; nil when there is another value.
func (r *reader) empty(mapping *yaml.Node, key string) *dockerfile.Pin {
	value := get(mapping, key)
	if value == nil || text(value) != "" {
		return nil
	}
	if value.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 {
		return &dockerfile.Pin{At: r.properties(r.offset(value)) + 1}
	}
	if value.Value != "" {
		return nil // null, or ~
	}
	for i := 0; i < len(mapping.Content); i += 2 {
		node := mapping.Content[i]
		if node.Value == key && node.Style == 0 {
			at := r.offset(node) + len(key)
			if r.Holds(dockerfile.Span{Start: at, End: at + 1}, ":") {
				return &dockerfile.Pin{At: at + 1, Before: " "}
			}
		}
	}
	return nil
}

// beside is a new entry of a mapping, behind one that it has: on a line of its own, or in braces.
func (r *reader) beside(mapping, value *yaml.Node, key string) *dockerfile.Pin {
	written, err := r.scalar(value)
	if err != nil || len(written) != 1 || r.places != nil {
		return nil
	}
	at := written[0].At + len(written[0].Value)
	if value.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 {
		at++
	}
	if mapping.Style&yaml.FlowStyle != 0 {
		return &dockerfile.Pin{At: at, Before: ", " + key + ": "}
	}
	line, _ := r.Position(at)
	end := r.Line(line).End
	eol := cmp.Or(string(r.Data[end:r.nextLine(end)]), "\n")
	_, column := r.Position(r.offset(mapping.Content[0]))
	return &dockerfile.Pin{At: end, Before: eol + strings.Repeat(" ", column-1) + key + ": "}
}
