package githubtest

import "github.com/go-git/go-git/v5/plumbing"

// Protection is what a branch demands. Nobody pushes to it, forces it or deletes it.
type Protection struct {
	Checks []string // check runs and statuses that must be green before a merge
	Strict bool     // pull requests must be up to date with the branch
}

// guard refuses what a protected branch does not allow: to lose commits, or to move by anything but a pull request.
func (r *repository) guard(name plumbing.ReferenceName, forward bool) error {
	if _, ok := r.protected[name.Short()]; !ok || !name.IsBranch() {
		return nil
	}
	if !forward {
		return unprocessable("Cannot force-push to this branch")
	}
	return unprocessable("Changes must be made through a pull request.")
}
