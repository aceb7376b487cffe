package bot

import (
	"cmp"
	"slices"

	"github.com/basebump/basebump/dockerfile"
)

// foldPins joins the unpinned references of a tag to the bump that moves its pinned ones to the same digest: one move, one row.
func foldPins(bumps []Bump) []Bump {
	type target struct{ image, tag, digest string }
	at := func(b Bump) target { return target{b.Image, b.To.Tag, b.To.Digest} }
	moves := map[target]*Bump{}
	for i, b := range bumps {
		if !b.IsPin() && moves[at(b)] == nil {
			moves[at(b)] = &bumps[i]
		}
	}
	kept := []Bump{}
	for i := range bumps {
		if move := moves[at(bumps[i])]; move != nil && bumps[i].IsPin() {
			move.take(bumps[i].References)
		}
	}
	for _, b := range bumps {
		if moves[at(b)] == nil || !b.IsPin() {
			kept = append(kept, b)
		}
	}
	return kept
}

// take adds references, in the order of files.
func (b *Bump) take(references []dockerfile.Reference) {
	b.References = slices.SortedStableFunc(slices.Values(append(slices.Clone(b.References), references...)), func(a, c dockerfile.Reference) int {
		return cmp.Or(cmp.Compare(a.File, c.File), cmp.Compare(a.Start, c.Start))
	})
	b.Files = places(b.References)
}

func sortUnchanged(list []Unchanged) {
	slices.SortStableFunc(list, func(a, b Unchanged) int { return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line)) })
}
