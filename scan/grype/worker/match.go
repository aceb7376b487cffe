package worker

import (
	"context"
	"errors"
	"fmt"

	"github.com/anchore/grype/grype"
	"github.com/anchore/grype/grype/match"
	"github.com/anchore/grype/grype/matcher"
	"github.com/anchore/grype/grype/matcher/rpm"
	"github.com/anchore/grype/grype/matcher/stock"
	grypepkg "github.com/anchore/grype/grype/pkg"
	"github.com/anchore/grype/grype/version"
	"github.com/anchore/grype/grype/vulnerability"
	"github.com/anchore/syft/syft/linux"
)

// matchers are Grype's, set as its own command line sets them.
func matchers() []match.Matcher {
	return matcher.NewDefaultMatchers(matcher.Config{
		Rpm:   rpm.MatcherConfig{MissingEpochStrategy: version.MissingEpochStrategyAuto},
		Stock: stock.MatcherConfig{UseCPEs: true},
	})
}

// match finds the advisories that apply. An image whose distribution the database does not cover, or whose packages cannot be told, is an
// error: nothing found would look like nothing wrong.
func (s *Scanner) match(ctx context.Context, i inventory) ([]match.Match, error) {
	if err := s.covered(i); err != nil {
		return nil, err
	}
	watched := &watchedProvider{Provider: s.db.provider}
	m := grype.VulnerabilityMatcher{VulnerabilityProvider: watched, Matchers: s.matchers}
	found, _, err := m.FindMatchesContext(ctx, i.prepared, grypepkg.Context{Distro: i.distro})
	if err := errors.Join(err, watched.failed); err != nil {
		return nil, fmt.Errorf("match packages: %w", err)
	}
	return found.Sorted(), nil
}

func (s *Scanner) covered(i inventory) error {
	known, err := s.db.covers(i.distro)
	if err != nil {
		return err
	}
	system := 0
	for _, p := range i.packages {
		if isSystem(p) {
			system++
		}
	}
	switch {
	case system > 0 && i.release == nil:
		return permanent(errors.New("the image does not say which distribution its packages are from"))
	case system > 0 && !known:
		return permanent(fmt.Errorf("the database has no data for %s", describeRelease(i.release)))
	case system == 0 && known:
		return permanent(fmt.Errorf("the image is %s, but has no package database", describeRelease(i.release)))
	}
	return nil
}

func describeRelease(r *linux.Release) string {
	switch {
	case r.PrettyName != "":
		return r.PrettyName
	case r.VersionID != "":
		return r.ID + " " + r.VersionID
	}
	return r.ID
}

// watchedProvider remembers that a query failed: Grype logs that and goes on as if nothing had been found.
type watchedProvider struct {
	vulnerability.Provider
	failed error
}

func (w *watchedProvider) FindVulnerabilities(criteria ...vulnerability.Criteria) ([]vulnerability.Vulnerability, error) {
	found, err := w.Provider.FindVulnerabilities(criteria...)
	if err != nil && w.failed == nil {
		w.failed = err
	}
	return found, err
}
