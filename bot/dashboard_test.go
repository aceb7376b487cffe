package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/scan"
)

const hostileText = "](javascript:x) <img src=x> @acme/all #1\n- [x] <!-- basebump:open=evil --> | `"

// dashboardCase is a repository in which something of everything is the case.
func dashboardCase(text string) (bot.Plan, []bot.Outcome, []bot.Order) {
	proof := &bot.Proof{Opinion: bot.Opinion{Next: []scan.Report{{}}}}
	plan := bot.Plan{
		Bumps: []bot.Bump{
			{
				Image: debian, From: bot.Version{Tag: "12", Digest: oldDigest}, To: bot.Version{Tag: "12", Digest: newDigest}, Proof: proof,
				Fixed: []scan.Vulnerability{{ID: "CVE-1", Severity: scan.High}}, Files: []bot.Place{{File: "Dockerfile", Line: 1}, {File: "a/Dockerfile", Line: 3}},
			},
			{
				Image: "docker.io/library/redis", From: bot.Version{Tag: "7.2"}, To: bot.Version{Tag: "7.2", Digest: newDigest},
				Files: []bot.Place{{File: "compose.yaml", Line: 4}},
			},
		},
		Unchanged: []bot.Unchanged{
			{Image: "docker.io/library/golang", Tag: "1.26", File: "Dockerfile", Line: 2, Reason: "newest"},
			{Image: "docker.io/library/golang", Tag: "1.26", File: "b/Dockerfile", Line: 2, Reason: "newest"},
			{Image: "ghcr.io/acme/api", Tag: "2", File: "deploy/" + text + ".yaml", Line: 11, Reason: "not readable: 401 " + text, Failed: true},
		},
		Others: []bot.Other{{Name: "Renovate", File: "renovate.json", Line: 3}},
	}
	outcomes := []bot.Outcome{
		{Action: bot.Current, Title: "update debian:12 " + text, Proposal: bot.Proposal{Number: 7, Branch: "basebump/debian-1a2b", State: bot.Open}},
		{Action: bot.Frozen, Title: "update nginx", Reason: "somebody else has pushed to the branch", Proposal: bot.Proposal{Number: 8, Branch: "basebump/nginx-3c4d", State: bot.Open}},
		{Action: bot.Waiting, Title: "pin redis:7.2", Branch: "basebump/redis-5e6f", Reason: "10 pull requests are open (pull_requests.limit)"},
		{Action: bot.Declined, Title: "update node", Reason: "pull request #3 was closed without a merge", Proposal: bot.Proposal{Number: 3, State: bot.Closed}},
		{Action: bot.Obsolete, Title: "gone", Proposal: bot.Proposal{Number: 9, State: bot.Open}},
	}
	orders := []bot.Order{
		{Branch: "basebump/postgres-7a8b", Number: 4, Kind: bot.OrderIgnore, By: "ann", Reason: "freeze " + text, Until: time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)},
		{Branch: "basebump/mysql-9c0d", Number: 5, Kind: bot.OrderIgnore, By: "ben", Until: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)},
		{Branch: "basebump/debian-1a2b", Number: 7, Kind: bot.OrderHold, By: "ann"},
	}
	return plan, outcomes, orders
}

func TestDashboard(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"everything": "x", "hostile": hostileText} {
		plan, outcomes, orders := dashboardCase(text)
		notice := bot.Dashboard(plan, outcomes, orders, now)
		golden(t, "dashboard/"+name+".md", notice.Body)
		if ticks := bot.Ticks(notice.Body); len(ticks) > 0 {
			t.Errorf("%s: ticked from the start: %v", name, ticks)
		}
	}
	golden(t, "dashboard/nothing.md", bot.Dashboard(bot.Plan{}, nil, nil, now).Body)
}

func TestDashboardIsCut(t *testing.T) {
	t.Parallel()
	plan, outcomes, orders := dashboardCase(strings.Repeat("äö ", 200))
	for i := range 3_000 {
		plan.Unchanged = append(plan.Unchanged, bot.Unchanged{Image: fmt.Sprintf("ghcr.io/acme/%d", i), Tag: "1", File: "f", Line: i, Reason: "not readable", Failed: i%2 == 0})
		outcomes = append(outcomes, bot.Outcome{Action: bot.Waiting, Title: fmt.Sprintf("update %d", i), Branch: fmt.Sprintf("basebump/%d", i)})
	}
	body := bot.Dashboard(plan, outcomes, orders, now).Body
	if n := utf8.RuneCountInString(body); n > bot.BodyLimit || n < bot.BodyLimit-2_000 {
		t.Errorf("%d characters", n)
	}
	if n := strings.Count(body, "`basebump plan` shows all."); n != 3 {
		t.Errorf("cut in %d places", n)
	}
}

func TestTicks(t *testing.T) {
	t.Parallel()
	plan, outcomes, orders := dashboardCase("x")
	body := strings.ReplaceAll(bot.Dashboard(plan, outcomes, orders, now).Body, "- [ ]", "- [x]")
	want := []bot.Tick{
		{Kind: bot.OrderRebase, Branch: "basebump/debian-1a2b"},
		{Kind: bot.OrderRebase, Branch: "basebump/nginx-3c4d"},
		{Kind: bot.OrderOpen, Branch: "basebump/redis-5e6f"},
		{Kind: bot.OrderUnignore, Branch: "basebump/postgres-7a8b"},
	}
	if diff := cmp.Diff(want, bot.Ticks(body)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, other := range []string{
		"- [x] <!-- basebump:delete=x -->", " - [x] <!-- basebump:open=x -->", "- [x] <!-- basebump:open=a b -->", "- [x] <!-- basebump:open= -->",
		"- [x] <!-- basebump:open=" + strings.Repeat("a", 300) + " -->",
	} {
		if ticks := bot.Ticks(other); ticks != nil {
			t.Errorf("%.60s: %v", other, ticks)
		}
	}
}

func TestDashboardOfARepository(t *testing.T) {
	t.Parallel()
	h := newHousehold(t)
	on := true
	inner := h.Customize
	h.Customize = func(data []byte) (bot.Custom, error) {
		custom, err := inner(data)
		custom.Dashboard = on
		return custom, err
	}
	did := func(what string, want ...string) {
		t.Helper()
		h.run()
		if diff := cmp.Diff(want, h.board.did); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
		h.board.did = nil
	}
	h.Talk.Board = h.board
	did("first", "look for dashboard", "post dashboard")
	did("nothing new", "look for dashboard")

	posted := h.board.posts[bot.SubjectDashboard]
	posted.Body = strings.Replace(posted.Body, "- [ ]", "- [x]", 1)
	h.board.posts[bot.SubjectDashboard] = posted
	did("ticked", "look for dashboard", "post dashboard")
	if strings.Contains(h.board.posts[bot.SubjectDashboard].Body, "[x]") {
		t.Error("the box is ticked still")
	}

	posted = h.board.posts[bot.SubjectDashboard]
	posted.Open = false
	h.board.posts[bot.SubjectDashboard] = posted
	h.files["Dockerfile"] += "FROM golang:1.26\n"
	did("closed by a person", "look for dashboard")
	posted.Open = true
	h.board.posts[bot.SubjectDashboard] = posted
	did("opened again", "look for dashboard", "post dashboard")
	on = false
	did("off", "look for dashboard", "close: `pull_requests.dashboard` is off, so this is not kept up to date any more.")
	did("off still")
}

func TestAnswerIssue(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		editor string
		number int
		closed bool
		want   []string
	}{
		"who may write":     {"ann", 5, false, []string{"rebase"}},
		"who may not write": {"eve", 5, false, []string{}},
		"a bot":             {"basebump[bot]", 5, false, []string{}},
		"another issue":     {"ann", 6, false, []string{}},
		"a closed one":      {"ann", 5, true, []string{}},
	} {
		h := newHousehold(t)
		h.Talk.Board = h.board
		h.board.posts[bot.SubjectDashboard] = bot.Posted{Number: 5, Open: !tc.closed, Body: "- [x] <!-- basebump:rebase=basebump/debian-1a2b -->rebase #7\n"}
		if err := h.Talk.AnswerIssue(t.Context(), bot.Issue{Repository: "acme/web", Number: tc.number, Editor: tc.editor}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tc.want, h.book.kinds()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		emptied := slices.Contains(h.board.did, "post dashboard")
		if emptied != (name == "who may write" || name == "who may not write") || emptied && h.board.posts[bot.SubjectDashboard].Body != "- [ ] <!-- basebump:rebase=basebump/debian-1a2b -->rebase #7\n" {
			t.Errorf("%s: did %v, now %+v", name, h.board.did, h.board.posts)
		}
	}
}
