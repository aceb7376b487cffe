package command

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/assemble"
)

const bill = `{
  "bomFormat": "CycloneDX", "specVersion": "1.5",
  "metadata": {"tools": [{"vendor": "acme", "name": "Scanner", "version": "3"}]},
  "components": [
    {"bom-ref": "os", "type": "operating-system", "name": "debian", "version": "12", "description": "Debian GNU/Linux 12 (bookworm)"},
    {"bom-ref": "ssl", "type": "library", "name": "libssl3", "version": "1:3.0", "purl": "pkg:deb/debian/libssl3@3.0?epoch=1&upstream=openssl"},
    {"bom-ref": "app", "type": "application", "name": "app", "version": "7", "components": [
      {"bom-ref": "net", "type": "library", "group": "golang.org/x", "name": "net", "version": "v0.1.0", "purl": "pkg:golang/golang.org/x/net@v0.1.0"}
    ]},
    {"bom-ref": "elf", "type": "library", "name": "systemd", "version": "252", "purl": "pkg:deb/Debian/systemd@252", "properties": [
      {"name": "syft:package:metadataType", "value": "elf-binary-package-note-json-payload"}]},
    {"bom-ref": "file", "type": "file", "name": "/etc/passwd"}
  ],
  "vulnerabilities": [
    {"id": "CVE-2024-0001", "source": {"name": "debian", "url": "https://tracker/CVE-2024-0001"}, "ratings": [
       {"source": {"name": "nvd"}, "severity": "critical", "score": 9.8, "method": "CVSSv31"}, {"source": {"name": "debian"}, "severity": "low"},
       {"source": {"name": "FIRST"}, "score": 0.4, "method": "EPSS"}, {"source": {"name": "CISA KEV Catalog"}, "score": 1, "method": "other"}],
     "affects": [{"ref": "ssl", "versions": [{"version": "3.0", "status": "affected"}, {"range": "vers:deb/>=1:3.1", "status": "unaffected"}]}]},
    {"id": "GHSA-1", "references": [{"id": "CVE-2024-0002", "source": {"name": "nvd"}}], "ratings": [{"severity": "none"}],
     "recommendation": "Upgrade other to version 9; Upgrade golang.org/x/net to version 0.2.0",
     "affects": [{"ref": "net"}, {"ref": "app"}]},
    {"id": "CVE-2024-0003", "analysis": {"state": "not_affected"}, "affects": [{"ref": "ssl"}]},
    {"id": "CVE-2024-0004", "analysis": {"state": "in_triage"}, "affects": [{"ref": "ssl"}]},
    {"id": "CVE-2024-0005"}
  ]
}`

func TestReadCycloneDX(t *testing.T) {
	t.Parallel()
	found, err := readCycloneDX(t.Context(), nil, []byte(bill))
	if err != nil {
		t.Fatal(err)
	}
	want := scan.Report{
		OS: scan.OS{ID: "debian", Version: "12", Name: "Debian GNU/Linux 12 (bookworm)"}, Scanner: scan.Tool{Name: "scanner", Version: "3"},
		Packages: []scan.Package{
			{Name: "systemd", Version: "252", Type: "binary"},
			{Name: "libssl3", Version: "1:3.0", Type: "deb", Source: "openssl"},
			{Name: "golang.org/x/net", Version: "v0.1.0", Type: "go-module"},
		},
		Vulnerabilities: []scan.Vulnerability{
			{
				ID: "CVE-2024-0001", Severity: scan.Low, Package: "libssl3", Type: "deb", Installed: "1:3.0", FixedIn: "1:3.1",
				URL: "https://tracker/CVE-2024-0001", CVSS: 9.8, EPSS: 0.4, KnownExploited: true,
			},
			{ID: "CVE-2024-0002", Aliases: []string{"GHSA-1"}, Severity: scan.Negligible, Package: "app", Installed: "7"},
			{ID: "CVE-2024-0002", Aliases: []string{"GHSA-1"}, Severity: scan.Negligible, Package: "golang.org/x/net", Type: "go-module", Installed: "v0.1.0", FixedIn: "0.2.0"},
			{ID: "CVE-2024-0004", Package: "libssl3", Type: "deb", Installed: "1:3.0"},
		},
	}
	if d := cmp.Diff(want, assemble.Report(scan.Target{}, found)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func FuzzReadCycloneDX(f *testing.F) {
	f.Add([]byte(bill))
	f.Add([]byte(`{"bomFormat":"CycloneDX","vulnerabilities":[{"affects":[{}]}],"components":[{}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _ = readCycloneDX(t.Context(), nil, data)
	})
}
