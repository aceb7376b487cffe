package githubtest_test

import (
	"strings"
	"testing"

	"github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot/github/githubtest"
)

func TestArchivedRepository(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	repo, id := w.repository()
	client := w.installed(id)
	repo.SetArchived(true, "alice")
	_, _, err := client.Git.CreateBlob(t.Context(), "acme", "web", &github.Blob{Content: github.String("x")})
	expectRefusal(t, err, 403, "Repository was archived so is read-only.")
	got, _, err := client.Repositories.Get(t.Context(), "acme", "web")
	if err != nil || !got.GetArchived() {
		t.Errorf("repository %v, %v", got, err)
	}
	repo.SetArchived(false, "alice")
	_, _, err = client.Git.CreateBlob(t.Context(), "acme", "web", &github.Blob{Content: github.String("x")})
	expectRefusal(t, err, 200, "")
}

func TestMovedRepository(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	repo, id := w.repository()
	client := w.installed(id)
	if err := repo.Rename("shop", "alice"); err != nil {
		t.Fatal(err)
	}
	got, _, err := client.Repositories.Get(t.Context(), "acme", "web")
	if err != nil || got.GetFullName() != "acme/shop" {
		t.Errorf("by the former name: %v, %v", got.GetFullName(), err)
	}
	blob, _, err := client.Git.CreateBlob(t.Context(), "acme", "web", &github.Blob{Content: github.String("x")})
	if err != nil || !strings.Contains(blob.GetURL(), "/repos/acme/shop/") {
		t.Errorf("written by the former name: %v, %v", blob, err)
	}
	if err := repo.Transfer("other", "alice"); err != nil {
		t.Fatal(err)
	}
	if repo.Name() != "other/shop" || w.Repository("acme/web") == nil {
		t.Errorf("name %s", repo.Name())
	}
	_, _, err = client.Git.CreateBlob(t.Context(), "other", "shop", &github.Blob{Content: github.String("x")})
	expectRefusal(t, err, 403, "Resource not accessible by integration")
}

func TestPrivateRepositoryIsHidden(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	must(w.AddRepository("acme/secret", githubtest.Files{"a": githubtest.Text("a")}, githubtest.RepositoryOptions{Private: true}))(t)
	w.AddInstallation("acme")
	stranger := w.AddInstallation("stranger")
	for name, client := range map[string]*github.Client{
		"other installation": w.installed(stranger), "other person": w.with(w.AddToken("mallory")), "nobody": w.with(""),
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := client.Repositories.Get(t.Context(), "acme", "secret")
			expectRefusal(t, err, 404, "Not Found")
			_, _, err = client.Git.CreateBlob(t.Context(), "acme", "secret", &github.Blob{Content: github.String("x")})
			expectRefusal(t, err, 404, "Not Found")
		})
	}
}

func TestInstallationLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, id := w.repository()
	token := w.mint(id)
	get := func() error {
		_, _, err := w.with(token).Apps.ListRepos(t.Context(), nil)
		return err
	}
	expectRefusal(t, get(), 200, "")
	if err := w.SetSuspended(id, true); err != nil {
		t.Fatal(err)
	}
	expectRefusal(t, get(), 403, "This installation has been suspended")
	_, _, err := w.app().Apps.CreateInstallationToken(t.Context(), id, nil)
	expectRefusal(t, err, 403, "This installation has been suspended")
	if err := w.SetSuspended(id, false); err != nil {
		t.Fatal(err)
	}
	expectRefusal(t, get(), 200, "")
	if err := w.Uninstall(id); err != nil {
		t.Fatal(err)
	}
	expectRefusal(t, get(), 401, "Bad credentials")
	_, _, err = w.app().Apps.FindRepositoryInstallation(t.Context(), "acme", "web")
	expectRefusal(t, err, 404, "Not Found")
}

func TestGrantAndRevoke(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, name := range []string{"acme/a", "acme/b", "acme/c", "else/a"} {
		must(w.AddRepository(name, nil, githubtest.RepositoryOptions{}))(t)
	}
	id := w.AddInstallation("acme")
	list := func() string {
		t.Helper()
		found, _, err := w.installed(id).Apps.ListRepos(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, repo := range found.Repositories {
			names = append(names, repo.GetFullName())
		}
		return strings.Join(names, " ")
	}
	if got := list(); got != "acme/a acme/b acme/c" {
		t.Errorf("all: %s", got)
	}
	if err := w.Revoke(id, "b"); err != nil {
		t.Fatal(err)
	}
	if got := list(); got != "acme/a acme/c" {
		t.Errorf("without b: %s", got)
	}
	if err := w.Grant(id, "b"); err != nil {
		t.Fatal(err)
	}
	if got := list(); got != "acme/a acme/b acme/c" {
		t.Errorf("with b again: %s", got)
	}
}

func TestFork(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	repo, _ := w.repository()
	fork := must(repo.Fork("alice"))(t)
	must(fork.Push("main", "alice", "mine", githubtest.Files{"mine": githubtest.Text("x")}))(t)
	got, _, err := w.with("").Repositories.Get(t.Context(), "alice", "web")
	if err != nil || !got.GetFork() || got.GetParent().GetFullName() != "acme/web" {
		t.Errorf("fork %v, %v", got, err)
	}
	if files := must(repo.Files("main"))(t); len(files) != 2 {
		t.Errorf("%d files in the original, want 2", len(files))
	}
	if commits := must(fork.Commits("main"))(t); len(commits) != 2 {
		t.Errorf("%d commits in the fork, want 2", len(commits))
	}
}
