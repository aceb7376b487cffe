package bot

import (
	"context"
	"time"
)

// Order is what a person told us about one branch of ours. It holds until it is done, taken back, or over.
type Order struct {
	Branch  string // of the proposal, which names its image too; see Proposer
	Number  int    // of the proposal; 0 for one that is not open yet
	Kind    OrderKind
	Until   time.Time // the last day of an Ignore, in UTC; zero: for ever
	Reason  string    // as the person wrote it
	By      string    // the person's login
	Asked   time.Time
	Comment int64 // that asked; 0: a box was ticked
}

// OrderKind says what was ordered. There is one order of a kind for a branch.
type OrderKind string

const (
	OrderRebase   OrderKind = "rebase"   // once
	OrderRecreate OrderKind = "recreate" // once
	OrderOpen     OrderKind = "open"     // once: whatever the limits say
	OrderExplain  OrderKind = "explain"  // once
	OrderHold     OrderKind = "hold"
	OrderIgnore   OrderKind = "ignore"
	OrderRecheck  OrderKind = "recheck" // once: show the check anew
)

// Orders remembers what people told us. Repositories are named OWNER/NAME. Safe for concurrent use.
type Orders interface {
	// Give keeps an order, in place of one of the same kind for the same branch.
	Give(ctx context.Context, repository string, order Order) error
	// Given returns a repository's orders, the oldest first.
	Given(ctx context.Context, repository string) ([]Order, error)
	// Drop forgets the orders of these kinds for a branch; of every kind when none is named.
	Drop(ctx context.Context, repository, branch string, kinds ...OrderKind) error
	// Listened returns up to when what people wrote below a proposal was read; the zero time before the first.
	Listened(ctx context.Context, repository string, number int) (time.Time, error)
	// Listen keeps that.
	Listen(ctx context.Context, repository string, number int, upTo time.Time) error
}

// Over says whether an order to ignore has run out.
func (o Order) Over(now time.Time) bool {
	return !o.Until.IsZero() && !now.Before(o.Until.AddDate(0, 0, 1))
}

// isOnce says whether the order is to change a proposal, once.
func (o Order) isOnce() bool {
	switch o.Kind {
	case OrderRebase, OrderRecreate, OrderOpen, OrderRecheck:
		return true
	}
	return false
}
