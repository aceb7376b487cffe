package gitrepo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/config"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/transport"
	"golang.org/x/crypto/ssh/knownhosts"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/config/fault"
)

var (
	_ bot.Fleet = (*Remote)(nil)
	_ bot.Forge = (*Remote)(nil)
)

// Remote is one repository on any Git server. What is proposed for it are branches: no pull request is opened, for Git has none.
//
// It keeps a bare copy in a folder and works on objects alone: there is no work tree, and no program is run. Methods may be called
// concurrently; they take turns.
type Remote struct {
	options RemoteOptions
	name    bot.Repository // owner and name as the address has them

	mu     sync.Mutex
	repo   *git.Repository
	heads  map[string]plumbing.Hash // the branches there, as of the last look
	branch string                   // the one that is looked after
}

// RemoteOptions says where a repository is and as whom we work there.
type RemoteOptions struct {
	URL    string // https://HOST/PATH, http://…, ssh://USER@HOST/PATH, or USER@HOST:PATH
	Branch string // to look after; empty: the one that the server's HEAD names
	Folder string // for the copies of all remotes
	Auth   transport.AuthMethod
	Author Identity
	Sign   Signer // nil: commits are not signed
	Now    func() time.Time
}

// Identity is who commits.
type Identity struct{ Name, Email string }

// NewRemote asks nothing yet. The error is about the options.
func NewRemote(options RemoteOptions) (*Remote, error) {
	endpoint, err := transport.NewEndpoint(options.URL)
	if err != nil || endpoint.Protocol == "file" {
		return nil, &fault.Error{
			Op: "read address of", Target: bare(options.URL), Class: fault.Permanent, Err: errors.New("it is no address of a Git server"),
			Hint: "write https://HOST/PATH or ssh://USER@HOST/PATH; for a folder there is `basebump apply`",
		}
	}
	owner, name := path.Split(strings.TrimSuffix(strings.Trim(endpoint.Path, "/"), ".git"))
	return &Remote{options: options, name: bot.Repository{Owner: strings.Trim(endpoint.Host+"/"+strings.Trim(owner, "/"), "/"), Name: name}}, nil
}

// Name is how people name the repository: HOST/OWNER/NAME.
func (r *Remote) Name() string { return r.name.String() }

// Repositories implements bot.Fleet: the one repository, at what its branch shows now. It costs one request when nothing moved.
func (r *Remote) Repositories(ctx context.Context) ([]bot.Repository, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	branch, err := r.look(ctx)
	if err != nil {
		return nil, err
	}
	r.branch = branch
	head, ok := r.heads[branch]
	if !ok {
		return nil, &fault.Error{Op: "read branch " + branch + " of", Target: r.target(), Class: fault.NotFound, Err: errors.New("there is no such branch")}
	}
	if err := r.fetch(ctx, branch); err != nil {
		return nil, err
	}
	repo := r.name
	repo.DefaultBranch, repo.Head = branch, head.String()
	return []bot.Repository{repo}, nil
}

// look lists the server's branches and returns the name of the one to look after.
func (r *Remote) look(ctx context.Context) (branch string, err error) {
	if err := r.open(); err != nil {
		return "", r.failed("open the copy of", err)
	}
	origin, err := r.repo.Remote(git.DefaultRemoteName)
	if err != nil {
		return "", r.failed("open the copy of", err)
	}
	refs, err := origin.ListContext(ctx, &git.ListOptions{Auth: r.options.Auth})
	if err != nil {
		return "", r.failed("list branches of", err)
	}
	r.heads = map[string]plumbing.Hash{}
	branch = r.options.Branch
	for _, ref := range refs {
		switch {
		case ref.Name() == plumbing.HEAD && branch == "":
			branch = ref.Target().Short()
		case ref.Name().IsBranch() && ref.Type() == plumbing.HashReference:
			r.heads[ref.Name().Short()] = ref.Hash()
		}
	}
	return branch, nil
}

// open opens the copy, which is made with the first look. A copy of another address is another folder.
func (r *Remote) open() error {
	if r.repo != nil {
		return nil
	}
	sum := sha256.Sum256([]byte(r.options.URL))
	folder := filepath.Join(r.options.Folder, hex.EncodeToString(sum[:8])+".git")
	repo, err := git.PlainOpen(folder)
	if errors.Is(err, git.ErrRepositoryNotExists) {
		if err := os.MkdirAll(r.options.Folder, 0o700); err != nil {
			return err
		}
		if repo, err = git.PlainInit(folder, true); err != nil {
			return err
		}
		_, err = repo.CreateRemote(&config.RemoteConfig{Name: git.DefaultRemoteName, URLs: []string{r.options.URL}})
	}
	r.repo = repo
	return err
}

// fetch brings in the commits of branches, as far as they are not here.
func (r *Remote) fetch(ctx context.Context, branches ...string) error {
	var specs []config.RefSpec
	for _, branch := range branches {
		if known, err := r.repo.Reference(tracking(branch), true); err == nil && known.Hash() == r.heads[branch] {
			continue
		}
		specs = append(specs, config.RefSpec(fmt.Sprintf("+%s:%s", plumbing.NewBranchReferenceName(branch), tracking(branch))))
	}
	if len(specs) == 0 {
		return nil
	}
	err := r.repo.FetchContext(ctx, &git.FetchOptions{RefSpecs: specs, Auth: r.options.Auth, Tags: git.NoTags, Force: true})
	if err != nil && !errors.Is(err, git.NoErrAlreadyUpToDate) {
		return r.failed("fetch", err)
	}
	return nil
}

func tracking(branch string) plumbing.ReferenceName {
	return plumbing.NewRemoteReferenceName(git.DefaultRemoteName, branch)
}

// target names the repository for people, without credentials.
func (r *Remote) target() string { return bare(r.options.URL) }

// bare is an address without a password.
func bare(address string) string {
	parsed, err := url.Parse(address)
	if err != nil || parsed.User == nil {
		return address
	}
	parsed.User = url.User(parsed.User.Username())
	return parsed.String()
}

// failed classifies what Git servers and the copy answer.
func (r *Remote) failed(op string, err error) error {
	class, hint := fault.Retry, ""
	_, stranger := errors.AsType[*knownhosts.KeyError](err)
	switch {
	case stranger:
		class, hint = fault.Auth, "compare the host's key with what its owner says, and add it to known_hosts"
	case errors.Is(err, transport.ErrAuthenticationRequired), errors.Is(err, transport.ErrAuthorizationFailed):
		class, hint = fault.Auth, "check the credentials under git"
	case errors.Is(err, transport.ErrRepositoryNotFound):
		class, hint = fault.NotFound, "check the address, and that the credentials may read it"
	case errors.Is(err, transport.ErrEmptyRemoteRepository), errors.Is(err, plumbing.ErrObjectNotFound):
		class = fault.Permanent
	}
	return &fault.Error{Op: op, Target: r.target(), Class: class, Hint: hint, Err: err}
}
