package bot_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/scan"
)

// recalled is a memory of what is open.
type recalled struct {
	open      []bot.Proposal
	elsewhere int
}

func (r recalled) Remembered(context.Context, bot.Repository) ([]bot.Proposal, int, error) {
	return r.open, r.elsewhere, nil
}

// TestTheWorstGoesFirst: where places are few, what is known to be exploited has them, then what is worse, then what is more.
func TestTheWorstGoesFirst(t *testing.T) {
	t.Parallel()
	f := &forge{tips: map[string]bot.Tip{}}
	r, s := world()
	files := tree{"Dockerfile": ""}
	for name, flaws := range map[string][]scan.Vulnerability{
		"a-low":       {{ID: "CVE-1", Severity: scan.Low}, {ID: "CVE-2", Severity: scan.Low}},
		"b-high":      {{ID: "CVE-3", Severity: scan.High}},
		"c-critical":  {{ID: "CVE-4", Severity: scan.Critical}},
		"d-exploited": {{ID: "CVE-5", Severity: scan.Medium, KnownExploited: true}},
		"e-high":      {{ID: "CVE-6", Severity: scan.High}, {ID: "CVE-7", Severity: scan.High}},
	} {
		before := "sha256:" + name[:1] + oldDigest[8:]
		files["Dockerfile"] += "FROM acme/" + name + ":1@" + before + "\n"
		r.tags["docker.io/acme/"+name+":1"] = newDigest
		s.found[before] = flaws
	}
	delete(s.found, newDigest)
	settings := bot.PullRequests{BranchPrefix: "basebump/", Limit: 10, LimitTotal: 7, Style: "x: "}
	proposer := bot.Proposer{Forge: f, Settings: settings, Memory: recalled{elsewhere: 4}}
	var got []string
	for _, line := range propose(t, proposer, planner(r, s), files) {
		got = append(got, line[:len("opened x: update acme/d")])
	}
	want := []string{"opened x: update acme/d", "opened x: update acme/c", "opened x: update acme/e", "waiting x: update acme/", "waiting x: update acme/"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestNothingOpenNothingWanted: such a repository costs no request once it was looked at.
func TestNothingOpenNothingWanted(t *testing.T) {
	t.Parallel()
	current := tree{"Dockerfile": "FROM debian:12@" + newDigest + "\n"}
	behind := tree{"Dockerfile": "FROM debian:12@" + oldDigest + "\n"}
	for name, tc := range map[string]struct {
		files    tree
		looked   bool
		memory   recalled
		orders   []bot.Order
		requests int
	}{
		"at rest":               {files: current, looked: true},
		"never looked at":       {files: current, requests: 1},
		"something is open":     {files: current, looked: true, memory: recalled{open: []bot.Proposal{{Number: 7}}}, requests: 1},
		"something was ordered": {files: current, looked: true, orders: []bot.Order{{Kind: bot.OrderHold}}, requests: 1},
		"something is wanted":   {files: behind, looked: true, requests: 1},
	} {
		f := &forge{tips: map[string]bot.Tip{}}
		r, s := world()
		proposer := bot.Proposer{Forge: f, Settings: bot.PullRequests{Limit: 10, Style: "x: "}, Memory: tc.memory, Orders: tc.orders, Looked: tc.looked}
		propose(t, proposer, planner(r, s), tc.files)
		asked := 0
		for _, request := range f.since() {
			if request == "open" {
				asked++
			}
		}
		if asked != tc.requests {
			t.Errorf("%s: what is open was asked %d times, want %d", name, asked, tc.requests)
		}
	}
}
