// Package grype is the bot's side of the default scanner: it keeps the worker program basebump-grype running, hands it jobs and holds it to
// its bounds of time, memory and temporary space.
//
// It links nothing of Grype and reads no image. A worker that crashes, hangs or talks nonsense is a failed scan with a stated error, and
// the next scan starts another. The worker's environment is empty but for what it needs to reach registries; credentials pass only
// through its standard input.
package grype

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/grype/wire"
)

const (
	defaultTimeout = 5 * time.Minute
	defaultMemory  = 2 << 30
	defaultTemp    = 4 << 30
	defaultRecycle = 200
)

// Options say where the worker is and what it may use. Only DBDir and Now are required.
type Options struct {
	Command     string        // the worker program; by default beside the running program, else on PATH
	DBDir       string        // folder of the vulnerability database
	MaxDBAge    time.Duration // a database that was built longer ago is not used; 0 for any age
	Timeout     time.Duration // of one scan; 5 minutes by default
	CPULimit    time.Duration // processor time of one scan, on Linux; as long as the timeout by default
	MemoryLimit int64         // resident bytes of the worker; 2 GiB by default
	TempLimit   int64         // bytes in its temporary folder; 4 GiB by default
	Recycle     int           // scans after which a new worker is started; 200 by default
	Now         func() time.Time
	Log         io.Writer // what the worker says to people; dropped by default
}

// Scanner scans with one worker at a time, which it starts when there is something to do. Safe for concurrent use.
type Scanner struct {
	options Options
	slot    chan *worker // holds the worker while nobody uses it; nil before the first, closed never
	jobs    uint64       // guarded by slot
}

var _ scan.Scanner = (*Scanner)(nil)

// New returns a scanner; it starts nothing yet.
func New(o Options) *Scanner {
	orDefault(&o.Timeout, defaultTimeout)
	orDefault(&o.CPULimit, o.Timeout)
	orDefault(&o.MemoryLimit, defaultMemory)
	orDefault(&o.TempLimit, defaultTemp)
	orDefault(&o.Recycle, defaultRecycle)
	if o.Log == nil {
		o.Log = io.Discard
	}
	s := &Scanner{options: o, slot: make(chan *worker, 1)}
	s.slot <- nil
	return s
}

func orDefault[T int | int64 | time.Duration](value *T, def T) {
	if *value <= 0 {
		*value = def
	}
}

// Scan implements scan.Scanner. It waits for its turn; the timeout counts from then.
func (s *Scanner) Scan(ctx context.Context, target scan.Target) (scan.Report, error) {
	report, _, err := s.ScanBy(ctx, target, nil)
	return report, err
}

// ScanBy scans by a catalogue of the same image that Cataloguer made, if there is one, without asking the registry; else as Scan does, and
// returns a catalogue for the next time.
func (s *Scanner) ScanBy(ctx context.Context, target scan.Target, catalogue []byte) (scan.Report, []byte, error) {
	var report scan.Report
	var made []byte
	err := s.use(ctx, func(ctx context.Context, w *worker) error {
		if target.SBOM != nil && len(target.SBOM.Data) > scan.MaxSBOM {
			return &fault.Error{Class: fault.Permanent, Err: fmt.Errorf("the bill of materials has more than %d MiB", scan.MaxSBOM>>20)}
		}
		s.jobs++
		reply, err := w.do(ctx, wire.Job{ID: s.jobs, Target: target, Catalogue: catalogue})
		if err != nil {
			return err
		}
		made = reply.Catalogue
		report, err = checked(reply, s.jobs, target)
		return err
	})
	if err != nil {
		return scan.Report{}, nil, &fault.Error{Op: "scan", Target: target.Image + "@" + target.Digest, Class: fault.ClassOf(err), Err: err}
	}
	return report, made, nil
}

// errNonsense is an answer that breaks the protocol: whatever comes next cannot be trusted.
var errNonsense error = &fault.Error{Class: fault.Retry, Err: errors.New("the scanner gave an answer that was not asked for")}

func checked(r wire.Reply, id uint64, target scan.Target) (scan.Report, error) {
	switch {
	case r.ID != id, (r.Report == nil) == (r.Failure == nil):
		return scan.Report{}, errNonsense
	case r.Failure != nil:
		return scan.Report{}, r.Failure.Error("", "")
	case r.Report.Image != target.Image, r.Report.Digest != target.Digest, r.Report.Platform != target.Platform:
		return scan.Report{}, errNonsense
	}
	return *r.Report, nil
}

// Identity returns the scanner's name and version and when its database was built, after the same checks as before a scan.
func (s *Scanner) Identity(ctx context.Context) (scan.Tool, time.Time, error) {
	var hello wire.Hello
	err := s.use(ctx, func(_ context.Context, w *worker) error {
		hello = w.hello
		return nil
	})
	return hello.Scanner, hello.Database.Built, err
}

// Cataloguer says who makes the catalogues, with the version.
func (s *Scanner) Cataloguer(ctx context.Context) (string, error) {
	var by string
	err := s.use(ctx, func(_ context.Context, w *worker) error {
		by = w.hello.Cataloguer
		return nil
	})
	return by, err
}

// Close ends the worker, after a scan that is running; later scans start another.
func (s *Scanner) Close() error {
	w := <-s.slot
	s.slot <- nil
	if w == nil {
		return nil
	}
	return w.close()
}

// use runs work with a worker that is fit for it, within the time of one scan.
func (s *Scanner) use(ctx context.Context, work func(context.Context, *worker) error) error {
	var w *worker
	select {
	case w = <-s.slot:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { s.slot <- w }()
	ctx, cancel := context.WithTimeoutCause(ctx, s.options.Timeout, &fault.Error{
		Class: fault.Retry, Err: fmt.Errorf("not done after %s, the scanner was stopped", s.options.Timeout),
		Hint: "raise `limits.scan_timeout` if the image is that large",
	})
	defer cancel()
	if w != nil && w.worn(s.options.Recycle) {
		_ = w.close() // it answered all it was asked
		w = nil
	}
	if w == nil {
		var err error
		if w, err = start(ctx, s.options); err != nil {
			return err
		}
	}
	if err := s.fresh(w.hello.Database); err != nil {
		return err
	}
	err := work(ctx, w)
	if w.dead || errors.Is(err, errNonsense) {
		w.kill()
		_ = w.close() // why it ended is in err
		w = nil
	}
	return err
}

func (s *Scanner) fresh(db wire.Database) error {
	age := s.options.Now().Sub(db.Built)
	if s.options.MaxDBAge == 0 || age <= s.options.MaxDBAge {
		return nil
	}
	return &fault.Error{
		Class: fault.Retry, Hint: "run `basebump db update`, or raise `scanners[0].max_db_age`",
		Err: fmt.Errorf("the vulnerability database in %s is %s old, built %s; max_db_age is %s",
			s.options.DBDir, days(age), db.Built.Format("2006-01-02 15:04 UTC"), days(s.options.MaxDBAge)),
	}
}

func days(d time.Duration) string {
	if n := int(d / (24 * time.Hour)); n > 1 {
		return fmt.Sprintf("%d days", n)
	}
	return d.Round(time.Minute).String()
}
