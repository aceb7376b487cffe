package web

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/store"
)

// finishedShown is how many proposals that are open no more stand on the first page.
const finishedShown = 20

// fleet is the first page.
type fleet struct {
	store.Overview
	Next     time.Time        // cycle
	Open     []store.Proposal // open ones
	Finished []store.Proposal // the newest of the others
	Failed   []store.Summary  // repositories that could not be looked at
	Budgets  []Budget         // those that were used
	Events   []eventCount
}

// eventCount is how many events came to one end.
type eventCount struct {
	Outcome string
	Count   int
}

func (s Site) newFleet(overview store.Overview) fleet {
	f := fleet{Overview: overview, Next: s.Schedule.Next(s.Now())}
	if s.Budgets != nil {
		f.Budgets = slices.DeleteFunc(s.Budgets(), func(b Budget) bool { return b.Reads+b.Writes == 0 })
	}
	if s.Deliveries != nil {
		for outcome, count := range s.Deliveries() {
			f.Events = append(f.Events, eventCount{outcome, count})
		}
		slices.SortFunc(f.Events, func(a, b eventCount) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Outcome, b.Outcome))
		})
	}
	for _, proposal := range overview.Proposals {
		switch {
		case proposal.State == bot.Open:
			f.Open = append(f.Open, proposal)
		case len(f.Finished) < finishedShown:
			f.Finished = append(f.Finished, proposal)
		}
	}
	for _, repository := range overview.Repositories {
		if repository.Error != "" {
			f.Failed = append(f.Failed, repository)
		}
	}
	return f
}

// Broken counts all that could not be done.
func (f fleet) Broken() int { return len(f.Failed) + f.Totals.Problems }

// clock is what the pages say of times, as seen at now.
func clock(now time.Time) template.FuncMap {
	return template.FuncMap{
		"ago": func(t time.Time) string { return about(now.Sub(t), "%s ago", "just now") },
		"in":  func(t time.Time) string { return about(t.Sub(now), "in %s", "now") },
		"iso": func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"utc": func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") },
		"took": func(c *store.Cycle) string {
			return about(c.Finished.Sub(c.Started), "%s", "less than a minute")
		},
		"more": func(listed, total int) int { return max(total-listed, 0) },
	}
}

// about puts a span of time into a phrase, in one unit; short is for less than a minute.
func about(span time.Duration, phrase, short string) string {
	count, unit := int(span.Minutes()), "min"
	switch {
	case span < time.Minute:
		return short
	case span >= 48*time.Hour:
		count, unit = int(span.Hours())/24, "days"
	case span >= 2*time.Hour:
		count, unit = int(span.Hours()), "hours"
	}
	return fmt.Sprintf(phrase, fmt.Sprintf("%d %s", count, unit))
}
