package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	gh "github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/config/fault"
)

// push makes the branch hold the change on top of the repository's head, and nothing else, by one move of its ref. Everything before
// that is invisible; if something fails, the branch is as it was.
func (l link) push(ctx context.Context, change bot.Change, last *pull) (id string, err error) {
	head, err := l.branch(ctx, change.Branch)
	if err != nil {
		return "", err
	}
	tip, err := l.tip(ctx, change.Branch, head, last)
	if err != nil {
		return "", err
	}
	if id, err = l.commit(ctx, change, tip); err != nil || id == head {
		return id, err
	}
	return id, l.move(ctx, change.Branch, head, id)
}

// branch returns the branch's head, "" when there is no such branch.
func (l link) branch(ctx context.Context, name string) (string, error) {
	ref, _, err := l.read.Git.GetRef(ctx, l.repo.Owner, l.repo.Name, "heads/"+name)
	if status(err) == http.StatusNotFound {
		return "", nil
	}
	if err != nil {
		return "", l.failed("read branch "+name+" of", err)
	}
	return ref.GetObject().GetSHA(), nil
}

// tip returns the commit that the branch stands at, nil where there is none or nothing of it is worth keeping. When somebody else
// made it, the branch is theirs. What was merged is safe in any case.
func (l link) tip(ctx context.Context, branch, head string, last *pull) (*gh.Commit, error) {
	if head == "" || last.isMerged() && last.GetHead().GetSHA() == head {
		return nil, nil
	}
	commit, _, err := l.read.Git.GetCommit(ctx, l.repo.Owner, l.repo.Name, head)
	if err != nil {
		return nil, l.failed("read branch "+branch+" of", err)
	}
	if !isOurs(commit) {
		return nil, &fault.Error{
			Op: "update branch " + branch + " of", Target: l.repo.String(), Class: fault.Permanent,
			Err: fmt.Errorf("%w: %.10s is not our commit", bot.ErrForeignCommit, head), Hint: "merge or close its pull request, or delete the branch",
		}
	}
	return commit, nil
}

// move points the branch from the head that we know to a new one. GitHub has no conditional update, so the head is looked at once more.
func (l link) move(ctx context.Context, branch, from, to string) error {
	ref := &gh.Reference{Ref: gh.String("refs/heads/" + branch), Object: &gh.GitObject{SHA: &to}}
	if from == "" {
		_, _, err := l.write.Git.CreateRef(ctx, l.repo.Owner, l.repo.Name, ref)
		if err != nil {
			return l.failed("create branch "+branch+" of", err)
		}
		return nil
	}
	now, err := l.branch(ctx, branch)
	if err != nil {
		return err
	}
	if now != from {
		err := errors.New("somebody moved it meanwhile")
		return &fault.Error{Op: "move branch " + branch + " of", Target: l.repo.String(), Class: fault.Retry, Err: err}
	}
	if _, _, err := l.write.Git.UpdateRef(ctx, l.repo.Owner, l.repo.Name, ref, true); err != nil {
		return l.failed("move branch "+branch+" of", err)
	}
	return nil
}
