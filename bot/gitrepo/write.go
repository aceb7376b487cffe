package gitrepo

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
)

// WriteFile replaces the bytes of a file, all or nothing: whoever reads it meanwhile sees old or new. The file keeps its mode.
// It refuses a name that a symbolic link leads to, and a file whose bytes on disk are not old (any more).
func (f *Folder) WriteFile(name string, old, new []byte) error {
	if err := f.replace(name, old, new); err != nil {
		return failed("write", name, err)
	}
	return nil
}

func (f *Folder) replace(name string, old, new []byte) error {
	info, err := regular(f.root, name)
	if err != nil {
		return err
	}
	now, err := readRegular(f.root, name, int64(len(old)))
	if err != nil {
		return err
	}
	if !bytes.Equal(now, old) {
		return fmt.Errorf("%w: nothing was written", errChanged)
	}
	draft := path.Join(path.Dir(name), ".basebump-"+rand.Text())
	if err := f.create(draft, info.Mode().Perm(), new); err != nil {
		return err
	}
	if err := f.root.Rename(draft, name); err != nil {
		return errors.Join(err, f.root.Remove(draft))
	}
	return nil
}

// create writes a new file and leaves nothing behind when it cannot.
func (f *Folder) create(name string, mode fs.FileMode, data []byte) error {
	file, err := f.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err = errors.Join(err, file.Chmod(mode), file.Sync(), file.Close()); err != nil {
		return errors.Join(err, f.root.Remove(name))
	}
	return nil
}
