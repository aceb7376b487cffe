package resolver_test

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/basebump/basebump/resolver"
	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// testRegistry is an in-process registry that notes what it is asked.
type testRegistry struct {
	host string

	mu  sync.Mutex
	log []string // "METHOD host path?query"
}

// serve starts a server. Whatever a client's transport calls its hosts, the log names them.
func serve(t *testing.T, handler http.Handler) *testRegistry {
	t.Helper()
	r := &testRegistry{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		r.mu.Lock()
		r.log = append(r.log, req.Method+" "+strings.Replace(req.Host, r.host, "", 1)+req.URL.RequestURI())
		r.mu.Unlock()
		handler.ServeHTTP(w, req)
	}))
	t.Cleanup(server.Close)
	r.host = strings.TrimPrefix(server.URL, "http://")
	return r
}

func realRegistry(t *testing.T) *testRegistry {
	t.Helper()
	return serve(t, registry.New(registry.Logger(log.New(io.Discard, "", 0))))
}

// asked returns the requests since it was called last.
func (r *testRegistry) asked() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	log := r.log
	r.log = nil
	return log
}

// stands is a transport that takes every host to the registry.
func (r *testRegistry) stands() http.RoundTripper {
	transport := &http.Transport{} // the default one is shared with servers that close its connections
	return roundTripper(func(req *http.Request) (*http.Response, error) {
		out := req.Clone(req.Context())
		out.Host = req.URL.Host
		out.URL.Scheme, out.URL.Host = "http", r.host
		return transport.RoundTrip(out)
	})
}

func (r *testRegistry) push(t *testing.T, path string, image remote.Taggable) string {
	t.Helper()
	ref, err := name.ParseReference(r.host + "/" + path)
	if err != nil {
		t.Fatal(err)
	}
	switch image := image.(type) {
	case v1.ImageIndex:
		err = remote.WriteIndex(ref, image)
	case v1.Image:
		err = remote.Write(ref, image)
	}
	if err != nil {
		t.Fatal(err)
	}
	desc, err := remote.Head(ref)
	if err != nil {
		t.Fatal(err)
	}
	r.asked()
	return desc.Digest.String()
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// clock stands still until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 23, 14, 4, 0, 0, time.UTC)} }

func (c *clock) time() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// client fills in what a test does not care for: no credentials from this machine, a clock that stands still.
func client(t *testing.T, o resolver.Options) *resolver.Client {
	t.Helper()
	if o.Keychain == nil {
		o.Keychain = authn.NewMultiKeychain()
	}
	if o.Now == nil {
		o.Now = newClock().time
	}
	c, err := resolver.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func named(r *testRegistry) resolver.Options {
	return resolver.Options{Registries: []resolver.Registry{{Host: r.host, Insecure: true}}}
}

func wantAsked(t *testing.T, r *testRegistry, want ...string) {
	t.Helper()
	got := r.asked()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the registry was asked\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}
