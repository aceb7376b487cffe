//go:build scanners

package scantest

import (
	"flag"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/cache"
	"github.com/basebump/basebump/scan/clair"
	"github.com/basebump/basebump/scan/command"
	"github.com/basebump/basebump/scan/grype"
	"github.com/basebump/basebump/scan/trivy"
)

var record = flag.Bool("record", false, "write testdata/scanners/recorded anew")

// TestRealScanners runs every scanner against the same images with the same advisories.
func TestRealScanners(t *testing.T) {
	l := newLab(t)
	stages := map[string]scan.Target{}
	for _, stage := range []string{"old", "new", "newer"} {
		stages[stage] = l.push(stage, rootfs(t, stage))
	}
	t.Run("a Clair without data", func(t *testing.T) {
		refuses(t, l.newClair(t), stages["newer"], fault.Retry, "there is no vulnerability data in Clair yet")
	})
	t.Run("a Clair with data of another release", func(t *testing.T) {
		l.importIntoClair(t, "11", "bullseye")
		refuses(t, l.newClair(t), stages["newer"], fault.Permanent, "there is no data in Clair for Debian GNU/Linux 12 (bookworm)")
	})
	l.importIntoClair(t, "12", "bookworm")
	cache := l.trivyCache(t, "debian 12", time.Now())
	l.startTrivyServer(t, cache)
	scanners := l.scanners(t, cache)
	agree(t, scanners, stages)
	t.Run("a Trivy with data of another release", func(t *testing.T) {
		other := trivy.New(trivy.Options{Command: program(t, "TRIVY"), CacheDir: l.trivyCache(t, "debian 11", time.Now()), Now: time.Now})
		refuses(t, other, stages["newer"], fault.Permanent, "the vulnerability database has no data for debian 12")
	})
	t.Run("a Trivy with old data", func(t *testing.T) {
		old := trivy.New(trivy.Options{
			Command: program(t, "TRIVY"), CacheDir: l.trivyCache(t, "debian 12", time.Now().Add(-48*time.Hour)), MaxDBAge: 24 * time.Hour, Now: time.Now,
		})
		refuses(t, old, stages["old"], fault.Retry, "the vulnerability database is 2 days old")
	})
	t.Run("a Trivy that cannot read Java archives", func(t *testing.T) {
		target := l.push("jar", rootfs(t, "newer"), files(map[string]string{"app/core.jar": "PK\x05\x06" + strings.Repeat("\x00", 18)}))
		refuses(t, scanners["trivy"], target, fault.Permanent, "the image has Java archives")
	})
	for what, target := range l.unknowable(t) {
		t.Run(what, func(t *testing.T) {
			for name, scanner := range scanners {
				if name == "sarif by command" || name == "grype" && what == "one file" {
					continue // SARIF cannot tell; our own scanner reads images as they are, and reports that nothing is in this one
				}
				t.Run(name, func(t *testing.T) { refuses(t, scanner, target, fault.Permanent, "") })
			}
		})
	}
	t.Run("a registry with a fence", func(t *testing.T) { l.fences(t, scanners, stages["old"]) })
	if *record {
		l.record(t, cache)
	}
}

func (l *lab) newClair(t *testing.T) scan.Scanner {
	t.Helper()
	s, err := clair.New(clair.Options{URL: l.clair, MaxDBAge: time.Hour, HTTP: &http.Client{}, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// scanners are all of them, by name. Grype by command is there if the environment names the program.
func (l *lab) scanners(t *testing.T, trivyCache string) map[string]scan.Scanner {
	t.Helper()
	program := program(t, "TRIVY")
	database := l.grypeDatabase(t)
	embedded := grype.New(grype.Options{Command: os.Getenv("BASEBUMP_GRYPE"), DBDir: database, Now: time.Now})
	t.Cleanup(func() { _ = embedded.Close() })
	all := map[string]scan.Scanner{
		"grype": embedded,
		"clair": l.newClair(t),
		"trivy": trivy.New(trivy.Options{Command: program, CacheDir: trivyCache, MaxDBAge: time.Hour, Now: time.Now}),
		"trivy by server": trivy.New(trivy.Options{
			Command: program, CacheDir: t.TempDir(), Server: l.trivy, Token: trivyToken, MaxDBAge: time.Hour, Now: time.Now,
		}),
	}
	for _, format := range []string{"sarif", "cyclonedx"} {
		all[format+" by command"] = made(t, command.Options{
			Format: format, Command: program, Args: []string{
				"image", "--quiet", "--format=" + format, "--scanners=vuln", "--image-src=remote", "--insecure", "--offline-scan", "--skip-db-update",
				"--skip-java-db-update", "--cache-backend=memory", "--cache-dir=" + trivyCache, "--platform={platform}", "{image}",
			},
			Env: map[string]string{"TRIVY_USERNAME": "{username}", "TRIVY_PASSWORD": "{password}"},
		})
	}
	if path := os.Getenv("GRYPE"); path != "" {
		all["grype by command"] = made(t, command.Options{Format: "grype", Command: path, DBDir: database, MaxDBAge: time.Hour, Now: time.Now})
	}
	return all
}

// agree checks that each scanner finds what the advisories and the package databases amount to, and so what all others find.
func agree(t *testing.T, scanners map[string]scan.Scanner, stages map[string]scan.Target) {
	for name, scanner := range scanners {
		t.Run(name, func(t *testing.T) {
			reports := map[string]scan.Report{}
			for _, stage := range []string{"old", "new", "newer"} {
				start := time.Now()
				report, err := scanner.Scan(t.Context(), stages[stage])
				if err != nil {
					t.Fatal(fault.Text(err))
				}
				t.Logf("%s: %d matches in %d packages of %q by %s %s, data of %s, in %s", stage, len(report.Vulnerabilities), len(report.Packages),
					report.OS.ID+" "+report.OS.Version, report.Scanner.Name, report.Scanner.Version, report.DatabaseBuilt.Format(time.RFC3339),
					time.Since(start).Round(time.Millisecond))
				if d := cmp.Diff(found(t, rootfs(t, stage)), matches(report)); d != "" {
					t.Errorf("%s (-want +got):\n%s", stage, d)
				}
				checkReport(t, report, stages[stage])
				checkIdentity(t, scanner, report)
				reports[stage] = report
			}
			diff := scan.Compare([]scan.Report{reports["old"]}, []scan.Report{reports["newer"]})
			if d := cmp.Diff(ids(reports["old"].Vulnerabilities), ids(diff.Fixed)); d != "" || len(diff.Introduced)+len(diff.Remaining) > 0 {
				t.Errorf("the move from old to newer does not fix what is in old (-want +got):\n%s", d)
			}
		})
	}
}

// checkIdentity checks that a scanner says beforehand by what its report will be made, so that reports are kept under what they depend on.
func checkIdentity(t *testing.T, scanner scan.Scanner, report scan.Report) {
	t.Helper()
	tool, built, err := scanner.(cache.Scanner).Identity(t.Context())
	switch {
	case err != nil:
		t.Error(fault.Text(err))
	case report.DatabaseBuilt.IsZero():
		if time.Since(built) > time.Hour {
			t.Errorf("what it finds is good since %s", built)
		}
	case tool != report.Scanner || !built.Equal(report.DatabaseBuilt):
		t.Errorf("it is %v of %s, its report is by %v of %s", tool, built, report.Scanner, report.DatabaseBuilt)
	}
}

// refuses checks that a scanner gives an error instead of a report.
func refuses(t *testing.T, scanner scan.Scanner, target scan.Target, class fault.Class, words string) {
	t.Helper()
	report, err := scanner.Scan(t.Context(), target)
	switch {
	case err == nil:
		t.Errorf("got a report on %+v: %d matches in %d packages", report.OS, len(report.Vulnerabilities), len(report.Packages))
	case fault.ClassOf(err) != class || !strings.Contains(err.Error(), words):
		t.Errorf("got %q of class %q, want %q of class %q", fault.Text(err), fault.ClassOf(err), words, class)
	default:
		t.Log(fault.Text(err))
	}
}

// fences checks that credentials open a registry, and that none or wrong ones do not.
func (l *lab) fences(t *testing.T, scanners map[string]scan.Scanner, target scan.Target) {
	target.Access.Repository = l.fenced + "/library/debian"
	for name, scanner := range scanners {
		if strings.HasSuffix(name, " by command") && name != "grype by command" {
			continue // Trivy by command takes a password from a variable, where this one is two
		}
		t.Run(name, func(t *testing.T) {
			open := target
			open.Access.Username, open.Access.Password = fenceUser, fencePassword
			if report, err := scanner.Scan(t.Context(), open); err != nil || len(report.Vulnerabilities) == 0 {
				t.Errorf("got %d matches, %v", len(report.Vulnerabilities), err)
			}
			open.Access.Password = "wrong"
			for _, shut := range []scan.Target{target, open} {
				if _, err := scanner.Scan(t.Context(), shut); err == nil || strings.Contains(fault.Text(err), "wrong") {
					t.Errorf("got %v", err)
				}
			}
		})
	}
}

// record keeps the scanners' answers for the tests that run without them.
func (l *lab) record(t *testing.T, trivyCache string) {
	env := append(os.Environ(), "REGISTRY="+l.registry, "CLAIR="+l.clair, "CACHE="+trivyCache, "GRYPE_DB="+l.grypeDatabase(t))
	for _, scanner := range []string{"clair", "trivy", "grype"} {
		cmd := exec.Command("../../testdata/scanners/record", scanner, "../../testdata/scanners/recorded/"+scanner)
		cmd.Env = env
		run(t, cmd)
	}
}
