package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/basebump/basebump/config"
	"github.com/google/go-cmp/cmp"
)

func TestEveryTypeOfScannerCanBeConfigured(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"{type: grype}": "*grype.Scanner",
		"{type: trivy}": "*trivy.Scanner",
		"{type: trivy, server: http://trivy:4954, token: secret, max_db_age: 1d}":                                 "*trivy.Scanner",
		"{type: clair, url: http://clair:6060, key: c2VjcmV0, issuer: adapter, max_db_age: 0s}":                   "*clair.Scanner",
		"{type: command, format: grype, db_dir: db, max_db_age: 2d}":                                              "*command.Scanner",
		`{type: command, format: sarif, command: snyk, args: [test, "{image}"], env: [TOKEN, "USER={username}"]}`: "*command.Scanner",
		`{type: command, format: cyclonedx, command: trivy, args: [image, "{image}"], exit_codes: [1]}`:           "*command.Scanner",
	} {
		file := filepath.Join(t.TempDir(), config.DefaultFile)
		if err := os.WriteFile(file, []byte("scanners: ["+text+"]"), 0o600); err != nil {
			t.Fatal(err)
		}
		loaded, err := config.Load(file, func(string) string { return "" })
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		scanner, err := scannerTable[loaded.Scanners[0].Type](loaded.Scanners[0], loaded.Limits, t.TempDir())
		if err != nil || fmt.Sprintf("%T", scanner) != want {
			t.Errorf("%s: %T, %v", text, scanner, err)
		}
	}
}

func TestEnvironmentOfACommand(t *testing.T) {
	t.Parallel()
	ours := map[string]string{"SNYK_TOKEN": "secret", "HOME": "/root"}
	got := environment([]string{"SNYK_TOKEN", "USER={username}", "EMPTY=", "MISSING", "OPTS=a=b"}, func(name string) string { return ours[name] })
	want := map[string]string{"SNYK_TOKEN": "secret", "USER": "{username}", "EMPTY": "", "MISSING": "", "OPTS": "a=b"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
