package manifest

import (
	"bytes"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/basebump/basebump/dockerfile"
)

// reader gathers the references of one kind in one file.
type reader struct {
	*Document
	kind string
	seen map[*yaml.Node]bool // nodes that are done: an anchor is read once, however many aliases it has
	out  dockerfile.Extraction

	tagless dockerfile.Unfollowed // why a chart's image without a tag is left alone; see noTag
	brought dockerfile.Extraction // found in other files, which this one brings in
}

// expander replaces a format's own variables in a value.
type expander func(dockerfile.Text) (dockerfile.Text, error)

// image takes in a scalar that names an image.
func (r *reader) image(node *yaml.Node) { r.expanded(node, nil) }

// expanded takes in a scalar that names an image once its variables are replaced. The reference, if it is one, may be changed
// until the next one is taken in.
func (r *reader) expanded(node *yaml.Node, expand expander) *dockerfile.Reference {
	return r.part(node, 0, len(text(node)), expand)
}

// behind takes in the image that follows a mark in a scalar; a scalar without it is none.
func (r *reader) behind(node *yaml.Node, mark string, expand expander) {
	if at := strings.Index(text(node), mark); at >= 0 {
		r.part(node, at+len(mark), len(node.Value), expand)
	}
}

// part takes in the image that the bytes from start to end of a scalar name.
func (r *reader) part(node *yaml.Node, start, end int, expand expander) *dockerfile.Reference {
	if start >= end || r.seen[node] {
		return nil
	}
	r.seen[node] = true
	value, err := r.scalar(node)
	if err != nil {
		r.skip(node, err)
		return nil
	}
	return r.operand(value.Slice(start, end), expand)
}

// operand takes in a value that names an image, once its variables are replaced.
func (r *reader) operand(source dockerfile.Text, expand expander) *dockerfile.Reference {
	source = trim(source)
	span, ok := source.Span()
	if !ok {
		return nil
	}
	value, err := source, error(nil)
	if expand != nil {
		value, err = expand(source)
	}
	if err == nil {
		err = foreign(value)
	}
	var ref dockerfile.Reference
	if err == nil {
		ref, err = r.Image(r.kind, span, value)
	}
	taken := r.take(ref, err, span.Start, source.String())
	if taken != nil && taken.Pin != nil && r.open(taken.Pin.At, span) {
		taken.Pin.At = span.End
	}
	return taken
}

// whole takes in a value that names an image, put together elsewhere than at span, where it is used.
func (r *reader) whole(span dockerfile.Span, value dockerfile.Text) {
	ref, err := r.Image(r.kind, span, value)
	r.take(ref, err, span.Start, string(r.Data[span.Start:span.End]))
}

// open reports whether a digest at an offset could reach more than the operand at span: it stands in a variable that others may
// use, or before one that is empty now and may not stay so.
func (r *reader) open(at int, span dockerfile.Span) bool {
	return at < span.Start || at > span.End || bytes.ContainsAny(r.Data[at:span.End], "$<")
}

// take adds a reference, or the reason why it is none.
func (r *reader) take(ref dockerfile.Reference, err error, at int, raw string) *dockerfile.Reference {
	if err == nil {
		err = r.flux(ref)
	}
	if err != nil {
		r.out.Skipped = append(r.out.Skipped, r.Skip(r.kind, at, strings.TrimSpace(raw), err.Error()))
		return nil
	}
	r.out.References = append(r.out.References, ref)
	return &r.out.References[len(r.out.References)-1]
}

// skip notes a scalar that names an image and is left alone.
func (r *reader) skip(node *yaml.Node, reason error) {
	r.take(dockerfile.Reference{}, reason, max(r.offset(node), 0), node.Value)
}

// unreadable notes that the file cannot be read, and why.
func (r *reader) unreadable(why string) {
	r.out.Skipped = append(r.out.Skipped, r.Skip(r.kind, 0, "", "the file cannot be read: "+why))
}

// trim cuts blanks off both ends.
func trim(value dockerfile.Text) dockerfile.Text {
	s := value.String()
	start := len(s) - len(strings.TrimLeft(s, " \t\r\n"))
	return value.Slice(start, max(start, len(strings.TrimRight(s, " \t\r\n"))))
}

// placeholder is what the tools that fill manifests in (Helm, Jinja, envsubst, CircleCI) put where a value will be.
var placeholder = regexp.MustCompile(`\{\{.*|\$.*|<<.*|\{%.*|<%.*`)

// foreign says of a value with a placeholder that it is not ours.
func foreign(value dockerfile.Text) error {
	if found := placeholder.FindString(value.String()); found != "" && value.Why() == "" {
		return dockerfile.Unfollowed("is filled in from outside this file (" + found + ")")
	}
	return nil
}

// policyMark names the image automation of Flux that writes the line it stands on.
var policyMark = regexp.MustCompile(`#\s*\{\s*"\$imagepolicy"\s*:\s*"([^"]*)"`)

// flux refuses a reference on a line that Flux keeps up to date itself.
func (r *reader) flux(ref dockerfile.Reference) error {
	for _, piece := range ref.Pieces {
		line := r.Line(piece.Line)
		if mark := policyMark.FindSubmatch(r.Data[line.Start:line.End]); mark != nil {
			return dockerfile.Unfollowed("is kept up to date by Flux (image policy " + string(mark[1]) + ")")
		}
	}
	return nil
}

var imageLine = regexp.MustCompile(`(?m)^[ \t-]*["']?image["']?[ \t]*:[ \t]*\S.*$`)

// broken describes a file that holds something like an image and cannot be read.
func (r *reader) broken(err error) []dockerfile.Skipped {
	at := imageLine.FindIndex(r.own())
	if at == nil {
		return nil
	}
	raw := strings.TrimSpace(string(r.Data[at[0]:at[1]]))
	return []dockerfile.Skipped{r.Skip(r.kind, at[0], raw, "the file cannot be read: "+err.Error())}
}
