//go:build e2e

package main

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/tarball"

	"github.com/basebump/basebump/testdata/debian12"
	"github.com/basebump/basebump/testdata/debian12/expect"
)

// e2eRegistry is Debian's registry program behind a proxy that counts requests.
type e2eRegistry struct {
	direct string // host:port, for pushing
	url    string // counted

	mu     sync.Mutex
	counts map[string]int
}

// digests keep the counts readable.
var (
	anyDigest   = regexp.MustCompile(`sha256:[0-9a-f]{64}`)
	tagOfDigest = regexp.MustCompile(`sha256-[0-9a-f]{64}`)
)

func startRegistry(t *testing.T) *e2eRegistry {
	t.Helper()
	folder := t.TempDir()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := listener.Addr().String()
	listener.Close() // the program binds it anew; it takes a port, not a listener
	config := filepath.Join(folder, "registry.yml")
	text := fmt.Sprintf("version: 0.1\nstorage: {filesystem: {rootdirectory: %s}}\nhttp: {addr: %q}\nlog: {level: info}\n", filepath.Join(folder, "data"), addr)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("docker-registry", "serve", config)
	logs, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("start docker-registry: %v; `make tools` installs it", err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	waitFor(t, logs, "listening on")
	r := &e2eRegistry{direct: addr, counts: map[string]int{}}
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: addr})
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		r.mu.Lock()
		r.counts[req.Method+" "+tagOfDigest.ReplaceAllString(anyDigest.ReplaceAllString(req.URL.Path, "DIGEST"), "TAG-OF-DIGEST")]++
		r.mu.Unlock()
		proxy.ServeHTTP(w, req)
	}))
	t.Cleanup(front.Close)
	r.url = front.URL
	return r
}

// waitFor reads a program's log until it says that it is ready, and goes on reading so that the program never blocks. It returns what
// was logged until then.
func waitFor(t *testing.T, logs io.Reader, ready string) string {
	t.Helper()
	lines := bufio.NewScanner(logs)
	var seen []string
	for lines.Scan() {
		seen = append(seen, lines.Text())
		if strings.Contains(lines.Text(), ready) {
			go func() { _, _ = io.Copy(io.Discard, logs) }()
			return strings.Join(seen, "\n")
		}
	}
	t.Fatalf("it ended before it was ready:\n%s", strings.Join(seen, "\n"))
	return ""
}

func (r *e2eRegistry) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.counts = map[string]int{}
}

func (r *e2eRegistry) requests() map[string]int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.counts)
}

// pushImage makes debian:12 answer a root file system and returns the digest of its index and what a scan of it must find.
func pushImage(t *testing.T, registry *e2eRegistry, rootfs string) (digest string, matches []expect.Match) {
	t.Helper()
	layer, err := tarball.LayerFromFile(rootfs)
	if err != nil {
		t.Fatal(err)
	}
	image, err := mutate.AppendLayers(empty.Image, layer)
	if err != nil {
		t.Fatal(err)
	}
	config, err := image.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	config = config.DeepCopy()
	config.OS, config.Architecture, config.Created = "linux", "amd64", v1.Time{Time: builtOn(t, rootfs).Built}
	if image, err = mutate.ConfigFile(image, config); err != nil {
		t.Fatal(err)
	}
	index := mutate.AppendManifests(empty.Index, mutate.IndexAddendum{
		Add: image, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: "amd64"}},
	})
	tag, err := name.NewTag(registry.direct+"/library/debian:12", name.Insecure)
	if err != nil {
		t.Fatal(err)
	}
	if err := remote.WriteIndex(tag, index); err != nil {
		t.Fatal(err)
	}
	hash, err := index.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return hash.String(), expected(t, rootfs)
}

func builtOn(t *testing.T, rootfs string) debian12.Stage {
	t.Helper()
	for _, stage := range debian12.Stages() {
		if stage.Name == strings.TrimSuffix(filepath.Base(rootfs), ".tar") {
			return stage
		}
	}
	t.Fatalf("%s is no stage", rootfs)
	return debian12.Stage{}
}
