package githubtest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

var errNoInstallation = errors.New("no such installation")

// AddInstallation installs the App in an account: on the named repositories, or on all, later ones included. It returns the id.
func (s *Server) AddInstallation(owner string, repositories ...string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := &installation{
		id: s.nextID(), account: s.account(owner), all: len(repositories) == 0, permissions: maps.Clone(s.app.permissions), created: s.now(),
	}
	for _, repo := range s.owned(i, repositories) {
		i.selected = append(i.selected, repo.id)
	}
	s.installations = append(s.installations, i)
	s.emitInstallation("installation", "created", i, func(view) object { return object{"repositories": s.granted(i), "requester": nil} })
	return i.id
}

// owned lists the account's repositories of these names.
func (s *Server) owned(i *installation, names []string) []*repository {
	return slices.DeleteFunc(slices.Clone(s.repositories), func(repo *repository) bool {
		return repo.owner != i.account || !slices.Contains(names, repo.name)
	})
}

// granted lists the installation's repositories in the short form of its events.
func (s *Server) granted(i *installation) []object {
	return each(slices.DeleteFunc(slices.Clone(s.repositories), func(repo *repository) bool { return !i.has(repo) }), shortRepository)
}

func shortRepository(repo *repository) object {
	return object{"id": repo.id, "node_id": nodeID("R", repo.id), "name": repo.name, "full_name": repo.fullName(), "private": repo.private}
}

// Grant adds repositories of the account to an installation that is limited to some.
func (s *Server) Grant(id int64, names ...string) error {
	return s.onInstallation("grant", id, func(i *installation) {
		added := s.owned(i, names)
		for _, repo := range added {
			i.selected = append(i.selected, repo.id)
		}
		s.emitGranted(i, added, nil)
	})
}

// Revoke takes repositories from an installation; one for all is limited to the rest.
func (s *Server) Revoke(id int64, names ...string) error {
	return s.onInstallation("revoke", id, func(i *installation) {
		if i.all {
			for _, repo := range s.repositories {
				if i.has(repo) {
					i.selected = append(i.selected, repo.id)
				}
			}
			i.all = false
		}
		removed := s.owned(i, names)
		i.selected = slices.DeleteFunc(i.selected, func(id int64) bool {
			return slices.ContainsFunc(removed, func(repo *repository) bool { return repo.id == id })
		})
		s.emitGranted(i, nil, removed)
	})
}

func (s *Server) emitGranted(i *installation, added, removed []*repository) {
	action := "added"
	if len(removed) > 0 {
		action = "removed"
	}
	s.emitInstallation("installation_repositories", action, i, func(v view) object {
		return object{
			"repositories_added": each(added, shortRepository), "repositories_removed": each(removed, shortRepository),
			"repository_selection": v.installation(i)["repository_selection"], "requester": nil,
		}
	})
}

// SetSuspended suspends an installation, or ends that.
func (s *Server) SetSuspended(id int64, suspended bool) error {
	return s.onInstallation("suspend", id, func(i *installation) {
		action := "suspend"
		i.suspended = s.now()
		if !suspended {
			action, i.suspended = "unsuspend", time.Time{}
		}
		s.emitInstallation("installation", action, i, func(view) object { return object{"repositories": s.granted(i)} })
	})
}

// SetPermissions is an account that accepts other permissions than those of the start.
func (s *Server) SetPermissions(id int64, permissions map[string]string) error {
	return s.onInstallation("change permissions of", id, func(i *installation) {
		i.permissions = maps.Clone(permissions)
		s.emitInstallation("installation", "new_permissions_accepted", i, func(view) object { return object{"repositories": s.granted(i)} })
	})
}

// Uninstall takes the App out of the account. Its tokens are worthless from now on.
func (s *Server) Uninstall(id int64) error {
	return s.onInstallation("uninstall", id, func(i *installation) {
		s.emitInstallation("installation", "deleted", i, func(view) object { return object{"repositories": s.granted(i)} })
		s.installations = slices.DeleteFunc(s.installations, func(known *installation) bool { return known == i })
		maps.DeleteFunc(s.tokens, func(_ string, t *token) bool { return t.installation == i })
	})
}

func (s *Server) onInstallation(verb string, id int64, do func(*installation)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, i := range s.installations {
		if i.id == id {
			do(i)
			return nil
		}
	}
	return fmt.Errorf("%s installation %d: %w", verb, id, errNoInstallation)
}
