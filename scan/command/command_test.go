package command_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/command"
	"github.com/basebump/basebump/scan/process/processtest"
)

func TestMain(m *testing.M) { processtest.Main(m) }

// target is an image for which credentials are known.
func target() scan.Target {
	return scan.Target{
		Image: "docker.io/library/debian", Digest: "sha256:52c2", Platform: "linux/amd64",
		Access: scan.Access{Repository: "127.0.0.1:5000/library/debian", Insecure: true, Username: "bot", Password: "hunter2"},
	}
}

// recorded is an answer of a real scanner about a real image.
func recorded(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "testdata", "scanners", "recorded", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func scanner(t *testing.T, o command.Options) *command.Scanner {
	t.Helper()
	s, err := command.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestScanFillsInArgumentsAndVariables(t *testing.T) {
	t.Parallel()
	o := command.Options{
		Format: "sarif", Args: []string{"scan", "{image}", "--platform={platform}", "--plain={insecure}", "--registry", "{registry}", "$(id)"},
		Env: map[string]string{"REGISTRY_USER": "{username}", "REGISTRY_PASSWORD": "{password}", "REGISTRY_TOKEN": "{token}", "VENDOR_TOKEN": "v"},
	}
	bare := target()
	bare.Platform, bare.Access = "", scan.Access{Repository: "ghcr.io/acme/api", Token: "{image}"}
	for _, tc := range []struct {
		name      string
		target    scan.Target
		args, env []string
	}{
		{
			"all known", target(),
			[]string{"scan", "127.0.0.1:5000/library/debian@sha256:52c2", "--platform=linux/amd64", "--plain=true", "--registry", "127.0.0.1:5000", "$(id)"},
			[]string{"REGISTRY_PASSWORD=hunter2", "REGISTRY_USER=bot", "VENDOR_TOKEN=v"},
		},
		{
			"little known", bare,
			[]string{"scan", "ghcr.io/acme/api@sha256:52c2", "--registry", "ghcr.io", "$(id)"},
			[]string{"REGISTRY_TOKEN={image}", "VENDOR_TOKEN=v"},
		},
	} {
		fake := processtest.New(t, "scanner", processtest.Answer{Stdout: recorded(t, "trivy/old.sarif")})
		o.Command = fake.Path
		report, err := scanner(t, o).Scan(t.Context(), tc.target)
		if err != nil {
			t.Fatal(err)
		}
		if report.Scanner != (scan.Tool{Name: "trivy", Version: "0.69.3"}) || len(report.Vulnerabilities) != 88 || report.Image != tc.target.Image {
			t.Errorf("%s: got %d matches by %v in %s", tc.name, len(report.Vulnerabilities), report.Scanner, report.Image)
		}
		call := fake.Calls(t)[0]
		env := slices.DeleteFunc(call.Env, func(v string) bool { return !strings.HasPrefix(v, "REGISTRY_") && !strings.HasPrefix(v, "VENDOR_") })
		if d := cmp.Diff(tc.args, call.Args) + cmp.Diff(tc.env, env); d != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, d)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for want, o := range map[string]command.Options{
		`no format "xml" for a scanner's answer: one of cyclonedx, grype, sarif`:                                        {Format: "xml"},
		"a scanner that answers in sarif needs a command":                                                               {Format: "sarif", Args: []string{"{image}"}},
		"a scanner that answers in sarif needs arguments; {image} stands for the image":                                 {Format: "sarif", Command: "snyk"},
		"sarif does not tell how old a scanner's database is, so max_db_age cannot be kept":                             {Format: "sarif", Command: "snyk", Args: []string{"x"}, MaxDBAge: time.Hour},
		`the argument "-p{password}" would show credentials to everybody on the machine: give {password} in a variable`: {Format: "cyclonedx", Command: "x", Args: []string{"-p{password}"}},
		`a scanner that answers in grype is run with arguments of our own, not with ["x"]`:                              {Format: "grype", Args: []string{"x"}},
	} {
		if _, err := command.New(o); err == nil || err.Error() != want || fault.ClassOf(err) != fault.Permanent {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

func TestScanFails(t *testing.T) {
	t.Parallel()
	const silent = "the scanner's CycloneDX has no vulnerabilities, not even an empty list of them: it did not look for any"
	clean := recorded(t, "trivy/newer.cdx.json")
	for _, tc := range []struct {
		name, format string
		answer       processtest.Answer
		done         []int
		class        fault.Class
		want         string // after "scan docker.io/library/debian@sha256:52c2: "; empty: a report
	}{
		{name: "a code that means found something", format: "sarif", answer: processtest.Answer{Exit: 1, Stdout: recorded(t, "trivy/old.sarif")}, done: []int{1}},
		{name: "a code that means failed", format: "sarif", answer: processtest.Answer{Exit: 2, Stdout: recorded(t, "trivy/newer.sarif"), Stderr: "no licence"}, done: []int{1}, want: "run SCANNER: no licence"},
		{name: "the same without a list", format: "sarif", answer: processtest.Answer{Exit: 1, Stdout: recorded(t, "trivy/old.sarif"), Stderr: "35 found"}, want: "run SCANNER: 35 found"},
		{name: "secrets in its words", format: "sarif", answer: processtest.Answer{Exit: 2, Echo: "PASSWORD"}, want: "run SCANNER: ***"},
		{name: "no SARIF", format: "sarif", class: fault.Permanent, want: "decode SARIF: unexpected end of JSON input"},
		{name: "clean", format: "cyclonedx", answer: processtest.Answer{Stdout: clean}},
		{name: "no CycloneDX", format: "cyclonedx", answer: processtest.Answer{Stdout: "{}"}, class: fault.Permanent, want: `decode CycloneDX: its bomFormat is ""`},
		{name: "a bill of materials alone", format: "cyclonedx", answer: processtest.Answer{Stdout: recorded(t, "grype/newer.cdx.json")}, class: fault.Permanent, want: silent},
		{
			name: "no packages", format: "cyclonedx", answer: processtest.Answer{Stdout: `{"bomFormat":"CycloneDX","specVersion":"1.5","vulnerabilities":[]}`},
			class: fault.Permanent, want: "neither an operating system nor a package was recognised in the image",
		},
		{
			name: "packages of nobody", format: "cyclonedx", answer: processtest.Answer{Stdout: strings.ReplaceAll(clean, "operating-system", "data")},
			class: fault.Permanent, want: "the image has packages of a distribution, but it was not recognised which",
		},
		{
			name: "a match in nothing", format: "cyclonedx",
			answer: processtest.Answer{Stdout: strings.Replace(clean, `"vulnerabilities":[]`, `"vulnerabilities":[{"id":"CVE-2024-0001","affects":[{"ref":"x"}]}]`, 1)},
			class:  fault.Permanent, want: `decode CycloneDX: CVE-2024-0001 affects "x", which is no component`,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			fake := processtest.New(t, "scanner", tc.answer)
			s := scanner(t, command.Options{
				Format: tc.format, Command: fake.Path, Args: []string{"{image}"}, Done: tc.done, Env: map[string]string{"PASSWORD": "{password}"},
			})
			_, err := s.Scan(t.Context(), target())
			want := ""
			if tc.want != "" {
				want = fmt.Sprintf("scan docker.io/library/debian@sha256:52c2: %s", strings.ReplaceAll(tc.want, "SCANNER", fake.Path))
			}
			got := ""
			if err != nil {
				got = fault.Text(err)
			}
			if got != want || fault.ClassOf(err) != tc.class {
				t.Errorf("got  %s\nof class %q, want\n     %s\nof class %q", got, fault.ClassOf(err), want, tc.class)
			}
		})
	}
}
