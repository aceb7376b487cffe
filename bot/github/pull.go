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

// pull is a pull request with its mark taken out of the body.
type pull struct {
	*gh.PullRequest
	body string
	mark mark
}

func newPull(request *gh.PullRequest) *pull {
	body, mark := unseal(request.GetBody())
	return &pull{request, body, mark}
}

func (p *pull) isOpen() bool { return p != nil && p.GetState() == "open" }

func (p *pull) isMerged() bool { return p != nil && p.MergedAt != nil }

// holds reports whether nothing but the commit remains to be compared: the branch has, or had, this content on this base.
func (p *pull) holds(want mark) bool {
	return p.isOpen() && p.mark.Base == want.Base && p.mark.Content == want.Content && p.mark.Commit == p.GetHead().GetSHA()
}

// says reports whether title and body are as we last wrote them, or as people made them since.
func (p *pull) says(want mark) bool {
	return p.isOpen() && p.mark.Text == want.Text && p.mark.Key == want.Key && !p.mark.Withdrawn
}

// proposal is the pull request in bot's words. What we closed ourselves has no key, since it is a "no" to nothing.
func (p *pull) proposal() bot.Proposal {
	proposal := bot.Proposal{
		Number: p.GetNumber(), Branch: p.GetHead().GetRef(), Title: p.GetTitle(), Body: p.body, URL: p.GetHTMLURL(), State: bot.Closed, Updated: p.GetUpdatedAt().Time,
		Key: p.mark.Key, Head: p.GetHead().GetSHA(), Base: p.mark.Base,
	}
	switch {
	case p.isMerged():
		proposal.State = bot.Merged
	case p.isOpen():
		proposal.State = bot.Open
	case p.mark.Withdrawn:
		proposal.Key = ""
	}
	return proposal
}

// Open implements bot.Forge. A pull request without our mark is not ours, whatever its branch is called.
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
			if p := newPull(request); l.isLocal(request) && strings.HasPrefix(request.GetHead().GetRef(), prefix) && p.mark != (mark{}) {
				open = append(open, p.proposal())
			}
		}
		if options.Page = resp.NextPage; options.Page == 0 {
			return open, nil
		}
	}
}

// Find implements bot.Forge. An open pull request counts as newer than a closed one.
func (c *Client) Find(ctx context.Context, repo bot.Repository, branch string) (*bot.Proposal, error) {
	l, err := c.link(ctx, repo)
	if err != nil {
		return nil, err
	}
	found, err := l.pull(ctx, branch)
	if err != nil || found == nil {
		return nil, err
	}
	proposal := found.proposal()
	return &proposal, nil
}

// pull returns the branch's open pull request, else its newest, else nil.
func (l link) pull(ctx context.Context, branch string) (*pull, error) {
	page, _, err := l.read.PullRequests.List(ctx, l.repo.Owner, l.repo.Name, &gh.PullRequestListOptions{
		State: "all", Head: l.repo.Owner + ":" + branch, Sort: "created", Direction: "desc", ListOptions: gh.ListOptions{PerPage: perPage},
	})
	if err != nil {
		return nil, l.failed("find the pull request of "+branch+" in", err)
	}
	var newest *pull
	for _, request := range page {
		if p := newPull(request); l.isLocal(request) && request.GetHead().GetRef() == branch && (newest == nil || p.isOpen()) {
			newest = p
		}
	}
	return newest, nil
}

// isLocal reports whether the head is in the repository itself, not in a fork of the same name.
func (l link) isLocal(request *gh.PullRequest) bool {
	return strings.EqualFold(request.GetHead().GetRepo().GetFullName(), l.repo.String())
}

// open opens the pull request. When there is one already, which a list may not show at once, it becomes that of the change.
func (l link) open(ctx context.Context, change bot.Change, want mark) (opened *pull, fresh bool, err error) {
	body, err := l.seal(change, want)
	if err != nil {
		return nil, false, err
	}
	request, _, err := l.write.PullRequests.Create(ctx, l.repo.Owner, l.repo.Name, &gh.NewPullRequest{
		Title: &change.Title, Head: &change.Branch, Base: &l.repo.DefaultBranch, Body: &body,
	})
	if err == nil {
		return newPull(request), true, nil
	}
	err = l.failed("open a pull request in", err)
	if status(err) != http.StatusUnprocessableEntity {
		return nil, false, err
	}
	existing, findErr := l.pull(ctx, change.Branch)
	if findErr != nil || !existing.isOpen() {
		return nil, false, err
	}
	existing, err = l.edit(ctx, existing, change, want)
	return existing, false, err
}

// edit changes what differs: the mark always, title and body when ours are new, the base when the default branch is another.
func (l link) edit(ctx context.Context, p *pull, change bot.Change, want mark) (*pull, error) {
	if p.says(want) {
		change.Title, change.Body = p.GetTitle(), p.body
	}
	body, err := l.seal(change, want)
	if err != nil {
		return nil, err
	}
	edit := &gh.PullRequest{Title: &change.Title, Body: &body}
	if p.GetBase().GetRef() != l.repo.DefaultBranch {
		edit.Base = &gh.PullRequestBranch{Ref: &l.repo.DefaultBranch}
	}
	request, _, err := l.write.PullRequests.Edit(ctx, l.repo.Owner, l.repo.Name, p.GetNumber(), edit)
	if err != nil {
		return nil, l.failed(fmt.Sprintf("edit pull request #%d of", p.GetNumber()), err)
	}
	return newPull(request), nil
}

func (l link) seal(change bot.Change, want mark) (string, error) {
	body, err := want.seal(change.Body)
	if err != nil {
		return "", &fault.Error{Op: "write a pull request for", Target: l.repo.String(), Class: fault.Permanent, Err: err}
	}
	return body, nil
}
