package githubtest

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"
)

// comment is a comment on an issue or on a pull request's conversation.
type comment struct {
	id        int64
	issue     *issue
	user      *account
	viaApp    bool
	body      string
	created   time.Time
	updated   time.Time
	reactions []*reaction
}

func commentRoutes() []route {
	const issues = "/repos/{owner}/{repo}/issues"
	return []route{
		{method: "GET", pattern: issues + "/{issue_number}/comments", access: reads("issues", "pull_requests"), status: 200, handle: (*Server).listComments},
		{method: "POST", pattern: issues + "/{issue_number}/comments", access: writes("issues", "pull_requests"), status: 201, handle: (*Server).createComment},
		{method: "GET", pattern: issues + "/comments/{comment_id}", access: reads("issues", "pull_requests"), status: 200, handle: (*Server).getComment},
		{method: "PATCH", pattern: issues + "/comments/{comment_id}", access: writes("issues", "pull_requests"), status: 200, handle: (*Server).updateComment},
		{method: "DELETE", pattern: issues + "/comments/{comment_id}", access: writes("issues", "pull_requests"), handle: (*Server).deleteComment},
	}
}

func (r *repository) commentsOf(i *issue) []*comment {
	var found []*comment
	for _, m := range r.comments {
		if m.issue == i {
			found = append(found, m)
		}
	}
	return found
}

func (r *repository) countComments(i *issue) int { return len(r.commentsOf(i)) }

func (s *Server) listComments(c *call) (any, error) {
	i, err := c.issue("issue_number")
	if err != nil {
		return nil, err
	}
	since, _ := time.Parse(time.RFC3339, c.query("since"))
	found := slices.DeleteFunc(c.repo.commentsOf(i), func(m *comment) bool { return m.updated.Truncate(time.Second).Before(since) })
	return each(page(c, found), c.commentObject), nil
}

type commentRequest struct {
	Body string `json:"body"`
}

func (want commentRequest) check() error {
	if want.Body == "" {
		return invalid(field("IssueComment", "body", "missing_field"))
	}
	return checkText("IssueComment", "body", want.Body, maxText)
}

func (s *Server) createComment(c *call) (any, error) {
	i, err := c.issue("issue_number")
	if err != nil {
		return nil, err
	}
	want, err := decode[commentRequest](c)
	if err != nil {
		return nil, err
	}
	if err := want.check(); err != nil {
		return nil, err
	}
	if i.locked && !c.repo.writable(c.actor()) {
		return nil, refuse(http.StatusForbidden, "Unable to create comment because issue is locked.")
	}
	return c.commentObject(s.newComment(c.repo, i, c.actor(), want.Body)), nil
}

func (s *Server) newComment(repo *repository, i *issue, by *account, body string) *comment {
	now := s.now()
	m := &comment{id: s.nextID(), issue: i, user: by, viaApp: by.kind == bot, body: body, created: now, updated: now}
	repo.comments = append(repo.comments, m)
	i.updated = now
	s.emitComment("created", repo, m, by, nil)
	return m
}

func (s *Server) editComment(repo *repository, m *comment, by *account, body string) {
	before := m.body
	m.body, m.updated = body, s.now()
	s.emitComment("edited", repo, m, by, object{"changes": object{"body": object{"from": before}}})
}

func (s *Server) emitComment(action string, repo *repository, m *comment, by *account, extra object) {
	s.emit("issue_comment", action, repo, by, func(v view) object {
		o := object{"issue": v.issue(repo, m.issue), "comment": v.comment(repo, m)}
		maps.Copy(o, extra)
		return o
	})
}

func (c *call) comment() (*comment, error) {
	id, err := c.number("comment_id")
	if err != nil {
		return nil, err
	}
	for _, m := range c.repo.comments {
		if m.id == id {
			return m, nil
		}
	}
	return nil, errNotFound
}

func (s *Server) getComment(c *call) (any, error) {
	m, err := c.comment()
	if err != nil {
		return nil, err
	}
	return c.commentObject(m), nil
}

func (s *Server) updateComment(c *call) (any, error) {
	m, err := c.comment()
	if err != nil {
		return nil, err
	}
	want, err := decode[commentRequest](c)
	if err != nil {
		return nil, err
	}
	if err := want.check(); err != nil {
		return nil, err
	}
	s.editComment(c.repo, m, c.actor(), want.Body)
	return c.commentObject(m), nil
}

func (s *Server) deleteComment(c *call) (any, error) {
	m, err := c.comment()
	if err != nil {
		return nil, err
	}
	c.repo.comments = slices.DeleteFunc(c.repo.comments, func(known *comment) bool { return known == m })
	s.emitComment("deleted", c.repo, m, c.actor(), nil)
	return nil, nil
}

func (c *call) commentObject(m *comment) object { return c.view.comment(c.repo, m) }

func (v view) comment(repo *repository, m *comment) object {
	api := v.base + "/repos/" + repo.fullName() + "/issues/"
	return object{
		"id": m.id, "node_id": nodeID("IC", m.id), "body": m.body, "user": v.accountObject(m.user),
		"url": fmt.Sprintf("%scomments/%d", api, m.id), "issue_url": fmt.Sprintf("%s%d", api, m.issue.number),
		"html_url":   fmt.Sprintf("%s#issuecomment-%d", v.threadPage(repo, m.issue), m.id),
		"created_at": stamp(m.created), "updated_at": stamp(m.updated), "author_association": repo.association(m.user),
		"performed_via_github_app": v.viaApp(m.viaApp), "reactions": v.rollup(fmt.Sprintf("%scomments/%d/reactions", api, m.id), m.reactions),
	}
}

// viaApp is the App that wrote something, or null.
func (v view) viaApp(by bool) any {
	if !by || v.Server.app == nil {
		return nil
	}
	return v.app(v.Server.app)
}
