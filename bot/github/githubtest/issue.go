package githubtest

import (
	"fmt"
	"slices"
	"time"
	"unicode/utf8"
)

const (
	maxTitle = 256
	maxText  = 65536
)

// issue is an issue or, when pull is set, a pull request.
type issue struct {
	id          int64
	number      int
	title       string
	body        string
	state       string // open or closed
	stateReason string
	locked      bool
	lockReason  string
	user        *account
	viaApp      bool
	labels      []*label
	assignees   []*account
	created     time.Time
	updated     time.Time
	closed      time.Time
	closedBy    *account
	pull        *pull
}

func (i *issue) open() bool { return i.state == "open" }

// newIssue takes the repository's next number.
func (s *Server) newIssue(repo *repository, title, body string, by *account) *issue {
	now := s.now()
	i := &issue{
		id: s.nextID(), number: len(repo.issues) + 1, title: title, body: body, state: "open", user: by, viaApp: by.kind == bot,
		created: now, updated: now,
	}
	repo.issues = append(repo.issues, i)
	return i
}

// issueAt returns the issue or pull request of that number, or nil.
func (r *repository) issueAt(number int64) *issue {
	if number < 1 || number > int64(len(r.issues)) {
		return nil
	}
	return r.issues[number-1]
}

// issue returns what the path parameter names.
func (c *call) issue(parameter string) (*issue, error) {
	number, err := c.number(parameter)
	if err != nil {
		return nil, err
	}
	if i := c.repo.issueAt(number); i != nil {
		return i, nil
	}
	return nil, errNotFound
}

// checkText holds what people write to GitHub's lengths.
func checkText(resource, name, value string, limit int) error {
	if utf8.RuneCountInString(value) <= limit {
		return nil
	}
	detail := custom(resource, fmt.Sprintf("%s is too long (maximum is %d characters)", name, limit))
	detail["field"] = name
	return invalid(detail)
}

// association is what someone is to the repository.
func (r *repository) association(a *account) string {
	switch {
	case a == r.owner:
		return "OWNER"
	case r.role(a) != "":
		return "COLLABORATOR"
	case a.kind == bot:
		return "CONTRIBUTOR"
	}
	return "NONE"
}

// emitThread tells of an issue or a pull request, whichever it is.
func (s *Server) emitThread(action string, repo *repository, i *issue, by *account, extra object) {
	name, resource := "issues", "issue"
	if i.pull != nil {
		name, resource = "pull_request", "pull_request"
	}
	s.emit(name, action, repo, by, func(v view) object {
		o := object{resource: v.issue(repo, i)}
		if i.pull != nil {
			o[resource], o["number"] = v.pull(repo, i), i.number
		}
		for key, value := range extra {
			o[key] = value
		}
		return o
	})
}

// setClosed closes an issue or a pull request.
func (s *Server) setClosed(repo *repository, i *issue, by *account) {
	if !i.open() {
		return
	}
	i.state, i.closed, i.updated, i.closedBy = "closed", s.now(), s.now(), by
	s.emitThread("closed", repo, i, by, nil)
}

func (s *Server) setOpen(repo *repository, i *issue, by *account) {
	i.state, i.closed, i.updated, i.closedBy = "open", time.Time{}, s.now(), nil
	s.emitThread("reopened", repo, i, by, nil)
}

// edit changes what was given of title and body.
func (s *Server) edit(repo *repository, i *issue, by *account, title, body *string) {
	changes := object{}
	for name, change := range map[string]struct{ now, want *string }{"title": {&i.title, title}, "body": {&i.body, body}} {
		if change.want != nil && *change.want != *change.now {
			changes[name] = object{"from": *change.now}
			*change.now = *change.want
		}
	}
	i.updated = s.now()
	if len(changes) > 0 {
		s.emitThread("edited", repo, i, by, object{"changes": changes})
	}
}

// assign gives an issue to people and takes none away.
func (s *Server) assign(repo *repository, i *issue, by *account, names []string) {
	for _, login := range names {
		assignee := s.account(login)
		if repo.role(assignee) == "" || slices.Contains(i.assignees, assignee) {
			continue // GitHub leaves out, without a word, who has no access
		}
		i.assignees, i.updated = append(i.assignees, assignee), s.now()
		s.emitThread("assigned", repo, i, by, object{"assignee": s.view().accountObject(assignee)})
	}
}
