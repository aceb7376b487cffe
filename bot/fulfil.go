package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// ends are the actions that leave nothing open to be held.
var ends = []Action{Declined, Obsolete, Superseded, Landed}

// fulfil forgets the orders that were followed, had nothing to follow, or have run out, and explains what people asked about.
func (c *Cycle) fulfil(ctx context.Context, l look) error {
	for _, order := range l.orders {
		outcome, known := l.outcome(order.Branch)
		clear := l.Err == nil && !l.Plan.Failed() // what is not there is not only unknown
		var err error
		switch {
		case order.Kind == OrderExplain && l.Err == nil:
			err = c.explain(ctx, l, order)
		case order.isOnce() && (known && !outcome.Action.isOff() || !known && clear):
		case order.Kind == OrderHold && (slices.Contains(ends, outcome.Action) || !known && clear):
		case order.Kind == OrderIgnore && order.Over(c.Planner.Now()):
		default:
			continue
		}
		if err == nil {
			err = c.Talk.Orders.Drop(ctx, l.Repository.String(), order.Branch, order.Kind)
		}
		if err != nil {
			return fmt.Errorf("carry out %s for %s: %w", order.Kind, order.Branch, err)
		}
	}
	return nil
}

// outcome is what became of a branch.
func (l look) outcome(branch string) (Outcome, bool) {
	i := slices.IndexFunc(l.Outcomes, func(o Outcome) bool { return o.Branch == branch || o.Proposal.Branch == branch })
	if i < 0 {
		return Outcome{}, false
	}
	return l.Outcomes[i], true
}

// explain answers a comment that asked why.
func (c *Cycle) explain(ctx context.Context, l look, order Order) error {
	name := l.Repository.String()
	if err := c.Talk.Forge.Reply(ctx, name, order.Number, fmt.Sprintf("explain=%d", order.Comment), l.explanation(order.Branch)); err != nil {
		return err
	}
	return c.Talk.Forge.React(ctx, name, order.Comment, Done)
}

// explained bounds how many images and reasons an explanation tells of.
const explained = 20

// explanation says in Markdown why a proposal is as it is: the verdict, where it stands, and what it waits for.
func (l look) explanation(branch string) string {
	names := Proposer{Settings: l.custom.PullRequests}
	about := func(image string) bool { return branch == names.imageBranch(image) || branch == names.wholeBranch() }
	var parts []string
	for _, bump := range l.Plan.Bumps {
		if about(bump.Image) && len(parts) < explained {
			parts = append(parts, moveLine(bump)+"\n\n"+bullets(bump.Verdict.Reasons))
		}
	}
	var stay []string
	for _, u := range l.Plan.Unchanged {
		if about(u.Image) {
			stay = append(stay, named(u.Image, u.Tag)+": "+u.Reason)
		}
	}
	parts = append(parts, bullets(slices.Compact(stay)))
	if outcome, known := l.outcome(branch); known {
		parts = append(parts, "How it stands: "+string(outcome.Action)+because(outcome.Reason)+".")
	}
	for _, order := range l.orders {
		if order.Branch == branch && order.Kind == OrderHold {
			parts = append(parts, "On hold, as "+escape(order.By)+" asked; `/basebump unhold` ends that.")
		}
	}
	if text := strings.TrimSpace(paragraphs(parts...)); text != "" {
		return text
	}
	return "Nothing in this repository asks for this change any more."
}

func bullets(reasons []string) string {
	var list strings.Builder
	for i, reason := range reasons {
		if i == explained {
			fmt.Fprintf(&list, "- and %d more\n", len(reasons)-i)
			break
		}
		list.WriteString("- " + escape(reason) + "\n")
	}
	return list.String()
}
