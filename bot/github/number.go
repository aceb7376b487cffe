package github

import (
	"context"
	"fmt"
	"net/http"

	"github.com/basebump/basebump/bot"
)

// Numbered implements bot.Listener.
func (c *Client) Numbered(ctx context.Context, repository string, number int) (*bot.Proposal, error) {
	l, err := c.named(ctx, repository)
	if err != nil {
		return nil, err
	}
	request, _, err := l.read.PullRequests.Get(ctx, l.repo.Owner, l.repo.Name, number)
	if status(err) == http.StatusNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, l.failed(fmt.Sprintf("read pull request #%d of", number), err)
	}
	proposal := proposalOf(request)
	if !l.isLocal(request) || proposal.Mark == (bot.Mark{}) {
		return nil, nil
	}
	return &proposal, nil
}
