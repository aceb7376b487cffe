package signature

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan/process"
)

// Bounds of one run.
const (
	programTimeout = time.Minute
	maxAnswer      = 128 << 20 // bytes; what is read of an image's attachments is less
)

// Program has another program verify: `basebump-grype verify`, which alone links Sigstore's library.
type Program struct {
	Find   func() (string, error) // the program's path
	Getenv func(string) string    // what it inherits; see process.NewFolder
}

// Verify implements Verifier.
func (p Program) Verify(ctx context.Context, q Question) ([]Result, error) {
	results, err := p.run(ctx, q)
	if err != nil {
		return nil, &fault.Error{Op: "verify signatures of", Target: q.Digest, Class: fault.ClassOf(err), Hint: fault.Hint(err), Err: err}
	}
	return results, nil
}

func (p Program) run(ctx context.Context, q Question) (results []Result, err error) {
	path, err := p.Find()
	if err != nil {
		return nil, err
	}
	question, err := json.Marshal(q)
	if err != nil {
		return nil, err
	}
	folder, err := process.NewFolder(p.Getenv)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, folder.Close()) }()
	answer, err := process.Run(ctx, process.Program{
		Command: path, Args: []string{"verify"}, Stdin: string(question), Timeout: programTimeout, MaxOutput: maxAnswer,
	}, folder)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(answer, &results); err != nil {
		return nil, fmt.Errorf("read the verifier's answer: %w", err)
	}
	if len(results) != len(q.Claims) {
		return nil, fmt.Errorf("the verifier answered %d of %d questions", len(results), len(q.Claims))
	}
	return results, nil
}
