// Package cache remembers reports, so that an image is scanned once for each build of the scanner's database.
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

// Store keeps reports. Safe for concurrent use.
type Store interface {
	// Report returns the report that was kept under the key, or nil.
	Report(ctx context.Context, key Key) (*scan.Report, error)
	// SaveReport keeps a report. It may drop those of the same image, platform and scanner that another database or version made.
	SaveReport(ctx context.Context, key Key, report scan.Report, now time.Time) error
}

// Scanner is a scanner that can say what it would scan with.
type Scanner interface {
	scan.Scanner
	// Identity returns the scanner's name and version and when its database was built.
	Identity(ctx context.Context) (scan.Tool, time.Time, error)
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
		c.log.WarnContext(ctx, "kept report not readable", "image", target.Image, "digest", target.Digest, "error", err)
	}
	if kept != nil {
		kept.Image = target.Image // the same content may stand in several repositories
		return *kept, nil
	}
	report, err := c.scanner.Scan(ctx, target)
	if err != nil {
		return scan.Report{}, err
	}
	key.Scanner, key.Database = report.Scanner, report.DatabaseBuilt // a database may have come in meanwhile
	if err := c.store.SaveReport(ctx, key, report, c.now()); err != nil {
		c.log.WarnContext(ctx, "report not kept", "image", target.Image, "digest", target.Digest, "error", err)
	}
	return report, nil
}
