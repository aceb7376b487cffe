package github

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	gh "github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/config/fault"
)

// proposalOf is a pull request in bot's words, its mark taken out of the body. What we closed ourselves has no key, since it is a "no"
// to nothing.
func proposalOf(request *gh.PullRequest) bot.Proposal {
	body, mark := unseal(request.GetBody())
	p := bot.Proposal{
		Number: request.GetNumber(), Branch: request.GetHead().GetRef(), Title: request.GetTitle(), Body: body, URL: request.GetHTMLURL(),
		State: bot.Closed, Key: mark.Key, Updated: request.GetUpdatedAt().Time, Head: request.GetHead().GetSHA(), Base: mark.Base, Onto: request.GetBase().GetRef(), Mark: mark,
	}
	switch {
	case request.MergedAt != nil:
		p.State = bot.Merged
	case request.GetState() == "open":
		p.State = bot.Open
	case mark.Withdrawn:
		p.Key = ""
	}
	if by := request.GetAutoMerge().GetEnabledBy().GetLogin(); by != "" {
		p.Merges = by == request.GetUser().GetLogin() // what a person ordered is theirs
	}
	return p
}

// Open implements bot.Proposals. A pull request without our mark is not ours, whatever its branch is called.
func (c *Client) Open(ctx context.Context, repo bot.Repository, prefix string) ([]bot.Proposal, error) {
	l, err := c.link(ctx, repo)
	if err != nil {
		return nil, err
	}
	var open []bot.Proposal
	options := &gh.PullRequestListOptions{State: "open", Sort: "created", Direction: "asc", ListOptions: gh.ListOptions{PerPage: perPage}}
	for {
		page, resp, err := l.read.PullRequests.List(ctx, repo.Owner, repo.Name, options)
		if err != nil {
			return nil, l.failed("list pull requests of", err)
		}
		for _, request := range page {
			if p := proposalOf(request); l.isLocal(request) && strings.HasPrefix(p.Branch, prefix) && p.Mark != (bot.Mark{}) {
				open = append(open, p)
			}
		}
		if options.Page = resp.NextPage; options.Page == 0 {
			return open, nil
		}
	}
}

// History implements bot.Proposals. It goes back as far as one page: a "no" is to something recent.
func (c *Client) History(ctx context.Context, repo bot.Repository, branch string) ([]bot.Proposal, error) {
	l, err := c.link(ctx, repo)
	if err != nil {
		return nil, err
	}
	return l.history(ctx, branch)
}

func (l link) history(ctx context.Context, branch string) ([]bot.Proposal, error) {
	page, _, err := l.read.PullRequests.List(ctx, l.repo.Owner, l.repo.Name, &gh.PullRequestListOptions{
		State: "all", Head: l.repo.Owner + ":" + branch, Sort: "created", Direction: "desc", ListOptions: gh.ListOptions{PerPage: perPage},
	})
	if err != nil {
		return nil, l.failed("find the pull request of "+branch+" in", err)
	}
	var found []bot.Proposal
	for _, request := range page {
		if p := proposalOf(request); l.isLocal(request) && p.Branch == branch {
			found = append(found, p)
		}
	}
	slices.SortStableFunc(found, func(a, b bot.Proposal) int {
		switch {
		case a.State == bot.Open && b.State != bot.Open:
			return -1
		case b.State == bot.Open && a.State != bot.Open:
			return 1
		}
		return 0
	})
	return found, nil
}

// isLocal reports whether the head is in the repository itself, not in a fork of the same name.
func (l link) isLocal(request *gh.PullRequest) bool {
	return strings.EqualFold(request.GetHead().GetRepo().GetFullName(), l.repo.String())
}

// open opens the pull request. When there is one already, which a list may not show at once, it becomes that of the change.
func (l link) open(ctx context.Context, change bot.Change, mark bot.Mark) (opened bot.Proposal, fresh bool, err error) {
	body, err := l.seal(mark, change.Body)
	if err != nil {
		return bot.Proposal{}, false, err
	}
	wanted := &gh.NewPullRequest{Title: &change.Title, Head: &change.Branch, Base: &l.repo.DefaultBranch, Body: &body}
	if change.Draft {
		wanted.Draft = &change.Draft
	}
	request, _, err := l.write.PullRequests.Create(ctx, l.repo.Owner, l.repo.Name, wanted)
	if err == nil {
		return proposalOf(request), true, nil
	}
	err = l.failed("open a pull request in", err)
	if status(err) != http.StatusUnprocessableEntity {
		return bot.Proposal{}, false, err
	}
	history, findErr := l.history(ctx, change.Branch)
	switch {
	case findErr != nil:
		return bot.Proposal{}, false, err
	case len(history) > 0 && history[0].State == bot.Open:
		opened, err = l.edit(ctx, history[0], change, mark)
		return opened, false, err
	case change.Draft: // not every plan has drafts
		change.Draft = false
		opened, fresh, err = l.open(ctx, change, mark)
		opened.Note = "not a draft: GitHub has none here"
	}
	return opened, fresh, err
}

// edit changes what differs: the mark always, title and body when ours are new, the base when the default branch is another.
func (l link) edit(ctx context.Context, last bot.Proposal, change bot.Change, mark bot.Mark) (bot.Proposal, error) {
	if last.Mark.Text == mark.Text && last.Mark.Key == mark.Key && !last.Mark.Withdrawn { // as people made them since
		change.Title, change.Body = last.Title, last.Body
	}
	body, err := l.seal(mark, change.Body)
	if err != nil {
		return bot.Proposal{}, err
	}
	edit := &gh.PullRequest{Title: &change.Title, Body: &body}
	if last.Onto != l.repo.DefaultBranch {
		edit.Base = &gh.PullRequestBranch{Ref: &l.repo.DefaultBranch}
	}
	request, _, err := l.write.PullRequests.Edit(ctx, l.repo.Owner, l.repo.Name, last.Number, edit)
	if err != nil {
		return bot.Proposal{}, l.failed(fmt.Sprintf("edit pull request #%d of", last.Number), err)
	}
	return proposalOf(request), nil
}

func (l link) seal(mark bot.Mark, body string) (string, error) {
	sealed, err := seal(mark, body)
	if err != nil {
		return "", &fault.Error{Op: "write a pull request for", Target: l.repo.String(), Class: fault.Permanent, Err: err}
	}
	return sealed, nil
}
