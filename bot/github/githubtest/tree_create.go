package githubtest

import (
	"errors"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	gitobject "github.com/go-git/go-git/v5/plumbing/object"
)

type treeRequest struct {
	BaseTree string             `json:"base_tree"`
	Tree     []treeEntryRequest `json:"tree"`
}

type treeEntryRequest struct {
	Path    string  `json:"path"`
	Mode    string  `json:"mode"`
	Type    string  `json:"type"`
	Content *string `json:"content"`
	SHA     sha     `json:"sha"`
}

// sha tells an explicit null, which deletes, from an absent one.
type sha struct {
	given bool
	value string
}

func (s *sha) UnmarshalJSON(data []byte) error {
	s.given, s.value = true, strings.Trim(string(data), `"`)
	if s.value == "null" {
		s.value = ""
	}
	return nil
}

func (s *Server) createTree(c *call) (any, error) {
	if c.repo.git.empty() {
		return nil, errEmpty
	}
	want, err := decode[treeRequest](c)
	if err != nil {
		return nil, err
	}
	if len(want.Tree) == 0 {
		return nil, unprocessable("Invalid tree info")
	}
	var base plumbing.Hash
	if want.BaseTree != "" {
		tree, err := c.repo.git.tree(want.BaseTree)
		if err != nil {
			return nil, missing(err, unprocessable("base_tree is not a valid tree"))
		}
		base = tree.Hash
	}
	edit, err := newTreeEdit(c.repo.git, base)
	if err != nil {
		return nil, err
	}
	for _, entry := range want.Tree {
		if err := entry.apply(c, edit); err != nil {
			return nil, err
		}
	}
	id, err := edit.write()
	if err != nil {
		return nil, err
	}
	tree, err := gitobject.GetTree(c.repo.git, id)
	if err != nil {
		return nil, err
	}
	return c.tree(c.repo, tree, false)
}

// guardWorkflow keeps Apps without the permission for it away from workflows.
func (c *call) guardWorkflow(path string) error {
	if strings.HasPrefix(path, ".github/workflows/") && c.token.kind == installationToken && c.token.permissions["workflows"] != "write" {
		return errNotAccessible
	}
	return nil
}

// apply puts one entry into the tree, or takes it away.
func (e treeEntryRequest) apply(c *call, edit *treeEdit) error {
	if err := c.guardWorkflow(e.Path); err != nil {
		return err
	}
	if e.SHA.given && e.SHA.value == "" && e.Content == nil {
		removed, err := edit.remove(e.Path)
		if err == nil && !removed {
			err = unprocessable("GitRPC::BadObjectState")
		}
		return err
	}
	mode, err := e.mode()
	if err != nil {
		return err
	}
	id, err := e.object(c.repo.git, mode)
	if err != nil {
		return err
	}
	if err := edit.set(e.Path, mode, id); err != nil {
		if errors.Is(err, errTreePath) {
			return unprocessable(errTreePath.Error())
		}
		return err
	}
	return nil
}

func (e treeEntryRequest) mode() (filemode.FileMode, error) {
	switch e.Mode {
	case "100644", "100755", "040000", "160000", "120000":
		return filemode.New(e.Mode)
	}
	return 0, unprocessable("Must supply a valid tree.mode")
}

// object finds or makes what the entry points to; its kind must be the mode's.
func (e treeEntryRequest) object(git objects, mode filemode.FileMode) (plumbing.Hash, error) {
	if e.Content != nil && !e.SHA.given {
		return git.putBlob([]byte(*e.Content))
	}
	id, ok := parseID(e.SHA.value)
	if !ok || e.Content != nil {
		return plumbing.ZeroHash, unprocessable("Must supply either tree.sha or tree.content, not both and not neither.")
	}
	if mode == filemode.Submodule {
		return id, nil
	}
	kind := plumbing.BlobObject
	if mode == filemode.Dir {
		kind = plumbing.TreeObject
	}
	if _, err := git.EncodedObject(kind, id); err != nil {
		return plumbing.ZeroHash, missing(err, unprocessable("tree.sha "+id.String()+" is not a valid "+kind.String()))
	}
	return id, nil
}
