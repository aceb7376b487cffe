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

// maxAttempts is how often a job is tried that fails for no known reason.
const maxAttempts = 3

// errBusy says that somebody else works on the same thing just now.
var errBusy = errors.New("busy")

// Busy is the error of work that was not begun, because somebody else is at it: it is tried again a little later.
func Busy() error { return errBusy }

// kind is how the log tells of a sort of job.
type kind struct {
	name string
	done slog.Level // of one that went well
	rest string     // what happens after one that is given up
}

var (
	cycles = kind{"cycle", slog.LevelInfo, "the next is run when it is due"}
	visits = kind{"visit", slog.LevelInfo, "the schedule looks again"}
	events = kind{"event", slog.LevelDebug, "it can be handed over again"}
	sweeps = kind{"sweep", slog.LevelDebug, "the next is run when it is due"}
)

// settle turns what came of an attempt into what the queue does next, and tells the operator: for the queue a failure is only a state.
func (k kind) settle(ctx context.Context, log *slog.Logger, job *rivertype.JobRow, begun time.Time, err error) error {
	took := slog.Duration("took", time.Since(begun).Round(time.Millisecond))
	if err == nil {
		log.Log(ctx, k.done, k.name+" done", took)
		return nil
	}
	problem := slog.String("error", fault.Text(err))
	switch at, ok := retryAt(err); {
	case ctx.Err() != nil:
		log.InfoContext(ctx, k.name+" interrupted; it starts anew with the next start", took)
		return context.Cause(ctx)
	case errors.Is(err, errBusy):
		log.DebugContext(ctx, k.name+" waits for another to end")
		return river.JobSnooze(pause)
	case ok:
		log.WarnContext(ctx, k.name+" waits", slog.Time("until", at), took, problem)
		return river.JobSnooze(max(time.Until(at), 0))
	case hopeless(err):
		log.ErrorContext(ctx, k.name+" failed; "+k.rest, took, problem)
		return river.JobCancel(err)
	case job.Attempt >= job.MaxAttempts:
		log.ErrorContext(ctx, k.name+" failed too often; "+k.rest, took, problem)
		return err
	}
	log.WarnContext(ctx, k.name+" failed; it is tried again", slog.Time("at", nextRetry(job)), took, problem)
	return err
}

// nextRetry is after one minute, then after two.
func nextRetry(job *rivertype.JobRow) time.Time {
	return time.Now().Add(time.Duration(job.Attempt) * time.Minute)
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
