package githubtest

import (
	"strings"
	"testing"
)

func TestMergeText(t *testing.T) {
	t.Parallel()
	const base = "a\nb\nc\nd\ne\n"
	for name, test := range map[string]struct {
		ours, theirs, want string
		ok                 bool
	}{
		"apart":             {"A\nb\nc\nd\ne\n", "a\nb\nc\nd\nE\n", "A\nb\nc\nd\nE\n", true},
		"same line":         {"a\nb\nX\nd\ne\n", "a\nb\nY\nd\ne\n", "", false},
		"neighbouring line": {"a\nB\nc\nd\ne\n", "a\nb\nC\nd\ne\n", "", false},
		"the same":          {"a\nB\nc\nd\ne\n", "a\nB\nc\nd\ne\n", "a\nB\nc\nd\ne\n", true},
		"insert and remove": {"0\na\nb\nc\nd\ne\n", "a\nb\nc\ne\n", "0\na\nb\nc\ne\n", true},
		"both append":       {base + "x\n", base + "y\n", "", false},
		"no final newline":  {"A\nb\nc\nd\ne\n", "a\nb\nc\nd\ne", "A\nb\nc\nd\ne", true},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := mergeText(base, test.ours, test.theirs)
			if got != test.want || ok != test.ok {
				t.Errorf("mergeText = %q, %t, want %q, %t", got, ok, test.want, test.ok)
			}
		})
	}
}

// FuzzMergeText: what only one side changed is taken over; a merge does not depend on the order of the sides.
func FuzzMergeText(f *testing.F) {
	f.Add("a\nb\nc\n", "a\nB\nc\n", "a\nb\nc\nd\n")
	f.Add("", "a", "b")
	f.Add("a\n", "", "a\r\n")
	f.Fuzz(func(t *testing.T, base, ours, theirs string) {
		if strings.ContainsRune(base+ours+theirs, 0) {
			t.Skip("binary files are not merged")
		}
		for _, side := range [][2]string{{ours, base}, {base, ours}, {ours, ours}} {
			if got, ok := mergeText(base, side[0], side[1]); !ok || got != ours {
				t.Errorf("one change alone: %q, %t, want %q", got, ok, ours)
			}
		}
		one, oneOK := mergeText(base, ours, theirs)
		other, otherOK := mergeText(base, theirs, ours)
		if one != other || oneOK != otherOK {
			t.Errorf("merged %q, %t, and the other way round %q, %t", one, oneOK, other, otherOK)
		}
	})
}
