package github

import (
	"context"

	"github.com/basebump/basebump/bot"
)

// Propose implements bot.Proposals. The order of its writes makes every failure between two of them harmless: commit, branch, check,
// pull request, labels and people. What is done already is found again and not repeated.
func (c *Client) Propose(ctx context.Context, repo bot.Repository, change bot.Change, ground bot.Ground) (bot.Proposal, error) {
	l, err := c.link(ctx, repo)
	if err != nil {
		return bot.Proposal{}, err
	}
	if err := l.may(change); err != nil {
		return bot.Proposal{}, err
	}
	proposal, err := l.propose(ctx, change, ground)
	return proposal, l.explain(ctx, err)
}

func (l link) propose(ctx context.Context, change bot.Change, ground bot.Ground) (bot.Proposal, error) {
	mark := bot.MarkOf(l.repo, change)
	var err error
	if ground.Keep {
		mark.Base, mark.Commit = ground.Tip.Base, ground.Tip.Head
	} else if mark.Commit, err = l.push(ctx, change, ground.Tip); err != nil {
		return bot.Proposal{}, err
	}
	if l.shows(mark, change, ground) {
		if err := l.check(ctx, mark.Commit, *change.Check); err != nil {
			return bot.Proposal{}, err
		}
	}
	shown, err := l.show(ctx, change, mark, ground.Last)
	if err != nil {
		return bot.Proposal{}, err
	}
	shown.Head = mark.Commit // GitHub tells it a moment later
	return shown, nil
}

// shows says whether the check must be shown: for a commit that has none, or when it says something new. Nobody but an App may.
func (l link) shows(mark bot.Mark, change bot.Change, ground bot.Ground) bool {
	if change.Check == nil || l.granted.GetChecks() != "write" {
		return false
	}
	return ground.Anew || ground.Last == nil || ground.Last.Mark.Check != mark.Check || ground.Last.Mark.Commit != mark.Commit
}

// show opens the pull request or brings the open one up to date.
func (l link) show(ctx context.Context, change bot.Change, mark bot.Mark, last *bot.Proposal) (bot.Proposal, error) {
	if last != nil && last.State == bot.Open {
		return l.edit(ctx, *last, change, mark)
	}
	opened, fresh, err := l.open(ctx, change, mark)
	if err == nil && fresh {
		l.equip(ctx, &opened, change)
	}
	return opened, err
}
