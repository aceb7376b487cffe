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
	Memory   Memory // nil: nothing is known of other repositories, or of what ended since
	Settings PullRequests
	Orders   []Order // what people told us about this repository
	Looked   bool    // it was looked at before, and Memory has all that is open
}

// PullRequests says how bumps are proposed.
type PullRequests struct {
	BranchPrefix string
	Limit        int // open at once in one repository
	LimitTotal   int // open at once in all repositories of one owner; 0: no bound
	Labels       []string
	Assignees    []string
	Reviewers    []string // people, and teams as ORG/TEAM
	Draft        bool
	ByRepository bool   // one pull request for the whole repository instead of one for each image
	Behind       bool   // make the commit anew whenever the base has moved, not only when it must be
	Style        string // of titles and commit messages; empty: learned from the repository's history
	SignOff      bool
	Automerge    bool
	MergeMethod  string // merge, squash or rebase; empty: the first of these that the repository allows
}

// Outcome is what was done for one group, and why.
type Outcome struct {
	Action   Action
	Title    string
	Branch   string // of the proposal, also where there is none yet
	Reason   string // for what was not proposed; else what else is to be told
	Proposal Proposal
}

// round is one repository's turn.
type round struct {
	*Proposer
	repo     Repository
	open     []Proposal
	wanted   []wanted
	plan     Plan
	left     quota
	outcomes []Outcome
	failures []error
}

// Propose brings the repository's pull requests in line with the plan. It goes on after the failure of one group and returns all
// failures joined, beside the outcomes of the rest. An unchanged repository costs the one request that lists what is open, and none when
// nothing is and nothing is wanted.
func (p *Proposer) Propose(ctx context.Context, repo Repository, snapshot Snapshot, plan Plan) ([]Outcome, error) {
	remembered, elsewhere, err := p.remembered(ctx, repo)
	if err != nil {
		return nil, err
	}
	if p.Looked && len(plan.Bumps)+len(remembered)+len(p.Orders) == 0 {
		return nil, nil
	}
	open, err := p.Forge.Open(ctx, repo, p.Settings.BranchPrefix)
	if err != nil {
		return nil, fmt.Errorf("list proposals: %w", err)
	}
	r := round{Proposer: p, repo: repo, open: open, plan: plan}
	if r.wanted, err = p.wanted(ctx, repo, snapshot, plan, open); err != nil {
		return nil, err
	}
	r.left = p.quota(open, r.wanted, elsewhere)
	for _, w := range r.wanted {
		r.add(w.change.Title, "propose", func() (Outcome, error) { return r.propose(ctx, w) })
	}
	for _, proposal := range open {
		if !r.asks(proposal.Branch) {
			r.add(proposal.Title, "settle", func() (Outcome, error) { return r.settle(ctx, proposal) })
		}
	}
	for _, proposal := range remembered {
		if !r.knows(proposal) {
			r.add(proposal.Title, "follow up", func() (Outcome, error) { return r.followUp(ctx, proposal) })
		}
	}
	return r.outcomes, errors.Join(r.failures...)
}

func (p *Proposer) remembered(ctx context.Context, repo Repository) (open []Proposal, elsewhere int, err error) {
	if p.Memory == nil {
		return nil, 0, nil
	}
	if open, elsewhere, err = p.Memory.Remembered(ctx, repo); err != nil {
		return nil, 0, fmt.Errorf("recall proposals: %w", err)
	}
	return open, elsewhere, nil
}

// add keeps what became of one proposal. In an archived repository every further one would only fail alike.
func (r *round) add(title, verb string, do func() (Outcome, error)) {
	if slices.ContainsFunc(r.failures, func(err error) bool { return errors.Is(err, ErrArchived) }) {
		return
	}
	outcome, err := do()
	if err != nil {
		r.failures = append(r.failures, fmt.Errorf("%s %q: %w", verb, title, err))
	} else if outcome.Action != "" {
		r.outcomes = append(r.outcomes, outcome)
	}
}

// asks says whether the plan asks for a proposal on the branch.
func (r *round) asks(branch string) bool {
	return slices.ContainsFunc(r.wanted, func(w wanted) bool { return w.change.Branch == branch })
}

// knows says whether a remembered proposal was dealt with: it is open still, or its branch is asked for again.
func (r *round) knows(remembered Proposal) bool {
	return r.asks(remembered.Branch) || slices.ContainsFunc(r.open, func(o Proposal) bool { return o.Number == remembered.Number })
}

// propose takes the next step for a group of bumps.
func (r *round) propose(ctx context.Context, w wanted) (Outcome, error) {
	facts, ground, err := r.facts(ctx, w)
	if err != nil {
		return Outcome{}, err
	}
	outcome := Outcome{Action: facts.Next(), Title: w.change.Title, Branch: w.change.Branch}
	if ground.Last != nil {
		outcome.Proposal = *ground.Last
	}
	switch outcome.Action {
	case Opened, Refreshed, Rebased:
		outcome, err = r.write(ctx, w, facts, ground, outcome)
	case Frozen:
		outcome.Reason = ErrForeignCommit.Error()
		err = r.warn(ctx, outcome.Proposal, ground.Tip)
	case Obsolete:
		outcome.Reason = "a person has declined the candidate that is newest now"
		err = r.close(ctx, outcome.Proposal, ground.Tip, "The candidate that is newest now was declined before, and what this one offered is newest no longer.")
	case Waiting:
		outcome.Reason = r.left.why()
	case Declined:
		outcome.Reason = declined(outcome.Proposal, facts)
	case Taken:
		outcome.Reason = fmt.Sprintf("a branch %s is there and not ours; rename it or delete it", w.change.Branch)
	case Spared:
		outcome.Reason = reopened
	case Held:
		outcome.Reason = "a person asked to leave it as it is"
	}
	if errors.Is(err, ErrForeignCommit) { // since it was looked at
		outcome.Action, outcome.Reason = Frozen, ErrForeignCommit.Error()
		return outcome, nil
	}
	if err == nil {
		err = r.merge(ctx, w, &outcome)
	}
	return outcome, err
}

func declined(proposal Proposal, facts Facts) string {
	if facts.Pull == Open {
		return "a person has deleted its branch"
	}
	return fmt.Sprintf("pull request #%d was closed without a merge: a no to this digest", proposal.Number)
}

// write opens the proposal or brings it up to date.
func (r *round) write(ctx context.Context, w wanted, facts Facts, ground Ground, outcome Outcome) (Outcome, error) {
	ground.Keep = facts.Want != Newer && outcome.Action == Refreshed
	ground.Anew = facts.Order == OrderRecheck
	if outcome.Action == Opened {
		ground.Last = nil
	}
	proposal, err := r.Forge.Propose(ctx, r.repo, w.change, ground)
	if err != nil {
		return outcome, err
	}
	if outcome.Action == Opened {
		r.left.take()
	}
	outcome.Proposal, outcome.Reason = proposal, proposal.Note
	return outcome, nil
}
