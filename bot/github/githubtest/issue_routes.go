package githubtest

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
)

func issueRoutes() []route {
	const issues = "/repos/{owner}/{repo}/issues"
	read, write := reads("issues", "pull_requests"), writes("issues", "pull_requests")
	return []route{
		{method: "GET", pattern: issues, access: read, status: 200, handle: (*Server).listIssues},
		{method: "POST", pattern: issues, access: writes("issues"), status: 201, handle: (*Server).createIssue},
		{method: "GET", pattern: issues + "/{issue_number}", access: read, status: 200, handle: (*Server).getIssue},
		{method: "PATCH", pattern: issues + "/{issue_number}", access: write, status: 200, handle: (*Server).updateIssue},
		{method: "POST", pattern: issues + "/{issue_number}/assignees", access: write, status: 201, handle: (*Server).addAssignees},
		{method: "PUT", pattern: issues + "/{issue_number}/lock", access: write, handle: (*Server).lockIssue},
		{method: "DELETE", pattern: issues + "/{issue_number}/lock", access: write, handle: (*Server).unlockIssue},
	}
}

func (s *Server) listIssues(c *call) (any, error) {
	state := cmp.Or(c.query("state"), "open")
	var found []*issue
	for _, i := range c.repo.issues {
		if state != "all" && state != i.state || !i.labelled(c.query("labels")) {
			continue
		}
		if creator := c.query("creator"); creator != "" && !strings.EqualFold(creator, i.user.login) {
			continue
		}
		found = append(found, i)
	}
	sortIssues(found, c.query("sort"), cmp.Or(c.query("direction"), "desc"))
	return each(page(c, found), c.issueObject), nil
}

// labelled reports whether the issue has all of the labels, separated by commas.
func (i *issue) labelled(names string) bool {
	if names == "" {
		return true
	}
	for name := range strings.SplitSeq(names, ",") {
		if !slices.ContainsFunc(i.labels, func(l *label) bool { return strings.EqualFold(l.name, name) }) {
			return false
		}
	}
	return true
}

func (c *call) issueObject(i *issue) object { return c.view.issue(c.repo, i) }

type issueRequest struct {
	Title       *string    `json:"title"`
	Body        *string    `json:"body"`
	State       string     `json:"state"`
	StateReason string     `json:"state_reason"`
	Labels      labelNames `json:"labels"`
	Assignees   []string   `json:"assignees"`
}

func (want issueRequest) check() error {
	if want.Title != nil && *want.Title == "" {
		return invalid(field("Issue", "title", "missing_field"))
	}
	if want.State != "" && want.State != "open" && want.State != "closed" {
		return invalid(field("Issue", "state", "invalid"))
	}
	if err := checkText("Issue", "title", deref(want.Title), maxTitle); err != nil {
		return err
	}
	return checkText("Issue", "body", deref(want.Body), maxText)
}

func (s *Server) createIssue(c *call) (any, error) {
	want, err := decode[issueRequest](c)
	if err != nil {
		return nil, err
	}
	if want.Title == nil {
		return nil, invalid(field("Issue", "title", "missing_field"))
	}
	if err := want.check(); err != nil {
		return nil, err
	}
	i := s.newIssue(c.repo, *want.Title, deref(want.Body), c.actor())
	s.emitThread("opened", c.repo, i, c.actor(), nil)
	s.arrange(c, i, want)
	return c.issueObject(i), nil
}

// arrange sets labels and assignees, which replace the ones there are.
func (s *Server) arrange(c *call, i *issue, want issueRequest) {
	if want.Labels != nil {
		s.relabel(c.repo, i, c.actor(), want.Labels)
	}
	if want.Assignees != nil {
		i.assignees = nil
		s.assign(c.repo, i, c.actor(), want.Assignees)
	}
}

func (s *Server) getIssue(c *call) (any, error) {
	i, err := c.issue("issue_number")
	if err != nil {
		return nil, err
	}
	return c.issueObject(i), nil
}

func (s *Server) updateIssue(c *call) (any, error) {
	i, err := c.issue("issue_number")
	if err != nil {
		return nil, err
	}
	want, err := decode[issueRequest](c)
	if err != nil {
		return nil, err
	}
	if err := want.check(); err != nil {
		return nil, err
	}
	switch {
	case want.State == "closed":
		i.stateReason = cmp.Or(want.StateReason, "completed")
		s.setClosed(c.repo, i, c.actor())
	case want.State == "open" && !i.open() && i.pull != nil:
		if err := s.reopenPull(c.repo, i, c.actor()); err != nil {
			return nil, err
		}
	case want.State == "open" && !i.open():
		i.stateReason = "reopened"
		s.setOpen(c.repo, i, c.actor())
	}
	s.edit(c.repo, i, c.actor(), want.Title, want.Body)
	s.arrange(c, i, want)
	return c.issueObject(i), nil
}

func (s *Server) addAssignees(c *call) (any, error) {
	i, err := c.issue("issue_number")
	if err != nil {
		return nil, err
	}
	want, err := decode[issueRequest](c)
	if err != nil {
		return nil, err
	}
	s.assign(c.repo, i, c.actor(), want.Assignees)
	return c.issueObject(i), nil
}

type lockRequest struct {
	Reason string `json:"lock_reason"`
}

func (s *Server) lockIssue(c *call) (any, error) {
	i, err := c.issue("issue_number")
	if err != nil {
		return nil, err
	}
	want, err := decode[lockRequest](c)
	if err != nil {
		return nil, err
	}
	if !slices.Contains([]string{"", "off-topic", "too heated", "resolved", "spam"}, want.Reason) {
		return nil, refuse(http.StatusUnprocessableEntity, "Validation Failed")
	}
	s.lock(c.repo, i, c.actor(), want.Reason)
	return nil, nil
}

func (s *Server) lock(repo *repository, i *issue, by *account, reason string) {
	i.locked, i.lockReason, i.updated = true, reason, s.now()
	s.emitThread("locked", repo, i, by, nil)
}

func (s *Server) unlockIssue(c *call) (any, error) {
	i, err := c.issue("issue_number")
	if err != nil {
		return nil, err
	}
	s.unlock(c.repo, i, c.actor())
	return nil, nil
}

func (s *Server) unlock(repo *repository, i *issue, by *account) {
	i.locked, i.lockReason, i.updated = false, "", s.now()
	s.emitThread("unlocked", repo, i, by, nil)
}
