//go:build scanners

package scantest

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/clair"
	"github.com/basebump/basebump/scan/command"
	"github.com/basebump/basebump/scan/trivy"
)

// real are the scanners that run, each with the same advisories. Where they are is in the environment.
func real(t *testing.T) map[string]scan.Scanner {
	t.Helper()
	scanners := map[string]scan.Scanner{}
	made := func(name string) func(scan.Scanner, error) {
		return func(s scan.Scanner, err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			scanners[name] = s
		}
	}
	if at := os.Getenv("CLAIR"); at != "" {
		s, err := clair.New(clair.Options{URL: at, MaxDBAge: time.Hour, HTTP: &http.Client{}, Now: time.Now})
		made("clair")(s, err)
	}
	if at := os.Getenv("GRYPE"); at != "" {
		s, err := command.New(command.Options{Format: "grype", Command: at, DBDir: os.Getenv("GRYPE_DB"), Now: time.Now})
		made("grype, by command")(s, err)
	}
	if at := os.Getenv("TRIVY"); at != "" {
		cache := os.Getenv("TRIVY_CACHE")
		scanners["trivy"] = trivy.New(trivy.Options{Command: at, CacheDir: cache, Now: time.Now})
		scanners["trivy, by server"] = trivy.New(trivy.Options{
			Command: at, CacheDir: t.TempDir(), Server: os.Getenv("TRIVY_SERVER"), Token: os.Getenv("TRIVY_TOKEN"), Now: time.Now,
		})
		for _, format := range []string{"sarif", "cyclonedx"} {
			s, err := command.New(command.Options{Format: format, Command: at, Args: []string{
				"image", "--quiet", "--format=" + format, "--scanners=vuln", "--image-src=remote", "--insecure", "--offline-scan", "--skip-db-update",
				"--skip-java-db-update", "--cache-backend=memory", "--cache-dir=" + cache, "--platform={platform}", "{image}",
			}})
			made(format+", by command")(s, err)
		}
	}
	return scanners
}

// target names a stage's image as the index that its tag answers.
func target(t *testing.T, stage string) scan.Target {
	t.Helper()
	repository := os.Getenv("REGISTRY") + "/library/debian"
	tag, err := name.NewTag(repository+":"+stage, name.Insecure)
	if err != nil {
		t.Fatal(err)
	}
	found, err := remote.Head(tag)
	if err != nil {
		t.Fatal(err)
	}
	return scan.Target{
		Image: "docker.io/library/debian", Digest: found.Digest.String(), Platform: "linux/amd64",
		Access: scan.Access{Repository: repository, Insecure: true, Private: true},
	}
}

func TestRealScannersAgree(t *testing.T) {
	for name, scanner := range real(t) {
		t.Run(name, func(t *testing.T) {
			reports := map[string]scan.Report{}
			for _, stage := range []string{"old", "new", "newer"} {
				start := time.Now()
				report, err := scanner.Scan(t.Context(), target(t, stage))
				if err != nil {
					t.Fatal(err)
				}
				t.Logf("%s: %d packages, %d matches, %s %s, database of %s, %s", stage, len(report.Packages), len(report.Vulnerabilities),
					report.Scanner.Name, report.Scanner.Version, report.DatabaseBuilt.Format(time.RFC3339), time.Since(start).Round(time.Millisecond))
				if d := cmp.Diff(expected(t, stage), matches(report)); d != "" {
					t.Errorf("%s (-want +got):\n%s", stage, d)
				}
				reports[stage] = report
			}
			diff := scan.Compare([]scan.Report{reports["old"]}, []scan.Report{reports["newer"]})
			t.Logf("old to newer fixes %s", scan.Count(diff.Fixed).Phrase())
		})
	}
}

var (
	_ = fmt.Sprint
	_ = slices.Sort[[]string]
	_ = strings.ToLower
)
