//go:build bench

package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// The monorepo: 300 Dockerfiles and 450 manifests that name one image each, and 1,250 files that name none.
const (
	dockerfileCount, manifestCount, otherCount = 300, 450, 1250
	repositoryCount, tagCount, releaseCount    = 224, 300, 20

	monorepoRuns     = 5
	monorepoWork     = 950 * time.Millisecond // of two processors: a fortieth of the 19 s that Renovate 44 took on a quiet machine with two
	monorepoPeak     = 71 << 20               // a tenth of its memory
	monorepoRequests = 830
)

// monorepo is a tree of 2,000 files with 750 references, and the registry that serves their images.
type monorepo struct {
	root, config string // the folder and the configuration for it
	host         string
	old          string // digest of what the pinned references are pinned to
	requests     atomic.Int64
}

// monorepoRow measures planning without scans on a large tree. Without Renovate beside it, what it may take is told in processor time:
// the wall clock of a busy machine measures its other work.
func monorepoRow(t *testing.T, basebump string) string {
	t.Helper()
	m := newMonorepo(t)
	cost := m.plan(basebump)
	cost.what = fmt.Sprintf("`basebump plan --no-scan` on 2,000 files, 750 references, %d tags: %d registry requests (≤ %d)", tagCount, m.perRun(t), monorepoRequests)
	cost.workBound = monorepoWork
	return cost.row(t)
}

// TestBesideRenovate runs both on the same tree and holds us to a fortieth of the time and a tenth of the memory. RENOVATE is how that
// program is started; .ci/bench-renovate installs it.
func TestBesideRenovate(t *testing.T) {
	renovate := strings.Fields(os.Getenv("RENOVATE"))
	if len(renovate) == 0 {
		t.Skip("RENOVATE is not set: run .ci/bench-renovate")
	}
	m := newMonorepo(t)
	ours := m.plan(mustFind(t, "basebump"))
	ours.peakBound = 0
	t.Logf("%s %d registry requests", ours.row(t), m.perRun(t))
	wall, peak := m.renovate(t, renovate)
	t.Logf("renovate: %s, %d MiB, %d registry requests", wall.Round(10*time.Millisecond), peak>>20, m.requests.Load())
	if median := ours.wall[len(ours.wall)/2]; median > wall/40 {
		t.Errorf("%s is more than a fortieth of %s", median, wall)
	}
	if median := ours.peak[len(ours.peak)/2]; median > peak/10 {
		t.Errorf("%d bytes are more than a tenth of %d", median, peak)
	}
}

// renovate runs it once, with empty caches.
func (m *monorepo) renovate(t *testing.T, command []string) (time.Duration, int64) {
	t.Helper()
	m.requests.Store(0)
	cmd := exec.Command(command[0], append(command[1:], "--platform=local", "--dry-run=lookup")...)
	cmd.Dir = m.root
	cmd.Env = append(os.Environ(), "RENOVATE_CONFIG_FILE="+m.renovateConfig(t), "RENOVATE_BASE_DIR="+t.TempDir(), "LOG_LEVEL=warn")
	began := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("renovate: %v\n%.4000s", err, out)
	}
	return time.Since(began), peak(cmd)
}

func (m *monorepo) plan(basebump string) measurement {
	return measured("`basebump plan --no-scan`", monorepoRuns, 0, monorepoPeak, basebump, "--config", m.config, "plan", m.root, "--no-scan", "--output", "json")
}

// perRun is what one of the measured runs asked the registry.
func (m *monorepo) perRun(t *testing.T) int64 {
	t.Helper()
	requests := m.requests.Load() / (monorepoRuns + 1)
	if requests == 0 || requests > monorepoRequests {
		t.Errorf("%d registry requests, bound %d", requests, monorepoRequests)
	}
	return requests
}

func newMonorepo(t *testing.T) *monorepo {
	t.Helper()
	m := &monorepo{root: t.TempDir()}
	registry := demoRegistry()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.requests.Add(1)
		registry.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	m.host = strings.TrimPrefix(server.URL, "http://")
	m.config = filepath.Join(t.TempDir(), "basebump.yaml")
	m.write(t, m.config, fmt.Sprintf("registries: [{host: %q, insecure: true}]\npolicy: {update: minor}\n", m.host))
	m.push(t)
	m.fill(t)
	m.requests.Store(0)
	for _, args := range [][]string{{"init", "--quiet"}, {"add", "."}} { // Renovate reads what git knows
		if out, err := exec.Command("git", append([]string{"-C", m.root}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v\n%s", args[0], err, out)
		}
	}
	return m
}

// image is the n-th of the distinct tags; every other one is pinned to a digest that is no longer the newest.
func (m *monorepo) image(n int) string {
	n %= tagCount
	reference := fmt.Sprintf("%s/team-%02d/app-%03d:1.%d.0", m.host, n%repositoryCount%10, n%repositoryCount, n/repositoryCount)
	if n%2 == 1 {
		reference += "@" + m.old
	}
	return reference
}

func (m *monorepo) fill(t *testing.T) {
	t.Helper()
	for i := range dockerfileCount {
		m.write(t, filepath.Join(m.root, "services", fmt.Sprint(i), "Dockerfile"), "FROM "+m.image(i)+"\nWORKDIR /src\nCOPY . .\nRUN make \\\n  && make install\nCMD [\"app\"]\n")
	}
	for i := range manifestCount {
		m.write(t, filepath.Join(m.root, "deploy", fmt.Sprint(i), "deployment.yaml"), fmt.Sprintf(`apiVersion: apps/v1
kind: Deployment
metadata: {name: app-%d}
spec:
  template:
    spec:
      containers:
        - name: app
          image: %s
          ports: [{containerPort: 8080}]
`, i, m.image(dockerfileCount+i)))
	}
	for i := range otherCount {
		m.write(t, filepath.Join(m.root, "deploy", fmt.Sprint(i), "configmap.yaml"), fmt.Sprintf("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: app-%d}\ndata:\n  LOG_LEVEL: info\n  REGION: eu-%d\n", i, i))
	}
}

// push gives every repository its releases, all of one image, and an older image.
func (m *monorepo) push(t *testing.T) {
	t.Helper()
	image, err := random.Image(64, 1)
	if err != nil {
		t.Fatal(err)
	}
	old, err := random.Image(64, 1)
	if err != nil {
		t.Fatal(err)
	}
	digest, err := old.Digest()
	if err != nil {
		t.Fatal(err)
	}
	m.old = digest.String()
	for n := range repositoryCount {
		repository, err := name.NewRepository(fmt.Sprintf("%s/team-%02d/app-%03d", m.host, n%10, n), name.Insecure)
		if err != nil {
			t.Fatal(err)
		}
		if err := remote.Write(repository.Tag("latest"), image); err != nil {
			t.Fatal(err)
		}
		if err := remote.Write(repository.Digest(m.old), old); err != nil {
			t.Fatal(err)
		}
		for release := range releaseCount {
			if err := remote.Put(repository.Tag(fmt.Sprintf("1.%d.0", release)), image); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func (m *monorepo) renovateConfig(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config.json")
	m.write(t, file, fmt.Sprintf(`{
  "onboarding": false, "requireConfig": "ignored", "pinDigests": true,
  "enabledManagers": ["dockerfile", "kubernetes"],
  "kubernetes": {"managerFilePatterns": ["/\\.yaml$/"]},
  "hostRules": [{"matchHost": %q, "insecureRegistry": true}]
}`, m.host))
	return file
}

func (m *monorepo) write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
