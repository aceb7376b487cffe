package githubtest

import (
	"fmt"

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
		if err := s.changeBase(c.repo, i, want.Base, c.actor()); err != nil {
			return nil, err
		}
	}
	switch {
	case want.State == "closed":
		s.setClosed(c.repo, i, c.actor())
	case want.State == "open" && !i.open():
		if err := s.reopenPull(c.repo, i, c.actor()); err != nil {
			return nil, err
		}
	case want.State != "" && want.State != "open":
		return nil, invalid(field("PullRequest", "state", "invalid"))
	}
	s.edit(c.repo, i, c.actor(), want.Title, want.Body)
	return c.pull(c.repo, i), nil
}

func (s *Server) changeBase(repo *repository, i *issue, base string, by *account) error {
	id, ok := repo.git.head(base)
	if !ok {
		return invalid(field("PullRequest", "base", "invalid"))
	}
	if repo.pullFrom(i.pull.head, base) != nil {
		return invalid(custom("PullRequest", "A pull request already exists for base branch '"+base+"' and head branch '"+i.pull.head+"'"))
	}
	changes := object{"base": object{"ref": object{"from": i.pull.base}, "sha": object{"from": i.pull.baseID.String()}}}
	i.pull.base, i.pull.baseID = base, id
	s.emitThread("edited", repo, i, by, object{"changes": changes})
	return repo.refresh(i.pull)
}

// trackHead keeps refs/pull/N/head, which outlives the branch.
func (r *repository) trackHead(i *issue) {
	name := plumbing.ReferenceName(fmt.Sprintf("refs/pull/%d/head", i.number))
	r.git.ReferenceStorage[name] = plumbing.NewHashReference(name, i.pull.headID)
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
	if repo.pullFrom(p.head, p.base) != nil {
		return stuck("There is already an open pull request from " + p.head + " to " + p.base + ".")
	}
	forward, err := repo.git.forward(p.headID, id)
	if err != nil {
		return err
	}
	if !forward {
		return stuck("The " + p.head + " branch was force-pushed or recreated.")
	}
	p.headID = id
	repo.trackHead(i)
	if err := repo.refresh(p); err != nil {
		return err
	}
	s.setOpen(repo, i, by)
	return nil
}

// synchronize follows the head branch. A head that no longer adds anything closes the pull request, as a force push to the base does.
func (s *Server) synchronize(repo *repository, i *issue, id plumbing.Hash, by *account) error {
	before := i.pull.headID
	if baseID, ok := repo.git.head(i.pull.base); ok {
		i.pull.baseID = baseID
	}
	i.pull.headID, i.updated = id, s.now()
	repo.trackHead(i)
	if err := repo.refresh(i.pull); err != nil {
		return err
	}
	s.emitThread("synchronize", repo, i, by, object{"before": before.String(), "after": id.String()})
	if i.pull.commits == 0 {
		s.setClosed(repo, i, by)
	}
	return nil
}

// baseMoved marks the pull request merged when its commits reached the base some other way.
func (s *Server) baseMoved(repo *repository, i *issue, base plumbing.Hash, by *account) error {
	if base.IsZero() {
		s.setClosed(repo, i, by)
		return nil
	}
	contained, err := repo.git.forward(i.pull.headID, base)
	if err != nil {
		return err
	}
	if contained {
		s.markMerged(repo, i, base, by)
		return nil
	}
	return repo.refresh(i.pull)
}

func (s *Server) markMerged(repo *repository, i *issue, commit plumbing.Hash, by *account) {
	i.pull.merged, i.pull.mergedBy, i.pull.mergeCommit = s.now(), by, commit
	s.setClosed(repo, i, by)
}
