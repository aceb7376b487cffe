package resolver

import (
	"strings"
	"testing"
)

func TestGrew(t *testing.T) {
	t.Parallel()
	many := strings.TrimSpace(strings.Repeat("x ", 200))
	for _, tc := range []struct {
		before, after string
		grown         int
		atEnd         bool
	}{
		{"a b c", "a b c", 0, true},
		{"a b c", "a b c d e", 2, true},
		{"a b c", "a c d", 1, true},
		{"a b c", "b", 0, true},
		{"a b c", "a b d", 1, true}, // c is gone
		{"a b c", "", 0, true},
		{"", "a", 1, true},
		{"a b c", "d a b c", 1, false},
		{"a b c", "a d b c", 1, false},
		{"a b c", "a b d c", 1, false},
		{many + " a b", "d a b", 3, false}, // too much is gone to say
	} {
		grown, atEnd := grew(NewTagList(strings.Fields(tc.before)...), NewTagList(strings.Fields(tc.after)...))
		if grown != tc.grown || atEnd != tc.atEnd {
			t.Errorf("%.20q, then %q: %d, %v", tc.before, tc.after, grown, atEnd)
		}
	}
}
