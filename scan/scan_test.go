package scan_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/scan"
)

func vuln(id string, severity scan.Severity, pkg string) scan.Vulnerability {
	return scan.Vulnerability{ID: id, Severity: severity, Package: pkg, Type: "deb", Installed: "1"}
}

func report(platform string, packages []scan.Package, vulnerabilities ...scan.Vulnerability) scan.Report {
	return scan.Report{Platform: platform, Packages: packages, Vulnerabilities: vulnerabilities}
}

func ids(list []scan.Vulnerability) []string {
	var out []string
	for _, v := range list {
		out = append(out, v.ID+" "+v.Package)
	}
	return out
}

func TestCompare(t *testing.T) {
	t.Parallel()
	ssl, curl, kernel := vuln("CVE-1", scan.High, "libssl3"), vuln("CVE-2", scan.Low, "curl"), vuln("CVE-3", scan.Critical, "linux")
	for _, tc := range []struct {
		name                         string
		current, candidate           []scan.Report
		fixed, introduced, remaining []string
	}{
		{
			"one platform",
			[]scan.Report{report("linux/amd64", nil, ssl, curl)},
			[]scan.Report{report("linux/amd64", nil, curl, kernel)},
			[]string{"CVE-1 libssl3"},
			[]string{"CVE-3 linux"},
			[]string{"CVE-2 curl"},
		},
		{
			"fixed on one platform only is not fixed",
			[]scan.Report{report("linux/amd64", nil, ssl), report("linux/arm64", nil, ssl)},
			[]scan.Report{report("linux/amd64", nil), report("linux/arm64", nil, ssl)},
			nil, nil,
			[]string{"CVE-1 libssl3"},
		},
		{
			"new on one platform, known on another, is introduced",
			[]scan.Report{report("linux/amd64", nil, ssl), report("linux/arm64", nil)},
			[]scan.Report{report("linux/amd64", nil), report("linux/arm64", nil, ssl)},
			nil,
			[]string{"CVE-1 libssl3"},
			nil,
		},
		{
			"a platform that only the candidate has does not count",
			[]scan.Report{report("linux/amd64", nil)},
			[]scan.Report{report("linux/amd64", nil), report("linux/arm64", nil, kernel)},
			nil, nil, nil,
		},
	} {
		diff := scan.Compare(tc.current, tc.candidate)
		for what, pair := range map[string][2][]string{
			"fixed":      {tc.fixed, ids(diff.Fixed)},
			"introduced": {tc.introduced, ids(diff.Introduced)},
			"remaining":  {tc.remaining, ids(diff.Remaining)},
		} {
			if d := cmp.Diff(pair[0], pair[1]); d != "" {
				t.Errorf("%s: %s (-want +got):\n%s", tc.name, what, d)
			}
		}
	}
}

func TestComparePackages(t *testing.T) {
	t.Parallel()
	old := []scan.Package{{Name: "a", Version: "1", Type: "deb"}, {Name: "b", Version: "1", Type: "deb"}, {Name: "c", Version: "1", Type: "deb"}}
	new := []scan.Package{{Name: "a", Version: "1", Type: "deb"}, {Name: "b", Version: "2", Type: "deb"}, {Name: "d", Version: "1", Type: "deb"}}
	got := scan.Compare([]scan.Report{report("", old)}, []scan.Report{report("", new)})
	want := scan.Diff{
		Added:   []scan.Package{{Name: "d", Version: "1", Type: "deb"}},
		Removed: []scan.Package{{Name: "c", Version: "1", Type: "deb"}},
		Changed: []scan.PackageChange{{Name: "b", Type: "deb", From: "1", To: "2"}},
	}
	if d := cmp.Diff(want.Added, got.Added) + cmp.Diff(want.Removed, got.Removed) + cmp.Diff(want.Changed, got.Changed); d != "" {
		t.Errorf("packages (-want +got):\n%s", d)
	}
	if v := got.VersionAfter("b", "deb"); v != "2" {
		t.Errorf("VersionAfter(b) = %q", v)
	}
}

func TestCountIsByDistinctID(t *testing.T) {
	t.Parallel()
	counts := scan.Count([]scan.Vulnerability{vuln("CVE-1", scan.High, "libssl3"), vuln("CVE-1", scan.Critical, "openssl"), vuln("CVE-2", scan.Low, "curl")})
	if d := cmp.Diff(scan.Counts{scan.Critical: 1, scan.Low: 1}, counts); d != "" {
		t.Errorf("counts (-want +got):\n%s", d)
	}
	if got := counts.Phrase(); got != "2 (1 critical)" {
		t.Errorf("phrase = %q", got)
	}
}

func TestJudge(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	policy := scan.Policy{When: scan.Vulnerable, Urgent: scan.Critical, BlockIntroduced: scan.High, MinAge: 72 * time.Hour}
	young, old := now.Add(-time.Hour), now.Add(-100*time.Hour)
	fix := []scan.Vulnerability{vuln("CVE-1", scan.High, "libssl3")}
	for _, tc := range []struct {
		name     string
		policy   func(*scan.Policy)
		evidence scan.Evidence
		want     scan.Verdict
	}{
		{
			"better and old enough", nil,
			scan.Evidence{Diff: scan.Diff{Fixed: fix}, Created: old, Now: now},
			scan.Verdict{Accepted: true, Reasons: []string{"introduces nothing known", "fixes 1 (1 high)", "built 2026-11-19"}},
		},
		{
			"too young", nil,
			scan.Evidence{Diff: scan.Diff{Fixed: fix}, Created: young, Now: now},
			scan.Verdict{Reasons: []string{"too young: built 2026-11-23 11:00:00, may be offered from 2026-11-26 11:00:00 (policy.min_age is 72h)"}},
		},
		{
			"without a date, age counts from first sight", nil,
			scan.Evidence{Diff: scan.Diff{Fixed: fix}, FirstSeen: old, Now: now},
			scan.Verdict{Accepted: true, Reasons: []string{"introduces nothing known", "fixes 1 (1 high)", "first seen 2026-11-19"}},
		},
		{
			"urgent waives the age", nil,
			scan.Evidence{Diff: scan.Diff{Fixed: []scan.Vulnerability{vuln("CVE-9", scan.Critical, "linux")}}, Created: young, Now: now},
			scan.Verdict{Accepted: true, Reasons: []string{
				"introduces nothing known", "fixes 1 (1 critical)", "policy.min_age waived: fixes CVE-9 (critical)",
			}},
		},
		{
			"worse in two ways", nil,
			scan.Evidence{
				Diff: scan.Diff{Fixed: fix, Introduced: []scan.Vulnerability{vuln("CVE-3", scan.High, "curl")}},
				Lost: []string{"linux/arm64"}, Created: old, Now: now,
			},
			scan.Verdict{Reasons: []string{"no longer built for linux/arm64", "introduces CVE-3 (high) in curl"}},
		},
		{
			"several are counted, each once", nil,
			scan.Evidence{Diff: scan.Diff{Fixed: fix, Introduced: []scan.Vulnerability{
				vuln("CVE-3", scan.High, "curl"), vuln("CVE-3", scan.High, "libcurl4"), vuln("CVE-5", scan.High, "curl"), vuln("CVE-6", scan.Low, "curl"),
			}}, Created: old, Now: now},
			scan.Verdict{Reasons: []string{"introduces CVE-3 (high) in curl and 1 more"}},
		},
		{
			"a known exploited one is refused at any severity", nil,
			scan.Evidence{Diff: scan.Diff{Fixed: fix, Introduced: []scan.Vulnerability{{ID: "CVE-4", Severity: scan.Low, Package: "x", KnownExploited: true}}}, Created: old, Now: now},
			scan.Verdict{Reasons: []string{"introduces CVE-4 (low, known to be exploited) in x"}},
		},
		{
			"nothing recognised is not clean", nil,
			scan.Evidence{
				Diff: scan.Diff{Fixed: fix}, Created: old, Now: now,
				Blank: scan.Blank(
					[]scan.Report{report("linux/amd64", []scan.Package{{Name: "libssl3"}}), report("linux/arm64", nil)},
					[]scan.Report{report("linux/amd64", nil), report("linux/arm64", nil)},
				),
			},
			scan.Verdict{Reasons: []string{"no package is recognised in it any more (linux/amd64), so nothing can be said of it"}},
		},
		{
			"fixes nothing", nil,
			scan.Evidence{Created: old, Now: now},
			scan.Verdict{Reasons: []string{"newer, but fixes no known vulnerability (policy.when is vulnerable)"}},
		},
		{
			"anything newer", func(p *scan.Policy) { p.When = scan.Always },
			scan.Evidence{Created: old, Now: now},
			scan.Verdict{Accepted: true, Reasons: []string{"introduces nothing known", "newer; fixes nothing known", "built 2026-11-19"}},
		},
		{
			"what is ignored neither speaks for nor against", func(p *scan.Policy) {
				p.Ignored = func(image, id string, at time.Time) (string, bool) {
					return "", image == "docker.io/library/debian" && id != "CVE-2" && at.Equal(now)
				}
			},
			scan.Evidence{
				Image: "docker.io/library/debian",
				Diff:  scan.Diff{Fixed: fix, Introduced: []scan.Vulnerability{vuln("CVE-3", scan.High, "curl")}}, Created: old, Now: now,
			},
			scan.Verdict{Reasons: []string{"newer, but fixes no known vulnerability (policy.when is vulnerable)"}},
		},
		{
			"what is worthless counts against all the same", func(p *scan.Policy) {
				p.Worthless = func(string, string, time.Time) (string, bool) { return "", true }
			},
			scan.Evidence{Diff: scan.Diff{Fixed: fix, Introduced: []scan.Vulnerability{vuln("CVE-3", scan.High, "curl")}}, Created: old, Now: now},
			scan.Verdict{Reasons: []string{"introduces CVE-3 (high) in curl", "newer, but fixes no known vulnerability (policy.when is vulnerable)"}},
		},
	} {
		p := policy
		if tc.policy != nil {
			tc.policy(&p)
		}
		if d := cmp.Diff(tc.want, p.Judge(tc.evidence)); d != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, d)
		}
	}
}
