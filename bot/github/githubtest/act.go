package githubtest

import (
	"errors"
	"fmt"

	"github.com/go-git/go-git/v5/plumbing"
	gitobject "github.com/go-git/go-git/v5/plumbing/object"
)

var (
	errNoPull      = errors.New("no such pull request")
	errMergeState  = errors.New("it is not open, or has conflicts")
	errMissingBase = errors.New("its base branch is gone")
)

// Merge merges an open pull request with a merge commit, as a person does with the button.
func (r *Repo) Merge(number int, login string) error {
	return r.act("merge", number, func(i *issue) error {
		_, err := r.server.merge(r.repo, i, r.server.account(login), "")
		return err
	})
}

// ClosePull closes a pull request without merging it.
func (r *Repo) ClosePull(number int, login string) error {
	return r.act("close", number, func(i *issue) error {
		if i.open() {
			r.server.closePull(r.repo, i, r.server.account(login))
		}
		return nil
	})
}

// ReopenPull opens a closed pull request again.
func (r *Repo) ReopenPull(number int, login string) error {
	return r.act("reopen", number, func(i *issue) error { return r.server.reopenPull(r.repo, i, r.server.account(login)) })
}

// Comment comments on a pull request and returns the comment's id.
func (r *Repo) Comment(number int, login, body string) (id int64, err error) {
	err = r.act("comment on", number, func(i *issue) error {
		id = r.server.newComment(r.repo, i, r.server.account(login), body).id
		return nil
	})
	return id, err
}

func (r *Repo) act(verb string, number int, do func(*issue) error) error {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	i := r.repo.issueAt(int64(number))
	if i == nil || i.pull == nil {
		return fmt.Errorf("%s %s#%d: %w", verb, r.repo.fullName(), number, errNoPull)
	}
	if err := do(i); err != nil {
		return fmt.Errorf("%s %s#%d: %w", verb, r.repo.fullName(), number, err)
	}
	return nil
}

// merge makes the merge commit, signed by GitHub, and moves the base branch onto it.
func (s *Server) merge(repo *repository, i *issue, by *account, message string) (plumbing.Hash, error) {
	baseID, ok := repo.git.head(i.pull.base)
	if !ok {
		return plumbing.ZeroHash, errMissingBase
	}
	base, err := repo.git.commit(baseID)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	head, err := repo.git.commit(i.pull.headID)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	tree, conflicts, err := repo.git.merge(base, head)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	if !i.open() || len(conflicts) > 0 {
		return plumbing.ZeroHash, errMergeState
	}
	if message == "" {
		message = fmt.Sprintf("Merge pull request #%d from %s/%s\n\n%s", i.number, repo.owner.login, i.pull.head, i.title)
	}
	commit := &gitobject.Commit{Author: signer(by, s.now()), Message: message, TreeHash: tree, ParentHashes: []plumbing.Hash{baseID, head.Hash}}
	signed(commit, s.now())
	id, err := repo.git.put(commit)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	s.markMerged(repo, i, id, by)
	return id, s.move(repo, plumbing.NewBranchReferenceName(i.pull.base), id, by)
}
