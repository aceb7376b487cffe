package trivy

import (
	"context"
	"errors"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/assemble"
	"github.com/basebump/basebump/scan/canary"
	"github.com/basebump/basebump/scan/process"
)

// coverage remembers which releases were seen to be covered, by the database's build.
type coverage struct {
	mu    sync.Mutex
	known map[distribution]time.Time
}

func (c *coverage) has(release distribution, built time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	at, ok := c.known[release]
	return ok && at.Equal(built)
}

func (c *coverage) add(release distribution, built time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil {
		c.known = map[distribution]time.Time{}
	}
	c.known[release] = built
}

// cover returns an error unless the database is known to be about the image's distribution: Trivy finds nothing without saying so. A
// finding proves it; without one Trivy is asked about packages in which there must be one, once for each release and database.
func (s *Scanner) cover(ctx context.Context, folder *process.Folder, d *document, db metadata) error {
	if d.Metadata.OS == nil || s.covered.has(*d.Metadata.OS, db.UpdatedAt) {
		return nil
	}
	release := *d.Metadata.OS
	sample, proven := d.ofDistribution()
	if !proven {
		var err error
		if proven, err = s.finds(ctx, folder, release, sample); err != nil {
			return err
		}
	}
	if !proven {
		return assemble.Permanent("the vulnerability database has no data for %s", assemble.Describe(d.Metadata.OS.os()))
	}
	s.covered.add(release, db.UpdatedAt)
	return nil
}

// ofDistribution returns the package URL of one package of the distribution, and whether a vulnerability was found in any.
func (d *document) ofDistribution() (sample string, proven bool) {
	for _, r := range d.Results {
		if r.Class == ofDistribution {
			proven = proven || len(r.Vulnerabilities) > 0
			for _, p := range r.Packages {
				sample = p.Identifier.PURL
			}
		}
	}
	return sample, proven
}

// finds has Trivy look at packages in which a database that covers the release finds something.
func (s *Scanner) finds(ctx context.Context, folder *process.Folder, release distribution, sample string) (bool, error) {
	bill, err := canary.Bill(scan.OS{ID: release.Family, Version: release.Name}, sample)
	if err != nil {
		return false, err
	}
	file := folder.Path("canary.json")
	if err := os.WriteFile(file, bill, 0o600); err != nil {
		return false, err
	}
	answer, err := s.match(ctx, folder, append(s.matching("sbom"), file), scan.Access{})
	if err != nil {
		return false, err
	}
	asked, err := decode(answer)
	if err != nil {
		return false, err
	}
	if !slices.ContainsFunc(asked.Results, func(r result) bool { return r.Class == ofDistribution && len(r.Packages) > 0 }) {
		return false, errors.New("the packages that Trivy was asked about are not in its answer")
	}
	_, proven := asked.ofDistribution()
	return proven, nil
}
