package assemble_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/assemble"
)

var (
	target = scan.Target{Image: "docker.io/library/debian", Digest: "sha256:12", Platform: "linux/amd64"}
	debian = scan.OS{ID: "debian", Version: "12", Name: "Debian GNU/Linux 12 (bookworm)"}
)

func TestReport(t *testing.T) {
	t.Parallel()
	built := time.Date(2026, 11, 23, 6, 0, 0, 0, time.FixedZone("CET", 3600))
	low, high := scan.Vulnerability{ID: "CVE-1", Severity: scan.Low, Package: "b"}, scan.Vulnerability{ID: "CVE-2", Severity: scan.High, Package: "a"}
	got := assemble.Report(target, scan.Report{
		Packages:        []scan.Package{{Name: "b", Type: "deb"}, {Name: "a", Type: "deb"}, {Name: "z", Type: "apk"}, {Name: "a", Type: "deb"}},
		Vulnerabilities: []scan.Vulnerability{low, high, low},
		DatabaseBuilt:   built,
	})
	want := scan.Report{
		Image: target.Image, Digest: target.Digest, Platform: target.Platform,
		Packages:        []scan.Package{{Name: "z", Type: "apk"}, {Name: "a", Type: "deb"}, {Name: "b", Type: "deb"}},
		Vulnerabilities: []scan.Vulnerability{high, low},
		DatabaseBuilt:   time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC),
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if empty := assemble.Report(target, scan.Report{}); empty.Packages == nil || empty.Vulnerabilities == nil {
		t.Error("an empty list is null in JSON")
	}
}

func TestRecognised(t *testing.T) {
	t.Parallel()
	deb, npm := scan.Package{Name: "bash", Type: "deb"}, scan.Package{Name: "left-pad", Type: "npm"}
	for _, tc := range []struct {
		name  string
		found scan.Report
		want  string
	}{
		{"a distribution and its packages", scan.Report{OS: debian, Packages: []scan.Package{npm, deb}}, ""},
		{"a program without a distribution", scan.Report{Packages: []scan.Package{npm}}, ""},
		{"nothing", scan.Report{}, "neither an operating system nor a package was recognised in the image"},
		{"packages of nobody", scan.Report{Packages: []scan.Package{npm, deb}}, "the image has packages of a distribution, but it was not recognised which"},
		{"no packages", scan.Report{OS: debian}, "the image is Debian GNU/Linux 12 (bookworm), but no package of it was recognised"},
		{"only other packages", scan.Report{OS: scan.OS{ID: "alpine", Version: "3.20"}, Packages: []scan.Package{npm}}, "the image is alpine 3.20, but no package of it was recognised"},
	} {
		err := assemble.Recognised(tc.found)
		switch {
		case tc.want == "" && err != nil, tc.want != "" && (err == nil || err.Error() != tc.want || fault.ClassOf(err) != fault.Permanent):
			t.Errorf("%s: got %v, want %q", tc.name, err, tc.want)
		}
	}
}

func TestFresh(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	const day = 24 * time.Hour
	for _, tc := range []struct {
		name  string
		built time.Time
		max   time.Duration
		want  string
	}{
		{"young enough", now.Add(-5 * day), 5 * day, ""},
		{"any age", time.Time{}, 0, ""},
		{"built tomorrow", now.Add(day), day, ""},
		{"too old", now.Add(-22 * day), 5 * day, "the vulnerability database is 22 days old, built 2026-11-01 12:00 UTC; max_db_age is 5 days; update it"},
		{"a little too old", now.Add(-90 * time.Minute), time.Hour, "the vulnerability database is 1h30m0s old, built 2026-11-23 10:30 UTC; max_db_age is 1h0m0s; update it"},
		{"unknown", time.Time{}, day, "the vulnerability database does not say when it was built; update it"},
	} {
		err := assemble.Fresh(tc.built, tc.max, now, "update it")
		switch {
		case tc.want == "" && err != nil, tc.want != "" && (err == nil || fault.Text(err) != tc.want || fault.ClassOf(err) != fault.Retry):
			t.Errorf("%s: got %v, want %q", tc.name, err, tc.want)
		}
	}
}

func TestFailed(t *testing.T) {
	t.Parallel()
	cause := &fault.Error{Class: fault.Auth, Err: errors.New("401"), Hint: "add credentials"}
	err := assemble.Failed(target, cause)
	if want := "scan docker.io/library/debian@sha256:12: 401; add credentials"; fault.Text(err) != want || fault.ClassOf(err) != fault.Auth {
		t.Errorf("got %q of class %q", fault.Text(err), fault.ClassOf(err))
	}
}

func TestIdentify(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name         string
		related      []string
		ids, aliases []string
	}{
		{"CVE-2024-0001", []string{"https://x/CVE-2024-9999"}, []string{"CVE-2024-0001"}, nil},
		{"CVE-2024-0001 on Ubuntu 22.04 LTS (jammy) - medium.", nil, []string{"CVE-2024-0001"}, nil},
		{"GHSA-aaaa-bbbb-cccc", nil, []string{"GHSA-aaaa-bbbb-cccc"}, nil},
		{"RHSA-2024:1:", []string{"see CVE-2024-0002", "CVE-2024-0001 CVE-2024-0002"}, []string{"CVE-2024-0001", "CVE-2024-0002"}, []string{"RHSA-2024:1"}},
		{"CVE-2024-12", nil, []string{"CVE-2024-12"}, nil}, // too short to be one, but what else is it called
	} {
		ids, aliases := assemble.Identify(tc.name, tc.related...)
		if d := cmp.Diff(tc.ids, ids) + cmp.Diff(tc.aliases, aliases); d != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, d)
		}
	}
}

func TestPackage(t *testing.T) {
	t.Parallel()
	for purl, want := range map[string]scan.Package{
		"pkg:deb/debian/libssl3@3.0.20-1~deb12u2?arch=amd64&distro=debian-12&upstream=openssl%403.0.20": {
			Name: "libssl3", Version: "3.0.20-1~deb12u2", Type: "deb", Source: "openssl",
		},
		"pkg:deb/debian/bash@1?upstream=bash": {Name: "bash", Version: "1", Type: "deb"},
		"pkg:golang/golang.org/x/net@v0.1.0":  {Name: "golang.org/x/net", Version: "v0.1.0", Type: "go-module"},
		"pkg:maven/org.acme/core@1":           {Name: "org.acme:core", Version: "1", Type: "java-archive"},
		"pkg:pypi/requests@2":                 {Name: "requests", Version: "2", Type: "python"},
		"pkg:npm/%40a/b@1":                    {Name: "@a/b", Version: "1", Type: "npm"},
	} {
		got, ok := assemble.Package(purl)
		if d := cmp.Diff(want, got); d != "" || !ok {
			t.Errorf("%s (-want +got):\n%s", purl, d)
		}
	}
	for _, none := range []string{"", "openssl", "pkg:", "pkg:deb"} {
		if got, ok := assemble.Package(none); ok {
			t.Errorf("%q is taken for %v", none, got)
		}
	}
}
