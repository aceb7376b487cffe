package scantest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/process/processtest"
)

func TestMain(m *testing.M) { processtest.Main(m) }

// situation is what a scanner finds itself in.
type situation int

const (
	vulnerable   situation = iota // the image is stage old
	clean                         // the image is stage newer, and the data cover it
	uncovered                     // the image is stage newer, and the data are of another distribution
	stale                         // the data are older than max_db_age
	unrecognised                  // nothing in the image is known to the scanner
	refused                       // the registry, or the scanner, wants other credentials
)

// subject is a scanner that meets a situation by recorded answers.
type subject struct {
	name    string
	bare    bool // its answers tell neither the image's packages nor its operating system
	undated bool // its answers do not tell how old the data are
	scanner func(t *testing.T, s situation) (scan.Scanner, scan.Target)
}

var subjects = []subject{
	{name: "trivy", scanner: trivyIn},
	{name: "clair", scanner: clairIn},
	{name: "grype by command", scanner: grypeIn},
	{name: "sarif by command", bare: true, undated: true, scanner: sarifIn},
	{name: "cyclonedx by command", undated: true, scanner: cyclonedxIn},
}

const password = "hunter2"

func TestScannersSayTheSame(t *testing.T) {
	t.Parallel()
	for _, subject := range subjects {
		t.Run(subject.name, func(t *testing.T) {
			t.Parallel()
			for situation, stage := range map[situation]string{vulnerable: "old", clean: "newer"} {
				scanner, target := subject.scanner(t, situation)
				report, err := scanner.Scan(t.Context(), target)
				if err != nil {
					t.Fatal(err)
				}
				if d := cmp.Diff(expected(t, stage), matches(report)); d != "" {
					t.Errorf("%s: matches (-want +got):\n%s", stage, d)
				}
				checkReport(t, report, target)
				if report.DatabaseBuilt.IsZero() != subject.undated {
					t.Errorf("%s: the database is of %v", stage, report.DatabaseBuilt)
				}
				if subject.bare {
					continue
				}
				if d := cmp.Diff(installed(t, stage), packages(report)); d != "" {
					t.Errorf("%s: packages (-want +got):\n%s", stage, d)
				}
				if report.OS.ID != "debian" || !strings.HasPrefix(report.OS.Version, "12") || report.OS.Name == "" {
					t.Errorf("%s: the image is %+v", stage, report.OS)
				}
			}
		})
	}
}

// checkReport checks what holds for every report.
func checkReport(t *testing.T, report scan.Report, target scan.Target) {
	t.Helper()
	if report.Image != target.Image || report.Digest != target.Digest || report.Platform != target.Platform {
		t.Errorf("the report is about %s@%s on %s", report.Image, report.Digest, report.Platform)
	}
	if report.Scanner.Name == "" || report.Scanner.Version == "" {
		t.Errorf("the scanner is %+v", report.Scanner)
	}
	if name, _ := report.DatabaseBuilt.Zone(); name != "UTC" {
		t.Errorf("the database's date is in %s", name)
	}
	if report.Packages == nil || report.Vulnerabilities == nil {
		t.Error("an empty list is null in JSON")
	}
	again := slices.Clone(report.Vulnerabilities)
	scan.Sort(again)
	if d := cmp.Diff(again, report.Vulnerabilities); d != "" {
		t.Errorf("the worst is not first (-want +got):\n%s", d)
	}
}

func TestScannersNeverSayCleanForUnknown(t *testing.T) {
	t.Parallel()
	for _, subject := range subjects {
		t.Run(subject.name, func(t *testing.T) {
			t.Parallel()
			for situation, want := range map[situation]struct {
				class fault.Class
				words string
			}{
				uncovered:    {fault.Permanent, "no data"},
				stale:        {fault.Retry, "max_db_age is 5 days"},
				unrecognised: {fault.Permanent, "recognised"},
			} {
				scanner, target := subject.scanner(t, situation)
				if scanner == nil {
					continue // it cannot tell, and says so in its documentation
				}
				report, err := scanner.Scan(t.Context(), target)
				if err == nil {
					t.Errorf("%v: got a report with %d vulnerabilities", situation, len(report.Vulnerabilities))
					continue
				}
				if fault.ClassOf(err) != want.class || !strings.Contains(err.Error(), want.words) || !strings.HasPrefix(err.Error(), "scan "+target.Image+"@"+target.Digest+": ") {
					t.Errorf("%v: got %q of class %q", situation, fault.Text(err), fault.ClassOf(err))
				}
				if !cmp.Equal(report, scan.Report{}) {
					t.Errorf("%v: a report comes with the error", situation)
				}
			}
		})
	}
}

func TestScannersKeepSecretsAndObeyContexts(t *testing.T) {
	t.Parallel()
	for _, subject := range subjects {
		t.Run(subject.name, func(t *testing.T) {
			t.Parallel()
			scanner, target := subject.scanner(t, refused)
			target.Access.Username, target.Access.Password = "bot", password
			if _, err := scanner.Scan(t.Context(), target); err == nil || strings.Contains(fault.Text(err), password) {
				t.Errorf("got %v", err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			scanner, target = subject.scanner(t, vulnerable)
			if _, err := scanner.Scan(ctx, target); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v, want that the context was canceled", err)
			}
		})
	}
}
