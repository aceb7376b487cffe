package githubtest

import (
	"errors"
	"io"

	"github.com/go-git/go-git/v5/plumbing/filemode"
	gitobject "github.com/go-git/go-git/v5/plumbing/object"
)

func treeRoutes() []route {
	return []route{
		{method: "GET", pattern: "/repos/{owner}/{repo}/git/trees/{tree_sha...}", access: reads("contents"), status: 200, handle: (*Server).getTree},
		{method: "POST", pattern: "/repos/{owner}/{repo}/git/trees", access: writes("contents"), status: 201, handle: (*Server).createTree},
	}
}

func (s *Server) getTree(c *call) (any, error) {
	if c.repo.git.empty() {
		return nil, errEmpty
	}
	tree, err := c.repo.git.tree(c.vars["tree_sha"])
	if err != nil {
		return nil, missing(err, errNotFound)
	}
	return c.tree(c.repo, tree, c.request.URL.Query().Has("recursive"))
}

// tree finds a tree by its own id, by a commit's, or by a branch.
func (g objects) tree(name string) (*gitobject.Tree, error) {
	if id, ok := parseID(name); ok {
		if tree, err := gitobject.GetTree(g, id); err == nil {
			return tree, nil
		}
	}
	commit, err := g.resolve(name)
	if err != nil {
		return nil, err
	}
	return commit.Tree()
}

func (c *call) tree(repo *repository, tree *gitobject.Tree, recursive bool) (object, error) {
	walker := gitobject.NewTreeWalker(tree, recursive, nil)
	defer walker.Close()
	entries, truncated := []object{}, false
	for {
		path, entry, err := walker.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if truncated = recursive && len(entries) == c.limits.TreeEntries; truncated {
			break
		}
		rendered, err := c.treeEntry(repo, path, entry)
		if err != nil {
			return nil, err
		}
		entries = append(entries, rendered)
	}
	return object{"sha": tree.Hash.String(), "url": c.gitURL(repo, "trees", tree.Hash), "tree": entries, "truncated": truncated}, nil
}

func (c *call) treeEntry(repo *repository, path string, entry gitobject.TreeEntry) (object, error) {
	o := object{"path": path, "mode": modeString(entry.Mode), "sha": entry.Hash.String()}
	switch entry.Mode {
	case filemode.Dir:
		o["type"], o["url"] = "tree", c.gitURL(repo, "trees", entry.Hash)
	case filemode.Submodule:
		o["type"] = "commit"
	default:
		size, err := repo.git.EncodedObjectSize(entry.Hash)
		if err != nil {
			return nil, err
		}
		o["type"], o["size"], o["url"] = "blob", size, c.gitURL(repo, "blobs", entry.Hash)
	}
	return o, nil
}

// modeString is the six digits that GitHub writes.
func modeString(mode filemode.FileMode) string { return mode.String()[1:] }
