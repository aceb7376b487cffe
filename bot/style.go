package bot

import (
	"regexp"
	"slices"
)

// How titles and commit messages begin. Any other style is what they begin with, such as "build(deps): ".
const (
	StyleConventional = "conventional" // fix(docker): where something is fixed, else chore(docker):
	StylePlain        = "plain"        // a sentence
)

// enough is how many commits it takes to tell a habit from chance.
const enough = 5

// conventional is a subject as conventionalcommits.org wants it.
var conventional = regexp.MustCompile(`^(feat|fix|chore|build|ci|deps|docs|perf|refactor|revert|style|test)(?:\(([\w./-]{1,30})\))?!?: \S`)

// upkeep are the scopes in which repositories keep their dependencies up to date, ours first.
var upkeep = []string{"docker", "container", "containers", "image", "images", "base", "deps", "dependencies"}

// LearnStyle tells from the subjects of a repository's newest commits how ours are to begin.
func LearnStyle(subjects []string) string {
	written := 0
	prefixes := map[string]map[string]int{} // by scope
	for _, subject := range subjects {
		found := conventional.FindStringSubmatch(subject)
		if found == nil {
			continue
		}
		written++
		if kind, scope := found[1], found[2]; slices.Contains(upkeep, scope) {
			if prefixes[scope] == nil {
				prefixes[scope] = map[string]int{}
			}
			prefixes[scope][kind+"("+scope+"): "]++
		}
	}
	switch {
	case len(subjects) < enough:
		return StyleConventional
	case 2*written < len(subjects):
		return StylePlain
	}
	return habit(prefixes)
}

// habit is the most frequent beginning in the scope that is nearest to ours. Where "docker" is a scope of several kinds, as it is of
// fix and chore, it is ours anyway.
func habit(prefixes map[string]map[string]int) string {
	for _, scope := range upkeep {
		used := prefixes[scope]
		if scope == upkeep[0] && (used["fix(docker): "] > 0 || used["chore(docker): "] > 0) {
			return StyleConventional
		}
		best := ""
		for prefix, n := range used {
			if n > used[best] || n == used[best] && prefix < best {
				best = prefix
			}
		}
		if best != "" {
			return best
		}
	}
	return StyleConventional
}

// isStyle says whether a style that came back from the forge is one that LearnStyle gives.
func isStyle(style string) bool {
	return style == StyleConventional || style == StylePlain || conventional.MatchString(style+"x")
}
