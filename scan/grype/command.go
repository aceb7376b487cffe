package grype

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/basebump/basebump/config/fault"
)

const program = "basebump-grype"

// inherited is what the worker's environment takes over: how to reach the network, and nothing else.
var inherited = []string{
	"SSL_CERT_FILE", "SSL_CERT_DIR",
	"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
	"SystemRoot",
}

// Find returns the path of the worker program: as configured, else beside the running program, else on PATH.
func Find(configured string) (string, error) {
	if configured != "" {
		at, err := exec.LookPath(configured)
		if err != nil {
			return "", missing(fmt.Errorf("%s is not there: %w", configured, errors.Unwrap(err)))
		}
		return at, nil
	}
	beside := ""
	if self, err := os.Executable(); err == nil {
		beside = filepath.Join(filepath.Dir(self), program)
		if at, err := exec.LookPath(beside); err == nil {
			return at, nil
		}
	}
	at, err := exec.LookPath(program)
	if err != nil {
		return "", missing(fmt.Errorf("no scanner: %s is neither at %s nor on PATH", program, beside))
	}
	return at, nil
}

func missing(err error) error {
	return &fault.Error{
		Class: fault.Retry, Err: err,
		Hint: "it comes with basebump: put it beside basebump, or give `scanners[0].command`",
	}
}

// environment is what a worker starts with; temp is its temporary folder.
func environment(temp string, more ...string) []string {
	env := append([]string{"TMPDIR=" + temp, "TMP=" + temp}, more...)
	for _, name := range inherited {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// Command runs the worker program with its own standard streams, as `basebump db` does.
type Command struct {
	Path     string // the program; by default beside the running program, else on PATH
	Out, Err io.Writer
}

// Run runs one of the program's commands to its end. A command that failed has told why on Err; its exit code is in the *exec.ExitError.
func (c Command) Run(ctx context.Context, args ...string) error {
	at, err := Find(c.Path)
	if err != nil {
		return err
	}
	run := exec.CommandContext(ctx, at, args...)
	run.Env = environment(os.TempDir())
	run.Stdout, run.Stderr = c.Out, c.Err
	if err := run.Run(); err != nil {
		return fmt.Errorf("run %s: %w", program, err)
	}
	return nil
}
