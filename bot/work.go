package bot

import (
	"context"
	"errors"
	"fmt"
)

// look is what one look at a repository came to.
type look struct {
	Result
	custom Custom
	orders given
}

// work looks after one repository. When people have told us something since, it does so once more, so that nobody waits for the next
// cycle.
func (c *Cycle) work(ctx context.Context, repo Repository) Result {
	if c.Social != nil && !c.Social(repo) {
		silent := *c
		silent.Talk, silent.Desk = nil, nil
		c = &silent
	}
	l := c.look(ctx, repo)
	if l.Err != nil || c.Forge == nil {
		return l.Result
	}
	told, posted, err := c.listen(ctx, l)
	if err != nil {
		l.Err = fmt.Errorf("listen: %w", err)
		return l.Result
	}
	if told {
		l = c.look(ctx, repo)
	}
	if l.Err == nil {
		l.Err = c.show(ctx, l, posted)
	}
	return l.Result
}

// look plans, and brings the proposals in line with the plan and with what people ordered.
func (c *Cycle) look(ctx context.Context, repo Repository) look {
	l := look{Result: Result{Repository: repo}}
	if l.orders, l.Err = c.orders(ctx, repo); l.Err != nil {
		return l
	}
	snapshot, plan, custom, err := Inspect(ctx, c.Fleet.Source(repo), c.Planner, l.orders.customize(c.whenDue(ctx, repo, l.orders)))
	l.Plan, l.custom, l.Err = plan, custom, errors.Join(err, c.tellConfig(ctx, repo, custom, err))
	switch {
	case l.Err != nil || c.Forge == nil:
	case plan.yields(custom):
		l.Outcomes = plan.yield()
	default:
		proposer := Proposer{Forge: c.Forge, Settings: custom.PullRequests, Orders: l.orders}
		if proposer.Looked, l.Err = c.looked(ctx, repo); l.Err != nil {
			return l
		}
		if c.Store != nil {
			proposer.Memory = c.Store
		}
		l.Outcomes, l.Err = proposer.Propose(ctx, repo, snapshot, plan)
	}
	if err == nil && c.Forge != nil {
		l.Err = errors.Join(l.Err, c.fulfil(ctx, l))
	}
	return l
}

// looked says that the store knows what is open in the repository.
func (c *Cycle) looked(ctx context.Context, repo Repository) (bool, error) {
	if c.Store == nil || c.Planned == nil {
		return false, nil
	}
	last, err := c.Planned(ctx, repo.String())
	if err != nil {
		return false, fmt.Errorf("recall the last plan: %w", err)
	}
	return !last.IsZero(), nil
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

// listen reads what people have told us since we last looked: below proposals, and on the dashboard, which it returns.
func (c *Cycle) listen(ctx context.Context, l look) (told bool, posted Posted, err error) {
	if c.Talk == nil {
		return false, Posted{}, nil
	}
	var open []Proposal
	for _, o := range l.Outcomes {
		if o.Proposal.Number != 0 && o.Action != Opened {
			open = append(open, o.Proposal)
		}
	}
	if told, err = c.Talk.Hear(ctx, l.Repository, open); err != nil || c.Desk == nil || !l.custom.Dashboard {
		return told, Posted{}, err
	}
	if posted, err = c.Desk.Dashboard(ctx, l.Repository); err != nil || !posted.Open {
		return told, posted, err
	}
	ticks := Ticks(posted.Body)
	return told || len(ticks) > 0, posted, c.Talk.heed(ctx, l.Repository.String(), ticks, "somebody")
}

// show keeps the dashboard.
func (c *Cycle) show(ctx context.Context, l look, posted Posted) error {
	var err error
	switch {
	case c.Desk == nil:
	case l.custom.Dashboard:
		err = c.Desk.Show(ctx, l.Repository, posted, Dashboard(l.Plan, l.Outcomes, l.orders, c.Planner.Now()))
	default:
		err = c.Desk.Hide(ctx, l.Repository)
	}
	if err != nil {
		return fmt.Errorf("show the dashboard: %w", err)
	}
	return nil
}

// tellConfig says in an issue that the repository's own configuration is broken, and closes that when it is not any more.
func (c *Cycle) tellConfig(ctx context.Context, repo Repository, custom Custom, err error) error {
	broken, isBroken := errors.AsType[*BrokenCustom](err)
	switch {
	case c.Desk == nil || c.Forge == nil:
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
