package config

// PullRequests says how updates are proposed.
type PullRequests struct {
	BranchPrefix string      `yaml:"branch_prefix" doc:"What the names of basebump's branches begin with."`
	Limit        int         `yaml:"limit" min:"1" max:"1000" doc:"Open at once, per repository."`
	LimitTotal   int         `yaml:"limit_total" min:"0" max:"100000" doc:"Open at once in all repositories of one owner; 0: no bound but that of each repository."`
	Labels       []string    `yaml:"labels" doc:"Labels to set."`
	Reviewers    []string    `yaml:"reviewers" doc:"People (LOGIN) and teams (ORG/TEAM) to ask for a review. GitHub asks those in CODEOWNERS by itself."`
	Assignees    []string    `yaml:"assignees" doc:"People (LOGIN) to assign."`
	Draft        bool        `yaml:"draft" doc:"Open as a draft, where GitHub has these."`
	Group        Group       `yaml:"group" doc:"One pull request per image, or one per repository."`
	Rebase       Rebase      `yaml:"rebase" doc:"When the commit is made anew on a base that moved on. needed: when it conflicts, when a file that it changes has changed, or when the repository wants branches up to date; behind: at every move."`
	CommitPrefix string      `yaml:"commit_prefix" doc:"What titles and commit messages begin with. auto: as the repository's commits do; conventional: fix(docker): or chore(docker): ; plain: nothing; else this text, such as build(deps): ."`
	SignOff      bool        `yaml:"sign_off" doc:"End commit messages with Signed-off-by."`
	Automerge    bool        `yaml:"automerge" doc:"Merge by itself what was verified by scans, once GitHub lets it and every check is green."`
	MergeMethod  MergeMethod `yaml:"merge_method" doc:"How automerge merges; auto: the first of merge, squash and rebase that the repository allows."`
	Dashboard    bool        `yaml:"dashboard" doc:"Keep an issue that lists every image, what waits and why."`
	Coexist      bool        `yaml:"coexist" doc:"Propose where Renovate or Dependabot looks after images, too. Else a repository of theirs needs a .github/basebump.yaml first."`
}

// Group says what shares a pull request.
type Group string

// The groupings.
const (
	GroupImage      Group = "image"
	GroupRepository Group = "repository"
)

func (Group) values() []string { return []string{"image", "repository"} }

// Rebase says when a commit is made anew because its base moved on.
type Rebase string

// From seldom to often.
const (
	RebaseNeeded Rebase = "needed"
	RebaseBehind Rebase = "behind"
)

func (Rebase) values() []string { return []string{"needed", "behind"} }

// MergeMethod is GitHub's name of a way to merge, or auto.
type MergeMethod string

// MergeAuto is the first way that the repository allows.
const MergeAuto MergeMethod = "auto"

func (MergeMethod) values() []string { return []string{"auto", "merge", "squash", "rebase"} }

// The commit prefixes that are no text of their own.
const (
	PrefixAuto         = "auto"
	PrefixConventional = "conventional"
	PrefixPlain        = "plain"
)
