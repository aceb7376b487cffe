package jobs

import (
	"context"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// cycleArgs is the job. It says nothing: a cycle looks at everything.
type cycleArgs struct{}

func (cycleArgs) Kind() string { return "cycle" }

// newCycle asks for a cycle, unless one runs or waits already.
func newCycle() (river.JobArgs, *river.InsertOpts) {
	return cycleArgs{}, &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByQueue: true, ByState: unfinished}}
}

// unfinished are the states of a job that runs or waits.
var unfinished = []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled,
}

type worker struct {
	river.WorkerDefaults[cycleArgs]
	cycle func(context.Context) error
	log   *slog.Logger
}

// Timeout implements river.Worker: none, since the first cycle over a large fleet may take hours, and each of its steps has its own.
func (*worker) Timeout(*river.Job[cycleArgs]) time.Duration { return -1 }

// NextRetry implements river.Worker.
func (*worker) NextRetry(job *river.Job[cycleArgs]) time.Time { return nextRetry(job.JobRow) }

// Work implements river.Worker.
func (w *worker) Work(ctx context.Context, job *river.Job[cycleArgs]) error {
	begun := time.Now()
	err := w.cycle(ctx)
	return cycles.settle(ctx, w.log, job.JobRow, begun, err)
}
