package githubtest

import (
	"fmt"
	"time"
	"unicode/utf8"
)

const (
	maxTitle = 256
	maxText  = 65536
)

// issue is an issue or, when pull is set, a pull request.
type issue struct {
	id        int64
	number    int
	title     string
	body      string
	state     string // open or closed
	locked    bool
	user      *account
	viaApp    bool
	labels    []*label
	assignees []*account
	created   time.Time
	updated   time.Time
	closed    time.Time
	pull      *pull
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
