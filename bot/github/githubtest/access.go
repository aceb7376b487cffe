package githubtest

import (
	"net/http"
	"strings"
)

// access is what an operation asks of its caller.
type access struct {
	kinds       []kind   // whose credentials it takes; nil: anyone's
	write       bool     // else read
	permissions []string // of an installation; any one of them suffices
}

func open() access                   { return access{} }
func asApp() access                  { return access{kinds: []kind{appJWT}} }
func asInstallation() access         { return access{kinds: []kind{installationToken}} }
func asPerson() access               { return access{kinds: []kind{personalToken}} }
func reads(any ...string) access     { return access{permissions: any} }
func writes(any ...string) access    { return access{permissions: any, write: true} }
func (a access) takes(k kind) bool   { return len(a.kinds) == 0 || a.kinds[0] == k }
func (a access) onlyFor(k kind) bool { return len(a.kinds) == 1 && a.kinds[0] == k }

// authorize decides whether the caller may use the operation on its repository.
func (s *Server) authorize(c *call) error {
	need := c.route.access
	if !need.takes(c.token.kind) {
		return wrongKind(need, c.token.kind)
	}
	if strings.HasPrefix(c.route.pattern, "/repos/{owner}/{repo}") {
		return s.authorizeRepository(c, need)
	}
	return nil
}

func wrongKind(need access, have kind) error {
	switch {
	case need.onlyFor(appJWT):
		return refuse(http.StatusUnauthorized, "A JSON web token could not be decoded")
	case have == anonymous:
		return errRequiresAuth
	case need.onlyFor(installationToken):
		return refuse(http.StatusForbidden, "You must authenticate with an installation access token in order to list repositories for an installation.")
	}
	return errNotAccessible
}

// authorizeRepository sets c.repo. What the caller may not see does not exist for it; what it may see but not do is a 403.
func (s *Server) authorizeRepository(c *call, need access) error {
	repo, err := s.locate(c)
	if err != nil {
		return err
	}
	c.repo = repo
	if need.onlyFor(appJWT) {
		return nil
	}
	covered := c.token.covers(repo)
	switch {
	case repo.private && !covered:
		return errNotFound
	case need.write && c.token.kind == anonymous:
		return errRequiresAuth
	case need.write && !covered, covered && !c.token.allows(repo, need):
		if c.token.kind == personalToken {
			return errPersonAccess
		}
		return errNotAccessible
	case need.write && repo.archived:
		return errArchived
	}
	return nil
}

// allows reports whether the token's permissions, or its person's role, suffice on a repository that it covers.
func (t *token) allows(repo *repository, need access) bool {
	if t.kind == personalToken {
		return !need.write || repo.writable(t.account)
	}
	if len(need.permissions) == 0 {
		return true
	}
	for _, name := range need.permissions {
		if grants(t.permissions[name], need.write) {
			return true
		}
	}
	return !repo.private && !need.write // a public repository is there for everyone to read
}

func grants(level string, write bool) bool {
	return level == "write" || level == "admin" || level == "read" && !write
}
