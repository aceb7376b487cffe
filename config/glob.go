package config

import (
	"errors"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// maxPattern bounds a pattern, since a repository's come from strangers.
const maxPattern = 256

// Pattern is a glob where * stops at a slash and ** does not: docker.io/library/*, services/**.
type Pattern string

// Match reports whether the whole name matches.
func (p Pattern) Match(name string) bool { return doublestar.MatchUnvalidated(string(p), name) }

// UnmarshalText implements encoding.TextUnmarshaler. It refuses alternatives in braces: matching many takes exponential time.
func (p *Pattern) UnmarshalText(text []byte) error {
	glob := string(text)
	if glob == "" || len(glob) > maxPattern || strings.ContainsAny(glob, "{}") || !doublestar.ValidatePattern(glob) {
		return errors.New("expected a pattern of letters, *, ** and [a-z], such as docker.io/library/* or services/**")
	}
	*p = Pattern(glob)
	return nil
}

func (Pattern) schema() map[string]any {
	return map[string]any{"type": "string", "minLength": 1, "maxLength": maxPattern}
}

// Patterns selects names: what a pattern matches and no excluding one does. Where every pattern excludes, the rest is selected.
type Patterns []Selector

// Match reports whether the name is selected.
func (ps Patterns) Match(name string) bool {
	included, includes := false, false
	for _, s := range ps {
		matched := s.Pattern.Match(name)
		if s.Exclude && matched {
			return false
		}
		includes = includes || !s.Exclude
		included = included || !s.Exclude && matched
	}
	return included || !includes
}

// Selector is a pattern that includes or, written with a leading !, excludes.
type Selector struct {
	Pattern Pattern
	Exclude bool
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *Selector) UnmarshalText(text []byte) error {
	glob, exclude := strings.CutPrefix(string(text), "!")
	s.Exclude = exclude
	return s.Pattern.UnmarshalText([]byte(glob))
}

// MarshalText implements encoding.TextMarshaler.
func (s Selector) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

func (s Selector) String() string {
	if s.Exclude {
		return "!" + string(s.Pattern)
	}
	return string(s.Pattern)
}

func (Selector) schema() map[string]any { return Pattern("").schema() }

// Watch selects repositories, as Patterns does; the case of letters does not count.
type Watch []RepositoryPattern

// Match reports whether OWNER/NAME is selected.
func (w Watch) Match(repository string) bool {
	patterns := make(Patterns, len(w))
	for i, p := range w {
		patterns[i] = p.Selector
	}
	return patterns.Match(strings.ToLower(repository))
}

// RepositoryPattern is a Selector of the form OWNER/NAME, in lower case.
type RepositoryPattern struct{ Selector }

// UnmarshalText implements encoding.TextUnmarshaler.
func (p *RepositoryPattern) UnmarshalText(text []byte) error {
	owner, name, found := strings.Cut(strings.TrimPrefix(string(text), "!"), "/")
	lower := strings.ToLower(string(text))
	if !found || owner == "" || name == "" || strings.Contains(name, "/") || p.Selector.UnmarshalText([]byte(lower)) != nil {
		return errors.New("expected a pattern such as acme/* or !acme/legacy-*")
	}
	return nil
}

func (RepositoryPattern) schema() map[string]any {
	return map[string]any{"type": "string", "pattern": `^!?[^/]+/[^/]+$`}
}
