package bot

import (
	"context"
	"slices"
)

// facts gathers what the next step depends on, and no more: an unchanged proposal is known without a request.
func (r *round) facts(ctx context.Context, w wanted) (Facts, Ground, error) {
	mark := MarkOf(r.repo, w.change)
	i := slices.IndexFunc(r.open, func(o Proposal) bool { return o.Branch == w.change.Branch })
	if i < 0 {
		return r.closedFacts(ctx, w)
	}
	last := r.open[i]
	facts := Facts{Pull: Open, Want: compare(last, mark, r.repo), Order: r.order(last.Branch), Reopened: last.Mark.Withdrawn}
	tip, err := r.look(ctx, last, facts.Want != Newer)
	if err != nil {
		return Facts{}, Ground{}, err
	}
	facts.Tip, facts.Stale = tip.Holder, tip.Stale || r.Settings.Behind && last.Mark.Base != r.repo.Head
	if facts.Want == Newer && last.Mark.Key != mark.Key && tip.Holder != Theirs && facts.Order != OrderHold {
		history, err := r.Forge.History(ctx, r.repo, last.Branch)
		if err != nil {
			return Facts{}, Ground{}, err
		}
		facts.Declined = declines(history, mark.Key) != nil
	}
	return facts, Ground{Last: &last, Tip: tip}, nil
}

// closedFacts are those of a proposal that is not open. Where there is no place for it anyway, nothing is asked.
func (r *round) closedFacts(ctx context.Context, w wanted) (Facts, Ground, error) {
	facts := Facts{Pull: None, Tip: Absent, Want: Newer, Full: r.left.none(), Order: r.order(w.change.Branch)}
	if facts.Next() == Waiting {
		return facts, Ground{}, nil
	}
	history, err := r.Forge.History(ctx, r.repo, w.change.Branch)
	if err != nil {
		return Facts{}, Ground{}, err
	}
	last := Proposal{Branch: w.change.Branch}
	if len(history) > 0 {
		last = history[0]
	}
	no := declines(history, w.change.Key)
	facts.Pull, facts.Declined, facts.Tip = last.State, no != nil, Ours
	if facts.Next() == Declined {
		return facts, Ground{Last: no}, nil
	}
	ground := Ground{Last: &last}
	ground.Tip, err = r.Forge.Look(ctx, r.repo, last)
	facts.Tip = ground.Tip.Holder
	if last.Mark == (Mark{}) && facts.Tip == Theirs { // a person's own, that only has a name like ours
		facts.Pull, ground.Last = None, &Proposal{}
	}
	return facts, ground, err
}

// look asks the forge what the branch holds when the list does not say it: somebody moved the branch, or the base has moved under a
// commit that is to stay.
func (r *round) look(ctx context.Context, last Proposal, stays bool) (Tip, error) {
	known := last.Mark.Commit != "" && last.Head == last.Mark.Commit
	switch {
	case known && !(stays && last.Mark.Base != r.repo.Head):
		return Tip{Holder: Ours, Head: last.Head, Base: last.Mark.Base}, nil
	case last.Head != "" && last.Mark.Warned == last.Head && !(Facts{Order: r.order(last.Branch)}).overrules(): // said so already
		return Tip{Holder: Theirs, Head: last.Head}, nil
	}
	return r.Forge.Look(ctx, r.repo, last)
}

// compare says what the plan wants of an open proposal.
func compare(last Proposal, mark Mark, repo Repository) Want {
	shown := last.Mark
	switch {
	case shown.Content != mark.Content || last.Onto != repo.DefaultBranch:
		return Newer
	case shown.Text != mark.Text || shown.Key != mark.Key || shown.Withdrawn, shown.Check != "" && shown.Check != mark.Check:
		return Reworded
	}
	return Same
}

// declines returns the proposal that showed this candidate and that a person closed; nil when there is none.
func declines(history []Proposal, key string) *Proposal {
	i := slices.IndexFunc(history, func(p Proposal) bool { return p.State == Closed && p.Key != "" && p.Key == key })
	if i < 0 {
		return nil
	}
	return &history[i]
}

// onceFirst are the orders that a proposal follows. One that is done once goes before one that holds.
var onceFirst = []OrderKind{OrderRecreate, OrderRebase, OrderRecheck, OrderOpen, OrderHold}

// order is what a person told us about a branch; empty when nobody did.
func (p *Proposer) order(branch string) OrderKind {
	for _, kind := range onceFirst {
		if slices.ContainsFunc(p.Orders, func(o Order) bool { return o.Branch == branch && o.Kind == kind }) {
			return kind
		}
	}
	return ""
}
