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
		s.custom = append(s.custom, Kind{Name: "custom", match: p.Files, read: p.read})
	}
	return s
}

// Pattern is a kind of file that a person describes: which files, and what in them names an image. Find names its groups: image for
// "name[:tag][@digest]", or name with tag, digest or both. It is matched in files of at most MaxMatched bytes.
type Pattern struct {
	Files func(path string) bool
	Find  *regexp.Regexp
}

// MaxMatched is how many bytes a file may have for a Pattern. A person's expression may take long for each.
const MaxMatched = 256 << 10

func (p Pattern) read(r *reader) {
	if len(r.Data) > MaxMatched {
		reason := fmt.Sprintf("the file has %d KiB; patterns of the configuration are matched in files up to %d KiB", len(r.Data)>>10, MaxMatched>>10)
		r.out.Skipped = append(r.out.Skipped, r.Skip(r.kind, 0, "", reason))
		return
	}
	for _, found := range p.Find.FindAllSubmatchIndex(r.Data, -1) {
		group := func(name string) dockerfile.Text {
			i := p.Find.SubexpIndex(name)
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
