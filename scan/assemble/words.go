package assemble

import (
	"regexp"
	"slices"
	"strings"

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

// Type is a report's word for the type of the package that a package URL names, or "" for a text that is none.
func Type(purl string) string {
	parsed, err := packageurl.FromString(purl)
	if err != nil {
		return ""
	}
	if named, known := types[parsed.Type]; known {
		return named
	}
	return parsed.Type
}
