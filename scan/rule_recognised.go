package scan

import "strings"

// recognisesPackages refuses a candidate in which nothing was recognised although the current image has packages: all of them would
// count as fixed, when the truth is that nobody looked.
func recognisesPackages(_ Policy, e Evidence) (bool, string) {
	if len(e.Blank) > 0 {
		return false, "no package is recognised in it any more (" + strings.Join(e.Blank, ", ") + "), so nothing can be said of it"
	}
	return true, ""
}

// Blank returns the platforms on which the current image has packages and the candidate shows none.
func Blank(current, candidate []Report) []string {
	var blank []string
	for _, next := range candidate {
		for _, now := range current {
			if now.Platform == next.Platform && len(now.Packages) > 0 && len(next.Packages) == 0 {
				blank = append(blank, next.Platform)
			}
		}
	}
	return blank
}
