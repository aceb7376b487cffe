package bot_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/dockerfile"
	"github.com/basebump/basebump/resolver"
	"github.com/basebump/basebump/scan"
)

// inWords is an inventory in a few words: "image@digest platforms places", or why there is no scan.
func inWords(inventory bot.Inventory) []string {
	lines := []string{}
	for _, image := range inventory.Images {
		var words []string
		for _, survey := range image.Surveys {
			for _, report := range survey.Reports {
				words = append(words, report.Platform)
			}
		}
		for _, place := range image.Files {
			words = append(words, fmt.Sprintf("%s:%d", place.File, place.Line))
		}
		for _, survey := range image.Surveys {
			if survey.Err != nil {
				words = append(words, survey.Scanner+" failed: "+survey.Err.Error())
			}
		}
		if image.Left != "" {
			words = append(words, "left: "+image.Left)
		}
		if image.Err != nil {
			words = append(words, "not scanned: "+image.Err.Error())
		}
		lines = append(lines, fmt.Sprintf("%s@%.4s %s", image.Named, strings.TrimPrefix(image.Digest, "sha256:"), strings.Join(words, " ")))
	}
	for _, skipped := range inventory.Skipped {
		lines = append(lines, fmt.Sprintf("skipped %s:%d %s", skipped.File, skipped.Line, skipped.Reason))
	}
	return lines
}

func TestTakeInventory(t *testing.T) {
	t.Parallel()
	pinned := "FROM debian:12@" + newDigest + "\n"
	for _, tc := range []struct {
		name      string
		files     tree
		given     func(*bot.Planner, *registry, *scanner)
		want      []string
		questions []string // of the registry
	}{
		{"pinned: the tag is not asked", tree{"Dockerfile": pinned}, nil, []string{debian + ":12@f747 linux/amd64 Dockerfile:1"}, nil},
		{
			"unpinned is what its tag answers, and one with what is pinned to that",
			tree{"Dockerfile": pinned, "a.Dockerfile": "FROM debian:12\n"},
			nil,
			[]string{debian + ":12@f747 linux/amd64 Dockerfile:1 a.Dockerfile:1"},
			[]string{debian + ":12"},
		},
		{
			"only platforms that it may run on",
			tree{"Dockerfile": "FROM --platform=linux/arm64 debian:12@" + oldDigest + "\n"},
			func(_ *bot.Planner, r *registry, _ *scanner) {
				r.images[oldDigest] = resolver.Image{Platforms: []resolver.Platform{{Name: "linux/amd64"}, {Name: "linux/arm64"}}}
			},
			[]string{debian + ":12@1cdb linux/arm64 Dockerfile:1"},
			nil,
		},
		{
			"none of its platforms",
			tree{"Dockerfile": "FROM --platform=linux/s390x debian:12@" + oldDigest + "\n"},
			nil,
			[]string{debian + ":12@1cdb Dockerfile:1 not scanned: scan " + debian + ":12: it has none of the platforms in question"},
			nil,
		},
		{
			"a comment is heeded",
			tree{"Dockerfile": "# basebump: ignore reason=legacy\n" + pinned},
			nil,
			[]string{"skipped Dockerfile:2 ignored by a comment: legacy"},
			nil,
		},
		{
			"what is to be left alone is asked of nobody",
			tree{"Dockerfile": "FROM debian:12\n"},
			func(p *bot.Planner, _ *registry, _ *scanner) {
				p.Policy.Left = func(string, time.Time) (string, bool) { return "by hand", true }
			},
			[]string{debian + ":12@ Dockerfile:1 left: by hand"},
			nil,
		},
		{
			"a registry's refusal stops nothing else",
			tree{"Dockerfile": pinned, "b.Dockerfile": "FROM busybox:1\n"},
			func(_ *bot.Planner, r *registry, _ *scanner) {
				r.errs["docker.io/library/busybox:1"] = errors.New("401")
			},
			[]string{"docker.io/library/busybox:1@ b.Dockerfile:1 not scanned: 401", debian + ":12@f747 linux/amd64 Dockerfile:1"},
			[]string{"docker.io/library/busybox:1"},
		},
		{
			"nor does a scan that cannot be done",
			tree{"Dockerfile": pinned},
			func(_ *bot.Planner, _ *registry, s *scanner) { s.err = errors.New("no database") },
			[]string{debian + ":12@f747 Dockerfile:1 grype failed: no database"},
			nil,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r, s := world()
			p := planner(r, s)
			if tc.given != nil {
				tc.given(p, r, s)
			}
			customize := func([]byte) (bot.Custom, error) { return bot.Custom{Policy: p.Policy}, nil }
			got, err := bot.TakeInventory(t.Context(), tc.files, p, customize)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tc.want, inWords(got)); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
			if d := cmp.Diff(tc.questions, r.asked); d != "" {
				t.Errorf("questions (-want +got):\n%s", d)
			}
		})
	}
}

func TestTakeInventoryGoesByTheRepositorysConfiguration(t *testing.T) {
	t.Parallel()
	r, s := world()
	files := tree{"Dockerfile": "FROM debian:12\n", "old/Dockerfile": "FROM busybox:1\n", ".github/basebump.yaml": "paths: [Dockerfile]"}
	customize := func(data []byte) (bot.Custom, error) {
		if string(data) != files[".github/basebump.yaml"] {
			t.Errorf("customized by %q", data)
		}
		return bot.Custom{Reads: func(path string) bool { return path == "Dockerfile" }}, nil
	}
	got, err := bot.TakeInventory(t.Context(), files, planner(r, s), customize)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{debian + ":12@f747 linux/amd64 Dockerfile:1"}, inWords(got)); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	broken := errors.New("line 1")
	if _, err := bot.TakeInventory(t.Context(), files, planner(r, s), func([]byte) (bot.Custom, error) { return bot.Custom{}, broken }); !errors.Is(err, broken) {
		t.Errorf("a broken configuration: %v", err)
	}
}

func TestInUseEndsWithItsContext(t *testing.T) {
	t.Parallel()
	r, s := world()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := planner(r, s).InUse(ctx, []dockerfile.Reference{{Image: debian, Tag: "12"}}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestAccepts(t *testing.T) {
	t.Parallel()
	only := func(wanted string) scan.Exempt {
		return func(image, id string, at time.Time) (string, bool) {
			return wanted, image == debian && id == wanted && at.Equal(now)
		}
	}
	policy := bot.Policy{}
	if _, ok := policy.Accepts(debian, "CVE-1", now); ok {
		t.Error("an empty policy ignores something")
	}
	policy.Ignored, policy.Worthless = only("CVE-1"), only("CVE-2")
	for id, want := range map[string]bool{"CVE-1": true, "CVE-2": true, "CVE-3": false} {
		if why, got := policy.Accepts(debian, id, now); got != want || want && why != id {
			t.Errorf("%s: %q, %t", id, why, got)
		}
	}
}
