package githubtest

import (
	"errors"
	"fmt"

	"github.com/go-git/go-git/v5/plumbing"
)

var (
	errRepositoryName = errors.New("a repository is named owner/name")
	errTaken          = errors.New("the name is taken")
	errNoBranch       = errors.New("no such branch")
	errNoCommit       = errors.New("no such commit")
)

// Name is the repository's present full name.
func (r *Repo) Name() string {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	return r.repo.fullName()
}

// Push commits files onto a branch as a person does from outside, unsigned, and returns the commit's id. A new branch starts at the
// default branch.
func (r *Repo) Push(branch, login, message string, files Files) (string, error) {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	id, err := r.server.commitFiles(r.repo, branch, r.server.account(login), message, files, false)
	if err != nil {
		return "", fmt.Errorf("push to %s of %s: %w", branch, r.repo.fullName(), err)
	}
	return id.String(), nil
}

// ForcePush puts a branch on any commit, given by its id or as a branch, whatever gets lost.
func (r *Repo) ForcePush(branch, login, target string) error {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	commit, err := r.repo.git.resolve(target)
	if err != nil {
		return fmt.Errorf("push %s to %s of %s: %w", target, branch, r.repo.fullName(), errNoCommit)
	}
	return r.server.move(r.repo, plumbing.NewBranchReferenceName(branch), commit.Hash, r.server.account(login))
}

// DeleteBranch deletes a branch, as a person does.
func (r *Repo) DeleteBranch(branch, login string) error {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	if _, ok := r.repo.git.head(branch); !ok {
		return fmt.Errorf("delete %s of %s: %w", branch, r.repo.fullName(), errNoBranch)
	}
	return r.server.move(r.repo, plumbing.NewBranchReferenceName(branch), plumbing.ZeroHash, r.server.account(login))
}

// Protect puts rules on a branch, or takes them away when they are nil.
func (r *Repo) Protect(branch string, rules *Protection) {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	delete(r.repo.protected, branch)
	if rules != nil {
		r.repo.protected[branch] = *rules
	}
}

// SetDefaultBranch makes another branch the default one.
func (r *Repo) SetDefaultBranch(branch, login string) error {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	if _, ok := r.repo.git.head(branch); !ok {
		return fmt.Errorf("make %s the default branch of %s: %w", branch, r.repo.fullName(), errNoBranch)
	}
	changes := object{"default_branch": object{"from": r.repo.defaultBranch}}
	r.repo.defaultBranch = branch
	r.server.emit("repository", "edited", r.repo, r.server.account(login), func(view) object { return object{"changes": changes} })
	return nil
}
