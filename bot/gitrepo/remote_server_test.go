package gitrepo_test

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
	"time"

	"github.com/go-git/go-git/v5/plumbing/transport"
	githttp "github.com/go-git/go-git/v5/plumbing/transport/http"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/gitrepo"
)

// gitServer serves one repository with Git's own program, to whoever knows the password.
type gitServer struct {
	url      string
	folder   string // the bare repository
	work     string // a person's clone of it
	requests atomic.Int64
}

func newGitServer(t *testing.T, files map[string]string) *gitServer {
	t.Helper()
	program, err := exec.LookPath("git")
	if err != nil {
		t.Skip("git is not installed")
	}
	top := t.TempDir()
	s := &gitServer{folder: filepath.Join(top, "acme", "shop.git"), work: filepath.Join(top, "work")}
	handler := &cgi.Handler{
		Path: program, Args: []string{"http-backend"},
		Env: []string{"GIT_PROJECT_ROOT=" + top, "GIT_HTTP_EXPORT_ALL=1", "REMOTE_USER=bot", "HOME=" + top},
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.requests.Add(1)
		if user, password, ok := r.BasicAuth(); !ok || user != "bot" || password != "s3cret" {
			w.Header().Set("WWW-Authenticate", `Basic realm="git"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	s.url = server.URL + "/acme/shop.git"
	s.git(t, top, "init", "-q", "--bare", "-b", "main", s.folder)
	s.git(t, top, "clone", "-q", s.folder, s.work)
	grow(t, s.work, files)
	s.git(t, s.work, "checkout", "-q", "-b", "main")
	s.person(t, "begin")
	s.git(t, s.work, "push", "-q", "origin", "main")
	return s
}

// git runs Git as a person.
func (s *gitServer) git(t *testing.T, dir string, args ...string) string {
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

// person commits all that is in the clone.
func (s *gitServer) person(t *testing.T, message string) {
	t.Helper()
	s.git(t, s.work, "add", "-A")
	s.git(t, s.work, "commit", "-q", "-m", message)
}

// at asks the server's repository.
func (s *gitServer) at(t *testing.T, args ...string) string {
	t.Helper()
	return s.git(t, s.folder, args...)
}

func (s *gitServer) options(t *testing.T) gitrepo.RemoteOptions {
	t.Helper()
	return gitrepo.RemoteOptions{
		URL: s.url, Folder: t.TempDir(), Auth: transport.AuthMethod(&githttp.BasicAuth{Username: "bot", Password: "s3cret"}),
		Author: gitrepo.Identity{Name: "basebump", Email: "bot@example.com"},
		Now:    func() time.Time { return time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC) },
	}
}

func connect(t *testing.T, options gitrepo.RemoteOptions) (*gitrepo.Remote, bot.Repository) {
	t.Helper()
	remote, err := gitrepo.NewRemote(options)
	if err != nil {
		t.Fatal(err)
	}
	return remote, only(t, remote)
}

func only(t *testing.T, remote *gitrepo.Remote) bot.Repository {
	t.Helper()
	repos, err := remote.Repositories(t.Context())
	if err != nil || len(repos) != 1 {
		t.Fatalf("got %v, %v", repos, err)
	}
	return repos[0]
}
