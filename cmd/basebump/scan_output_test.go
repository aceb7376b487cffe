package main

import (
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/scan"
)

// TestScanTellsOfSignatures: a person and a program are told who signed an image, and where its packages were read.
func TestScanTellsOfSignatures(t *testing.T) {
	t.Parallel()
	image := bot.Named{Image: "ghcr.io/acme/base", Tag: "1", Digest: "sha256:" + strings.Repeat("a", 64)}
	layers := scan.Report{Image: image.Image, Digest: image.Digest, Platform: "linux/amd64", PackagesFrom: scan.FromLayers}
	bill := layers
	bill.PackagesFrom = scan.FromSBOM
	for _, tc := range []struct {
		report  scan.Report
		signing *scan.Signing
		want    []string
	}{
		{layers, nil, []string{"0 packages\n"}},
		{layers, &scan.Signing{}, []string{"  Carries no signature\n"}},
		{layers, &scan.Signing{Carried: true}, []string{"  Carries a signature; nothing is configured to verify it with\n"}},
		{layers, &scan.Signing{Unknown: "ghcr.io answered 502"}, []string{"  Signatures not known: ghcr.io answered 502\n"}},
		{layers, &scan.Signing{Carried: true, Flaws: []string{"it signs\x1b[31m another image"}}, []string{"  Carries a signature that does not count: it signs", " another image\n"}},
		{bill, &scan.Signing{Carried: true, Signers: []scan.Signer{{Key: "acme.pub"}}}, []string{"0 packages, by its bill of materials\n", "  Signed by the key acme.pub\n"}},
	} {
		var table, text strings.Builder
		if err := printReports(&table, "table", image, []scan.Report{tc.report}, tc.signing); err != nil {
			t.Fatal(err)
		}
		for _, want := range tc.want {
			if !strings.Contains(table.String(), want) || strings.Contains(table.String(), "\x1b[31m a") {
				t.Errorf("%+v:\n%s\nwant %q", tc.signing, table.String(), want)
			}
		}
		if err := printReports(&text, "json", image, []scan.Report{tc.report}, tc.signing); err != nil {
			t.Fatal(err)
		}
		var said scanned
		if err := json.Unmarshal([]byte(text.String()), &said); err != nil || (said.Signing == nil) != (tc.signing == nil) {
			t.Errorf("%v\n%s", err, text.String())
		}
	}
}

// TestTableTellsOfExploited: what is worse than its severity says stands out in the tables of scan and gate.
func TestTableTellsOfExploited(t *testing.T) {
	t.Parallel()
	rows := vulnerabilityRows(io.Discard, []scan.Vulnerability{
		{ID: "CVE-1", Severity: scan.Low, Package: "curl", Installed: "1", FixedIn: "2", KnownExploited: true}, {ID: "CVE-2", Package: "tar", Installed: "3"},
	})
	want := [][]string{{"CVE-1", "low", "curl", "1", "fixed in 2, known exploited"}, {"CVE-2", "unknown", "tar", "3", "no fix yet"}}
	if d := cmp.Diff(want, rows); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}
