package githubtest

import (
	"errors"

	"github.com/go-git/go-git/v5/plumbing"
	gitobject "github.com/go-git/go-git/v5/plumbing/object"
)

// standing is what GitHub works out about a pull request whenever its head or base moves.
type standing struct {
	commits, files       int
	additions, deletions int
	behind               int // commits that the base has and the head lacks
	conflicted           bool
}

// refresh works a pull request's standing out again.
func (r *repository) refresh(p *pull) error {
	shown, err := r.pullDistance(p)
	if err != nil {
		return err
	}
	p.standing = standing{
		commits: len(shown.ahead), files: len(shown.change.files), additions: shown.change.additions, deletions: shown.change.deletions,
	}
	baseID, ok := r.git.head(p.base)
	if !ok {
		p.conflicted = true
		return nil
	}
	base, head, err := r.git.pair(baseID, p.headID)
	if err != nil {
		return err
	}
	missing, err := r.git.between(head, base)
	if err != nil {
		return err
	}
	_, conflicts, err := r.git.merge(base, head)
	p.behind, p.conflicted = len(missing), len(conflicts) > 0 || errors.Is(err, errNoCommonAncestor)
	if p.conflicted {
		return nil
	}
	return err
}

// mergeState is GitHub's word for how an open pull request stands.
func (r *repository) mergeState(i *issue) string {
	rule, protected := r.protected[i.pull.base]
	green, failing := r.rollup(i.pull.headID, rule.Checks)
	switch {
	case !i.open():
		return "unknown"
	case i.pull.conflicted:
		return "dirty"
	case i.pull.draft:
		return "draft"
	case protected && rule.Strict && i.pull.behind > 0:
		return "behind"
	case protected && !green:
		return "blocked"
	case failing:
		return "unstable"
	}
	return "clean"
}

// mergeable is null once there is nothing left to merge.
func (i *issue) mergeable() any {
	if !i.open() {
		return nil
	}
	return !i.pull.conflicted
}

// pair reads two commits.
func (g objects) pair(a, b plumbing.Hash) (first, second *gitobject.Commit, err error) {
	if first, err = g.commit(a); err != nil {
		return nil, nil, err
	}
	second, err = g.commit(b)
	return first, second, err
}
