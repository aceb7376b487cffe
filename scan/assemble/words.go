package assemble

import (
	"regexp"
	"slices"
	"strings"

	"github.com/basebump/basebump/scan"
	"github.com/package-url/packageurl-go"
)

var cve = regexp.MustCompile(`CVE-\d{4}-\d{4,19}`)

// Identify returns the CVEs that a scanner's name for a vulnerability stands for, or the name itself when there is none: first those that
// the name contains, then those in what else is said of it. Aliases are the name, where it is no CVE.
func Identify(name string, related ...string) (ids, aliases []string) {
	if ids = cves(name); len(ids) > 0 {
		return ids, nil
	}
	name = strings.TrimSuffix(name, ":")
	for _, text := range related {
		ids = append(ids, cves(text)...)
	}
	if len(ids) == 0 {
		return []string{name}, nil
	}
	slices.Sort(ids)
	return slices.Compact(ids), []string{name}
}

func cves(text string) []string {
	found := cve.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

// types are the package URL types to which a report gives another name.
var types = map[string]string{
	packageurl.TypeCargo:    "rust-crate",
	packageurl.TypeComposer: "php-composer",
	packageurl.TypeGolang:   "go-module",
	packageurl.TypeMaven:    "java-archive",
	packageurl.TypeNuget:    "dotnet",
	packageurl.TypePyPi:     "python",
}

// Package reads a package URL: the name of a package of a distribution alone, that of others with its namespace. ok is false for a text
// that is none.
func Package(purl string) (p scan.Package, ok bool) {
	parsed, err := packageurl.FromString(purl)
	if err != nil {
		return scan.Package{}, false
	}
	p = scan.Package{Name: parsed.Name, Version: parsed.Version, Type: parsed.Type, Source: source(parsed)}
	if named, known := types[parsed.Type]; known {
		p.Type = named
	}
	switch {
	case parsed.Namespace == "" || slices.Contains(system, parsed.Type):
	case parsed.Type == packageurl.TypeMaven:
		p.Name = parsed.Namespace + ":" + parsed.Name
	default:
		p.Name = parsed.Namespace + "/" + parsed.Name
	}
	return p, true
}

// source is the package that a binary package is built from, in the form that Syft gives to package URLs: a name, and a version if it is another.
func source(p packageurl.PackageURL) string {
	name, _, _ := strings.Cut(p.Qualifiers.Map()["upstream"], "@")
	if name == p.Name {
		return ""
	}
	return name
}
