package githubtest

import (
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/utils/diff"
	"github.com/sergi/go-diff/diffmatchpatch"
)

// hunk replaces the lines start to end of the base by others.
type hunk struct {
	start, end int
	lines      []string
}

// mergeText merges two changes of one text line by line. Like Git, it refuses changes that touch or neighbour each other.
func mergeText(base, ours, theirs string) (string, bool) {
	lines := slices.Collect(strings.Lines(base))
	mine, other := hunks(base, ours), hunks(base, theirs)
	var out []string
	at := 0
	for len(mine) > 0 || len(other) > 0 {
		var next hunk
		switch {
		case len(other) == 0 || len(mine) > 0 && mine[0].end < other[0].start:
			next, mine = mine[0], mine[1:]
		case len(mine) == 0 || other[0].end < mine[0].start:
			next, other = other[0], other[1:]
		case mine[0].start == other[0].start && mine[0].end == other[0].end && slices.Equal(mine[0].lines, other[0].lines):
			next, mine, other = mine[0], mine[1:], other[1:]
		default:
			return "", false
		}
		out = append(out, lines[at:next.start]...)
		out = append(out, next.lines...)
		at = next.end
	}
	out = append(out, lines[at:]...)
	return strings.Join(out, ""), true
}

// hunks lists what changes between two texts, in order.
func hunks(from, to string) []hunk {
	var found []hunk
	at, open := 0, false
	for _, part := range diff.Do(from, to) {
		lines := slices.Collect(strings.Lines(part.Text))
		if part.Type == diffmatchpatch.DiffEqual {
			at, open = at+len(lines), false
			continue
		}
		if !open {
			found, open = append(found, hunk{start: at, end: at}), true
		}
		last := &found[len(found)-1]
		if part.Type == diffmatchpatch.DiffDelete {
			at += len(lines)
			last.end = at
		} else {
			last.lines = append(last.lines, lines...)
		}
	}
	return found
}
