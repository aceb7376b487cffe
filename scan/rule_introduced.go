package scan

import "fmt"

func introducesNothing(p Policy, e Evidence) (bool, string) {
	bad := phraseOf(func(v Vulnerability) bool { return v.Severity >= p.BlockIntroduced || v.KnownExploited }, e.Diff.Introduced)
	if bad != "" {
		return false, "introduces " + bad
	}
	if n := Count(e.Diff.Introduced).Total(); n > 0 {
		return true, fmt.Sprintf("introduces %d below %s", n, p.BlockIntroduced)
	}
	return true, "introduces nothing known"
}

// phraseOf names the first vulnerability that counts, and says how many more do; empty when none does. The worst comes first in each list,
// apart from known exploited ones.
func phraseOf(counts func(Vulnerability) bool, lists ...[]Vulnerability) string {
	var bad []Vulnerability
	for _, list := range lists {
		for _, v := range list {
			if counts(v) {
				bad = append(bad, v)
			}
		}
	}
	if len(bad) == 0 {
		return ""
	}
	what := bad[0].Severity.String()
	if bad[0].KnownExploited {
		what += ", known to be exploited"
	}
	phrase := fmt.Sprintf("%s (%s) in %s", bad[0].ID, what, bad[0].Package)
	if n := Count(bad).Total(); n > 1 {
		phrase += fmt.Sprintf(" and %d more", n-1)
	}
	return phrase
}
