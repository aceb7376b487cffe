package scan

import (
	"fmt"
	"strings"
)

func fixesSomething(p Policy, e Evidence) (bool, string) {
	counts := Count(e.Diff.Fixed)
	switch {
	case counts.Total() > 0:
		return true, "fixes " + counts.Phrase()
	case p.When == Always:
		return true, "newer; fixes nothing known"
	}
	return false, "newer, but fixes no known vulnerability (policy.when is vulnerable)"
}

// Phrase says the counts in words: "35 (4 critical, 11 high)". Severities below high are left out of the bracket.
func (c Counts) Phrase() string {
	var grave []string
	for _, severity := range []Severity{Critical, High} {
		if n := c[severity]; n > 0 {
			grave = append(grave, fmt.Sprintf("%d %s", n, severity))
		}
	}
	if len(grave) == 0 {
		return fmt.Sprint(c.Total())
	}
	return fmt.Sprintf("%d (%s)", c.Total(), strings.Join(grave, ", "))
}
