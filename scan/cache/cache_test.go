package cache_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/cache"
)

var built = time.Date(2026, 11, 23, 5, 12, 0, 0, time.UTC)

// scanner counts its work; its database may change, and it may fail.
type scanner struct {
	built time.Time
	err   error
	scans int
}

func (s *scanner) tool() scan.Tool { return scan.Tool{Name: "grype", Version: "0.120.0"} }

func (s *scanner) Identity(context.Context) (scan.Tool, time.Time, error) {
	return s.tool(), s.built, s.err
}

func (s *scanner) Scan(_ context.Context, target scan.Target) (scan.Report, error) {
	s.scans++
	return scan.Report{Image: target.Image, Digest: target.Digest, Platform: target.Platform, Scanner: s.tool(), DatabaseBuilt: s.built}, s.err
}

// cataloguer is a scanner that reads an image once.
type cataloguer struct {
	scanner
	by     string
	pulled int
}

func (c *cataloguer) Cataloguer(context.Context) (string, error) { return c.by, nil }

func (c *cataloguer) ScanBy(ctx context.Context, target scan.Target, catalogue []byte) (scan.Report, []byte, error) {
	report, err := c.Scan(ctx, target)
	if catalogue != nil {
		report.PackagesFrom = scan.FromStored
		return report, nil, err
	}
	c.pulled++
	return report, []byte("packages of " + target.Digest), err
}

// memory is a store in a map; it may fail.
type memory struct {
	kept       map[cache.Key]scan.Report
	catalogues map[cache.CatalogueKey][]byte
	err        error
}

func (m *memory) Catalogue(_ context.Context, key cache.CatalogueKey, _ time.Time) ([]byte, error) {
	return m.catalogues[key], m.err
}

func (m *memory) SaveCatalogue(_ context.Context, key cache.CatalogueKey, catalogue []byte, _ time.Time) error {
	if m.err == nil {
		m.catalogues[key] = catalogue
	}
	return m.err
}

func (m *memory) Report(_ context.Context, key cache.Key) (*scan.Report, error) {
	report, ok := m.kept[key]
	if !ok || m.err != nil {
		return nil, m.err
	}
	return &report, nil
}

func (m *memory) SaveReport(_ context.Context, key cache.Key, report scan.Report, _ time.Time) error {
	if m.err == nil {
		m.kept[key] = report
	}
	return m.err
}

func setup() (*cache.Cached, *scanner, *memory, *bytes.Buffer) {
	inner := &scanner{built: built}
	cached, store, log := around(inner)
	return cached, inner, store, log
}

func around(inner cache.Scanner) (*cache.Cached, *memory, *bytes.Buffer) {
	store := &memory{kept: map[cache.Key]scan.Report{}, catalogues: map[cache.CatalogueKey][]byte{}}
	log := &bytes.Buffer{}
	return cache.New(inner, store, time.Now, slog.New(slog.NewTextHandler(log, nil))), store, log
}

func target(digest string) scan.Target {
	return scan.Target{Image: "docker.io/library/debian", Digest: digest, Platform: "linux/amd64", Access: scan.Access{Password: "hunter2"}}
}

func TestCached(t *testing.T) {
	t.Parallel()
	cached, inner, _, _ := setup()
	mirrored := target("sha256:a")
	mirrored.Image = "mirror.example/debian"
	arm := target("sha256:a")
	arm.Platform = "linux/arm64"
	billed := target("sha256:a")
	billed.SBOM = &scan.SBOM{Format: scan.SPDX, Data: []byte("{}")}
	rebilled := target("sha256:a")
	rebilled.SBOM = &scan.SBOM{Format: scan.SPDX, Data: []byte("[]")}
	for _, step := range []struct {
		name   string
		target scan.Target
		scans  int
	}{
		{"first", target("sha256:a"), 1},
		{"again", target("sha256:a"), 1},
		{"under another name", mirrored, 1},
		{"another platform", arm, 2},
		{"another image", target("sha256:b"), 3},
		{"by a bill of materials", billed, 4},
		{"by the same bill", billed, 4},
		{"by another bill", rebilled, 5},
	} {
		report, err := cached.Scan(t.Context(), step.target)
		if err != nil {
			t.Fatal(err)
		}
		want := scan.Report{
			Image: step.target.Image, Digest: step.target.Digest, Platform: step.target.Platform, Scanner: inner.tool(), DatabaseBuilt: built,
		}
		if diff := cmp.Diff(want, report); diff != "" || inner.scans != step.scans {
			t.Errorf("%s: %d scans, want %d (-want +got):\n%s", step.name, inner.scans, step.scans, diff)
		}
	}
	inner.built = built.Add(24 * time.Hour)
	if report, err := cached.Scan(t.Context(), target("sha256:a")); err != nil || inner.scans != 6 || !report.DatabaseBuilt.Equal(inner.built) {
		t.Errorf("a new database: %d scans, %v, %v", inner.scans, report.DatabaseBuilt, err)
	}
}

func TestFailuresAreNotKept(t *testing.T) {
	t.Parallel()
	cached, inner, store, _ := setup()
	inner.err = errors.New("no database")
	if _, err := cached.Scan(t.Context(), target("sha256:a")); !errors.Is(err, inner.err) || len(store.kept) != 0 {
		t.Errorf("got %v, kept %d", err, len(store.kept))
	}
	inner.err = nil
	if _, err := cached.Scan(t.Context(), target("sha256:a")); err != nil || inner.scans != 1 {
		t.Errorf("after the failure: %d scans, %v", inner.scans, err)
	}
}

func TestBrokenStore(t *testing.T) {
	t.Parallel()
	cached, inner, store, log := setup()
	store.err = errors.New("disk full")
	for range 2 {
		if _, err := cached.Scan(t.Context(), target("sha256:a")); err != nil {
			t.Fatal(err)
		}
	}
	if inner.scans != 2 || strings.Count(log.String(), "disk full") != 4 || strings.Contains(log.String(), "hunter2") {
		t.Errorf("%d scans, log:\n%s", inner.scans, log)
	}
}

func TestNewDatabaseJudgesWhatWasRead(t *testing.T) {
	t.Parallel()
	inner := &cataloguer{scanner: scanner{built: built}, by: "syft 1"}
	cached, _, _ := around(inner)
	billed := target("sha256:a")
	billed.SBOM = &scan.SBOM{Format: scan.SPDX, Data: []byte("{}")}
	for _, step := range []struct {
		name          string
		change        func()
		target        scan.Target
		scans, pulled int
		from          scan.Reading
	}{
		{"first", func() {}, target("sha256:a"), 1, 1, ""},
		{"again", func() {}, target("sha256:a"), 1, 1, ""},
		{"a new database", func() { inner.built = built.Add(time.Hour) }, target("sha256:a"), 2, 1, scan.FromStored},
		{"the same database", func() {}, target("sha256:a"), 2, 1, scan.FromStored},
		{"another image", func() {}, target("sha256:b"), 3, 2, ""},
		{"a bill of materials", func() {}, billed, 4, 2, ""},
		{"a new cataloguer", func() { inner.by, inner.built = "syft 2", built.Add(2*time.Hour) }, target("sha256:a"), 5, 3, ""},
	} {
		step.change()
		report, err := cached.Scan(t.Context(), step.target)
		if err != nil {
			t.Fatal(err)
		}
		if inner.scans != step.scans || inner.pulled != step.pulled || report.PackagesFrom != step.from || !report.DatabaseBuilt.Equal(inner.built) {
			t.Errorf("%s: %d scans, %d pulls, from %q, database %s", step.name, inner.scans, inner.pulled, report.PackagesFrom, report.DatabaseBuilt)
		}
	}
}

func TestBrokenStoreOfCatalogues(t *testing.T) {
	t.Parallel()
	inner := &cataloguer{scanner: scanner{built: built}, by: "syft 1"}
	cached, store, log := around(inner)
	store.err = errors.New("disk full")
	if _, err := cached.Scan(t.Context(), target("sha256:a")); err != nil || inner.pulled != 1 || strings.Count(log.String(), "disk full") != 4 {
		t.Errorf("%d pulls, %v, log:\n%s", inner.pulled, err, log)
	}
}

// undated is a scanner whose reports do not tell how old its data are.
type undated struct{ scanner }

func (u *undated) Scan(ctx context.Context, target scan.Target) (scan.Report, error) {
	report, err := u.scanner.Scan(ctx, target)
	report.DatabaseBuilt, report.Scanner.Version = time.Time{}, "9"
	return report, err
}

func TestUndatedReportsAreGoodForAsLongAsTheScannerSays(t *testing.T) {
	t.Parallel()
	inner := &undated{scanner{built: built}}
	cached, _, _ := around(inner)
	for _, step := range []struct {
		hour  time.Duration
		scans int
	}{{0, 1}, {0, 1}, {1, 2}, {1, 2}} {
		inner.built = built.Add(step.hour * time.Hour)
		report, err := cached.Scan(t.Context(), target("sha256:a"))
		if err != nil || inner.scans != step.scans || !report.DatabaseBuilt.IsZero() {
			t.Errorf("in hour %d: %d scans, want %d; %s, %v", step.hour, inner.scans, step.scans, report.DatabaseBuilt, err)
		}
	}
}
