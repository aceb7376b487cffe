// Package jobs runs cycles on a schedule, as jobs of a durable queue: a cycle that was interrupted is done again, one that must wait for
// a rate limit waits in the queue, and there are never two at once.
//
// The queue lives in a SQLite file of its own beside the state. It may be deleted at any time: the schedule is the truth, and a cycle
// may be run again at no harm. A cycle's work is none of this package's business.
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

	"github.com/basebump/basebump/bot/store/sqlite"
	"github.com/basebump/basebump/config/fault"
)

// Schedule says when something is due after a time; cron.Schedule is one.
type Schedule interface {
	Next(time.Time) time.Time
}

// Service runs cycles. All fields must be set, except Last.
type Service struct {
	File     string // of the queue
	Schedule Schedule
	Last     time.Time     // when the last cycle began; zero: never. A cycle missed since is run at once
	Grace    time.Duration // how long a running cycle may go on after the end was asked for
	Log      *slog.Logger
	// Cycle does the work. It must be idempotent, and return soon after its context has ended.
	Cycle func(context.Context) error

	clock rivertype.TimeGenerator // nil outside of tests
}

// Run runs cycles until ctx ends, and returns when the last one has returned. An error means that it could not start.
func (s Service) Run(ctx context.Context) (err error) {
	defer func() {
		if err != nil {
			err = &fault.Error{Op: "open", Target: "queue " + s.File, Class: fault.ClassOf(err), Hint: fault.Hint(err), Err: err}
		}
	}()
	db, err := sqlite.OpenAlone(ctx, s.File)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := prepare(ctx, db); err != nil {
		return err
	}
	client, err := river.NewClient(riversqlite.New(db), s.config(time.Now()))
	if err != nil {
		return err
	}
	if err := client.Start(ctx); err != nil {
		return fmt.Errorf("start workers: %w", err)
	}
	<-client.Stopped()
	return nil
}

func (s Service) config(now time.Time) *river.Config {
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker{cycle: s.Cycle, log: s.Log})
	due := river.NewPeriodicJob(s.Schedule, newCycle, &river.PeriodicJobOpts{RunOnStart: missed(s.Schedule, s.Last, now)})
	return &river.Config{
		Logger:          quiet(s.Log),
		MaxAttempts:     maxAttempts,
		PeriodicJobs:    []*river.PeriodicJob{due},
		PollOnly:        true, // listening means asking SQLite 20 times a second
		Queues:          map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 1}},
		SoftStopTimeout: s.Grace,
		Test:            river.TestConfig{Time: s.clock},
		Workers:         workers,
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
