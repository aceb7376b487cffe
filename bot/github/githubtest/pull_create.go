package githubtest

import (
	"errors"
	"strings"
)

type pullRequest struct {
	Title      *string `json:"title"`
	Body       *string `json:"body"`
	Head       string  `json:"head"`
	Base       string  `json:"base"`
	State      string  `json:"state"`
	Draft      bool    `json:"draft"`
	Modifiable *bool   `json:"maintainer_can_modify"`
}

func (want pullRequest) check() error {
	if want.Title != nil && *want.Title == "" {
		return invalid(field("PullRequest", "title", "missing_field"))
	}
	if err := checkText("PullRequest", "title", deref(want.Title), maxTitle); err != nil {
		return err
	}
	return checkText("PullRequest", "body", deref(want.Body), maxText)
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func (s *Server) createPull(c *call) (any, error) {
	want, err := decode[pullRequest](c)
	if err != nil {
		return nil, err
	}
	i, err := s.openPull(c.repo, c.actor(), want)
	if err != nil {
		return nil, err
	}
	return c.pull(c.repo, i), nil
}

func (s *Server) openPull(repo *repository, by *account, want pullRequest) (*issue, error) {
	switch {
	case want.Head == "":
		return nil, unprocessable("Invalid request.\n\n\"head\" wasn't supplied.")
	case want.Base == "":
		return nil, unprocessable("Invalid request.\n\n\"base\" wasn't supplied.")
	case want.Title == nil:
		return nil, invalid(field("PullRequest", "title", "missing_field"))
	}
	if err := want.check(); err != nil {
		return nil, err
	}
	p, err := s.newPull(repo, want)
	if err != nil {
		return nil, err
	}
	i := s.newIssue(repo, *want.Title, deref(want.Body), by)
	i.pull = p
	repo.trackHead(i)
	s.emitThread("opened", repo, i, by, nil)
	return i, nil
}

// newPull checks that there is something to ask for, and that nobody asked yet.
func (s *Server) newPull(repo *repository, want pullRequest) (*pull, error) {
	branch := want.Head
	if owner, rest, ok := strings.Cut(want.Head, ":"); ok {
		if !strings.EqualFold(owner, repo.owner.login) {
			return nil, invalid(field("PullRequest", "head", "invalid"))
		}
		branch = rest
	}
	headID, ok := repo.git.head(branch)
	if !ok {
		return nil, invalid(field("PullRequest", "head", "invalid"))
	}
	baseID, ok := repo.git.head(want.Base)
	if !ok {
		return nil, invalid(field("PullRequest", "base", "invalid"))
	}
	if repo.pullFrom(branch, want.Base) != nil {
		return nil, invalid(custom("PullRequest", "A pull request already exists for "+repo.owner.login+":"+branch+"."))
	}
	p := &pull{
		id: s.nextID(), head: branch, base: want.Base, headID: headID, baseID: baseID, draft: want.Draft,
		modifiable: want.Modifiable != nil && *want.Modifiable,
	}
	err := repo.refresh(p)
	switch {
	case errors.Is(err, errNoCommonAncestor):
		return nil, invalid(custom("PullRequest", "The "+branch+" branch has no history in common with "+want.Base))
	case err == nil && p.commits == 0:
		return nil, invalid(custom("PullRequest", "No commits between "+want.Base+" and "+branch))
	}
	return p, err
}
