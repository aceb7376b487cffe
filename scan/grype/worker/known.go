package worker

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/anchore/grype/grype/distro"
	"github.com/anchore/grype/grype/match"
	grypepkg "github.com/anchore/grype/grype/pkg"
	"github.com/anchore/grype/grype/vulnerability"
	"github.com/anchore/syft/syft/pkg"
)

// known remembers what a matcher found of a distribution's packages: images share most of them, and one database says the same of the same
// package each time. Safe for concurrent use.
type known struct {
	match.Matcher
	table table[outcome]
}

// outcome is what a matcher said of one package.
type outcome struct {
	id      grypepkg.ID // of the package, in the image in which it was matched
	matches []match.Match
	ignores []match.IgnoreRelatedPackage
}

// remembering wraps the matchers that are asked of a distribution's packages.
func remembering(all []match.Matcher) []match.Matcher {
	wrapped := slices.Clone(all)
	for i, m := range wrapped {
		if slices.ContainsFunc(systemTypes, func(t pkg.Type) bool { return slices.Contains(m.PackageTypes(), t) }) {
			wrapped[i] = &known{Matcher: m}
		}
	}
	return wrapped
}

// Match implements match.Matcher.
func (k *known) Match(provider vulnerability.Provider, p grypepkg.Package) ([]match.Match, []match.IgnoreFilter, error) {
	key, ok := identity(p)
	if !ok {
		return k.Matcher.Match(provider, p)
	}
	if before, ok := k.table.find(key); ok {
		return before.records[0].of(p)
	}
	matches, ignores, err := k.Matcher.Match(provider, p)
	if watched, ok := provider.(*watchedProvider); err != nil || !ok || watched.failed != nil {
		return matches, ignores, err
	}
	found := outcome{id: p.ID, matches: slices.Clone(matches)}
	for _, ignore := range ignores {
		related, ok := ignore.(match.IgnoreRelatedPackage)
		if !ok {
			return matches, ignores, nil // it may name what only this image has
		}
		found.ignores = append(found.ignores, related)
	}
	k.table.put(key, answer[outcome]{records: []outcome{found}})
	return matches, ignores, nil
}

// of says of a package in one image what was found of the same in another.
func (o outcome) of(p grypepkg.Package) ([]match.Match, []match.IgnoreFilter, error) {
	matches := slices.Clone(o.matches)
	for i := range matches {
		matches[i].Package = p
	}
	var ignores []match.IgnoreFilter
	for _, ignore := range o.ignores {
		if ignore.RelatedPackageID == o.id {
			ignore.RelatedPackageID = p.ID
		}
		ignores = append(ignores, ignore)
	}
	return matches, ignores, nil
}

// identity writes down all that matching a distribution's package goes by; where it lies in the image is not among that.
func identity(p grypepkg.Package) (string, bool) {
	type plain distro.Distro // without the method by which it prints a part of itself
	metadata, err := json.Marshal(p.Metadata)
	if err != nil || p.Distro == nil {
		return "", false
	}
	var key strings.Builder
	fmt.Fprintf(&key, "%q %q %q %q %q %q %s", p.Type, p.Name, p.Version, p.Language, p.PURL, p.Upstreams, metadata)
	fmt.Fprintf(&key, " %#v", plain(*p.Distro))
	for _, c := range p.CPEs {
		fmt.Fprintf(&key, " %#v", c.Attributes)
	}
	return key.String(), true
}
