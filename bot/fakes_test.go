package bot_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/resolver"
	"github.com/basebump/basebump/scan"
)

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

const (
	oldDigest = "sha256:1cdb810300000000000000000000000000000000000000000000000000000000"
	newDigest = "sha256:f747294e00000000000000000000000000000000000000000000000000000000"
	debian    = "docker.io/library/debian"
)

// tree is a source in memory.
type tree map[string]string

func (t tree) Files(context.Context) ([]bot.File, error) {
	var files []bot.File
	for _, path := range slices.Sorted(maps.Keys(t)) {
		files = append(files, bot.File{Path: path, Size: int64(len(t[path]))})
	}
	return files, nil
}

func (t tree) Read(_ context.Context, file bot.File) ([]byte, error) {
	data, ok := t[file.Path]
	if !ok {
		return nil, &fault.Error{Op: "read", Target: file.Path, Class: fault.NotFound, Err: fmt.Errorf("no such file")}
	}
	return []byte(data), nil
}

// registry answers from maps and counts the questions.
type registry struct {
	tags   map[string]string // image:tag → digest
	images map[string]resolver.Image
	errs   map[string]error
	listed []string // the tags of every image
	cut    string   // why that is not all of them

	mu    sync.Mutex
	asked []string
}

func (r *registry) Digest(_ context.Context, image, tag string) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	name := image + ":" + tag
	r.asked = append(r.asked, name)
	if err := r.errs[name]; err != nil {
		return "", err
	}
	return r.tags[name], nil
}

func (r *registry) Describe(_ context.Context, image, digest string) (resolver.Image, error) {
	if err := r.errs[image+"@"+digest]; err != nil {
		return resolver.Image{}, err
	}
	described, ok := r.images[digest]
	if !ok {
		described = resolver.Image{Platforms: []resolver.Platform{{Name: "linux/amd64", Digest: digest}}}
	}
	described.Digest = digest
	described.Platforms = slices.Clone(described.Platforms)
	for i := range described.Platforms {
		described.Platforms[i].Digest = digest
	}
	return described, nil
}

func (r *registry) Outline(ctx context.Context, image, digest string) (resolver.Image, error) {
	return r.Describe(ctx, image, digest)
}

func (r *registry) Tags(_ context.Context, image string, _ ...string) (resolver.TagList, error) {
	if err := r.errs[image]; err != nil {
		return resolver.TagList{}, err
	}
	list := resolver.NewTagList(r.listed...)
	list.Cut = r.cut
	return list, nil
}

// scanner answers from a map of digest → vulnerabilities.
type scanner struct {
	found map[string][]scan.Vulnerability
	err   error

	mu      sync.Mutex
	scanned []string
}

func (s *scanner) Scan(_ context.Context, target scan.Target) (scan.Report, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scanned = append(s.scanned, target.Digest[7:11]+" "+target.Platform)
	if s.err != nil {
		return scan.Report{}, s.err
	}
	return scan.Report{
		Image: target.Image, Digest: target.Digest, Platform: target.Platform,
		OS:              scan.OS{ID: "debian", Version: "12", Name: "Debian GNU/Linux 12 (bookworm)"},
		Vulnerabilities: s.found[target.Digest],
		Packages:        []scan.Package{{Name: "libssl3", Version: target.Digest[7:11], Type: "deb"}},
		Scanner:         scan.Tool{Name: "grype", Version: "0.120.0"},
		DatabaseBuilt:   now.Add(-7 * time.Hour),
	}, nil
}

// world is a registry whose debian:12 moved from an image with one vulnerability to one without.
func world() (*registry, *scanner) {
	moved := &registry{
		tags: map[string]string{debian + ":12": newDigest},
		images: map[string]resolver.Image{
			oldDigest: {Created: now.AddDate(0, -3, 0), Platforms: []resolver.Platform{{Name: "linux/amd64"}}, Size: 1000},
			newDigest: {Created: now.AddDate(0, 0, -3), Platforms: []resolver.Platform{{Name: "linux/amd64"}}, Size: 1001},
		},
		errs: map[string]error{},
	}
	found := &scanner{found: map[string][]scan.Vulnerability{
		oldDigest: {{
			ID: "CVE-2026-1", Severity: scan.Critical, Package: "libssl3", Type: "deb", Installed: "1cdb", FixedIn: "f747",
			URL: "https://security-tracker.debian.org/tracker/CVE-2026-1",
		}},
	}}
	return moved, found
}

func planner(r bot.Resolver, s scan.Scanner) *bot.Planner {
	return &bot.Planner{
		Resolver: r, Scanners: []bot.Scanner{{Name: "grype", Scanner: s}}, Now: func() time.Time { return now },
		Policy: bot.Policy{Pin: true, Policy: scan.Policy{When: scan.Vulnerable, Urgent: scan.Critical, BlockIntroduced: scan.High}},
	}
}
