package githubtest

import (
	"maps"
	"slices"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	gitobject "github.com/go-git/go-git/v5/plumbing/object"
)

// merge brings theirs into ours as Git would. It returns the merged tree, or the paths that both changed in the same place.
func (g objects) merge(ours, theirs *gitobject.Commit) (plumbing.Hash, []string, error) {
	common, err := ours.MergeBase(theirs)
	if err != nil {
		return plumbing.ZeroHash, nil, err
	}
	if len(common) == 0 {
		return plumbing.ZeroHash, nil, errNoCommonAncestor
	}
	var sides [3]map[string]gitobject.TreeEntry
	for n, commit := range []*gitobject.Commit{common[0], ours, theirs} {
		if sides[n], err = g.flatten(commit); err != nil {
			return plumbing.ZeroHash, nil, err
		}
	}
	edit, err := newTreeEdit(g, ours.TreeHash)
	if err != nil {
		return plumbing.ZeroHash, nil, err
	}
	conflicts, err := g.mergeFiles(edit, sides[0], sides[1], sides[2])
	if err != nil || len(conflicts) > 0 {
		return plumbing.ZeroHash, conflicts, err
	}
	id, err := edit.write()
	return id, nil, err
}

// flatten lists every file of a commit by its path.
func (g objects) flatten(commit *gitobject.Commit) (map[string]gitobject.TreeEntry, error) {
	tree, err := commit.Tree()
	if err != nil {
		return nil, err
	}
	files := map[string]gitobject.TreeEntry{}
	err = tree.Files().ForEach(func(f *gitobject.File) error {
		files[f.Name] = gitobject.TreeEntry{Mode: f.Mode, Hash: f.Hash}
		return nil
	})
	return files, err
}

func (g objects) mergeFiles(edit *treeEdit, base, ours, theirs map[string]gitobject.TreeEntry) ([]string, error) {
	paths := maps.Clone(base)
	maps.Copy(paths, theirs)
	var conflicts []string
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		b, o, t := base[path], ours[path], theirs[path]
		if t == b || t == o {
			continue
		}
		if o != b {
			merged, ok, err := g.mergeContent(b, o, t)
			if err != nil {
				return nil, err
			}
			if !ok {
				conflicts = append(conflicts, path)
				continue
			}
			t = gitobject.TreeEntry{Mode: t.Mode, Hash: merged}
		}
		var err error
		if t.Hash.IsZero() {
			_, err = edit.remove(path)
		} else {
			err = edit.set(path, t.Mode, t.Hash)
		}
		if err != nil {
			return nil, err
		}
	}
	return conflicts, nil
}

// mergeContent merges a file that both sides changed; ok is false when it cannot be done without a person.
func (g objects) mergeContent(base, ours, theirs gitobject.TreeEntry) (id plumbing.Hash, ok bool, err error) {
	var texts [3]string
	for n, entry := range []gitobject.TreeEntry{base, ours, theirs} {
		if entry.Hash.IsZero() || entry.Mode != filemode.Regular && entry.Mode != filemode.Executable {
			return plumbing.ZeroHash, false, nil
		}
		data, err := g.blob(entry.Hash)
		if err != nil {
			return plumbing.ZeroHash, false, err
		}
		texts[n] = string(data)
	}
	merged, ok := mergeText(texts[0], texts[1], texts[2])
	if !ok {
		return plumbing.ZeroHash, false, nil
	}
	id, err = g.putBlob([]byte(merged))
	return id, true, err
}
