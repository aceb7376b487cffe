package worker_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// liar is a registry that answers some manifests as it likes.
type liar struct {
	host      string
	manifests sync.Map // digest → []byte
}

func newLiar(t *testing.T) *liar {
	t.Helper()
	l := &liar{}
	l.host = host(t, func(honest http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, digest, _ := strings.Cut(r.URL.Path, "/manifests/")
			if body, ok := l.manifests.Load(digest); ok && r.Method == http.MethodGet {
				w.Header().Set("Content-Type", mediaType(body.([]byte)))
				_, _ = w.Write(body.([]byte))
				return
			}
			honest.ServeHTTP(w, r)
		})
	})
	return l
}

func mediaType(manifest []byte) string {
	var m struct{ MediaType string }
	_ = json.Unmarshal(manifest, &m) // what is no manifest has no type
	return m.MediaType
}

// says makes the registry answer a manifest, under its true digest, and returns what to scan.
func (l *liar) says(t *testing.T, manifest []byte) scan.Target {
	t.Helper()
	digest, _, err := v1.SHA256(bytes.NewReader(manifest))
	if err != nil {
		t.Fatal(err)
	}
	l.manifests.Store(digest.String(), manifest)
	return scan.Target{
		Image: "docker.io/library/debian", Digest: digest.String(), Platform: "linux/amd64",
		Access: scan.Access{Repository: l.host + "/library/debian", Insecure: true, Private: true},
	}
}

func encode(t *testing.T, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestManifestsThatLie(t *testing.T) {
	t.Parallel()
	registry := newLiar(t)
	base := image(t, layerOf(t, rootfs(t, "old")...))
	honest := push(t, registry.host, base)
	for _, tc := range []struct {
		name   string
		change func(*v1.Manifest)
		class  fault.Class
		want   string
	}{
		{"a configuration of 100 MB", func(m *v1.Manifest) { m.Config.Size = 100 << 20 }, fault.Permanent, "the configuration has 100 MiB, above the bound of 8"},
		{"a manifest without end", func(m *v1.Manifest) { m.Annotations = map[string]string{"a": strings.Repeat("a", 5<<20)} }, fault.Permanent, "read manifest: larger than 4 MiB"},
		{"too many layers", func(m *v1.Manifest) { m.Layers = slices.Repeat(m.Layers, 501) }, fault.Permanent, "the image has 501 layers, above the bound of 500"},
		{"layers too large", func(m *v1.Manifest) { m.Layers[0].Size = 17 << 30 }, fault.Permanent, "the layers have more than 16 GiB"},
		{"a layer of a size below nothing", func(m *v1.Manifest) { m.Layers[0].Size = -5 }, fault.Permanent, "the layers have more than 16 GiB"},
		{"a layer that is smaller than said", func(m *v1.Manifest) { m.Layers[0].Size++ }, fault.Retry, "does not match expected size"},
		{"a layer that is larger than said", func(m *v1.Manifest) { m.Layers[0].Size-- }, fault.Retry, "does not match expected size"},
		{"an encrypted layer", func(m *v1.Manifest) { m.Layers[0].MediaType += "+encrypted" }, fault.Permanent, "layers of type application/vnd.docker.image.rootfs.diff.tar.gzip+encrypted cannot be read"},
		{"a layer that lies elsewhere", func(m *v1.Manifest) { m.Layers[0].MediaType = types.DockerForeignLayer }, fault.Permanent, "layers of type application/vnd.docker.image.rootfs.foreign.diff.tar.gzip cannot be read"},
		{"something else than an image", func(m *v1.Manifest) { m.MediaType = "application/vnd.wasm" }, fault.Permanent, "sha256:"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			manifest, err := base.Manifest()
			if err != nil {
				t.Fatal(err)
			}
			changed := manifest.DeepCopy()
			tc.change(changed)
			_, err = open(t).Scan(t.Context(), registry.says(t, encode(t, changed))) // one that has not read the layers before
			if err == nil || !strings.Contains(err.Error(), tc.want) || fault.ClassOf(err) != tc.class {
				t.Errorf("got  %v (%q)\nwant %s (%q)", err, fault.ClassOf(err), tc.want, tc.class)
			}
		})
	}
	if _, err := open(t).Scan(t.Context(), honest); err != nil {
		t.Errorf("the honest one: %v", err)
	}
}

func TestIndex(t *testing.T) {
	t.Parallel()
	scanner, registry := open(t), newLiar(t)
	base := image(t, layerOf(t, rootfs(t, "old")...))
	push(t, registry.host, base)
	index, err := mutate.AppendManifests(empty.Index, mutate.IndexAddendum{
		Add: base, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: "amd64"}},
	}).IndexManifest()
	if err != nil {
		t.Fatal(err)
	}
	honest := registry.says(t, encode(t, index))
	report, err := scanner.Scan(t.Context(), honest)
	if err != nil || len(report.Packages) != 114 || report.Digest != honest.Digest || report.Platform != "linux/amd64" {
		t.Errorf("%d packages of %s %s, %v", len(report.Packages), report.Digest, report.Platform, err)
	}
	other := honest
	other.Platform = "linux/arm64"
	_, err = scanner.Scan(t.Context(), other)
	if err == nil || err.Error() != `the index has no platform "linux/arm64"` || fault.ClassOf(err) != fault.NotFound {
		t.Errorf("of a platform that is not there: %v", err)
	}
	index.Manifests[0].Size = 7
	_, err = scanner.Scan(t.Context(), registry.says(t, encode(t, index)))
	if err == nil || !strings.HasSuffix(err.Error(), "bytes, its index says 7") {
		t.Errorf("of a manifest with a wrong size: %v", err)
	}
}

func TestWrongDigest(t *testing.T) {
	t.Parallel()
	scanner, registry := open(t), newLiar(t)
	base := image(t, layerOf(t, rootfs(t, "old")...))
	target := push(t, registry.host, base)
	registry.manifests.Store(target.Digest, []byte(`{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json"}`))
	_, err := scanner.Scan(t.Context(), target)
	if err == nil || !strings.Contains(err.Error(), "does not match requested digest") {
		t.Errorf("got %v", err)
	}
}

func TestRegistryAnswers(t *testing.T) {
	t.Parallel()
	scanner := open(t)
	for status, class := range map[int]fault.Class{
		401: fault.Auth, 403: fault.Auth, 404: fault.NotFound, 429: fault.Retry, 500: fault.Retry, 503: fault.Retry, 418: fault.Permanent,
	} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			requests := 0
			address := host(t, func(http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.URL.Path == "/v2/" {
						return
					}
					requests++
					w.WriteHeader(status)
				})
			})
			_, err := scanner.Scan(t.Context(), scan.Target{
				Digest: "sha256:" + strings.Repeat("a", 64),
				Access: scan.Access{Repository: address + "/library/debian", Insecure: true, Private: true},
			})
			if got := fault.ClassOf(err); got != class {
				t.Errorf("class %q, want %q: %v", got, class, err)
			}
			if requests != 1 {
				t.Errorf("%d requests, want 1", requests)
			}
		})
	}
}

func TestEgress(t *testing.T) {
	t.Parallel()
	scanner, address := open(t), host(t, nil)
	base := push(t, address, image(t, layerOf(t, rootfs(t, "old")...)))
	for _, tc := range []struct {
		name   string
		change func(*scan.Access)
		want   string
	}{
		{"a private address that nobody named", func(a *scan.Access) { a.Private = false }, "is a loopback address"},
		{"plain HTTP that nobody allowed", func(a *scan.Access) { a.Insecure = false }, "is not asked over plain HTTP"},
		{"no address at all", func(a *scan.Access) { a.Repository = "a b" }, "repository can only contain"},
	} {
		target := base
		tc.change(&target.Access)
		_, err := scanner.Scan(t.Context(), target)
		if err == nil || !strings.Contains(err.Error(), tc.want) || fault.ClassOf(err) != fault.Permanent {
			t.Errorf("%s: %v (%q)", tc.name, err, fault.ClassOf(err))
		}
	}
}

func TestCredentials(t *testing.T) {
	t.Parallel()
	scanner := open(t)
	for _, tc := range []struct {
		name   string
		access scan.Access
		want   string
	}{
		{"name and password", scan.Access{Username: "bot", Password: "secret"}, "Basic Ym90OnNlY3JldA=="},
		{"token", scan.Access{Token: "t0ken"}, "Bearer t0ken"},
		{"none", scan.Access{}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var got string
			address := host(t, func(http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.URL.Path == "/v2/" {
						w.Header().Set("WWW-Authenticate", `Basic realm="registry"`)
					} else {
						got = r.Header.Get("Authorization")
					}
					w.WriteHeader(http.StatusUnauthorized)
				})
			})
			access := tc.access
			access.Repository, access.Insecure, access.Private = address+"/library/debian", true, true
			_, err := scanner.Scan(t.Context(), scan.Target{Digest: "sha256:" + strings.Repeat("a", 64), Access: access})
			if failed, ok := errors.AsType[*fault.Error](err); !ok || failed.Class != fault.Auth || strings.Contains(err.Error(), "secret") {
				t.Errorf("got %v", err)
			}
			if got != tc.want {
				t.Errorf("sent %q, want %q", got, tc.want)
			}
		})
	}
}
