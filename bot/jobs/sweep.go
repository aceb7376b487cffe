package jobs

import (
	"context"
	"database/sql"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// sweepArgs asks the forge to hand over again what it could not.
type sweepArgs struct{}

func (sweepArgs) Kind() string { return "sweep" }

func newSweep() (river.JobArgs, *river.InsertOpts) {
	return sweepArgs{}, &river.InsertOpts{Queue: eventQueue, UniqueOpts: river.UniqueOpts{ByQueue: true, ByState: unfinished}}
}

type sweepWorker struct {
	river.WorkerDefaults[sweepArgs]
	sweep func(ctx context.Context, since time.Time) error
	log   *slog.Logger
}

// Timeout implements river.Worker: what is asked of the forge has its own.
func (*sweepWorker) Timeout(*river.Job[sweepArgs]) time.Duration { return -1 }

// NextRetry implements river.Worker.
func (*sweepWorker) NextRetry(job *river.Job[sweepArgs]) time.Time { return nextRetry(job.JobRow) }

// Work implements river.Worker.
func (w *sweepWorker) Work(ctx context.Context, job *river.Job[sweepArgs]) error {
	begun := time.Now()
	since, err := lastSweep(ctx)
	if err == nil {
		err = w.sweep(ctx, since)
	}
	return sweeps.settle(ctx, w.log, job.JobRow, begun, err)
}

// lastSweep is when the last one that succeeded began; zero when none is remembered.
func lastSweep(ctx context.Context) (time.Time, error) {
	list, err := river.ClientFromContext[*sql.Tx](ctx).JobList(ctx, river.NewJobListParams().
		Kinds(sweepArgs{}.Kind()).States(rivertype.JobStateCompleted).OrderBy(river.JobListOrderByTime, river.SortOrderDesc).First(1))
	if err != nil || len(list.Jobs) == 0 || list.Jobs[0].AttemptedAt == nil {
		return time.Time{}, err
	}
	return *list.Jobs[0].AttemptedAt, nil
}
