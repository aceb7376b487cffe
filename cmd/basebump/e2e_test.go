//go:build e2e

package main

import (
	"archive/tar"
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot/github/githubtest"
	"github.com/basebump/basebump/bot/github/githubtest/contract"
	"github.com/basebump/basebump/testdata/debian12"
	"github.com/basebump/basebump/testdata/debian12/expect"
)

// TestEndToEnd is the main job with real parts: the built programs, two full Debian images made on the spot, Debian's own registry
// program, and the in-process GitHub, held to GitHub's published description. What a scan must find is computed from the images'
// package databases and the advisories by code that shares nothing with the scanner.
func TestEndToEnd(t *testing.T) {
	images := makeImages(t)
	registry := startRegistry(t)
	github := startGitHub(t)
	old, oldMatches := pushImage(t, registry, images["old"])
	files := map[string]string{}
	scene := githubtest.Files{}
	for path, text := range wantFiles(old) {
		files[path] = strings.ReplaceAll(text, "image: debian:12@"+old, "image: debian:12") // one reference is not pinned
		scene[path] = githubtest.Text(files[path])
	}
	repo, err := github.AddRepository("acme/shop", scene, githubtest.RepositoryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	github.AddInstallation("acme")
	bot := newProgram(t, github, registry)

	t.Run("the tag has not moved: only the unpinned reference is pinned", func(t *testing.T) {
		bot.run(t, 0, "run", "--dry-run")
		if n := len(repo.Pulls()); n != 0 {
			t.Fatalf("a dry run opened %d pull requests", n)
		}
	})
	newer, newMatches := pushImage(t, registry, images["newer"])
	t.Run("the tag moves: one pull request", func(t *testing.T) {
		github.ForgetRequests()
		registry.forget()
		bot.run(t, 0, "run")
		checkPull(t, repo, oldMatches, newMatches)
		checkFiles(t, repo, newer)
		checkRequests(t, "registry", registry.requests(), wantRegistryRequests)
		checkRequests(t, "GitHub", gitHubRequests(github), wantGitHubRequests)
	})
	var asked map[string]int
	t.Run("again: nothing is written", func(t *testing.T) {
		github.ForgetRequests()
		registry.forget()
		bot.run(t, 0, "run")
		asked = registry.requests()
		for _, request := range github.Requests() {
			if request.Method != "GET" && !strings.HasSuffix(request.Pattern, "/access_tokens") {
				t.Errorf("wrote: %s %s", request.Method, request.Path)
			}
		}
		if n := len(repo.Pulls()); n != 1 {
			t.Errorf("%d pull requests, want 1", n)
		}
	})
	t.Run("a new database: both images are judged anew, and nothing is pulled for it", func(t *testing.T) {
		reports, _, newest := bot.keptReports(t)
		registry.forget()
		bot.buildDatabase(t)
		bot.run(t, 0, "run")
		checkRequests(t, "registry", registry.requests(), asked)
		if again, oldest, _ := bot.keptReports(t); again != reports || oldest <= newest {
			t.Errorf("%d reports by databases of %d and later; there were %d, by one of %d", again, oldest, reports, newest)
		}
	})
	t.Run("serve runs cycles, shows pages, ends cleanly, and starts again", func(t *testing.T) { checkServe(t, bot) })
	t.Run("a repository on a Git server gets a branch", func(t *testing.T) { checkGitServer(t, bot, registry, newer) })
	t.Run("plan, apply and scan say the same of a checkout", func(t *testing.T) { checkLocal(t, bot, files, old, newer, oldMatches, newMatches) })
}

// makeImages bootstraps the images with mmdebstrap and returns their root file systems as tar files. BASEBUMP_IMAGES may name a folder
// that holds them already.
func makeImages(t *testing.T) map[string]string {
	t.Helper()
	folder := os.Getenv("BASEBUMP_IMAGES")
	if folder == "" {
		folder = t.TempDir()
		make := exec.Command("../../testdata/debian12/images.sh", folder, "old", "newer")
		make.Stdout, make.Stderr = os.Stderr, os.Stderr
		if err := make.Run(); err != nil {
			t.Fatalf("make images: %v", err)
		}
	}
	return map[string]string{"old": filepath.Join(folder, "old.tar"), "newer": filepath.Join(folder, "newer.tar")}
}

func startGitHub(t *testing.T) *e2eGitHub {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	server := githubtest.New(githubtest.Options{App: githubtest.App{ID: 7, Key: &key.PublicKey}})
	front := httptest.NewServer(contract.Middleware(t, server))
	t.Cleanup(front.Close)
	return &e2eGitHub{Server: server, url: front.URL, key: encodeKey(key)}
}

type e2eGitHub struct {
	*githubtest.Server
	url, key string
}

// expected computes the matches of an image from its package database.
func expected(t *testing.T, rootfs string) []expect.Match {
	t.Helper()
	file, err := os.Open(rootfs)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	reader := tar.NewReader(file)
	for {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			t.Fatalf("%s holds no package database", rootfs)
		}
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Clean("/"+header.Name) != "/var/lib/dpkg/status" {
			continue
		}
		matches, err := expect.Matches(reader, debian12.Advisories())
		if err != nil {
			t.Fatal(err)
		}
		return matches
	}
}

// program runs the built basebump with a configuration and a state folder of its own.
type program struct{ folder, config string }

func newProgram(t *testing.T, github *e2eGitHub, registry *e2eRegistry) program {
	t.Helper()
	p := program{folder: t.TempDir()}
	p.config = filepath.Join(p.folder, "basebump.yaml")
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(p.folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("app.pem", github.key)
	write("basebump.yaml", fmt.Sprintf(`
github: {api_url: "%s/", app_id: 7, private_key_file: app.pem}
registries: [{host: docker.io, mirror: "%s"}]
scanners: [{type: grype, db_dir: database}]
schedule: "@every 1s"
server: {addr: "127.0.0.1:0"}
`, github.url, registry.url))
	p.buildDatabase(t)
	return p
}

func (p program) buildDatabase(t *testing.T) {
	t.Helper()
	p.run(t, 0, "db", "build", "--from", mustAbs(t, "../../testdata/debian12/advisories"), "--to", filepath.Join(p.folder, "database"))
}

func mustAbs(t *testing.T, path string) string {
	t.Helper()
	full, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return full
}

// run runs the program and returns what it printed; another exit code than want fails the test.
func (p program) run(t *testing.T, want int, args ...string) string {
	t.Helper()
	cmd := exec.Command(mustAbs(t, "../../bin/basebump"), append([]string{"--config", p.config, "--state-dir", p.folder}, args...)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if code := cmd.ProcessState.ExitCode(); code != want {
		t.Fatalf("basebump %s: exit %d, want %d\n%s%s", strings.Join(args, " "), code, want, &stdout, &stderr)
	}
	return stdout.String()
}

func checkRequests(t *testing.T, what string, got, want map[string]int) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("requests to %s (-want +got):\n%s", what, d)
	}
	t.Logf("requests to %s: %d", what, total(got))
}

func total(requests map[string]int) int {
	n := 0
	for _, key := range slices.Sorted(maps.Keys(requests)) {
		n += requests[key]
	}
	return n
}

func gitHubRequests(github *e2eGitHub) map[string]int {
	counts := map[string]int{}
	for _, request := range github.Requests() {
		counts[request.Method+" "+request.Pattern]++
	}
	return counts
}
