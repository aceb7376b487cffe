package github

import (
	"context"
	"errors"
	"net/http"

	gh "github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/config/fault"
)

// push makes the branch hold the change on top of the repository's head, and nothing else, by one move of its ref. Everything before
// that is invisible; if something fails, the branch is as it was.
func (l link) push(ctx context.Context, change bot.Change, tip bot.Tip) (id string, err error) {
	if id, err = l.commit(ctx, change, tip); err != nil || id == tip.Head {
		return id, err
	}
	return id, l.move(ctx, change.Branch, tip.Head, id)
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

// remove deletes a branch that stands where we know it to stand. One that is gone already is as good.
func (l link) remove(ctx context.Context, branch, from string) error {
	now, err := l.branch(ctx, branch)
	if err != nil || now != from || now == "" {
		return err
	}
	_, err = l.write.Git.DeleteRef(ctx, l.repo.Owner, l.repo.Name, "heads/"+branch)
	if status(err) == http.StatusUnprocessableEntity { // GitHub's word for one that is not there
		if now, readErr := l.branch(ctx, branch); readErr == nil && now == "" {
			return nil
		}
	}
	if err != nil {
		return l.failed("delete branch "+branch+" of", err)
	}
	return nil
}
