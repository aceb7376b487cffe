package sarif_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	library "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/sarif"
)

var update = flag.Bool("update", false, "write the expected files anew")

var (
	openssl = scan.Vulnerability{
		ID: "CVE-2024-0001", Severity: scan.High, Package: "libssl3", Type: "deb", Installed: "3.0.20-1", FixedIn: "3.0.22-1",
		URL: "https://security-tracker.debian.org/tracker/CVE-2024-0001", CVSS: 8.1, EPSS: 0.432, KnownExploited: true,
	}
	program = scan.Vulnerability{ID: "CVE-2024-0001", Severity: scan.High, Package: "openssl", Type: "deb", Installed: "3.0.20-1", FixedIn: "3.0.22-1"}
	hostile = scan.Vulnerability{ID: "CVE-2024-0002", Severity: scan.Low, Package: "a[b](https://evil) {0}", Installed: `1\2`, URL: "javascript:alert(1)", CVSS: 9.9}
)

func cases() map[string]sarif.Log {
	log := sarif.Log{
		Tool: scan.Tool{Name: "basebump", Version: "1.0.0"},
		Scanners: []scan.Used{{
			Tool: scan.Tool{Name: "grype", Version: "0.120.0"}, DatabaseBuilt: time.Date(2026, 11, 23, 5, 12, 0, 0, time.UTC),
		}},
	}
	nothing, named, unnamed, incomplete := log, log, log, log
	incomplete.Scanners = nil
	incomplete.Failures = []string{"resolve ghcr.io/acme/api:2: 401 [unauthorized]"}
	at := func(file string, line int, platform string, v scan.Vulnerability) sarif.Result {
		return sarif.Result{Image: "debian:12", Platform: platform, File: file, Line: line, Vulnerability: v}
	}
	ignored := at("deploy/pod 1.yaml", 6, "linux/amd64", hostile)
	ignored.Ignored = "not reachable"
	named.Results = []sarif.Result{
		at("deploy/pod 1.yaml", 6, "linux/amd64", openssl), ignored,
		at("Dockerfile", 1, "linux/amd64", hostile), at("Dockerfile", 1, "linux/amd64", program),
		at("Dockerfile", 1, "linux/arm64", openssl), at("Dockerfile", 1, "linux/amd64", openssl),
	}
	unnamed.Results = []sarif.Result{{Image: "127.0.0.1:5000/x:1", Vulnerability: openssl}}
	for i := range 12 {
		v := program
		v.Package = "lib" + string(rune('a'+i))
		unnamed.Results = append(unnamed.Results, sarif.Result{Image: "127.0.0.1:5000/x:1", Vulnerability: v})
	}
	return map[string]sarif.Log{"nothing": nothing, "named": named, "unnamed": unnamed, "incomplete": incomplete}
}

func TestWrite(t *testing.T) {
	t.Parallel()
	for name, log := range cases() {
		var out bytes.Buffer
		if err := sarif.Write(&out, log); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join("testdata", name+".sarif")
		if *update {
			if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(want), out.String()); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
		validate(t, name, out.Bytes())
	}
}

// validate holds a log against the JSON schema of SARIF 2.1.0, which the library carries.
func validate(t *testing.T, name string, data []byte) {
	t.Helper()
	var log library.Report
	if err := json.Unmarshal(data, &log); err != nil {
		t.Fatal(err)
	}
	if err := log.Validate(); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	again, err := json.Marshal(log)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(compact(t, data), compact(t, again)); d != "" {
		t.Errorf("%s: what was validated is not what was written (-written +validated):\n%s", name, d)
	}
}

func compact(t *testing.T, data []byte) any {
	t.Helper()
	var value any
	if err := json.Unmarshal(data, &value); err != nil {
		t.Fatal(err)
	}
	return value
}

func TestValidateCanFail(t *testing.T) {
	t.Parallel()
	var log library.Report
	if err := json.Unmarshal([]byte(`{"version":"2.1.0","runs":[{"tool":{"driver":{}}}]}`), &log); err != nil {
		t.Fatal(err)
	}
	if err := log.Validate(); err == nil {
		t.Error("a tool without a name is valid")
	}
}

func TestUrgencyIsReadBack(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := sarif.Write(&out, cases()["unnamed"]); err != nil {
		t.Fatal(err)
	}
	found, err := sarif.Read(out.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if v := found.Vulnerabilities[0]; math.Abs(v.EPSS-0.432) > 1e-9 || !v.KnownExploited {
		t.Errorf("got %+v", v)
	}
}

func TestWriteReportsAFailingWriter(t *testing.T) {
	t.Parallel()
	err := sarif.Write(broken{}, cases()["named"])
	if err == nil || !strings.HasPrefix(err.Error(), "write SARIF: ") {
		t.Errorf("got %v", err)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, os.ErrClosed }

func TestWhatIsIncompleteIsNotReadAsClean(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := sarif.Write(&out, cases()["incomplete"]); err != nil {
		t.Fatal(err)
	}
	if _, err := sarif.Read(out.Bytes()); err == nil || !strings.Contains(err.Error(), "ghcr.io/acme/api:2: 401") {
		t.Errorf("got %v", err)
	}
}
