package scan

import "fmt"

// urgency says why a fix does not wait for a cool-down: it is known to be exploited, grave, or likely to be exploited within a month.
// It is empty for one that waits.
func (p Policy) urgency(v Vulnerability) string {
	switch {
	case v.KnownExploited:
		return "known exploited"
	case v.Severity >= p.Urgent:
		return v.Severity.String()
	case p.UrgentEPSS > 0 && v.EPSS >= p.UrgentEPSS:
		return fmt.Sprintf("EPSS %.0f %%", 100*v.EPSS)
	}
	return ""
}
