package bot

import (
	"context"
	"errors"
	"time"

	"github.com/basebump/basebump/resolver"
	"github.com/basebump/basebump/scan"
)

// File is one regular file of a repository at one commit.
type File struct {
	Path string // slash-separated, relative to the root, cleaned
	Size int64
	ID   string // content identity (a Git blob id); empty where the source has none
}

// Source reads one repository as of one commit, or one folder.
type Source interface {
	// Files lists the regular files, ordered by path; links and submodules are left out.
	Files(ctx context.Context) ([]File, error)
	// Read returns a file's bytes. It may be called concurrently.
	Read(ctx context.Context, file File) ([]byte, error)
}

// Resolver says what registries serve. Errors are classified by package fault. Safe for concurrent use.
type Resolver interface {
	// Digest returns what the tag answers now: an index digest where there is an index.
	Digest(ctx context.Context, image, tag string) (string, error)
	// Describe returns the platforms, age and labels of a digest.
	Describe(ctx context.Context, image, digest string) (resolver.Image, error)
	// Outline returns the platforms of an index alone, for less; a manifest that is no index is one platform without a name.
	Outline(ctx context.Context, image, digest string) (resolver.Image, error)
	// Tags lists the tags that an image has. Tags that begin with none of the prefixes may be some hours old; without any, all are new.
	Tags(ctx context.Context, image string, prefixes ...string) (resolver.TagList, error)
}

// Signatures says who signed an image. Errors are classified by package fault. Safe for concurrent use.
type Signatures interface {
	// Signing returns what is known of a digest's signatures; an error means that nothing is.
	Signing(ctx context.Context, image, digest string) (scan.Signing, error)
}

// Repository is one watched repository.
type Repository struct {
	Owner, Name   string
	DefaultBranch string
	Head          string // commit id of the default branch
}

func (r Repository) String() string { return r.Owner + "/" + r.Name }

// Fleet is the set of watched repositories.
type Fleet interface {
	// Repositories lists what is watched and granted, archived and empty ones left out. Where a part cannot be read, the error names
	// it and the list holds the rest.
	Repositories(ctx context.Context) ([]Repository, error)
	// Source reads the repository at repo.Head.
	Source(repo Repository) Source
}

// Forge is where pull requests live.
type Forge interface {
	Proposals
	Keeper
	// Subjects returns the first lines of the newest commits of the default branch, newest first, merges left out.
	Subjects(ctx context.Context, repo Repository) ([]string, error)
}

// Proposals reads and writes proposals.
type Proposals interface {
	// Open lists our open proposals: those whose branch lies in the repository itself and begins with prefix.
	Open(ctx context.Context, repo Repository, prefix string) ([]Proposal, error)
	// History lists the proposals whose branch is the given one: the open one first, then the newest first.
	History(ctx context.Context, repo Repository, branch string) ([]Proposal, error)
	// Look says what the proposal's branch holds, and where its pull request stands when it is open.
	Look(ctx context.Context, repo Repository, proposal Proposal) (Tip, error)
	// Propose opens a pull request for the change, or brings the open one up to date. It returns ErrForeignCommit when somebody else
	// has moved the branch since it was looked at.
	Propose(ctx context.Context, repo Repository, change Change, ground Ground) (Proposal, error)
	// Close closes an open proposal with a comment that says why. It deletes the branch, if that stands still where the proposal says;
	// of one that is not open it only does that.
	Close(ctx context.Context, repo Repository, proposal Proposal, why string) error
}

// Keeper does for an open proposal what it needs besides.
type Keeper interface {
	// Warn says once in a comment that somebody else's commits, of which proposal.Head is the last, stop us.
	Warn(ctx context.Context, repo Repository, proposal Proposal, text string) error
	// Merge merges a proposal that stands at our commit as soon as the forge lets it and every check is green, now or by itself later.
	// The text says how far that is; it is for people.
	Merge(ctx context.Context, repo Repository, proposal Proposal, method string) (merged bool, text string, err error)
	// Stay takes back what Merge left to the forge.
	Stay(ctx context.Context, repo Repository, proposal Proposal) error
}

var (
	// ErrForeignCommit says that a person has pushed to a proposal's branch, so that we leave it alone.
	ErrForeignCommit = errors.New("somebody else has pushed to the branch")
	// ErrArchived says that the repository takes no changes any more.
	ErrArchived = errors.New("the repository was archived meanwhile")
)

// Change is what a pull request asks for.
type Change struct {
	Branch    string
	Title     string
	Body      string            // Markdown, within the forge's limit
	Message   string            // of the commit
	SignOff   bool              // the commit carries a Signed-off-by line of ours
	Style     string            // what Title and Message were written in; see Style
	Files     map[string][]byte // path → new bytes; modes are kept
	Key       string            // identifies the candidate; a closed proposal with the same key is a "no" to it
	Check     *Check            // shown beside the commit; nil: none. A forge that has no such thing leaves it out
	Labels    []string          // these four are for a new pull request; failing to set one is no error
	Assignees []string
	Reviewers []string // people, and teams as ORG/TEAM
	Draft     bool
}

// Check is a verdict with its reasons, in Markdown.
type Check struct {
	Passed      bool
	Title       string
	Summary     string
	Text        string // the details; what the forge cannot take is cut off
	Annotations []Annotation
}

// Annotation is a remark on one line of a changed file.
type Annotation struct {
	Path           string
	Line           int
	Title, Message string // plain text
}

// Tip is what stands on a branch.
type Tip struct {
	Holder Holder
	Head   string // "" when there is no branch
	Base   string // the commit that it stands on, where the forge was asked
	Tree   string // of the head, where the forge was asked
	Stale  bool   // the pull request conflicts with its base, or the repository wants it to be brought up to date
}

// Ground is what a proposal is made on.
type Ground struct {
	Last *Proposal // the open proposal to be brought up to date; nil: one is opened
	Tip  Tip       // what the branch holds; nothing else is overwritten
	Keep bool      // the branch stays where it is: only words and check change
	Anew bool      // the check is shown again even if it says the same
}

// State is where a proposal stands.
type State string

const (
	None   State = "" // there is none
	Open   State = "open"
	Merged State = "merged"
	Closed State = "closed" // without a merge: somebody said no
)

// Proposal is a bump's branch and pull request.
type Proposal struct {
	Number  int
	Branch  string
	Title   string
	Body    string
	URL     string
	State   State
	Updated time.Time // when anything about it changed last, comments too; zero where the forge does not say
	Key     string    // of the change that it shows; see Change.Key; empty when we closed it ourselves, which is no "no"
	Head    string    // commit id of the branch
	Base    string    // commit id that the change stands on
	Onto    string    // the branch that it asks to be merged into
	Mark    Mark      // what we last wrote
	Merges  bool      // the forge merges it by itself once it may, since we asked for that
	Note    string    // what could not be set just now and does no harm, for people
}

// Store remembers across cycles. Safe for concurrent use.
type Store interface {
	Ledger
	// SaveResult keeps what a cycle did for one repository, all or nothing: the last plan, what became of each group of bumps, and the
	// newest state of each proposal. Of a result with an error it keeps what is known; an older plan stays.
	SaveResult(ctx context.Context, result Result, now time.Time) error
	Memory
}

// Memory is the part of the store that proposing needs. It is a hint: what it does not know is found when next something is wanted, and
// never makes a wrong proposal.
type Memory interface {
	// Remembered returns the proposals of a repository that were open when it was last looked at, and how many were in the other
	// repositories of the same owner.
	Remembered(ctx context.Context, repo Repository) (open []Proposal, elsewhere int, err error)
}

// Ledger is the part of the store that planning needs.
type Ledger interface {
	// Seen records that an image digest was observed at now and returns when it was observed first.
	Seen(ctx context.Context, image, digest string, now time.Time) (first time.Time, err error)
}
