package githubtest

import (
	"fmt"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
)

func (s *Server) updatePull(c *call) (any, error) {
	i, err := c.pullIssue()
	if err != nil {
		return nil, err
	}
	want, err := decode[pullRequest](c)
	if err != nil {
		return nil, err
	}
	if err := want.check(); err != nil {
		return nil, err
	}
	if want.Base != "" && want.Base != i.pull.base {
		if err := s.changeBase(c.repo, i, want.Base); err != nil {
			return nil, err
		}
	}
	switch {
	case want.State == "closed" && i.open():
		s.closePull(c.repo, i, c.actor())
	case want.State == "open" && !i.open():
		if err := s.reopenPull(c.repo, i, c.actor()); err != nil {
			return nil, err
		}
	case want.State != "" && want.State != "open" && want.State != "closed":
		return nil, invalid(field("PullRequest", "state", "invalid"))
	}
	s.editText(c.repo, i, want.Title, want.Body)
	return c.pull(c.repo, i)
}

// editText changes what was given of title and body.
func (s *Server) editText(repo *repository, i *issue, title, body *string) {
	if title != nil {
		i.title = *title
	}
	if body != nil {
		i.body = *body
	}
	i.updated = s.now()
}

func (s *Server) changeBase(repo *repository, i *issue, base string) error {
	id, ok := repo.git.head(base)
	if !ok {
		return invalid(field("PullRequest", "base", "invalid"))
	}
	if repo.openPull(i.pull.head, base) != nil {
		return invalid(custom("PullRequest", "A pull request already exists for base branch '"+base+"' and head branch '"+i.pull.head+"'"))
	}
	i.pull.base, i.pull.baseID = base, id
	return nil
}

// trackHead keeps refs/pull/N/head, which outlives the branch.
func (s *Server) trackHead(repo *repository, i *issue) {
	name := plumbing.ReferenceName(fmt.Sprintf("refs/pull/%d/head", i.number))
	repo.git.ReferenceStorage[name] = plumbing.NewHashReference(name, i.pull.headID)
}

func (s *Server) closePull(repo *repository, i *issue, by *account) {
	i.state, i.closed, i.updated = "closed", s.now(), s.now()
}

func (s *Server) reopenPull(repo *repository, i *issue, by *account) error {
	p := i.pull
	stuck := func(why string) error {
		detail := custom("PullRequest", "state cannot be changed. "+why)
		detail["field"] = "state"
		return invalid(detail)
	}
	if !p.merged.IsZero() {
		return stuck("The pull request cannot be reopened.")
	}
	id, ok := repo.git.head(p.head)
	if !ok {
		return stuck("The " + p.head + " branch has been deleted.")
	}
	if repo.openPull(p.head, p.base) != nil {
		return stuck("There is already an open pull request from " + p.head + " to " + p.base + ".")
	}
	forward, err := repo.git.forward(p.headID, id)
	if err != nil {
		return err
	}
	if !forward {
		return stuck("The " + p.head + " branch was force-pushed or recreated.")
	}
	i.state, i.closed, i.updated = "open", time.Time{}, s.now()
	p.headID = id
	s.trackHead(repo, i)
	return nil
}

// synchronize follows the head branch. A head that no longer adds anything closes the pull request, as a force push to the base does.
func (s *Server) synchronize(repo *repository, i *issue, id plumbing.Hash) error {
	baseID, ok := repo.git.head(i.pull.base)
	if !ok {
		baseID = i.pull.baseID
	}
	i.pull.headID, i.pull.baseID, i.updated = id, baseID, s.now()
	s.trackHead(repo, i)
	ahead, err := repo.git.ahead(baseID, id)
	if err != nil {
		return err
	}
	if ahead == 0 {
		s.closePull(repo, i, i.user)
	}
	return nil
}

// mergedByPush marks the pull request merged when its commits reach the base some other way.
func (s *Server) mergedByPush(repo *repository, i *issue, base plumbing.Hash, by *account) error {
	if base.IsZero() {
		s.closePull(repo, i, by)
		return nil
	}
	contained, err := repo.git.forward(i.pull.headID, base)
	if err != nil || !contained {
		return err
	}
	s.markMerged(repo, i, base, by)
	return nil
}

func (s *Server) markMerged(repo *repository, i *issue, commit plumbing.Hash, by *account) {
	i.pull.merged, i.pull.mergedBy, i.pull.mergeCommit = s.now(), by, commit
	s.closePull(repo, i, by)
}
