package tag

import "fmt"

// Level is how far a tag may move, or moved.
type Level int

const (
	Digest Level = iota // the tag stays; what it answers may change
	Patch               // 1.2.3 → 1.2.4, and rebuilds of one version
	Minor               // 1.2 → 1.3
	Major               // 1 → 2, bookworm → trixie
)

var levelNames = []string{"digest", "patch", "minor", "major"}

func (l Level) String() string { return levelNames[l] }

// ParseLevel reads the name of a level.
func ParseLevel(name string) (Level, error) {
	for i, known := range levelNames {
		if name == known {
			return Level(i), nil
		}
	}
	return Digest, fmt.Errorf("unknown level %q: not one of digest, patch, minor, major", name)
}

// Distribution says when the distribution that a tag names beside its version may change.
type Distribution int

const (
	Stay      Distribution = iota // never
	EndOfLife                     // when the current one is no longer kept
	Follow                        // whenever there is a newer one
)
