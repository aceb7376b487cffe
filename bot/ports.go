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
	// Open lists our open proposals: those whose branch lies in the repository itself and begins with prefix.
	Open(ctx context.Context, repo Repository, prefix string) ([]Proposal, error)
	// Find returns the proposal whose branch is the given one: the open one, else the newest; nil when there is none.
	Find(ctx context.Context, repo Repository, branch string) (*Proposal, error)
	// Propose makes the branch hold exactly the change on top of repo.Head and opens or refreshes its pull request. When all of
	// that is so already it writes nothing. It returns ErrForeignCommit when somebody else pushed to the branch.
	Propose(ctx context.Context, repo Repository, change Change) (Proposal, error)
	// Close closes an open proposal with a comment that says why and deletes its branch. It returns ErrForeignCommit, and does
	// neither, when somebody else pushed to the branch.
	Close(ctx context.Context, repo Repository, proposal Proposal, why string) error
}

// ErrForeignCommit says that a person has pushed to a proposal's branch, so that we leave it alone.
var ErrForeignCommit = errors.New("somebody else has pushed to the branch")

// Change is what a pull request asks for.
type Change struct {
	Branch  string
	Title   string
	Body    string            // Markdown, within the forge's limit
	Message string            // of the commit
	Labels  []string          // set on the pull request; failing to is no error
	Files   map[string][]byte // path → new bytes; modes are kept
	Key     string            // identifies the candidate; a closed proposal with the same key is a "no" to it
	Check   *Check            // shown beside the commit; nil: none. A forge that has no such thing leaves it out
}

// Check is a verdict with its reasons, in Markdown.
type Check struct {
	Passed  bool
	Title   string
	Summary string
	Text    string // the details; what the forge cannot take is cut off
}

// State is where a proposal stands.
type State string

const (
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
}

// Store remembers across cycles. Safe for concurrent use.
type Store interface {
	Ledger
	// SaveResult keeps what a cycle did for one repository, all or nothing: the last plan, what became of each group of bumps, and the
	// newest state of each proposal. Of a result with an error it keeps what is known; an older plan stays.
	SaveResult(ctx context.Context, result Result, now time.Time) error
}

// Ledger is the part of the store that planning needs.
type Ledger interface {
	// Seen records that an image digest was observed at now and returns when it was observed first.
	Seen(ctx context.Context, image, digest string, now time.Time) (first time.Time, err error)
}
