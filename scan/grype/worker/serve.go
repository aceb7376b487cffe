package worker

import (
	"bufio"
	"context"
	"errors"
	"io"
	"time"

	"github.com/basebump/basebump/scan/grype/wire"
)

// Serve answers jobs, one at a time and each within the timeout, until in ends. It says hello first; when the database cannot be opened, its
// hello says why and Serve returns that error. A panic is not recovered from: the process is one that may die.
func Serve(ctx context.Context, dir string, timeout time.Duration, in io.Reader, out io.Writer) error {
	s, err := Open(ctx, dir)
	if err != nil {
		return errors.Join(err, wire.Write(out, wire.Hello{Scanner: Tool(), Failure: wire.NewFailure(err)}))
	}
	defer s.Close()
	if err := wire.Write(out, wire.Hello{Scanner: s.tool, Database: s.db.info, Cataloguer: Cataloguer()}); err != nil {
		return err
	}
	for jobs := bufio.NewReader(in); ; {
		var job wire.Job
		switch err := wire.Read(jobs, wire.MaxJob, &job); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		if err := wire.Write(out, s.reply(ctx, timeout, job)); err != nil {
			return err
		}
	}
}

func (s *Scanner) reply(ctx context.Context, timeout time.Duration, job wire.Job) wire.Reply {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	report, catalogue, err := s.ScanBy(ctx, job.Target, job.Catalogue)
	if err != nil {
		return wire.Reply{ID: job.ID, Failure: wire.NewFailure(err)}
	}
	return wire.Reply{ID: job.ID, Report: &report, Catalogue: catalogue}
}
