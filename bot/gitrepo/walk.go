package gitrepo

import (
	"context"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/basebump/basebump/bot"
)

// walk lists one folder tree.
type walk struct {
	root  *os.Root
	files []bot.File
	errs  []error // what could not be read
}

func (w *walk) folder(ctx context.Context, dir string, in scope) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	entries, err := w.entries(dir)
	if err != nil {
		w.errs = append(w.errs, failed("list", dir, err))
	}
	if dir != "." && slices.ContainsFunc(entries, isGit) {
		if top := filepath.Join(w.root.Name(), filepath.FromSlash(dir)); isCheckout(top) {
			if in.repo != nil {
				return nil
			}
			in = newScope(top)
		}
	}
	if in.repo != nil && slices.ContainsFunc(entries, isIgnoreFile) {
		if in, err = in.withFile(w.root, path.Join(dir, ignoreName)); err != nil {
			w.errs = append(w.errs, failed("read", path.Join(dir, ignoreName), err))
		}
	}
	for _, entry := range entries {
		if err := w.entry(ctx, path.Join(dir, entry.Name()), entry, in); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) entries(dir string) ([]fs.DirEntry, error) {
	file, err := w.root.Open(dir)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return file.ReadDir(-1)
}

func (w *walk) entry(ctx context.Context, name string, entry fs.DirEntry, in scope) error {
	switch {
	case entry.IsDir() && !isGit(entry):
		if below := in.below(entry.Name()); below.wanted() {
			return w.folder(ctx, name, below)
		}
	case entry.Type().IsRegular() && !isGit(entry) && in.lists(entry.Name()):
		info, err := entry.Info()
		if err != nil {
			w.errs = append(w.errs, failed("look at", name, err))
			return nil
		}
		w.files = append(w.files, bot.File{Path: name, Size: info.Size()})
	}
	return nil
}

func isGit(entry fs.DirEntry) bool { return entry.Name() == gitName }

func isIgnoreFile(entry fs.DirEntry) bool {
	return entry.Name() == ignoreName && entry.Type().IsRegular()
}
