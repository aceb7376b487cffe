package githubtest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

const (
	user         = "User"
	organization = "Organization"
	bot          = "Bot"
)

// account is a person, an organization or the bot of an App.
type account struct {
	id      int64
	login   string
	kind    string
	created time.Time
}

func accountRoutes() []route {
	return []route{
		{method: "GET", pattern: "/user", access: asPerson(), status: 200, handle: (*Server).currentUser},
		{method: "GET", pattern: "/user/repos", access: asPerson(), status: 200, handle: (*Server).userRepositories},
		{method: "GET", pattern: "/users/{username}", access: open(), status: 200, handle: (*Server).userByName},
		{method: "GET", pattern: "/rate_limit", access: open(), status: 200, handle: (*Server).rateLimit},
	}
}

// account returns the account of that name; a new name becomes a person.
func (s *Server) account(login string) *account {
	key := strings.ToLower(login)
	if s.accounts[key] == nil {
		s.accounts[key] = &account{id: s.nextID(), login: login, kind: user, created: s.now()}
	}
	return s.accounts[key]
}

// email is the address that GitHub gives to who hides theirs.
func (a *account) email() string {
	return fmt.Sprintf("%d+%s@users.noreply.github.com", a.id, a.login)
}

func (s *Server) currentUser(c *call) (any, error) { return c.person(c.actor()), nil }

func (s *Server) userByName(c *call) (any, error) {
	found := s.accounts[strings.ToLower(c.vars["username"])]
	if found == nil {
		return nil, errNotFound
	}
	return c.person(found), nil
}

func (s *Server) userRepositories(c *call) (any, error) {
	mine := slices.DeleteFunc(slices.Clone(s.repositories), func(repo *repository) bool { return repo.role(c.actor()) == "" })
	slices.SortFunc(mine, func(a, b *repository) int { return strings.Compare(a.fullName(), b.fullName()) })
	return each(page(c, mine), c.repository), nil
}

// simpleAccount is the form in which accounts appear inside other resources; nil is null.
func (v view) simpleAccount(a *account) any {
	if a == nil {
		return nil
	}
	return v.accountObject(a)
}

func (v view) accountObject(a *account) object {
	api := v.base + "/users/" + a.login
	return object{
		"login": a.login, "id": a.id, "node_id": nodeID("U", a.id), "type": a.kind, "site_admin": false,
		"avatar_url": v.base + "/avatars/" + a.login, "gravatar_id": "", "url": api, "html_url": v.base + "/" + a.login,
		"followers_url": api + "/followers", "following_url": api + "/following{/other_user}",
		"gists_url": api + "/gists{/gist_id}", "starred_url": api + "/starred{/owner}{/repo}",
		"subscriptions_url": api + "/subscriptions", "organizations_url": api + "/orgs", "repos_url": api + "/repos",
		"events_url": api + "/events{/privacy}", "received_events_url": api + "/received_events",
	}
}

// person is the form that describes one account.
func (v view) person(a *account) object {
	o := v.accountObject(a)
	for _, name := range []string{"name", "company", "location", "email", "hireable", "bio", "blog", "twitter_username"} {
		o[name] = nil
	}
	for _, name := range []string{"public_repos", "public_gists", "followers", "following"} {
		o[name] = 0
	}
	o["user_view_type"] = "public"
	o["created_at"], o["updated_at"] = stamp(a.created), stamp(a.created)
	return o
}
