package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	gh "github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/config/fault"
)

// Look implements bot.Proposals.
func (c *Client) Look(ctx context.Context, repo bot.Repository, proposal bot.Proposal) (bot.Tip, error) {
	l, err := c.link(ctx, repo)
	if err != nil {
		return bot.Tip{}, err
	}
	head, stale := "", false
	if proposal.State == bot.Open {
		head, stale, err = l.standing(ctx, proposal)
	} else {
		head, err = l.branch(ctx, proposal.Branch)
	}
	if err != nil {
		return bot.Tip{}, err
	}
	tip, err := l.inspect(ctx, head, proposal)
	tip.Stale = stale
	return tip, err
}

// standing returns the head of an open pull request, and whether GitHub wants a new one: it conflicts with its base, or the branch's
// protection wants it to be up to date. GitHub works that out behind the scenes; until it has, nothing is wanted.
func (l link) standing(ctx context.Context, proposal bot.Proposal) (head string, stale bool, err error) {
	request, err := l.pull(ctx, proposal.Number)
	if err != nil {
		return "", false, err
	}
	state := request.GetMergeableState()
	return request.GetHead().GetSHA(), state == "dirty" || state == "behind", nil
}

func (l link) pull(ctx context.Context, number int) (*gh.PullRequest, error) {
	request, _, err := l.read.PullRequests.Get(ctx, l.repo.Owner, l.repo.Name, number)
	op := fmt.Sprintf("read pull request #%d of", number)
	if err == nil && request.GetState() != "open" {
		return nil, &fault.Error{Op: op, Target: l.repo.String(), Class: fault.Retry, Err: errors.New("somebody closed it just now")}
	}
	if err != nil {
		return nil, l.failed(op, err)
	}
	return request, nil
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

// inspect says whose commits a branch holds by its head. What was merged is safe, whoever made it.
func (l link) inspect(ctx context.Context, head string, proposal bot.Proposal) (bot.Tip, error) {
	switch {
	case head == "":
		return bot.Tip{Holder: bot.Absent}, nil
	case head == proposal.Mark.Commit:
		return bot.Tip{Holder: bot.Ours, Head: head, Base: proposal.Mark.Base}, nil
	case proposal.State == bot.Merged && head == proposal.Head:
		return bot.Tip{Holder: bot.Ours, Head: head}, nil
	}
	commit, _, err := l.read.Git.GetCommit(ctx, l.repo.Owner, l.repo.Name, head)
	if err != nil {
		return bot.Tip{}, l.failed("read branch "+proposal.Branch+" of", err)
	}
	switch {
	case isOurs(commit):
		return bot.Tip{Holder: bot.Ours, Head: head, Base: commit.Parents[0].GetSHA(), Tree: commit.GetTree().GetSHA()}, nil
	case len(commit.Parents) == 2:
		return l.updated(ctx, head)
	}
	return bot.Tip{Holder: bot.Theirs, Head: head}, nil
}

// updated says whether a merge commit holds nothing but our commit and the base, as the button "Update branch" makes it. Who made it
// does not matter, what it holds does: merges of the base on top of our commit, and of every file that we changed our very bytes.
// One in which a person solved a conflict is theirs.
func (l link) updated(ctx context.Context, head string) (bot.Tip, error) {
	theirs := bot.Tip{Holder: bot.Theirs, Head: head}
	onBase, _, err := l.read.Repositories.CompareCommits(ctx, l.repo.Owner, l.repo.Name, l.repo.DefaultBranch, head, &gh.ListOptions{PerPage: perPage})
	if err != nil {
		return theirs, l.failed("compare a branch with its base in", err)
	}
	ours := underMerges(onBase.Commits)
	if onBase.GetTotalCommits() != len(onBase.Commits) || ours == nil {
		return theirs, nil
	}
	commit, _, err := l.read.Repositories.GetCommit(ctx, l.repo.Owner, l.repo.Name, ours.GetSHA(), nil)
	if err != nil {
		return theirs, l.failed("read our commit in", err)
	}
	if !slices.EqualFunc(onBase.Files, commit.Files, sameFile) {
		return theirs, nil
	}
	return bot.Tip{Holder: bot.Updated, Head: head, Base: onBase.GetMergeBaseCommit().GetSHA()}, nil
}

// underMerges returns our commit when a branch has nothing beyond its base but that and merges of the base; else nil.
func underMerges(commits []*gh.RepositoryCommit) *gh.RepositoryCommit {
	ahead := map[string]bool{}
	for _, c := range commits {
		ahead[c.GetSHA()] = true
	}
	var ours *gh.RepositoryCommit
	for _, c := range commits {
		isMerge := len(c.Parents) == 2 && ahead[c.Parents[0].GetSHA()] && !ahead[c.Parents[1].GetSHA()]
		git := c.GetCommit()
		git.Parents = c.Parents // the API has them outside
		switch {
		case isMerge:
		case isOurs(git) && ours == nil:
			ours = c
		default:
			return nil
		}
	}
	return ours
}

func sameFile(a, b *gh.CommitFile) bool {
	return a.GetFilename() == b.GetFilename() && a.GetSHA() == b.GetSHA() && a.GetStatus() == b.GetStatus()
}
