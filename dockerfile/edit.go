package dockerfile

import (
	"cmp"
	"fmt"
	"slices"
)

// Move asks for a reference to be given another tag and digest. An empty Tag keeps the tag; an empty Digest leaves the digest out
// of a reference that has none and is an error for one that has.
type Move struct {
	Reference Reference
	Tag       string
	Digest    string
}

// Edit replaces file[Start:End], which must equal Old, by New.
type Edit struct {
	Span
	Old, New string
}

// Rejected is a move that cannot be made, and why, for a person.
type Rejected struct {
	Move   Move
	Reason string
}

// Edits turns the moves of one file into edits for Apply. Moves that want the same change of a place share it; moves that want
// different changes of one place, such as an ARG that feeds two images, are all rejected, and so is whatever would change a
// reference whose own move is rejected.
func Edits(moves []Move) ([]Edit, []Rejected) {
	plans := make([]plan, len(moves))
	for i, move := range moves {
		plans[i].edits, plans[i].reason = move.edits()
	}
	for settle(moves, plans) {
	}
	var edits []Edit
	var rejected []Rejected
	for i, p := range plans {
		if p.reason != "" {
			rejected = append(rejected, Rejected{Move: moves[i], Reason: p.reason})
			continue
		}
		edits = append(edits, p.edits...)
	}
	slices.SortFunc(edits, compareEdits)
	return slices.Compact(edits), rejected
}

// plan is what one move comes to: edits, or the reason why there are none.
type plan struct {
	edits  []Edit
	reason string
}

// settle rejects the moves that cannot go together with another one; it reports whether it rejected any.
func settle(moves []Move, plans []plan) bool {
	changed := false
	for i := range plans {
		for j := range plans {
			if i == j || plans[i].reason != "" {
				continue
			}
			other := moves[j].Reference
			switch at, clash := clash(plans[i], plans[j], other); {
			case clash && plans[j].reason == "":
				plans[i].reason = shared(at, other, "needs another value there")
				plans[j].reason = shared(at, moves[i].Reference, "needs another value there")
				changed = true
			case clash:
				plans[i].reason = shared(at, other, "stays as it is")
				changed = true
			}
		}
	}
	return changed
}

// clash finds an edit of a that b does not bear: b wants another one there, or b was rejected and owns the place.
func clash(a, b plan, owner Reference) (Edit, bool) {
	for _, edit := range a.edits {
		if b.reason != "" {
			if owner.owns(edit.Span) {
				return edit, true
			}
			continue
		}
		for _, other := range b.edits {
			if edit != other && overlap(edit.Span, other.Span) {
				return edit, true
			}
		}
		// Where b keeps a piece as it is, a must keep it too.
		if owner.owns(edit.Span) && !slices.Contains(b.edits, edit) {
			return edit, true
		}
	}
	return Edit{}, false
}

// owns reports whether an edit of span would change the reference.
func (r Reference) owns(span Span) bool {
	if r.Pin != nil && span.Start == span.End && span.Start == r.Pin.At {
		return true
	}
	return slices.ContainsFunc(r.Pieces, func(p Piece) bool { return overlap(p.Span, span) })
}

func shared(at Edit, other Reference, what string) string {
	if at.Old == "" {
		return fmt.Sprintf("the same place holds the digest of %s (line %d), which %s", other.Raw, other.Line, what)
	}
	return fmt.Sprintf("%q also feeds %s (line %d), which %s; give each image a value of its own", at.Old, other.Raw, other.Line, what)
}

// overlap reports whether two spans cannot both be replaced: they share a byte, or are insertions at one place.
func overlap(a, b Span) bool {
	if a == b {
		return true
	}
	return a.Start < b.End && b.Start < a.End
}

func compareEdits(a, b Edit) int {
	return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), cmp.Compare(a.New, b.New))
}

// Apply returns data with the edits made, in any order. It is the one function that changes a file's bytes: it refuses an edit
// whose Old is not there, and edits that touch the same bytes.
func Apply(data []byte, edits []Edit) ([]byte, error) {
	sorted := slices.Clone(edits)
	slices.SortFunc(sorted, compareEdits)
	var out []byte
	done := 0
	for i, edit := range sorted {
		switch {
		case edit.Start < done || edit.End < edit.Start || edit.End > len(data) || i > 0 && sorted[i-1].Span == edit.Span:
			return nil, fmt.Errorf("edit bytes %d to %d of %d: overlaps another edit, or lies outside the file", edit.Start, edit.End, len(data))
		case string(data[edit.Start:edit.End]) != edit.Old:
			return nil, fmt.Errorf("edit bytes %d to %d: expected %q, found %q", edit.Start, edit.End, edit.Old, data[edit.Start:edit.End])
		}
		out = append(append(out, data[done:edit.Start]...), edit.New...)
		done = edit.End
	}
	return append(out, data[done:]...), nil
}
