package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// Proposer turns a plan into pull requests: one for each group of bumps, on a stable branch, refreshed and never doubled.
type Proposer struct {
	Forge    Forge
	Settings PullRequests
}

// PullRequests says how bumps are proposed.
type PullRequests struct {
	BranchPrefix string
	Limit        int // open at once in one repository
	Labels       []string
	ByRepository bool // one pull request for the whole repository instead of one for each image
}

// Action is what became of a group of bumps.
type Action string

const (
	Opened    Action = "opened"
	Refreshed Action = "refreshed"
	Current   Action = "up to date"
	Declined  Action = "declined" // closed by a person: a "no" to this candidate
	Waiting   Action = "waiting"  // for a place below the limit
	Frozen    Action = "frozen"   // a person pushed to the branch
	Obsolete  Action = "closed as obsolete"
	Yielded   Action = "left to another updater"
)

// Outcome is what was done for one group, and why.
type Outcome struct {
	Action   Action
	Title    string
	Branch   string // of what waits; else see Proposal
	Reason   string // for what was not proposed
	Proposal Proposal
}

// Propose brings the repository's pull requests in line with the plan. It goes on after the failure of one group and returns all
// failures joined, beside the outcomes of the rest.
func (p *Proposer) Propose(ctx context.Context, repo Repository, snapshot Snapshot, plan Plan) ([]Outcome, error) {
	open, err := p.Forge.Open(ctx, repo, p.Settings.BranchPrefix)
	if err != nil {
		return nil, fmt.Errorf("list proposals: %w", err)
	}
	changes := p.changes(snapshot, plan)
	var outcomes []Outcome
	var failures []error
	left := p.Settings.Limit - len(open)
	for _, change := range changes {
		existing := slices.IndexFunc(open, func(o Proposal) bool { return o.Branch == change.Branch })
		var outcome Outcome
		switch {
		case existing >= 0:
			outcome, err = p.refresh(ctx, repo, open[existing], change)
		case left <= 0:
			outcome, err = Outcome{Action: Waiting, Title: change.Title, Branch: change.Branch, Reason: fmt.Sprintf("%d pull requests are open (pull_requests.limit)", len(open))}, nil
		default:
			if outcome, err = p.open(ctx, repo, change); outcome.Action == Opened {
				left--
			}
		}
		if err != nil {
			failures = append(failures, fmt.Errorf("propose %q: %w", change.Title, err))
			continue
		}
		outcomes = append(outcomes, outcome)
	}
	closed, err := p.closeObsolete(ctx, repo, open, changes, plan)
	return append(outcomes, closed...), errors.Join(append(failures, err)...)
}

func (p *Proposer) refresh(ctx context.Context, repo Repository, existing Proposal, change Change) (Outcome, error) {
	proposal, err := p.Forge.Propose(ctx, repo, change)
	switch {
	case errors.Is(err, ErrForeignCommit):
		return Outcome{Action: Frozen, Title: change.Title, Reason: err.Error(), Proposal: existing}, nil
	case err != nil:
		return Outcome{}, err
	case proposal.Head == existing.Head && proposal.Title == existing.Title && proposal.Body == existing.Body:
		return Outcome{Action: Current, Title: change.Title, Proposal: proposal}, nil
	}
	return Outcome{Action: Refreshed, Title: change.Title, Proposal: proposal}, nil
}

func (p *Proposer) open(ctx context.Context, repo Repository, change Change) (Outcome, error) {
	last, err := p.Forge.Find(ctx, repo, change.Branch)
	if err != nil {
		return Outcome{}, err
	}
	if last != nil && last.State == Closed && last.Key == change.Key {
		reason := fmt.Sprintf("pull request #%d was closed without a merge: a no to this digest", last.Number)
		return Outcome{Action: Declined, Title: change.Title, Reason: reason, Proposal: *last}, nil
	}
	proposal, err := p.Forge.Propose(ctx, repo, change)
	if errors.Is(err, ErrForeignCommit) {
		return Outcome{Action: Frozen, Title: change.Title, Reason: err.Error()}, nil
	}
	if err != nil {
		return Outcome{}, err
	}
	return Outcome{Action: Opened, Title: change.Title, Proposal: proposal}, nil
}

// closeObsolete closes the proposals that nothing asks for any more. A plan in which something could not be done closes nothing: what
// is missing may only be unknown.
func (p *Proposer) closeObsolete(ctx context.Context, repo Repository, open []Proposal, changes []Change, plan Plan) ([]Outcome, error) {
	if plan.Failed() {
		return nil, nil
	}
	var outcomes []Outcome
	var failures []error
	for _, proposal := range open {
		if slices.ContainsFunc(changes, func(c Change) bool { return c.Branch == proposal.Branch }) {
			continue
		}
		why := "The files no longer need this change: what they name is current, or is held by the policy."
		err := p.Forge.Close(ctx, repo, proposal, why)
		switch {
		case errors.Is(err, ErrForeignCommit):
			outcomes = append(outcomes, Outcome{Action: Frozen, Title: proposal.Title, Reason: err.Error(), Proposal: proposal})
		case err != nil:
			failures = append(failures, fmt.Errorf("close #%d: %w", proposal.Number, err))
		default:
			outcomes = append(outcomes, Outcome{Action: Obsolete, Title: proposal.Title, Proposal: proposal})
		}
	}
	return outcomes, errors.Join(failures...)
}

// changes is what the pull requests for a plan ask for, in the plan's order.
func (p *Proposer) changes(snapshot Snapshot, plan Plan) []Change {
	var changes []Change
	for _, g := range p.groups(plan.Bumps) {
		files, _ := Rewrite(snapshot, g.bumps) // what cannot be edited was taken out when the plan was made
		title := Title(g.bumps)
		changes = append(changes, Change{
			Branch: g.branch, Title: title, Body: Body(g.bumps), Message: title + "\n",
			Labels: p.Settings.Labels, Files: files, Key: g.key(), Check: checkOf(g.bumps),
		})
	}
	return changes
}
