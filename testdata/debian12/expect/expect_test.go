package expect_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/testdata/debian12/expect"
)

const advisories = `{"item": [
  {"Vulnerability": {"Name": "CVE-2026-0002", "Severity": "High",
    "FixedIn": [{"Name": "brotli", "Version": "1.0.9-2+deb12u1", "Available": {"Date": "2026-10-23"}}]}},
  {"Vulnerability": {"Name": "CVE-2026-0001", "Severity": "Low",
    "FixedIn": [{"Name": "brotli", "Version": "1.0.9-3~deb12u1", "Available": {"Date": "2026-10-24"}}]}}
]}`

func TestMatches(t *testing.T) {
	t.Parallel()
	const (
		low  = "CVE-2026-0001"
		high = "CVE-2026-0002"
	)
	tests := map[string]struct {
		status string
		want   []string
	}{
		"older":              {"Package: brotli\nStatus: install ok installed\nVersion: 1.0.9-2", []string{low, high}},
		"fixed":              {"Package: brotli\nStatus: install ok installed\nVersion: 1.0.9-2+deb12u1", []string{low}},
		"newer":              {"Package: brotli\nStatus: install ok installed\nVersion: 1.0.9-3", nil},
		"tilde sorts lower":  {"Package: brotli\nStatus: install ok installed\nVersion: 1.0.9-3~deb12u1", nil},
		"removed":            {"Package: brotli\nStatus: deinstall ok config-files\nVersion: 1.0.9-2", nil},
		"another source":     {"Package: brotli\nStatus: install ok installed\nSource: other\nVersion: 1.0.9-2", nil},
		"named by source":    {"Package: libbrotli1\nStatus: install ok installed\nSource: brotli\nVersion: 1.0.9-2", []string{low, high}},
		"version of source":  {"Package: libbrotli1\nStatus: install ok installed\nSource: brotli (1.0.9-3)\nVersion: 1.0.9-2+b6", nil},
		"last in the file":   {"Package: a\nStatus: install ok installed\nVersion: 1\n\nPackage: brotli\nStatus: install ok installed\nVersion: 1\n", []string{low, high}},
		"with folded fields": {"Package: brotli\nStatus: install ok installed\nConffiles:\n /etc/a 0\n /etc/b 1\nVersion: 1\n", []string{low, high}},
	}
	fsys := fstest.MapFS{"debian/results/debian@12/brotli.json": {Data: []byte(advisories)}}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			matches, err := expect.Matches(strings.NewReader(test.status), fsys)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, match := range matches {
				got = append(got, match.CVE)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("CVEs (-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzPackages(f *testing.F) {
	f.Add("Package: a\nStatus: install ok installed\nVersion: 1\n\nPackage: b\nSource: c (2)\n")
	f.Fuzz(func(t *testing.T, status string) {
		packages, _ := expect.Packages(strings.NewReader(status))
		for _, pkg := range packages {
			if pkg.Name == "" || pkg.Source == "" {
				t.Errorf("package without a name: %+v", pkg)
			}
		}
	})
}
