package grype

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan/grype/wire"
)

// grace is how long a worker may take to end when it is asked to.
const grace = 5 * time.Second

// worker is one running process. It is used by one caller at a time.
type worker struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	words  *lastWords
	temp   string
	limits limits
	hello  wire.Hello
	seen   stamp // of the database that it has open
	scans  int
	dead   bool
}

// start starts a worker and waits until its database is open. A database that it cannot open is its error.
func start(ctx context.Context, o Options) (*worker, error) {
	at, err := Find(o.Command)
	if err != nil {
		return nil, err
	}
	temp, err := os.MkdirTemp("", program+"-")
	if err != nil {
		return nil, err
	}
	w := &worker{
		// It has a bound of its own for when nobody is left to hold it to ours.
		cmd: exec.Command(at, "serve", "--db-dir", o.DBDir, "--timeout", (2 * o.Timeout).String()), words: &lastWords{log: o.Log},
		temp: temp, limits: limits{cpu: o.CPULimit, memory: o.MemoryLimit, temp: o.TempLimit},
	}
	if err := w.run(); err != nil {
		return nil, errors.Join(fmt.Errorf("start scanner: %w", err), os.RemoveAll(temp))
	}
	err = w.within(ctx, func() error { return wire.Read(w.out, wire.MaxReply, &w.hello) })
	if err == nil && w.hello.Failure != nil {
		err = w.hello.Failure.Error("", "")
	}
	if err != nil {
		w.kill()
		_ = w.close() // why it ended is in err
		return nil, err
	}
	w.seen = stampOf(w.hello.Database.Path)
	return w, nil
}

func (w *worker) run() (err error) {
	memory := w.limits.memory / 10 * 9 // the collector works harder before the bound is reached
	w.cmd.Env = environment(w.temp, "GOMEMLIMIT="+strconv.FormatInt(memory, 10), "GOTRACEBACK=single")
	w.cmd.Stderr = w.words
	w.cmd.WaitDelay = grace
	ownGroup(w.cmd)
	if w.in, err = w.cmd.StdinPipe(); err != nil {
		return err
	}
	out, err := w.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	w.out = bufio.NewReaderSize(out, 64<<10)
	return w.cmd.Start()
}

// do has the worker do one job. After an error of its own, not one that the worker replied, the worker is dead.
func (w *worker) do(ctx context.Context, job wire.Job) (wire.Reply, error) {
	w.scans++
	var reply wire.Reply
	err := w.within(ctx, func() error {
		if err := wire.Write(w.in, job); err != nil {
			return err
		}
		return wire.Read(w.out, wire.MaxReply, &reply)
	})
	return reply, err
}

// within runs an exchange with the worker, which is killed when ctx ends or it goes beyond its limits.
func (w *worker) within(ctx context.Context, exchange func() error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		if err := w.watch(ctx); err != nil {
			cancel(err)
		}
	}()
	unharmed := context.AfterFunc(ctx, w.kill)
	err := exchange()
	alive := unharmed()
	cancel(nil)
	<-watched
	switch {
	case !alive:
		w.dead = true
		return context.Cause(ctx)
	case err != nil:
		w.dead = true
		return w.autopsy(err)
	}
	return nil
}

// autopsy says how the worker ended, with the last that it said.
func (w *worker) autopsy(err error) error {
	w.kill()
	_ = w.cmd.Wait() // how it ended is in its state
	switch {
	case errors.Is(err, wire.ErrTooLong):
		err = fmt.Errorf("the scanner's answer is longer than %d MiB", wire.MaxReply>>20)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, os.ErrClosed), brokenPipe(err):
		err = fmt.Errorf("the scanner ended in the middle of its work (%s)", w.cmd.ProcessState)
	default:
		err = fmt.Errorf("the scanner's answer cannot be read: %w", err)
	}
	if last := w.words.last(); last != "" {
		err = fmt.Errorf("%w: %s", err, last)
	}
	return &fault.Error{Class: fault.Retry, Err: err}
}

// worn tells that the worker has done its share, or that its database was replaced.
func (w *worker) worn(after int) bool {
	return w.scans >= after || stampOf(w.hello.Database.Path) != w.seen
}

// kill ends the worker and all that it started.
func (w *worker) kill() { killGroup(w.cmd) }

// close asks the worker to end, sees that it does, and gives its temporary space back.
func (w *worker) close() error {
	_ = w.in.Close() // it may be gone already
	stubborn := time.AfterFunc(grace, w.kill)
	defer stubborn.Stop()
	if w.cmd.ProcessState == nil {
		_ = w.cmd.Wait() // how a worker ends that is not needed any more does not matter
	}
	return os.RemoveAll(w.temp)
}

// stamp tells whether a database was replaced.
type stamp struct {
	modified time.Time
	size     int64
}

func stampOf(dir string) stamp {
	info, err := os.Stat(filepath.Join(dir, "vulnerability.db"))
	if err != nil {
		return stamp{}
	}
	return stamp{info.ModTime(), info.Size()}
}
