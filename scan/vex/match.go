package vex

import (
	"path"
	"slices"
	"strings"

	"github.com/distribution/reference"
	openvex "github.com/openvex/go-vex/pkg/vex"
	"github.com/package-url/packageurl-go"

	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/assemble"
)

// Subject is one platform of an image that documents may be about.
type Subject struct {
	Image   string   // canonical repository
	Tag     string   // empty when it is not known under one
	Digests []string // of the index and of the platform's own manifest
}

// matcher holds products against one image and its packages.
type matcher struct {
	Subject
	os, arch string
	system   scan.OS
	sources  map[string]string // source package of a package, by its name
}

func newMatcher(s Subject, report scan.Report) matcher {
	m := matcher{Subject: s, system: report.OS, sources: map[string]string{}}
	platform := strings.Split(report.Platform, "/")
	if len(platform) > 1 {
		m.os, m.arch = platform[0], platform[1]
	}
	for _, p := range report.Packages {
		if p.Source != "" {
			m.sources[p.Name] = p.Source
		}
	}
	return m
}

// match says whether one of the products is the image, and the vulnerable package one of its subcomponents where it lists some.
//
// A product is the image when its SHA-256, where it has one, is one of the image's digests, and its @id or one of its identifiers
// names the image:
//
//   - pkg:oci/NAME with the digest as version, and repository_url, tag, os and arch as qualifiers;
//   - pkg:docker/NAMESPACE/NAME with the tag or digest as version, and the same qualifiers;
//   - a reference as people write it (debian:12, ghcr.io/acme/api@sha256:…), or a digest alone.
//
// What is left out fits every image of that name; what is there must be equal; a qualifier of another kind fits none.
//
// A subcomponent is a package URL of the package or of the source that it is built from: type, name and namespace are equal, and so
// are version, arch and distro where it has them.
func (m matcher) match(products []openvex.Product, v scan.Vulnerability) bool {
	return slices.ContainsFunc(products, func(p openvex.Product) bool {
		if !m.isImage(p.Component) {
			return false
		}
		return len(p.Subcomponents) == 0 || slices.ContainsFunc(p.Subcomponents, func(s openvex.Subcomponent) bool {
			return slices.ContainsFunc(names(s.Component), func(name string) bool { return m.isPackage(name, v) })
		})
	})
}

func names(c openvex.Component) []string {
	all := []string{}
	for _, name := range []string{c.ID, c.Identifiers[openvex.PURL]} {
		if name != "" {
			all = append(all, name)
		}
	}
	return all
}

func (m matcher) isImage(c openvex.Component) bool {
	sum, hashed := c.Hashes[openvex.SHA256]
	if hashed && !slices.Contains(m.Digests, "sha256:"+strings.ToLower(string(sum))) {
		return false
	}
	all := names(c)
	if len(all) == 0 {
		return hashed
	}
	return slices.ContainsFunc(all, m.isNamed)
}

// isNamed says whether a name is the image's. An IRI of another kind, such as a page about it, says nothing that could be compared.
func (m matcher) isNamed(name string) bool {
	if strings.HasPrefix(name, "pkg:") {
		return m.isPURL(name)
	}
	if slices.Contains(m.Digests, name) {
		return true
	}
	named, err := reference.ParseNormalizedNamed(name)
	if err != nil || named.Name() != m.Image {
		return false
	}
	if tagged, ok := named.(reference.Tagged); ok && tagged.Tag() != m.Tag {
		return false
	}
	digested, ok := named.(reference.Digested)
	return !ok || slices.Contains(m.Digests, digested.Digest().String())
}

func (m matcher) isPURL(text string) bool {
	p, err := packageurl.FromString(text)
	if err != nil || p.Subpath != "" {
		return false
	}
	qualifiers := p.Qualifiers.Map()
	where := qualifiers["repository_url"]
	for key, value := range qualifiers {
		fits := map[string]bool{"repository_url": true, "tag": value == m.Tag, "os": value == m.os, "arch": value == m.arch}
		if !fits[key] {
			return false
		}
	}
	switch p.Type {
	case packageurl.TypeOCI:
		return p.Namespace == "" && p.Name == path.Base(m.Image) && (where == "" || m.isAt(where) || m.isAt(where+"/"+p.Name)) &&
			(p.Version == "" || slices.Contains(m.Digests, p.Version))
	case packageurl.TypeDocker:
		return m.isAt(strings.TrimPrefix(path.Join(where, p.Namespace, p.Name), "/")) &&
			(p.Version == "" || p.Version == m.Tag || slices.Contains(m.Digests, p.Version))
	}
	return false
}

// isAt says whether a repository, in whatever form, is the image's.
func (m matcher) isAt(repository string) bool {
	named, err := reference.ParseNormalizedNamed(repository)
	return err == nil && reference.IsNameOnly(named) && named.Name() == m.Image
}

func (m matcher) isPackage(text string, v scan.Vulnerability) bool {
	p, ok := assemble.Package(text)
	if !ok || p.Type != v.Type {
		return false
	}
	isSource := p.Name == m.sources[v.Package]
	if p.Name != v.Package && !isSource || p.Version != "" && p.Version != v.Installed {
		return false
	}
	parsed, err := packageurl.FromString(text)
	if err != nil || assemble.IsSystem(p) && parsed.Namespace != "" && parsed.Namespace != m.distribution() {
		return false
	}
	for key, value := range parsed.Qualifiers.Map() {
		switch key {
		case "arch":
			ok = value == m.arch || value == "all" || value == "noarch" || value == "source" && isSource || otherArch[value] == m.arch
		case "distro":
			ok = value == m.system.ID+"-"+m.system.Version
		case "upstream", "epoch":
		default:
			ok = false
		}
		if !ok {
			return false
		}
	}
	return true
}

// distribution is the namespace that package URLs give to packages of the image's operating system.
func (m matcher) distribution() string {
	if m.system.ID == "rhel" {
		return "redhat"
	}
	return m.system.ID
}

// otherArch is what architectures are called that distributions name otherwise than image indexes do.
var otherArch = map[string]string{"x86_64": "amd64", "aarch64": "arm64", "i386": "386", "armhf": "arm", "armv7l": "arm", "ppc64el": "ppc64le"}
