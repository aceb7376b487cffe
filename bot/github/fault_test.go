package github_test

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot/github/githubtest"
)

// state is what the world looks like to people, without what differs from one world to the next.
type state struct {
	Pulls    []githubtest.Pull
	Branches []string
	Files    githubtest.Files // of the proposal's branch
	Base     githubtest.Files
	Commits  []string // messages
	Check    string   // the last one, which is the one that counts
}

func (l *life) state() state {
	l.t.Helper()
	s := state{Pulls: l.repo.Pulls(), Branches: l.repo.Branches(), Base: must(l.repo.Files("main"))(l.t)}
	for i := range s.Pulls {
		p := &s.Pulls[i]
		p.Body, _, _ = strings.Cut(p.Body, "<!-- basebump?")
		p.URL, p.HeadCommit, p.Labels = "", "", nil // labels are best effort
		for n := range p.Comments {
			p.Comments[n].ID = 0
			p.Comments[n].Body, _, _ = strings.Cut(p.Comments[n].Body, "<!-- basebump?")
		}
	}
	if !slices.Contains(s.Branches, debianBranch) {
		return s
	}
	s.Files = must(l.repo.Files(debianBranch))(l.t)
	for _, commit := range must(l.repo.Commits(debianBranch))(l.t) {
		message, _, _ := strings.Cut(commit.Message, "Basebump-Tree: ")
		s.Commits = append(s.Commits, message)
	}
	for _, run := range must(l.repo.CheckRuns(debianBranch))(l.t) {
		s.Check = run.Name + " " + run.Conclusion + " " + run.Title
	}
	return s
}

// breakdowns are the ways in which a call can fail: GitHub's answers, no answer in time, and answers that are lost when all is done.
func breakdowns() map[string]githubtest.Fault {
	out := map[string]githubtest.Fault{
		"primary limit":     {Status: http.StatusForbidden, Header: http.Header{"X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset": {fmt.Sprint(time.Now().Add(time.Hour).Unix())}}},
		"secondary limit":   githubtest.SecondaryLimit(time.Minute),
		"no answer":         {Drop: true},
		"done, no answer":   {Drop: true, Late: true},
		"done, answer cut":  {Corrupt: true, Late: true},
		"done, answer 502":  {Status: http.StatusBadGateway, Late: true},
		"sent elsewhere":    {Status: http.StatusTemporaryRedirect, Header: http.Header{"Location": {"https://evil.example/"}}},
		"no permission":     {Status: http.StatusForbidden, Body: `{"message":"Resource not accessible by integration"}`},
		"another's answers": {Status: http.StatusNotFound, Body: `{"message":"Not Found"}`},
	}
	for _, status := range []int{401, 409, 422, 500, 502} {
		out[fmt.Sprint(status)] = githubtest.Fault{Status: status, Body: `{"message":"Out of order"}`}
	}
	return out
}

// walks are the visits of which each call fails in turn: what to do before, so that the visit has that to do.
var walks = map[string]func(l *life){
	"open":    func(*life) {},
	"refresh": func(l *life) { l.visit(); l.now = 2 },
	"reword":  func(l *life) { l.visit(); l.more = 2 },
	"rebase": func(l *life) {
		l.visit()
		l.push("docs/b.md", "b")
		l.settings.Behind = true
	},
	"adopt": func(l *life) {
		l.visit()
		l.push("docs/b.md", "b")
		check(l.t, l.repo.UpdateBranch(1, "ann"))
	},
	"freeze": func(l *life) {
		l.visit()
		must(l.repo.Push(debianBranch, "ann", "Mine", githubtest.Files{"x": githubtest.Text("x")}))(l.t)
	},
	"close": func(l *life) { l.visit(); l.push("Dockerfile", "FROM debian:12@"+digests[1]+"\nRUN true\n") },
	"tidy":  func(l *life) { l.visit(); check(l.t, l.repo.Merge(1, "ann")) },
	"supersede": func(l *life) {
		l.visit()
		l.settings.ByRepository = true
	},
	"merge": func(l *life) {
		l.visit()
		check(l.t, l.repo.AddCheckRun(debianBranch, "test", "success"))
		l.settings.Automerge = true
	},
	"order a merge": func(l *life) {
		l.repo.SetMerging(githubtest.Merging{AutoMerge: true})
		l.repo.Protect("main", &githubtest.Protection{Checks: []string{"test"}})
		l.visit()
		l.settings.Automerge = true
	},
}

// TestAnyCallMayFail breaks each call of a visit in each way, once; with FAULTS=all in every way, else in some, so that a quick run is
// quick: over a visit each way is met. Whatever happens then, a branch holds what it held or what is wanted,
// and the visit after that ends where an undisturbed one does: the same pull requests, none doubled, none lost.
func TestAnyCallMayFail(t *testing.T) {
	t.Parallel()
	share := 4
	if os.Getenv("FAULTS") == "all" {
		share = 1
	}
	for name, before := range walks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			undisturbed := newFaultyLife(t)
			before(undisturbed)
			start := undisturbed.state()
			undisturbed.sent()
			undisturbed.visit()
			calls, want := undisturbed.sent(), undisturbed.state()
			for i, call := range calls {
				for n, kind := range slices.Sorted(maps.Keys(breakdowns())) {
					if (n+i)%share != 0 {
						continue
					}
					breakdown := breakdowns()[kind]
					if breakdown.Late && strings.HasPrefix(call, "GET ") || breakdown.Status == http.StatusNotFound && call == ref {
						continue // nothing is done; that there is no branch is an answer
					}
					l := newFaultyLife(t)
					before(l)
					l.fault = aim(breakdown, calls, i)
					l.visit()
					if now := l.state().Files; !cmp.Equal(now, start.Files) && !cmp.Equal(now, want.Files) {
						t.Errorf("%d %s, %s: the branch holds %v", i, call, kind, now)
					}
					if l.visit(); l.err != nil {
						t.Errorf("%d %s, %s: then: %v", i, call, kind, l.err)
					}
					if diff := cmp.Diff(want, l.state()); diff != "" {
						t.Errorf("%d %s, %s:\n%s", i, call, kind, diff)
					}
				}
			}
		})
	}
}

// newFaultyLife is without the contract, which other tests hold the very same calls to.
func newFaultyLife(t *testing.T) *life {
	l := newLife(t)
	l.handler = l.Server
	l.settings.Labels = nil
	return l
}

// aim makes the breakdown hit the i-th of the calls that are to come.
func aim(breakdown githubtest.Fault, calls []string, i int) *githubtest.Fault {
	operationOf := func(call string) string { // without the status
		method, path, _ := strings.Cut(call, " ")
		path, _, _ = strings.Cut(path, " ")
		if path == "/graphql" {
			return method + " " + path
		}
		return method + " /repos/{owner}/{repo}" + path
	}
	breakdown.Method, breakdown.Pattern, _ = strings.Cut(operationOf(calls[i]), " ")
	breakdown.Times = 1
	for _, earlier := range calls[:i] {
		if operationOf(earlier) == operationOf(calls[i]) {
			breakdown.Skip++
		}
	}
	return &breakdown
}
