package resolver_test

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/basebump/basebump/resolver"
	"github.com/google/go-containerregistry/pkg/v1/random"
)

func TestDigestOfIndex(t *testing.T) {
	t.Parallel()
	r := realRegistry(t)
	index, err := random.Index(64, 1, 2)
	if err != nil {
		t.Fatal(err)
	}
	want := r.push(t, "acme/base:3", index)
	got, err := client(t, named(r)).Digest(t.Context(), r.host+"/acme/base", "3")
	if err != nil || got != want {
		t.Errorf("got %s, %v, want the index %s", got, err, want)
	}
}

func TestDigestAsksOncePerTag(t *testing.T) {
	t.Parallel()
	r := realRegistry(t)
	image, err := random.Image(64, 1)
	if err != nil {
		t.Fatal(err)
	}
	tags := []string{"1", "2", "3"}
	for _, tag := range tags {
		r.push(t, "acme/base:"+tag, image)
	}
	r.push(t, "acme/other:1", image)

	c := client(t, named(r))
	for _, tag := range tags {
		if _, err := c.Digest(t.Context(), r.host+"/acme/base", tag); err != nil {
			t.Fatal(err)
		}
	}
	wantAsked(t, r, "GET /v2/", "HEAD /v2/acme/base/manifests/1", "HEAD /v2/acme/base/manifests/2", "HEAD /v2/acme/base/manifests/3")
	if _, err := c.Digest(t.Context(), r.host+"/acme/other", "1"); err != nil {
		t.Fatal(err)
	}
	wantAsked(t, r, "HEAD /v2/acme/other/manifests/1") // the host was pinged already
	if c.Requests() != 5 || c.RequestsByHost()[r.host] != 5 {
		t.Errorf("counted %d requests, %v; 5 were sent", c.Requests(), c.RequestsByHost())
	}
}

// TestDigestFallsBackToGet has a body whose hash is the digest, and HEAD answers that do not tell it.
func TestDigestFallsBackToGet(t *testing.T) {
	t.Parallel()
	const body = `{"schemaVersion":2}`
	want := fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(body)))
	for name, head := range map[string]func(http.ResponseWriter){
		"no digest header":     func(w http.ResponseWriter) { w.Header().Set("Content-Type", "application/json") },
		"no content type":      func(w http.ResponseWriter) { w.Header()["Content-Type"] = nil },
		"garbage as digest":    func(w http.ResponseWriter) { w.Header().Set("Docker-Content-Digest", "sha256:xyz") },
		"method not allowed":   func(w http.ResponseWriter) { w.WriteHeader(http.StatusMethodNotAllowed) },
		"404 though it exists": func(w http.ResponseWriter) { w.WriteHeader(http.StatusNotFound) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := serve(t, http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
				if req.Method == http.MethodHead {
					head(w)
					return
				}
				if strings.Contains(req.URL.Path, "/manifests/") {
					_, _ = w.Write([]byte(body))
				}
			}))
			got, err := client(t, named(r)).Digest(t.Context(), r.host+"/acme/base", "3")
			if err != nil || got != want {
				t.Errorf("got %s, %v, want %s", got, err, want)
			}
			wantAsked(t, r, "GET /v2/", "HEAD /v2/acme/base/manifests/3", "GET /v2/acme/base/manifests/3")
		})
	}
}

// TestPageIsNoManifest: a login page, or a proxy's, is no image, whatever its hash.
func TestPageIsNoManifest(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"<html>log in</html>", "{}", `"x"`, ""} {
		r := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write([]byte(body))
		}))
		got, err := client(t, named(r)).Digest(t.Context(), r.host+"/acme/base", "3")
		want := "resolve " + r.host + "/acme/base:3: the registry answered something that is no manifest"
		if err == nil || err.Error() != want {
			t.Errorf("%q: got %s, %v", body, got, err)
		}
	}
}

func TestImageNames(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ image, want string }{
		{"docker.io/library/debian", "HEAD index.docker.io/v2/library/debian/manifests/12"},
		{"index.docker.io/library/debian", "HEAD index.docker.io/v2/library/debian/manifests/12"},
		{"registry-1.docker.io/library/debian", "HEAD index.docker.io/v2/library/debian/manifests/12"},
		{"docker.io/debian", "HEAD index.docker.io/v2/library/debian/manifests/12"},
		{"debian", "HEAD index.docker.io/v2/library/debian/manifests/12"},
		{"acme/base", "HEAD index.docker.io/v2/acme/base/manifests/12"},
		{"localhost/base", "HEAD localhost/v2/base/manifests/12"},
		{"localhost:5000/a.b/base", "HEAD localhost:5000/v2/a.b/base/manifests/12"},
		{"[fd00::1]:5000/base", "HEAD [fd00::1]:5000/v2/base/manifests/12"},
		{"GHCR.io/acme/base", "HEAD ghcr.io/v2/acme/base/manifests/12"},
	} {
		r := serve(t, http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", "2")
			w.Header().Set("Docker-Content-Digest", "sha256:"+strings.Repeat("a", 64))
		}))
		c := client(t, resolver.Options{Transport: r.stands()})
		if _, err := c.Digest(t.Context(), tc.image, "12"); err != nil {
			t.Errorf("%s: %v", tc.image, err)
		}
		if asked := r.asked(); len(asked) == 0 || asked[len(asked)-1] != tc.want {
			t.Errorf("%s: asked %q, want %s at last", tc.image, asked, tc.want)
		}
	}
}

func TestNoRequestForWhatIsNoName(t *testing.T) {
	t.Parallel()
	r := serve(t, http.NotFoundHandler())
	c := client(t, resolver.Options{Transport: r.stands()})
	for _, tc := range [][2]string{
		{"quay.io/../etc", "1"},
		{"quay.io/Acme/Base", "1"},
		{"quay.io/acme/base?x=", "1"},
		{"user@quay.io/acme/base", "1"},
		{"quay.io:port/acme/base", "1"},
		{"quay.io/", "1"},
		{"quay.io/acme/base:2", "1"},
	} {
		if _, err := c.Digest(t.Context(), tc[0], tc[1]); err == nil {
			t.Errorf("%s:%s was resolved", tc[0], tc[1])
		}
	}
	wantAsked(t, r)
	for _, tag := range []string{"a/b", "..", "a b", strings.Repeat("x", 129)} {
		if _, err := c.Digest(t.Context(), "quay.io/acme/base", tag); err == nil {
			t.Errorf("tag %q was resolved", tag)
		}
	}
	for _, request := range r.asked() {
		if strings.Contains(request, "manifests") {
			t.Errorf("asked %s", request)
		}
	}
}
