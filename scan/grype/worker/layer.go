package worker

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/anchore/syft/syft/pkg"
)

const (
	whiteoutPrefix = ".wh."
	opaqueName     = ".wh..wh..opq"
	maxPath        = 4096 // bytes, as Linux has it
	maxDepth       = 256  // names in one path
)

// layer is what a scan needs of one layer. It is immutable once read: images share it.
type layer struct {
	whiteouts []whiteout
	entries   []entry
	found     []finding
	missed    map[string]bool // files that are wanted by another name, which came after them
	cost      usage
}

type whiteout struct {
	path   string
	opaque bool // hide what lies below the directory, not the directory itself
}

// entry is one member of a layer's archive.
type entry struct {
	path    string // clean and absolute
	kind    kind
	hard    bool   // another name for the file at target
	target  string // of a link
	content []byte // see node
}

// finding is what a single file told about itself while it streamed past.
type finding struct {
	path     string
	packages []pkg.Package
}

// reader turns a layer's archive into a layer.
type reader struct {
	wanted  *wanted
	inspect *inspector
	extra   map[string]bool // files to keep whatever their name
	budget  *budget
	scratch bytes.Buffer
}

// read consumes the archive, one pass.
func (r *reader) read(ctx context.Context, archive io.Reader) (*layer, error) {
	counted := &meter{Reader: archive, budget: r.budget}
	files := tar.NewReader(counted)
	l := &layer{missed: map[string]bool{}}
	seen := map[string]bool{} // regular files, and whether their content was kept
	for {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			l.cost.unpacked = counted.n
			return l, nil
		}
		if err != nil {
			return nil, broken(err)
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := r.budget.entries.take(1); err != nil {
			return nil, err
		}
		l.cost.entries++
		if err := r.member(ctx, l, header, files, seen); err != nil {
			return nil, err
		}
	}
}

func (r *reader) member(ctx context.Context, l *layer, header *tar.Header, content io.Reader, seen map[string]bool) error {
	at, err := clean(header.Name)
	if err != nil {
		return err
	}
	dir, base := path.Split(at)
	if base == opaqueName {
		l.whiteouts = append(l.whiteouts, whiteout{path: path.Clean(dir), opaque: true})
		return nil
	}
	if hidden, ok := strings.CutPrefix(base, whiteoutPrefix); ok {
		if hidden == "" || hidden == "." || hidden == ".." || strings.HasPrefix(hidden, whiteoutPrefix) {
			return nil // the storage driver's own bookkeeping
		}
		l.whiteouts = append(l.whiteouts, whiteout{path: path.Join(dir, hidden)})
		return nil
	}
	switch header.Typeflag {
	case tar.TypeDir:
		l.entries = append(l.entries, entry{path: at, kind: directory})
	case tar.TypeReg, '\x00', tar.TypeGNUSparse:
		seen[at] = r.keeps(at)
		return r.file(ctx, l, at, header.Size, content)
	case tar.TypeSymlink:
		l.entries = append(l.entries, entry{path: at, kind: symlink, target: header.Linkname})
	case tar.TypeLink:
		return r.hardLink(l, at, header.Linkname, seen)
	}
	return nil // devices and pipes hold no packages
}

func (r *reader) hardLink(l *layer, at, target string, seen map[string]bool) error {
	to, err := clean(target)
	if err != nil {
		return err
	}
	kept, ok := seen[to]
	if !ok {
		return damaged("hard link %s to %s, which is no file of the layer before it", at, to)
	}
	if !kept && r.keeps(at) {
		l.missed[to] = true
	}
	seen[at] = kept
	l.entries = append(l.entries, entry{path: at, kind: regular, hard: true, target: to})
	return nil
}

// file records a regular file: its content when a cataloguer of the whole tree wants it, its packages when it speaks for itself.
func (r *reader) file(ctx context.Context, l *layer, at string, size int64, content io.Reader) error {
	e := entry{path: at, kind: regular}
	switch {
	case size == 0:
		if r.keeps(at) {
			e.content = []byte{}
		}
	case r.keeps(at):
		data, err := r.load(at, size, content)
		if err != nil {
			return err
		}
		if err := r.budget.kept.take(size); err != nil {
			return err
		}
		l.cost.kept += size
		e.content = bytes.Clone(data)
		if err := r.look(ctx, l, at, data); err != nil {
			return err
		}
	default:
		if err := r.glance(ctx, l, at, size, content); err != nil {
			return err
		}
	}
	l.entries = append(l.entries, e)
	return nil
}

func (r *reader) keeps(at string) bool { return r.extra[at] || r.wanted.matches(at) }

// glance reads no more of a file than is needed to know that nobody wants it.
func (r *reader) glance(ctx context.Context, l *layer, at string, size int64, content io.Reader) error {
	var head [4]byte
	n, err := io.ReadFull(content, head[:])
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return broken(err)
	}
	if !r.inspect.candidate(at, head[:n]) {
		return nil
	}
	data, err := r.load(at, size, io.MultiReader(bytes.NewReader(head[:n]), content))
	if err != nil {
		return err
	}
	return r.look(ctx, l, at, data)
}

func (r *reader) look(ctx context.Context, l *layer, at string, data []byte) error {
	packages, err := r.inspect.file(ctx, at, data)
	if err != nil {
		return err
	}
	if len(packages) > 0 {
		l.found = append(l.found, finding{path: at, packages: packages})
	}
	return nil
}

// load reads one file into the scratch buffer, which the next call overwrites.
func (r *reader) load(at string, size int64, content io.Reader) ([]byte, error) {
	if size > r.budget.file {
		return nil, damaged("%s is %d MiB, above the bound of %d MiB for a file that has to be read", at, size>>20, r.budget.file>>20)
	}
	r.scratch.Reset()
	r.scratch.Grow(int(size) + bytes.MinRead)
	n, err := r.scratch.ReadFrom(io.LimitReader(content, size))
	if err != nil {
		return nil, broken(err)
	}
	if n != size {
		return nil, broken(io.ErrUnexpectedEOF)
	}
	return r.scratch.Bytes(), nil
}

// clean makes an archive's name absolute. A name that climbs out of the image is an attack or damage, never a package.
func clean(name string) (string, error) {
	switch {
	case len(name) > maxPath:
		return "", damaged("a path of %d bytes, above the bound of %d", len(name), maxPath)
	case strings.Count(name, "/") > maxDepth:
		return "", damaged("a path of %d names, above the bound of %d", strings.Count(name, "/"), maxDepth)
	case strings.ContainsRune(name, 0):
		return "", damaged("a path with a zero byte")
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == ".." {
			return "", damaged("the path %q climbs out of the image", name)
		}
	}
	return path.Join("/", name), nil
}

func broken(err error) error { return fmt.Errorf("unpack layer: %w", err) }

func damaged(format string, args ...any) error {
	return permanent(fmt.Errorf("unpack layer: "+format, args...))
}
