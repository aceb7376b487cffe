// Package jobs runs cycles on a schedule, and visits that events ask for, as jobs of a durable queue: work that was interrupted is done
// again, what must wait for a rate limit waits in the queue, and there are never two cycles at once.
//
// The queue lives in a SQLite file of its own beside the state. It may be deleted at any time: the schedule is the truth, and everything
// may be run again at no harm. The work itself is none of this package's business.
package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/store/sqlite"
	"github.com/basebump/basebump/config/fault"
)

// Schedule says when something is due after a time; cron.Schedule is one.
type Schedule interface {
	Next(time.Time) time.Time
}

// Service runs cycles, visits and sweeps. All fields must be set, except Last, and those of what it is not to do.
type Service struct {
	File     string // of the queue
	Schedule Schedule
	Last     time.Time     // when the last cycle began; zero: never. A cycle missed since is run at once
	Grace    time.Duration // how long running work may go on after the end was asked for
	Log      *slog.Logger
	// Cycle does the work. It must be idempotent, and return soon after its context has ended.
	Cycle func(context.Context) error
	// Visit looks at one repository (OWNER/NAME, in lower case), while a cycle runs too. It may return Busy. Nil: no events are taken.
	Visit func(ctx context.Context, repository string) error
	// Handle does what an event asks for, but for its visits and its cycle.
	Handle func(context.Context, bot.Event) error
	// Sweep asks the forge to hand over again what it could not since a time, the zero time where none is remembered. Nil: it is not asked.
	Sweep      func(ctx context.Context, since time.Time) error
	SweepEvery time.Duration

	clock rivertype.TimeGenerator // nil outside of tests
}

// Queue is an open queue. It takes events before it runs and while it does.
type Queue struct {
	file   string
	db     *sql.DB
	client *river.Client[*sql.Tx]
}

// Open opens the queue's file, which no second process may have open. Close it.
func (s Service) Open(ctx context.Context) (_ *Queue, err error) {
	q := &Queue{file: s.File}
	defer func() {
		if err != nil {
			err = q.failed("open", errors.Join(err, q.Close()))
		}
	}()
	if q.db, err = sqlite.OpenAlone(ctx, s.File); err != nil {
		return nil, err
	}
	if err := prepare(ctx, q.db); err != nil {
		return nil, err
	}
	q.client, err = river.NewClient(riversqlite.New(q.db), s.config(time.Now()))
	return q, err
}

// Take keeps an event durably, to be handled soon. It reports whether the event is new: one that waits, or was handled, is not kept again.
func (q *Queue) Take(ctx context.Context, event bot.Event) (fresh bool, err error) {
	args, options := newEvent(event)
	result, err := q.client.Insert(ctx, args, options)
	if err != nil {
		return false, q.failed("keep an event in", err)
	}
	return !result.UniqueSkippedAsDuplicate, nil
}

// Run works until ctx ends, and returns when the last job has. An error means that it could not start.
func (q *Queue) Run(ctx context.Context) error {
	if err := q.client.Start(ctx); err != nil {
		return q.failed("open", fmt.Errorf("start workers: %w", err))
	}
	<-q.client.Stopped()
	return nil
}

// Close closes the file.
func (q *Queue) Close() error {
	if q.db == nil {
		return nil
	}
	return q.db.Close()
}

func (q *Queue) failed(op string, err error) error {
	return &fault.Error{Op: op, Target: "queue " + q.file, Class: fault.ClassOf(err), Hint: fault.Hint(err), Err: err}
}

// The queues. A cycle may take hours, and holds up neither visits nor events.
const (
	visitQueue = "visits"
	eventQueue = "events"
)

func (s Service) config(now time.Time) *river.Config {
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker{cycle: s.Cycle, log: s.Log})
	queues := map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 1, FetchPollInterval: 5 * time.Second}}
	periodic := []*river.PeriodicJob{
		river.NewPeriodicJob(s.Schedule, newCycle, &river.PeriodicJobOpts{RunOnStart: missed(s.Schedule, s.Last, now)}),
	}
	if s.Visit != nil {
		river.AddWorker(workers, &visitWorker{visit: s.Visit, log: s.Log})
		river.AddWorker(workers, &eventWorker{handle: s.Handle, log: s.Log})
		queues[visitQueue] = river.QueueConfig{MaxWorkers: 4, FetchPollInterval: 2 * time.Second}
		queues[eventQueue] = river.QueueConfig{MaxWorkers: 32} // with SQLite as many are fetched at once as there are workers
	}
	if s.Sweep != nil {
		river.AddWorker(workers, &sweepWorker{sweep: s.Sweep, log: s.Log})
		periodic = append(periodic, river.NewPeriodicJob(river.PeriodicInterval(s.SweepEvery), newSweep, &river.PeriodicJobOpts{RunOnStart: true}))
	}
	return &river.Config{
		CompletedJobRetentionPeriod: Remembered,
		Logger:                      quiet(s.Log),
		MaxAttempts:                 maxAttempts,
		PeriodicJobs:                periodic,
		PollOnly:                    true, // listening means asking SQLite 20 times a second
		Queues:                      queues,
		SoftStopTimeout:             s.Grace,
		Test:                        river.TestConfig{Time: s.clock},
		Workers:                     workers,
	}
}

// missed says whether a cycle was due between the last one and now.
func missed(schedule Schedule, last, now time.Time) bool {
	return last.IsZero() || !schedule.Next(last).After(now)
}

// prepare brings the queue's tables up to date and takes up what a process that was killed left running. Nobody else can be running
// it, since the file is ours alone.
func prepare(ctx context.Context, db *sql.DB) error {
	migrator, err := rivermigrate.New(riversqlite.New(db), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	_, err = db.ExecContext(ctx, `UPDATE river_job SET state = ?, attempt = max(attempt - 1, 0) WHERE state = ?`,
		rivertype.JobStateAvailable, rivertype.JobStateRunning)
	return err
}
