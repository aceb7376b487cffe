package grype

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/basebump/basebump/config/fault"
)

// watchEvery is how long a worker may be beyond its limits before that is seen.
const watchEvery = 100 * time.Millisecond

// limits are what a worker may use: processor time for each exchange, and bytes.
type limits struct {
	cpu          time.Duration
	memory, temp int64
}

// watch looks after the worker until ctx ends, or returns what it used too much of. The Go runtime reserves more address space than it
// uses, so that the kernel's own limit on that would bite too early: what counts is resident memory.
func (w *worker) watch(ctx context.Context) error {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	before, _ := cpuTime(w.cmd.Process.Pid)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if used, ok := cpuTime(w.cmd.Process.Pid); ok && used-before > w.limits.cpu {
			return &fault.Error{
				Class: fault.Permanent, Err: fmt.Errorf("the scanner used more than %s of processor time and was stopped", w.limits.cpu),
				Hint: "raise `limits.scan_timeout` if the image is that large",
			}
		}
		if used, ok := resident(w.cmd.Process.Pid); ok && used > w.limits.memory {
			return beyond("memory", w.limits.memory, "raise `limits.scan_memory` if the image is that large")
		}
		if diskUsage(w.temp) > w.limits.temp {
			return beyond("temporary space", w.limits.temp, "")
		}
	}
}

func beyond(what string, limit int64, hint string) error {
	return &fault.Error{
		Class: fault.Permanent, Err: fmt.Errorf("the scanner used more than %d MiB of %s and was stopped", limit>>20, what),
		Hint: hint,
	}
}

// diskUsage sums the files below a folder; what vanishes meanwhile is not counted.
func diskUsage(dir string) int64 {
	var sum int64
	_ = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil {
			return nil
		}
		if info, err := entry.Info(); err == nil && info.Mode().IsRegular() {
			sum += info.Size()
		}
		return nil
	})
	return sum
}

// lastWords passes on what a worker says to people and remembers the end of it, for an error.
type lastWords struct {
	log io.Writer

	mu   sync.Mutex
	tail []byte
}

const maxTail = 4 << 10

func (l *lastWords) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tail = append(l.tail, p[max(0, len(p)-maxTail):]...)
	l.tail = l.tail[max(0, len(l.tail)-maxTail):]
	return l.log.Write(p)
}

// reasons are how a line begins that says why a worker ended.
var reasons = [][]byte{[]byte("panic: "), []byte("fatal error: "), []byte(program + ": ")}

// last returns the line that says why the worker ended, or "" when it did not say.
func (l *lastWords) last() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	for line := range bytes.Lines(l.tail) {
		if slices.ContainsFunc(reasons, func(r []byte) bool { return bytes.HasPrefix(line, r) }) {
			return string(bytes.TrimSpace(line))
		}
	}
	return ""
}
