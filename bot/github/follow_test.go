package github_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/github"
	"github.com/basebump/basebump/bot/github/githubtest"
	"github.com/basebump/basebump/config/fault"
)

// TestFleetFollows goes through all that can happen to an installation and its repositories, with one client that lives through it. After
// each step it lists the fleet, and proposes to the repository that the step was about.
func TestFleetFollows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	file := githubtest.Files{"Dockerfile": githubtest.Text(dockerfile)}
	client := w.client()
	var api, fork *githubtest.Repo
	var umbra int64
	for _, step := range []struct {
		name string
		do   func() error
		want []string
		work string // a repository in which a proposal is made; what it was called before is forgotten
	}{
		{"as it begins", func() error { return nil }, []string{"acme/web"}, "acme/web"},
		{"a repository is added", func() error { api = w.add("acme/api", file); return nil }, []string{"acme/web", "acme/api"}, "acme/api"},
		{"an empty one is added", func() error { w.add("acme/empty", nil); return nil }, []string{"acme/web", "acme/api"}, ""},
		{"another account installs the App", func() error {
			w.add("umbra/app", file)
			w.add("umbra/lib", file)
			umbra = w.AddInstallation("umbra", "app")
			return nil
		}, []string{"acme/web", "acme/api", "umbra/app"}, "umbra/app"},
		{"it grants another", func() error { return w.Grant(umbra, "lib") }, []string{"acme/web", "acme/api", "umbra/app", "umbra/lib"}, "umbra/lib"},
		{"it takes one back", func() error { return w.Revoke(umbra, "app") }, []string{"acme/web", "acme/api", "umbra/lib"}, ""},
		{"it is suspended", func() error { return w.SetSuspended(umbra, true) }, []string{"acme/web", "acme/api"}, ""},
		{"it is not any more", func() error { return w.SetSuspended(umbra, false) }, []string{"acme/web", "acme/api", "umbra/lib"}, "umbra/lib"},
		{"a repository is renamed", func() error { return api.Rename("service", "ann") }, []string{"acme/web", "acme/service", "umbra/lib"}, "acme/service"},
		{"it is transferred", func() error {
			if err := api.Transfer("umbra", "ann"); err != nil {
				return err
			}
			return w.Grant(umbra, "service")
		}, []string{"acme/web", "umbra/service", "umbra/lib"}, "umbra/service"},
		{"one is archived", func() error { w.repo.SetArchived(true, "ann"); return nil }, []string{"umbra/service", "umbra/lib"}, ""},
		{"and brought back", func() error { w.repo.SetArchived(false, "ann"); return nil }, []string{"acme/web", "umbra/service", "umbra/lib"}, "acme/web"},
		{"one is forked where the App is not", func() error { _, err := w.repo.Fork("stranger"); return err }, []string{"acme/web", "umbra/service", "umbra/lib"}, ""},
		{"and where it is", func() (err error) {
			if fork, err = w.repo.Fork("umbra"); err == nil {
				err = w.Grant(umbra, "web")
			}
			return err
		}, []string{"acme/web", "umbra/service", "umbra/lib", "umbra/web"}, "umbra/web"},
		{"one is deleted", func() error { fork.Delete("ann"); return nil }, []string{"acme/web", "umbra/service", "umbra/lib"}, ""},
		{"an account uninstalls the App", func() error { return w.Uninstall(umbra) }, []string{"acme/web"}, ""},
		{"and installs it again", func() error { umbra = w.AddInstallation("umbra"); return nil }, []string{"acme/web", "umbra/service", "umbra/app", "umbra/lib"}, "umbra/lib"},
	} {
		check(t, step.do())
		list, err := client.Repositories(t.Context())
		if err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if diff := cmp.Diff(step.want, names(list)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.name, diff)
		}
		for _, repo := range list {
			if repo.String() == step.work {
				if err := w.again(client, repo); err != nil {
					t.Errorf("%s: propose: %v", step.name, err)
				}
			}
		}
	}
}

// TestDefaultBranchChanges: the fleet has the new one's head at once, though nothing was pushed.
func TestDefaultBranchChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	head := must(w.repo.Push("trunk", "ann", "More", githubtest.Files{"y": githubtest.Text("y")}))(t)
	client := w.client(late)
	must(client.Repositories(t.Context()))(t)
	check(t, w.repo.SetDefaultBranch("trunk", "ann"))
	want := []bot.Repository{{Owner: "acme", Name: "web", DefaultBranch: "trunk", Head: head}}
	if diff := cmp.Diff(want, must(client.Repositories(t.Context()))(t)); diff != "" {
		t.Errorf("repositories (-want +got):\n%s", diff)
	}
}

// TestTransferIsFoundWithoutAList: a visit of a repository that went elsewhere since the fleet was listed.
func TestTransferIsFoundWithoutAList(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.AddInstallation("umbra")
	client := w.client()
	must(client.Repositories(t.Context()))(t)
	check(t, w.repo.Transfer("umbra", "ann"))
	client.Forget("Acme/Web", "umbra/web") // as the webhook says
	repo := must(client.Repository(t.Context(), "umbra", "web"))(t)
	check(t, w.again(client, repo))
	client.Forget()
	must(client.Repository(t.Context(), "umbra", "web"))(t)
	if n := w.Count("GET", "/repos/{owner}/{repo}/installation"); n != 2 {
		t.Errorf("asked %d times where it belongs", n)
	}
}

// TestSuspendedInstallationIsNotWorkedFor: the error says so, and that a person must do something.
func TestSuspendedInstallationIsNotWorkedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.add("umbra/api", githubtest.Files{"x": githubtest.Text("x")})
	check(t, w.SetSuspended(w.AddInstallation("umbra"), true))
	_, err := w.client(func(o *github.Options) { o.Now = time.Now }).Repository(t.Context(), "umbra", "api")
	want := "find the installation of umbra/api: it is suspended; whoever suspended it can end that in the account's settings, under GitHub Apps"
	if err == nil || fault.Text(err) != want || fault.ClassOf(err) != fault.Auth {
		t.Errorf("error %v, want %s", fault.Text(err), want)
	}
	w.expectSent()
}
