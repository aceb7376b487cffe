package worker

import (
	"path"
	"strings"
)

// maxLinks is how many symbolic links one lookup follows, as Linux does.
const maxLinks = 40

type kind uint8

const (
	directory kind = iota
	regular
	symlink
)

// node is one name in the squashed image.
type node struct {
	name     string
	parent   *node
	kind     kind
	target   string // of a symlink
	content  []byte // of a regular file that a cataloguer wants, else nil
	layer    int    // which layer it comes from
	children map[string]*node
}

func (n *node) path() string {
	if n.parent == nil {
		return "/"
	}
	return path.Join(n.parent.path(), n.name)
}

// tree is an image's file system, squashed in memory: every name, and the content of the few files that a cataloguer wants.
type tree struct {
	root *node
}

func newTree() *tree { return &tree{root: &node{}} }

// apply puts a layer on top of those below it.
func (t *tree) apply(l *layer, index int) {
	for _, w := range l.whiteouts {
		t.hide(w)
	}
	for _, e := range l.entries {
		t.add(e, index)
	}
}

// hide removes what a whiteout names; a name that is not there is no error.
func (t *tree) hide(w whiteout) {
	n := t.literal(w.path)
	switch {
	case n == nil:
	case w.opaque:
		n.children = nil
	case n.parent != nil:
		delete(n.parent.children, n.name)
	}
}

func (t *tree) add(e entry, index int) {
	if e.path == "/" {
		return
	}
	parent := t.directory(path.Dir(e.path), index)
	n := &node{name: path.Base(e.path), parent: parent, kind: e.kind, target: e.target, content: e.content, layer: index}
	old := parent.children[n.name]
	if e.hard {
		source := t.literal(e.target)
		if source == nil {
			return // reading the layer made sure that it names a file of the layer; a later entry replaced that
		}
		n.kind, n.target, n.content = source.kind, source.target, source.content
	}
	if e.kind == directory && old != nil && old.kind == directory {
		old.layer = index
		return
	}
	parent.put(n)
}

func (n *node) put(child *node) {
	if n.children == nil {
		n.children = map[string]*node{}
	}
	n.children[child.name] = child
}

// directory returns the directory at p, making it where it is missing. A link of the same layer is followed, as unpacking does; one from
// below is replaced, as an overlay does.
func (t *tree) directory(p string, index int) *node {
	at := t.root
	for name := range strings.SplitSeq(strings.Trim(p, "/"), "/") {
		if name == "" {
			continue
		}
		next := at.children[name]
		if next != nil && next.kind == symlink && next.layer == index {
			if to := t.follow(next); to != nil && to.kind == directory {
				next = to
			}
		}
		if next == nil || next.kind != directory {
			next = &node{name: name, parent: at, layer: index}
			at.put(next)
		}
		at = next
	}
	return at
}

// literal returns the node at a clean path without following links, or nil.
func (t *tree) literal(p string) *node {
	at := t.root
	for name := range strings.SplitSeq(strings.Trim(p, "/"), "/") {
		if name == "" {
			continue
		}
		if at = at.children[name]; at == nil {
			return nil
		}
	}
	return at
}

// lookup returns what p leads to, every link followed, or nil when that is nothing or a loop.
func (t *tree) lookup(p string) *node {
	links := maxLinks
	return t.walk(t.root, p, &links)
}

// follow returns what a link leads to; other nodes lead to themselves.
func (t *tree) follow(n *node) *node {
	links := maxLinks
	return t.step(n, &links)
}

// walk goes from a directory along p. It never leaves the root: ".." there stays there.
func (t *tree) walk(at *node, p string, links *int) *node {
	if path.IsAbs(p) {
		at = t.root
	}
	for name := range strings.SplitSeq(p, "/") {
		switch name {
		case "", ".":
			continue
		case "..":
			if at.parent != nil {
				at = at.parent
			}
			continue
		}
		next := at.children[name]
		if next == nil {
			return nil
		}
		if at = t.step(next, links); at == nil {
			return nil
		}
	}
	return at
}

func (t *tree) step(n *node, links *int) *node {
	if n.kind != symlink {
		return n
	}
	if *links--; *links < 0 {
		return nil
	}
	return t.walk(n.parent, n.target, links)
}
