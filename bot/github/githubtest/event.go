package githubtest

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// emit queues a webhook about a repository for the App that is installed there and listens. The payload is rendered now: it
// shows things as they are at the event. Action may be empty.
func (s *Server) emit(name, action string, repo *repository, by *account, payload func(view) object) {
	i := s.installationOf(repo)
	if i == nil || !i.suspended.IsZero() || !s.listens(name) {
		return
	}
	v := s.view()
	o := object{
		"repository": v.repository(repo), "sender": v.accountObject(by),
		"installation": object{"id": i.id, "node_id": nodeID("IN", i.id)},
	}
	if repo.owner.kind == organization {
		o["organization"] = v.organization(repo.owner)
	}
	maps.Copy(o, payload(v))
	s.queue(name, action, i.id, repo.id, o)
}

// emitInstallation queues a webhook about the installation itself; its account is taken to be the cause.
func (s *Server) emitInstallation(name, action string, i *installation, payload func(view) object) {
	if !s.listens(name) {
		return
	}
	v := s.view()
	o := object{"installation": v.installation(i), "sender": v.accountObject(i.account)}
	maps.Copy(o, payload(v))
	s.queue(name, action, i.id, 0, o)
}

// listens reports whether the App has a webhook and gets such events; those about its installations it always gets.
func (s *Server) listens(name string) bool {
	return s.app != nil && s.hook.URL != "" &&
		(strings.HasPrefix(name, "installation") || name == "ping" || slices.Contains(s.app.events, name))
}

func (s *Server) queue(name, action string, installation, repository int64, payload object) {
	if action != "" {
		payload["action"] = action
	}
	data, err := json.Marshal(payload)
	if err != nil { // every payload is made of strings, numbers and such
		data = []byte("null")
	}
	d := &delivery{
		id: s.nextID(), guid: s.guid(), event: name, action: action, installation: installation, repository: repository, payload: data,
	}
	s.pending = append(s.pending, d)
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (v view) organization(a *account) object {
	api := v.base + "/orgs/" + a.login
	return object{
		"login": a.login, "id": a.id, "node_id": nodeID("O", a.id), "url": api, "repos_url": api + "/repos", "events_url": api + "/events",
		"hooks_url": api + "/hooks", "issues_url": api + "/issues", "members_url": api + "/members{/member}",
		"public_members_url": api + "/public_members{/member}", "avatar_url": v.base + "/avatars/" + a.login, "description": "",
	}
}
