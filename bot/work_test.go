package bot_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
)

// one is a fleet of one repository.
type one struct{ source bot.Source }

func (one) Repositories(context.Context) ([]bot.Repository, error) {
	return []bot.Repository{{Owner: "acme", Name: "web", DefaultBranch: "main", Head: "1"}}, nil
}

func (o one) Source(bot.Repository) bot.Source { return o.source }

// dated is a forge that tells when a proposal changed.
type dated struct {
	*forge
	at time.Time
}

func (d dated) Open(ctx context.Context, repo bot.Repository, prefix string) ([]bot.Proposal, error) {
	open, err := d.forge.Open(ctx, repo, prefix)
	for i := range open {
		open[i].Updated = d.at
	}
	return open, err
}

// board keeps issues in memory and tells what was done.
type board struct {
	did   []string
	posts map[string]bot.Posted
}

func (b *board) Posted(_ context.Context, _ bot.Repository, subject string, _ int) (bot.Posted, error) {
	b.did = append(b.did, "look for "+subject)
	return b.posts[subject], nil
}

func (b *board) Post(_ context.Context, _ bot.Repository, _ int, n bot.Notice, text string) (int, error) {
	b.did = append(b.did, "post "+n.Subject)
	b.posts[n.Subject] = bot.Posted{Number: 5, Open: true, Body: n.Body, Text: text}
	return 5, nil
}

func (b *board) Unpost(_ context.Context, _ bot.Repository, _ int, why string) error {
	b.did = append(b.did, "close: "+why)
	b.posts[bot.SubjectConfig] = bot.Posted{Number: 5}
	return nil
}

// remembered are notes in memory.
type remembered map[string]bot.Note

func (r remembered) Note(_ context.Context, _, subject string) (bot.Note, bool, error) {
	note, known := r[subject]
	return note, known, nil
}

func (r remembered) SaveNote(_ context.Context, _, subject string, note bot.Note) error {
	r[subject] = note
	return nil
}

// household is a cycle over one repository whose people can talk to us.
type household struct {
	*bot.Cycle
	t     *testing.T
	files tree
	forge *forge
	chat  *chat
	book  *book
	board *board
}

func newHousehold(t *testing.T) *household {
	r, s := world()
	h := &household{
		t: t, files: tree{"Dockerfile": "FROM debian:12@" + oldDigest + "\n"}, forge: &forge{}, chat: &chat{}, book: &book{},
		board: &board{posts: map[string]bot.Posted{}},
	}
	h.Cycle = &bot.Cycle{
		Fleet: one{h.files}, Forge: h.forge, Planner: planner(r, s), Talk: talk(h.chat, h.book), Desk: &bot.Desk{Board: h.board, Notes: remembered{}},
	}
	h.Customize = func(data []byte) (bot.Custom, error) {
		if strings.Contains(string(data), "broken") {
			return bot.Custom{}, &bot.BrokenCustom{Misfits: []bot.Misfit{{Line: 1, Message: string(data)}}}
		}
		return bot.Custom{
			Policy: h.Planner.Policy, PullRequests: bot.PullRequests{BranchPrefix: "basebump/", Limit: 10}, Coexist: string(data) == "coexist",
			Updaters: bot.Updaters{
				Files:  []string{"renovate.json"},
				Covers: func(_ string, data []byte) (string, int, bool) { return "Renovate", 3, string(data) == "docker" },
			},
		}, nil
	}
	return h
}

// run goes through one cycle and returns "action: reason" of each outcome, or the error.
func (h *household) run() (lines []string, plan bot.Plan) {
	h.t.Helper()
	results, err := h.Run(h.t.Context())
	for _, o := range results[0].Outcomes {
		lines = append(lines, strings.TrimSuffix(string(o.Action)+": "+o.Reason, ": "))
	}
	if err != nil {
		lines = append(lines, "error: "+err.Error())
	}
	return lines, results[0].Plan
}

func (h *household) expect(what string, want ...string) bot.Plan {
	h.t.Helper()
	lines, plan := h.run()
	if diff := cmp.Diff(want, lines); diff != "" {
		h.t.Errorf("%s (-want +got):\n%s", what, diff)
	}
	return plan
}

func TestBrokenConfigurationStopsOneRepository(t *testing.T) {
	t.Parallel()
	h := newHousehold(t)
	h.files[".github/basebump.yaml"] = "broken"
	h.expect("broken", "error: acme/web: .github/basebump.yaml:1: broken")
	h.expect("broken still", "error: acme/web: .github/basebump.yaml:1: broken")
	h.files[".github/basebump.yaml"] = "broken otherwise"
	h.expect("broken otherwise", "error: acme/web: .github/basebump.yaml:1: broken otherwise")
	h.files[".github/basebump.yaml"] = "fine"
	h.expect("mended", "opened")
	h.expect("fine", "up to date")
	want := []string{
		"look for config", "post config", "look for config", "post config", "look for config",
		"close: `.github/basebump.yaml` is in order again; this repository is looked after.",
	}
	if diff := cmp.Diff(want, h.board.did); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestConfigurationByAnotherNameIsTold(t *testing.T) {
	t.Parallel()
	h := newHousehold(t)
	h.files[".github/basebump.yml"] = "fine"
	h.expect("misnamed", "error: acme/web: .github/basebump.yaml: it is called .github/basebump.yml here; rename it")
	h.files[".github/basebump.yaml"] = "fine" // ours counts, whatever else is there
	h.expect("renamed", "opened")
}

func TestDryRunTellsNobody(t *testing.T) {
	t.Parallel()
	h := newHousehold(t)
	h.Forge, h.Store = nil, struct{ bot.Store }{} // a store that cannot be used
	h.book.orders = []bot.Order{{Branch: "basebump/images", Number: 1, Kind: bot.OrderIgnore, By: "ann"}, {Branch: "basebump/images", Kind: bot.OrderRebase}}
	if plan := h.expect("in order"); len(plan.Bumps) > 0 || plan.Unchanged[0].Reason != "left alone, as ann asked on #1" || len(h.book.orders) != 2 {
		t.Errorf("orders are heeded, not carried out: %+v, left %v", plan, h.book.orders)
	}
	h.files[".github/basebump.yaml"] = "broken"
	h.expect("broken", "error: acme/web: .github/basebump.yaml:1: broken")
	if len(h.board.did) > 0 {
		t.Errorf("did %v", h.board.did)
	}
}

func TestAnotherUpdaterIsNotFought(t *testing.T) {
	t.Parallel()
	h := newHousehold(t)
	h.files["renovate.json"] = "docker"
	left := "left to another updater: Renovate looks after images here already (renovate.json:3); switch that off there, or add .github/basebump.yaml to have both"
	plan := h.expect("Renovate", left)
	if diff := cmp.Diff([]bot.Other{{Name: "Renovate", File: "renovate.json", Line: 3}}, plan.Others); diff != "" || len(plan.Bumps) != 1 {
		t.Errorf("others (-want +got):\n%s\n%d bumps", diff, len(plan.Bumps))
	}
	if slices.Contains(h.forge.asked, "propose") {
		t.Error("proposed all the same")
	}
	h.files["renovate.json"] = "npm alone"
	h.expect("not for images", "opened")
	h.files["renovate.json"] = "docker"
	h.expect("added later", left)
	if h.forge.proposals[0].State != bot.Open {
		t.Error("what is open stays")
	}
	h.files[".github/basebump.yaml"] = "fine"
	h.expect("wanted here", "up to date")
}

func TestIgnoredByAPerson(t *testing.T) {
	t.Parallel()
	h := newHousehold(t)
	h.expect("first", "opened")
	branch := h.forge.proposals[0].Branch
	order := bot.Order{
		Branch: branch, Number: 1, Kind: bot.OrderIgnore, Reason: "freeze", By: "ann", Asked: now,
		Until: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC),
	}
	h.book.orders = []bot.Order{order}
	lines, plan := h.run()
	if len(lines) != 1 || !strings.HasPrefix(lines[0], "closed as obsolete") {
		t.Fatalf("became %q", lines)
	}
	if want := "left alone, as ann asked on #1 until 2026-11-23: freeze"; plan.Unchanged[0].Reason != want {
		t.Errorf("reason %q, want %q", plan.Unchanged[0].Reason, want)
	}
	h.book.orders[0].Until = order.Until.AddDate(0, 0, -1)
	h.expect("the day after", "opened")
	if len(h.book.orders) > 0 {
		t.Errorf("what has run out is kept: %v", h.book.orders)
	}
	order.Until, order.Branch = time.Time{}, "basebump/redis-1a2b3c4d"
	h.book.orders = []bot.Order{order}
	h.expect("another image", "up to date")
	h.book.orders[0].Branch = "basebump/images"
	if lines, _ := h.run(); len(lines) != 1 || !strings.HasPrefix(lines[0], "closed as obsolete") {
		t.Errorf("every image: %q", lines)
	}
}

func TestOrdersAreCarriedOut(t *testing.T) {
	t.Parallel()
	h := newHousehold(t)
	h.expect("first", "opened")
	branch := h.forge.proposals[0].Branch
	give := func(kinds ...bot.OrderKind) {
		h.chat.said, h.book.orders = nil, nil
		for _, kind := range kinds {
			h.book.orders = append(h.book.orders, bot.Order{Branch: branch, Number: 1, Kind: kind, By: "ann", Comment: 99})
		}
	}
	left := func(want ...string) {
		t.Helper()
		if diff := cmp.Diff(append([]string{}, want...), h.book.kinds()); diff != "" {
			t.Errorf("orders left (-want +got):\n%s", diff)
		}
	}
	give(bot.OrderHold)
	h.expect("hold", "on hold: a person asked to leave it as it is")
	left("hold")
	give(bot.OrderHold, bot.OrderRebase)
	h.expect("rebase goes before hold", "rebased")
	h.expect("hold again", "on hold: a person asked to leave it as it is")
	left("hold")
	h.forge.tips = map[string]bot.Tip{branch: {Holder: bot.Theirs, Head: "theirs"}}
	give(bot.OrderRecreate)
	h.expect("recreate", "rebased")
	left()
	give(bot.OrderHold)
	h.forge.proposals[0].State = bot.Closed
	h.expect("closed while held", "declined: pull request #1 was closed without a merge: a no to this digest")
	left()
	give(bot.OrderRecreate)
	h.expect("recreate what was declined", "opened")
	left()

	give(bot.OrderExplain)
	h.expect("explain", "up to date")
	left()
	want := []string{
		"explain=99: **docker.io/library/debian** · tag `12` stays · `1cdb8103…` (2026-08-23) → `f747294e…` (2026-11-20)\n\n" +
			"- introduces nothing known\n- fixes 1 (1 critical)\n\nHow it stands: up to date.", "+1",
	}
	if diff := cmp.Diff(want, h.chat.said); diff != "" {
		t.Errorf("explained (-want +got):\n%s", diff)
	}
	h.files["Dockerfile"] = "FROM debian:12@" + newDigest + "\n"
	give(bot.OrderExplain)
	h.run()
	if len(h.chat.said) != 2 || !strings.HasPrefix(h.chat.said[0], "explain=99: - debian:12: newest\n\nHow it stands: closed as obsolete") {
		t.Errorf("explained %q", h.chat.said)
	}
}

func TestOpenNowWhateverTheLimits(t *testing.T) {
	t.Parallel()
	h := newHousehold(t)
	inner := h.Customize
	h.Customize = func(data []byte) (bot.Custom, error) {
		custom, err := inner(data)
		custom.PullRequests.Limit = 1
		return custom, err
	}
	h.files["Dockerfile"] += "FROM redis:7\n"
	h.Planner.Resolver.(*registry).tags["docker.io/library/redis:7"] = newDigest
	results, err := h.Run(t.Context())
	if err != nil || len(results[0].Outcomes) != 2 || results[0].Outcomes[1].Action != bot.Waiting || results[0].Outcomes[1].Branch == "" {
		t.Fatalf("%+v, %v", results, err)
	}
	h.book.orders = []bot.Order{{Branch: results[0].Outcomes[1].Branch, Kind: bot.OrderOpen}}
	h.expect("open now", "up to date", "opened")
	if len(h.book.orders) > 0 {
		t.Errorf("orders left: %v", h.book.orders)
	}
}

func TestCommandsAreHeardWithoutWebhooks(t *testing.T) {
	t.Parallel()
	h := newHousehold(t)
	h.expect("first", "opened")
	h.expect("silence", "up to date")
	h.Forge = dated{h.forge, now.Add(-time.Hour)}
	said := comment("ann", "/basebump ignore")
	said.Number = 1
	h.chat.comments = []bot.Comment{said}
	h.chat.branch = h.forge.proposals[0].Branch
	if lines, _ := h.run(); len(lines) != 1 || !strings.HasPrefix(lines[0], "closed as obsolete") {
		t.Errorf("heard: %q", lines)
	}
	if n := len(h.chat.said); n != 6 || h.chat.said[n-1] != "+1" {
		t.Errorf("said %q", h.chat.said)
	}
}

// TestOrdersAreFollowedOnce: what is to be done once is forgotten when it was done, what holds is not.
func TestOrdersAreFollowedOnce(t *testing.T) {
	t.Parallel()
	h := newHousehold(t)
	h.expect("first", "opened")
	branch := h.forge.proposals[0].Branch
	order := func(kind bot.OrderKind) { h.book.orders = append(h.book.orders, bot.Order{Branch: branch, Kind: kind}) }
	order(bot.OrderRebase)
	h.expect("rebase", "rebased")
	h.expect("then", "up to date")
	order(bot.OrderHold)
	order(bot.OrderRecheck)
	h.expect("a check goes before the hold", "refreshed")
	h.expect("held", "on hold: a person asked to leave it as it is")
	if diff := cmp.Diff([]string{"hold"}, h.book.kinds()); diff != "" {
		t.Errorf("orders (-want +got):\n%s", diff)
	}
	h.book.orders = nil
	h.forge.proposals[0].State = bot.Closed
	h.expect("closed", "declined: pull request #1 was closed without a merge: a no to this digest")
	order(bot.OrderRecreate)
	h.expect("recreate", "opened")
	if len(h.book.orders) > 0 {
		t.Errorf("orders left: %v", h.book.kinds())
	}
}
