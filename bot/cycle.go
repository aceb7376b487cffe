package bot

import (
	"context"
	"errors"
	"fmt"
)

// Cycle walks the fleet once. It is idempotent: a second run over the same world writes nothing.
type Cycle struct {
	Fleet    Fleet
	Planner  *Planner
	Proposer *Proposer // nil: plan only
	Store    Store     // nil: nothing is remembered
	Watches  func(Repository) bool
	Report   func(Result) // told of each repository as it is done; nil: silent
}

// Result is what one cycle did for one repository.
type Result struct {
	Repository Repository
	Plan       Plan
	Outcomes   []Outcome
	Err        error
}

// Run goes through every watched repository. What fails in one stops neither the others nor the cycle; all failures are returned
// joined, each with the repository's name.
func (c *Cycle) Run(ctx context.Context) ([]Result, error) {
	repositories, err := c.Fleet.Repositories(ctx)
	if err != nil {
		return nil, fmt.Errorf("list repositories: %w", err)
	}
	var results []Result
	var failures []error
	for _, repo := range repositories {
		if c.Watches != nil && !c.Watches(repo) {
			continue
		}
		result := c.visit(ctx, repo)
		if ctx.Err() != nil {
			return results, errors.Join(append(failures, ctx.Err())...)
		}
		if result.Err != nil {
			failures = append(failures, fmt.Errorf("%s: %w", repo, result.Err))
		}
		results = append(results, result)
		if c.Report != nil {
			c.Report(result)
		}
	}
	return results, errors.Join(failures...)
}

// visit works on one repository and remembers the result, a failure too, unless the cycle was told to end.
func (c *Cycle) visit(ctx context.Context, repo Repository) Result {
	result := c.work(ctx, repo)
	if c.Store == nil || ctx.Err() != nil {
		return result
	}
	if err := c.Store.SaveResult(ctx, result, c.Planner.Now()); err != nil {
		result.Err = errors.Join(result.Err, fmt.Errorf("save result: %w", err))
	}
	return result
}

func (c *Cycle) work(ctx context.Context, repo Repository) Result {
	result := Result{Repository: repo}
	snapshot, err := Extract(ctx, c.Fleet.Source(repo))
	if err != nil {
		result.Err = err
		return result
	}
	if result.Plan, result.Err = c.Planner.Plan(ctx, snapshot); result.Err != nil {
		return result
	}
	if c.Proposer != nil {
		result.Outcomes, result.Err = c.Proposer.Propose(ctx, repo, snapshot, result.Plan)
	}
	return result
}
