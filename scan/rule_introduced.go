package scan

import "fmt"

func introducesNothing(p Policy, e Evidence) (bool, string) {
	for _, v := range e.Diff.Introduced { // the worst comes first, apart from known exploited ones: all are asked
		if v.Severity >= p.BlockIntroduced || v.KnownExploited {
			return false, fmt.Sprintf("introduces %s (%s) in %s", v.ID, v.Severity, v.Package)
		}
	}
	if n := Count(e.Diff.Introduced).Total(); n > 0 {
		return true, fmt.Sprintf("introduces %d below %s", n, p.BlockIntroduced)
	}
	return true, "introduces nothing known"
}
