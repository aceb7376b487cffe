// Package worker is the scanner's own process: it pulls an image, lists its packages with Syft's cataloguers and matches them with Grype
// against a database that stays open from one job to the next.
//
// It alone links Grype and Syft. An image is hostile input: layers are read once, as streams; of their files only those that a cataloguer
// wants are kept, in memory and within bounds; only Java archives and RPM databases pass through the temporary folder. It knows nothing of
// GitHub, repositories or policies, and takes credentials only with a job.
package worker

import (
	"context"
	"runtime/debug"
	"strings"

	"github.com/anchore/grype/grype/distro"
	"github.com/anchore/syft/syft/pkg"
	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/grype/wire"
)

// Scanner scans images with one open database. Its results do not depend on what it scanned before. Safe for concurrent use.
type Scanner struct {
	db      *database
	tool    scan.Tool
	tasks   []task
	wanted  *wanted
	inspect *inspector
	disk    *workshop
	cache   *cache
}

// Open opens the database in dir, or in its folder for the schema.
func Open(ctx context.Context, dir string) (*Scanner, error) {
	db, err := openDatabase(dir)
	if err != nil {
		return nil, err
	}
	s := &Scanner{db: db, tool: Tool(), tasks: tasks(), disk: newWorkshop(), cache: newCache(maxCached)}
	s.inspect = newInspector(ctx, s.disk)
	var catalogers []pkg.Cataloger
	for _, t := range s.tasks {
		catalogers = append(catalogers, t)
	}
	s.wanted = wantedBy(ctx, catalogers)
	return s, nil
}

// Database describes the database that is open.
func (s *Scanner) Database() wire.Database { return s.db.info }

// Close closes the database.
func (s *Scanner) Close() error { return s.db.Close() }

// Scan implements scan.Scanner.
func (s *Scanner) Scan(ctx context.Context, target scan.Target) (scan.Report, error) {
	p, err := newPuller(target.Access)
	if err != nil {
		return scan.Report{}, err
	}
	defer p.close()
	stored, err := p.layers(ctx, target)
	if err != nil {
		return scan.Report{}, err
	}
	layers, err := s.fetch(ctx, stored, newBudget())
	if err != nil {
		return scan.Report{}, err
	}
	report, err := s.judge(ctx, layers)
	if err != nil {
		return scan.Report{}, err
	}
	report.Image, report.Digest, report.Platform = target.Image, target.Digest, target.Platform
	return report, nil
}

// judge squashes the layers and matches what is in them.
func (s *Scanner) judge(ctx context.Context, layers []*layer) (scan.Report, error) {
	t := newTree()
	for i, l := range layers {
		t.apply(l, i)
	}
	inventory, err := s.catalog(ctx, t, visible(t, layers))
	if err != nil {
		return scan.Report{}, err
	}
	d := distro.FromRelease(inventory.release, distro.DefaultFixChannels())
	packages := unowned(inventory.packages, t, d)
	matches, prepared, err := s.match(ctx, inventory.release, d, packages)
	if err != nil {
		return scan.Report{}, err
	}
	return scan.Report{
		OS:              osOf(inventory.release),
		Packages:        packagesOf(prepared),
		Vulnerabilities: vulnerabilitiesOf(matches),
		Scanner:         s.tool,
		DatabaseBuilt:   s.db.info.Built,
	}, nil
}

// visible returns the findings in files that no upper layer replaced or removed.
func visible(t *tree, layers []*layer) []finding {
	var found []finding
	for i, l := range layers {
		for _, f := range l.found {
			if n := t.lookup(f.path); n != nil && n.kind == regular && n.layer == i {
				found = append(found, f)
			}
		}
	}
	return found
}

// Tool names Grype and the version of it that this program was built with.
func Tool() scan.Tool {
	t := scan.Tool{Name: "grype"}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			if module.Path == "github.com/anchore/grype" {
				t.Version = strings.TrimPrefix(module.Version, "v")
			}
		}
	}
	return t
}
