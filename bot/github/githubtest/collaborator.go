package githubtest

import (
	"net/http"
	"strings"
)

func collaboratorRoutes() []route {
	const path = "/repos/{owner}/{repo}/collaborators/{username}"
	return []route{
		{method: "GET", pattern: path, access: reads("metadata"), handle: (*Server).isCollaborator},
		{method: "GET", pattern: path + "/permission", access: reads("metadata"), status: 200, handle: (*Server).collaboratorPermission},
	}
}

func (s *Server) isCollaborator(c *call) (any, error) {
	a := s.accounts[strings.ToLower(c.vars["username"])]
	if a == nil || c.repo.role(a) == "" {
		return nil, errNotFound
	}
	return nil, nil
}

// collaboratorPermission knows four levels; the role names the finer ones too.
func (s *Server) collaboratorPermission(c *call) (any, error) {
	a := s.accounts[strings.ToLower(c.vars["username"])]
	if a == nil {
		return nil, refuse(http.StatusNotFound, c.vars["username"]+" is not a user")
	}
	role := c.repo.role(a)
	permission := map[string]string{"admin": "admin", "maintain": "write", "write": "write", "triage": "read", "read": "read"}[role]
	if role == "" {
		permission, role = "none", "none"
		if !c.repo.private {
			permission, role = "read", "read"
		}
	}
	person := c.accountObject(a)
	person["permissions"] = object{
		"admin": role == "admin", "maintain": role == "admin" || role == "maintain", "push": permission == "write" || permission == "admin",
		"triage": permission == "write" || permission == "admin" || role == "triage", "pull": permission != "none",
	}
	person["role_name"] = role
	return object{"permission": permission, "role_name": role, "user": person}, nil
}
