package manifest

import (
	"fmt"
	"regexp"

	"github.com/basebump/basebump/dockerfile"
)

// Set is the kinds that a person wants read: all of this package's, and what they describe themselves. The zero Set has none of
// the latter. It is safe for concurrent use.
type Set struct{ custom []Kind }

// With returns a Set that knows patterns besides.
func With(patterns ...Pattern) Set {
	var s Set
	for _, p := range patterns {
		s.custom = append(s.custom, Kind{Name: "custom", match: p.path.MatchString, read: p.read})
	}
	return s
}

// Pattern is a kind of file that a person describes: which files, and what in them names an image.
type Pattern struct{ path, find *regexp.Regexp }

// NewPattern compiles a pattern. path matches slash-separated paths. find names its groups: image for "name[:tag][@digest]", or
// name with tag, digest or both.
func NewPattern(path, find string) (Pattern, error) {
	var p Pattern
	var err error
	if p.path, err = regexp.Compile(path); err != nil {
		return Pattern{}, fmt.Errorf("compile the pattern of paths: %w", err)
	}
	if p.find, err = regexp.Compile(find); err != nil {
		return Pattern{}, fmt.Errorf("compile the pattern of images: %w", err)
	}
	if p.find.SubexpIndex("image") < 0 && (p.find.SubexpIndex("name") < 0 || p.find.SubexpIndex("tag") < 0 && p.find.SubexpIndex("digest") < 0) {
		return Pattern{}, fmt.Errorf("compile the pattern of images: %s has no group (?P<image>…), nor (?P<name>…) with (?P<tag>…) or (?P<digest>…)", find)
	}
	return p, nil
}

func (p Pattern) read(r *reader) {
	for _, found := range p.find.FindAllSubmatchIndex(r.Data, -1) {
		group := func(name string) dockerfile.Text {
			i := p.find.SubexpIndex(name)
			if i < 0 || found[2*i] < 0 || found[2*i] == found[2*i+1] {
				return nil
			}
			return r.bytes(found[2*i], found[2*i+1])
		}
		if image := group("image"); image != nil {
			r.operand(image, nil)
			continue
		}
		name := group("name")
		if span, ok := name.Span(); ok {
			ref, err := r.Join(r.kind, span, name, group("tag"), group("digest"))
			r.take(ref, err, span.Start, name.String())
		}
	}
}
