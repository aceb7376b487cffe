package jobs

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// Missed is missed.
var Missed = missed

// Work is one attempt at a cycle, without a queue.
func Work(ctx context.Context, cycle func(context.Context) error, log *slog.Logger, attempt int) error {
	job := &river.Job[cycleArgs]{JobRow: &rivertype.JobRow{Attempt: attempt, MaxAttempts: maxAttempts}}
	return (&worker{cycle: cycle, log: log}).Work(ctx, job)
}

// Run opens the queue, works until ctx ends, and closes it.
func (s Service) Run(ctx context.Context) error {
	queue, err := s.Open(ctx)
	if err != nil {
		return err
	}
	return errors.Join(queue.Run(ctx), queue.Close())
}

// OnBubbleClock makes the queue tell the database the time, which otherwise has a clock of its own that synctest does not reach.
func (s Service) OnBubbleClock() Service {
	s.clock = bubbleClock{}
	return s
}

type bubbleClock struct{}

func (bubbleClock) Now() time.Time { return time.Now() }

func (bubbleClock) NowOrNil() *time.Time {
	now := time.Now()
	return &now
}
