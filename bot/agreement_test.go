package bot_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
)

// second is a world with another scanner beside Grype, which accepts the move.
func second(agreement scan.Agreement, found map[string][]scan.Vulnerability, err error) *bot.Planner {
	r, s := world()
	p := planner(r, s)
	p.Policy.Agreement = agreement
	p.Scanners = append(p.Scanners, bot.Scanner{Name: "trivy", Scanner: &scanner{found: found, err: err}})
	return p
}

func TestScannersAgree(t *testing.T) {
	t.Parallel()
	fixes := map[string][]scan.Vulnerability{oldDigest: {{ID: "CVE-2026-1", Severity: scan.Critical, Package: "libssl3", Type: "deb"}}}
	worse := map[string][]scan.Vulnerability{newDigest: {{ID: "CVE-2026-9", Severity: scan.High, Package: "zlib1g", Type: "deb"}}}
	down := &fault.Error{Op: "ask trivy", Class: fault.Retry, Err: errors.New("503"), Hint: "start it"}
	const accepted = debian + ":12 1cdb>f747 Dockerfile"
	for _, tc := range []struct {
		name      string
		agreement scan.Agreement
		found     map[string][]scan.Vulnerability
		err       error
		want      string
		last      string // reason of the verdict
	}{
		{"all accept", scan.All, fixes, nil, accepted, "grype accepts it, trivy accepts it (policy.agreement is all)"},
		{
			"one of all rejects", scan.All, worse, nil,
			"= Dockerfile: held: the build f747294e: introduces CVE-2026-9 (high) in zlib1g; newer, but fixes no known vulnerability " +
				"(policy.when is vulnerable); grype accepts it, trivy rejects it (policy.agreement is all)", "",
		},
		{"one of all cannot say", scan.All, nil, down, "! Dockerfile: the build f747294e not verified: trivy: ask trivy: 503; start it", ""},
		{"the first accepts", scan.First, worse, nil, accepted, "grype accepts it, trivy rejects it (policy.agreement is first)"},
		{"the first accepts, the other cannot say", scan.First, nil, down, accepted, "grype accepts it, trivy could not scan it (policy.agreement is first)"},
		{"any accepts", scan.Any, nil, down, accepted, "grype accepts it, trivy could not scan it (policy.agreement is any)"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := plan(t, second(tc.agreement, tc.found, tc.err), tree{"Dockerfile": "FROM debian:12@" + oldDigest + "\n"})
			if d := cmp.Diff([]string{tc.want}, summary(got)); d != "" {
				t.Errorf("plan (-want +got):\n%s", d)
			}
			for _, bump := range got.Bumps {
				if last := bump.Verdict.Reasons[len(bump.Verdict.Reasons)-1]; last != tc.last {
					t.Errorf("last reason %q, want %q", last, tc.last)
				}
				if n := len(bump.Proof.Others); n != 1 {
					t.Errorf("%d other opinions are shown", n)
				}
			}
		})
	}
}

// TestScannersRunSideBySide would hang if one scanner waited for another.
func TestScannersRunSideBySide(t *testing.T) {
	t.Parallel()
	r, s := world()
	p := planner(r, s)
	var both sync.WaitGroup
	both.Add(2)
	p.Scanners = nil
	for _, name := range []string{"grype", "trivy"} {
		p.Scanners = append(p.Scanners, bot.Scanner{Name: name, Scanner: meeting{s, &both, &sync.Once{}}})
	}
	got := plan(t, p, tree{"Dockerfile": "FROM debian:12@" + oldDigest + "\n"})
	if len(got.Bumps) != 1 {
		t.Errorf("plan: %s", strings.Join(summary(got), "\n"))
	}
}

// meeting waits at its first scan until the other one has begun.
type meeting struct {
	scan.Scanner
	both *sync.WaitGroup
	once *sync.Once
}

func (m meeting) Scan(ctx context.Context, target scan.Target) (scan.Report, error) {
	m.once.Do(func() {
		m.both.Done()
		m.both.Wait()
	})
	return m.Scanner.Scan(ctx, target)
}
