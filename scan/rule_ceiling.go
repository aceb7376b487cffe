package scan

import "fmt"

// staysBelow refuses a candidate that holds a vulnerability of the ceiling's severity or above, whether it came with the move or was there
// before, and whether or not somebody has fixed it.
func staysBelow(p Policy, e Evidence) (bool, string) {
	if p.MaxSeverity == nil {
		return true, ""
	}
	bad := phraseOf(func(v Vulnerability) bool { return v.Severity >= *p.MaxSeverity }, e.Diff.Introduced, e.Diff.Remaining)
	if bad != "" {
		return false, fmt.Sprintf("holds %s (policy.max_severity is %s)", bad, *p.MaxSeverity)
	}
	return true, "holds nothing at or above " + p.MaxSeverity.String()
}
