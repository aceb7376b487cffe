package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

const warning = "Somebody else has pushed to this branch, so it is left alone from now on: it is not refreshed, rebased, merged or closed.\n\n" +
	"To have it kept up to date again, comment `/basebump rebase`: that throws the other commits away. Else merge it or close it as you like."

const reopened = "nothing needs it any more, but a person has opened it again; merge or close it"

// warn says once, on the pull request, that somebody else's commits stop us.
func (r *round) warn(ctx context.Context, proposal Proposal, tip Tip) error {
	if proposal.Mark.Warned != "" {
		return nil
	}
	proposal.Head = tip.Head
	return r.Forge.Warn(ctx, r.repo, proposal, warning)
}

// settle takes the next step for an open proposal that no group of bumps asks for.
func (r *round) settle(ctx context.Context, proposal Proposal) (Outcome, error) {
	successor, covered := r.successor(proposal)
	facts := Facts{Pull: Open, Want: Nothing, Order: r.order(proposal.Branch), Reopened: proposal.Mark.Withdrawn}
	switch {
	case covered && successor == "": // not there yet: the one that is stays
		facts.Want = Unclear
	case covered:
		facts.Want = Covered
	case r.plan.Failed():
		facts.Want = Unclear
	}
	tip, err := r.look(ctx, proposal, false)
	if err != nil {
		return Outcome{}, err
	}
	facts.Tip = tip.Holder
	outcome := Outcome{Action: facts.Next(), Title: proposal.Title, Branch: proposal.Branch, Proposal: proposal}
	switch outcome.Action {
	case Superseded:
		outcome.Reason = successor + " has it now"
		err = r.close(ctx, proposal, tip, "Superseded by "+successor+", which makes this change now.")
	case Obsolete:
		outcome.Reason = r.needless(proposal)
		err = r.close(ctx, proposal, tip, "The files no longer need this change: "+r.needlessMarkdown(proposal)+".")
	case Frozen:
		outcome.Reason = ErrForeignCommit.Error()
		err = r.warn(ctx, proposal, tip)
	case Kept:
		outcome.Reason = "not everything could be checked, so it may be needed still"
		if covered {
			outcome.Reason = "the pull request that is to take its place is not open yet"
		}
	case Spared:
		outcome.Reason = reopened
	case Held:
		outcome.Reason = "a person asked to leave it as it is"
	case Declined:
		outcome.Reason = declined(proposal, facts)
	}
	if err == nil {
		err = r.merge(ctx, wanted{}, &outcome)
	}
	if errors.Is(err, ErrForeignCommit) {
		outcome.Action, outcome.Reason = Frozen, ErrForeignCommit.Error()
		return outcome, nil
	}
	return outcome, err
}

func (r *round) close(ctx context.Context, proposal Proposal, tip Tip, why string) error {
	proposal.Head = tip.Head
	return r.Forge.Close(ctx, r.repo, proposal, why)
}

// successor names the proposal that makes the change of one that is not asked for any more: bumps were put together otherwise. It is
// empty while that one is not there.
func (r *round) successor(proposal Proposal) (name string, covered bool) {
	for _, w := range r.wanted {
		if !r.covers(w, proposal) {
			continue
		}
		covered = true
		i := slices.IndexFunc(r.outcomes, func(o Outcome) bool { return o.Proposal.Branch == w.change.Branch })
		switch {
		case i < 0:
		case r.outcomes[i].Proposal.Number == 0: // a branch alone
			return "the branch " + code(w.change.Branch), true
		default:
			return fmt.Sprintf("#%d", r.outcomes[i].Proposal.Number), true
		}
	}
	return "", covered
}

// covers says whether a group of bumps makes the change of a proposal on another branch.
func (p *Proposer) covers(w wanted, proposal Proposal) bool {
	if w.change.Branch == proposal.Branch {
		return false
	}
	return proposal.Branch == p.wholeBranch() ||
		slices.ContainsFunc(w.bumps, func(b Bump) bool { return p.imageBranch(b.Image) == proposal.Branch })
}

// followUp finds out how a proposal ended that was open when the repository was last looked at, and takes away what a merge left.
func (r *round) followUp(ctx context.Context, remembered Proposal) (Outcome, error) {
	history, err := r.Forge.History(ctx, r.repo, remembered.Branch)
	if err != nil {
		return Outcome{}, err
	}
	i := slices.IndexFunc(history, func(p Proposal) bool { return p.Number == remembered.Number })
	if i < 0 {
		return Outcome{}, nil
	}
	ended := history[i]
	facts := Facts{Pull: ended.State, Want: Nothing}
	outcome := Outcome{Action: facts.Next(), Title: ended.Title, Branch: ended.Branch, Proposal: ended}
	switch {
	case ended.State == Open: // the list did not show it
		outcome.Action = Kept
	case outcome.Action == Declined && ended.Key == "": // by us, and something went wrong then
		outcome.Action = Obsolete
		err = r.tidy(ctx, ended, i)
	case outcome.Action == Declined:
		outcome.Reason = "closed by a person"
	case outcome.Action == Landed:
		err = r.tidy(ctx, ended, i)
	}
	return outcome, err
}

// tidy deletes the branch that a proposal left, unless a later one has it.
func (r *round) tidy(ctx context.Context, ended Proposal, later int) error {
	if later > 0 {
		return nil
	}
	return r.Forge.Close(ctx, r.repo, ended, "")
}
