package worker

import (
	"cmp"
	"slices"
	"strings"

	"github.com/anchore/grype/grype/match"
	grypepkg "github.com/anchore/grype/grype/pkg"
	"github.com/anchore/grype/grype/vulnerability"
	"github.com/anchore/syft/syft/linux"
	"github.com/basebump/basebump/scan"
)

func osOf(r *linux.Release) scan.OS {
	if r == nil {
		return scan.OS{}
	}
	return scan.OS{ID: r.ID, Version: r.VersionID, Name: r.PrettyName}
}

func packagesOf(all []grypepkg.Package) []scan.Package {
	packages := make([]scan.Package, 0, len(all))
	for _, p := range all {
		one := scan.Package{Name: p.Name, Version: p.Version, Type: string(p.Type)}
		if len(p.Upstreams) > 0 && p.Upstreams[0].Name != p.Name {
			one.Source = p.Upstreams[0].Name
		}
		packages = append(packages, one)
	}
	slices.SortFunc(packages, func(a, b scan.Package) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Version, b.Version))
	})
	return slices.Compact(packages)
}

func vulnerabilitiesOf(matches []match.Match) []scan.Vulnerability {
	found := []scan.Vulnerability{}
	for _, m := range matches {
		found = append(found, vulnerabilitiesIn(m)...)
	}
	scan.Sort(found)
	return slices.CompactFunc(found, func(a, b scan.Vulnerability) bool {
		return a.ID == b.ID && a.Package == b.Package && a.Type == b.Type && a.Installed == b.Installed
	})
}

// vulnerabilitiesIn gives one for each CVE that an advisory is about, or the advisory itself where it names none.
func vulnerabilitiesIn(m match.Match) []scan.Vulnerability {
	one := scan.Vulnerability{
		ID:        m.Vulnerability.ID,
		Package:   m.Package.Name,
		Type:      string(m.Package.Type),
		Installed: m.Package.Version,
	}
	if m.Vulnerability.Fix.State == vulnerability.FixStateFixed {
		one.FixedIn = strings.Join(m.Vulnerability.Fix.Versions, ", ")
	}
	describeBy(&one, m.Vulnerability.Metadata)
	if isCVE(one.ID) {
		return []scan.Vulnerability{one}
	}
	var each []scan.Vulnerability
	for _, related := range m.Vulnerability.RelatedVulnerabilities {
		if isCVE(related.ID) {
			cve := one
			cve.ID, cve.Aliases = related.ID, []string{one.ID}
			each = append(each, cve)
		}
	}
	if each == nil {
		return []scan.Vulnerability{one}
	}
	return each
}

// describeBy takes over what the matched advisory says; its severity is that of the vendor who wrote it.
func describeBy(one *scan.Vulnerability, m *vulnerability.Metadata) {
	if m == nil {
		return
	}
	one.Severity, _ = scan.ParseSeverity(m.Severity) // what Grype has no name for is unknown
	one.URL = m.DataSource
	for _, c := range m.Cvss {
		one.CVSS = max(one.CVSS, c.Metrics.BaseScore)
	}
	for _, e := range m.EPSS {
		one.EPSS = max(one.EPSS, e.EPSS)
	}
	one.KnownExploited = len(m.KnownExploited) > 0
}

func isCVE(id string) bool { return strings.HasPrefix(id, "CVE-") }
