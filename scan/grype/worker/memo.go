package worker

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	v6 "github.com/anchore/grype/grype/db/v6"
	"gorm.io/gorm"
)

// maxRemembered bounds what is remembered of a database, in records: some tens of MiB.
const maxRemembered = 50_000

// memo is a database that is asked each question once: binary packages share their sources, and images their packages. What it looks up by
// the version of a package is looked up each time. The records that it returns are not to be changed; Grype changes none. Safe for
// concurrent use.
type memo struct {
	v6.Reader
	affected   table[v6.AffectedPackageHandle]
	unaffected table[v6.UnaffectedPackageHandle]
	exploited  table[v6.KnownExploitedVulnerabilityHandle]
	likely     table[v6.EpssHandle]
	weak       table[v6.CWEHandle]

	db       *gorm.DB
	unlikely bool // the database has no likelihoods: Grype takes the error of each look for none
}

func remember(r v6.Reader) *memo {
	_, err := r.GetEpss("CVE-0000-0000")
	db := r.(interface{ GetDB() *gorm.DB }).GetDB()
	return &memo{Reader: r, unlikely: err != nil, db: db.Session(&gorm.Session{PrepareStmt: true})}
}

// GetDB is asked of a reader by Grype itself, beside its interface: it has a few statements that it runs for every package.
func (m *memo) GetDB() *gorm.DB { return m.db }

func (m *memo) GetAffectedPackages(p *v6.PackageSpecifier, o *v6.GetPackageOptions) ([]v6.AffectedPackageHandle, error) {
	ask := func() ([]v6.AffectedPackageHandle, error) { return m.Reader.GetAffectedPackages(p, o) }
	key, ok := question(p, o)
	if !ok {
		return ask()
	}
	return m.affected.get(key, ask)
}

func (m *memo) GetUnaffectedPackages(p *v6.PackageSpecifier, o *v6.GetPackageOptions) ([]v6.UnaffectedPackageHandle, error) {
	ask := func() ([]v6.UnaffectedPackageHandle, error) { return m.Reader.GetUnaffectedPackages(p, o) }
	key, ok := question(p, o)
	if !ok {
		return ask()
	}
	return m.unaffected.get(key, ask)
}

func (m *memo) GetKnownExploitedVulnerabilities(cve string) ([]v6.KnownExploitedVulnerabilityHandle, error) {
	return m.exploited.get(cve, func() ([]v6.KnownExploitedVulnerabilityHandle, error) {
		return m.Reader.GetKnownExploitedVulnerabilities(cve)
	})
}

func (m *memo) GetEpss(cve string) ([]v6.EpssHandle, error) {
	if m.unlikely {
		return nil, nil
	}
	return m.likely.get(cve, func() ([]v6.EpssHandle, error) { return m.Reader.GetEpss(cve) })
}

func (m *memo) GetCWEs(cve string) ([]v6.CWEHandle, error) {
	return m.weak.get(cve, func() ([]v6.CWEHandle, error) { return m.Reader.GetCWEs(cve) })
}

// question writes down what is looked up; one about certain vulnerabilities is too rare to be remembered.
func question(p *v6.PackageSpecifier, o *v6.GetPackageOptions) (string, bool) {
	if p == nil || p.CPE != nil || o == nil || len(o.Vulnerabilities) > 0 {
		return "", false
	}
	type plain v6.OSSpecifier // without the method by which it prints a part of itself
	var key strings.Builder
	fmt.Fprintf(&key, "%q %q", p.Name, p.Ecosystem)
	for _, os := range o.OSs {
		fmt.Fprintf(&key, " %#v", (*plain)(os))
	}
	rest := *o
	rest.OSs = nil
	fmt.Fprintf(&key, " %#v", rest)
	return key.String(), true
}

// table remembers answers by their questions.
type table[T any] struct {
	mu      sync.Mutex
	answers map[string]answer[T]
	records int
}

// answer may be that a distribution is not known, which is an error to Grype and yet an answer.
type answer[T any] struct {
	records []T
	unknown bool
}

func (t *table[T]) get(question string, ask func() ([]T, error)) ([]T, error) {
	known, ok := t.find(question)
	if !ok {
		records, err := ask()
		if err != nil && !errors.Is(err, v6.ErrOSNotPresent) {
			return records, err
		}
		known = answer[T]{records, err != nil}
		t.put(question, known)
	}
	if known.unknown {
		return nil, v6.ErrOSNotPresent
	}
	return slices.Clone(known.records), nil // Grype fills in the records' references
}

func (t *table[T]) find(question string) (answer[T], bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	known, ok := t.answers[question]
	return known, ok
}

func (t *table[T]) put(question string, a answer[T]) {
	size := len(a.records) + 1
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.answers == nil || t.records+size > maxRemembered {
		t.answers, t.records = map[string]answer[T]{}, 0
	}
	t.answers[question] = a
	t.records += size
}
