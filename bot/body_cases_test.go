package bot_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/dockerfile/manifest"
	"github.com/basebump/basebump/resolver"
	"github.com/basebump/basebump/scan"
)

// moved is a bump in the making: what two scans found, in which files.
type moved struct {
	image         string
	from, to      bot.Version
	files         tree
	before, after state
	platforms     []string // linux/amd64 when empty
	rejected      []bot.Rejection
	findings      []bot.Finding
	ignored       map[string]string // why some do not count, by their ids
	others        []bot.Opinion
	pinned        bool // nothing but a pin
	unscanned     bool
}

// state is one image on every platform.
type state struct {
	release         string
	size            int64
	labels          map[string]string
	packages        []scan.Package
	vulnerabilities []scan.Vulnerability
	aside           []scan.SetAside
}

// bump is what the planner would make of it.
func (m moved) bump(t *testing.T) bot.Bump {
	t.Helper()
	extracted, err := bot.Extract(t.Context(), m.files, nil, manifest.Set{})
	if err != nil {
		t.Fatal(err)
	}
	b := bot.Bump{
		Image: m.image, From: m.from, To: m.to, References: extracted.References, Rejected: m.rejected, Findings: m.findings,
		Proof: &bot.Proof{Opinion: bot.Opinion{Verdict: scan.Verdict{Accepted: true, Reasons: []string{"writes down the digest that the tag answers today; no change in content"}}}},
	}
	switch {
	case m.unscanned:
		b.Proof.Verdict.Reasons = []string{"not verified: no scan was asked for"}
	case !m.pinned:
		b.Proof = m.proof()
	}
	b.Verdict = b.Proof.Verdict
	b.Fixed, b.Introduced, b.Remaining = b.Proof.Diff.Fixed, b.Proof.Diff.Introduced, b.Proof.Diff.Remaining
	b.SetAside, b.Ignored = b.Proof.Diff.SetAside, b.Proof.Ignored
	return b
}

func (m moved) proof() *bot.Proof {
	proof := &bot.Proof{
		Platforms: m.platforms,
		Opinion:   bot.Opinion{Scanner: "grype"},
		From:      resolver.Image{Digest: oldDigest, Size: m.before.size, Labels: m.before.labels},
		To:        resolver.Image{Digest: newDigest, Size: m.after.size, Labels: m.after.labels},
	}
	if len(m.platforms) == 0 {
		proof.Platforms = []string{"linux/amd64"}
	}
	for _, platform := range proof.Platforms {
		proof.Current = append(proof.Current, m.before.report(platform))
		proof.Next = append(proof.Next, m.after.report(platform))
	}
	proof.Diff = scan.Compare(proof.Current, proof.Next)
	policy := scan.Policy{When: scan.Always, BlockIntroduced: scan.High}
	proof.Verdict = policy.Judge(scan.Evidence{Image: m.image, Diff: proof.Diff, Now: now})
	proof.Ignored, proof.Others = m.ignored, m.others
	return proof
}

func (s state) report(platform string) scan.Report {
	found := slices.Clone(s.vulnerabilities)
	scan.Sort(found)
	return scan.Report{
		Platform: platform, OS: scan.OS{Name: s.release}, Packages: s.packages, Vulnerabilities: found, SetAside: s.aside,
		Scanner: scan.Tool{Name: "grype", Version: "0.120.0"}, DatabaseBuilt: time.Date(2026, 11, 23, 5, 12, 0, 0, time.UTC),
	}
}

func at(tag, digest string, created ...string) bot.Version {
	v := bot.Version{Tag: tag, Digest: digest}
	if len(created) > 0 {
		day, err := time.Parse(time.DateOnly, created[0])
		if err != nil {
			panic(err)
		}
		v.Created = &day
	}
	return v
}

const bookworm = "Debian GNU/Linux 12 (bookworm)"

func deb(name, version string) scan.Package {
	return scan.Package{Name: name, Version: version, Type: "deb"}
}

// flaw is a vulnerability of a Debian package.
func flaw(id string, severity scan.Severity, of scan.Package, fixedIn string) scan.Vulnerability {
	return scan.Vulnerability{
		ID: id, Severity: severity, Package: of.Name, Type: of.Type, Installed: of.Version, FixedIn: fixedIn,
		URL: "https://security-tracker.debian.org/tracker/" + id,
	}
}

// openssl is Debian 12 before and after its OpenSSL was patched; a tar without a fix stays.
func openssl() (before, after state) {
	tar := deb("tar", "1.34+dfsg-1.2+deb12u1")
	old := []scan.Package{deb("libssl3", "3.0.20-1~deb12u2"), deb("openssl", "3.0.20-1~deb12u2"), tar}
	patched := []scan.Package{deb("libssl3", "3.0.22-1~deb12u2"), deb("openssl", "3.0.22-1~deb12u2"), tar}
	unfixed := flaw("CVE-2005-2541", scan.Medium, tar, "")
	before = state{release: bookworm, size: 48_500_000, packages: old, vulnerabilities: []scan.Vulnerability{unfixed}}
	after = state{release: bookworm, size: 48_560_000, packages: patched, vulnerabilities: []scan.Vulnerability{unfixed}}
	for i, severity := range []scan.Severity{scan.Critical, scan.High, scan.Low} {
		for _, p := range old[:2] {
			before.vulnerabilities = append(before.vulnerabilities, flaw(fmt.Sprintf("CVE-2026-3518%d", i), severity, p, "3.0.22-1~deb12u2"))
		}
	}
	return before, after
}

// many is an image with so many vulnerabilities, three packages each.
func many(n int) (before, after state) {
	before, after = state{release: bookworm}, state{release: bookworm}
	for i := range n {
		for _, suffix := range []string{"", "-common", "-dev"} {
			p := deb(fmt.Sprintf("lib%d%s", i, suffix), "1.0-1~deb12u1")
			before.packages = append(before.packages, p)
			after.packages = append(after.packages, deb(p.Name, "1.0-1~deb12u2"))
			severity := scan.Severities()[i%4]
			before.vulnerabilities = append(before.vulnerabilities, flaw(fmt.Sprintf("CVE-2026-%05d", i), severity, p, "1.0-1~deb12u2"))
		}
	}
	return before, after
}
