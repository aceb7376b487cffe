package github

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot"
)

var _ bot.Conversation = (*Client)(nil)

// commentPages bounds how much of what was written below one proposal is read at once.
const commentPages = 10

// named is the way to a repository that is known by its name.
func (c *Client) named(ctx context.Context, fullName string) (link, error) {
	owner, name, _ := strings.Cut(fullName, "/")
	return c.link(ctx, bot.Repository{Owner: owner, Name: name})
}

// Writes implements bot.Listener. Who was renamed or is gone is unknown to GitHub.
func (c *Client) Writes(ctx context.Context, repository, login string) (bool, error) {
	l, err := c.named(ctx, repository)
	if err != nil {
		return false, err
	}
	level, _, err := l.read.Repositories.GetPermissionLevel(ctx, l.repo.Owner, l.repo.Name, login)
	if status(err) == http.StatusNotFound {
		return false, nil
	}
	if err != nil {
		return false, l.failed("ask who may write to", err)
	}
	return level.GetPermission() == "write" || level.GetPermission() == "admin", nil
}

// Comments implements bot.Listener.
func (c *Client) Comments(ctx context.Context, repository string, number int, since time.Time) ([]bot.Comment, error) {
	l, err := c.named(ctx, repository)
	if err != nil {
		return nil, err
	}
	options := &gh.IssueListCommentsOptions{ListOptions: gh.ListOptions{PerPage: perPage}}
	if !since.IsZero() {
		options.Since = &since
	}
	var found []bot.Comment
	for range commentPages {
		page, resp, err := l.read.Issues.ListComments(ctx, l.repo.Owner, l.repo.Name, number, options)
		if err != nil {
			return nil, l.failed(fmt.Sprintf("read what was written below #%d of", number), err)
		}
		for _, comment := range page {
			found = append(found, bot.Comment{
				Repository: repository, Number: number, ID: comment.GetID(), Author: comment.GetUser().GetLogin(), Body: comment.GetBody(),
				IsPullRequest: true, FromBot: comment.GetUser().GetType() == "Bot", Updated: comment.GetUpdatedAt().Time,
			})
		}
		if options.Page = resp.NextPage; options.Page == 0 {
			break
		}
	}
	return found, nil
}
