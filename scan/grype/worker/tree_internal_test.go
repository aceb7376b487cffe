package worker

import (
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// layerFrom reads a layer from lines: "dir/", "file=content", "link -> target", "hard => target", "-removed", "dir/*" for an opaque one.
func layerFrom(lines ...string) *layer {
	l := &layer{}
	for _, line := range lines {
		if p, ok := strings.CutPrefix(line, "-"); ok {
			l.whiteouts = append(l.whiteouts, whiteout{path: p})
		} else if p, ok := strings.CutSuffix(line, "/*"); ok {
			l.whiteouts = append(l.whiteouts, whiteout{path: p, opaque: true})
		} else if p, ok := strings.CutSuffix(line, "/"); ok {
			l.entries = append(l.entries, entry{path: p, kind: directory})
		} else if p, target, ok := strings.Cut(line, " -> "); ok {
			l.entries = append(l.entries, entry{path: p, kind: symlink, target: target})
		} else if p, target, ok := strings.Cut(line, " => "); ok {
			l.entries = append(l.entries, entry{path: p, kind: regular, hard: true, target: target})
		} else {
			p, content, _ := strings.Cut(line, "=")
			l.entries = append(l.entries, entry{path: p, kind: regular, content: []byte(content)})
		}
	}
	return l
}

func squash(layers ...*layer) *tree {
	t := newTree()
	for i, l := range layers {
		t.apply(l, i)
	}
	return t
}

// files lists the regular files of a tree by their own names, as "path=content".
func files(t *tree) []string {
	var all []string
	var walk func(n *node)
	walk = func(n *node) {
		if n.kind == regular {
			all = append(all, n.path()+"="+string(n.content))
		}
		for _, child := range n.children {
			walk(child)
		}
	}
	walk(t.root)
	slices.Sort(all)
	return all
}

func TestSquash(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		layers []*layer
		want   []string
	}{
		{"an upper file replaces", []*layer{layerFrom("/a=1"), layerFrom("/a=2")}, []string{"/a=2"}},
		{"a whiteout removes", []*layer{layerFrom("/d/a=1", "/d/b=1"), layerFrom("-/d/a")}, []string{"/d/b=1"}},
		{"a whiteout removes a folder", []*layer{layerFrom("/d/a=1", "/e=1"), layerFrom("-/d")}, []string{"/e=1"}},
		{"a whiteout hides what is below, not what is beside", []*layer{layerFrom("/a=1"), layerFrom("/a=2", "-/a")}, []string{"/a=2"}},
		{"a whiteout of nothing", []*layer{layerFrom("/a=1"), layerFrom("-/b/c", "-/")}, []string{"/a=1"}},
		{"an opaque folder", []*layer{layerFrom("/d/a=1"), layerFrom("/d/*", "/d/b=2")}, []string{"/d/b=2"}},
		{"a folder over a folder keeps what is in it", []*layer{layerFrom("/d/a=1"), layerFrom("/d/")}, []string{"/d/a=1"}},
		{"a folder over a file", []*layer{layerFrom("/d=1"), layerFrom("/d/a=2")}, []string{"/d/a=2"}},
		{"a file over a folder", []*layer{layerFrom("/d/a=1"), layerFrom("/d=2")}, []string{"/d=2"}},
		{"a link over a folder", []*layer{layerFrom("/d/a=1"), layerFrom("/d -> /e")}, nil},
		{"below a link of the same layer", []*layer{layerFrom("/usr/lib/", "/lib -> usr/lib", "/lib/a=1")}, []string{"/usr/lib/a=1"}},
		{"below a link of a lower layer", []*layer{layerFrom("/usr/lib/", "/lib -> usr/lib"), layerFrom("/lib/a=1")}, []string{"/lib/a=1"}},
		{"a hard link", []*layer{layerFrom("/a=1", "/b => /a")}, []string{"/a=1", "/b=1"}},
	} {
		if diff := cmp.Diff(tc.want, files(squash(tc.layers...))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
	}
}

func TestLookup(t *testing.T) {
	t.Parallel()
	tree := squash(layerFrom(
		"/usr/lib/os-release=debian", "/etc/os-release -> ../usr/lib/os-release", "/lib -> usr/lib", "/escape -> ../../../../usr/lib",
		"/a -> b", "/b -> a", "/self -> self/self", "/dangling -> nowhere",
	))
	for p, want := range map[string]string{
		"/etc/os-release":             "/usr/lib/os-release",
		"/lib/os-release":             "/usr/lib/os-release",
		"/escape/os-release":          "/usr/lib/os-release",
		"/lib/../lib/./os-release":    "/usr/lib/os-release",
		"/usr/lib/../lib//os-release": "/usr/lib/os-release",
		"/":                           "/",
		"/a":                          "",
		"/a/c":                        "",
		"/self":                       "",
		"/dangling":                   "",
		"/usr/lib/os-release/below":   "",
	} {
		got := ""
		if n := tree.lookup(p); n != nil {
			got = n.path()
		}
		if got != want {
			t.Errorf("lookup(%q) = %q, want %q", p, got, want)
		}
	}
}

func FuzzTree(f *testing.F) {
	f.Add("/a=1\n/b -> a\n-/a\n/d/*", "/b/c=2\n/e => /a")
	f.Fuzz(func(t *testing.T, lower, upper string) {
		tree := squash(layerFrom(cleaned(lower)...), layerFrom(cleaned(upper)...))
		for _, file := range files(tree) {
			p, _, _ := strings.Cut(file, "=")
			if n := tree.literal(p); n == nil || n.path() != path.Clean(p) {
				t.Errorf("%q is listed and not found", p)
			}
		}
	})
}

// cleaned keeps the lines whose paths are as reading a layer makes them.
func cleaned(text string) []string {
	return slices.DeleteFunc(strings.Split(text, "\n"), func(line string) bool {
		p := strings.TrimPrefix(line, "-")
		for _, end := range []string{"=", " -> ", " => ", "/*"} {
			p, _, _ = strings.Cut(p, end)
		}
		at, err := clean(p)
		return err != nil || strings.TrimSuffix(p, "/") != at
	})
}
