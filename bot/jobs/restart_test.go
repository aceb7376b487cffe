package jobs_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/basebump/basebump/bot/jobs"
	"github.com/basebump/basebump/bot/store/sqlite"
	"github.com/basebump/basebump/config/fault"
)

// TestStopWaits: a cycle that ends within the time of grace is not disturbed.
func TestStopWaits(t *testing.T) {
	bubble(t, func(t *testing.T) {
		service := jobs.Service{File: file(t), Grace: 3 * time.Minute}
		finished := false
		same(t, []int{0}, run(t, service, 1, func(ctx context.Context, _ int) error {
			select {
			case <-time.After(2 * time.Minute):
				finished = true
			case <-ctx.Done():
			}
			return ctx.Err()
		}))
		if !finished {
			t.Error("the cycle was interrupted")
		}
		service.Last = time.Now()
		same(t, []int{}, run(t, service, 1, ok)) // nothing left to do
	})
}

// TestStopInterrupts: a cycle that does not end in time is told to, and is run again at the next start.
func TestStopInterrupts(t *testing.T) {
	bubble(t, func(t *testing.T) {
		service := jobs.Service{File: file(t), Grace: time.Minute}
		begun := time.Now()
		same(t, []int{0}, run(t, service, 1, func(ctx context.Context, _ int) error {
			<-ctx.Done()
			return ctx.Err()
		}))
		if took := time.Since(begun).Round(time.Second); took != 2*time.Minute {
			t.Errorf("stopping took until %v", took)
		}
		service.Last = time.Now()
		same(t, []int{0}, run(t, service, 2, ok))
	})
}

// TestKilled: a cycle that was running when the process was killed is run again at the next start.
func TestKilled(t *testing.T) {
	bubble(t, func(t *testing.T) {
		service := jobs.Service{File: file(t), Grace: time.Minute}
		var asOfTheKill map[string][]byte
		run(t, service, 1, func(context.Context, int) error {
			asOfTheKill = copyOf(t, service.File)
			return nil
		})
		for name, data := range asOfTheKill {
			if err := os.WriteFile(name, data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		service.Last = time.Now()
		same(t, []int{0}, run(t, service, 2, ok))
	})
}

// copyOf reads a database's files as a crash would leave them.
func copyOf(t *testing.T, path string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for _, name := range []string{path, path + "-wal"} {
		data, err := os.ReadFile(name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		files[name] = data
	}
	return files
}

func TestSecondProcess(t *testing.T) {
	t.Parallel()
	path := file(t)
	first, err := sqlite.OpenAlone(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	err = jobs.Service{File: path}.Run(t.Context())
	want := "open queue " + path + ": database is locked (5) (SQLITE_BUSY); another process holds it; is a second basebump or a backup running?"
	if err == nil || fault.Text(err) != want || fault.ClassOf(err) != fault.Retry {
		t.Errorf("got  %v\nwant %s", fault.Text(err), want)
	}
}

func TestDamaged(t *testing.T) {
	t.Parallel()
	path := file(t)
	if err := os.WriteFile(path, []byte(strings.Repeat("not a database\n", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	err := jobs.Service{File: path}.Run(t.Context())
	if fault.ClassOf(err) != fault.Permanent || !strings.HasPrefix(err.Error(), "open queue "+path+": file is not a database") {
		t.Errorf("got %v", err)
	}
}
