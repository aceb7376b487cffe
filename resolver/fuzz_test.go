package resolver

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
)

// FuzzTagList reads any answer without panic, and yields only tags that can be asked for.
func FuzzTagList(f *testing.F) {
	for _, seed := range []string{`{"name":"x","tags":["1","a b"]}`, `{"tags":null}`, `{"a":{"b":[1]},"tags":["1"]`, `[]`, "{\"tags\":[\"a\\nb\"]}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		b := &tagBuilder{}
		_ = readTags(strings.NewReader(body), b.put) // an error keeps what was read before
		list := b.list()
		tags := slices.Collect(list.All())
		if len(tags) != list.Len() {
			t.Errorf("%d tags, Len is %d", len(tags), list.Len())
		}
		for _, tag := range tags {
			if _, err := name.NewTag("host.invalid/x:"+tag, name.StrictValidation); err != nil {
				t.Errorf("%q: %v", tag, err)
			}
		}
	})
}

// FuzzEndpoint finds the registry of any name without panic; what it accepts can stand in a URL and keeps its meaning when asked again.
func FuzzEndpoint(f *testing.F) {
	for _, seed := range []string{"debian", "docker.io/library/debian", "localhost:5000/a.b/c", "[fd00::1]:5000/x", "quay.io/../x", "GHCR.io/a", "a@b/c", "x/y?z"} {
		f.Add(seed)
	}
	c, err := New(Options{Registries: []Registry{{Host: "docker.io", Mirror: "http://mirror.lan:5000/hub"}, {Host: "quay.io/acme"}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, image string) {
		e, err := c.endpoint(image)
		if err != nil {
			return
		}
		if path := "/" + e.repo.RepositoryStr() + "/"; strings.ContainsAny(path, "?#%\\ @:") || strings.Contains(path, "/../") || strings.Contains(path, "//") {
			t.Errorf("%q is asked for as %q", image, path)
		}
		if host, _, _ := strings.Cut(e.image, "/"); !strings.ContainsAny(host, ".:") && host != "localhost" {
			return // a host by its upper case alone, as docker reads it
		}
		again, err := c.endpoint(e.image)
		if err != nil || again.repo != e.repo || again.entry != e.entry {
			t.Errorf("%q became %q, which is asked for elsewhere: %v", image, e.image, err)
		}
	})
}
