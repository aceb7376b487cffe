package githubtest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// label belongs to a repository; issues point to it.
type label struct {
	id                       int64
	name, color, description string
}

func labelRoutes() []route {
	const repo, issue = "/repos/{owner}/{repo}", "/repos/{owner}/{repo}/issues/{issue_number}"
	write := writes("issues", "pull_requests")
	return []route{
		{method: "GET", pattern: issue + "/labels", access: reads("issues", "pull_requests"), status: 200, handle: (*Server).issueLabels},
		{method: "POST", pattern: issue + "/labels", access: write, status: 200, handle: (*Server).addLabels},
		{method: "PUT", pattern: issue + "/labels", access: write, status: 200, handle: (*Server).setLabels},
		{method: "DELETE", pattern: issue + "/labels/{name}", access: write, status: 200, handle: (*Server).removeLabel},
		{method: "GET", pattern: repo + "/labels", access: reads("issues", "pull_requests"), status: 200, handle: (*Server).listLabels},
		{method: "POST", pattern: repo + "/labels", access: write, status: 201, handle: (*Server).createLabel},
		{method: "GET", pattern: repo + "/labels/{name}", access: reads("issues", "pull_requests"), status: 200, handle: (*Server).getLabel},
	}
}

func (r *repository) labelNamed(name string) *label {
	for _, l := range r.labels {
		if strings.EqualFold(l.name, name) {
			return l
		}
	}
	return nil
}

func (c *call) labelObject(l *label) object { return c.label(c.repo, l) }

func (s *Server) listLabels(c *call) (any, error) {
	return each(page(c, c.repo.labels), c.labelObject), nil
}

func (s *Server) getLabel(c *call) (any, error) {
	l := c.repo.labelNamed(c.vars["name"])
	if l == nil {
		return nil, errNotFound
	}
	return c.labelObject(l), nil
}

type labelRequest struct {
	Name        string `json:"name"`
	Color       string `json:"color"`
	Description string `json:"description"`
}

func (s *Server) createLabel(c *call) (any, error) {
	want, err := decode[labelRequest](c)
	if err != nil {
		return nil, err
	}
	if want.Name == "" {
		return nil, invalid(field("Label", "name", "missing_field"))
	}
	if c.repo.labelNamed(want.Name) != nil {
		return nil, invalid(field("Label", "name", "already_exists"))
	}
	l := s.newLabel(c.repo, want.Name)
	l.description = want.Description
	if want.Color != "" {
		l.color = want.Color
	}
	return c.labelObject(l), nil
}

func (s *Server) newLabel(repo *repository, name string) *label {
	l := &label{id: s.nextID(), name: name, color: "ededed"}
	repo.labels = append(repo.labels, l)
	return l
}

func (s *Server) issueLabels(c *call) (any, error) {
	i, err := c.issue("issue_number")
	if err != nil {
		return nil, err
	}
	return each(page(c, i.labels), c.labelObject), nil
}

func (s *Server) addLabels(c *call) (any, error) {
	i, names, err := c.labelsFor()
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, invalid(field("Label", "name", "missing_field"))
	}
	for _, name := range names {
		s.attach(c.repo, i, c.actor(), name)
	}
	return each(i.labels, c.labelObject), nil
}

func (s *Server) setLabels(c *call) (any, error) {
	i, names, err := c.labelsFor()
	if err != nil {
		return nil, err
	}
	s.relabel(c.repo, i, c.actor(), names)
	return each(i.labels, c.labelObject), nil
}

// labelsFor reads the issue and the labels that a request is about.
func (c *call) labelsFor() (*issue, labelNames, error) {
	i, err := c.issue("issue_number")
	if err != nil {
		return nil, nil, err
	}
	names, err := decode[labelNames](c)
	if err != nil {
		return nil, nil, err
	}
	for _, name := range names {
		if err := checkText("Label", "name", name, 50); err != nil {
			return nil, nil, err
		}
	}
	return i, names, nil
}

// relabel makes these the labels of an issue.
func (s *Server) relabel(repo *repository, i *issue, by *account, names []string) {
	for _, l := range slices.Clone(i.labels) {
		if !slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, l.name) }) {
			s.detach(repo, i, by, l)
		}
	}
	for _, name := range names {
		s.attach(repo, i, by, name)
	}
}

// attach puts a label on an issue and makes the label where the repository has none of that name.
func (s *Server) attach(repo *repository, i *issue, by *account, name string) {
	l := repo.labelNamed(name)
	if l == nil {
		l = s.newLabel(repo, name)
	}
	if slices.Contains(i.labels, l) {
		return
	}
	i.labels, i.updated = append(i.labels, l), s.now()
	s.emitThread("labeled", repo, i, by, object{"label": s.view().label(repo, l)})
}

func (s *Server) detach(repo *repository, i *issue, by *account, l *label) {
	i.labels = slices.DeleteFunc(i.labels, func(other *label) bool { return other == l })
	i.updated = s.now()
	s.emitThread("unlabeled", repo, i, by, object{"label": s.view().label(repo, l)})
}

func (s *Server) removeLabel(c *call) (any, error) {
	i, err := c.issue("issue_number")
	if err != nil {
		return nil, err
	}
	l := c.repo.labelNamed(c.vars["name"])
	if l == nil || !slices.Contains(i.labels, l) {
		return nil, refuse(http.StatusNotFound, "Label does not exist")
	}
	s.detach(c.repo, i, c.actor(), l)
	return each(i.labels, c.labelObject), nil
}

func (v view) label(repo *repository, l *label) object {
	return object{
		"id": l.id, "node_id": nodeID("LA", l.id), "url": v.base + "/repos/" + repo.fullName() + "/labels/" + url.PathEscape(l.name),
		"name": l.name, "description": l.description, "color": l.color, "default": false,
	}
}
