package scan

import "fmt"

// staysBelow refuses a candidate that holds a vulnerability of the ceiling's severity or above, whether it came with the move or was there
// before, and whether or not somebody has fixed it.
func staysBelow(p Policy, e Evidence) (bool, string) {
	if p.MaxSeverity == nil {
		return true, ""
	}
	for _, list := range [][]Vulnerability{e.Diff.Introduced, e.Diff.Remaining} {
		for _, v := range list { // the worst comes first, apart from known exploited ones: all are asked
			if v.Severity >= *p.MaxSeverity {
				return false, fmt.Sprintf("holds %s (%s) in %s (policy.max_severity is %s)", v.ID, v.Severity, v.Package, *p.MaxSeverity)
			}
		}
	}
	return true, "holds nothing at or above " + p.MaxSeverity.String()
}
