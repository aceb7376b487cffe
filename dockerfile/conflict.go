package dockerfile

import (
	"cmp"
	"fmt"
	"slices"
)

// plan is what one move comes to: an edit for every place of its reference, or the reason why it cannot be made. An edit whose
// New is its Old says that the place stays.
type plan struct {
	edits  []Edit
	reason string
}

// moves reports whether the plan would change anything.
func (p plan) moves() bool {
	return p.reason == "" && slices.ContainsFunc(p.edits, func(e Edit) bool { return e.New != e.Old })
}

// claim is what one move wants of one place.
type claim struct {
	move int
	edit Edit
}

// settle rejects the moves that cannot go together: where claims on the same bytes differ, all of their moves. A rejected move
// claims that its reference stays as it is, so that others may fall with it.
func settle(moves []Move, plans []plan) {
	clusters := cluster(plans)
	of := make([][]int, len(moves)) // the clusters that a move has claims in
	queue := make([]int, len(clusters))
	queued := make([]bool, len(clusters))
	for c, cluster := range clusters {
		queue[c], queued[c] = c, true
		for _, claim := range cluster {
			of[claim.move] = append(of[claim.move], c)
		}
	}
	for len(queue) > 0 {
		c := queue[0]
		queue, queued[c] = queue[1:], false
		for _, loser := range quarrel(moves, plans, clusters[c]) {
			for _, c := range of[loser] {
				if !queued[c] {
					queue, queued[c] = append(queue, c), true
				}
			}
		}
	}
}

// cluster groups the claims of all plans on bytes that they share.
func cluster(plans []plan) [][]claim {
	var claims []claim
	for i, p := range plans {
		for _, edit := range p.edits {
			claims = append(claims, claim{move: i, edit: edit})
		}
	}
	slices.SortStableFunc(claims, func(a, b claim) int {
		return cmp.Or(cmp.Compare(a.edit.File, b.edit.File), cmp.Compare(a.edit.Start, b.edit.Start), cmp.Compare(a.edit.End, b.edit.End))
	})
	var out [][]claim
	start, end := 0, 0
	for i, c := range claims {
		if i > 0 && (c.edit.File != claims[i-1].edit.File || c.edit.Start >= end && c.edit.Span != claims[i-1].edit.Span) {
			out = append(out, claims[start:i])
			start, end = i, 0
		}
		end = max(end, c.edit.End)
	}
	if len(claims) > 0 {
		out = append(out, claims[start:])
	}
	return out
}

// quarrel rejects the moves of a cluster whose claims differ, and returns them.
func quarrel(moves []Move, plans []plan, cluster []claim) (losers []int) {
	now := slices.Clone(cluster)
	for i := range now {
		if plans[now[i].move].reason != "" {
			now[i].edit.New = now[i].edit.Old
		}
	}
	a := now[0]
	i := slices.IndexFunc(now, func(b claim) bool {
		return a.edit != b.edit && (a.edit.New != a.edit.Old || b.edit.New != b.edit.Old)
	})
	if i < 0 {
		return nil
	}
	for _, c := range now {
		if !plans[c.move].moves() {
			continue
		}
		other := a
		if a.move == c.move {
			other = now[i]
		}
		plans[c.move].reason = explain(moves[other.move].Reference, moves[c.move].Reference, other, c)
		losers = append(losers, c.move)
	}
	return losers
}

// explain says why a claim on own cannot be met, given one of another move, on ref.
func explain(ref, own Reference, other, lost claim) string {
	place := fmt.Sprintf("line %d", ref.Line)
	if ref.File != own.File {
		place = fmt.Sprintf("%s:%d", ref.File, ref.Line)
	}
	what := "needs another value there"
	if other.edit.New == other.edit.Old {
		what = "stays as it is"
	}
	switch {
	case other.move == lost.move:
		return fmt.Sprintf("%q feeds two parts of %s; give each part a value of its own", other.edit.Old, ref.Raw)
	case other.edit.Old == "":
		return fmt.Sprintf("the digest would also reach %s (%s), which %s", ref.Raw, place, what)
	}
	return fmt.Sprintf("%q also feeds %s (%s), which %s; give each image a value of its own", other.edit.Old, ref.Raw, place, what)
}
