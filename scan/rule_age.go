package scan

import (
	"fmt"
	"strings"
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
		how, since.UTC().Format(time.DateTime), due.UTC().Format(time.DateTime), short(p.MinAge))
}

// short leaves out the minutes and seconds that a length of time does not have: 72h, not 72h0m0s.
func short(d time.Duration) string {
	text := d.String()
	for _, nothing := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, nothing) {
			text = text[:len(text)-2]
		}
	}
	return text
}
