package gitrepo_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-git/go-git/v5/plumbing/transport"
	githttp "github.com/go-git/go-git/v5/plumbing/transport/http"
	gitssh "github.com/go-git/go-git/v5/plumbing/transport/ssh"
	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/gitrepo"
	"github.com/basebump/basebump/bot/gitrepo/gitrepotest"
	"github.com/basebump/basebump/config/fault"
)

var shop = map[string]string{
	"Dockerfile": "FROM debian:12\n", "deploy/a.yaml": "a: 1\n", "deploy/run.sh": "#!/bin/sh\n", "link": "-> Dockerfile", "z": "z",
}

func options(t *testing.T, server *gitrepotest.Server) gitrepo.RemoteOptions {
	t.Helper()
	return gitrepo.RemoteOptions{
		URL: server.URL, Folder: t.TempDir(), Auth: transport.AuthMethod(&githttp.BasicAuth{Username: gitrepotest.User, Password: gitrepotest.Password}),
		Author: gitrepo.Identity{Name: "basebump", Email: "bot@example.com"},
		Now:    func() time.Time { return time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC) },
	}
}

func connect(t *testing.T, settings gitrepo.RemoteOptions) (*gitrepo.Remote, bot.Repository) {
	t.Helper()
	remote, err := gitrepo.NewRemote(settings)
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

func change(text string) bot.Change {
	return bot.Change{
		Branch: "basebump/debian", Title: "fix", Message: "fix: " + text + "\n\nbecause\n", Key: "sha256:" + text,
		Files: map[string][]byte{"Dockerfile": []byte("FROM debian:" + text + "\n"), "deploy/run.sh": []byte("#!/bin/sh\n# " + text + "\n")},
	}
}

func TestRemoteReadsACommit(t *testing.T) {
	t.Parallel()
	server := gitrepotest.New(t, shop)
	remote, repo := connect(t, options(t, server))
	if repo.DefaultBranch != "main" || repo.Head != server.At(t, "rev-parse", "main") || !strings.HasSuffix(repo.String(), "127.0.0.1/acme/shop") {
		t.Errorf("got %+v", repo)
	}
	source := remote.Source(repo)
	files, err := source.Files(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, file := range files {
		data, err := source.Read(t.Context(), file)
		if err != nil || string(data) != shop[file.Path] || file.ID != server.At(t, "rev-parse", "main:"+file.Path) {
			t.Errorf("%+v: got %q, %v", file, data, err)
		}
		names = append(names, file.Path)
	}
	if diff := cmp.Diff([]string{"Dockerfile", "deploy/a.yaml", "deploy/run.sh", "z"}, names); diff != "" {
		t.Error(diff)
	}
	before := server.Requests.Load()
	if again := only(t, remote); again != repo {
		t.Errorf("got %+v again", again)
	}
	if n := server.Requests.Load() - before; n != 1 {
		t.Errorf("that nothing moved took %d requests", n)
	}
}

func TestRemoteProposes(t *testing.T) {
	t.Parallel()
	server := gitrepotest.New(t, shop)
	server.Git(t, server.Work, "update-index", "--chmod=+x", "deploy/run.sh")
	server.Git(t, server.Work, "commit", "-q", "-m", "run")
	server.Git(t, server.Work, "push", "-q", "origin", "main")
	remote, repo := connect(t, options(t, server))

	made, err := remote.Propose(t.Context(), repo, change("one"), bot.Ground{})
	if err != nil {
		t.Fatal(err)
	}
	want := "M\tDockerfile\nM\tdeploy/run.sh"
	if got := server.At(t, "diff", "--name-status", "main", "basebump/debian"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := server.At(t, "ls-tree", "basebump/debian", "deploy/run.sh"); !strings.HasPrefix(got, "100755 ") {
		t.Errorf("the mode is lost: %s", got)
	}
	if got := server.At(t, "log", "--format=%an <%ae> %s", "main..basebump/debian"); got != "basebump <bot@example.com> fix: one" {
		t.Errorf("got %s", got)
	}
	server.At(t, "fsck", "--strict")

	open, err := remote.Open(t.Context(), repo, "basebump/")
	if err != nil || len(open) != 1 {
		t.Fatalf("got %v, %v", open, err)
	}
	if diff := cmp.Diff(made, open[0]); diff != "" || open[0].Key != "sha256:one" || open[0].Base != repo.Head {
		t.Errorf("%s in %+v", diff, open[0])
	}

	before := server.Requests.Load()
	if again, err := remote.Propose(t.Context(), repo, change("one"), bot.Ground{}); err != nil || again != made || server.Requests.Load() != before {
		t.Errorf("proposing it again: %+v, %v, %d requests", again, err, server.Requests.Load()-before)
	}
	if _, err := remote.Propose(t.Context(), repo, change("two"), bot.Ground{}); err != nil {
		t.Fatal(err)
	}
	if got := server.At(t, "log", "--format=%s", "main..basebump/debian"); got != "fix: two" {
		t.Errorf("after the refresh the branch holds %s", got)
	}
	if err := remote.Close(t.Context(), repo, open[0], "done"); err != nil {
		t.Fatal(err)
	}
	if got := server.At(t, "branch", "--format=%(refname:short)"); got != "main" {
		t.Errorf("after closing there are %s", got)
	}
}

func TestRemoteFollowsTheBranch(t *testing.T) {
	t.Parallel()
	server := gitrepotest.New(t, shop)
	settings := options(t, server)
	remote, repo := connect(t, settings)
	if _, err := remote.Propose(t.Context(), repo, change("one"), bot.Ground{}); err != nil {
		t.Fatal(err)
	}
	server.Write(t, map[string]string{"new": "n"})
	server.Commit(t, "go on")
	server.Git(t, server.Work, "push", "-q", "origin", "main")

	remote, repo = connect(t, settings) // a new process, the same copy
	if repo.Head != server.At(t, "rev-parse", "main") {
		t.Fatalf("the head is %s", repo.Head)
	}
	if _, err := remote.Open(t.Context(), repo, "basebump/"); err != nil {
		t.Fatal(err)
	}
	if _, err := remote.Propose(t.Context(), repo, change("one"), bot.Ground{}); err != nil {
		t.Fatal(err)
	}
	if got := server.At(t, "log", "--format=%s", "main..basebump/debian"); got != "fix: one" {
		t.Errorf("the branch does not stand on the new head: %s", got)
	}
}

func TestRemoteLeavesToPeopleWhatIsTheirs(t *testing.T) {
	t.Parallel()
	for name, meddle := range map[string]func(*testing.T, *gitrepotest.Server){
		"a commit on top": func(t *testing.T, s *gitrepotest.Server) { s.Commit(t, "mine") },
		"an amended commit": func(t *testing.T, s *gitrepotest.Server) {
			s.Git(t, s.Work, "commit", "-q", "-a", "--amend", "--no-edit")
		},
		"another branch's tip": func(t *testing.T, s *gitrepotest.Server) { s.Git(t, s.Work, "reset", "-q", "--hard", "origin/main") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := gitrepotest.New(t, shop)
			remote, repo := connect(t, options(t, server))
			proposal, err := remote.Propose(t.Context(), repo, change("one"), bot.Ground{})
			if err != nil {
				t.Fatal(err)
			}
			server.Git(t, server.Work, "fetch", "-q")
			server.Git(t, server.Work, "checkout", "-q", "basebump/debian")
			server.Write(t, map[string]string{"Dockerfile": "FROM scratch\n"})
			meddle(t, server)
			server.Git(t, server.Work, "push", "-q", "-f", "origin", "basebump/debian")
			theirs := server.At(t, "rev-parse", "basebump/debian")

			if _, err := remote.Propose(t.Context(), repo, change("two"), bot.Ground{}); fault.ClassOf(err) != fault.Retry { // not seen yet: the server refuses
				t.Errorf("a push over what we did not know: %v", err)
			}
			if _, err := remote.Open(t.Context(), repo, "basebump/"); err != nil {
				t.Fatal(err)
			}
			if _, err := remote.Propose(t.Context(), repo, change("two"), bot.Ground{}); !errors.Is(err, bot.ErrForeignCommit) {
				t.Errorf("propose: %v", err)
			}
			if err := remote.Close(t.Context(), repo, proposal, "done"); !errors.Is(err, bot.ErrForeignCommit) {
				t.Errorf("close: %v", err)
			}
			if now := server.At(t, "rev-parse", "basebump/debian"); now != theirs {
				t.Errorf("the branch moved to %s", now)
			}
		})
	}
}

func TestRemoteFailures(t *testing.T) {
	t.Parallel()
	server := gitrepotest.New(t, shop)
	for name, tc := range map[string]struct {
		spoil func(*gitrepo.RemoteOptions)
		class fault.Class
		text  string
	}{
		"wrong password": {func(o *gitrepo.RemoteOptions) { o.Auth = &githttp.BasicAuth{Username: "bot", Password: "other"} }, fault.Auth, "check the credentials under git"},
		"no repository":  {func(o *gitrepo.RemoteOptions) { o.URL = strings.Replace(o.URL, "shop", "shed", 1) }, fault.NotFound, "check the address"},
		"no branch":      {func(o *gitrepo.RemoteOptions) { o.Branch = "trunk" }, fault.NotFound, "there is no such branch"},
		"no server":      {func(o *gitrepo.RemoteOptions) { o.URL = "http://127.0.0.1:1/acme/shop.git" }, fault.Retry, "connection refused"},
	} {
		settings := options(t, server)
		tc.spoil(&settings)
		remote, err := gitrepo.NewRemote(settings)
		if err != nil {
			t.Fatal(err)
		}
		_, err = remote.Repositories(t.Context())
		if fault.ClassOf(err) != tc.class || !strings.Contains(fault.Text(err), tc.text) || strings.Contains(fault.Text(err), "other") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, address := range []string{"", filepath.Join(t.TempDir(), "shop"), "file:///tmp/shop"} {
		if _, err := gitrepo.NewRemote(gitrepo.RemoteOptions{URL: address}); fault.ClassOf(err) != fault.Permanent {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestRemoteOverSSH(t *testing.T) {
	t.Parallel()
	server := gitrepotest.New(t, shop)
	door := server.SSH(t)
	key, err := gitssh.NewPublicKeys("git", door.Key, "")
	if err != nil {
		t.Fatal(err)
	}
	if key.HostKeyCallback, err = gitssh.NewKnownHostsCallback(door.KnownHosts); err != nil {
		t.Fatal(err)
	}
	settings := options(t, server)
	settings.URL, settings.Auth = door.URL, key
	remote, repo := connect(t, settings)
	if _, err := remote.Propose(t.Context(), repo, change("one"), bot.Ground{}); err != nil {
		t.Fatal(err)
	}
	if got := server.At(t, "log", "--format=%s", "main..basebump/debian"); got != "fix: one" {
		t.Errorf("the branch holds %s", got)
	}

	stranger := server.SSH(t) // another host key behind the same known_hosts
	settings = options(t, server)
	settings.URL, settings.Auth = stranger.URL, key
	other, err := gitrepo.NewRemote(settings)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Repositories(t.Context()); fault.ClassOf(err) != fault.Auth || !strings.Contains(err.Error(), "knownhosts: key is unknown") {
		t.Errorf("a host that is not known: %v", err)
	}
}
