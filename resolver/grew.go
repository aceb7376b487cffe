package resolver

import (
	"iter"
	"slices"
)

// maxGone is how many tags in a row may be gone from a list for it to be known again.
const maxGone = 100

// grew returns how many tags a list has gained, and whether all of them stand behind those that it had; some of these may be gone.
func grew(before, after TagList) (grown int, atEnd bool) {
	next, stop := iter.Pull(before.All())
	defer stop()
	var ahead []string // tags that the list had, and that are still to be found
	more := func() bool {
		tag, ok := next()
		if ok {
			ahead = append(ahead, tag)
		}
		return ok
	}
	for tag := range after.All() {
		for !slices.Contains(ahead, tag) && grown == 0 && len(ahead) < maxGone && more() {
			continue
		}
		switch i := slices.Index(ahead, tag); {
		case i < 0:
			grown++
		case grown > 0:
			return grown, false
		default:
			ahead = ahead[i+1:]
		}
	}
	_, left := next()
	return grown, grown == 0 || !left
}
