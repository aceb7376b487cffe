package bot

import (
	"context"
	"errors"
	"fmt"
)

// ConfigCheckName is the check beside a commit that changes a repository's own configuration.
const ConfigCheckName = "basebump/config"

// Proofs is where a pull request is read, and told what is wrong in it.
type Proofs interface {
	// Changed returns a file as a commit has it; changed is false when it is gone there, or as on the default branch.
	Changed(ctx context.Context, repository, commit, path string) (data []byte, changed bool, err error)
	// Show puts a check beside a commit, unless one of that name says the same there.
	Show(ctx context.Context, repository, commit, name string, check Check) error
}

// Proofread validates the repository's own configuration as the head of a pull request has it, by the same function that holds after the
// merge, and says in a check what comes of it. A pull request that leaves the file alone gets none.
func Proofread(ctx context.Context, proofs Proofs, customize Customize, repository, head string) error {
	data, changed, err := proofs.Changed(ctx, repository, head, customFile)
	if err != nil {
		return fmt.Errorf("read %s of %.10s: %w", customFile, head, err)
	}
	if !changed {
		return nil
	}
	check := Check{Passed: true, Title: customFile + " is in order", Summary: "Every key and value in `" + customFile + "` is one that basebump knows."}
	_, err = customize(data)
	broken, isBroken := errors.AsType[*BrokenCustom](err)
	switch {
	case isBroken:
		check = broken.check()
	case err != nil:
		return err
	}
	return proofs.Show(ctx, repository, head, ConfigCheckName, check)
}
