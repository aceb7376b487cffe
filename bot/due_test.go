package bot_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
)

// single is a fleet of one repository.
type single struct{ source bot.Source }

func (s single) Repositories(context.Context) ([]bot.Repository, error) {
	return []bot.Repository{{Owner: "acme", Name: "app"}}, nil
}

func (s single) Source(bot.Repository) bot.Source { return s.source }

type daily struct{}

func (daily) Next(t time.Time) time.Time { return t.Add(24 * time.Hour) }

// TestOwnSchedule: a repository is left alone between what its own schedule names, and the store keeps what it knew.
func TestOwnSchedule(t *testing.T) {
	t.Parallel()
	r, s := world()
	now := planner(r, s).Now()
	for name, tc := range map[string]struct {
		planned time.Time
		err     error
		own     bool
		orders  []bot.Order
		due     bool
	}{
		"never planned":         {own: true, due: true},
		"planned an hour ago":   {planned: now.Add(-time.Hour), own: true},
		"planned yesterday":     {planned: now.Add(-24 * time.Hour), own: true, due: true},
		"without a schedule":    {planned: now.Add(-time.Hour), due: true},
		"somebody waits":        {planned: now.Add(-time.Hour), own: true, orders: []bot.Order{{Kind: bot.OrderRebase}}, due: true},
		"nobody waits":          {planned: now.Add(-time.Hour), own: true, orders: []bot.Order{{Kind: bot.OrderHold}}},
		"who knows when it was": {err: errors.New("disk full"), own: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, s := world()
			cycle := &bot.Cycle{
				Fleet: single{tree{"Dockerfile": "FROM debian:12@" + oldDigest + "\n"}}, Planner: planner(r, s),
				Planned: func(context.Context, string) (time.Time, error) { return tc.planned, tc.err },
			}
			cycle.Customize = func([]byte) (bot.Custom, error) {
				custom := bot.Custom{Policy: cycle.Planner.Policy}
				if tc.own {
					custom.Schedule = daily{}
				}
				return custom, nil
			}
			if tc.orders != nil {
				cycle.Talk = &bot.Talk{Orders: ordered(tc.orders), Now: cycle.Planner.Now}
				cycle.Forge = &forge{}
				cycle.Customize = func([]byte) (bot.Custom, error) {
					return bot.Custom{Policy: cycle.Planner.Policy, Schedule: daily{}, PullRequests: bot.PullRequests{BranchPrefix: "basebump/", Limit: 10}}, nil
				}
			}
			results, err := cycle.Run(t.Context())
			switch {
			case tc.err != nil:
				if want := "acme/app: recall the last plan: disk full"; err == nil || err.Error() != want {
					t.Errorf("error %v, want %s", err, want)
				}
			case err != nil || len(results) != 1 || results[0].Due.IsZero() != tc.due || len(results[0].Plan.Bumps) > 0 != tc.due:
				t.Errorf("%v, %+v", err, results)
			case !tc.due:
				if diff := cmp.Diff(tc.planned.Add(24*time.Hour), results[0].Due); diff != "" {
					t.Errorf("due (-want +got):\n%s", diff)
				}
			}
		})
	}
}

// ordered are orders that stay.
type ordered []bot.Order

func (o ordered) Give(context.Context, string, bot.Order) error                { return nil }
func (o ordered) Given(context.Context, string) ([]bot.Order, error)           { return o, nil }
func (o ordered) Drop(context.Context, string, string, ...bot.OrderKind) error { return nil }
func (o ordered) Listen(context.Context, string, int, time.Time) error         { return nil }
func (o ordered) Listened(context.Context, string, int) (time.Time, error) {
	return time.Now(), nil
}
