package githubtest

import (
	"bytes"
	"encoding/json"
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

// labelNames is either {"labels": ["a", {"name": "b"}]} or the bare array.
type labelNames []string

func (n *labelNames) UnmarshalJSON(data []byte) error {
	list := json.RawMessage(data)
	if trimmed := bytes.TrimSpace(data); len(trimmed) > 0 && trimmed[0] == '{' {
		var wrapped struct {
			Labels json.RawMessage `json:"labels"`
		}
		if err := json.Unmarshal(data, &wrapped); err != nil {
			return err
		}
		list = wrapped.Labels
	}
	if len(list) == 0 {
		return nil
	}
	var names []labelName
	if err := json.Unmarshal(list, &names); err != nil {
		return err
	}
	for _, name := range names {
		*n = append(*n, string(name))
	}
	return nil
}

// labelName is a string, or an object with a name.
type labelName string

func (n *labelName) UnmarshalJSON(data []byte) error {
	var wrapped struct {
		Name string `json:"name"`
	}
	if err := json.Unmarshal(data, &wrapped); err == nil {
		*n = labelName(wrapped.Name)
		return nil
	}
	return json.Unmarshal(data, (*string)(n))
}

func (s *Server) issueLabels(c *call) (any, error) {
	i, err := c.issue("issue_number")
	if err != nil {
		return nil, err
	}
	return each(page(c, i.labels), c.labelObject), nil
}

func (s *Server) addLabels(c *call) (any, error) { return s.relabel(c, true) }

func (s *Server) setLabels(c *call) (any, error) { return s.relabel(c, false) }

func (s *Server) relabel(c *call, keep bool) (any, error) {
	i, err := c.issue("issue_number")
	if err != nil {
		return nil, err
	}
	names, err := decode[labelNames](c)
	if err != nil {
		return nil, err
	}
	if keep && len(names) == 0 {
		return nil, invalid(field("Label", "name", "missing_field"))
	}
	for _, name := range names {
		if err := checkText("Label", "name", name, 50); err != nil {
			return nil, err
		}
	}
	if !keep {
		i.labels = nil
	}
	for _, name := range names {
		s.attach(c.repo, i, name)
	}
	return each(i.labels, c.labelObject), nil
}

// attach puts a label on an issue and makes the label where the repository has none of that name.
func (s *Server) attach(repo *repository, i *issue, name string) {
	l := repo.labelNamed(name)
	if l == nil {
		l = s.newLabel(repo, name)
	}
	if !slices.Contains(i.labels, l) {
		i.labels = append(i.labels, l)
		i.updated = s.now()
	}
}

func (s *Server) removeLabel(c *call) (any, error) {
	i, err := c.issue("issue_number")
	if err != nil {
		return nil, err
	}
	at := slices.Index(i.labels, c.repo.labelNamed(c.vars["name"]))
	if at < 0 {
		return nil, refuse(404, "Label does not exist")
	}
	i.labels = slices.Delete(i.labels, at, at+1)
	return each(i.labels, c.labelObject), nil
}

func (v view) label(repo *repository, l *label) object {
	return object{
		"id": l.id, "node_id": nodeID("LA", l.id), "url": v.base + "/repos/" + repo.fullName() + "/labels/" + url.PathEscape(l.name),
		"name": l.name, "description": l.description, "color": l.color, "default": false,
	}
}
