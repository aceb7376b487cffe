// Package cache remembers reports, so that an image is scanned once for each build of the scanner's database, and what was read of the image,
// so that it is pulled once in all.
//
// It decorates a scanner and knows neither scanners nor databases: what it keeps, it keeps in a Store. It never keeps a failure.
package cache

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/basebump/basebump/scan"
)

// Key names a report by all that it depends on.
type Key struct {
	Digest   string
	Platform string
	Scanner  scan.Tool
	Database time.Time // when the scanner's database was built
	SBOM     string    // digest of the bill of materials that the packages were read from; empty for the layers
}

// CatalogueKey names what was read of an image's layers by all that it depends on.
type CatalogueKey struct {
	Digest     string
	Platform   string
	Cataloguer string // who read them, with its version
}

// MaxCatalogue bounds a catalogue, in bytes.
const MaxCatalogue = 16 << 20

// Store keeps reports and catalogues. Safe for concurrent use.
type Store interface {
	// Report returns the report that was kept under the key, or nil.
	Report(ctx context.Context, key Key) (*scan.Report, error)
	// SaveReport keeps a report. It may drop those of the same image, platform and scanner that another database or version made.
	SaveReport(ctx context.Context, key Key, report scan.Report, now time.Time) error
	// Catalogue returns what was kept under the key, or nil, and notes that it is still of use.
	Catalogue(ctx context.Context, key CatalogueKey, now time.Time) ([]byte, error)
	// SaveCatalogue keeps a catalogue of at most MaxCatalogue bytes. It may drop those of the same image and platform that another made.
	SaveCatalogue(ctx context.Context, key CatalogueKey, catalogue []byte, now time.Time) error
}

// Scanner is a scanner that can say what it would scan with.
type Scanner interface {
	scan.Scanner
	// Identity returns the scanner's name and version and when its database was built; for a scanner whose reports do not tell that, the
	// time from which on what it finds is good, until Identity returns another.
	Identity(ctx context.Context) (scan.Tool, time.Time, error)
}

// Cataloguer is a scanner that hands out what it read of an image, and can judge an image by that again, without its registry.
type Cataloguer interface {
	Scanner
	// Cataloguer says who makes its catalogues, with the version: those of another are of no use to it.
	Cataloguer(ctx context.Context) (string, error)
	// ScanBy scans by a catalogue that it made of the same digest and platform before, if it is not nil, else as Scan does; then it returns
	// the catalogue as well, or nil where there is none to keep.
	ScanBy(ctx context.Context, target scan.Target, catalogue []byte) (scan.Report, []byte, error)
}

// Cached answers from the store what the scanner has answered before. Safe for concurrent use.
type Cached struct {
	scanner Scanner
	store   Store
	now     func() time.Time
	log     *slog.Logger
}

// New decorates a scanner. A store that fails costs a scan and a warning in the log, never the answer.
func New(scanner Scanner, store Store, now func() time.Time, log *slog.Logger) *Cached {
	return &Cached{scanner: scanner, store: store, now: now, log: log}
}

// Scan implements scan.Scanner.
func (c *Cached) Scan(ctx context.Context, target scan.Target) (scan.Report, error) {
	tool, built, err := c.scanner.Identity(ctx)
	if err != nil {
		return scan.Report{}, fmt.Errorf("identify scanner: %w", err)
	}
	key := Key{Digest: target.Digest, Platform: target.Platform, Scanner: tool, Database: built, SBOM: target.SBOM.Digest()}
	kept, err := c.store.Report(ctx, key)
	if err != nil {
		c.warn(ctx, "kept report not readable", target, err)
	}
	if kept != nil {
		kept.Image = target.Image // the same content may stand in several repositories
		return *kept, nil
	}
	report, err := c.scan(ctx, target)
	if err != nil {
		return scan.Report{}, err
	}
	if !report.DatabaseBuilt.IsZero() { // a database may have come in meanwhile
		key.Scanner, key.Database = report.Scanner, report.DatabaseBuilt
	}
	if err := c.store.SaveReport(ctx, key, report, c.now()); err != nil {
		c.warn(ctx, "report not kept", target, err)
	}
	return report, nil
}

// scan judges by what was read of the image before, where that is kept.
func (c *Cached) scan(ctx context.Context, target scan.Target) (scan.Report, error) {
	scanner, ok := c.scanner.(Cataloguer)
	if !ok || target.SBOM != nil {
		return c.scanner.Scan(ctx, target)
	}
	by, err := scanner.Cataloguer(ctx)
	if err != nil {
		return scan.Report{}, fmt.Errorf("identify scanner: %w", err)
	}
	key := CatalogueKey{Digest: target.Digest, Platform: target.Platform, Cataloguer: by}
	kept, err := c.store.Catalogue(ctx, key, c.now())
	if err != nil {
		c.warn(ctx, "kept catalogue not readable", target, err)
	}
	report, made, err := scanner.ScanBy(ctx, target, kept)
	if err != nil {
		return scan.Report{}, err
	}
	if made == nil || len(made) > MaxCatalogue {
		return report, nil
	}
	if err := c.store.SaveCatalogue(ctx, key, made, c.now()); err != nil {
		c.warn(ctx, "catalogue not kept", target, err)
	}
	return report, nil
}

func (c *Cached) warn(ctx context.Context, what string, target scan.Target, err error) {
	c.log.WarnContext(ctx, what, "image", target.Image, "digest", target.Digest, "error", err)
}
