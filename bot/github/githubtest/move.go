package githubtest

import (
	"github.com/go-git/go-git/v5/plumbing"
)

// move puts a ref on a commit, or deletes it for the zero id, and lets the pull requests of the branch know.
func (s *Server) move(repo *repository, name plumbing.ReferenceName, id plumbing.Hash, by *account) error {
	old, _ := repo.git.ref(name)
	if old == id {
		return nil
	}
	repo.pushed = s.now()
	if id.IsZero() {
		if err := repo.git.RemoveReference(name); err != nil {
			return err
		}
	} else if err := repo.git.SetReference(plumbing.NewHashReference(name, id)); err != nil {
		return err
	}
	if name.IsBranch() {
		return s.branchMoved(repo, name.Short(), old, id, by)
	}
	return nil
}

// branchMoved follows a branch in the pull requests from and onto it.
func (s *Server) branchMoved(repo *repository, branch string, old, id plumbing.Hash, by *account) error {
	for _, i := range repo.issues {
		p := i.pull
		if p == nil || !i.open() {
			continue
		}
		switch branch {
		case p.head:
			if id.IsZero() {
				s.closePull(repo, i, by)
				continue
			}
			if err := s.synchronize(repo, i, id); err != nil {
				return err
			}
		case p.base:
			if err := s.mergedByPush(repo, i, id, by); err != nil {
				return err
			}
		}
	}
	return nil
}
