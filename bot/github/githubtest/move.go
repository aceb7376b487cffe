package githubtest

import (
	"github.com/go-git/go-git/v5/plumbing"
	gitobject "github.com/go-git/go-git/v5/plumbing/object"
)

// move puts a ref on a commit, or deletes it for the zero id, and tells its followers: webhooks and pull requests.
func (s *Server) move(repo *repository, name plumbing.ReferenceName, id plumbing.Hash, by *account) error {
	old, _ := repo.git.ref(name)
	if old == id {
		return nil
	}
	pushed, err := repo.git.pushed(old, id)
	if err != nil {
		return err
	}
	repo.pushed = s.now()
	if id.IsZero() {
		err = repo.git.RemoveReference(name)
	} else {
		err = repo.git.SetReference(plumbing.NewHashReference(name, id))
	}
	if err != nil {
		return err
	}
	s.emitPush(repo, name, pushed, by)
	if !name.IsBranch() {
		return nil
	}
	if i := s.installationOf(repo); i != nil && pushed.tip != nil && grants(i.permissions["checks"], true) {
		s.emitSuite("requested", repo, s.suite(repo, pushed.tip.Commit, s.app), by) // GitHub opens a suite for every push
	}
	return s.branchMoved(repo, name.Short(), id, by)
}

// branchMoved follows a branch in the pull requests from and onto it.
func (s *Server) branchMoved(repo *repository, branch string, id plumbing.Hash, by *account) error {
	for _, i := range repo.issues {
		if i.pull == nil || !i.open() {
			continue
		}
		var err error
		switch {
		case i.pull.head == branch && id.IsZero():
			s.setClosed(repo, i, by)
		case i.pull.head == branch:
			err = s.synchronize(repo, i, id, by)
		case i.pull.base == branch:
			err = s.baseMoved(repo, i, id, by)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// push is a move of a ref and the commits that it brings.
type push struct {
	before, after plumbing.Hash
	forced        bool
	commits       []pushedCommit // oldest first; of a force push those that were not there before
	tip           *pushedCommit  // nil for a deletion
}

type pushedCommit struct {
	*gitobject.Commit
	files []fileDiff
}

func (g objects) pushed(before, after plumbing.Hash) (push, error) {
	p := push{before: before, after: after}
	if after.IsZero() {
		return p, nil
	}
	tip, err := g.commit(after)
	if err != nil {
		return p, err
	}
	var base *gitobject.Commit
	if !before.IsZero() {
		if base, err = g.commit(before); err != nil {
			return p, err
		}
		forward, err := base.IsAncestor(tip)
		if err != nil {
			return p, err
		}
		p.forced = !forward
	}
	commits, err := g.between(base, tip)
	if err != nil {
		return p, err
	}
	for _, commit := range append(commits, tip) {
		change, err := g.changeOf(commit)
		if err != nil {
			return p, err
		}
		p.commits = append(p.commits, pushedCommit{commit, change.files})
	}
	p.tip, p.commits = &p.commits[len(commits)], p.commits[:len(commits)]
	return p, nil
}

// changeOf is what a commit changed against its first parent.
func (g objects) changeOf(commit *gitobject.Commit) (treeDiff, error) {
	before := &gitobject.Tree{}
	if commit.NumParents() > 0 {
		parent, err := commit.Parent(0)
		if err != nil {
			return treeDiff{}, err
		}
		if before, err = parent.Tree(); err != nil {
			return treeDiff{}, err
		}
	}
	after, err := commit.Tree()
	if err != nil {
		return treeDiff{}, err
	}
	return diffTrees(before, after)
}
