package jobs

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/basebump/basebump/config/fault"
)

// maxAttempts is how often a cycle is tried that fails for no known reason; then the next one is due anyway.
const maxAttempts = 3

// cycleArgs is the job. It says nothing: a cycle looks at everything.
type cycleArgs struct{}

func (cycleArgs) Kind() string { return "cycle" }

// newCycle asks for a cycle, unless one runs or waits already.
func newCycle() (river.JobArgs, *river.InsertOpts) {
	return cycleArgs{}, &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByQueue: true, ByState: []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled,
	}}}
}

type worker struct {
	river.WorkerDefaults[cycleArgs]
	cycle func(context.Context) error
	log   *slog.Logger
}

// Timeout implements river.Worker: none, since the first cycle over a large fleet may take hours, and each of its steps has its own.
func (*worker) Timeout(*river.Job[cycleArgs]) time.Duration { return -1 }

// NextRetry implements river.Worker: after one minute, then after two.
func (*worker) NextRetry(job *river.Job[cycleArgs]) time.Time {
	return time.Now().Add(time.Duration(job.Attempt) * time.Minute)
}

// Work implements river.Worker. It logs what comes of the cycle, since for the queue a failure is only a state.
func (w *worker) Work(ctx context.Context, job *river.Job[cycleArgs]) error {
	begun := time.Now()
	err := w.cycle(ctx)
	took := slog.Duration("took", time.Since(begun).Round(time.Millisecond))
	if err == nil {
		w.log.InfoContext(ctx, "cycle done", took)
		return nil
	}
	problem := slog.String("error", fault.Text(err))
	switch at, ok := retryAt(err); {
	case ctx.Err() != nil:
		w.log.InfoContext(ctx, "cycle interrupted; it starts anew with the next start", took)
		return context.Cause(ctx)
	case ok:
		w.log.WarnContext(ctx, "cycle waits", slog.Time("until", at), took, problem)
		return river.JobSnooze(max(time.Until(at), 0))
	case hopeless(err):
		w.log.ErrorContext(ctx, "cycle failed; the next is run when it is due", took, problem)
		return river.JobCancel(err)
	case job.Attempt >= job.MaxAttempts:
		w.log.ErrorContext(ctx, "cycle failed too often; the next is run when it is due", took, problem)
		return err
	}
	w.log.WarnContext(ctx, "cycle failed; it is tried again", slog.Time("at", w.NextRetry(job)), took, problem)
	return err
}

// retryAt returns the latest time before which a failure in err's tree must not be tried again.
func retryAt(err error) (latest time.Time, ok bool) {
	for leaf := range leaves(err) {
		if at, limited := fault.RetryAt(leaf); limited && at.After(latest) {
			latest, ok = at, true
		}
	}
	return latest, ok
}

// hopeless says whether nothing in err's tree would go better if it were tried again soon.
func hopeless(err error) bool {
	for leaf := range leaves(err) {
		switch fault.ClassOf(leaf) {
		case fault.Permanent, fault.Auth, fault.NotFound:
		default:
			return false
		}
	}
	return true
}

// leaves walks the errors that were joined into err, however deep, but not into one that has a class already.
func leaves(err error) iter.Seq[error] {
	return func(yield func(error) bool) { walk(err, yield) }
}

func walk(err error, yield func(error) bool) bool {
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		if classified, ok := inner.(*fault.Error); ok && classified.Class != fault.Unknown {
			break
		}
		joined, ok := inner.(interface{ Unwrap() []error })
		if !ok {
			continue
		}
		for _, part := range joined.Unwrap() {
			if !walk(part, yield) {
				return false
			}
		}
		return true
	}
	return yield(err)
}
