package trivy

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/assemble"
)

const mixed = `{
  "SchemaVersion": 2,
  "Metadata": {"OS": {"Family": "redhat", "Name": "9.4"}},
  "Results": [
    {"Class": "os-pkgs", "Type": "redhat", "Packages": [
      {"Name": "openssl-libs", "Version": "3.0.7", "Release": "24.el9", "Epoch": 1, "SrcName": "openssl", "Identifier": {"PURL": "pkg:rpm/redhat/openssl-libs@3.0.7-24.el9?epoch=1"}},
      {"Name": "bash", "Version": "5.1", "Release": "9.el9", "SrcName": "bash", "Identifier": {"PURL": "pkg:rpm/redhat/bash@5.1-9.el9"}}
    ], "Vulnerabilities": [
      {"VulnerabilityID": "CVE-2024-0001", "VendorIDs": ["RHSA-2024:1"], "PkgName": "openssl-libs", "PkgIdentifier": {"PURL": "pkg:rpm/redhat/openssl-libs@3.0.7-24.el9?epoch=1"},
       "InstalledVersion": "1:3.0.7-24.el9", "FixedVersion": "1:3.0.7-25.el9", "Status": "fixed", "Severity": "MEDIUM", "SeveritySource": "redhat",
       "PrimaryURL": "https://avd/cve-2024-0001", "CVSS": {"nvd": {"V2Score": 10, "V3Score": 9.8}, "redhat": {"V3Score": 5.3}}}
    ]},
    {"Class": "lang-pkgs", "Type": "gobinary", "Target": "usr/bin/app", "Packages": [
      {"Name": "golang.org/x/net", "Version": "v0.1.0", "Identifier": {"PURL": "pkg:golang/golang.org/x/net@v0.1.0"}}
    ], "Vulnerabilities": [
      {"VulnerabilityID": "GHSA-aaaa-bbbb-cccc", "PkgName": "golang.org/x/net", "PkgIdentifier": {"PURL": "pkg:golang/golang.org/x/net@v0.1.0"},
       "InstalledVersion": "v0.1.0", "FixedVersion": "0.2.0, 0.3.1", "Severity": "CRITICAL", "CVSS": {"ghsa": {"V2Score": 6}}}
    ]}
  ]
}`

func TestRead(t *testing.T) {
	t.Parallel()
	d, err := decode([]byte(mixed))
	if err != nil {
		t.Fatal(err)
	}
	found, err := d.read()
	if err != nil {
		t.Fatal(err)
	}
	want := scan.Report{
		OS: scan.OS{ID: "rhel", Version: "9.4", Name: "redhat 9.4"},
		Packages: []scan.Package{
			{Name: "golang.org/x/net", Version: "v0.1.0", Type: "go-module"},
			{Name: "bash", Version: "5.1-9.el9", Type: "rpm"},
			{Name: "openssl-libs", Version: "1:3.0.7-24.el9", Type: "rpm", Source: "openssl"},
		},
		Vulnerabilities: []scan.Vulnerability{
			{
				ID: "GHSA-aaaa-bbbb-cccc", Severity: scan.Critical, Package: "golang.org/x/net", Type: "go-module",
				Installed: "v0.1.0", FixedIn: "0.2.0, 0.3.1", CVSS: 6,
			},
			{
				ID: "CVE-2024-0001", Aliases: []string{"RHSA-2024:1"}, Severity: scan.Medium, Package: "openssl-libs", Type: "rpm",
				Installed: "1:3.0.7-24.el9", FixedIn: "1:3.0.7-25.el9", URL: "https://avd/cve-2024-0001", CVSS: 9.8,
			},
		},
	}
	if d := cmp.Diff(want, assemble.Report(scan.Target{}, found)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(mixed))
	f.Add([]byte(`{"SchemaVersion":2,"Results":[{"Vulnerabilities":[{}],"Packages":[{}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := decode(data)
		if err != nil {
			return
		}
		found, err := d.read()
		if err != nil {
			return
		}
		packages := 0
		for _, r := range d.Results {
			packages += len(r.Packages)
		}
		if len(found.Packages) != packages {
			t.Errorf("%d of %d packages", len(found.Packages), packages)
		}
	})
}
