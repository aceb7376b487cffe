package bot

import (
	"cmp"
	"slices"
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
			move.Files = append(move.Files, bumps[i].Files...)
			move.References = append(move.References, bumps[i].References...)
		}
	}
	for _, b := range bumps {
		if moves[at(b)] == nil || !b.IsPin() {
			kept = append(kept, b)
		}
	}
	return kept
}

func sortUnchanged(list []Unchanged) {
	slices.SortStableFunc(list, func(a, b Unchanged) int { return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line)) })
}
