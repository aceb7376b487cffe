package githubtest

import (
	"errors"
	"fmt"
)

var (
	errNoPull  = errors.New("no such pull request")
	errNoIssue = errors.New("no such issue")
)

// Merge merges an open pull request with a merge commit, as a person does with the button.
func (r *Repo) Merge(number int, login string) error {
	return r.onPull("merge", number, func(i *issue) error {
		_, err := r.server.merge(r.repo, i, r.server.account(login), mergeRequest{})
		return err
	})
}

// UpdateBranch merges the base into a pull request's branch, as a person does with the button.
func (r *Repo) UpdateBranch(number int, login string) error {
	return r.onPull("update the branch of", number, func(i *issue) error {
		return r.server.bringUpToDate(r.repo, i, r.server.account(login))
	})
}

// ClosePull closes a pull request without merging it.
func (r *Repo) ClosePull(number int, login string) error {
	return r.onPull("close", number, func(i *issue) error {
		r.server.setClosed(r.repo, i, r.server.account(login))
		return nil
	})
}

// ReopenPull opens a closed pull request again.
func (r *Repo) ReopenPull(number int, login string) error {
	return r.onPull("reopen", number, func(i *issue) error { return r.server.reopenPull(r.repo, i, r.server.account(login)) })
}

// OpenPull asks for a branch to be merged, as a person or another bot does, and returns the number.
func (r *Repo) OpenPull(login, head, base, title, body string) (int, error) {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	i, err := r.server.openPull(r.repo, r.server.account(login), pullRequest{Head: head, Base: base, Title: &title, Body: &body})
	if err != nil {
		return 0, fmt.Errorf("open a pull request from %s in %s: %w", head, r.repo.fullName(), err)
	}
	return i.number, nil
}

// OpenIssue opens an issue and returns its number.
func (r *Repo) OpenIssue(login, title, body string) int {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	i := r.server.newIssue(r.repo, title, body, r.server.account(login))
	r.server.emitThread("opened", r.repo, i, i.user, nil)
	return i.number
}

// EditBody changes the body of an issue or pull request, as ticking a box does.
func (r *Repo) EditBody(number int, login, body string) error {
	return r.onThread("edit", number, func(i *issue) error {
		r.server.edit(r.repo, i, r.server.account(login), nil, &body)
		return nil
	})
}

// Comment comments on an issue or pull request and returns the comment's id.
func (r *Repo) Comment(number int, login, body string) (id int64, err error) {
	err = r.onThread("comment on", number, func(i *issue) error {
		id = r.server.newComment(r.repo, i, r.server.account(login), body).id
		return nil
	})
	return id, err
}

// SetLabels makes these the labels of an issue or pull request.
func (r *Repo) SetLabels(number int, login string, labels ...string) error {
	return r.onThread("label", number, func(i *issue) error {
		r.server.relabel(r.repo, i, r.server.account(login), labels)
		return nil
	})
}

// SetLocked locks the conversation of an issue or pull request, or unlocks it.
func (r *Repo) SetLocked(number int, login string, locked bool) error {
	return r.onThread("lock", number, func(i *issue) error {
		if locked {
			r.server.lock(r.repo, i, r.server.account(login), "")
		} else {
			r.server.unlock(r.repo, i, r.server.account(login))
		}
		return nil
	})
}

func (r *Repo) onThread(verb string, number int, do func(*issue) error) error {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	err := errNoIssue
	if i := r.repo.issueAt(int64(number)); i != nil {
		err = do(i)
	}
	if err != nil {
		return fmt.Errorf("%s %s#%d: %w", verb, r.repo.fullName(), number, err)
	}
	return nil
}

func (r *Repo) onPull(verb string, number int, do func(*issue) error) error {
	return r.onThread(verb, number, func(i *issue) error {
		if i.pull == nil {
			return errNoPull
		}
		return do(i)
	})
}
