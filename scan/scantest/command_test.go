package scantest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/command"
	"github.com/basebump/basebump/scan/process/processtest"
	"github.com/basebump/basebump/scan/trivy"
)

const maxAge = 5 * 24 * time.Hour

// clock is the time in a situation: by default shortly after the recorded answers were given.
func clock(t *testing.T, s situation) func() time.Time {
	t.Helper()
	var answer struct{ Descriptor struct{ Timestamp time.Time } }
	if err := json.Unmarshal([]byte(recorded(t, "grype/newer.json")), &answer); err != nil {
		t.Fatal(err)
	}
	now := answer.Descriptor.Timestamp.Add(time.Hour)
	if s == stale {
		now = now.Add(2 * maxAge)
	}
	return func() time.Time { return now }
}

func recorded(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "testdata", "scanners", "recorded", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// stage is the image in a situation.
func stage(s situation) string {
	if s == vulnerable {
		return "old"
	}
	return "newer"
}

// image is a target for scanners that pull it themselves.
func image() scan.Target {
	return scan.Target{
		Image: "docker.io/library/debian", Digest: "sha256:52c269f39350262c440ad9a8cf23e26adfa4cd764f08df8c3eee27ad507665da",
		Platform: "linux/amd64", Access: scan.Access{Repository: "127.0.0.1:5000/library/debian", Insecure: true},
	}
}

// no is how a program ends that a registry did not let in. It repeats a password, if it has one in its environment.
var no = processtest.Answer{Exit: 1, Echo: "PASSWORD", Stderr: "401 Unauthorized for bot:" + password}

func trivyIn(t *testing.T, s situation) (scan.Scanner, scan.Target) {
	cache := t.TempDir()
	built := clock(t, vulnerable)().UTC()
	metadata, err := json.Marshal(map[string]any{"Version": 2, "UpdatedAt": built, "NextUpdate": built.Add(24 * time.Hour), "DownloadedAt": built})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(cache, "db"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(cache, "db", "metadata.json"), metadata, 0o600); err != nil {
		t.Fatal(err)
	}
	answer := processtest.Answer{When: []string{"image"}, Stdout: recorded(t, "trivy/"+stage(s)+".json")}
	asked := processtest.Answer{When: []string{"sbom"}, Stdout: recorded(t, "trivy/old.json")}
	switch s {
	case uncovered:
		asked.Stdout = recorded(t, "trivy/newer.json")
	case unrecognised:
		answer.Stdout = `{"SchemaVersion":2}`
	case refused:
		answer = no
		answer.When = []string{"image"}
	}
	fake := processtest.New(t, "trivy", processtest.Answer{When: []string{"version"}, Stdout: recorded(t, "trivy/version.json")}, answer, asked)
	return trivy.New(trivy.Options{Command: fake.Path, CacheDir: cache, MaxDBAge: maxAge, Now: clock(t, s)}), image()
}

func grypeIn(t *testing.T, s situation) (scan.Scanner, scan.Target) {
	answer := processtest.Answer{
		When: []string{"--output=cyclonedx-json=packages.json"}, Stdout: recorded(t, "grype/"+stage(s)+".json"),
		Files: map[string]string{"packages.json": recorded(t, "grype/"+stage(s)+".cdx.json")},
	}
	asked := processtest.Answer{Stdout: recorded(t, "grype/old.json")}
	switch s {
	case uncovered:
		asked.Stdout = recorded(t, "grype/newer.json")
	case unrecognised:
		answer.Files = map[string]string{"packages.json": `{"bomFormat":"CycloneDX","specVersion":"1.5"}`}
	case refused:
		answer = no
	}
	fake := processtest.New(t, "grype", answer, asked)
	return made(t, command.Options{Format: "grype", Command: fake.Path, MaxDBAge: maxAge, Now: clock(t, s)}), image()
}

func sarifIn(t *testing.T, s situation) (scan.Scanner, scan.Target) {
	return printing(t, s, "sarif", recorded(t, "trivy/"+stage(s)+".sarif"))
}

func cyclonedxIn(t *testing.T, s situation) (scan.Scanner, scan.Target) {
	return printing(t, s, "cyclonedx", recorded(t, "trivy/"+stage(s)+".cdx.json"))
}

// printing is a scanner that prints a format which does not tell what it stands on; in the situations of which it knows nothing it is nil.
func printing(t *testing.T, s situation, format, text string) (scan.Scanner, scan.Target) {
	answer := processtest.Answer{Stdout: text}
	switch {
	case s == refused:
		answer = no
	case s == unrecognised && format == "cyclonedx":
		answer.Stdout = `{"bomFormat":"CycloneDX","specVersion":"1.5","vulnerabilities":[]}`
	case s == uncovered, s == stale, s == unrecognised:
		return nil, scan.Target{}
	}
	fake := processtest.New(t, "scanner", answer)
	return made(t, command.Options{Format: format, Command: fake.Path, Args: []string{"{image}"}, Env: map[string]string{"PASSWORD": "{password}"}}), image()
}

func made(t *testing.T, o command.Options) scan.Scanner {
	t.Helper()
	s, err := command.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
