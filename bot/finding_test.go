package bot_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/resolver/tag"
)

func TestGone(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, from string
		want       bot.Finding
	}{
		{
			"the repository", "FROM acme/none:1\n",
			bot.Finding{Kind: bot.Gone, Urgent: true, Text: "resolve docker.io/acme/none:1: repository not found at $HOST; find out where the image lives now, and name that"},
		},
		{
			"the tag", "FROM debian:12.1\n",
			bot.Finding{Kind: bot.Gone, Urgent: true, Text: "resolve docker.io/library/debian:12.1: tag not found in docker.io/library/debian; move to 12.2, the newest of its form"},
		},
		{
			"a tag like no other", "FROM debian:nightly\n",
			bot.Finding{Kind: bot.Gone, Urgent: true, Text: "resolve docker.io/library/debian:nightly: tag not found in docker.io/library/debian; name a tag that is there"},
		},
		{
			"the tag of a pinned digest", "FROM debian:12.1@$OLD\n",
			bot.Finding{Kind: bot.Gone, Text: "resolve docker.io/library/debian:12.1: tag not found in docker.io/library/debian; its pinned digest may go next; move to 12.2, the newest of its form"},
		},
		{
			"the pinned digest", "FROM debian:12.2@$OLD\n",
			bot.Finding{Kind: bot.Gone, Urgent: true, Text: "the pinned digest $8OLD is gone from docker.io/library/debian, so there is nothing to compare with; " +
				"look at `basebump scan docker.io/library/debian:12.2` and pin what 12.2 answers now: $NEW"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := serveRegistry(t)
			old := r.push(t, "library/debian:12.1", index(t, machine(t, "linux/amd64", "old")))
			next := r.push(t, "library/debian:12.2", index(t, machine(t, "linux/amd64", "new")))
			r.drop(t, "library/debian", "12.1")
			r.drop(t, "library/debian", old)
			p := r.planner(t, vulnerable())
			p.Policy.Update = tag.Patch
			if strings.Contains(tc.from, "12.1") {
				p.Policy.Update = tag.Minor
			}
			fill := strings.NewReplacer("$OLD", old, "$8OLD", old[7:15], "$NEW", next, "$HOST", strings.TrimPrefix(r.url, "http://"))
			tc.want.Text = fill.Replace(tc.want.Text)
			got := plan(t, p, tree{"Dockerfile": fill.Replace(tc.from)})
			if len(got.Unchanged) != 1 || !got.Failed() {
				t.Fatalf("plan: %v", summary(got))
			}
			if d := cmp.Diff([]bot.Finding{tc.want}, got.Unchanged[0].Findings); d != "" {
				t.Errorf("findings (-want +got):\n%s", d)
			}
			if d := cmp.Diff(tc.want.String(), got.Unchanged[0].Reason); d != "" {
				t.Errorf("reason (-want +got):\n%s", d)
			}
		})
	}
}

// TestKnown has what needs no question: lines past their end, images that live elsewhere.
func TestKnown(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, from, want string }{
		{"end of life", "FROM node:18\n", "Node.js 18 reached its end of life on 2025-04-30; 26 is kept"},
		{"a distribution's end of life", "FROM acme/app:1.2-alpine3.16\n", "Alpine 3.16 reached its end of life on 2024-05-23; 3.24 is kept"},
		{"moved", "FROM k8s.gcr.io/pause:3.9\n", "the image has moved to registry.k8s.io/pause: frozen since April 2023"},
		{"dead", "FROM centos:stream9\n", "the image is not kept any more: end of life since June 2024"},
		{"kept", "FROM debian:12\n", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r, s := world()
			p := planner(r, s)
			p.Policy.Pin = false
			want := "= Dockerfile: newest; not pinned, since policy.pin is off"
			if tc.want != "" {
				want += "; " + tc.want
			}
			if d := cmp.Diff([]string{want}, summary(plan(t, p, tree{"Dockerfile": tc.from}))); d != "" {
				t.Errorf("plan (-want +got):\n%s", d)
			}
		})
	}
}

func TestKnownOfABump(t *testing.T) {
	t.Parallel()
	r, s := world()
	p := planner(r, s)
	p.Policy.Update = tag.Major
	p.Scanners = nil
	r.listed = []string{"18", "20", "22", "24"}
	r.tags = map[string]string{"docker.io/library/node:18": oldDigest, "docker.io/library/node:24": newDigest}
	got := plan(t, p, tree{"a/Dockerfile": "FROM node:18\n"})
	if d := cmp.Diff([]string{"docker.io/library/node:24 unpinned>f747 a/Dockerfile"}, summary(got)); d != "" {
		t.Errorf("plan (-want +got):\n%s", d)
	}
	if len(got.Bumps[0].Findings) > 0 {
		t.Errorf("findings of where it moves to: %v", got.Bumps[0].Findings)
	}
	p.Policy.Update = tag.Digest
	got = plan(t, p, tree{"a/Dockerfile": "FROM node:18@" + newDigest + "\n"})
	want := []bot.Finding{{Kind: bot.EndOfLife, Text: "Node.js 18 reached its end of life on 2025-04-30; 26 is kept"}}
	if d := cmp.Diff(want, got.Bumps[0].Findings); d != "" {
		t.Errorf("findings (-want +got):\n%s", d)
	}
}

// TestRetired has images whose labels say that they are not kept any more.
func TestRetired(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ label, value, want string }{
		{"io.artifacthub.package.deprecated", "true", "the image calls itself deprecated; look for its successor"},
		{"org.opencontainers.image.deprecated", "use ghcr.io/acme/next", "the image calls itself deprecated: use ghcr.io/acme/next"},
		{"deprecated", "no", ""},
		{"title", "deprecated", ""},
	} {
		t.Run(tc.label+" "+tc.value, func(t *testing.T) {
			t.Parallel()
			r, s := world()
			next := r.images[newDigest]
			next.Labels = map[string]string{tc.label: tc.value}
			r.images[newDigest] = next
			got := plan(t, planner(r, s), tree{"Dockerfile": "FROM debian:12@" + oldDigest + "\n"})
			var want []bot.Finding
			if tc.want != "" {
				want = []bot.Finding{{Kind: bot.Retired, Text: tc.want}}
			}
			if d := cmp.Diff(want, got.Bumps[0].Findings); d != "" {
				t.Errorf("findings of the bump (-want +got):\n%s", d)
			}
			s.found = nil
			got = plan(t, planner(r, s), tree{"Dockerfile": "FROM debian:12@" + oldDigest + "\n"})
			if d := cmp.Diff(want, got.Unchanged[0].Findings); d != "" {
				t.Errorf("findings of what stays (-want +got):\n%s", d)
			}
		})
	}
}

// TestCutListOfABump has a move whose alternatives are not all known.
func TestCutListOfABump(t *testing.T) {
	t.Parallel()
	for _, from := range []string{"FROM debian:12@" + oldDigest + "\n", "FROM debian:12\n"} {
		r, s := world()
		r.cut = "the registry repeats a page"
		p := planner(r, s)
		p.Policy.Update = tag.Minor
		want := []bot.Finding{{Kind: bot.Unknown, Text: "newer tags not known: the registry repeats a page"}}
		if d := cmp.Diff(want, plan(t, p, tree{"Dockerfile": from}).Bumps[0].Findings); d != "" {
			t.Errorf("%s: findings (-want +got):\n%s", from, d)
		}
	}
}
