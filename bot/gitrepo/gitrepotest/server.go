// Package gitrepotest serves a repository over HTTP with Git's own program, for tests.
package gitrepotest

import (
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// User and Password are what the server asks for.
const (
	User     = "bot"
	Password = "s3cret"
)

// Server serves one repository to whoever knows the password.
type Server struct {
	URL      string
	Folder   string // the bare repository
	Work     string // a person's clone of it
	Requests atomic.Int64
}

// New makes a repository whose branch main holds the files. A value that begins with "-> " is a symbolic link. The test is skipped
// where Git is not installed.
func New(t *testing.T, files map[string]string) *Server {
	t.Helper()
	program, err := exec.LookPath("git")
	if err != nil {
		t.Skip("git is not installed")
	}
	top := t.TempDir()
	s := &Server{Folder: filepath.Join(top, "acme", "shop.git"), Work: filepath.Join(top, "work")}
	handler := &cgi.Handler{
		Path: program, Args: []string{"http-backend"},
		Env: []string{"GIT_PROJECT_ROOT=" + top, "GIT_HTTP_EXPORT_ALL=1", "REMOTE_USER=" + User, "HOME=" + top},
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.Requests.Add(1)
		if user, password, ok := r.BasicAuth(); !ok || user != User || password != Password {
			w.Header().Set("WWW-Authenticate", `Basic realm="git"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	s.URL = server.URL + "/acme/shop.git"
	s.Git(t, top, "init", "-q", "--bare", "-b", "main", s.Folder)
	s.Git(t, top, "clone", "-q", s.Folder, s.Work)
	s.Write(t, files)
	s.Git(t, s.Work, "checkout", "-q", "-b", "main")
	s.Commit(t, "begin")
	s.Git(t, s.Work, "push", "-q", "origin", "main")
	return s
}

// Git runs Git as a person.
func (s *Server) Git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_AUTHOR_NAME=Ann", "GIT_AUTHOR_EMAIL=ann@example.com", "GIT_COMMITTER_NAME=Ann", "GIT_COMMITTER_EMAIL=ann@example.com")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// Commit commits all that is in the clone.
func (s *Server) Commit(t *testing.T, message string) {
	t.Helper()
	s.Git(t, s.Work, "add", "-A")
	s.Git(t, s.Work, "commit", "-q", "-m", message)
}

// At asks the server's repository.
func (s *Server) At(t *testing.T, args ...string) string {
	t.Helper()
	return s.Git(t, s.Folder, args...)
}

// Write puts files into the clone.
func (s *Server) Write(t *testing.T, files map[string]string) {
	t.Helper()
	for name, data := range files {
		full := filepath.Join(s.Work, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		if target, ok := strings.CutPrefix(data, "-> "); ok {
			err = os.Symlink(target, full)
		} else {
			err = os.WriteFile(full, []byte(data), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
