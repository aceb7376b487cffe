package githubtest

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	gitobject "github.com/go-git/go-git/v5/plumbing/object"
)

var errTreePath = errors.New("tree.path contains a malformed path component")

// treeEdit is a tree on the way to its next version. Folders are read only when something inside them changes.
type treeEdit struct {
	git     objects
	base    plumbing.Hash // zero for a new folder
	entries map[string]gitobject.TreeEntry
	folders map[string]*treeEdit // those that were opened
}

func newTreeEdit(git objects, base plumbing.Hash) (*treeEdit, error) {
	edit := &treeEdit{git: git, base: base, entries: map[string]gitobject.TreeEntry{}, folders: map[string]*treeEdit{}}
	if base.IsZero() {
		return edit, nil
	}
	tree, err := gitobject.GetTree(git, base)
	if err != nil {
		return nil, err
	}
	for _, entry := range tree.Entries {
		edit.entries[entry.Name] = entry
	}
	return edit, nil
}

// set puts an entry at a path, over whatever is there, and makes the folders on the way.
func (t *treeEdit) set(path string, mode filemode.FileMode, id plumbing.Hash) error {
	name, rest, deeper := strings.Cut(path, "/")
	if err := checkName(name); err != nil {
		return err
	}
	if !deeper {
		delete(t.folders, name)
		t.entries[name] = gitobject.TreeEntry{Name: name, Mode: mode, Hash: id}
		return nil
	}
	folder, err := t.open(name)
	if err != nil {
		return err
	}
	return folder.set(rest, mode, id)
}

// remove takes the entry at a path away and reports whether there was one.
func (t *treeEdit) remove(path string) (bool, error) {
	name, rest, deeper := strings.Cut(path, "/")
	_, exists := t.entries[name]
	if !exists && t.folders[name] == nil {
		return false, nil
	}
	if !deeper {
		delete(t.folders, name)
		delete(t.entries, name)
		return true, nil
	}
	folder, err := t.open(name)
	if err != nil {
		return false, err
	}
	return folder.remove(rest)
}

func (t *treeEdit) open(name string) (*treeEdit, error) {
	if folder := t.folders[name]; folder != nil {
		return folder, nil
	}
	var base plumbing.Hash
	if entry, ok := t.entries[name]; ok && entry.Mode == filemode.Dir {
		base = entry.Hash
	}
	folder, err := newTreeEdit(t.git, base)
	if err != nil {
		return nil, err
	}
	t.folders[name] = folder
	delete(t.entries, name)
	return folder, nil
}

// write stores the tree and the changed folders in it. Git knows no empty folder, so those vanish.
func (t *treeEdit) write() (plumbing.Hash, error) {
	tree := &gitobject.Tree{}
	for _, entry := range t.entries {
		tree.Entries = append(tree.Entries, entry)
	}
	for name, folder := range t.folders {
		id, err := folder.write()
		if err != nil {
			return plumbing.ZeroHash, err
		}
		if id != emptyTree {
			tree.Entries = append(tree.Entries, gitobject.TreeEntry{Name: name, Mode: filemode.Dir, Hash: id})
		}
	}
	sort.Sort(gitobject.TreeEntrySorter(tree.Entries))
	return t.git.put(tree)
}

// emptyTree is the id of the tree without entries.
var emptyTree = plumbing.NewHash("4b825dc642cb6eb9a060e54bf8d69288fbee4904")

func checkName(name string) error {
	if name == "" || strings.ContainsRune(name, 0) || slices.Contains([]string{".", "..", ".git"}, strings.ToLower(name)) {
		return fmt.Errorf("%w: %q", errTreePath, name)
	}
	return nil
}
