package github

import (
	"context"

	"github.com/basebump/basebump/bot"
)

// Propose implements bot.Forge. The order of its writes makes every failure between two of them harmless: commit, branch, check,
// pull request, labels. What is done already is found again and not repeated.
func (c *Client) Propose(ctx context.Context, repo bot.Repository, change bot.Change) (bot.Proposal, error) {
	l, err := c.link(ctx, repo)
	if err != nil {
		return bot.Proposal{}, err
	}
	last, err := l.pull(ctx, change.Branch)
	if err != nil {
		return bot.Proposal{}, err
	}
	if err := l.may(change); err != nil {
		return bot.Proposal{}, err
	}
	if l.granted.GetChecks() != "write" { // nobody but an App may write them
		change.Check = nil
	}
	want := newMark(repo, change)
	held := last.holds(want)
	if held {
		want.Commit = last.mark.Commit
		if last.says(want) && last.mark.Check == want.Check && last.GetBase().GetRef() == repo.DefaultBranch {
			return last.proposal(), nil
		}
	} else if want.Commit, err = l.push(ctx, change, last); err != nil {
		return bot.Proposal{}, err
	}
	if change.Check != nil && !(held && last.mark.Check == want.Check) {
		if err := l.check(ctx, want.Commit, *change.Check); err != nil {
			return bot.Proposal{}, err
		}
	}
	shown, err := l.show(ctx, last, change, want)
	if err != nil {
		return bot.Proposal{}, err
	}
	proposal := shown.proposal()
	proposal.Head = want.Commit // GitHub tells it a moment later
	return proposal, nil
}

// show opens the pull request or brings the open one up to date.
func (l link) show(ctx context.Context, last *pull, change bot.Change, want mark) (*pull, error) {
	if last.isOpen() {
		return l.edit(ctx, last, change, want)
	}
	opened, fresh, err := l.open(ctx, change, want)
	if err == nil && fresh {
		l.label(ctx, opened.GetNumber(), change.Labels)
	}
	return opened, err
}

// label sets the labels of a new pull request. Failing to is told, and no reason to stop.
func (l link) label(ctx context.Context, number int, labels []string) {
	if len(labels) == 0 {
		return
	}
	if _, _, err := l.write.Issues.AddLabelsToIssue(ctx, l.repo.Owner, l.repo.Name, number, labels); err != nil {
		l.options.Log.WarnContext(ctx, "pull request stays without labels",
			"repository", l.repo.String(), "number", number, "error", l.failed("set labels in", err))
	}
}
