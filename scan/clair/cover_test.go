package clair_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/config/fault"
)

// about describes a distribution as Clair does in a vulnerability.
func line(release string) string {
	return fmt.Sprintf(`{"name":"CVE-2024-0001","distribution":{"did":"debian","version_id":%q}}`, release)
}

func TestCleanImageOfACoveredRelease(t *testing.T) {
	t.Parallel()
	f := newFake(t, "newer")
	f.diff = `{"prev":{"ref":"x"},"cur":{},"added":[` + line("11") + "," + line("12") + `, here it breaks off`
	target, _, _ := image(t, nil)
	s := f.scanner(t)
	for range 2 {
		report, err := s.Scan(t.Context(), target)
		if err != nil || len(report.Vulnerabilities) != 0 || len(report.Packages) != 114 {
			t.Fatalf("got %d vulnerabilities, %d packages, %v", len(report.Vulnerabilities), len(report.Packages), err)
		}
	}
	var asked []string
	for _, r := range f.requests {
		if strings.Contains(r, "update_diff") {
			asked = append(asked, r)
		}
	}
	want := []string{"GET /matcher/api/v1/internal/update_diff?cur=" + ref}
	if d := cmp.Diff(want, asked); d != "" {
		t.Errorf("data are looked into once for an update (-want +got):\n%s", d)
	}
}

func TestFindingsProveCoverage(t *testing.T) {
	t.Parallel()
	f := newFake(t, "old")
	target, _, _ := image(t, nil)
	s := f.scanner(t)
	for _, stage := range []string{"old", "newer"} {
		f.report = recorded(t, stage)
		if _, err := s.Scan(t.Context(), target); err != nil {
			t.Fatal(err)
		}
	}
	if slices.ContainsFunc(f.requests, func(r string) bool { return strings.Contains(r, "update_diff") }) {
		t.Errorf("Clair was asked for all it knows: %q", f.requests)
	}
	f.updates = []byte(strings.ReplaceAll(string(f.updates), ref, "another"))
	f.diff = `{"added":null}`
	if _, err := s.Scan(t.Context(), target); err == nil {
		t.Error("what an earlier update covered is taken for covered by a later one")
	}
}

func TestUncovered(t *testing.T) {
	t.Parallel()
	const debian, alpine = "Debian GNU/Linux 12 (bookworm)", "Alpine Linux v3.20"
	isAlpine := strings.NewReplacer(
		`"did":"debian"`, `"did":"alpine"`, `"version_id":"12"`, `"version_id":""`, `"version":"12 (bookworm)"`, `"version":"3.20"`, debian, alpine,
		"var/lib/dpkg/status", "lib/apk/db/installed",
	)
	isArch := strings.NewReplacer(`"did":"debian"`, `"did":"arch"`, debian, "Arch Linux")
	const hint = "; see which updaters Clair runs, and whether they succeed"
	updater := func(name string) string {
		return fmt.Sprintf(`{%q:[{"ref":"r","date":"DATE"}],"rhel-vex":[{"ref":"q","date":"DATE"}]}`, name)
	}
	for _, tc := range []struct {
		name    string
		report  *strings.Replacer
		updates string
		diff    string
		want    string
	}{
		{"another distribution's data", nil, updater("alpine-main-v3.20-updater"), "", "there is no data in Clair for " + debian + hint},
		{"only other releases", nil, updater("debian/updater"), `{"added":[` + line("10") + "," + line("11") + "]}", "there is no data in Clair for " + debian + hint},
		{"nothing in an update", nil, updater("debian/updater"), `{"added":null}`, "there is no data in Clair for " + debian + hint},
		{"an updater that brought nothing", nil, `{"debian/updater":[],"rhel-vex":[{"ref":"q","date":"DATE"}]}`, "", "there is no data in Clair for " + debian + hint},
		{"another branch", isAlpine, updater("alpine-main-v3.2-updater"), "", "there is no data in Clair for " + alpine + hint},
		{"this branch", isAlpine, updater("alpine-main-v3.20-updater"), "", ""},
		{"a distribution without a matcher", isArch, updater("debian/updater"), "", "there is no matcher in Clair for Arch Linux"},
		{
			"an answer that breaks off", nil, updater("debian/updater"), `{"added":[` + line("11") + ",",
			"ask Clair what it knows of " + debian + ": decode Clair's answer: EOF",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, "newer")
			f.updates, f.diff = []byte(strings.ReplaceAll(tc.updates, "DATE", imported.Format(time.RFC3339))), tc.diff
			if tc.report != nil {
				f.report = []byte(tc.report.Replace(string(f.report)))
			}
			target, _, _ := image(t, nil)
			_, err := f.scanner(t).Scan(t.Context(), target)
			if tc.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if want := "scan docker.io/library/debian@" + target.Digest + ": " + tc.want; err == nil || fault.Text(err) != want {
				t.Errorf("got  %v\nwant %s", err, want)
			}
		})
	}
}
