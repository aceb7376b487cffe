package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/testdata/debian12/expect"
)

func TestAdvisories(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		changelog string
		want      []expect.Advisory
	}{
		"severity is the urgency of the upload": {
			changelog: entry("2-1", "low", "* CVE-2026-0001, CVE-2026-0002") + entry("1-1", "emergency", "* CVE-2026-0003"),
			want: []expect.Advisory{
				advisory("CVE-2026-0001", "2-1", "Low"),
				advisory("CVE-2026-0002", "2-1", "Low"),
				advisory("CVE-2026-0003", "1-1", "Critical"),
			},
		},
		"a CVE named again was fixed the first time": {
			changelog: entry("1-2", "high", "* Correct CVE-2026-0001") + entry("1-1", "low", "* CVE-2026-0001"),
			want:      []expect.Advisory{advisory("CVE-2026-0001", "1-1", "Low")},
		},
		"the rebuild for the release is fixed too": {
			changelog: entry("2-1~deb12u1", "high", "* Rebuild") + entry("2-1", "low", "* CVE-2026-0001") + entry("1-1", "low", "* Start"),
			want:      []expect.Advisory{advisory("CVE-2026-0001", "2-1~deb12u1", "High")},
		},
		"none named": {changelog: entry("1-1", "low", "* Start")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			uploads, err := parseChangelog(strings.NewReader(test.changelog))
			if err != nil {
				t.Fatal(err)
			}
			got, err := advisories(uploads)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("advisories (-want +got):\n%s", diff)
			}
		})
	}
}

func TestUnknownUrgency(t *testing.T) {
	t.Parallel()
	uploads, err := parseChangelog(strings.NewReader(entry("1-1", "soon", "* CVE-2026-0001")))
	if err != nil {
		t.Fatal(err)
	}
	_, err = advisories(uploads)
	if want := "pkg 1-1 names CVE-2026-0001 without a known urgency and date"; err == nil || err.Error() != want {
		t.Errorf("got error %v, want %s", err, want)
	}
}

func TestProviderIsReadBack(t *testing.T) {
	t.Parallel()
	want := []expect.Advisory{advisory("CVE-2026-0001", "1-1", "Low"), advisory("CVE-2026-0002", "1-2", "High")}
	dir := t.TempDir()
	if err := writeProvider(dir+"/debian", [][]expect.Advisory{want}); err != nil {
		t.Fatal(err)
	}
	got, err := expect.Advisories(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("advisories (-want +got):\n%s", diff)
	}
}

func FuzzParseChangelog(f *testing.F) {
	f.Add(entry("1-1", "low", "* CVE-2026-0001"))
	f.Fuzz(func(t *testing.T, text string) {
		uploads, err := parseChangelog(strings.NewReader(text))
		if err == nil && len(uploads) == 0 {
			t.Error("no upload and no error")
		}
	})
}

func entry(version, urgency, change string) string {
	return "pkg (" + version + ") bookworm; urgency=" + urgency + "\n\n  " + change +
		"\n\n -- A B <a@example.org>  Sun, 01 Nov 2026 00:00:00 +0000\n\n"
}

func advisory(cve, fixed, severity string) expect.Advisory {
	return expect.Advisory{
		CVE: cve, Source: "pkg", Fixed: fixed, Severity: severity,
		Date: time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC),
	}
}
