package github

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"

	gh "github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/config/fault"
)

const (
	fileMode       = "100644"
	executableMode = "100755"

	maxFiles      = 1_000_000 // of one repository
	maxTreeReads  = 1_000     // for one repository
	entryOverhead = 160       // bytes, besides the path
)

// entry is one regular file of a tree.
type entry struct {
	path, id, mode string
	size           int64
}

// files lists the regular files at the repository's head, ordered by path.
func (l link) files(ctx context.Context) ([]entry, error) {
	key := l.repo.String() + " " + l.repo.Head
	if files, ok := l.trees.get(key); ok {
		return files, nil
	}
	listing := listing{link: l}
	if err := listing.add(ctx, "", l.repo.Head); err != nil {
		return nil, l.failed("list the files of", err)
	}
	files := listing.files
	slices.SortFunc(files, func(a, b entry) int { return strings.Compare(a.path, b.path) })
	size := 0
	for _, file := range files {
		size += len(file.path) + entryOverhead
	}
	l.trees.put(key, files, size)
	return files, nil
}

// listing collects one repository's files.
type listing struct {
	link
	files []entry
	reads int
}

// add lists everything below a tree. GitHub cuts a recursive listing off at 100,000 entries; then each folder is listed by itself.
func (l *listing) add(ctx context.Context, prefix, id string) error {
	tree, err := l.tree(ctx, id, true)
	if err != nil {
		return err
	}
	if !tree.GetTruncated() {
		return l.keep(prefix, tree.Entries)
	}
	top, err := l.tree(ctx, id, false)
	if err != nil {
		return err
	}
	if err := l.keep(prefix, top.Entries); err != nil {
		return err
	}
	for _, e := range top.Entries {
		if e.GetType() == "tree" {
			if err := l.add(ctx, prefix+e.GetPath()+"/", e.GetSHA()); err != nil {
				return err
			}
		}
	}
	return nil
}

var errTooLarge = &fault.Error{Class: fault.Permanent, Err: errors.New("it holds too many files to be listed")}

func (l *listing) tree(ctx context.Context, id string, recursive bool) (*gh.Tree, error) {
	if l.reads++; l.reads > maxTreeReads {
		return nil, errTooLarge
	}
	tree, _, err := l.read.Git.GetTree(ctx, l.repo.Owner, l.repo.Name, id, recursive)
	return tree, err
}

// keep takes in the regular files: no links, no submodules, and no path that could not be a file's.
func (l *listing) keep(prefix string, entries []*gh.TreeEntry) error {
	for _, e := range entries {
		path := prefix + e.GetPath()
		if mode := e.GetMode(); mode != fileMode && mode != executableMode || !fs.ValidPath(path) {
			continue
		}
		if len(l.files) == maxFiles {
			return errTooLarge
		}
		l.files = append(l.files, entry{path: path, id: e.GetSHA(), mode: e.GetMode(), size: int64(e.GetSize())})
	}
	return nil
}
