package github

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	gh "github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/config/fault"
)

// Close implements bot.Proposals. A branch that somebody moved is left alone, and so is its pull request.
func (c *Client) Close(ctx context.Context, repo bot.Repository, proposal bot.Proposal, why string) error {
	l, err := c.link(ctx, repo)
	if err != nil {
		return err
	}
	if proposal.State == bot.Open {
		err = l.withdraw(ctx, proposal, why)
	}
	if err == nil {
		err = l.remove(ctx, proposal.Branch, proposal.Head)
	}
	return l.explain(ctx, err)
}

// withdraw says why and closes. The mark tells later readers that it was us.
func (l link) withdraw(ctx context.Context, p bot.Proposal, why string) error {
	now, err := l.branch(ctx, p.Branch)
	if err != nil {
		return err
	}
	if now != p.Head && now != "" {
		return &fault.Error{
			Op: fmt.Sprintf("close pull request #%d of", p.Number), Target: l.repo.String(), Class: fault.Permanent,
			Err: fmt.Errorf("%w: it stands at %.10s", bot.ErrForeignCommit, now), Hint: "merge or close it, or delete its branch",
		}
	}
	if err := l.comment(ctx, p.Number, "closed="+p.Mark.Commit, why); err != nil { // a second try does not say it again
		return err
	}
	p.Mark.Withdrawn = true
	return l.patch(ctx, p, &gh.PullRequest{State: gh.String("closed")}, "close")
}

// patch writes a pull request's mark and what else the edit holds; people's words stay.
func (l link) patch(ctx context.Context, p bot.Proposal, edit *gh.PullRequest, verb string) error {
	body, err := l.seal(p.Mark, p.Body)
	if err != nil {
		return err
	}
	edit.Body = &body
	if _, _, err := l.write.PullRequests.Edit(ctx, l.repo.Owner, l.repo.Name, p.Number, edit); err != nil {
		return l.failed(fmt.Sprintf("%s pull request #%d of", verb, p.Number), err)
	}
	return nil
}

// Warn implements bot.Keeper.
func (c *Client) Warn(ctx context.Context, repo bot.Repository, proposal bot.Proposal, text string) error {
	l, err := c.link(ctx, repo)
	if err != nil {
		return err
	}
	if err = l.comment(ctx, proposal.Number, "stopped="+proposal.Head, text); err == nil {
		proposal.Mark.Warned = proposal.Head
		err = l.patch(ctx, proposal, &gh.PullRequest{}, "edit")
	}
	return l.explain(ctx, err)
}

// comment adds a comment to a pull request, unless one has the tag. Where the conversation is locked against us, nothing is said.
func (l link) comment(ctx context.Context, number int, tag, text string) error {
	op := fmt.Sprintf("comment on pull request #%d of", number)
	tag = "<!-- basebump?" + tag + " -->"
	options := &gh.IssueListCommentsOptions{ListOptions: gh.ListOptions{PerPage: perPage}}
	for {
		page, resp, err := l.read.Issues.ListComments(ctx, l.repo.Owner, l.repo.Name, number, options)
		if err != nil {
			return l.failed(op, err)
		}
		for _, comment := range page {
			if strings.Contains(comment.GetBody(), tag) {
				return nil
			}
		}
		if options.Page = resp.NextPage; options.Page == 0 {
			break
		}
	}
	body := text + "\n\n" + tag
	_, _, err := l.write.Issues.CreateComment(ctx, l.repo.Owner, l.repo.Name, number, &gh.IssueComment{Body: &body})
	switch {
	case err == nil:
		return nil
	case status(err) == http.StatusForbidden && l.isLocked(ctx, number):
		return nil
	}
	return l.failed(op, err)
}

func (l link) isLocked(ctx context.Context, number int) bool {
	issue, _, err := l.read.Issues.Get(ctx, l.repo.Owner, l.repo.Name, number)
	return err == nil && issue.GetLocked()
}

// explain finds out whether a refusal means that the repository was archived since it was listed.
func (l link) explain(ctx context.Context, err error) error {
	if status(err) != http.StatusForbidden {
		return err
	}
	repo, _, readErr := l.read.Repositories.Get(ctx, l.repo.Owner, l.repo.Name)
	if readErr != nil || !repo.GetArchived() {
		return err
	}
	return &fault.Error{Op: "write to", Target: l.repo.String(), Class: fault.Permanent, Err: bot.ErrArchived}
}
