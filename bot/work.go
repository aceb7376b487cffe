package bot

import (
	"context"
	"errors"
	"fmt"
)

// work looks after one repository. When people have written something since, it does so once more, so that nobody waits for the next
// cycle.
func (c *Cycle) work(ctx context.Context, repo Repository) Result {
	if c.Forge == nil || c.Social != nil && !c.Social(repo) {
		silent := *c
		silent.Talk, silent.Desk = nil, nil
		c = &silent
	}
	result := c.workOnce(ctx, repo)
	if c.Talk == nil || result.Err != nil {
		return result
	}
	var open []Proposal
	for _, o := range result.Outcomes {
		if o.Proposal.Number != 0 && o.Action != Opened {
			open = append(open, o.Proposal)
		}
	}
	heard, err := c.Talk.Hear(ctx, repo, open)
	if err != nil {
		result.Err = fmt.Errorf("listen: %w", err)
		return result
	}
	if heard {
		return c.workOnce(ctx, repo)
	}
	return result
}

// workOnce plans, and brings the proposals in line with the plan and with what people ordered.
func (c *Cycle) workOnce(ctx context.Context, repo Repository) Result {
	result := Result{Repository: repo}
	orders, err := c.orders(ctx, repo)
	if err != nil {
		result.Err = err
		return result
	}
	snapshot, plan, custom, err := Inspect(ctx, c.Fleet.Source(repo), c.Planner, orders.customize(c.Customize))
	result.Plan, result.Err = plan, errors.Join(err, c.tellConfig(ctx, repo, custom, err))
	if result.Err != nil || c.Forge == nil {
		return result
	}
	if plan.yields(custom) {
		result.Outcomes = plan.yield()
		return result
	}
	proposer := Proposer{Forge: c.Forge, Settings: custom.PullRequests}
	result.Outcomes, result.Err = proposer.Propose(ctx, repo, snapshot, plan)
	return result
}

// orders are what people told us about the repository.
func (c *Cycle) orders(ctx context.Context, repo Repository) (given, error) {
	if c.Talk == nil {
		return nil, nil
	}
	orders, err := c.Talk.Orders.Given(ctx, repo.String())
	if err != nil {
		return nil, fmt.Errorf("recall orders: %w", err)
	}
	return orders, nil
}

// tellConfig says in an issue that the repository's own configuration is broken, and closes that when it is not any more.
func (c *Cycle) tellConfig(ctx context.Context, repo Repository, custom Custom, err error) error {
	broken, isBroken := errors.AsType[*BrokenCustom](err)
	switch {
	case c.Desk == nil:
		return nil
	case isBroken:
		err = c.Desk.Broken(ctx, repo, broken)
	case err == nil:
		err = c.Desk.Mended(ctx, repo, custom.Own)
	default:
		return nil
	}
	if err != nil {
		return fmt.Errorf("tell of %s: %w", customFile, err)
	}
	return nil
}
