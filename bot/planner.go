package bot

import (
	"context"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/basebump/basebump/resolver/tag"
	"github.com/basebump/basebump/scan"
)

// Planner decides what moves. It writes nothing; given the same snapshot, answers and reports it returns the same plan.
type Planner struct {
	Resolver Resolver
	Scanner  scan.Scanner // nil: candidates are not verified
	Ledger   Ledger       // nil: nothing is remembered
	Policy   Policy
	Now      func() time.Time
	Progress Progress // nil: silent
}

// Policy is the operator's, narrowed by the repository's.
type Policy struct {
	scan.Policy
	Pin          bool             // give unpinned references a digest
	Update       tag.Level        // how far a tag may move
	Distribution tag.Distribution // when the distribution in a tag may change
	// Left says whether an image is to be left alone, and why; nil: none is.
	Left func(image string, now time.Time) (reason string, ok bool)
}

// Plan returns a bump or a reason for every reference of the snapshot. What cannot be done for one image is a reason on its
// references; an error is returned only when ctx ends.
func (p *Planner) Plan(ctx context.Context, snapshot Snapshot) (Plan, error) {
	plan := Plan{Bumps: []Bump{}, Unchanged: []Unchanged{}}
	heeded := snapshot.Heed(p.Now())
	all := uses(heeded.References)
	answers := p.resolve(ctx, all)
	for i, u := range all {
		p.Progress.report("verify", i, len(all), u.ref().String())
		decided := p.decide(ctx, u, answers[u.ref()])
		if err := ctx.Err(); err != nil {
			return Plan{}, err
		}
		if decided.bump == nil {
			plan.Unchanged = append(plan.Unchanged, u.unchanged(decided.reason, decided.failed)...)
			continue
		}
		plan.Bumps = append(plan.Bumps, *decided.bump)
	}
	p.Progress.report("verify", len(all), len(all), "")
	plan.Bumps = foldPins(plan.Bumps)
	plan.settle(snapshot)
	for _, skipped := range heeded.Skipped {
		plan.Unchanged = append(plan.Unchanged, Unchanged{Image: skipped.Raw, File: skipped.File, Line: skipped.Line, Reason: skipped.Reason})
	}
	sortUnchanged(plan.Unchanged)
	return plan, nil
}

// answer is what a registry said of one tag.
type answer struct {
	digest string
	err    error
}

// lookups bounds concurrent questions; the resolver keeps its own limit per registry.
const lookups = 16

func (p *Planner) resolve(ctx context.Context, all []*use) map[tagged]answer {
	var asked []tagged
	for _, u := range all {
		if u.tag != "" && !slices.Contains(asked, u.ref()) {
			asked = append(asked, u.ref())
		}
	}
	list := make([]answer, len(asked))
	var group errgroup.Group
	group.SetLimit(lookups)
	done := p.Progress.counter("resolve", len(asked))
	for i, ref := range asked {
		group.Go(func() error {
			list[i].digest, list[i].err = p.Resolver.Digest(ctx, ref.image, ref.tag)
			done(ref.String())
			return nil
		})
	}
	_ = group.Wait() // the goroutines return none: each answer carries its own error
	answers := make(map[tagged]answer, len(asked))
	for i, ref := range asked {
		answers[ref] = list[i]
	}
	return answers
}
