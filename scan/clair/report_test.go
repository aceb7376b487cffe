package clair

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/assemble"
)

const mixed = `{
  "distributions": {"1": {"did": "ubuntu", "version": "22.04 (Jammy)", "version_id": "22.04", "version_code_name": "jammy", "pretty_name": "Ubuntu 22.04"}},
  "packages": {
    "10": {"name": "libssl3", "version": "3.0.2-0ubuntu1", "source": {"name": "openssl", "version": "3.0.2-0ubuntu1"}},
    "11": {"name": "bash", "version": "5.1-6ubuntu1", "source": {"name": "bash", "version": "5.1-6ubuntu1"}},
    "12": {"name": "golang.org/x/net", "version": "v0.1.0"},
    "13": {"name": "requests", "version": "2.0"}
  },
  "environments": {
    "10": [{"package_db": "var/lib/dpkg/status", "distribution_id": "1"}], "11": [{"package_db": "var/lib/dpkg/status"}],
    "12": [{"package_db": "go:usr/bin/app"}], "13": [{"package_db": "python:usr/lib/python3/dist-packages"}]
  },
  "vulnerabilities": {
    "1": {"name": "CVE-2024-0001 on Ubuntu 22.04 LTS (jammy) - medium.", "links": "https://ubuntu.com/CVE-2024-0001 https://other",
          "severity": "high", "normalized_severity": "Critical", "fixed_in_version": "3.0.2-0ubuntu2"},
    "2": {"name": "GO-2024-1", "links": "https://osv.dev/GO-2024-1 https://nvd/CVE-2024-0003 https://nvd/CVE-2024-0002",
          "severity": "CVSS:3.1/AV:N", "normalized_severity": "High", "fixed_in_version": "fixed=0.2.0&introduced=0"},
    "3": {"name": "PYSEC-1", "severity": "", "normalized_severity": "Unknown", "fixed_in_version": "introduced=0"}
  },
  "package_vulnerabilities": {"10": ["1"], "12": ["2"], "13": ["3"]},
  "enrichments": {
    "message/vnd.clair.map.vulnerability; enricher=clair.cvss schema=x": [{"2": [{"version": "3.1", "baseScore": 7.5}, {"baseScore": 5}]}],
    "message/vnd.clair.map.vulnerability; enricher=clair.epss schema=none": [{"2": [{"cve": "CVE-2024-0002", "epss": 0.5, "percentile": 0.9}]}],
    "message/vnd.clair.map.vulnerability; enricher=clair.kev schema=none": [{"2": [{"cve": "CVE-2024-0003", "date_added": "2024-05-01"}]}]
  }
}`

func TestRead(t *testing.T) {
	t.Parallel()
	var report vulnerabilityReport
	if err := json.Unmarshal([]byte(mixed), &report); err != nil {
		t.Fatal(err)
	}
	got, err := report.read()
	if err != nil {
		t.Fatal(err)
	}
	got = assemble.Report(scan.Target{}, got)
	goModule := scan.Vulnerability{
		Aliases: []string{"GO-2024-1"}, Severity: scan.High, Package: "golang.org/x/net", Type: "go-module", Installed: "v0.1.0", FixedIn: "0.2.0",
		URL: "https://osv.dev/GO-2024-1", CVSS: 7.5,
	}
	exploited, likely := goModule, goModule
	exploited.ID, exploited.KnownExploited = "CVE-2024-0003", true
	likely.ID, likely.EPSS = "CVE-2024-0002", 0.5
	want := scan.Report{
		OS: scan.OS{ID: "ubuntu", Version: "22.04", Name: "Ubuntu 22.04"},
		Packages: []scan.Package{
			{Name: "bash", Version: "5.1-6ubuntu1", Type: "deb"},
			{Name: "libssl3", Version: "3.0.2-0ubuntu1", Type: "deb", Source: "openssl"},
			{Name: "golang.org/x/net", Version: "v0.1.0", Type: "go-module"},
			{Name: "requests", Version: "2.0", Type: "python"},
		},
		Vulnerabilities: []scan.Vulnerability{
			exploited, likely,
			{
				ID: "CVE-2024-0001", Severity: scan.High, Package: "libssl3", Type: "deb", Installed: "3.0.2-0ubuntu1", FixedIn: "3.0.2-0ubuntu2",
				URL: "https://ubuntu.com/CVE-2024-0001",
			},
			{ID: "PYSEC-1", Severity: scan.Unknown, Package: "requests", Type: "python", Installed: "2.0"},
		},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestReadRefusesWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"packages":{"1":{"name":"a"}},"package_vulnerabilities":{"1":["7"]}}`:                             `Clair's report names a vulnerability "7" that it does not describe`,
		`{"package_vulnerabilities":{"9":[]}}`:                                                              `Clair's report names a package "9" that it does not describe`,
		`{"distributions":{"1":{"did":"debian","pretty_name":"A"},"2":{"did":"debian","pretty_name":"A"}}}`: "",
	} {
		var report vulnerabilityReport
		if err := json.Unmarshal([]byte(text), &report); err != nil {
			t.Fatal(err)
		}
		_, err := report.read()
		if got := errorText(err); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(mixed))
	f.Add([]byte(`{"enrichments":{"x":[{"1":[{}]}]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var report vulnerabilityReport
		if json.Unmarshal(data, &report) != nil {
			return
		}
		if found, err := report.read(); err == nil && len(found.Packages) != len(report.Packages) {
			t.Errorf("%d of %d packages", len(found.Packages), len(report.Packages))
		}
	})
}
