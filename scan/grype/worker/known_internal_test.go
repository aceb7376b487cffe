package worker

import (
	"errors"
	"testing"

	"github.com/anchore/grype/grype/distro"
	"github.com/anchore/grype/grype/match"
	grypepkg "github.com/anchore/grype/grype/pkg"
	"github.com/anchore/grype/grype/vulnerability"
	"github.com/anchore/syft/syft/pkg"
)

// asked is a matcher that counts, and finds one vulnerability in everything.
type asked struct {
	match.Matcher
	times int
	fail  bool // the provider, in passing
}

func (a *asked) Match(provider vulnerability.Provider, p grypepkg.Package) ([]match.Match, []match.IgnoreFilter, error) {
	a.times++
	if a.fail {
		provider.(*watchedProvider).failed = errors.New("disk gone")
	}
	return []match.Match{{Package: p, Vulnerability: vulnerability.Vulnerability{Reference: vulnerability.Reference{ID: "CVE-1"}}}},
		[]match.IgnoreFilter{match.IgnoreRelatedPackage{VulnerabilityID: "CVE-2", RelatedPackageID: p.ID}}, nil
}

func TestKnown(t *testing.T) {
	t.Parallel()
	debian := distro.New(distro.Debian, "12", "")
	bash := grypepkg.Package{
		ID: "1", Name: "bash", Version: "5.2", Type: pkg.DebPkg, Distro: debian, Upstreams: []grypepkg.UpstreamPackage{{Name: "bash", Version: "5"}},
		Metadata: grypepkg.ApkMetadata{Arch: "amd64"},
	}
	change := func(f func(*grypepkg.Package)) grypepkg.Package {
		other := bash
		f(&other)
		return other
	}
	inner := &asked{}
	k := &known{Matcher: inner}
	for _, step := range []struct {
		name string
		p    grypepkg.Package
		want int // questions so far
	}{
		{"first", bash, 1},
		{"again", bash, 1},
		{"in another image", change(func(p *grypepkg.Package) { p.ID = "2" }), 1},
		{"another version", change(func(p *grypepkg.Package) { p.Version = "5.3" }), 2},
		{"another source", change(func(p *grypepkg.Package) { p.Upstreams = nil }), 3},
		{"another release", change(func(p *grypepkg.Package) { p.Distro = distro.New(distro.Debian, "13", "") }), 4},
		{"another architecture", change(func(p *grypepkg.Package) { p.Metadata = grypepkg.ApkMetadata{Arch: "arm64"} }), 5},
		{"no distribution", change(func(p *grypepkg.Package) { p.Distro = nil }), 6},
		{"no distribution again", change(func(p *grypepkg.Package) { p.Distro = nil }), 7},
	} {
		matches, ignores, err := k.Match(&watchedProvider{}, step.p)
		if err != nil || len(matches) != 1 || len(ignores) != 1 || inner.times != step.want {
			t.Fatalf("%s: %d matches, %d ignores, asked %d times, want %d; %v", step.name, len(matches), len(ignores), inner.times, step.want, err)
		}
		if got := ignores[0].(match.IgnoreRelatedPackage).RelatedPackageID; matches[0].Package.ID != step.p.ID || got != step.p.ID {
			t.Errorf("%s: of package %s and %s, want %s", step.name, matches[0].Package.ID, got, step.p.ID)
		}
	}
	inner.fail = true
	rare := change(func(p *grypepkg.Package) { p.Name = "rare" })
	for range 2 {
		if _, _, err := k.Match(&watchedProvider{}, rare); err != nil {
			t.Fatal(err)
		}
	}
	if inner.times != 9 {
		t.Errorf("an answer of a failing database was remembered: asked %d times, want 9", inner.times)
	}
}
