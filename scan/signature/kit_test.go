package signature_test

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/basebump/basebump/resolver"
	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/signature"
	"github.com/basebump/basebump/scan/signature/verifier"
)

const (
	simpleType = "application/vnd.dev.cosign.simplesigning.v1+json"
	cosignType = "application/vnd.dev.cosign.artifact.sig.v1+json"
	bundleType = "application/vnd.dev.sigstore.bundle.v0.3+json"
	dsseType   = "application/vnd.dsse.envelope.v1+json"
)

// store is an in-process registry with one repository, asked through the client that the bot asks with. It notes requests.
type store struct {
	*resolver.Client
	image string                      // its repository
	other map[string]http.HandlerFunc // by the path's end, or a folder in it

	mu  sync.Mutex
	log []string
}

func newStore(t *testing.T, referrers bool) *store {
	t.Helper()
	s := &store{other: map[string]http.HandlerFunc{}}
	real := registry.New(registry.WithReferrersSupport(referrers), registry.Logger(log.New(io.Discard, "", 0)))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		s.note(req)
		for part, answer := range s.other {
			if strings.HasSuffix(req.URL.Path, part) || strings.HasSuffix(part, "/") && strings.Contains(req.URL.Path, part) {
				answer(w, req)
				return
			}
		}
		real.ServeHTTP(w, req)
	}))
	t.Cleanup(server.Close)
	host := strings.TrimPrefix(server.URL, "http://")
	s.image = host + "/acme/base"
	var err error
	s.Client, err = resolver.New(resolver.Options{
		Registries: []resolver.Registry{{Host: host, Insecure: true}}, Keychain: authn.NewMultiKeychain(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var anyDigest = regexp.MustCompile(`sha256([:-])[0-9a-f]{64}`)

func (s *store) note(req *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = append(s.log, req.Method+" "+anyDigest.ReplaceAllString(strings.TrimPrefix(req.URL.Path, "/v2/acme/base"), "sha256$1…"))
}

// asked returns the requests since it was called last.
func (s *store) asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	log := s.log
	s.log = nil
	return log
}

func (s *store) wants(t *testing.T, want ...string) {
	t.Helper()
	if got := s.asked(); !slices.Equal(got, want) {
		t.Errorf("requests:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// push writes an image at a tag, or by its digest.
func (s *store) push(t *testing.T, tag string, image v1.Image) v1.Hash {
	t.Helper()
	digest := must(image.Digest())
	reference := s.image + ":" + tag
	if tag == "" {
		reference = s.image + "@" + digest.String()
	}
	if err := remote.Write(must(name.ParseReference(reference, name.Insecure)), image); err != nil {
		t.Fatal(err)
	}
	s.asked()
	return digest
}

// pushed is an image in the store.
type pushed struct {
	v1.Image
	digest v1.Hash
}

func (s *store) base(t *testing.T) pushed {
	t.Helper()
	image := must(random.Image(64, 1))
	return pushed{image, s.push(t, "3", image)}
}

// tag is where the thing with the suffix about an image stands.
func (p pushed) tag(suffix string) string { return "sha256-" + p.digest.Hex + suffix }

// about makes a layer's manifest refer to an image.
func (p pushed) about(image v1.Image) v1.Image {
	return mutate.Subject(image, v1.Descriptor{Digest: p.digest, Size: must(p.Size()), MediaType: must(p.MediaType())}).(v1.Image)
}

// layer is a blob with what stands beside it.
type layer struct {
	media       string
	data        []byte
	annotations map[string]string
}

// artifact is a manifest of layers. The in-process registry takes the configuration's type for the artifact's.
func artifact(t *testing.T, artifactType string, layers ...layer) v1.Image {
	t.Helper()
	image := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.MediaType(artifactType))
	for _, l := range layers {
		var err error
		image, err = mutate.Append(image, mutate.Addendum{
			Layer: static.NewLayer(l.data, types.MediaType(l.media)), MediaType: types.MediaType(l.media), Annotations: l.annotations,
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return image
}

// checker trusts what is given.
func (s *store) checker(root *signature.Root, keys ...signature.Key) *signature.Checker {
	return signature.New(signature.Options{
		Registry: s, Verifier: verifier.Local{}, Root: root, Keys: func(string) []signature.Key { return keys }, Now: time.Now,
		Asks:    func(string) bool { return true },
		Trusted: func(_ string, by scan.Signer) bool { return by.Key != "" || by.Identity == identity },
	})
}

func (s *store) signing(t *testing.T, c *signature.Checker, digest v1.Hash) scan.Signing {
	t.Helper()
	got, err := c.Signing(t.Context(), s.image, digest.String())
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
