package bot_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/dockerfile/manifest"
	"github.com/basebump/basebump/resolver"
	"github.com/basebump/basebump/resolver/tag"
	"github.com/basebump/basebump/scan"
)

func plan(t *testing.T, p *bot.Planner, files tree) bot.Plan {
	t.Helper()
	snapshot, err := bot.Extract(t.Context(), files, nil, manifest.Set{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := p.Plan(t.Context(), snapshot)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// summary is a plan in a few words: bumps as "image:tag from>to places", the rest as "place reason".
func summary(p bot.Plan) []string {
	lines := []string{}
	for _, b := range p.Bumps {
		var places []string
		for _, f := range b.Files {
			places = append(places, f.File)
		}
		lines = append(lines, strings.Join([]string{b.Image + ":" + b.To.Tag, pin(b.From) + ">" + pin(b.To), strings.Join(places, ",")}, " "))
	}
	for _, u := range p.Unchanged {
		mark := "= "
		if u.Failed {
			mark = "! "
		}
		lines = append(lines, mark+u.File+": "+u.Reason)
	}
	return lines
}

func pin(v bot.Version) string {
	if v.Digest == "" {
		return "unpinned"
	}
	return v.Digest[7:11]
}

func TestPlan(t *testing.T) {
	t.Parallel()
	pinned := tree{"Dockerfile": "FROM debian:12@" + oldDigest + "\n"}
	for _, tc := range []struct {
		name  string
		files tree
		given func(*bot.Planner, *registry, *scanner)
		want  []string
	}{
		{"a pinned reference moves", pinned, nil, []string{debian + ":12 1cdb>f747 Dockerfile"}},
		{
			"an unpinned one of the same tag moves along",
			tree{"Dockerfile": "FROM debian:12@" + oldDigest + "\n", "pod.yaml": "apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a, image: debian:12}]}\n"},
			nil,
			[]string{debian + ":12 1cdb>f747 Dockerfile,pod.yaml"},
		},
		{"unpinned alone is pinned", tree{"Dockerfile": "FROM debian:12\n"}, nil, []string{debian + ":12 unpinned>f747 Dockerfile"}},
		{
			"unpinned stays when pins are off",
			tree{"Dockerfile": "FROM debian:12\n"},
			func(p *bot.Planner, _ *registry, _ *scanner) { p.Policy.Pin = false },
			[]string{"= Dockerfile: newest; not pinned, since policy.pin is off"},
		},
		{"newest stays", tree{"Dockerfile": "FROM debian:12@" + newDigest + "\n"}, nil, []string{"= Dockerfile: newest"}},
		{
			"worse is held", pinned,
			func(_ *bot.Planner, _ *registry, s *scanner) {
				s.found[newDigest] = []scan.Vulnerability{{ID: "CVE-2026-9", Severity: scan.High, Package: "zlib1g", Type: "deb"}}
			},
			[]string{"= Dockerfile: held: the build f747294e: introduces CVE-2026-9 (high) in zlib1g"},
		},
		{
			"a lost platform is held", pinned,
			func(_ *bot.Planner, r *registry, _ *scanner) {
				image := r.images[oldDigest]
				image.Platforms = append(image.Platforms, resolver.Platform{Name: "linux/arm64"})
				r.images[oldDigest] = image
			},
			[]string{"= Dockerfile: held: the build f747294e: no longer built for linux/arm64"},
		},
		{
			"a lost platform that the reference cannot run on does not matter",
			tree{"Dockerfile": "FROM --platform=linux/amd64 debian:12@" + oldDigest + "\n"},
			func(_ *bot.Planner, r *registry, _ *scanner) {
				image := r.images[oldDigest]
				image.Platforms = append(image.Platforms, resolver.Platform{Name: "linux/arm64"})
				r.images[oldDigest] = image
			},
			[]string{debian + ":12 1cdb>f747 Dockerfile"},
		},
		{
			"a registry's refusal is a reason and a failure", pinned,
			func(_ *bot.Planner, r *registry, _ *scanner) {
				r.errs[debian+":12"] = &fault.Error{Op: "resolve", Target: "debian:12", Class: fault.Auth, Err: errors.New("401"), Hint: "add credentials"}
			},
			[]string{"! Dockerfile: resolve debian:12: 401; add credentials"},
		},
		{
			"one registry's refusal leaves the others",
			tree{"Dockerfile": "FROM quay.io/acme/base:3\nFROM debian:12@" + oldDigest + "\n"},
			func(_ *bot.Planner, r *registry, _ *scanner) {
				r.errs["quay.io/acme/base:3"] = &fault.Error{Op: "resolve", Target: "quay.io/acme/base:3", Class: fault.Retry, Err: errors.New("429 too many requests"), Hint: "will try again at 14:05:12"}
			},
			[]string{debian + ":12 1cdb>f747 Dockerfile", "! Dockerfile: resolve quay.io/acme/base:3: 429 too many requests; will try again at 14:05:12"},
		},
		{
			"a scan that cannot be done proposes nothing", pinned,
			func(_ *bot.Planner, _ *registry, s *scanner) { s.err = errors.New("no database") },
			[]string{"! Dockerfile: the build f747294e not verified: no database"},
		},
		{
			"without a scanner the move is listed, unverified", pinned,
			func(p *bot.Planner, _ *registry, _ *scanner) { p.Scanners = nil },
			[]string{debian + ":12 1cdb>f747 Dockerfile"},
		},
		{
			"a digest alone has nothing to follow",
			tree{"Dockerfile": "FROM debian@" + oldDigest + "\n"},
			nil,
			[]string{"= Dockerfile: pinned by digest alone, so no tag says what is newer; write NAME:TAG@DIGEST to have it kept current"},
		},
		{
			"a newer tag is offered before a newer build",
			tree{"Dockerfile": "FROM debian:12.1@" + oldDigest + "\n"},
			func(p *bot.Planner, r *registry, _ *scanner) {
				p.Policy.Update = tag.Minor
				r.listed = []string{"11.9", "12.0", "12.1", "12.2", "12.10", "13.0", "latest"}
				r.tags = map[string]string{debian + ":12.1": newDigest, debian + ":12.10": newDigest}
			},
			[]string{debian + ":12.10 1cdb>f747 Dockerfile"},
		},
		{
			"a tag that moves stays unpinned when pins are off, and a pinned one stays pinned",
			tree{"Dockerfile": "FROM debian:12.1\nFROM debian:12.1@" + oldDigest + "\n"},
			func(p *bot.Planner, r *registry, _ *scanner) {
				p.Policy.Pin, p.Policy.Update = false, tag.Minor
				r.listed = []string{"12.1", "12.10"}
				r.tags = map[string]string{debian + ":12.1": oldDigest, debian + ":12.10": newDigest}
			},
			[]string{debian + ":12.10 unpinned>unpinned Dockerfile", debian + ":12.10 1cdb>f747 Dockerfile"},
		},
		{
			"when the newer tag is worse, the newer build is next",
			tree{"Dockerfile": "FROM debian:12.1@" + oldDigest + "\n"},
			func(p *bot.Planner, r *registry, s *scanner) {
				const worse = "sha256:bad0000000000000000000000000000000000000000000000000000000000000"
				p.Policy.Update = tag.Minor
				r.listed = []string{"12.1", "12.10"}
				r.tags = map[string]string{debian + ":12.1": newDigest, debian + ":12.10": worse}
				s.found[worse] = []scan.Vulnerability{{ID: "CVE-2026-9", Severity: scan.High, Package: "zlib1g", Type: "deb"}}
			},
			[]string{debian + ":12.1 1cdb>f747 Dockerfile"},
		},
		{
			"what the policy keeps back is told",
			tree{"Dockerfile": "FROM debian:12.1@" + newDigest + "\n"},
			func(p *bot.Planner, r *registry, _ *scanner) {
				p.Policy.Update = tag.Minor
				r.listed = []string{"12.1", "13.0"}
				r.tags = map[string]string{debian + ":12.1": newDigest}
			},
			[]string{"= Dockerfile: newest; not offered: 13.0 is a major step"},
		},
		{
			"a tag list that was cut is told",
			tree{"Dockerfile": "FROM debian:12@" + newDigest + "\n"},
			func(p *bot.Planner, r *registry, _ *scanner) {
				p.Policy.Update = tag.Minor
				r.cut = "only the first 1000000 tags were read"
			},
			[]string{"! Dockerfile: newest; newer tags not known: only the first 1000000 tags were read"},
		},
		{
			"a tag list that cannot be had leaves the digest's refresh",
			tree{"Dockerfile": "FROM debian:12@" + oldDigest + "\n"},
			func(p *bot.Planner, r *registry, _ *scanner) {
				p.Policy.Update = tag.Minor
				r.errs[debian] = errors.New("list tags: 500")
			},
			[]string{debian + ":12 1cdb>f747 Dockerfile"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r, s := world()
			p := planner(r, s)
			if tc.given != nil {
				tc.given(p, r, s)
			}
			if d := cmp.Diff(tc.want, summary(plan(t, p, tc.files))); d != "" {
				t.Errorf("plan (-want +got):\n%s", d)
			}
		})
	}
}

func TestPlanAsksEachTagOnce(t *testing.T) {
	t.Parallel()
	r, s := world()
	plan(t, planner(r, s), tree{
		"a/Dockerfile": "FROM debian:12@" + oldDigest + "\nFROM debian:12\nFROM debian:12@" + newDigest + "\n",
		"b/Dockerfile": "FROM debian:12@" + oldDigest + "\n",
	})
	if d := cmp.Diff([]string{debian + ":12"}, r.asked); d != "" {
		t.Errorf("asked (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]string{"1cdb linux/amd64", "f747 linux/amd64"}, s.scanned); d != "" {
		t.Errorf("scanned (-want +got):\n%s", d)
	}
}

// TestLatestIsAHint has what the tag "latest" answers as the newest stable: a major step beyond it is kept back, a lesser one is not.
func TestLatestIsAHint(t *testing.T) {
	t.Parallel()
	digest := func(c string) string { return "sha256:" + strings.Repeat(c, 64) }
	major, minor, other := digest("a"), digest("b"), digest("c")
	for _, tc := range []struct {
		name, latest, update string
		moves                string
		asked                bool
		held                 string
	}{
		{"the major step", major, "major", "3.0", true, ""},
		{"the minor step", minor, "major", "2.2", true, "3.0 newer than what latest answers"},
		{"the tag in use", oldDigest, "major", "2.2", true, "3.0 newer than what latest answers"},
		{"something else", other, "major", "3.0", true, ""},
		{"no such tag", "", "major", "3.0", false, ""},
		{"no major step on offer", oldDigest, "minor", "2.2", false, "3.0 a major step"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			const app = "docker.io/acme/app"
			r, s := world()
			r.listed = []string{"2.1", "2.2", "3.0"}
			r.tags = map[string]string{app + ":2.1": oldDigest, app + ":2.2": minor, app + ":3.0": major, app + ":latest": tc.latest}
			if tc.latest != "" {
				r.listed = append(r.listed, "latest")
			}
			p := planner(r, s)
			p.Scanners = nil
			p.Policy.Update, _ = tag.ParseLevel(tc.update)
			bump := plan(t, p, tree{"Dockerfile": "FROM acme/app:2.1@" + oldDigest + "\n"}).Bumps[0]
			var held []string
			for _, rejected := range bump.Rejected {
				held = append(held, rejected.Tag+" "+strings.Join(rejected.Reasons, ", "))
			}
			if got := strings.Join(held, "; "); bump.To.Tag != tc.moves || got != tc.held {
				t.Errorf("moves to %s, want %s; held %q, want %q", bump.To.Tag, tc.moves, got, tc.held)
			}
			if asked := slices.Contains(r.asked, app+":latest"); asked != tc.asked {
				t.Errorf("latest was asked for: %v", asked)
			}
		})
	}
}
