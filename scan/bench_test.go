package scan_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/basebump/basebump/scan"
)

// stored are reports of a large image: 1,200 packages, half of them with two vulnerabilities each.
func stored(build, platforms int) []scan.Report {
	reports := make([]scan.Report, platforms)
	for i := range reports {
		reports[i].Platform = fmt.Sprint(i)
		for p := range 1200 {
			name, version := fmt.Sprintf("lib%d", p), fmt.Sprintf("1.%d", build)
			reports[i].Packages = append(reports[i].Packages, scan.Package{Name: name, Version: version, Type: "deb"})
			for v := range 2 {
				if p%3 == 0 || p%5 == build {
					continue
				}
				reports[i].Vulnerabilities = append(reports[i].Vulnerabilities, scan.Vulnerability{
					ID: fmt.Sprintf("CVE-2026-%d", 10*p+v), Severity: scan.Severities()[p%6], Package: name, Type: "deb", Installed: version,
				})
			}
		}
		scan.Sort(reports[i].Vulnerabilities)
	}
	return reports
}

// BenchmarkVerdict compares two images by their stored reports and judges the move.
func BenchmarkVerdict(b *testing.B) {
	for _, platforms := range []int{1, 2} {
		b.Run(fmt.Sprintf("platforms=%d", platforms), func(b *testing.B) { benchmarkVerdict(b, platforms) })
	}
}

func benchmarkVerdict(b *testing.B, platforms int) {
	current, next := stored(0, platforms), stored(1, platforms)
	ceiling := scan.Critical
	policy := scan.Policy{
		When: scan.Vulnerable, Urgent: scan.Critical, UrgentEPSS: 0.5, BlockIntroduced: scan.High, MaxSeverity: &ceiling, MinAge: time.Hour,
		Ignored: func(_, id string, _ time.Time) (string, bool) { return "", id == "CVE-2026-41" },
	}
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for b.Loop() {
		evidence := scan.Evidence{Diff: scan.Compare(current, next), Blank: scan.Blank(current, next), Created: now.AddDate(0, 0, -3), Now: now}
		if policy.Judge(evidence).Accepted {
			b.Fatal("a candidate with critical vulnerabilities is accepted")
		}
	}
}
