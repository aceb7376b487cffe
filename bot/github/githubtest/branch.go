package githubtest

import (
	"net/http"
	"slices"

	"github.com/go-git/go-git/v5/plumbing"
)

func branchRoutes() []route {
	const repo = "/repos/{owner}/{repo}"
	return []route{
		{method: "GET", pattern: repo + "/branches", access: reads("contents"), status: 200, handle: (*Server).listBranches},
		{method: "GET", pattern: repo + "/branches/{branch...}", access: reads("contents"), status: 200, handle: (*Server).getBranch},
	}
}

// branches lists the names of all branches, sorted.
func (g objects) branches() []string {
	var names []string
	for name := range g.ReferenceStorage {
		if name.IsBranch() {
			names = append(names, name.Short())
		}
	}
	slices.Sort(names)
	return names
}

func (s *Server) listBranches(c *call) (any, error) {
	names := c.repo.git.branches()
	if protected := c.query("protected"); protected != "" {
		names = slices.DeleteFunc(names, func(name string) bool {
			_, is := c.repo.protected[name]
			return is != (protected == "true")
		})
	}
	return each(page(c, names), func(name string) object { return c.shortBranch(c.repo, name) }), nil
}

func (v view) shortBranch(repo *repository, name string) object {
	id, _ := repo.git.head(name)
	_, protected := repo.protected[name]
	return object{
		"name": name, "protected": protected,
		"commit": object{"sha": id.String(), "url": v.base + "/repos/" + repo.fullName() + "/commits/" + id.String()},
	}
}

// branchesAt lists the branches whose tip is the commit.
func (v view) branchesAt(repo *repository, id plumbing.Hash) []object {
	names := slices.DeleteFunc(repo.git.branches(), func(name string) bool {
		tip, _ := repo.git.head(name)
		return tip != id
	})
	return each(names, func(name string) object { return v.shortBranch(repo, name) })
}

func (s *Server) getBranch(c *call) (any, error) {
	name := c.vars["branch"]
	id, ok := c.repo.git.head(name)
	if !ok {
		return nil, refuse(http.StatusNotFound, "Branch not found")
	}
	commit, err := c.repo.git.commit(id)
	if err != nil {
		return nil, err
	}
	rendered, err := c.commit(c.repo, commit)
	if err != nil {
		return nil, err
	}
	o := c.shortBranch(c.repo, name)
	api := c.base + "/repos/" + c.repo.fullName() + "/branches/" + name
	rule := c.repo.protected[name]
	o["commit"] = rendered
	o["_links"] = object{"self": api, "html": c.base + "/" + c.repo.fullName() + "/tree/" + name}
	o["protection_url"] = api + "/protection"
	o["protection"] = object{
		"enabled": o["protected"],
		"required_status_checks": object{
			"enforcement_level": "non_admins", "contexts": append([]string{}, rule.Checks...), "checks": []object{},
		},
	}
	return o, nil
}
