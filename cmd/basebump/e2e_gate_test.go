//go:build e2e

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/scan/sarif"
	"github.com/basebump/basebump/testdata/debian12"
	"github.com/basebump/basebump/testdata/debian12/expect"
)

// TestEndToEndGate holds the gate, with the real scanner, to what the package databases of the small Debian images say.
func TestEndToEndGate(t *testing.T) {
	registry := startRegistry(t)
	bot := newProgram(t, startGitHub(t), registry)
	digests, matches := map[string]string{}, map[string][]expect.Match{}
	for _, stage := range debian12.Stages() {
		digest, err := pushDebian(registry.direct, stage)
		if err != nil {
			t.Fatal(err)
		}
		digests[stage.Name], matches[stage.Name] = digest, stageMatches(t, stage)
	}
	old, high := digests["old"], expect.CVEs(matches["old"])["High"]
	folder := t.TempDir()
	write := func(name, text string) {
		full := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("Dockerfile", "FROM debian:12@"+old+"\n")
	write("deploy/a.Dockerfile", "FROM debian:12\n")

	t.Run("an image, by what its tag answers", func(t *testing.T) {
		bot.run(t, 0, "gate", "debian:12", "--fail-on", "unknown")
		bot.run(t, 1, "gate", "debian@"+old)
		bot.run(t, 0, "gate", "debian@"+old, "--fail-on", "critical")
	})
	t.Run("a folder", func(t *testing.T) {
		log := filepath.Join(t.TempDir(), "gate.sarif")
		var got gated
		if err := json.Unmarshal([]byte(bot.run(t, 1, "gate", folder, "--output", "json", "--sarif", log)), &got); err != nil {
			t.Fatal(err)
		}
		checkGated(t, got, high, len(matches["old"]))
		data, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		checkLog(t, data, matches["old"])
	})
	t.Run("what fails and what cannot be scanned: a no all the same", func(t *testing.T) {
		bot.run(t, 1, "gate", folder, "debian:none")
		bot.run(t, 3, "gate", "debian:12", "debian:none")
	})
	t.Run("ignored by the repository", func(t *testing.T) {
		var rules []string
		for _, match := range matches["old"] {
			rules = append(rules, "  - {id: "+match.CVE+", reason: accepted}\n")
		}
		write(".github/basebump.yaml", "ignore:\n"+strings.Join(rules, ""))
		bot.run(t, 0, "gate", folder, "--fail-on", "unknown")
	})
	t.Run("scan writes SARIF too", func(t *testing.T) {
		checkLog(t, []byte(bot.run(t, 0, "scan", "debian@"+old, "--output", "sarif")), matches["old"])
	})
}

func stageMatches(t *testing.T, stage debian12.Stage) []expect.Match {
	t.Helper()
	rootfs, err := debian12.Rootfs(stage.Name)
	if err != nil {
		t.Fatal(err)
	}
	status, err := rootfs.Open("var/lib/dpkg/status")
	if err != nil {
		t.Fatal(err)
	}
	defer status.Close()
	matches, err := expect.Matches(status, debian12.Advisories())
	if err != nil {
		t.Fatal(err)
	}
	return matches
}

// checkGated expects the pinned image first, with what it has, and then the one that its tag answers, with nothing.
func checkGated(t *testing.T, got gated, high, all int) {
	t.Helper()
	if len(got.Images) != 2 || got.Answer != gateFailed {
		t.Fatalf("%s of %d images", got.Answer, len(got.Images))
	}
	first, second := got.Images[0], got.Images[1]
	if n := counts(first.Failing).Total(); n != high {
		t.Errorf("%d CVEs fail, want %d", n, high)
	}
	if n := len(first.Failing) + len(first.Below); n != all {
		t.Errorf("%d matches, want %d", n, all)
	}
	if d := cmp.Diff("Dockerfile:1", where(first.Files)); d != "" {
		t.Error(d)
	}
	if second.Answer != gatePassed || len(second.Below) > 0 || where(second.Files) != "deploy/a.Dockerfile:1" {
		t.Errorf("second: %+v", second)
	}
}

// checkLog reads SARIF back: it must name every CVE.
func checkLog(t *testing.T, data []byte, matches []expect.Match) {
	t.Helper()
	report, err := sarif.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	got, want := map[string]bool{}, map[string]bool{}
	for _, v := range report.Vulnerabilities {
		got[v.ID] = true
	}
	for _, match := range matches {
		want[match.CVE] = true
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("CVEs (-want +got):\n%s", d)
	}
}
