package bot_test

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

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	ggcr "github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/resolver"
	"github.com/basebump/basebump/scan"
)

// served is a registry over HTTP that stands in for docker.io and notes what it is asked.
type served struct {
	url string

	mu  sync.Mutex
	log []string // "METHOD path?query"
}

func serveRegistry(t *testing.T) *served {
	t.Helper()
	s := &served{}
	store := ggcr.New(ggcr.Logger(log.New(io.Discard, "", 0)))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.log = append(s.log, r.Method+" "+r.URL.RequestURI())
		s.mu.Unlock()
		store.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

// asked returns the requests since it was called last, digests and page sizes left out.
func (s *served) asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.log
	s.log = nil
	for i := range list {
		list[i] = varying.ReplaceAllString(list[i], "")
	}
	slices.Sort(list)
	return list
}

var varying = regexp.MustCompile(`:[0-9a-f]{64}|\?n=\d+`)

func (s *served) wants(t *testing.T, want ...string) {
	t.Helper()
	slices.Sort(want)
	if d := cmp.Diff(want, s.asked()); d != "" {
		t.Errorf("requests (-want +got):\n%s", d)
	}
}

// push makes a tag of docker.io answer an index or an image, and returns its digest.
func (s *served) push(t *testing.T, path string, content interface{ Digest() (v1.Hash, error) }) string {
	t.Helper()
	ref, err := name.NewTag(strings.TrimPrefix(s.url, "http://") + "/" + path)
	if err != nil {
		t.Fatal(err)
	}
	switch content := content.(type) {
	case v1.ImageIndex:
		err = remote.WriteIndex(ref, content)
	case v1.Image:
		err = remote.Write(ref, content)
	}
	if err != nil {
		t.Fatal(err)
	}
	s.asked()
	return digestOf(t, content)
}

// drop makes the registry forget a tag or a digest.
func (s *served) drop(t *testing.T, repository, reference string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, s.url+"/v2/"+repository+"/manifests/"+reference, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusAccepted {
		t.Fatalf("delete %s: %s", reference, resp.Status)
	}
	s.asked()
}

// planner asks the registry through the client and the memo that a cycle uses.
func (s *served) planner(t *testing.T, scanner scan.Scanner) *bot.Planner {
	t.Helper()
	client, err := resolver.New(resolver.Options{
		Registries: []resolver.Registry{{Host: "docker.io", Mirror: s.url}},
		Keychain:   authn.NewMultiKeychain(),
		Now:        func() time.Time { return now },
	})
	if err != nil {
		t.Fatal(err)
	}
	return planner(resolver.NewMemo(client), scanner)
}

// machine is an image for one platform, as linux/arm64 or windows/amd64:10.0.17763.1; its note makes it differ from others.
func machine(t *testing.T, platform, note string) v1.Image {
	t.Helper()
	parsed := platformOf(t, platform)
	image, err := mutate.ConfigFile(empty.Image, &v1.ConfigFile{
		OS: parsed.OS, Architecture: parsed.Architecture, Variant: parsed.Variant, OSVersion: parsed.OSVersion,
		Created: v1.Time{Time: now.AddDate(0, 0, -3)}, Config: v1.Config{Labels: map[string]string{"note": note}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return image
}

// index joins the images of several platforms.
func index(t *testing.T, images ...v1.Image) v1.ImageIndex {
	t.Helper()
	var joined v1.ImageIndex = empty.Index
	for _, image := range images {
		config, err := image.ConfigFile()
		if err != nil {
			t.Fatal(err)
		}
		joined = mutate.AppendManifests(joined, mutate.IndexAddendum{Add: image, Descriptor: v1.Descriptor{Platform: config.Platform()}})
	}
	return joined
}

func platformOf(t *testing.T, text string) *v1.Platform {
	t.Helper()
	platform, err := v1.ParsePlatform(text)
	if err != nil {
		t.Fatal(err)
	}
	return platform
}

func digestOf(t *testing.T, content interface{ Digest() (v1.Hash, error) }) string {
	t.Helper()
	hash, err := content.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return hash.String()
}
