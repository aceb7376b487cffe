package bot

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Schedule says when something is due after a time.
type Schedule interface {
	Next(time.Time) time.Time
}

// notDue is the error of a repository whose own schedule leaves it alone until then.
type notDue struct{ until time.Time }

func (n *notDue) Error() string {
	return "not due until " + n.until.UTC().Format("2006-01-02 15:04 UTC")
}

// whenDue refuses to go on with a repository before its own schedule says so, unless it was never planned, or a person waits for
// something that was ordered.
func (c *Cycle) whenDue(ctx context.Context, repo Repository, orders given) Customize {
	return func(data []byte) (Custom, error) {
		custom, err := c.Customize(data)
		if err != nil || custom.Schedule == nil || c.Planned == nil || orders.wait() {
			return custom, err
		}
		last, err := c.Planned(ctx, repo.String())
		if err != nil {
			return custom, fmt.Errorf("recall the last plan: %w", err)
		}
		if next := custom.Schedule.Next(last); !last.IsZero() && c.Planner.Now().Before(next) {
			return custom, &notDue{next}
		}
		return custom, nil
	}
}

// wait reports whether something was ordered that is done once.
func (g given) wait() bool {
	return slices.ContainsFunc(g, func(o Order) bool { return o.Kind != OrderHold && o.Kind != OrderIgnore })
}
