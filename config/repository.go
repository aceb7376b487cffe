package config

import (
	"cmp"
	"reflect"
)

// RepositoryFile is where a repository keeps its own configuration.
const RepositoryFile = ".github/basebump.yaml"

// Repository is what a repository's maintainers set. Zero values were not given: the operator's hold.
type Repository struct {
	Schedule     Schedule               `yaml:"schedule" doc:"Look after this repository only when this is due, at the operator's next cycle."`
	Paths        Patterns               `yaml:"paths" doc:"Which files to look at; a leading ! excludes. Empty: all."`
	Ignore       []Ignore               `yaml:"ignore" doc:"Images to leave alone, and vulnerabilities that are no reason for an update. What an update introduces counts all the same."`
	Policy       RepositoryPolicy       `yaml:"policy" doc:"Narrows the operator's policy."`
	PullRequests RepositoryPullRequests `yaml:"pull_requests" doc:"How updates are proposed here."`
	Patterns     []ImagePattern         `yaml:"patterns" doc:"Files of kinds that basebump does not know, and what in them names an image; besides the operator's."`
}

// RepositoryPolicy narrows a Policy.
type RepositoryPolicy struct {
	Update          Update       `yaml:"update" doc:"How far a tag may move; no further than the operator allows."`
	Distribution    Distribution `yaml:"distribution" doc:"keep: stay on the release of the distribution, even where the operator allows another."`
	Pin             *bool        `yaml:"pin" doc:"false: leave references without a digest alone."`
	When            When         `yaml:"when" doc:"vulnerable: propose only what fixes something."`
	MinAge          Duration     `yaml:"min_age" doc:"How old an image must be; at least what the operator wants."`
	Urgent          Severity     `yaml:"urgent" doc:"From which severity a fix is not held back by min_age; no lower than the operator's."`
	BlockIntroduced Severity     `yaml:"block_introduced" doc:"Refuse what introduces a vulnerability of this severity or above; no higher than the operator's."`
	UrgentEPSS      Share        `yaml:"urgent_epss" doc:"From which probability of being exploited (EPSS) a fix is not held back by min_age; no lower than the operator's."`
	MaxSeverity     Severity     `yaml:"max_severity" doc:"Refuse an image that holds a vulnerability of this severity or above at all; no higher than the operator's."`
	MaxGrowth       Growth       `yaml:"max_growth" doc:"Refuse an image that is larger than today's by more than this (20% or 50MiB); beside the operator's bound."`
	EndOfLife       EndOfLife    `yaml:"end_of_life" doc:"refuse: refuse every image whose operating system is past its end of life."`
	Agreement       Agreement    `yaml:"agreement" doc:"Whose verdict counts among several scanners; no wider than the operator's: all is narrower than first, and first than any."`
}

// RepositoryPullRequests adjusts PullRequests.
type RepositoryPullRequests struct {
	Limit        int         `yaml:"limit" min:"1" max:"1000" doc:"Open at once; no more than the operator allows."`
	Labels       []string    `yaml:"labels" doc:"Labels to set instead of the operator's."`
	Reviewers    []string    `yaml:"reviewers" doc:"People (LOGIN) and teams (ORG/TEAM) to ask instead of the operator's."`
	Assignees    []string    `yaml:"assignees" doc:"People (LOGIN) to assign instead of the operator's."`
	Draft        *bool       `yaml:"draft" doc:"Whether to open drafts."`
	Group        Group       `yaml:"group" doc:"One pull request per image, or one per repository."`
	Rebase       Rebase      `yaml:"rebase" doc:"When the commit is made anew on a base that moved on: needed, or behind for at every move."`
	CommitPrefix string      `yaml:"commit_prefix" doc:"What titles and commit messages begin with: auto, conventional, plain, or a text."`
	SignOff      *bool       `yaml:"sign_off" doc:"Whether commit messages end with Signed-off-by."`
	Automerge    *bool       `yaml:"automerge" doc:"false: never merge by itself."`
	MergeMethod  MergeMethod `yaml:"merge_method" doc:"How automerge merges."`
	Dashboard    *bool       `yaml:"dashboard" doc:"Whether to keep an issue that lists every image, what waits and why; whatever the operator says."`
}

// ParseRepository reads a repository's configuration. The path is for messages only; nothing is opened. The error is an *Invalid.
func ParseRepository(path string, data []byte) (Repository, error) {
	d := newDecoder(path, nil)
	var r Repository
	d.document(data, place{}, reflect.ValueOf(&r).Elem())
	d.check("pull_requests", func(d *decoder) { validateCommitPrefix(d, r.PullRequests.CommitPrefix) })
	d.check("ignore", func(d *decoder) { validateIgnores(d, "ignore", r.Ignore) })
	d.check("patterns", func(d *decoder) { validateImagePatterns(d, r.Patterns) })
	if err := invalid(d.problems); err != nil {
		return Repository{}, err
	}
	return r, nil
}

// Narrow applies the repository's policy to the operator's: of every setting the stricter one holds, so that nothing that a repository
// says makes basebump do or accept more than the operator allows. Repository.Ignore is no part of it.
func (r Repository) Narrow(policy Policy) Policy {
	own := r.Policy
	policy.Update = narrowest(policy.Update, own.Update)
	policy.Distribution = narrowest(policy.Distribution, own.Distribution)
	policy.Pin = policy.Pin && isNotFalse(own.Pin)
	policy.When = narrowest(policy.When, own.When)
	policy.MinAge = max(policy.MinAge, own.MinAge)
	if rank(own.Urgent) > rank(policy.Urgent) { // waive the age for less
		policy.Urgent = own.Urgent
	}
	if policy.UrgentEPSS > 0 {
		policy.UrgentEPSS = max(policy.UrgentEPSS, own.UrgentEPSS)
	}
	policy.MaxSeverity = narrowest(policy.MaxSeverity, own.MaxSeverity)
	policy.MaxGrowth = policy.MaxGrowth.narrow(own.MaxGrowth)
	policy.EndOfLife = narrowest(policy.EndOfLife, own.EndOfLife)
	policy.Agreement = narrowest(policy.Agreement, own.Agreement)
	policy.BlockIntroduced = narrowest(policy.BlockIntroduced, own.BlockIntroduced)
	return policy
}

// NarrowPullRequests applies the repository's manners to the operator's: no more at once, no merging that the operator did not allow.
func (r Repository) NarrowPullRequests(pulls PullRequests) PullRequests {
	own := r.PullRequests
	if own.Limit > 0 {
		pulls.Limit = min(pulls.Limit, own.Limit)
	}
	if own.Labels != nil {
		pulls.Labels = own.Labels
	}
	if own.Reviewers != nil {
		pulls.Reviewers = own.Reviewers
	}
	if own.Assignees != nil {
		pulls.Assignees = own.Assignees
	}
	pulls.Draft, pulls.SignOff = given(own.Draft, pulls.Draft), given(own.SignOff, pulls.SignOff)
	pulls.Group = cmp.Or(own.Group, pulls.Group)
	pulls.Rebase = cmp.Or(own.Rebase, pulls.Rebase)
	pulls.CommitPrefix = cmp.Or(own.CommitPrefix, pulls.CommitPrefix)
	pulls.MergeMethod = cmp.Or(own.MergeMethod, pulls.MergeMethod)
	pulls.Automerge = pulls.Automerge && isNotFalse(own.Automerge)
	pulls.Dashboard = given(own.Dashboard, pulls.Dashboard)
	return pulls
}

// given returns the setting, or the other one where it was not given.
func given(setting *bool, other bool) bool {
	if setting == nil {
		return other
	}
	return *setting
}

func isNotFalse(setting *bool) bool { return setting == nil || *setting }
