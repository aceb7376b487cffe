package debian12_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/cespare/xxhash/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/testdata/debian12"
	"github.com/basebump/basebump/testdata/debian12/expect"
)

func TestStages(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		matches int
		cves    map[string]int
	}{
		"old":   {matches: 88, cves: map[string]int{"High": 27, "Medium": 8}},
		"new":   {matches: 2, cves: map[string]int{"Medium": 1}},
		"newer": {matches: 0, cves: map[string]int{}},
	}
	if got := len(debian12.Stages()); got != len(tests) {
		t.Fatalf("got %d stages, want %d", got, len(tests))
	}
	for _, stage := range debian12.Stages() {
		t.Run(stage.Name, func(t *testing.T) {
			t.Parallel()
			want := tests[stage.Name]
			if got := len(packages(t, stage.Name)); got != 114 {
				t.Errorf("got %d packages, want 114", got)
			}
			matches, err := expect.Matches(strings.NewReader(status(t, stage.Name)), debian12.Advisories())
			if err != nil {
				t.Fatal(err)
			}
			if len(matches) != want.matches {
				t.Errorf("got %d matches, want %d", len(matches), want.matches)
			}
			if diff := cmp.Diff(want.cves, expect.CVEs(matches)); diff != "" {
				t.Errorf("CVEs by severity (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRemaining(t *testing.T) {
	t.Parallel()
	got, err := expect.Matches(strings.NewReader(status(t, "new")), debian12.Advisories())
	if err != nil {
		t.Fatal(err)
	}
	want := []expect.Match{
		{CVE: "CVE-2026-109518", Severity: "Medium", Package: "apt", Installed: "2.6.1", Fixed: "2.6.2"},
		{CVE: "CVE-2026-109518", Severity: "Medium", Package: "libapt-pkg6.0", Installed: "2.6.1", Fixed: "2.6.2"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("matches of new (-want +got):\n%s", diff)
	}
}

// A stage holds no upload from after its own date.
func TestBuiltAfterItsUploads(t *testing.T) {
	t.Parallel()
	advisories := readAdvisories(t)
	for _, stage := range debian12.Stages() {
		for _, pkg := range packages(t, stage.Name) {
			for _, advisory := range advisories {
				if pkg.Source == advisory.Source && pkg.SourceVersion == advisory.Fixed && advisory.Date.After(stage.Built) {
					t.Errorf("%s, built %s, holds %s %s of %s", stage.Name, stage.Built.Format(time.DateOnly),
						pkg.Name, pkg.Version, advisory.Date.Format(time.DateOnly))
				}
			}
		}
	}
}

func TestAdvisories(t *testing.T) {
	t.Parallel()
	sources := make(map[string]bool)
	for _, pkg := range packages(t, "newer") {
		sources[pkg.Source] = true
	}
	advisories := readAdvisories(t)
	named := make(map[string]bool)
	severities := make(map[string]int)
	id := regexp.MustCompile(`^CVE-\d{4}-\d{4,}$`)
	for _, advisory := range advisories {
		named[advisory.CVE] = true
		severities[advisory.Severity]++
		if !id.MatchString(advisory.CVE) || !sources[advisory.Source] {
			t.Errorf("malformed: %+v", advisory)
		}
		if _, err := expect.Compare(advisory.Fixed, advisory.Fixed); err != nil {
			t.Errorf("%s: %v", advisory.CVE, err)
		}
	}
	if len(advisories) != 399 || len(named) != 397 {
		t.Errorf("got %d advisories of %d CVEs, want 399 of 397", len(advisories), len(named))
	}
	want := map[string]int{"Critical": 1, "High": 73, "Medium": 299, "Low": 26}
	if diff := cmp.Diff(want, severities); diff != "" {
		t.Errorf("advisories by severity (-want +got):\n%s", diff)
	}
}

// The listing names every result file with its digest, and metadata.json the listing.
func TestListing(t *testing.T) {
	t.Parallel()
	provider, err := fs.Sub(debian12.Advisories(), "debian")
	if err != nil {
		t.Fatal(err)
	}
	var metadata struct {
		Listing struct{ Path, Digest, Algorithm string }
	}
	if err := json.Unmarshal(read(t, provider, "metadata.json"), &metadata); err != nil {
		t.Fatal(err)
	}
	files, err := fs.Glob(provider, "results/debian@12/*.json")
	if err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	for _, file := range files {
		fmt.Fprintf(&want, "%016x  %s\n", xxhash.Sum64(read(t, provider, file)), file)
	}
	listing := read(t, provider, metadata.Listing.Path)
	if diff := cmp.Diff(want.String(), string(listing)); diff != "" {
		t.Errorf("listing (-want +got):\n%s", diff)
	}
	if got := fmt.Sprintf("%016x", xxhash.Sum64(listing)); got != metadata.Listing.Digest {
		t.Errorf("digest of the listing is %s, metadata.json has %s", got, metadata.Listing.Digest)
	}
}

func TestRootfsOfUnknownStage(t *testing.T) {
	t.Parallel()
	_, err := debian12.Rootfs("oldest")
	if want := `open root file system: no stage "oldest" of Debian 12`; err == nil || err.Error() != want {
		t.Errorf("got error %v, want %s", err, want)
	}
}

func status(t *testing.T, stage string) string {
	t.Helper()
	rootfs, err := debian12.Rootfs(stage)
	if err != nil {
		t.Fatal(err)
	}
	return string(read(t, rootfs, "var/lib/dpkg/status"))
}

func packages(t *testing.T, stage string) []expect.Package {
	t.Helper()
	found, err := expect.Packages(strings.NewReader(status(t, stage)))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func readAdvisories(t *testing.T) []expect.Advisory {
	t.Helper()
	advisories, err := expect.Advisories(debian12.Advisories())
	if err != nil {
		t.Fatal(err)
	}
	return advisories
}

func read(t *testing.T, fsys fs.FS, name string) []byte {
	t.Helper()
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
