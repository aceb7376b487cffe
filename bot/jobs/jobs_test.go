package jobs_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/robfig/cron/v3"

	"github.com/basebump/basebump/bot/jobs"
)

// run runs a service over a span of a clock that costs no time, and returns when its cycles began, in minutes from the start. The clock
// of a bubble starts at midnight; a cycle is due at four minutes past, and every five minutes from then on.
func run(t *testing.T, service jobs.Service, span int, cycle func(ctx context.Context, n int) error) []int {
	t.Helper()
	start := time.Now()
	begun := []int{}
	schedule, err := cron.ParseStandard("4-59/5 * * * *")
	if err != nil {
		t.Fatal(err)
	}
	service.Schedule = schedule
	service.Cycle = func(ctx context.Context) error {
		begun = append(begun, int(time.Since(start).Minutes()))
		return cycle(ctx, len(begun))
	}
	if service.Log == nil {
		service.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	time.AfterFunc(time.Duration(span)*time.Minute, cancel)
	if err := service.OnBubbleClock().Run(ctx); err != nil {
		t.Fatal(err)
	}
	return begun
}

func same(t *testing.T, want, got []int) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("cycles began (-want +got):\n%s", diff)
	}
}

func file(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "queue.db")
}

// bubble runs a test on a clock of its own.
func bubble(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, test)
}

func ok(context.Context, int) error { return nil }

func TestSchedule(t *testing.T) {
	bubble(t, func(t *testing.T) {
		last := time.Now().Add(-time.Minute)
		same(t, []int{4, 9}, run(t, jobs.Service{File: file(t), Last: last}, 10, ok))
	})
}

func TestMissed(t *testing.T) {
	t.Parallel()
	schedule, err := cron.ParseStandard("CRON_TZ=UTC 17 * * * *")
	if err != nil {
		t.Fatal(err)
	}
	at := func(hour, minute int) time.Time { return time.Date(2026, 11, 23, hour, minute, 0, 0, time.UTC) }
	for name, tc := range map[string]struct {
		last, now time.Time
		want      bool
	}{
		"never run":              {time.Time{}, at(12, 0), true},
		"on time":                {at(11, 17), at(12, 16), false},
		"due just now":           {at(11, 17), at(12, 17), true},
		"down for days":          {at(11, 17).AddDate(0, 0, -3), at(12, 0), true},
		"from a clock set ahead": {at(13, 17), at(12, 30), false},
	} {
		if got := jobs.Missed(schedule, tc.last, tc.now); got != tc.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestRateLimit: until the limit ends nothing is run, whatever the schedule says.
func TestRateLimit(t *testing.T) {
	bubble(t, func(t *testing.T) {
		limited := func(_ context.Context, n int) error {
			if n > 1 {
				return nil
			}
			return limit(6)
		}
		same(t, []int{0, 6, 9}, run(t, jobs.Service{File: file(t)}, 10, limited))
	})
}

func TestTriedAgain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		fails := func(context.Context, int) error { return errors.New("who knows") }
		same(t, []int{0, 1, 3, 4, 5}, run(t, jobs.Service{File: file(t)}, 6, fails))
	})
}

// TestNeverTwo: while a cycle runs none begins, and what was due meanwhile is not made up for.
func TestNeverTwo(t *testing.T) {
	bubble(t, func(t *testing.T) {
		slow := func(context.Context, int) error {
			time.Sleep(6 * time.Minute)
			return nil
		}
		same(t, []int{0, 9}, run(t, jobs.Service{File: file(t), Grace: time.Hour}, 10, slow))
	})
}

func TestPanic(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var log bytes.Buffer
		service := jobs.Service{File: file(t), Log: slog.New(slog.NewTextHandler(&log, nil))}
		same(t, []int{0, 1}, run(t, service, 2, func(_ context.Context, n int) error {
			if n == 1 {
				panic("oops")
			}
			return nil
		}))
		if !bytes.Contains(log.Bytes(), []byte("oops")) {
			t.Errorf("the panic is not in the log:\n%s", &log)
		}
	})
}
