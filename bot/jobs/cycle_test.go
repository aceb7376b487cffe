package jobs_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/riverqueue/river"

	"github.com/basebump/basebump/bot/jobs"
	"github.com/basebump/basebump/config/fault"
)

// TestOutcome: what an attempt tells the queue, and the operator.
func TestOutcome(t *testing.T) {
	t.Parallel()
	permanent := &fault.Error{Class: fault.Permanent, Err: errors.New("broken"), Hint: "mend it"}
	auth := &fault.Error{Class: fault.Auth, Err: errors.New("401")}
	unknown := errors.New("who knows")
	soon := &fault.Error{Class: fault.Retry, Err: unknown}
	for name, tc := range map[string]struct {
		err     error
		attempt int
		want    string // for the queue
		log     string
	}{
		"well":                    {nil, 1, "done", `level=INFO msg="cycle done" took=1s`},
		"permanent":               {permanent, 1, "cancel", `level=ERROR msg="cycle failed; the next is run when it is due" took=1s error="broken; mend it"`},
		"all hopeless":            {errors.Join(permanent, auth), 1, "cancel", ``},
		"classified as a whole":   {&fault.Error{Class: fault.Auth, Err: errors.Join(unknown, auth)}, 1, "cancel", ``},
		"unknown":                 {unknown, 1, "retry", `level=WARN msg="cycle failed; it is tried again" at=2000-01-01T00:01:01.000Z took=1s error="who knows"`},
		"unknown for the last":    {unknown, 3, "retry", `level=ERROR msg="cycle failed too often; the next is run when it is due" took=1s error="who knows"`},
		"not hopeless as a whole": {&fault.Error{Op: "walk", Err: errors.Join(permanent, unknown)}, 1, "retry", ``},
		"retry, but when?":        {soon, 2, "retry", `at=2000-01-01T00:02:01.000Z`},
		"limited":                 {limit(17), 3, "snooze 16m59s", `level=WARN msg="cycle waits" until=2000-01-01T00:17:00.000Z took=1s error="list: 403"`},
		"limited several times":   {errors.Join(limit(3), permanent, limit(17), limit(5)), 1, "snooze 16m59s", ``},
		"limited until just now":  {limit(0), 1, "snooze 0s", ``},
		"an ended part":           {context.DeadlineExceeded, 1, "retry", ``},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log bytes.Buffer
				err := jobs.Work(t.Context(), func(context.Context) error {
					time.Sleep(time.Second)
					return tc.err
				}, slog.New(slog.NewTextHandler(&log, nil)), tc.attempt)
				if got := told(err); got != tc.want || !strings.Contains(log.String(), tc.log) || strings.Count(log.String(), "\n") != 1 {
					t.Errorf("told the queue %q, want %q; log:\n%s", got, tc.want, &log)
				}
			})
		})
	}
}

// limit is a rate limit until so many minutes after midnight, when a bubble begins.
func limit(minutes int) error {
	at := time.Date(2000, 1, 1, 0, minutes, 0, 0, time.UTC)
	return &fault.Error{Op: "list", Class: fault.Retry, At: at, Err: errors.New("403")}
}

func told(err error) string {
	if err == nil {
		return "done"
	}
	if _, ok := errors.AsType[*river.JobCancelError](err); ok {
		return "cancel"
	}
	if snooze, ok := errors.AsType[*river.JobSnoozeError](err); ok {
		return "snooze " + snooze.Duration.String()
	}
	return "retry"
}
