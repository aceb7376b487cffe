package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/basebump/basebump/bot"
)

// Remembered is how long an event that was handled is known by its id, so that a second delivery of it does nothing. GitHub hands over
// again for three days.
const Remembered = 4 * 24 * time.Hour

// eventArgs is an event to be handled.
type eventArgs struct {
	Key   string    `json:"key" river:"unique"`
	Event bot.Event `json:"event"`
}

func (eventArgs) Kind() string { return "event" }

// newEvent asks for an event to be handled, unless it was or will be. One that failed for good may come again.
func newEvent(event bot.Event) (river.JobArgs, *river.InsertOpts) {
	handled := append([]rivertype.JobState{rivertype.JobStateCompleted}, unfinished...)
	return eventArgs{key(event), event}, &river.InsertOpts{
		Queue: eventQueue, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: handled},
	}
}

// key is what makes an event the same as another. A delivery's id is not signed; what is done about most events may be done twice, but
// a comment is answered once, whatever id it comes under.
func key(event bot.Event) string {
	if event.Comment != nil {
		return "comment " + strconv.FormatInt(event.Comment.ID, 10)
	}
	return event.ID
}

type eventWorker struct {
	river.WorkerDefaults[eventArgs]
	handle func(context.Context, bot.Event) error
	log    *slog.Logger
}

// NextRetry implements river.Worker.
func (*eventWorker) NextRetry(job *river.Job[eventArgs]) time.Time { return nextRetry(job.JobRow) }

// Work implements river.Worker.
func (w *eventWorker) Work(ctx context.Context, job *river.Job[eventArgs]) error {
	begun := time.Now()
	event := job.Args.Event
	err := w.handle(ctx, event)
	if err == nil {
		err = w.ask(ctx, event)
	}
	log := w.log.With("event", event.Name, "id", event.ID)
	return events.settle(ctx, log, job.JobRow, begun, err)
}

// ask asks for the cycle and the visits that an event gives reason to. A visit that runs already may have read its repository before the
// event, so the event waits until it has ended.
func (w *eventWorker) ask(ctx context.Context, event bot.Event) error {
	queue := river.ClientFromContext[*sql.Tx](ctx)
	if event.Fleet {
		args, options := newCycle()
		if _, err := queue.Insert(ctx, args, options); err != nil {
			return fmt.Errorf("ask for a cycle: %w", err)
		}
	}
	var failures []error
	for _, repository := range event.Visit {
		args, options := newVisit(repository, time.Now())
		result, err := queue.Insert(ctx, args, options)
		switch {
		case err != nil:
			failures = append(failures, fmt.Errorf("ask for a visit of %s: %w", repository, err))
		case result.UniqueSkippedAsDuplicate && result.Job.State == rivertype.JobStateRunning:
			failures = append(failures, errBusy)
		}
	}
	return errors.Join(failures...)
}
