package bot

import (
	"context"
	"fmt"
	"slices"
)

// wanted is one pull request that a plan asks for.
type wanted struct {
	change Change
	bumps  []Bump
}

// wanted is what a plan asks for, the most urgent first.
func (p *Proposer) wanted(ctx context.Context, repo Repository, snapshot Snapshot, plan Plan, open []Proposal) ([]wanted, error) {
	var all []wanted
	learned := "" // once for all that are to be opened
	for _, g := range p.groups(plan.Bumps) {
		style, err := p.style(ctx, repo, g.branch, open, &learned)
		if err != nil {
			return nil, err
		}
		files, _ := Rewrite(snapshot, g.bumps) // what cannot be edited was taken out when the plan was made
		title := titleIn(style, g.bumps)
		all = append(all, wanted{bumps: g.bumps, change: Change{
			Branch: g.branch, Title: title, Body: Body(g.bumps), Message: title + "\n", SignOff: p.Settings.SignOff, Style: style,
			Files: files, Key: g.key(), Check: checkOf(g.bumps),
			Labels: p.Settings.Labels, Assignees: p.Settings.Assignees, Reviewers: p.Settings.Reviewers, Draft: p.Settings.Draft,
		}})
	}
	urgent(all)
	return all, nil
}

// style is the operator's, that in which an open proposal was written, or else what the repository's history teaches.
func (p *Proposer) style(ctx context.Context, repo Repository, branch string, open []Proposal, learned *string) (string, error) {
	if p.Settings.Style != "" {
		return p.Settings.Style, nil
	}
	i := slices.IndexFunc(open, func(o Proposal) bool { return o.Branch == branch })
	if i >= 0 && isStyle(open[i].Mark.Style) {
		return open[i].Mark.Style, nil
	}
	if *learned == "" {
		subjects, err := p.Forge.Subjects(ctx, repo)
		if err != nil {
			return "", fmt.Errorf("learn how commits are written: %w", err)
		}
		*learned = LearnStyle(subjects)
	}
	return *learned, nil
}
