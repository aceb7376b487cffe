package githubtest

import (
	"crypto/rsa"
	"fmt"
	"maps"
	"net/http"
	"time"
)

// App is a GitHub App that is registered from the start.
type App struct {
	ID          int64
	Slug        string            // "basebump" when empty
	Key         *rsa.PublicKey    // checks the App's JWTs
	Permissions map[string]string // what it asks of an installation; basebump's own when nil
	Events      []string          // webhooks it listens to; basebump's own when nil
}

// app is the registered App.
type app struct {
	id          int64
	slug        string
	clientID    string
	key         *rsa.PublicKey
	owner, bot  *account
	permissions map[string]string
	events      []string
	created     time.Time
}

func defaultPermissions() map[string]string {
	return map[string]string{
		"metadata": "read", "contents": "write", "pull_requests": "write", "issues": "write", "checks": "write",
		"statuses": "read", "deployments": "read",
	}
}

func defaultEvents() []string {
	return []string{
		"check_run", "check_suite", "deployment_status", "issue_comment", "issues", "pull_request", "push", "repository", "status",
	}
}

func appRoutes() []route {
	return []route{
		{method: "GET", pattern: "/app", access: asApp(), status: 200, handle: (*Server).currentApp},
		{method: "GET", pattern: "/apps/{app_slug}", access: open(), status: 200, handle: (*Server).appBySlug},
	}
}

func (s *Server) register(a App) *app {
	if a.Slug == "" {
		a.Slug = "basebump"
	}
	if a.Permissions == nil {
		a.Permissions = defaultPermissions()
	}
	if a.Events == nil {
		a.Events = defaultEvents()
	}
	bot := s.account(a.Slug + "[bot]")
	bot.kind = "Bot"
	return &app{
		id: a.ID, slug: a.Slug, clientID: fmt.Sprintf("Iv23li%014d", a.ID), key: a.Key, owner: s.account(a.Slug + "-owner"), bot: bot,
		permissions: maps.Clone(a.Permissions), events: a.Events, created: s.now(),
	}
}

func (s *Server) currentApp(c *call) (any, error) {
	o := c.app(s.app)
	o["installations_count"] = len(s.installations)
	return o, nil
}

func (s *Server) appBySlug(c *call) (any, error) {
	if s.app == nil || c.vars["app_slug"] != s.app.slug {
		return nil, refuse(http.StatusNotFound, "Not Found")
	}
	return c.app(s.app), nil
}

func (v view) app(a *app) object {
	return object{
		"id": a.id, "slug": a.slug, "node_id": nodeID("A", a.id), "client_id": a.clientID, "owner": v.accountObject(a.owner),
		"name": a.slug, "description": nil, "external_url": v.base, "html_url": v.base + "/apps/" + a.slug,
		"permissions": a.permissions, "events": a.events, "created_at": stamp(a.created), "updated_at": stamp(a.created),
	}
}
