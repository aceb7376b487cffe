package bot

import (
	"context"
	"slices"
)

// merge has the proposal merged where the settings want that: one whose every bump was proven by scans, at our own commit.
func (r *round) merge(ctx context.Context, w wanted, outcome *Outcome) error {
	wants := r.Settings.Automerge && !w.change.Draft && len(w.bumps) > 0 && !slices.ContainsFunc(w.bumps, func(b Bump) bool { return !b.Verified() || !b.Verdict.Accepted })
	switch outcome.Action {
	case Opened, Refreshed, Rebased, Current:
	case Frozen, Held:
		wants = false
	default: // it is not open, or nobody knows more than when it was ordered
		return nil
	}
	switch {
	case !wants && outcome.Proposal.Merges:
		return r.Forge.Stay(ctx, r.repo, outcome.Proposal)
	case !wants || outcome.Proposal.Merges:
		return nil
	}
	merged, text, err := r.Forge.Merge(ctx, r.repo, outcome.Proposal, r.Settings.MergeMethod)
	if err != nil {
		return err
	}
	outcome.Reason = join(outcome.Reason, text)
	if !merged {
		return nil
	}
	outcome.Action, outcome.Proposal.State = Landed, Merged
	return r.Forge.Close(ctx, r.repo, outcome.Proposal, "")
}

// join puts two remarks into one line.
func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "; " + b
}
