package manifest

import (
	"cmp"
	"slices"

	"github.com/basebump/basebump/dockerfile"
)

// Merge puts together what the files of one tree hold, in the order of files. A place that is found more than once, by itself and
// through a file that brings its own file in, is what the latter makes of it.
func Merge(parts ...dockerfile.Extraction) dockerfile.Extraction {
	var out dockerfile.Extraction
	for _, part := range parts {
		out.References = append(out.References, part.References...)
		out.Skipped = append(out.Skipped, part.Skipped...)
	}
	slices.SortStableFunc(out.References, func(a, b dockerfile.Reference) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Start, b.Start), cmp.Compare(own(a), own(b)), cmp.Compare(a.Via, b.Via))
	})
	out.References = slices.CompactFunc(out.References, func(a, b dockerfile.Reference) bool {
		return a.File == b.File && a.Start == b.Start && (a.Via != "" || b.Via != "")
	})
	type line struct {
		file string
		line int
		raw  string
	}
	found := map[line]bool{}
	for _, ref := range out.References {
		if len(ref.With) > 0 {
			found[line{ref.File, ref.Line, ref.Raw}] = true
		}
	}
	out.Skipped = slices.DeleteFunc(out.Skipped, func(s dockerfile.Skipped) bool { return found[line{s.File, s.Line, s.Raw}] })
	slices.SortStableFunc(out.Skipped, func(a, b dockerfile.Skipped) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	out.Skipped = slices.Compact(out.Skipped)
	return out
}

// own orders what was read through another file before what was read for its own sake.
func own(ref dockerfile.Reference) int {
	if ref.Via == "" {
		return 1
	}
	return 0
}
