// Package storetest holds every database behind package store to the same behaviour.
package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/store"
)

// Open opens the same database each time it is called in one test, and a new one in the next.
type Open func(t *testing.T) store.Store

// noon is when the tests begin; microseconds are kept.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 123456000, time.UTC)

// Run runs the suite; open is called once for each test.
func Run(t *testing.T, open func(t *testing.T) Open) {
	for name, test := range map[string]func(*testing.T, Open){
		"digests keep the first time":           digests,
		"digests survive a restart":             restart,
		"concurrent writers lose nothing":       concurrent,
		"nothing known":                         empty,
		"a result":                              result,
		"a result replaces the last":            replaced,
		"a failed result keeps the older plan":  failed,
		"a proposal not named is open no more":  ended,
		"a proposal we closed is closed":        obsolete,
		"what was open is remembered":           remembered,
		"lists are cut, totals are not":         cutLists,
		"reports by all that they depend on":    reports,
		"catalogues by all that they depend on": catalogues,
		"unused catalogues are dropped":         unused,
		"tag lists, and when they are dropped":  tagLists,
		"cycles, and what they drop":            cycles,
		"orders are kept until dropped":         orders,
		"how far was listened":                  listening,
		"issues of ours":                        notes,
		"an ended context is an error":          canceled,
		"hostile text comes back as it went in": hostile,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

var (
	api = bot.Repository{Owner: "acme", Name: "api"}
	web = bot.Repository{Owner: "acme", Name: "web"}
)

// planned is a result whose plan says something of everything.
func planned(repo bot.Repository) bot.Result {
	return bot.Result{
		Repository: repo,
		Plan: bot.Plan{
			Bumps: []bot.Bump{{Image: "docker.io/library/debian"}},
			Unchanged: []bot.Unchanged{
				{Image: "docker.io/library/redis", Tag: "7.2", File: "compose.yaml", Line: 14, Reason: "newest"},
				{Image: "ghcr.io/acme/api", Tag: "2", File: "deploy/api.yaml", Line: 11, Reason: "not readable: 401", Failed: true},
			},
		},
		Outcomes: []bot.Outcome{
			{Action: bot.Opened, Title: "update debian", Proposal: proposal(7, bot.Open)},
			{Action: bot.Waiting, Title: "update nginx", Reason: "10 pull requests are open"},
			{Action: bot.Declined, Title: "update node", Reason: "#3 was closed", Proposal: proposal(3, bot.Closed)},
		},
	}
}

func proposal(number int, state bot.State) bot.Proposal {
	return bot.Proposal{
		Number: number, Branch: "basebump/debian-1a2b", Title: "update debian", URL: "https://github.com/acme/api/pull/7",
		State: state, Key: "key", Head: "head", Base: "base",
	}
}

func save(t *testing.T, s store.Store, result bot.Result, at time.Time) {
	t.Helper()
	if err := s.SaveResult(t.Context(), result, at); err != nil {
		t.Fatal(err)
	}
}

func overview(t *testing.T, s store.Store) store.Overview {
	t.Helper()
	o, err := s.Overview(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func same[T any](t *testing.T, what string, want, got T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
