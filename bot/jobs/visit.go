package jobs

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/riverqueue/river"
)

// pause is how long a visit waits for what else happens in its repository: a merge tells of itself in several ways, and so does a person
// who writes twice. It is also how long one waits for another to end.
const pause = 5 * time.Second

// visitArgs asks for one repository to be looked at.
type visitArgs struct {
	Repository string `json:"repository" river:"unique"` // OWNER/NAME in lower case
}

func (visitArgs) Kind() string { return "visit" }

// newVisit asks for a visit soon, unless one waits already.
func newVisit(repository string, now time.Time) (river.JobArgs, *river.InsertOpts) {
	return visitArgs{strings.ToLower(repository)}, &river.InsertOpts{
		Queue: visitQueue, ScheduledAt: now.Add(pause), UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: unfinished},
	}
}

type visitWorker struct {
	river.WorkerDefaults[visitArgs]
	visit func(ctx context.Context, repository string) error
	log   *slog.Logger
}

// Timeout implements river.Worker: none, as for cycles.
func (*visitWorker) Timeout(*river.Job[visitArgs]) time.Duration { return -1 }

// NextRetry implements river.Worker.
func (*visitWorker) NextRetry(job *river.Job[visitArgs]) time.Time { return nextRetry(job.JobRow) }

// Work implements river.Worker.
func (w *visitWorker) Work(ctx context.Context, job *river.Job[visitArgs]) error {
	begun := time.Now()
	err := w.visit(ctx, job.Args.Repository)
	log := w.log.With("repository", job.Args.Repository)
	return visits.settle(ctx, log, job.JobRow, begun, err)
}
