// Package expect says which vulnerabilities a scanner must find in an image,
// from its dpkg database and the advisories alone. It shares no code with any
// scanner, so that a test may hold one against it.
package expect

import (
	"cmp"
	"fmt"
	"io"
	"io/fs"
	"slices"

	debversion "github.com/knqyf263/go-deb-version"
)

// A Match is a CVE in an installed binary package.
type Match struct {
	CVE, Severity      string
	Package, Installed string
	Fixed              string
}

// Matches returns what the advisories in fsys (which holds the provider folder
// debian) say of the packages in a dpkg status file, sorted by package and CVE.
// As in Debian's own tracker it is the source package and its version that count.
func Matches(status io.Reader, fsys fs.FS) ([]Match, error) {
	packages, err := Packages(status)
	if err != nil {
		return nil, err
	}
	advisories, err := Advisories(fsys)
	if err != nil {
		return nil, err
	}
	bySource := make(map[string][]Advisory)
	for _, advisory := range advisories {
		bySource[advisory.Source] = append(bySource[advisory.Source], advisory)
	}

	var matches []Match
	for _, pkg := range packages {
		for _, advisory := range bySource[pkg.Source] {
			order, err := Compare(pkg.SourceVersion, advisory.Fixed)
			if err != nil {
				return nil, fmt.Errorf("match %s against %s: %w", advisory.CVE, pkg.Name, err)
			}
			if order < 0 {
				matches = append(matches, Match{
					CVE: advisory.CVE, Severity: advisory.Severity,
					Package: pkg.Name, Installed: pkg.Version, Fixed: advisory.Fixed,
				})
			}
		}
	}
	slices.SortFunc(matches, func(a, b Match) int {
		return cmp.Or(cmp.Compare(a.Package, b.Package), cmp.Compare(a.CVE, b.CVE))
	})
	return matches, nil
}

// Compare orders two Debian versions.
func Compare(a, b string) (int, error) {
	left, err := debversion.NewVersion(a)
	if err != nil {
		return 0, fmt.Errorf("version %q: %w", a, err)
	}
	right, err := debversion.NewVersion(b)
	if err != nil {
		return 0, fmt.Errorf("version %q: %w", b, err)
	}
	return left.Compare(right), nil
}

// CVEs counts the distinct CVEs among the matches by severity. One that two
// source packages rate differently counts under both severities.
func CVEs(matches []Match) map[string]int {
	type rated struct{ cve, severity string }
	seen := make(map[rated]bool)
	counts := make(map[string]int)
	for _, match := range matches {
		if key := (rated{match.CVE, match.Severity}); !seen[key] {
			seen[key] = true
			counts[match.Severity]++
		}
	}
	return counts
}
