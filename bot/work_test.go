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

func TestDryRunTellsNobody(t *testing.T) {
	t.Parallel()
	h := newHousehold(t)
	h.Forge = nil
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
		t.Errorf("became %q", lines)
	}
	if want := "left alone, as ann asked on #1 until 2026-11-23: freeze"; plan.Unchanged[0].Reason != want {
		t.Errorf("reason %q, want %q", plan.Unchanged[0].Reason, want)
	}
	h.forge.proposals[0].Key = "" // as the forge has it of what we close
	h.book.orders[0].Until = order.Until.AddDate(0, 0, -1)
	h.expect("the day after", "opened")
	h.book.orders[0].Until, h.book.orders[0].Branch = time.Time{}, "basebump/redis-1a2b3c4d"
	h.expect("another image", "up to date")
	h.book.orders[0].Branch = "basebump/images"
	if lines, _ := h.run(); len(lines) != 1 || !strings.HasPrefix(lines[0], "closed as obsolete") {
		t.Errorf("every image: %q", lines)
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
