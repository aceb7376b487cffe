package githubtest

import (
	"net/http"
	"strings"
	"time"
)

// repository is one repository with everything in it.
type repository struct {
	id            int64
	owner         *account
	name          string
	private       bool
	archived      bool
	fork          *repository
	defaultBranch string
	created       time.Time
	pushed        time.Time
	roles         map[*account]string // of people besides the owner: read, triage, write, maintain, admin
	protected     map[string]Protection
	merging       Merging
	git           objects
	labels        []*label
	issues        []*issue // by number - 1; pull requests too
	comments      []*comment
	suites        []*checkSuite
	runs          []*checkRun
	statuses      []*status // oldest first
	deployments   []*deployment
}

func repositoryRoutes() []route {
	return []route{
		{method: "GET", pattern: "/repos/{owner}/{repo}", access: reads("metadata"), status: 200, handle: (*Server).getRepository},
	}
}

func (r *repository) fullName() string { return r.owner.login + "/" + r.name }

// role is what a person may do in the repository; empty is nothing beyond what everyone may.
func (r *repository) role(a *account) string {
	if a == r.owner {
		return "admin"
	}
	return r.roles[a]
}

func (r *repository) writable(a *account) bool {
	switch r.role(a) {
	case "admin", "maintain", "write":
		return true
	}
	return false
}

// find returns the repository of that full name, or nil.
func (s *Server) find(fullName string) *repository {
	for _, repo := range s.repositories {
		if strings.EqualFold(repo.fullName(), fullName) {
			return repo
		}
	}
	return nil
}

func (s *Server) byID(id int64) *repository {
	for _, repo := range s.repositories {
		if repo.id == id {
			return repo
		}
	}
	return nil
}

// locate finds the repository that the request's path names; a former name redirects those who may see the new one.
func (s *Server) locate(c *call) (*repository, error) {
	name := c.vars["owner"] + "/" + c.vars["repo"]
	if repo := s.find(name); repo != nil {
		return repo, nil
	}
	repo := s.byID(s.moved[strings.ToLower(name)])
	if repo == nil || repo.private && c.token.kind != appJWT && !c.token.covers(repo) {
		return nil, errNotFound
	}
	return nil, s.redirect(c, repo)
}

func (s *Server) redirect(c *call, repo *repository) error {
	path := c.request.URL.EscapedPath()
	former := "/repos/" + c.vars["owner"] + "/" + c.vars["repo"]
	target := c.base + "/repos/" + repo.fullName() + strings.TrimPrefix(path, former)
	if c.request.URL.RawQuery != "" {
		target += "?" + c.request.URL.RawQuery
	}
	status := http.StatusMovedPermanently
	if c.request.Method != http.MethodGet {
		status = http.StatusTemporaryRedirect
	}
	return &refusal{status: status, message: "Moved Permanently", url: target, header: http.Header{"Location": {target}}}
}

func (s *Server) getRepository(c *call) (any, error) { return c.fullRepository(c.repo, c.token), nil }
