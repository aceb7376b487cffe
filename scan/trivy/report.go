package trivy

import (
	"encoding/json"
	"strconv"

	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/assemble"
)

// document is what this package reads of Trivy's JSON, schema 2.
type document struct {
	SchemaVersion int
	Metadata      struct {
		OS *distribution
	}
	Results []result
}

type distribution struct {
	Family string
	Name   string // the release
}

// unknownFamily is Trivy's word for packages of a distribution that it does not know.
const unknownFamily = "none"

// families are Trivy's words for distributions whose os-release file has another.
var families = map[string]string{
	"alma": "almalinux", "amazon": "amzn", "cbl-mariner": "mariner", "opensuse.leap": "opensuse-leap", "opensuse.tumbleweed": "opensuse-tumbleweed",
	"oracle": "ol", "redhat": "rhel", "suse linux enterprise server": "sles",
}

func (d *distribution) os() scan.OS {
	if d == nil || d.Family == "" {
		return scan.OS{}
	}
	id := d.Family
	if known, ok := families[id]; ok {
		id = known
	}
	return scan.OS{ID: id, Version: d.Name, Name: d.Family + " " + d.Name}
}

// result is what Trivy found in one place: all packages of the distribution, or those of one lock file or program.
type result struct {
	Class           string
	Packages        []pkg
	Vulnerabilities []vulnerability // absent when there are none, and when none are known
}

const ofDistribution = "os-pkgs"

type identifier struct{ PURL string }

type pkg struct {
	Name, Version, Release string
	Epoch                  int
	SrcName                string
	Identifier             identifier
}

type vulnerability struct {
	VulnerabilityID                string
	VendorIDs                      []string
	PkgName                        string
	PkgIdentifier                  identifier
	InstalledVersion, FixedVersion string
	Severity                       string // the vendor's if there is one
	PrimaryURL                     string
	CVSS                           map[string]struct{ V2Score, V3Score, V40Score float64 }
}

func decode(answer []byte) (*document, error) {
	d := &document{}
	if err := json.Unmarshal(answer, d); err != nil {
		return nil, assemble.Permanent("decode Trivy's answer: %w", err)
	}
	if d.SchemaVersion != schema {
		return nil, assemble.Permanent("decode Trivy's answer: it has schema %d, not %d", d.SchemaVersion, schema)
	}
	return d, nil
}

// read brings the document into our words.
func (d *document) read() (scan.Report, error) {
	if d.Metadata.OS != nil && d.Metadata.OS.Family == unknownFamily {
		return scan.Report{}, assemble.Permanent("the image has packages of a distribution that Trivy does not know")
	}
	found := scan.Report{OS: d.Metadata.OS.os()}
	for _, r := range d.Results {
		for _, p := range r.Packages {
			found.Packages = append(found.Packages, p.read())
		}
		for _, v := range r.Vulnerabilities {
			found.Vulnerabilities = append(found.Vulnerabilities, v.read()...)
		}
	}
	return found, nil
}

func (p pkg) read() scan.Package {
	read := scan.Package{Name: p.Name, Version: p.version(), Type: typeOf(p.Identifier)}
	if p.SrcName != p.Name {
		read.Source = p.SrcName
	}
	return read
}

// version is as the package's own tools write it.
func (p pkg) version() string {
	version := p.Version
	if p.Release != "" {
		version += "-" + p.Release
	}
	if p.Epoch != 0 {
		version = strconv.Itoa(p.Epoch) + ":" + version
	}
	return version
}

func typeOf(id identifier) string {
	p, _ := assemble.Package(id.PURL) // without a package URL, the type is unknown
	return p.Type
}

// read gives one for each CVE that an advisory is about.
func (v vulnerability) read() []scan.Vulnerability {
	one := scan.Vulnerability{
		Package: v.PkgName, Type: typeOf(v.PkgIdentifier), Installed: v.InstalledVersion, FixedIn: v.FixedVersion, URL: v.PrimaryURL,
	}
	one.Severity, _ = scan.ParseSeverity(v.Severity) // what has no name is unknown
	older := 0.0
	for _, c := range v.CVSS {
		one.CVSS, older = max(one.CVSS, c.V3Score, c.V40Score), max(older, c.V2Score)
	}
	if one.CVSS == 0 {
		one.CVSS = older
	}
	ids, aliases := assemble.Identify(v.VulnerabilityID, v.VendorIDs...)
	one.Aliases = append(aliases, v.VendorIDs...)
	var each []scan.Vulnerability
	for _, id := range ids {
		one.ID = id
		each = append(each, one)
	}
	return each
}
