package resolver_test

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/basebump/basebump/config/fault"
)

// attached is an artifact that refers to a subject.
func attached(t *testing.T, artifactType string, subject v1.Image) v1.Image {
	t.Helper()
	desc := v1.Descriptor{Digest: must(subject.Digest()), Size: must(subject.Size()), MediaType: must(subject.MediaType())}
	image, err := mutate.AppendLayers(mutate.ConfigMediaType(empty.Image, types.MediaType(artifactType)), static.NewLayer([]byte("{}"), "application/json"))
	if err != nil {
		t.Fatal(err)
	}
	return mutate.Subject(image, desc).(v1.Image)
}

func TestReferrers(t *testing.T) {
	t.Parallel()
	r := serve(t, registry.New(registry.WithReferrersSupport(true), registry.Logger(log.New(io.Discard, "", 0))))
	subject := must(random.Image(64, 1))
	digest := r.push(t, "acme/base:3", subject)
	want := r.push(t, "acme/base:signature", attached(t, "application/x-signature", subject))
	got, ok, err := client(t, named(r)).Referrers(t.Context(), r.host+"/acme/base", digest)
	if err != nil || !ok || len(got) != 1 || got[0].Digest.String() != want || got[0].ArtifactType != "application/x-signature" {
		t.Errorf("got %+v, %v, %v", got, ok, err)
	}
	wantAsked(t, r, "GET /v2/", "GET /v2/acme/base/referrers/"+digest)
}

// TestReferrersOfOtherRegistries: what registries answer that have no such API, or have more to say than one answer holds.
func TestReferrersOfOtherRegistries(t *testing.T) {
	t.Parallel()
	const index = "application/vnd.oci.image.index.v1+json"
	digest := "sha256:" + strings.Repeat("a", 64)
	entry := `{"digest":"` + digest + `","size":7,"mediaType":"application/vnd.oci.image.manifest.v1+json","artifactType":"x/y"}`
	child := `{"digest":"` + digest + `","size":7,"mediaType":"application/vnd.oci.image.manifest.v1+json"}`
	for _, tc := range []struct {
		name   string
		answer func(http.ResponseWriter, *http.Request)
		list   int
		ok     bool
		class  fault.Class
	}{
		{"not found", status(http.StatusNotFound), 0, false, ""},
		{"not acceptable", status(http.StatusNotAcceptable), 0, false, ""},
		{"not authorised, without a challenge", status(http.StatusUnauthorized), 0, false, ""},
		{"forbidden", status(http.StatusForbidden), 0, false, fault.Auth},
		{"out of order", status(http.StatusBadGateway), 0, false, fault.Retry},
		{"too many requests", status(http.StatusTooManyRequests), 0, false, fault.Retry},
		{"a page for people", body("text/html", "<html>"), 0, false, ""},
		{"no JSON", body(index, "<html>"), 0, false, fault.Permanent},
		{"elsewhere", func(w http.ResponseWriter, req *http.Request) {
			if strings.HasPrefix(req.URL.Path, "/v2/") {
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(http.StatusSeeOther)
				return
			}
			body(index, `{"manifests":[`+entry+`]}`)(w, req)
		}, 1, true, ""},
		{"the image's own platforms", body(index, `{"manifests":[`+child+`,`+child+`]}`), 0, true, ""},
		{"pages without end", func(w http.ResponseWriter, req *http.Request) {
			w.Header().Set("Link", fmt.Sprintf(`<%s?n=%sx>; rel="next"`, req.URL.Path, req.URL.Query().Get("n")))
			body(index, `{"manifests":[`+entry+`]}`)(w, req)
		}, 8, true, ""},
		{"10,000", body(index, `{"manifests":[`+strings.Repeat(entry+",", 9999)+entry+`]}`), 10_000, true, ""},
		{"more than 4 MiB", body(index, `{"manifests":[`+strings.Repeat(entry+",", 30_000)+entry+`]}`), 0, false, fault.Permanent},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := serve(t, http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
				if req.URL.Path != "/v2/" {
					tc.answer(w, req)
				}
			}))
			list, ok, err := client(t, named(r)).Referrers(t.Context(), r.host+"/acme/base", digest)
			if len(list) != tc.list || ok != tc.ok || fault.ClassOf(err) != tc.class || (err != nil) != (tc.class != "") {
				t.Errorf("got %d, %v, %v", len(list), ok, err)
			}
		})
	}
}

func status(code int) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func body(media, text string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", media)
		_, _ = io.WriteString(w, text)
	}
}

func TestManifestAndBlob(t *testing.T) {
	t.Parallel()
	r := realRegistry(t)
	image := must(random.Image(9<<20, 1)) // larger than a configuration may be
	digest := r.push(t, "acme/base:3", image)
	raw := must(image.RawManifest())
	c := client(t, named(r))
	for _, reference := range []string{"3", digest} {
		if got, err := c.Manifest(t.Context(), r.host+"/acme/base", reference); err != nil || !bytes.Equal(got, raw) {
			t.Errorf("%s: %v", reference, err)
		}
	}
	if _, err := c.Manifest(t.Context(), r.host+"/acme/base", "sha256-x.sig"); fault.ClassOf(err) != fault.NotFound {
		t.Errorf("got %v, want not found", err)
	}
	layer := must(image.Layers())[0]
	wanted := v1.Descriptor{Digest: must(layer.Digest()), Size: must(layer.Size())}
	if got, err := c.Blob(t.Context(), r.host+"/acme/base", wanted); err != nil || int64(len(got)) != wanted.Size {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	for _, size := range []int64{-1, wanted.Size - 1, 33 << 20} {
		wanted.Size = size
		if _, err := c.Blob(t.Context(), r.host+"/acme/base", wanted); fault.ClassOf(err) != fault.Permanent {
			t.Errorf("promised %d bytes: %v", size, err)
		}
	}
}
