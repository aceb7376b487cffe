// Package process runs a scanner's program to its end within bounds: no shell, an environment that holds only what the program needs, a
// temporary folder of its own, limited output and time. When it has ended, nothing that it started is left.
//
// It knows no scanner. Secrets reach a program through its environment or its standard input, never through its arguments.
package process

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/basebump/basebump/config/fault"
)

// grace is how long a program's pipes may stay open after it has ended: a child that it left behind may hold them.
const grace = 2 * time.Second

// Program is one run of a program.
type Program struct {
	Command   string // a path, or a name to find on PATH
	Args      []string
	Env       []string // NAME=value: all that the program gets besides PATH, HOME, TMPDIR and what Inherited lists
	Stdin     string
	Secrets   []string // blotted out of what the program is quoted with
	Done      []int    // exit codes besides 0 that mean that the work was done
	Timeout   time.Duration
	MaxOutput int64 // bytes of standard output
}

// ExitError is a program that ended with a code which does not mean that its work was done.
type ExitError struct {
	Code  int    // -1 when a signal ended it
	Words string // the end of what it wrote to standard error, on one line, without secrets
}

func (e *ExitError) Error() string {
	if e.Words == "" {
		return fmt.Sprintf("it ended with exit code %d and said nothing", e.Code)
	}
	return e.Words
}

// Run runs the program with the folder as its working, home and temporary folder, and returns what it wrote to standard output.
//
// Errors are an *ExitError, of no class; a *fault.Error when the program cannot be started or goes over a bound; or that of ctx.
func Run(ctx context.Context, p Program, folder *Folder) ([]byte, error) {
	path, err := Find(p.Command)
	if err != nil {
		return nil, err
	}
	bounded, cancel := context.WithTimeout(ctx, p.Timeout)
	defer cancel()
	stdout, stderr := &limited{max: p.MaxOutput, full: cancel}, &tail{}
	cmd := exec.CommandContext(bounded, path, p.Args...)
	cmd.Dir = folder.path
	cmd.Env = append(folder.env(), p.Env...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(p.Stdin), stdout, stderr
	cmd.WaitDelay = grace
	inOwnGroup(cmd)
	if err = cmd.Start(); err == nil {
		err = cmd.Wait()
		killGroup(cmd.Process.Pid)
	}
	switch exit, isExit := errors.AsType[*exec.ExitError](err); {
	case stdout.over:
		return nil, &fault.Error{Class: fault.Permanent, Err: fmt.Errorf("its answer is larger than %d MiB", p.MaxOutput>>20)}
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case bounded.Err() != nil:
		return nil, tooSlow(p.Timeout)
	case isExit && !slices.Contains(p.Done, exit.ExitCode()):
		return nil, &ExitError{Code: exit.ExitCode(), Words: stderr.words(p.Secrets)}
	case err != nil && !isExit && !errors.Is(err, exec.ErrWaitDelay):
		return nil, &fault.Error{Class: fault.Permanent, Err: fmt.Errorf("run %s: %w", p.Command, err)}
	}
	return stdout.kept.Bytes(), nil
}

// Find returns the absolute path of a command, which may be a path or a name on PATH.
func Find(command string) (string, error) {
	path, err := exec.LookPath(command)
	if err != nil {
		return "", &fault.Error{
			Class: fault.Permanent, Err: fmt.Errorf("the program %q is not there", command),
			Hint: "install it, or say where it is with `command` under `scanners`",
		}
	}
	return filepath.Abs(path)
}

func tooSlow(bound time.Duration) error {
	return &fault.Error{Class: fault.Retry, Err: fmt.Errorf("it took longer than %s", bound), Hint: "raise `limits.scan_timeout` if it needs more"}
}

// limited keeps what is written, up to a bound; what goes over it ends the program.
type limited struct {
	kept bytes.Buffer // not embedded: its ReadFrom would go around the bound
	max  int64
	over bool
	full context.CancelFunc
}

func (l *limited) Write(b []byte) (int, error) {
	if int64(l.kept.Len())+int64(len(b)) > l.max {
		l.over = true
		l.full()
		return 0, errors.New("over the bound")
	}
	return l.kept.Write(b)
}
