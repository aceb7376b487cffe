package github

import (
	"context"
	"fmt"
	"strings"

	gh "github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot"
)

// Close implements bot.Forge. A branch with somebody else's commits is left alone, and so is its pull request.
func (c *Client) Close(ctx context.Context, repo bot.Repository, proposal bot.Proposal, why string) error {
	l, err := c.link(ctx, repo)
	if err != nil {
		return err
	}
	last, err := l.pull(ctx, proposal.Branch)
	if err != nil {
		return err
	}
	head, err := l.branch(ctx, proposal.Branch)
	if err != nil {
		return err
	}
	if _, err := l.tip(ctx, proposal.Branch, head, last); err != nil {
		return err
	}
	if last.isOpen() && last.GetNumber() == proposal.Number {
		if err := l.withdraw(ctx, last, why); err != nil {
			return err
		}
	}
	if head == "" {
		return nil
	}
	if _, err := l.write.Git.DeleteRef(ctx, repo.Owner, repo.Name, "heads/"+proposal.Branch); err != nil {
		return l.failed("delete branch "+proposal.Branch+" of", err)
	}
	return nil
}

// withdraw says why and closes. The mark tells later readers that it was us.
func (l link) withdraw(ctx context.Context, p *pull, why string) error {
	tag := "<!-- basebump?closed=" + p.mark.Commit + " -->" // a second try does not say it again
	if err := l.comment(ctx, p.GetNumber(), tag, why); err != nil {
		return err
	}
	withdrawn := p.mark
	withdrawn.Withdrawn = true
	body, err := l.seal(bot.Change{Body: p.body}, withdrawn)
	if err != nil {
		return err
	}
	edit := &gh.PullRequest{State: gh.String("closed"), Body: &body}
	if _, _, err := l.write.PullRequests.Edit(ctx, l.repo.Owner, l.repo.Name, p.GetNumber(), edit); err != nil {
		return l.failed(fmt.Sprintf("close pull request #%d of", p.GetNumber()), err)
	}
	return nil
}

// comment adds a comment to a pull request, unless one has the tag.
func (l link) comment(ctx context.Context, number int, tag, text string) error {
	op := fmt.Sprintf("comment on pull request #%d of", number)
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
	if _, _, err := l.write.Issues.CreateComment(ctx, l.repo.Owner, l.repo.Name, number, &gh.IssueComment{Body: &body}); err != nil {
		return l.failed(op, err)
	}
	return nil
}
