package githubtest

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
)

// pull is what a pull request has beyond an issue.
type pull struct {
	id          int64
	head, base  string // branches of the same repository
	headID      plumbing.Hash
	baseID      plumbing.Hash
	draft       bool
	modifiable  bool // by maintainers
	merged      time.Time
	mergedBy    *account
	mergeCommit plumbing.Hash
	reviewers   []*account

	standing
}

func pullRoutes() []route {
	const pulls = "/repos/{owner}/{repo}/pulls"
	return []route{
		{method: "GET", pattern: pulls, access: reads("pull_requests"), status: 200, handle: (*Server).listPulls},
		{method: "POST", pattern: pulls, access: writes("pull_requests"), status: 201, handle: (*Server).createPull},
		{method: "GET", pattern: pulls + "/{pull_number}", access: reads("pull_requests"), status: 200, handle: (*Server).getPull},
		{method: "PATCH", pattern: pulls + "/{pull_number}", access: writes("pull_requests"), status: 200, handle: (*Server).updatePull},
		{method: "GET", pattern: pulls + "/{pull_number}/files", access: reads("pull_requests"), status: 200, handle: (*Server).pullFiles},
		{method: "GET", pattern: pulls + "/{pull_number}/commits", access: reads("pull_requests"), status: 200, handle: (*Server).pullCommits},
	}
}

func (s *Server) listPulls(c *call) (any, error) {
	state := cmp.Or(c.query("state"), "open")
	var found []*issue
	for _, i := range c.repo.issues {
		if i.pull == nil || state != "all" && state != i.state {
			continue
		}
		if base := c.query("base"); base != "" && base != i.pull.base {
			continue
		}
		if head := c.query("head"); strings.Contains(head, ":") && !strings.EqualFold(head, c.repo.owner.login+":"+i.pull.head) {
			continue
		}
		found = append(found, i)
	}
	sortIssues(found, c.query("sort"), c.query("direction"))
	return each(page(c, found), func(i *issue) object { return c.simplePull(c.repo, i) }), nil
}

// sortIssues orders as lists do: by creation unless asked, newest first then.
func sortIssues(issues []*issue, by, direction string) {
	slices.SortFunc(issues, func(a, b *issue) int {
		if by == "updated" {
			return cmp.Or(a.updated.Compare(b.updated), cmp.Compare(a.number, b.number))
		}
		return cmp.Compare(a.number, b.number)
	})
	if direction == "desc" || direction == "" && (by == "" || by == "created") {
		slices.Reverse(issues)
	}
}

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

func (r *repository) pullFrom(head, base string) *issue {
	for _, i := range r.issues {
		if i.pull != nil && i.open() && i.pull.head == head && i.pull.base == base {
			return i
		}
	}
	return nil
}

func (c *call) pullIssue() (*issue, error) {
	i, err := c.issue("pull_number")
	if err != nil {
		return nil, err
	}
	if i.pull == nil {
		return nil, errNotFound
	}
	return i, nil
}

func (s *Server) getPull(c *call) (any, error) {
	i, err := c.pullIssue()
	if err != nil {
		return nil, err
	}
	if c.accepts("diff") {
		d, err := c.repo.pullDistance(i.pull)
		if err != nil {
			return nil, err
		}
		return raw{http.StatusOK, "application/vnd.github.diff; charset=utf-8", []byte(d.change.text)}, nil
	}
	return c.pull(c.repo, i), nil
}

func (s *Server) pullFiles(c *call) (any, error) {
	i, err := c.pullIssue()
	if err != nil {
		return nil, err
	}
	d, err := c.repo.pullDistance(i.pull)
	if err != nil {
		return nil, err
	}
	return page(c, c.diffEntries(c.repo, i.pull.headID, d.change)), nil
}

func (s *Server) pullCommits(c *call) (any, error) {
	i, err := c.pullIssue()
	if err != nil {
		return nil, err
	}
	d, err := c.repo.pullDistance(i.pull)
	if err != nil {
		return nil, err
	}
	return c.commits(c.repo, page(c, d.ahead))
}

// pullDistance is measured from the base as it was when the head last moved, so that a merged request still shows its change.
func (r *repository) pullDistance(p *pull) (distance, error) {
	base, head, err := r.git.pair(p.baseID, p.headID)
	if err != nil {
		return distance{}, err
	}
	return r.git.distance(base, head)
}
