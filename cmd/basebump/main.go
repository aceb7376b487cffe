// Command basebump keeps the base images of a fleet of Git repositories patched. Each subcommand is a file of its own; wiring.go
// builds what they share.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // schedules name time zones, and minimal images have no database of them

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/config"
	"github.com/basebump/basebump/config/fault"
)

func main() {
	// Who stops reading our output, as head does, ends no process that has a scanner's to end and folders to give back: the write fails.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// Exit codes, as documented for people and for CI.
const (
	exitNo     = 1 // the answer is "no"
	exitUsage  = 2 // usage or configuration
	exitFailed = 3 // could not be done, in whole or part
)

// exit is an error that carries its exit code. An exit without a cause has said what it had to say already.
type exit struct {
	code int
	err  error
}

func (e *exit) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit %d", e.code)
	}
	return e.err.Error()
}

func (e *exit) Unwrap() error { return e.err }

func usage(err error) error { return &exit{exitUsage, err} }

func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := newRoot(streams{in: stdin, out: stdout, err: stderr})
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	code := exitFailed
	if e, ok := errors.AsType[*exit](err); ok {
		code = e.code
		err = e.err
	} else if _, ok := errors.AsType[*config.Invalid](err); ok {
		code = exitUsage
	} else if _, ok := errors.AsType[*bot.BrokenCustom](err); ok {
		code = exitUsage
	}
	if err != nil {
		fmt.Fprintln(stderr, message(err))
	}
	return code
}

// message is the one line that a person gets for an error: what was being done, to what, what happened, what to do.
// A problem in a configuration file starts with the file's name, so that editors and terminals can jump there; each has a line.
func message(err error) string {
	if invalid, ok := errors.AsType[*config.Invalid](err); ok {
		lines := make([]string, len(invalid.Problems))
		for i, problem := range invalid.Problems {
			lines[i] = clean(problem.String())
		}
		return strings.Join(lines, "\n")
	}
	return "basebump: " + clean(fault.Text(err))
}
