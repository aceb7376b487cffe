package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/jobs"
	"github.com/basebump/basebump/config/fault"
)

// desk is a queue of events whose every deed is written down, with the seconds since the start in front.
type desk struct {
	t       *testing.T
	start   time.Time
	did     chan string
	service jobs.Service
	visit   func(repository string) error
	handle  func(bot.Event) error
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, start: time.Now(), did: make(chan string, 1000)}
	d.service = jobs.Service{
		File: file(t), Last: d.start, Schedule: yearly{}, Grace: time.Hour, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		Cycle: func(context.Context) error { d.note("cycle"); return nil },
		Visit: func(_ context.Context, repository string) error {
			d.note("visit " + repository)
			if d.visit != nil {
				return d.visit(repository)
			}
			return nil
		},
		Handle: func(_ context.Context, event bot.Event) error {
			if d.handle == nil {
				return nil
			}
			d.note("handle " + event.ID)
			return d.handle(event)
		},
	}
	return d
}

type yearly struct{}

func (yearly) Next(t time.Time) time.Time { return t.AddDate(1, 0, 0) }

func (d *desk) note(what string) {
	d.did <- fmt.Sprintf("%03.0f %s", time.Since(d.start).Seconds(), what)
}

// run works for so many seconds, and takes events on the way, each after so many.
func (d *desk) run(seconds time.Duration, events map[time.Duration][]bot.Event) {
	d.t.Helper()
	queue, err := d.service.OnBubbleClock().Open(d.t.Context())
	if err != nil {
		d.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(d.t.Context(), seconds*time.Second)
	defer cancel()
	for after, batch := range events {
		time.AfterFunc(after*time.Second, func() {
			for _, event := range batch {
				fresh, err := queue.Take(d.t.Context(), event)
				if err != nil {
					d.t.Error(err)
				}
				if !fresh {
					d.note("known " + event.ID)
				}
			}
		})
	}
	if err := errors.Join(queue.Run(ctx), queue.Close()); err != nil {
		d.t.Fatal(err)
	}
}

// done returns what was done, without the seconds unless they are asked for.
func (d *desk) done(seconds bool) []string {
	close(d.did)
	var lines []string
	for line := range d.did {
		if !seconds {
			_, line, _ = strings.Cut(line, " ")
		}
		lines = append(lines, line)
	}
	return lines
}

func (d *desk) expect(want ...string) {
	d.t.Helper()
	if diff := cmp.Diff(want, d.done(false)); diff != "" {
		d.t.Errorf("done (-want +got):\n%s", diff)
	}
}

func push(id string, repositories ...string) bot.Event {
	return bot.Event{ID: id, Name: "push", Visit: repositories}
}

// TestVisitsAreCoalesced: however many events name a repository within a few seconds, it is visited once, and a little later.
func TestVisitsAreCoalesced(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := newDesk(t)
		d.run(30, map[time.Duration][]bot.Event{
			1: {push("a", "acme/web"), push("b", "Acme/Web"), push("c", "acme/web", "acme/api")}, 2: {push("d", "acme/web")},
		})
		lines := d.done(true)
		if len(lines) != 2 {
			t.Fatalf("done %v", lines)
		}
		for _, line := range lines {
			if at, _, _ := strings.Cut(line, " "); at < "006" || at > "013" {
				t.Errorf("%s: not a few seconds later", line)
			}
		}
	})
}

// TestVisitAfterTheOneThatRuns: what happens during a visit is seen by another one.
func TestVisitAfterTheOneThatRuns(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := newDesk(t)
		d.visit = func(string) error { time.Sleep(20 * time.Second); return nil }
		d.run(75, map[time.Duration][]bot.Event{0: {push("a", "acme/web")}, 20: {push("b", "acme/web"), push("c", "acme/web")}})
		d.expect("visit acme/web", "visit acme/web")
	})
}

// TestVisitsAndTheCycleDoNotWaitForEachOther: but who finds a repository taken comes again.
func TestVisitsAndTheCycleDoNotWaitForEachOther(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := newDesk(t)
		d.service.Last = time.Time{} // a cycle at once
		d.service.Cycle = func(context.Context) error {
			d.note("cycle begins")
			time.Sleep(time.Minute)
			d.note("cycle ends")
			return nil
		}
		taken := true
		d.visit = func(string) error {
			if taken {
				taken = false
				return jobs.Busy()
			}
			return nil
		}
		d.run(70, map[time.Duration][]bot.Event{10: {push("a", "acme/web")}})
		d.expect("cycle begins", "visit acme/web", "visit acme/web", "cycle ends")
	})
}

// TestDuplicates: an event that was handled is known; one that failed may come again.
func TestDuplicates(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := newDesk(t)
		broken := true
		d.handle = func(event bot.Event) error {
			if event.ID == "b" && broken {
				broken = false
				return &fault.Error{Class: fault.Permanent, Err: errors.New("broken")}
			}
			return nil
		}
		a, b := bot.Event{ID: "a", Name: "x"}, bot.Event{ID: "b", Name: "x"}
		d.run(80, map[time.Duration][]bot.Event{0: {a}, 10: {b}, 20: {a}, 40: {b}, 60: {b}})
		d.expect("handle a", "handle b", "known a", "handle b", "known b")
	})
}

// TestCommentIsAnsweredOnce: whatever id its delivery comes under, which nobody signs.
func TestCommentIsAnsweredOnce(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := newDesk(t)
		d.handle = func(bot.Event) error { return nil }
		comment := func(id string, comment int64) bot.Event {
			return bot.Event{ID: id, Comment: &bot.Comment{Repository: "acme/web", ID: comment}}
		}
		d.run(40, map[time.Duration][]bot.Event{0: {comment("a", 7)}, 10: {comment("b", 7)}, 20: {comment("c", 8)}})
		d.expect("handle a", "known b", "handle c")
	})
}

// TestEventsSurviveARestart: what was taken is done by the next process, and what was done is known to it.
func TestEventsSurviveARestart(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := newDesk(t)
		d.handle = func(bot.Event) error { return nil }
		queue, err := d.service.OnBubbleClock().Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if fresh, err := queue.Take(t.Context(), push("a", "acme/web")); !fresh || err != nil {
			t.Errorf("%v, %v", fresh, err)
		}
		if err := queue.Close(); err != nil { // it never ran
			t.Fatal(err)
		}
		d.run(30, map[time.Duration][]bot.Event{20: {push("a", "acme/web")}})
		d.expect("handle a", "visit acme/web", "known a")
	})
}

// TestRateLimitedVisitIsSnoozed: no worker sleeps, and others go on.
func TestRateLimitedVisitIsSnoozed(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := newDesk(t)
		first := true
		d.visit = func(repository string) error {
			if repository == "acme/web" && first {
				first = false
				return limit(1)
			}
			return nil
		}
		d.run(90, map[time.Duration][]bot.Event{0: {push("a", "acme/web")}, 20: {push("b", "acme/api")}})
		d.expect("visit acme/web", "visit acme/api", "visit acme/web")
	})
}

func TestCycleOnDemand(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := newDesk(t)
		d.service.Cycle = func(context.Context) error {
			d.note("cycle")
			time.Sleep(time.Minute)
			return nil
		}
		d.run(20, map[time.Duration][]bot.Event{0: {{ID: "a", Fleet: true}, {ID: "b", Fleet: true}}})
		d.expect("cycle")
	})
}

// TestSweep: at the start and when it is due, from the last one that succeeded.
func TestSweep(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := newDesk(t)
		var begun, since []time.Time
		d.service.SweepEvery = 20 * time.Second
		d.service.Sweep = func(_ context.Context, last time.Time) error {
			begun, since = append(begun, time.Now()), append(since, last)
			if len(begun) == 2 {
				return &fault.Error{Class: fault.Permanent, Err: errors.New("broken")}
			}
			return nil
		}
		d.run(80, nil)
		if len(begun) < 4 || !since[0].IsZero() {
			t.Fatalf("swept at %v, since %v", begun, since)
		}
		for i, last := range map[int]int{1: 0, 2: 0, 3: 2} {
			if off := begun[last].Sub(since[i]).Abs(); off > time.Second {
				t.Errorf("sweep %d is since %v, want since sweep %d at %v", i, since[i], last, begun[last])
			}
		}
	})
}
