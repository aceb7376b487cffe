package github

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	gh "github.com/google/go-github/v60/github"
)

const (
	kept     = 3 * 24 * time.Hour // GitHub hands over again what is no older
	overlap  = 2 * time.Hour      // a sweep looks back further than the one before, to count what was tried already
	attempts = 3                  // in all
	settling = time.Minute        // what is younger may be under way

	// Bounds of one sweep; what is left is found by the next, and by the schedule.
	maxPages     = 20
	maxRedeliver = 50
)

// Swept is what came of a sweep.
type Swept struct {
	Seen      int  // deliveries
	Again     int  // events that GitHub was asked to hand over again
	GivenUp   int  // events that failed too often
	Shortened bool // not all were looked at, or asked for
}

// Redeliver asks GitHub to hand over again the events since a time of which no delivery succeeded; GitHub does not by itself. It does
// nothing for a token, which has no webhooks.
func (c *Client) Redeliver(ctx context.Context, since time.Time) (Swept, error) {
	if c.key == nil {
		return Swept{}, nil
	}
	var swept Swept
	now := c.options.Now()
	oldest := now.Add(-kept)
	if from := since.Add(-overlap); from.After(oldest) {
		oldest = from
	}
	lost, err := c.lost(ctx, oldest, &swept)
	if err != nil {
		return swept, err
	}
	for _, event := range lost {
		switch {
		case event.tried >= attempts || !event.whole:
			swept.GivenUp++
			continue
		case now.Sub(event.last.GetDeliveredAt().Time) < settling:
			continue
		case swept.Again == maxRedeliver:
			swept.Shortened = true
			return swept, nil
		}
		if err := c.again(ctx, event.last); err != nil {
			return swept, err
		}
		swept.Again++
	}
	return swept, nil
}

// delivered is what is known of one event's deliveries.
type delivered struct {
	last  *gh.HookDelivery // the newest
	tried int
	whole bool // the first attempt is among them
	done  bool
}

// lost returns the events that were delivered in vain, the newest first.
func (c *Client) lost(ctx context.Context, oldest time.Time, swept *Swept) ([]*delivered, error) {
	byEvent := map[string]*delivered{}
	var order []*delivered
	options := &gh.ListCursorOptions{PerPage: perPage}
	for pages := 0; ; pages++ {
		if pages == maxPages {
			swept.Shortened = true
			break
		}
		page, resp, err := c.asApp().Apps.ListHookDeliveries(ctx, options)
		if err != nil {
			return nil, failed("list the webhook deliveries of", "the App", err)
		}
		reached := false
		for _, one := range page {
			if reached = one.GetDeliveredAt().Before(oldest); reached {
				break
			}
			swept.Seen++
			event := byEvent[one.GetGUID()]
			if event == nil {
				event = &delivered{last: one}
				byEvent[one.GetGUID()] = event
				order = append(order, event)
			}
			event.tried++
			event.whole = event.whole || !one.GetRedelivery()
			event.done = event.done || one.GetStatusCode() >= http.StatusOK && one.GetStatusCode() < http.StatusMultipleChoices
		}
		if options.Cursor = resp.Cursor; options.Cursor == "" || reached {
			break
		}
	}
	return slices.DeleteFunc(order, func(event *delivered) bool { return event.done }), nil
}

// again asks for one delivery; GitHub answers that it accepted to.
func (c *Client) again(ctx context.Context, delivery *gh.HookDelivery) error {
	_, _, err := c.asApp().Apps.RedeliverHookDelivery(ctx, delivery.GetID())
	if _, accepted := errors.AsType[*gh.AcceptedError](err); err == nil || accepted || status(err) == http.StatusNotFound {
		return nil // it may be too old by now
	}
	return failed("ask for webhook delivery", delivery.GetGUID(), err)
}
