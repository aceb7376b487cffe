package worker

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"path"
	"slices"
	"sync"

	"github.com/anchore/syft/syft/file"
	"github.com/bmatcuk/doublestar/v4"
)

// resolver answers cataloguers from a tree. By a pattern they find only files whose content was kept; by a path any file, for what a
// package owns need not be read. Safe for concurrent use.
type resolver struct {
	tree *tree
	once sync.Once
	kept []named
}

// named is a file with kept content under one of its names: its own, or a link to it.
type named struct {
	access string
	*node
}

func (r *resolver) list() []named {
	r.once.Do(func() {
		r.collect(r.tree.root, "/")
		slices.SortFunc(r.kept, func(a, b named) int { return cmp.Compare(a.access, b.access) })
	})
	return r.kept
}

func (r *resolver) collect(dir *node, at string) {
	for name, n := range dir.children {
		access := path.Join(at, name)
		if n.kind == directory {
			r.collect(n, access)
		} else if to := r.tree.follow(n); to != nil && to.content != nil {
			r.kept = append(r.kept, named{access, to})
		}
	}
}

func locate(n named) file.Location { return file.NewVirtualLocation(n.path(), n.access) }

func (r *resolver) FilesByGlob(patterns ...string) ([]file.Location, error) {
	var found []named
	for _, p := range patterns {
		if !doublestar.ValidatePattern(p) {
			return nil, fmt.Errorf("bad pattern %q", p)
		}
		found = append(found, r.glob(p)...)
	}
	return distinct(found), nil
}

func (r *resolver) glob(p string) []named {
	var found []named
	dir, base := path.Split(p)
	if path.IsAbs(p) && !meta(dir) {
		at := r.tree.lookup(dir)
		if at == nil {
			return nil
		}
		for name, n := range at.children {
			if to := r.tree.follow(n); to != nil && to.content != nil && doublestar.MatchUnvalidated(base, name) {
				found = append(found, named{path.Join(dir, name), to})
			}
		}
		return found
	}
	for _, n := range r.list() {
		if doublestar.MatchUnvalidated(p, n.access) {
			found = append(found, n)
		}
	}
	return found
}

// distinct gives each file once, by its own name where it was found by that.
func distinct(found []named) []file.Location {
	slices.SortStableFunc(found, func(a, b named) int {
		return cmp.Or(cmp.Compare(a.path(), b.path()), cmp.Compare(a.access, b.access))
	})
	seen := map[*node]int{}
	var locations []file.Location
	for _, n := range found {
		i, ok := seen[n.node]
		if !ok {
			seen[n.node] = len(locations)
			locations = append(locations, locate(n))
		} else if n.access == n.path() {
			locations[i] = locate(n)
		}
	}
	return locations
}

func (r *resolver) FilesByPath(paths ...string) ([]file.Location, error) {
	var found []file.Location
	for _, p := range paths {
		if n := r.tree.lookup(path.Join("/", p)); n != nil && n.kind == regular {
			found = append(found, locate(named{path.Join("/", p), n}))
		}
	}
	return found, nil
}

func (r *resolver) FilesByMIMEType(types ...string) ([]file.Location, error) {
	var found []named
	for _, n := range r.list() {
		if slices.ContainsFunc(mimeTypes(n.content), func(t string) bool { return slices.Contains(types, t) }) {
			found = append(found, n)
		}
	}
	return distinct(found), nil
}

// mimeTypes names what cataloguers ask for: programs, in any form.
func mimeTypes(content []byte) []string {
	switch {
	case bytes.HasPrefix(content, []byte("\x7fELF")):
		return []string{"application/x-elf", "application/x-executable", "application/x-sharedlib"}
	case bytes.HasPrefix(content, []byte("MZ")):
		return []string{"application/vnd.microsoft.portable-executable"}
	case executable(content):
		return []string{"application/x-mach-binary"}
	}
	return nil
}

// RelativeFileByPath finds a file whose content was kept; the others are answered for by nobody's reading them.
func (r *resolver) RelativeFileByPath(_ file.Location, p string) *file.Location {
	n := r.tree.lookup(path.Join("/", p))
	if n == nil || n.content == nil {
		return nil
	}
	at := locate(named{path.Join("/", p), n})
	return &at
}

func (r *resolver) HasPath(p string) bool { return r.tree.lookup(path.Join("/", p)) != nil }

func (r *resolver) FileContentsByLocation(at file.Location) (io.ReadCloser, error) {
	n := r.tree.lookup(at.RealPath)
	if n == nil || n.content == nil {
		return nil, fmt.Errorf("%s was not kept", at.RealPath)
	}
	return content{bytes.NewReader(n.content)}, nil
}

// content offers all that cataloguers use of a file, so that none copies it to disk.
type content struct{ *bytes.Reader }

func (content) Close() error { return nil }

func (r *resolver) FileMetadataByLocation(at file.Location) (file.Metadata, error) {
	return file.Metadata{}, fmt.Errorf("%s: modes and owners are not kept", at.RealPath)
}

func (r *resolver) AllLocations(ctx context.Context) <-chan file.Location {
	all := make(chan file.Location)
	go func() {
		defer close(all)
		for _, n := range r.list() {
			select {
			case all <- locate(n):
			case <-ctx.Done():
				return
			}
		}
	}()
	return all
}
