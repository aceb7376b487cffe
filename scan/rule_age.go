package scan

import (
	"fmt"
	"time"
)

func isOldEnough(p Policy, e Evidence) (bool, string) {
	if p.MinAge <= 0 {
		return true, ""
	}
	since, how := e.Created, "built"
	if since.IsZero() || since.After(e.Now) {
		since, how = e.FirstSeen, "first seen"
	}
	if since.IsZero() {
		since = e.Now
	}
	due := since.Add(p.MinAge)
	if !e.Now.Before(due) {
		return true, fmt.Sprintf("%s %s", how, since.UTC().Format(time.DateOnly))
	}
	for _, v := range e.Diff.Fixed {
		if why := p.urgency(v); why != "" {
			return true, fmt.Sprintf("policy.min_age waived: fixes %s (%s)", v.ID, why)
		}
	}
	return false, fmt.Sprintf("too young: %s %s, may be offered from %s (policy.min_age is %s)",
		how, since.UTC().Format(time.DateTime), due.UTC().Format(time.DateTime), p.MinAge)
}
