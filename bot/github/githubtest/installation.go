package githubtest

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// installation is the App in one account.
type installation struct {
	id          int64
	account     *account
	all         bool    // every repository of the account
	selected    []int64 // else these
	permissions map[string]string
	created     time.Time
	suspended   time.Time
}

func installationRoutes() []route {
	return []route{
		{method: "GET", pattern: "/app/installations", access: asApp(), status: 200, handle: (*Server).listInstallations},
		{method: "GET", pattern: "/app/installations/{installation_id}", access: asApp(), status: 200, handle: (*Server).getInstallation},
		{method: "POST", pattern: "/app/installations/{installation_id}/access_tokens", access: asApp(), status: 201, handle: (*Server).createToken},
		{method: "GET", pattern: "/repos/{owner}/{repo}/installation", access: asApp(), status: 200, handle: (*Server).repositoryInstallation},
		{method: "GET", pattern: "/installation/repositories", access: asInstallation(), status: 200, handle: (*Server).installationRepositories},
		{method: "DELETE", pattern: "/installation/token", access: asInstallation(), handle: (*Server).revokeToken},
	}
}

func (i *installation) has(repo *repository) bool {
	return repo.owner == i.account && (i.all || slices.Contains(i.selected, repo.id))
}

func (s *Server) installationOf(repo *repository) *installation {
	for _, i := range s.installations {
		if i.has(repo) {
			return i
		}
	}
	return nil
}

func (s *Server) listInstallations(c *call) (any, error) {
	return each(page(c, s.installations), c.installation), nil
}

func (s *Server) findInstallation(c *call) (*installation, error) {
	id, err := c.number("installation_id")
	if err != nil {
		return nil, err
	}
	for _, i := range s.installations {
		if i.id == id {
			return i, nil
		}
	}
	return nil, errNotFound
}

func (s *Server) getInstallation(c *call) (any, error) {
	i, err := s.findInstallation(c)
	if err != nil {
		return nil, err
	}
	return c.installation(i), nil
}

func (s *Server) repositoryInstallation(c *call) (any, error) {
	i := s.installationOf(c.repo)
	if i == nil {
		return nil, errNotFound
	}
	return c.installation(i), nil
}

func (s *Server) installationRepositories(c *call) (any, error) {
	granted := slices.DeleteFunc(slices.Clone(s.repositories), func(repo *repository) bool { return !c.token.covers(repo) })
	return object{
		"total_count": len(granted), "repositories": each(page(c, granted), c.repository),
		"repository_selection": c.token.selection(),
	}, nil
}

type tokenRequest struct {
	Repositories  []string          `json:"repositories"`
	RepositoryIDs []int64           `json:"repository_ids"`
	Permissions   map[string]string `json:"permissions"`
}

func (s *Server) createToken(c *call) (any, error) {
	i, err := s.findInstallation(c)
	if err != nil {
		return nil, err
	}
	if !i.suspended.IsZero() {
		return nil, refuse(http.StatusForbidden, "This installation has been suspended")
	}
	want, err := decode[tokenRequest](c)
	if err != nil {
		return nil, err
	}
	permissions, err := i.narrow(want.Permissions)
	if err != nil {
		return nil, err
	}
	selected, err := s.selectRepositories(i, want)
	if err != nil {
		return nil, err
	}
	t := &token{
		kind: installationToken, value: s.mint("ghs_"), account: s.app.bot, installation: i, selected: selected, permissions: permissions,
		expires: c.at.Add(time.Hour), bucket: fmt.Sprintf("installation ID %d", i.id),
	}
	s.tokens[t.value] = t
	return s.tokenObject(c, t), nil
}

func (s *Server) tokenObject(c *call, t *token) object {
	o := object{
		"token": t.value, "expires_at": stamp(t.expires), "permissions": t.permissions, "repository_selection": t.selection(),
	}
	if t.selected != nil {
		o["repositories"] = each(slices.DeleteFunc(slices.Clone(s.repositories), func(repo *repository) bool { return !t.covers(repo) }), c.repository)
	}
	return o
}

func (t *token) selection() string {
	if t.selected == nil && t.installation.all {
		return "all"
	}
	return "selected"
}

// narrow returns the permissions that were asked for, all of them when none were; metadata always comes along.
func (i *installation) narrow(want map[string]string) (map[string]string, error) {
	if len(want) == 0 {
		return maps.Clone(i.permissions), nil
	}
	granted := map[string]string{"metadata": "read"}
	for name, level := range want {
		if !grants(i.permissions[name], level != "read") {
			return nil, unprocessable("The permissions requested are not granted to this installation.")
		}
		granted[name] = level
	}
	return granted, nil
}

func (s *Server) selectRepositories(i *installation, want tokenRequest) ([]int64, error) {
	if len(want.Repositories)+len(want.RepositoryIDs) == 0 {
		return nil, nil
	}
	var ids []int64
	for _, repo := range s.repositories {
		named := slices.ContainsFunc(want.Repositories, func(name string) bool { return strings.EqualFold(name, repo.name) })
		if i.has(repo) && (named || slices.Contains(want.RepositoryIDs, repo.id)) {
			ids = append(ids, repo.id)
		}
	}
	if len(ids) < len(want.Repositories)+len(want.RepositoryIDs) {
		return nil, unprocessable("There is at least one repository that does not exist or is not accessible to the parent installation.")
	}
	return ids, nil
}

func (s *Server) revokeToken(c *call) (any, error) {
	delete(s.tokens, c.token.value)
	return nil, nil
}

func (v view) installation(i *installation) object {
	api := fmt.Sprintf("%s/app/installations/%d", v.base, i.id)
	o := object{
		"id": i.id, "account": v.accountObject(i.account), "app_id": v.Server.app.id, "app_slug": v.Server.app.slug,
		"client_id": v.Server.app.clientID, "target_id": i.account.id, "target_type": i.account.kind,
		"repository_selection": "selected", "permissions": i.permissions, "events": v.Server.app.events,
		"access_tokens_url": api + "/access_tokens", "repositories_url": v.base + "/installation/repositories",
		"html_url": fmt.Sprintf("%s/settings/installations/%d", v.base, i.id), "single_file_name": nil,
		"created_at": stamp(i.created), "updated_at": stamp(i.created), "suspended_at": stamp(i.suspended), "suspended_by": nil,
	}
	if i.all {
		o["repository_selection"] = "all"
	}
	if !i.suspended.IsZero() {
		o["suspended_by"] = v.accountObject(i.account)
	}
	return o
}
