package config_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/config"
)

func TestNarrow(t *testing.T) {
	t.Parallel()
	operator := config.Default().Policy
	operator.Update, operator.MinAge = config.UpdateMinor, config.Duration(time.Hour)
	for name, tc := range map[string]struct {
		repository string
		change     func(*config.Policy)
	}{
		"nothing said": {"", func(*config.Policy) {}},
		"stricter": {
			"{update: digest, pin: false, min_age: 3d, block_introduced: low}",
			func(p *config.Policy) {
				p.Update, p.Pin, p.BlockIntroduced = config.UpdateDigest, false, config.SeverityLow
				p.MinAge = config.Duration(72 * time.Hour)
			},
		},
		"wider": {
			"{update: major, distribution: follow, pin: true, when: always, min_age: 0s, urgent: low, block_introduced: critical, agreement: any, urgent_epss: 10%, end_of_life: stay}",
			func(*config.Policy) {},
		},
	} {
		repository, err := config.ParseRepository("r.yaml", []byte("policy: "+tc.repository))
		if err != nil {
			t.Fatal(err)
		}
		want := operator
		tc.change(&want)
		if diff := cmp.Diff(want, repository.Narrow(operator)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestNarrowOpenOperator(t *testing.T) {
	t.Parallel()
	operator := config.Policy{
		Update: config.UpdateMajor, Distribution: config.DistributionFollow, When: config.WhenAlways,
		Urgent: config.SeverityUnknown, BlockIntroduced: config.SeverityCritical, Agreement: config.AgreementAny,
	}
	repository, err := config.ParseRepository("r.yaml",
		[]byte("policy: {distribution: keep, pin: true, when: vulnerable, urgent: high, block_introduced: unknown, agreement: first}"))
	if err != nil {
		t.Fatal(err)
	}
	want := config.Policy{
		Update: config.UpdateMajor, Distribution: config.DistributionKeep, When: config.WhenVulnerable,
		Urgent: config.SeverityHigh, BlockIntroduced: config.SeverityUnknown, Agreement: config.AgreementFirst,
	}
	if diff := cmp.Diff(want, repository.Narrow(operator)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNarrowPullRequests(t *testing.T) {
	t.Parallel()
	operator := config.Default().PullRequests
	operator.Automerge = true
	for text, change := range map[string]func(*config.PullRequests){
		"":                                    func(*config.PullRequests) {},
		"{limit: 100, automerge: true}":       func(*config.PullRequests) {},
		"{limit: 2, automerge: false}":        func(p *config.PullRequests) { p.Limit, p.Automerge = 2, false },
		"{labels: [], reviewers: [acme/ops]}": func(p *config.PullRequests) { p.Labels, p.Reviewers = []string{}, []string{"acme/ops"} },
		"{assignees: [ann], draft: true, rebase: behind, commit_prefix: \"build(deps): \", sign_off: true, merge_method: squash}": func(p *config.PullRequests) {
			p.Assignees, p.Draft, p.Rebase, p.CommitPrefix = []string{"ann"}, true, config.RebaseBehind, "build(deps): "
			p.SignOff, p.MergeMethod = true, "squash"
		},
		"{dashboard: true}":   func(p *config.PullRequests) { p.Dashboard = true },
		"{group: repository}": func(p *config.PullRequests) { p.Group = config.GroupRepository },
	} {
		repository, err := config.ParseRepository("r.yaml", []byte("pull_requests: "+text))
		if err != nil {
			t.Fatal(err)
		}
		want := operator
		change(&want)
		if diff := cmp.Diff(want, repository.NarrowPullRequests(operator)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestUpdateAllows(t *testing.T) {
	t.Parallel()
	if !config.UpdateMinor.Allows(config.UpdatePatch) || !config.UpdateMinor.Allows(config.UpdateMinor) || config.UpdateMinor.Allows(config.UpdateMajor) {
		t.Error("minor allows patch and minor, not major")
	}
}
