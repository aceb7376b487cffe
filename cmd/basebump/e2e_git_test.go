//go:build e2e

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/basebump/basebump/bot/gitrepo/gitrepotest"
)

// checkGitServer looks after a repository on a Git server that is no GitHub: a branch is pushed, once, and follows main.
func checkGitServer(t *testing.T, p program, registry *e2eRegistry, newer string) {
	t.Helper()
	server := gitrepotest.New(t, map[string]string{"Dockerfile": "FROM debian:12\nRUN true\n"})
	p.config = filepath.Join(p.folder, "git.yaml")
	text := fmt.Sprintf(`
git: {remotes: [{url: "%s", username: %s, password: %s}]}
registries: [{host: docker.io, mirror: "%s"}]
scanners: [{type: grype, db_dir: database}]
database: sqlite:git.db
`, server.URL, gitrepotest.User, gitrepotest.Password, registry.url)
	if err := os.WriteFile(p.config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	const branch = "basebump/debian-09e2e185"
	for _, want := range []string{"opened", "up to date"} {
		if got := p.run(t, 0, "run"); !strings.Contains(got, want) {
			t.Errorf("run says\n%s\nwithout %q", got, want)
		}
		if got := server.At(t, "show", branch+":Dockerfile"); got != "FROM debian:12@"+newer+"\nRUN true" {
			t.Errorf("the branch holds\n%s", got)
		}
	}
	server.Write(t, map[string]string{"README": "read me\n"})
	server.Commit(t, "Go on")
	server.Git(t, server.Work, "push", "-q", "origin", "main")
	p.run(t, 0, "run")
	if got := server.At(t, "log", "--format=%an", "main.."+branch); got != "basebump" {
		t.Errorf("after main moved, the branch has commits by %q on it", got)
	}
}
