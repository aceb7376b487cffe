package github_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/github"
	"github.com/basebump/basebump/bot/github/githubtest"
	"github.com/basebump/basebump/bot/store/sqlite"
	"github.com/basebump/basebump/scan"
)

// home is acme/web looked after by whole cycles with a real database, in a world where ann may write. Between two cycles are 20 minutes.
type home struct {
	*life
	now       time.Time
	store     *sqlite.Store
	client    *github.Client
	dashboard bool
}

func newHome(t *testing.T) *home {
	t.Helper()
	h := &home{now: time.Now().Truncate(time.Second), store: must(sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "state.db")))(t)}
	clock := func() time.Time { return h.now }
	h.life = &life{
		world: newWorld(t, func(o *githubtest.Options) { o.Now = clock }), images: &images{now: 1}, memory: &memory{},
		settings: bot.PullRequests{BranchPrefix: "basebump/", Limit: 10, Style: bot.StyleConventional},
	}
	h.signAt(clock)
	h.push("Dockerfile", "FROM debian:12@"+digests[0]+"\n")
	t.Cleanup(func() { check(t, h.store.Close()) })
	h.repo.AddCollaborator("ann", "write")
	h.client = h.life.client(func(o *github.Options) { o.Now = clock })
	return h
}

// alone is a fleet of acme/web.
type alone struct {
	*github.Client
	repo bot.Repository
}

func (a alone) Repositories(context.Context) ([]bot.Repository, error) {
	return []bot.Repository{a.repo}, nil
}

// talk is who answers.
func (h *home) talk() *bot.Talk {
	return &bot.Talk{Forge: h.client, Orders: h.store, Board: h.client, Now: func() time.Time { return h.now }}
}

// cycle goes through one and returns what became of the proposals.
func (h *home) cycle() []string {
	h.t.Helper()
	h.now = h.now.Add(20 * time.Minute)
	repo := h.target(h.client)
	cycle := bot.Cycle{
		Fleet: alone{h.client, repo}, Forge: h.client, Store: h.store, Talk: h.talk(), Desk: &bot.Desk{Board: h.client, Notes: h.store},
		Planner: &bot.Planner{
			Resolver: h.images, Scanners: []bot.Scanner{{Name: "grype", Scanner: h.images}}, Now: h.talk().Now,
			Policy: bot.Policy{Policy: scan.Policy{When: scan.Vulnerable, BlockIntroduced: scan.High}},
		},
	}
	cycle.Customize = func([]byte) (bot.Custom, error) {
		return bot.Custom{Policy: cycle.Planner.Policy, PullRequests: h.settings, Dashboard: h.dashboard}, nil
	}
	h.ForgetRequests()
	results := must(cycle.Run(h.t.Context()))(h.t)
	var lines []string
	for _, o := range results[0].Outcomes {
		lines = append(lines, string(o.Action))
	}
	return lines
}

func (h *home) expectCycle(what, want string, sent ...string) {
	h.t.Helper()
	if got := strings.Join(h.cycle(), ", "); got != want {
		h.t.Errorf("%s: became %q, want %q", what, got, want)
	}
	if sent == nil {
		h.ForgetRequests()
		return
	}
	if diff := cmp.Diff(sent, h.sent()); diff != "" {
		h.t.Errorf("%s: requests (-want +got):\n%s", what, diff)
	}
}

func (h *home) say(text string) {
	h.t.Helper()
	must(h.repo.Comment(1, "ann", text))(h.t)
}

// lastReply is what was said last below a pull request.
func (h *home) lastReply(number int) string {
	h.t.Helper()
	comments := h.pull(number).Comments
	return comments[len(comments)-1].Body
}

func TestPeopleWithoutWebhooks(t *testing.T) {
	t.Parallel()
	const comments, react = "/issues/{issue_number}/comments", "/issues/comments/{comment_id}/reactions"
	h := newHome(t)
	h.expectCycle("first", "opened")
	h.expectCycle("something may have been written", "up to date", "GET /pulls", "GET "+comments)
	h.expectCycle("at rest", "up to date", "GET /pulls")

	h.say("/basebump hold")
	h.expectCycle("hold", "on hold", "GET /pulls", "GET "+comments, "GET /collaborators/{username}/permission", "POST "+react, "GET /pulls/{pull_number}",
		"GET "+comments, "POST "+comments, "POST "+react, "GET /pulls")
	h.images.now = 2
	h.expectCycle("our own answer is no news", "on hold", "GET /pulls", "GET "+comments)
	h.expectCycle("held", "on hold", "GET /pulls")
	h.holds(digests[1])

	h.say("/basebump unhold")
	h.expectCycle("unhold", "refreshed")
	h.holds(digests[2])

	must(h.repo.Push(debianBranch, "ann", "Mine", githubtest.Files{"x": githubtest.Text("x")}))(t)
	h.expectCycle("a person's commit", "frozen")
	h.say("/basebump rebase")
	h.expectCycle("rebase", "rebased")
	h.expectCycle("and on", "up to date")

	h.say("/basebump explain")
	h.expectCycle("explain", "up to date")
	if reply := h.lastReply(1); !strings.HasPrefix(reply, "**docker.io/library/debian** · tag `12` stays") || !strings.Contains(reply, "How it stands: up to date.") {
		t.Errorf("explained %q", reply)
	}

	h.say("/basebump ignore until=2126-12-31 reason=freeze @acme/all")
	h.expectCycle("ignore", "closed as obsolete")
	if reply := h.lastReply(1); !strings.Contains(reply, "left alone, as ann asked on") || strings.Contains(reply, "@acme") {
		t.Errorf("closed with %q", reply)
	}
	h.expectCycle("left alone", "", "GET /pulls")
	check(t, h.talk().Answer(t.Context(), bot.Comment{
		Repository: "acme/web", Number: 1, ID: must(h.repo.Comment(1, "ann", "/basebump unignore"))(t), Author: "ann", Body: "/basebump unignore", IsPullRequest: true,
	}))
	h.expectCycle("unignore", "opened")
	if len(h.repo.Pulls()) != 2 {
		t.Errorf("%d pull requests", len(h.repo.Pulls()))
	}
	for _, c := range h.pull(1).Comments {
		if strings.HasPrefix(c.Body, "/basebump") && len(c.Reactions) != 2 {
			t.Errorf("%s: reactions %v", c.Body, c.Reactions)
		}
	}
}

func TestDashboard(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.dashboard = true
	h.expectCycle("first", "opened")
	issues := func() githubtest.Issue {
		t.Helper()
		all := h.repo.Issues()
		if len(all) != 1 {
			t.Fatalf("%d issues", len(all))
		}
		return all[0]
	}
	first := issues()
	if first.Title != "basebump: images" || !strings.Contains(first.Body, "<!-- basebump:rebase="+debianBranch+" -->rebase #1") {
		t.Errorf("dashboard %+v", first)
	}
	h.expectCycle("young", "up to date")
	h.expectCycle("at rest", "up to date", "GET /pulls", "GET /issues/{issue_number}")
	if issues().Body != first.Body {
		t.Error("edited without need")
	}

	must(h.repo.Push(debianBranch, "ann", "Mine", githubtest.Files{"x": githubtest.Text("x")}))(t)
	h.expectCycle("frozen", "frozen")
	if !strings.Contains(issues().Body, "frozen: somebody else has pushed to the branch") {
		t.Errorf("dashboard %s", issues().Body)
	}
	check(t, h.repo.EditBody(issues().Number, "ann", strings.ReplaceAll(issues().Body, "- [ ]", "- [x]")))
	h.expectCycle("ticked", "rebased")
	if strings.Contains(issues().Body, "[x]") {
		t.Error("ticked still")
	}
	check(t, h.repo.CloseIssue(issues().Number, "ann"))
	h.images.now = 2
	h.expectCycle("closed", "refreshed")
	if state := issues().State; state != "closed" {
		t.Errorf("the dashboard is %s", state)
	}
	check(t, h.repo.ReopenIssue(issues().Number, "ann"))
	h.expectCycle("opened again", "up to date")
	if issues().State != "open" {
		t.Error("not open")
	}
	h.dashboard = false
	h.expectCycle("off", "up to date")
	if last := issues(); last.State != "closed" || len(last.Comments) != 1 {
		t.Errorf("dashboard %+v", last)
	}
}
