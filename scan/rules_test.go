package scan_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/scan"
)

// TestRules holds each rule that is off by default, or needs little evidence, to its phrases.
func TestRules(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	low, high, critical := vuln("CVE-1", scan.Low, "a"), vuln("CVE-2", scan.High, "b"), vuln("CVE-3", scan.Critical, "c")
	exploited, likely := low, low
	exploited.KnownExploited, likely.EPSS = true, 0.62
	ceiling := scan.High
	const ended = "Debian 11 reached its end of life on 2026-08-31"
	for _, tc := range []struct {
		name     string
		policy   scan.Policy
		evidence scan.Evidence
		rejected bool
		want     string // one of the reasons
	}{
		{"no ceiling", scan.Policy{}, scan.Evidence{Diff: scan.Diff{Remaining: []scan.Vulnerability{critical}}}, false, "introduces nothing known"},
		{
			"below the ceiling",
			scan.Policy{MaxSeverity: &ceiling},
			scan.Evidence{Diff: scan.Diff{Remaining: []scan.Vulnerability{low}}},
			false, "holds nothing at or above high",
		},
		{
			"what was there before is above the ceiling",
			scan.Policy{MaxSeverity: &ceiling},
			scan.Evidence{Diff: scan.Diff{Remaining: []scan.Vulnerability{exploited, high}}},
			true, "holds CVE-2 (high) in b (policy.max_severity is high)",
		},
		{
			"several are above the ceiling",
			scan.Policy{MaxSeverity: &ceiling, BlockIntroduced: scan.Critical + 1},
			scan.Evidence{Diff: scan.Diff{Introduced: []scan.Vulnerability{critical}, Remaining: []scan.Vulnerability{high}}},
			true, "holds CVE-3 (critical) in c and 1 more (policy.max_severity is high)",
		},
		{
			"what comes is above the ceiling",
			scan.Policy{MaxSeverity: &ceiling, BlockIntroduced: scan.Critical + 1},
			scan.Evidence{Diff: scan.Diff{Introduced: []scan.Vulnerability{critical}}},
			true, "holds CVE-3 (critical) in c (policy.max_severity is high)",
		},
		{
			"what is ignored is not above the ceiling",
			scan.Policy{MaxSeverity: &ceiling, Ignored: func(_, id string, _ time.Time) (string, bool) { return "", id == "CVE-2" }},
			scan.Evidence{Diff: scan.Diff{Remaining: []scan.Vulnerability{high}}},
			false, "holds nothing at or above high",
		},
		{
			"what was set aside is not above the ceiling",
			scan.Policy{MaxSeverity: &ceiling},
			scan.Evidence{Diff: scan.Diff{SetAside: []scan.SetAside{{Vulnerability: high}}}},
			false, "holds nothing at or above high",
		},
		{"grows a little", scan.Policy{MaxGrowth: scan.Growth{Percent: 20}}, scan.Evidence{SizeBefore: 100, SizeAfter: 120}, false, "introduces nothing known"},
		{
			"grows by more than a share",
			scan.Policy{MaxGrowth: scan.Growth{Percent: 20}},
			scan.Evidence{SizeBefore: 48_500_000, SizeAfter: 65_600_000},
			true, "grows from 48.5 MB to 65.6 MB (policy.max_growth is 20%)",
		},
		{
			"grows by more than so many bytes",
			scan.Policy{MaxGrowth: scan.Growth{Percent: 50, Bytes: 5_000_000}},
			scan.Evidence{SizeBefore: 48_500_000, SizeAfter: 65_600_000},
			true, "grows from 48.5 MB to 65.6 MB (policy.max_growth is 50% and 5.0 MB)",
		},
		{"shrinks", scan.Policy{MaxGrowth: scan.Growth{Percent: 1, Bytes: 1}}, scan.Evidence{SizeBefore: 200, SizeAfter: 100}, false, "introduces nothing known"},
		{
			"grows out of nothing",
			scan.Policy{MaxGrowth: scan.Growth{Percent: 20}},
			scan.Evidence{SizeAfter: 65_600_000},
			true, "grows from 0.0 B to 65.6 MB (policy.max_growth is 20%)",
		},
		{"onto what is over", scan.Policy{}, scan.Evidence{Ended: ended}, true, "would move to what is no longer kept: " + ended},
		{"stays on what is over", scan.Policy{EndOfLife: scan.Stay}, scan.Evidence{Ended: ended, EndedBefore: true}, false, "introduces nothing known"},
		{
			"must not stay on what is over",
			scan.Policy{EndOfLife: scan.Refuse},
			scan.Evidence{Ended: ended, EndedBefore: true},
			true, ended + " (policy.end_of_life is refuse)",
		},
		{"leaves what is over", scan.Policy{EndOfLife: scan.Refuse}, scan.Evidence{EndedBefore: true}, false, "introduces nothing known"},
		{
			"what is known exploited does not wait",
			scan.Policy{MinAge: time.Hour, Urgent: scan.Critical},
			scan.Evidence{Created: now, Diff: scan.Diff{Fixed: []scan.Vulnerability{exploited}}},
			false,
			"policy.min_age waived: fixes CVE-1 (known exploited)",
		},
		{
			"nor what is likely to be",
			scan.Policy{MinAge: time.Hour, Urgent: scan.Critical, UrgentEPSS: 0.5},
			scan.Evidence{Created: now, Diff: scan.Diff{Fixed: []scan.Vulnerability{low, likely}}},
			false,
			"policy.min_age waived: fixes CVE-1 (EPSS 62 %)",
		},
		{
			"which is not asked by default",
			scan.Policy{MinAge: time.Hour, Urgent: scan.Critical},
			scan.Evidence{Created: now, Diff: scan.Diff{Fixed: []scan.Vulnerability{likely}}},
			true,
			"too young: built 2026-11-23 12:00:00, may be offered from 2026-11-23 13:00:00 (policy.min_age is 1h)",
		},
	} {
		tc.policy.When, tc.evidence.Now = scan.Always, now
		if tc.policy.BlockIntroduced == 0 {
			tc.policy.BlockIntroduced = scan.High
		}
		got := tc.policy.Judge(tc.evidence)
		said := map[string]bool{}
		for _, reason := range got.Reasons {
			said[reason] = true
		}
		if got.Accepted == tc.rejected || !said[tc.want] {
			t.Errorf("%s: accepted %t, reasons %q, want %q", tc.name, got.Accepted, got.Reasons, tc.want)
		}
	}
}

func TestSetAsideIsNeitherFixedNorRemaining(t *testing.T) {
	t.Parallel()
	ssl, curl := vuln("CVE-1", scan.High, "libssl3"), vuln("CVE-2", scan.Low, "curl")
	aside := scan.SetAside{Vulnerability: ssl, Why: "set aside by VEX: fixed"}
	next := func(platform string) scan.Report {
		r := report(platform, nil, curl)
		r.SetAside = []scan.SetAside{aside}
		return r
	}
	got := scan.Compare(
		[]scan.Report{report("linux/amd64", nil, curl, ssl), report("linux/arm64", nil, curl, ssl)},
		[]scan.Report{next("linux/amd64"), next("linux/arm64")},
	)
	want := scan.Diff{Fixed: []scan.Vulnerability{}, Introduced: []scan.Vulnerability{}, Remaining: []scan.Vulnerability{curl}, SetAside: []scan.SetAside{aside}}
	if d := cmp.Diff(ids(want.Fixed), ids(got.Fixed)) + cmp.Diff(ids(want.Introduced), ids(got.Introduced)) +
		cmp.Diff(ids(want.Remaining), ids(got.Remaining)) + cmp.Diff(want.SetAside, got.SetAside); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
