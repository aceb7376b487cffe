package trivy_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan/process/processtest"
	"github.com/basebump/basebump/scan/trivy"
)

func TestScanFails(t *testing.T) {
	t.Parallel()
	image := []string{"image"}
	for _, tc := range []struct {
		name     string
		metadata string // empty: no database
		answers  []processtest.Answer
		class    fault.Class
		want     string // after "scan docker.io/library/debian@sha256:52c2: "; CACHE and TRIVY stand for where they are
	}{
		{
			"no database", "", nil,
			fault.Retry, "no vulnerability database in CACHE; run `trivy image --download-db-only --cache-dir CACHE`",
		},
		{
			"a stale database, of which Trivy says nothing", metadata(t, 2, built.Add(-6*24*time.Hour)), nil,
			fault.Retry, "the vulnerability database is 6 days old, built 2026-11-17 06:00 UTC; max_db_age is 5 days; run `trivy image --download-db-only --cache-dir CACHE`, or raise `max_db_age`",
		},
		{"an old schema", metadata(t, 1, built), nil, fault.Permanent, "Trivy's database has schema 1, not 2"},
		{
			"metadata that is none", "{", nil,
			fault.Retry, "read what Trivy says of its database: unexpected end of JSON input; run `trivy image --download-db-only --cache-dir CACHE`",
		},
		{
			"no such image", metadata(t, 2, built),
			[]processtest.Answer{{When: image, Exit: 1, Stderr: "INFO x\nFATAL\tFatal error\tMANIFEST_UNKNOWN\n\n"}},
			fault.Unknown, "run TRIVY: FATAL Fatal error MANIFEST_UNKNOWN",
		},
		{
			"a password in its words", metadata(t, 2, built),
			[]processtest.Answer{{When: image, Exit: 1, Stderr: "401 for bot:hunter2, with space"}},
			fault.Unknown, "run TRIVY: 401 for bot:***",
		},
		{"findings and a code that means failure", metadata(t, 2, built), []processtest.Answer{{When: image, Exit: 7, Stdout: recorded(t, "old")}}, fault.Unknown, "run TRIVY: it ended with exit code 7 and said nothing"},
		{
			"Java archives", metadata(t, 2, built),
			[]processtest.Answer{{When: []string{"--skip-files=**/*.jar,**/*.war,**/*.ear,**/*.par"}, Stdout: "{}"}, {When: image, Exit: 1, Stderr: "FATAL\tJava DB"}},
			fault.Permanent, "the image has Java archives, which Trivy cannot read without its Java database; run `trivy image --download-java-db-only --cache-dir CACHE`",
		},
		{"no answer", metadata(t, 2, built), []processtest.Answer{{When: image}}, fault.Permanent, "decode Trivy's answer: unexpected end of JSON input"},
		{"another schema", metadata(t, 2, built), []processtest.Answer{{When: image, Stdout: "{}"}}, fault.Permanent, "decode Trivy's answer: it has schema 0, not 2"},
		{
			"a distribution that it does not know", metadata(t, 2, built),
			[]processtest.Answer{{When: image, Stdout: `{"SchemaVersion":2,"Metadata":{"OS":{"Family":"none"}}}`}},
			fault.Permanent, "the image has packages of a distribution that Trivy does not know",
		},
		{
			"a distribution that it does not support", metadata(t, 2, built),
			[]processtest.Answer{{When: image, Stdout: `{"SchemaVersion":2,"Metadata":{"OS":{"Family":"wolkig","Name":"7"}}}`}},
			fault.Permanent, "the image is wolkig 7, but no package of it was recognised",
		},
		{"nothing known of it", metadata(t, 2, built), []processtest.Answer{{When: image, Stdout: `{"SchemaVersion":2}`}}, fault.Permanent, "neither an operating system nor a package was recognised in the image"},
		{
			"a database without the distribution", metadata(t, 2, built),
			[]processtest.Answer{{When: image, Stdout: recorded(t, "newer")}, {When: []string{"sbom"}, Stdout: recorded(t, "newer")}},
			fault.Permanent, "the vulnerability database has no data for debian 12.15",
		},
		{
			"no answer to the question whether it has", metadata(t, 2, built),
			[]processtest.Answer{{When: image, Stdout: recorded(t, "newer")}, {When: []string{"sbom"}, Stdout: `{"SchemaVersion":2}`}},
			fault.Unknown, "the packages that Trivy was asked about are not in its answer",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if tc.metadata != "" {
				dir = cache(t, tc.metadata)
			}
			fake := processtest.New(t, "trivy", append(tc.answers, version(t))...)
			_, err := trivy.New(options(fake, dir)).Scan(t.Context(), target())
			want := strings.NewReplacer("CACHE", dir, "TRIVY", fake.Path).Replace("scan docker.io/library/debian@sha256:52c2: " + tc.want)
			if err == nil || fault.Text(err) != want || fault.ClassOf(err) != tc.class {
				t.Errorf("got  %s\nof class %q, want\n     %s\nof class %q", fault.Text(err), fault.ClassOf(err), want, tc.class)
			}
		})
	}
}

func TestNotTrivy(t *testing.T) {
	t.Parallel()
	fake := processtest.New(t, "trivy", processtest.Answer{Stdout: "hello"})
	_, _, err := trivy.New(options(fake, cache(t, metadata(t, 2, built)))).Identity(t.Context())
	if want := fake.Path + " does not tell its version: is it Trivy?"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	o := options(fake, t.TempDir())
	o.Command = "no-such-trivy"
	if _, _, err := trivy.New(o).Identity(t.Context()); fault.ClassOf(err) != fault.Permanent {
		t.Errorf("got %v of class %q", err, fault.ClassOf(err))
	}
}

func TestCleanImageOfACoveredRelease(t *testing.T) {
	t.Parallel()
	fake := processtest.New(t, "trivy", version(t),
		processtest.Answer{When: []string{"image"}, Stdout: recorded(t, "newer")}, processtest.Answer{When: []string{"sbom"}, Stdout: recorded(t, "old")})
	dir := cache(t, metadata(t, 2, built))
	s := trivy.New(options(fake, dir))
	asked := func() int {
		report, err := s.Scan(t.Context(), target())
		if err != nil || len(report.Vulnerabilities) != 0 || len(report.Packages) != 114 {
			t.Fatalf("got %d vulnerabilities, %d packages, %v", len(report.Vulnerabilities), len(report.Packages), err)
		}
		n := 0
		for _, c := range fake.Calls(t) {
			if c.Args[0] == "sbom" {
				n++
				if c.Stdin != "" || slices.ContainsFunc(c.Env, func(v string) bool { return strings.HasPrefix(v, "TRIVY_USERNAME") }) {
					t.Error("the registry's credentials are given to a run that needs none")
				}
			}
		}
		return n
	}
	if first, second := asked(), asked(); first != 1 || second != 1 {
		t.Errorf("Trivy was asked %d times after one scan, %d after two; want once for a database", first, second)
	}
	if err := os.WriteFile(filepath.Join(dir, "db", "metadata.json"), []byte(metadata(t, 2, built.Add(time.Hour))), 0o600); err != nil {
		t.Fatal(err)
	}
	if n := asked(); n != 2 {
		t.Errorf("Trivy was asked %d times; want again for another database", n)
	}
}

func TestFetch(t *testing.T) {
	t.Parallel()
	yesterday := built.Add(-30 * time.Hour)
	for _, tc := range []struct {
		name    string
		before  string // metadata; empty: no database
		fails   bool
		fetched int
		built   time.Time // zero: an error
	}{
		{"none there", "", false, 1, built},
		{"none there, none to be had", "", true, 2, time.Time{}},
		{"the next is due", metadata(t, 2, yesterday), false, 1, built},
		{"the next is due, but cannot be had", metadata(t, 2, yesterday), true, 1, yesterday},
		{"fresh", metadata(t, 2, built.Add(-time.Minute)), false, 0, built.Add(-time.Minute)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if tc.before != "" {
				dir = cache(t, tc.before)
			}
			fetch := processtest.Answer{When: []string{"--download-db-only"}, Files: map[string]string{filepath.Join(dir, "db", "metadata.json"): metadata(t, 2, built)}}
			if tc.fails {
				fetch = processtest.Answer{When: fetch.When, Exit: 1, Stderr: "no route to host"}
			}
			fake := processtest.New(t, "trivy", version(t), fetch)
			o := options(fake, dir)
			o.Fetch = true
			s := trivy.New(o)
			var at time.Time
			var err error
			for range 2 {
				_, at, err = s.Identity(t.Context())
			}
			switch {
			case tc.built.IsZero():
				if want := fmt.Sprintf("fetch Trivy's database: run %s: no route to host", fake.Path); err == nil || err.Error() != want {
					t.Errorf("got %v, want %s", err, want)
				}
			case err != nil || !at.Equal(tc.built):
				t.Errorf("got %v, %v, want %v", at, err, tc.built)
			}
			fetched := slices.DeleteFunc(fake.Calls(t), func(c processtest.Call) bool { return !slices.Contains(c.Args, "--download-db-only") })
			if len(fetched) != tc.fetched {
				t.Errorf("fetched %d times, want %d", len(fetched), tc.fetched)
			}
		})
	}
}

func TestFetchJavaDatabaseForTheFirstImageWithArchives(t *testing.T) {
	t.Parallel()
	dir := cache(t, metadata(t, 2, built))
	image := processtest.Answer{When: []string{"image"}, Stdout: recorded(t, "old")}
	fails := processtest.Answer{When: []string{"image", "--list-all-pkgs"}, Exit: 1, Stderr: "FATAL\tJava DB"}
	without := processtest.Answer{When: []string{"--skip-files=**/*.jar,**/*.war,**/*.ear,**/*.par"}, Stdout: "{}"}
	fetch := processtest.Answer{When: []string{"--download-java-db-only"}, Files: map[string]string{filepath.Join(dir, "java-db", "metadata.json"): "{}"}}
	fake := processtest.New(t, "trivy", version(t), without, fails, fetch)
	o := options(fake, dir)
	o.Fetch = true
	s := trivy.New(o)
	if _, err := s.Scan(t.Context(), target()); err == nil {
		t.Error("Trivy still fails with its Java database, and there is a report")
	}
	fake.Answer(t, version(t), image)
	if _, err := s.Scan(t.Context(), target()); err != nil {
		t.Error(err)
	}
	var ran []string
	for _, c := range fake.Calls(t) {
		ran = append(ran, c.Args[1])
	}
	want := []string{"--format=json", "--quiet", without.When[0], "--download-java-db-only", "--quiet", "--quiet"}
	if d := cmp.Diff(want, ran); d != "" {
		t.Errorf("runs, by their second argument (-want +got):\n%s", d)
	}
}
