package clair

import (
	"net/url"
	"strings"

	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/assemble"
)

// vulnerabilityReport is what this package reads of Clair's.
type vulnerabilityReport struct {
	Hash            string                              `json:"manifest_hash"`
	Packages        map[string]pkg                      `json:"packages"`
	Distributions   map[string]distribution             `json:"distributions"`
	Environments    map[string][]environment            `json:"environments"`
	Vulnerabilities map[string]vulnerability            `json:"vulnerabilities"`
	Matches         map[string][]string                 `json:"package_vulnerabilities"` // of packages with vulnerabilities
	Enrichments     map[string][]map[string]enrichments `json:"enrichments"`
}

type pkg struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Source  *pkg   `json:"source"`
}

type distribution struct {
	ID       string `json:"did"`
	Version  string `json:"version"`
	Release  string `json:"version_id"`
	CodeName string `json:"version_code_name"`
	Name     string `json:"pretty_name"`
}

func (d distribution) os() scan.OS { return scan.OS{ID: d.ID, Version: d.release(), Name: d.Name} }

// release is the release's number; Clair has it in another place for Alpine.
func (d distribution) release() string {
	if d.Release != "" {
		return d.Release
	}
	number, _, _ := strings.Cut(d.Version, " ")
	return number
}

type environment struct {
	PackageDB    string `json:"package_db"`
	Distribution string `json:"distribution_id"`
}

type vulnerability struct {
	Name         string        `json:"name"`
	Links        string        `json:"links"`
	Severity     string        `json:"severity"` // the vendor's word
	Normalized   string        `json:"normalized_severity"`
	Fixed        string        `json:"fixed_in_version"`
	Distribution *distribution `json:"distribution"`
}

// enrichments are what Clair knows of one vulnerability from other sources. A source fills what it knows.
type enrichments []struct {
	BaseScore float64 `json:"baseScore"` // CVSS
	EPSS      float64 `json:"epss"`
	CVE       string  `json:"cve"`
	DateAdded string  `json:"date_added"` // to the catalogue of known exploited vulnerabilities
}

// read brings the report into our words.
func (r *vulnerabilityReport) read() (scan.Report, error) {
	var found scan.Report
	for _, d := range r.Distributions {
		if found.OS != (scan.OS{}) && found.OS != d.os() {
			return scan.Report{}, assemble.Permanent("Clair takes the image for %s and for %s", found.OS.Name, d.Name)
		}
		found.OS = d.os()
	}
	for id, p := range r.Packages {
		one := scan.Package{Name: p.Name, Version: p.Version, Type: packageType(r.Environments[id])}
		if p.Source != nil && p.Source.Name != p.Name {
			one.Source = p.Source.Name
		}
		found.Packages = append(found.Packages, one)
		for _, match := range r.Matches[id] {
			v, ok := r.Vulnerabilities[match]
			if !ok {
				return scan.Report{}, assemble.Permanent("Clair's report names a vulnerability %q that it does not describe", match)
			}
			found.Vulnerabilities = append(found.Vulnerabilities, r.describe(one, match, v)...)
		}
	}
	for id := range r.Matches {
		if _, ok := r.Packages[id]; !ok {
			return scan.Report{}, assemble.Permanent("Clair's report names a package %q that it does not describe", id)
		}
	}
	return found, nil
}

func (r *vulnerabilityReport) describe(in scan.Package, id string, v vulnerability) []scan.Vulnerability {
	link, _, _ := strings.Cut(v.Links, " ")
	one := scan.Vulnerability{
		Severity: severity(v), Package: in.Name, Type: in.Type, Installed: in.Version, FixedIn: fixed(v.Fixed), URL: link,
	}
	ids, aliases := assemble.Identify(v.Name, v.Links)
	one.Aliases = aliases
	var each []scan.Vulnerability
	for _, name := range ids {
		one.ID = name
		each = append(each, r.enrich(one, id))
	}
	return each
}

// enrich adds what Clair's enrichers know of a CVE. They file it under the vulnerability, which may stand for several CVEs.
func (r *vulnerabilityReport) enrich(one scan.Vulnerability, id string) scan.Vulnerability {
	for _, source := range r.Enrichments {
		for _, known := range source {
			for _, e := range known[id] {
				if e.CVE != "" && e.CVE != one.ID {
					continue
				}
				one.CVSS = max(one.CVSS, e.BaseScore)
				one.EPSS = max(one.EPSS, e.EPSS)
				one.KnownExploited = one.KnownExploited || e.DateAdded != ""
			}
		}
	}
	return one
}

// severity is the vendor's own word if it is one of ours. Clair's reading of it differs from what other scanners make of the same
// advisory: it takes Debian's "high" for critical.
func severity(v vulnerability) scan.Severity {
	if own, err := scan.ParseSeverity(v.Severity); err == nil {
		return own
	}
	normalized, _ := scan.ParseSeverity(v.Normalized) // what has no name is unknown
	return normalized
}

// fixed is the version that has the fix. For packages of programming languages Clair writes a range, as a query.
func fixed(version string) string {
	if !strings.Contains(version, "=") {
		return version
	}
	if parts, err := url.ParseQuery(version); err == nil {
		return parts.Get("fixed")
	}
	return ""
}

// databases tells the type of a package by the place where it is listed.
var databases = []struct{ part, kind string }{
	{"var/lib/dpkg", "deb"},
	{"lib/apk/", "apk"},
	{"rpm", "rpm"},
}

// languages tells it by the scheme that Clair puts in front.
var languages = map[string]string{
	"go": "go-module", "python": "python", "nodejs": "npm", "ruby": "gem", "maven": "java-archive", "jar": "java-archive", "file": "java-archive",
}

func packageType(found []environment) string {
	for _, e := range found {
		scheme, _, _ := strings.Cut(e.PackageDB, ":")
		if kind, ok := languages[scheme]; ok {
			return kind
		}
		for _, known := range databases {
			if strings.Contains(e.PackageDB, known.part) {
				return known.kind
			}
		}
	}
	return ""
}
