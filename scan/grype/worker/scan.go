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

	"github.com/anchore/grype/grype/match"
	"github.com/anchore/syft/syft/pkg"
	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/grype/wire"
)

// Scanner scans images with one open database. Its results do not depend on what it scanned before. Safe for concurrent use.
type Scanner struct {
	db       *database
	tool     scan.Tool
	tasks    []task
	matchers []match.Matcher
	wanted   *wanted
	inspect  *inspector
	disk     *workshop
	cache    *cache
}

// Open opens the database in dir, or in its folder for the schema.
func Open(ctx context.Context, dir string) (*Scanner, error) {
	db, err := openDatabase(dir)
	if err != nil {
		return nil, err
	}
	s := &Scanner{db: db, tool: Tool(), tasks: tasks(), matchers: remembering(matchers()), disk: newWorkshop(), cache: newCache(maxCached)}
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
	report, _, err := s.ScanBy(ctx, target, nil)
	return report, err
}

// ScanBy scans by the target's bill of materials where it has one, else by a catalogue where there is one, else by the layers; in that last
// case it returns a catalogue as well, unless that would be too large to keep.
func (s *Scanner) ScanBy(ctx context.Context, target scan.Target, catalogue []byte) (scan.Report, []byte, error) {
	var found inventory
	var made []byte
	var err error
	from := scan.FromLayers
	switch {
	case target.SBOM != nil:
		from = scan.FromSBOM
		found, err = readSBOM(*target.SBOM)
	case catalogue != nil:
		from = scan.FromStored
		found, err = unpackCatalogue(catalogue)
	default:
		if found, err = s.pull(ctx, target); err == nil {
			made, err = packCatalogue(found)
		}
	}
	if err != nil {
		return scan.Report{}, nil, err
	}
	report, err := s.judge(ctx, found)
	if err != nil {
		return scan.Report{}, nil, err
	}
	report.Image, report.Digest, report.Platform, report.PackagesFrom = target.Image, target.Digest, target.Platform, from
	return report, made, nil
}

// pull reads the layers and lists the packages in them.
func (s *Scanner) pull(ctx context.Context, target scan.Target) (inventory, error) {
	p, err := newPuller(target.Access)
	if err != nil {
		return inventory{}, err
	}
	defer p.close()
	stored, err := p.layers(ctx, target)
	if err != nil {
		return inventory{}, err
	}
	layers, err := s.fetch(ctx, stored, newBudget())
	if err != nil {
		return inventory{}, err
	}
	t := newTree()
	for i, l := range layers {
		t.apply(l, i)
	}
	return s.catalog(ctx, t, visible(t, layers))
}

// judge matches what an image consists of.
func (s *Scanner) judge(ctx context.Context, found inventory) (scan.Report, error) {
	matches, err := s.match(ctx, found)
	if err != nil {
		return scan.Report{}, err
	}
	return scan.Report{
		OS:              osOf(found.release),
		Packages:        packagesOf(found.prepared),
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
	return scan.Tool{Name: "grype", Version: linked("github.com/anchore/grype")}
}

// linked returns the version of a module that this program was built with.
func linked(path string) string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			if module.Path == path {
				return strings.TrimPrefix(module.Version, "v")
			}
		}
	}
	return ""
}
