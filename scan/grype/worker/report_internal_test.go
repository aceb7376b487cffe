package worker

import (
	"testing"

	"github.com/anchore/grype/grype/match"
	grypepkg "github.com/anchore/grype/grype/pkg"
	"github.com/anchore/grype/grype/vulnerability"
	"github.com/basebump/basebump/scan"
	"github.com/google/go-cmp/cmp"
)

func found(id string, change func(*match.Match)) match.Match {
	m := match.Match{
		Package: grypepkg.Package{Name: "minimist", Version: "1.2.5", Type: "npm"},
		Vulnerability: vulnerability.Vulnerability{
			Reference: vulnerability.Reference{ID: id},
			Fix:       vulnerability.Fix{State: vulnerability.FixStateFixed, Versions: []string{"1.2.6"}},
			Metadata:  &vulnerability.Metadata{Severity: "Critical", DataSource: "https://example.com/" + id},
		},
	}
	if change != nil {
		change(&m)
	}
	return m
}

func related(ids ...string) func(*match.Match) {
	return func(m *match.Match) {
		for _, id := range ids {
			m.Vulnerability.RelatedVulnerabilities = append(m.Vulnerability.RelatedVulnerabilities, vulnerability.Reference{ID: id})
		}
	}
}

func TestVulnerabilitiesOf(t *testing.T) {
	t.Parallel()
	base := scan.Vulnerability{
		Severity: scan.Critical, Package: "minimist", Type: "npm", Installed: "1.2.5", FixedIn: "1.2.6", URL: "https://example.com/GHSA-1",
	}
	with := func(change func(*scan.Vulnerability)) scan.Vulnerability {
		v := base
		change(&v)
		return v
	}
	for _, tc := range []struct {
		name    string
		matches []match.Match
		want    []scan.Vulnerability
	}{
		{"none", nil, []scan.Vulnerability{}},
		{"an advisory about a CVE", []match.Match{found("GHSA-1", related("CVE-1"))}, []scan.Vulnerability{
			with(func(v *scan.Vulnerability) { v.ID, v.Aliases = "CVE-1", []string{"GHSA-1"} }),
		}},
		{"an advisory about several", []match.Match{found("GHSA-1", related("CVE-1", "CVE-2"))}, []scan.Vulnerability{
			with(func(v *scan.Vulnerability) { v.ID, v.Aliases = "CVE-1", []string{"GHSA-1"} }),
			with(func(v *scan.Vulnerability) { v.ID, v.Aliases = "CVE-2", []string{"GHSA-1"} }),
		}},
		{"an advisory about none", []match.Match{found("GHSA-1", related("GHSA-2"))}, []scan.Vulnerability{
			with(func(v *scan.Vulnerability) { v.ID = "GHSA-1" }),
		}},
		{"no fix", []match.Match{found("CVE-1", func(m *match.Match) { m.Vulnerability.Fix.State = vulnerability.FixStateWontFix })}, []scan.Vulnerability{
			with(func(v *scan.Vulnerability) { v.ID, v.FixedIn, v.URL = "CVE-1", "", "https://example.com/CVE-1" }),
		}},
		{"the same CVE from two packages of one name", []match.Match{found("CVE-1", nil), found("CVE-1", nil)}, []scan.Vulnerability{
			with(func(v *scan.Vulnerability) { v.ID, v.URL = "CVE-1", "https://example.com/CVE-1" }),
		}},
		{"known to be exploited", []match.Match{found("CVE-1", func(m *match.Match) {
			m.Vulnerability.Metadata.KnownExploited = []vulnerability.KnownExploited{{CVE: "CVE-1"}}
			m.Vulnerability.Metadata.EPSS = []vulnerability.EPSS{{EPSS: 0.5}, {EPSS: 0.75}}
			m.Vulnerability.Metadata.Cvss = []vulnerability.Cvss{{Metrics: vulnerability.CvssMetrics{BaseScore: 9.8}}, {Metrics: vulnerability.CvssMetrics{BaseScore: 7}}}
		})}, []scan.Vulnerability{
			with(func(v *scan.Vulnerability) {
				v.ID, v.URL, v.KnownExploited, v.EPSS, v.CVSS = "CVE-1", "https://example.com/CVE-1", true, 0.75, 9.8
			}),
		}},
		{"nothing but a name", []match.Match{found("CVE-1", func(m *match.Match) { m.Vulnerability.Metadata = nil })}, []scan.Vulnerability{
			with(func(v *scan.Vulnerability) { v.ID, v.URL, v.Severity = "CVE-1", "", scan.Unknown }),
		}},
	} {
		if diff := cmp.Diff(tc.want, vulnerabilitiesOf(tc.matches)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
	}
}
