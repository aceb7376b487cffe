// Package gitrepo reads and edits what Git keeps: a folder on this machine, a checkout or not, the way Git sees it, and a repository
// on any Git server, object by object, without a work tree.
//
// A Folder never leaves the folder that it was opened on, follows no symbolic link and asks no network. A Remote asks the one server
// that the operator named. Neither runs a program.
package gitrepo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/config/fault"
)

var _ bot.Source = (*Folder)(nil)

// Folder is a bot.Source over a local folder. It is safe for concurrent use.
type Folder struct {
	root *os.Root // its name is absolute and without symbolic links
}

// Open opens a folder. Close releases it.
func Open(name string) (*Folder, error) {
	full, err := filepath.Abs(name)
	if err == nil {
		full, err = filepath.EvalSymlinks(full)
	}
	if err != nil {
		return nil, failed("open folder", name, err)
	}
	root, err := os.OpenRoot(full)
	if err != nil {
		return nil, failed("open folder", name, err)
	}
	return &Folder{root: root}, nil
}

// Close releases the folder; its other methods fail afterwards.
func (f *Folder) Close() error { return f.root.Close() }

// Files lists what `git ls-files --cached --others --exclude-standard` would, as far as it is a regular file on disk: in a
// checkout ignored files are left out unless they are tracked, and so are nested checkouts (submodules). Outside a checkout every
// regular file is listed, and a checkout further down is listed by its own rules. A folder that is itself ignored is read as if it
// were in no checkout: whoever names it wants it.
//
// Parts that cannot be read are named in the error; the list still holds the rest.
func (f *Folder) Files(ctx context.Context) ([]bot.File, error) {
	w := walk{root: f.root}
	start, err := enclosing(f.root.Name())
	if err != nil {
		w.errs = append(w.errs, failed("read ignore rules for", f.root.Name(), err))
	}
	if err := w.folder(ctx, ".", start); err != nil {
		return nil, failed("list", f.root.Name(), err)
	}
	slices.SortFunc(w.files, func(a, b bot.File) int { return strings.Compare(a.Path, b.Path) })
	return w.files, errors.Join(w.errs...)
}

// Read returns the bytes of a listed file, never more than were listed: a file that has grown since is an error.
func (f *Folder) Read(ctx context.Context, file bot.File) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, failed("read", file.Path, err)
	}
	data, err := readRegular(f.root, file.Path, file.Size)
	if err != nil {
		return nil, failed("read", file.Path, err)
	}
	return data, nil
}

// errChanged says that a file is not what it was when it was listed or read.
var errChanged = errors.New("it was changed by someone else meanwhile")

// readRegular returns a whole regular file of at most limit bytes.
func readRegular(root *os.Root, name string, limit int64) ([]byte, error) {
	info, err := regular(root, name)
	if err != nil {
		return nil, err
	}
	file, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if opened, err := file.Stat(); err != nil || !os.SameFile(info, opened) {
		return nil, errors.Join(errChanged, err)
	}
	data, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("%w: it is larger than %d bytes", errChanged, limit)
	}
	return data, nil
}

// regular returns what is known of a regular file that no symbolic link leads to. Looking before opening matters: opening a named
// pipe would wait for its other end.
func regular(root *os.Root, name string) (fs.FileInfo, error) {
	if dir := path.Dir(name); dir != "." {
		if err := realFolder(root, dir); err != nil {
			return nil, err
		}
	}
	info, err := root.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("it is not a regular file (%s)", info.Mode().Type())
	}
	return info, nil
}

func realFolder(root *os.Root, dir string) error {
	if parent := path.Dir(dir); parent != "." {
		if err := realFolder(root, parent); err != nil {
			return err
		}
	}
	info, err := root.Lstat(dir)
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s is not a folder (%s)", dir, info.Mode().Type())
	}
	return err
}

// failed classifies what a file system answers.
func failed(op, target string, err error) error {
	class, hint := fault.Permanent, ""
	switch {
	case errors.Is(err, fs.ErrNotExist):
		class = fault.NotFound
	case errors.Is(err, fs.ErrPermission):
		hint = "check who may read and write it"
	case errors.Is(err, errChanged):
		class, hint = fault.Retry, "run the command again"
	}
	return &fault.Error{Op: op, Target: target, Class: class, Hint: hint, Err: err}
}
