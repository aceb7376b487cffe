package bot_test

import (
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/scan"
)

// vulnerable is a scanner that finds a fixable vulnerability in some images.
func vulnerable(digests ...string) *scanner {
	_, s := world()
	found := s.found[oldDigest]
	s.found = map[string][]scan.Vulnerability{}
	for _, digest := range digests {
		s.found[digest] = found
	}
	return s
}

// moves is what a plan comes to: the digest and the last reason of its one bump, or the reason of its one unchanged reference.
func moves(t *testing.T, p bot.Plan) (digest, reason string) {
	t.Helper()
	switch {
	case len(p.Bumps) == 1 && len(p.Unchanged) == 0:
		return p.Bumps[0].To.Digest, p.Bumps[0].Verdict.Reasons[len(p.Bumps[0].Verdict.Reasons)-1]
	case len(p.Bumps) == 0 && len(p.Unchanged) == 1:
		return "", p.Unchanged[0].Reason
	}
	t.Fatalf("the plan has not one move: %v", summary(p))
	return "", ""
}

func TestPinToOnePlatformStaysOnIt(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, pinned string
		built        []string
		child        int // of built, which is chosen; -1: none
		want         string
	}{
		{
			"the architecture's child", "linux/arm64",
			[]string{"linux/amd64", "linux/arm64/v8"},
			1,
			"stays on linux/arm64, whose own manifest was pinned; 12 answers an index",
		},
		{
			"the variant's child", "linux/arm/v6",
			[]string{"linux/arm/v7", "linux/arm/v6"},
			1,
			"stays on linux/arm/v6, whose own manifest was pinned; 12 answers an index",
		},
		{
			"the Windows build's child", "windows/amd64:10.0.17763.5820",
			[]string{"windows/amd64:10.0.20348.2762", "windows/amd64:10.0.17763.6054"},
			1,
			"stays on windows/amd64:10.0.17763.5820, whose own manifest was pinned; 12 answers an index",
		},
		{
			"no child", "linux/s390x",
			[]string{"linux/amd64", "linux/arm64"},
			-1,
			"held: the build %s: no longer built for linux/s390x, which the pin is for",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := serveRegistry(t)
			old := r.push(t, "library/debian:12", machine(t, tc.pinned, "old"))
			var images []v1.Image
			for _, platform := range tc.built {
				images = append(images, machine(t, platform, "new"))
			}
			top := r.push(t, "library/debian:12", index(t, images...))
			want := ""
			if tc.child >= 0 {
				want = digestOf(t, images[tc.child])
			} else {
				tc.want = "held: the build " + top[7:15] + tc.want[len("held: the build %s"):]
			}
			for _, scans := range []bool{true, false} {
				p := r.planner(t, vulnerable(old))
				if !scans {
					p.Scanners = nil
				}
				got, reason := moves(t, plan(t, p, tree{"Dockerfile": "FROM debian:12@" + old + "\n"}))
				if got != want || reason != tc.want {
					t.Errorf("scans: %v: moves to %q, want %q; reason %q, want %q", scans, got, want, reason, tc.want)
				}
			}
		})
	}
}

// TestPinToOnePlatformThatIsNewest: the tag's index is another digest than the pin, and its child is the pin.
func TestPinToOnePlatformThatIsNewest(t *testing.T) {
	t.Parallel()
	r := serveRegistry(t)
	amd, arm := machine(t, "linux/amd64", "1"), machine(t, "linux/arm64", "1")
	r.push(t, "library/debian:12", index(t, amd, arm))
	p := r.planner(t, nil)
	p.Scanners = nil
	if got, reason := moves(t, plan(t, p, tree{"Dockerfile": "FROM debian:12@" + digestOf(t, arm) + "\n"})); got != "" || reason != "newest in content" {
		t.Errorf("moves to %q: %s", got, reason)
	}
}

func TestPinToAManifestFollowsATagWithoutIndex(t *testing.T) {
	t.Parallel()
	r := serveRegistry(t)
	old := r.push(t, "library/debian:12", machine(t, "linux/amd64", "old"))
	next := r.push(t, "library/debian:12", machine(t, "linux/amd64", "new"))
	if got, reason := moves(t, plan(t, r.planner(t, vulnerable(old)), tree{"Dockerfile": "FROM debian:12@" + old + "\n"})); got != next {
		t.Errorf("moves to %q, want %q: %s", got, next, reason)
	}
}

// TestMovesWithoutContent has digests that move while nothing changes that the reference could run.
func TestMovesWithoutContent(t *testing.T) {
	t.Parallel()
	amd, arm, armNext := machine(t, "linux/amd64", "1"), machine(t, "linux/arm64", "1"), machine(t, "linux/arm64", "2")
	attestation := machine(t, "unknown/unknown", "1")
	v6, v6Next, v7 := machine(t, "linux/arm/v6", "1"), machine(t, "linux/arm/v6", "2"), machine(t, "linux/arm/v7", "1")
	old, oldNext := machine(t, "windows/amd64:10.0.17763.5820", "1"), machine(t, "windows/amd64:10.0.17763.6054", "2")
	server := machine(t, "windows/amd64:10.0.20348.2762", "1")
	for _, tc := range []struct {
		name          string
		before, after []v1.Image
		from          string
		same          bool
	}{
		{"attestations", []v1.Image{amd, arm}, []v1.Image{amd, arm, attestation}, "FROM", true},
		{"another platform than the fixed one", []v1.Image{amd, arm}, []v1.Image{amd, armNext}, "FROM --platform=linux/amd64", true},
		{"a platform, when none is fixed", []v1.Image{amd, arm}, []v1.Image{amd, armNext}, "FROM", false},
		{"the fixed platform", []v1.Image{amd, arm}, []v1.Image{amd, armNext}, "FROM --platform=linux/arm64/v8", false},
		{"a platform is added", []v1.Image{amd}, []v1.Image{amd, arm}, "FROM", false},
		{"another variant", []v1.Image{v6, v7}, []v1.Image{v6Next, v7}, "FROM --platform=linux/arm/v7", true},
		{"the variant that is meant by none", []v1.Image{v6, v7}, []v1.Image{v6Next, v7}, "FROM --platform=linux/arm", true},
		{"the fixed variant", []v1.Image{v6, v7}, []v1.Image{v6Next, v7}, "FROM --platform=linux/arm/v6", false},
		{"a build of Windows, of which any will do", []v1.Image{old, server}, []v1.Image{oldNext, server}, "FROM --platform=windows/amd64", false},
		{"Windows, where Linux is used", []v1.Image{amd, old, server}, []v1.Image{amd, oldNext, server}, "FROM --platform=linux/amd64", true},
		{"a platform is added that is not used", []v1.Image{amd}, []v1.Image{amd, arm}, "FROM --platform=linux/amd64", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := serveRegistry(t)
			old := r.push(t, "library/debian:12", index(t, tc.before...))
			r.push(t, "library/debian:12", index(t, tc.after...))
			s := vulnerable()
			p := r.planner(t, s)
			p.Policy.When = scan.Always
			_, reason := moves(t, plan(t, p, tree{"Dockerfile": tc.from + " debian:12@" + old + "\n"}))
			if got := reason == "newest in content"; got != tc.same {
				t.Errorf("reason %q; the same content: %v", reason, tc.same)
			}
			if tc.same && len(s.scanned) > 0 {
				t.Errorf("scanned %v, for nothing", s.scanned)
			}
		})
	}
}
