package githubtest

import (
	"cmp"
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
	teams       []string   // that were asked for a review
	auto        *autoMerge // nil: nobody ordered it

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
