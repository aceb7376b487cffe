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
	"sync"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/config/fault"
)

var _ bot.Source = (*Folder)(nil)

// Folder is a bot.Source over a local folder. It is safe for concurrent use.
type Folder struct {
	root *os.Root // its name is absolute and without symbolic links
	real sync.Map // folders below it that were found to be none but folders
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
	data, err := f.read(file.Path, file.Size)
	if err != nil {
		return nil, failed("read", file.Path, err)
	}
	return data, nil
}

// read looks at each folder once: many files share them, and a link that somebody puts there later leads no further than into root.
func (f *Folder) read(name string, limit int64) ([]byte, error) {
	dir := path.Dir(name)
	if _, known := f.real.Load(dir); !known {
		if err := realFolder(f.root, dir); err != nil {
			return nil, err
		}
		f.real.Store(dir, true)
	}
	return readFile(f.root, name, limit)
}

// errChanged says that a file is not what it was when it was listed or read.
var errChanged = errors.New("it was changed by someone else meanwhile")

// readRegular returns a whole regular file of at most limit bytes that no symbolic link leads to.
func readRegular(root *os.Root, name string, limit int64) ([]byte, error) {
	if err := realFolder(root, path.Dir(name)); err != nil {
		return nil, err
	}
	return readFile(root, name, limit)
}

// readFile is readRegular for a file in a folder that is known to be one.
func readFile(root *os.Root, name string, limit int64) ([]byte, error) {
	info, err := regularFile(root, name)
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
	data := make([]byte, min(info.Size(), limit)+1) // one more than is wanted: its absence is the end
	n, err := io.ReadFull(file, data)
	switch {
	case err == nil:
		return nil, fmt.Errorf("%w: it is larger than %d bytes", errChanged, len(data)-1)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return data[:n], nil
	}
	return nil, err
}

// regular returns what is known of a regular file that no symbolic link leads to.
func regular(root *os.Root, name string) (fs.FileInfo, error) {
	if err := realFolder(root, path.Dir(name)); err != nil {
		return nil, err
	}
	return regularFile(root, name)
}

// regularFile looks before anybody opens: opening a named pipe would wait for its other end.
func regularFile(root *os.Root, name string) (fs.FileInfo, error) {
	info, err := root.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("it is not a regular file (%s)", info.Mode().Type())
	}
	return info, nil
}

// realFolder says what is wrong with a folder that is none, or that a symbolic link leads to.
func realFolder(root *os.Root, dir string) error {
	if dir == "." {
		return nil
	}
	if err := realFolder(root, path.Dir(dir)); err != nil {
		return err
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
