package github

import (
	"context"
	"net/http"
	"slices"

	gh "github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot"
)

// seen is the face that says that we are at it.
const seen = "eyes"

// Claim implements bot.Speaker. GitHub says by the status whether the face is new, and by its owner who we are.
func (c *Client) Claim(ctx context.Context, repository string, comment int64) (answered bool, err error) {
	l, err := c.named(ctx, repository)
	if err != nil {
		return false, err
	}
	mine, resp, err := l.write.Reactions.CreateIssueCommentReaction(ctx, l.repo.Owner, l.repo.Name, comment, seen)
	if err != nil {
		return false, l.failed("react to a comment in", err)
	}
	if resp.StatusCode == http.StatusCreated {
		return false, nil
	}
	reactions, _, err := l.read.Reactions.ListIssueCommentReactions(ctx, l.repo.Owner, l.repo.Name, comment, &gh.ListOptions{PerPage: perPage})
	if err != nil {
		return false, l.failed("read the reactions to a comment in", err)
	}
	answers := []string{string(bot.Done), string(bot.Puzzled), string(bot.Refused)}
	return slices.ContainsFunc(reactions, func(r *gh.Reaction) bool {
		return r.GetUser().GetID() == mine.GetUser().GetID() && slices.Contains(answers, r.GetContent())
	}), nil
}

// React implements bot.Speaker.
func (c *Client) React(ctx context.Context, repository string, comment int64, face bot.Face) error {
	l, err := c.named(ctx, repository)
	if err != nil {
		return err
	}
	if _, _, err := l.write.Reactions.CreateIssueCommentReaction(ctx, l.repo.Owner, l.repo.Name, comment, string(face)); err != nil {
		return l.failed("react to a comment in", err)
	}
	return nil
}

// Reply implements bot.Speaker.
func (c *Client) Reply(ctx context.Context, repository string, number int, tag, text string) error {
	l, err := c.named(ctx, repository)
	if err != nil {
		return err
	}
	return l.comment(ctx, number, tag, text)
}
