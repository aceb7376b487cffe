package worker_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/basebump/basebump/scan/grype/worker"
	"github.com/basebump/basebump/testdata/debian12"
)

const schemas = "https://raw.githubusercontent.com/anchore/vunnel/main/schema/vulnerability/"

// advisoryFor is a folder of providers with one advisory: a package of Debian 12 is vulnerable below a version.
func advisoryFor(t *testing.T, pkg, fixed string) string {
	t.Helper()
	from := t.TempDir()
	write(t, filepath.Join(from, "debian", "results", "one.json"), fmt.Sprintf(`{"schema": %q, "identifier": "debian:12/CVE-2026-0001",
		"item": {"Vulnerability": {"Name": "CVE-2026-0001", "NamespaceName": "debian:12", "Severity": "High", "Link": "https://example.com", "CVSS": [], "Metadata": {},
		"Description": "", "FixedIn": [{"Name": %q, "NamespaceName": "debian:12", "Version": %q, "VersionFormat": "dpkg"}]}}}`,
		schemas+"os/schema-1.0.0.json", pkg, fixed))
	return from
}

// What is known of a vulnerability beside its advisory comes with the same database.
func TestExploitedAndLikelihood(t *testing.T) {
	t.Parallel()
	from, to := t.TempDir(), t.TempDir()
	if err := os.CopyFS(from, debian12.Advisories()); err != nil {
		t.Fatal(err)
	}
	const exploited, likely = "CVE-2026-75806", "CVE-2026-77696"
	write(t, filepath.Join(from, "kev", "results", "kev.json"), fmt.Sprintf(
		`{"schema": %q, "identifier": %q, "item": {"cveID": %q, "vendorProject": "OpenSSL", "product": "OpenSSL", "dateAdded": "2026-10-01"}}`,
		schemas+"known-exploited/schema-1.0.0.json", exploited, exploited))
	write(t, filepath.Join(from, "epss", "results", "epss.json"), fmt.Sprintf(
		`{"schema": %q, "identifier": %q, "item": {"cve": %q, "epss": 0.42, "percentile": 0.97, "date": "2026-11-22"}}`,
		schemas+"epss/schema-1.0.0.json", likely, likely))
	if err := worker.Build(t.Context(), from, to, built); err != nil {
		t.Fatal(err)
	}
	scanner, err := worker.Open(t.Context(), to)
	if err != nil {
		t.Fatal(err)
	}
	defer scanner.Close()
	report, err := scanner.Scan(t.Context(), push(t, host(t, nil), image(t, layerOf(t, rootfs(t, "old")...))))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, v := range report.Vulnerabilities {
		seen[v.ID] = true
		if v.KnownExploited != (v.ID == exploited) {
			t.Errorf("%s: known to be exploited: %t", v.ID, v.KnownExploited)
		}
		if want := map[string]float64{likely: 0.42}[v.ID]; v.EPSS != want {
			t.Errorf("%s: a probability of %g, want %g", v.ID, v.EPSS, want)
		}
	}
	if !seen[exploited] || !seen[likely] {
		t.Errorf("%s and %s are not both found", exploited, likely)
	}
}
