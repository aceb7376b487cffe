package githubtest

import (
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
)

func refRoutes() []route {
	const refs = "/repos/{owner}/{repo}/git/refs"
	return []route{
		{method: "GET", pattern: "/repos/{owner}/{repo}/git/ref/{ref...}", access: reads("contents"), status: 200, handle: (*Server).getRef},
		{method: "GET", pattern: "/repos/{owner}/{repo}/git/matching-refs/{ref...}", access: reads("contents"), status: 200, handle: (*Server).matchingRefs},
		{method: "POST", pattern: refs, access: writes("contents"), status: 201, handle: (*Server).createRef},
		{method: "PATCH", pattern: refs + "/{ref...}", access: writes("contents"), status: 200, handle: (*Server).updateRef},
		{method: "DELETE", pattern: refs + "/{ref...}", access: writes("contents"), handle: (*Server).deleteRef},
	}
}

func (s *Server) getRef(c *call) (any, error) {
	if c.repo.git.empty() {
		return nil, errEmpty
	}
	name := plumbing.ReferenceName("refs/" + c.vars["ref"])
	id, ok := c.repo.git.ref(name)
	if !ok {
		return nil, errNotFound
	}
	return c.ref(c.repo, name, id), nil
}

func (s *Server) matchingRefs(c *call) (any, error) {
	if c.repo.git.empty() {
		return nil, errEmpty
	}
	var names []plumbing.ReferenceName
	for name := range c.repo.git.ReferenceStorage {
		if strings.HasPrefix(name.String(), "refs/"+c.vars["ref"]) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return each(names, func(name plumbing.ReferenceName) object {
		id, _ := c.repo.git.ref(name)
		return c.ref(c.repo, name, id)
	}), nil
}

type refRequest struct {
	Ref   string `json:"ref"`
	SHA   string `json:"sha"`
	Force bool   `json:"force"`
}

func (s *Server) createRef(c *call) (any, error) {
	if c.repo.git.empty() {
		return nil, errEmpty
	}
	want, err := decode[refRequest](c)
	if err != nil {
		return nil, err
	}
	name := plumbing.ReferenceName(want.Ref)
	if err := checkRef(name); err != nil {
		return nil, err
	}
	id, err := c.commitID(want.SHA)
	if err != nil {
		return nil, err
	}
	if _, exists := c.repo.git.ref(name); exists {
		return nil, unprocessable("Reference already exists")
	}
	if blocked := c.repo.blocking(name); blocked != "" {
		return nil, unprocessable("Reference cannot be created: '" + blocked + "' exists")
	}
	if err := s.move(c.repo, name, id, c.actor()); err != nil {
		return nil, err
	}
	return c.ref(c.repo, name, id), nil
}

func (s *Server) updateRef(c *call) (any, error) {
	if c.repo.git.empty() {
		return nil, errEmpty
	}
	want, err := decode[refRequest](c)
	if err != nil {
		return nil, err
	}
	id, err := c.commitID(want.SHA)
	if err != nil {
		return nil, err
	}
	name := plumbing.ReferenceName("refs/" + c.vars["ref"])
	old, exists := c.repo.git.ref(name)
	if !exists {
		return nil, unprocessable("Reference does not exist")
	}
	forward, err := c.repo.git.forward(old, id)
	if err != nil {
		return nil, err
	}
	if err := c.repo.guard(name, forward); err != nil {
		return nil, err
	}
	if !forward && !want.Force {
		return nil, unprocessable("Update is not a fast forward")
	}
	if err := s.move(c.repo, name, id, c.actor()); err != nil {
		return nil, err
	}
	return c.ref(c.repo, name, id), nil
}

func (s *Server) deleteRef(c *call) (any, error) {
	name := plumbing.ReferenceName("refs/" + c.vars["ref"])
	if _, exists := c.repo.git.ref(name); !exists {
		return nil, unprocessable("Reference does not exist")
	}
	if name.Short() == c.repo.defaultBranch && name.IsBranch() {
		return nil, unprocessable("Cannot delete the default branch")
	}
	if err := c.repo.guard(name, false); err != nil {
		return nil, err
	}
	return nil, s.move(c.repo, name, plumbing.ZeroHash, c.actor())
}

func (c *call) commitID(name string) (plumbing.Hash, error) {
	if name == "" {
		return plumbing.ZeroHash, unprocessable("Invalid request.\n\n\"sha\" wasn't supplied.")
	}
	id, ok := parseID(name)
	if !ok {
		return plumbing.ZeroHash, unprocessable("The sha parameter must be exactly 40 characters and contain only [0-9a-f].")
	}
	if _, err := c.repo.git.commit(id); err != nil {
		return plumbing.ZeroHash, missing(err, unprocessable("Object does not exist"))
	}
	return id, nil
}

// checkRef holds a new name to Git's rules, and to GitHub's: a full name with two slashes, in nobody else's namespace.
func checkRef(name plumbing.ReferenceName) error {
	full := name.String()
	switch {
	case !strings.HasPrefix(full, "refs/") || strings.Count(full, "/") < 2:
		return unprocessable("Reference name must start with 'refs' and have at least two slashes.")
	case name.Validate() != nil || strings.HasPrefix(full, "refs/pull/"):
		return unprocessable(full + " is not a valid ref name.")
	}
	return nil
}

// blocking returns the ref that stands in the way as Git keeps refs in folders: a/b cannot be beside a.
func (r *repository) blocking(name plumbing.ReferenceName) string {
	for other := range r.git.ReferenceStorage {
		if strings.HasPrefix(other.String(), name.String()+"/") || strings.HasPrefix(name.String(), other.String()+"/") {
			return other.String()
		}
	}
	return ""
}

// forward reports whether moving from old to next loses no commit.
func (g objects) forward(old, next plumbing.Hash) (bool, error) {
	if old == next {
		return true, nil
	}
	from, err := g.commit(old)
	if err != nil {
		return false, err
	}
	to, err := g.commit(next)
	if err != nil {
		return false, err
	}
	return from.IsAncestor(to)
}

func (v view) ref(repo *repository, name plumbing.ReferenceName, id plumbing.Hash) object {
	return object{
		"ref": name.String(), "node_id": nodeID("REF", repo.id) + name.String(),
		"url":    v.base + "/repos/" + repo.fullName() + "/git/" + name.String(),
		"object": object{"type": "commit", "sha": id.String(), "url": v.gitURL(repo, "commits", id)},
	}
}
