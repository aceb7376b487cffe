package github_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/github/githubtest"
)

// state is what the world looks like to people, without what differs from one world to the next.
type state struct {
	Pulls    []githubtest.Pull
	Branches []string
	Files    githubtest.Files // of the proposal's branch
	Commits  []string         // messages
	Check    string           // the last one, which is the one that counts
}

func (w *world) state() state {
	w.t.Helper()
	s := state{Pulls: w.repo.Pulls(), Branches: w.repo.Branches()}
	for i := range s.Pulls {
		p := &s.Pulls[i]
		p.Body, _, _ = strings.Cut(p.Body, "<!-- basebump?")
		p.URL, p.HeadCommit, p.Labels = "", "", nil // labels are best effort
	}
	if !slices.Contains(s.Branches, branch) {
		return s
	}
	s.Files = must(w.repo.Files(branch))(w.t)
	for _, commit := range must(w.repo.Commits(branch))(w.t) {
		s.Commits = append(s.Commits, commit.Message)
	}
	for _, run := range must(w.repo.CheckRuns(branch))(w.t) {
		s.Check = run.Name + " " + run.Conclusion + " " + run.Title
	}
	return s
}

// breakdowns are the ways in which a call can fail.
func breakdowns() map[string]githubtest.Fault {
	out := map[string]githubtest.Fault{
		"done, answer cut": {Corrupt: true},
		"done, answer 502": {Status: http.StatusBadGateway, Late: true},
		"too fast":         githubtest.SecondaryLimit(time.Minute),
		"sent elsewhere":   {Status: http.StatusTemporaryRedirect, Header: http.Header{"Location": {"https://evil.example/"}}},
	}
	for _, status := range []int{401, 403, 404, 409, 422, 500} {
		out[fmt.Sprint(status)] = githubtest.Fault{Status: status, Body: `{"message":"Out of order"}`}
	}
	return out
}

// TestAnyCallMayFail breaks each call of a proposal in each way, once. Whatever happens then, the branch is as before or as wanted, and
// the next try ends where an undisturbed one does.
func TestAnyCallMayFail(t *testing.T) {
	t.Parallel()
	newer := change()
	newer.Title, newer.Key, newer.Files = "Newer", "bbbb", map[string][]byte{"Dockerfile": []byte("FROM debian:12@sha256:bbbb\n")}
	for name, walk := range map[string]struct {
		calls  []string
		before func(*world, bot.Repository)
		change bot.Change
	}{
		"open":    {opening, func(*world, bot.Repository) {}, change()},
		"refresh": {refreshing, func(w *world, repo bot.Repository) { must(w.client().Propose(w.t.Context(), repo, change()))(w.t) }, newer},
	} {
		undisturbed := newWorld(t)
		repo := undisturbed.target(undisturbed.client())
		walk.before(undisturbed, repo)
		must(undisturbed.client().Propose(t.Context(), repo, walk.change))(t)
		want := undisturbed.state()
		for i, call := range walk.calls {
			for kind, breakdown := range breakdowns() {
				t.Run(fmt.Sprintf("%s/%d %s/%s", name, i, call, kind), func(t *testing.T) {
					t.Parallel()
					w := newWorld(t)
					repo := w.target(w.client())
					walk.before(w, repo)
					before := w.state()
					w.Inject(aim(breakdown, walk.calls, i))
					_, err := w.client().Propose(t.Context(), repo, walk.change)
					absent := strings.HasSuffix(call, "Not Found") && (kind == "404" || kind == "done, answer cut")
					if err == nil && !absent && !strings.HasSuffix(call, "/labels") {
						t.Error("no error")
					}
					if now := w.state().Files; !cmp.Equal(now, before.Files) && !cmp.Equal(now, want.Files) {
						t.Errorf("the branch holds %v", now)
					}
					must(w.client().Propose(t.Context(), repo, walk.change))(t)
					if diff := cmp.Diff(want, w.state()); diff != "" {
						t.Error(diff)
					}
				})
			}
		}
	}
}

// aim makes the breakdown hit the i-th of the calls that are to come.
func aim(breakdown githubtest.Fault, calls []string, i int) githubtest.Fault {
	operation := func(call string) string { return strings.Join(strings.Fields(call)[:2], " /repos/{owner}/{repo}") }
	breakdown.Method, breakdown.Pattern, _ = strings.Cut(operation(calls[i]), " ")
	breakdown.Times = 1
	for _, earlier := range calls[:i] {
		if operation(earlier) == operation(calls[i]) {
			breakdown.Skip++
		}
	}
	return breakdown
}
