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

// Edit replaces File's bytes from Start to End, which must equal Old, by New.
type Edit struct {
	File string
	Span
	Old, New string
}

// Rejected is a move that cannot be made, and why, for a person.
type Rejected struct {
	Move   Move
	Reason string
}

// Edits turns the moves of files that share places into edits for Apply. Moves that want the same change of a place share it; moves that want
// different changes of one place, such as an ARG that feeds two images, are all rejected, and so is whatever would change a
// reference whose own move is rejected. A move to the tag and digest that a reference has says that it must stay as it is.
func Edits(moves []Move) ([]Edit, []Rejected) {
	plans := make([]plan, len(moves))
	for i, move := range moves {
		plans[i].edits, plans[i].reason = move.edits()
	}
	settle(moves, plans)
	var edits []Edit
	var rejected []Rejected
	for i, p := range plans {
		if p.reason != "" {
			rejected = append(rejected, Rejected{Move: moves[i], Reason: p.reason})
			continue
		}
		for _, edit := range p.edits {
			if edit.New != edit.Old {
				edits = append(edits, edit)
			}
		}
	}
	slices.SortFunc(edits, compareEdits)
	return slices.Compact(edits), rejected
}

func compareEdits(a, b Edit) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), cmp.Compare(a.New, b.New))
}

// Apply returns data with the edits made, all of this file, in any order. It is the one function that changes a file's bytes: it refuses an edit
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
