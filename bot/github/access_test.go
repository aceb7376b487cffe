package github_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/github"
	"github.com/basebump/basebump/bot/github/githubtest"
	"github.com/basebump/basebump/config/fault"
)

func TestAccess(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		setUp func(w *world, id int64, t *testing.T)
		class fault.Class
		want  string // of Propose
	}{
		{
			name: "an App that may not write",
			setUp: func(w *world, id int64, t *testing.T) {
				check(t, w.SetPermissions(id, map[string]string{"metadata": "read", "contents": "read", "pull_requests": "write"}))
			},
			class: fault.Auth, want: "propose a change to umbra/api: the App may not write contents; let the App write these, and accept it in the installation",
		},
		{
			name: "an App that may not ask",
			setUp: func(w *world, id int64, t *testing.T) {
				check(t, w.SetPermissions(id, map[string]string{"metadata": "read", "contents": "read"}))
			},
			class: fault.Auth, want: "propose a change to umbra/api: the App may not write contents and pull requests; let the App write these, and accept it in the installation",
		},
		{
			name: "an App without checks and labels", // does without
			setUp: func(w *world, id int64, t *testing.T) {
				check(t, w.SetPermissions(id, map[string]string{"metadata": "read", "contents": "write", "pull_requests": "write"}))
			},
		},
		{
			name: "suspended", setUp: func(w *world, id int64, t *testing.T) { check(t, w.SetSuspended(id, true)) },
			class: fault.Auth, want: "find the installation of umbra/api: it is suspended; whoever suspended it can end that in the account's settings, under GitHub Apps",
		},
		{
			name: "uninstalled", setUp: func(w *world, id int64, t *testing.T) { check(t, w.Uninstall(id)) },
			class: fault.NotFound, want: "find the installation of umbra/api: GitHub answered 404 Not Found; check that it exists and that the App or token may see it",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.add("umbra/api", githubtest.Files{"Dockerfile": githubtest.Text(dockerfile)})
			id := w.AddInstallation("umbra")
			repo := must(w.client().Repository(t.Context(), "umbra", "api"))(t)
			tc.setUp(w, id, t)
			_, err := w.client().Propose(t.Context(), repo, change(), bot.Ground{})
			if tc.want == "" && err != nil || tc.want != "" && (err == nil || fault.Text(err) != tc.want) || fault.ClassOf(err) != tc.class {
				t.Errorf("%v, want %s", err, tc.want)
			}
		})
	}
}

func TestUnknownApp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *githubtest.Options) { o.App.ID = appID + 1 })
	_, err := w.client().Repositories(t.Context())
	want := "list installations: GitHub answered 404 Integration not found; check that it exists and that the App or token may see it"
	if err == nil || fault.Text(err) != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestRevokedTokenIsReplaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := w.client()
	repo := w.target(client)
	w.Inject(githubtest.Fault{Pattern: "/repos/{owner}/{repo}/pulls", Times: 1, Status: http.StatusUnauthorized, Body: `{"message":"Bad credentials"}`})
	if _, err := client.History(t.Context(), repo, branch); fault.ClassOf(err) != fault.Auth {
		t.Errorf("error %v", err)
	}
	before := w.Count("POST", "/app/installations/{installation_id}/access_tokens")
	must(client.History(t.Context(), repo, branch))(t)
	if after := w.Count("POST", "/app/installations/{installation_id}/access_tokens"); after != before+1 {
		t.Errorf("%d new tokens, want 1", after-before)
	}
}

func TestRateLimitStopsEverythingUntilItIsLifted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	now := time.Now()
	client := w.client(func(o *github.Options) { o.Now = func() time.Time { return now } })
	repo := w.target(client)
	w.Inject(func() githubtest.Fault {
		limit := githubtest.SecondaryLimit(90 * time.Second)
		limit.Pattern, limit.Times = "/repos/{owner}/{repo}/pulls", 1
		return limit
	}())
	_, err := client.History(t.Context(), repo, branch)
	if at, ok := fault.RetryAt(err); !ok || !at.Equal(now.Add(90*time.Second)) {
		t.Errorf("error %v at %v", err, at)
	}
	want := "list the files of acme/web: GitHub's rate limit is met; will try again at " + now.Add(90*time.Second).UTC().Format(time.TimeOnly)
	w.ForgetRequests()
	if _, err := client.Source(repo).Files(t.Context()); err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	w.expectSent()
	now = now.Add(90 * time.Second)
	must(client.Source(repo).Files(t.Context()))(t)
	usage := client.Usage()
	if got := usage[1]; got.Account != "acme" || got.Limited != 2 {
		t.Errorf("usage %+v", usage)
	}
}

func TestRenamedRepositoryIsReadOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := w.client()
	repo := w.target(client)
	check(t, w.repo.Rename("shop", "ann"))
	if diff := cmp.Diff([]string{"Dockerfile", "build.sh", "docs/a.md"}, paths(must(client.Source(repo).Files(t.Context()))(t))); diff != "" {
		t.Error(diff)
	}
	if got := names(must(client.Repositories(t.Context()))(t)); got[0] != "acme/shop" {
		t.Errorf("repositories %v", got)
	}
}

func TestUnwantedRepositoriesAreLeftOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.repo.SetArchived(true, "ann")
	w.add("umbra/api", githubtest.Files{"x": githubtest.Text("x")})
	check(t, w.SetSuspended(w.AddInstallation("umbra"), true))
	client := w.client()
	if got := must(client.Repositories(t.Context()))(t); len(got) != 0 {
		t.Errorf("repositories %v", got)
	}
	_, err := client.Repository(t.Context(), "acme", "web")
	if want := "read acme/web: it is archived, disabled or empty"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestErrorsShowNoSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.AddToken("ann")
	client := w.client(func(o *github.Options) { o.AppID, o.PrivateKey, o.Token = 0, nil, token })
	w.Inject(githubtest.Fault{Status: http.StatusBadRequest, Body: `{"message":"what is ` + token + `?"}`})
	_, err := client.Repositories(t.Context())
	if err == nil || strings.Contains(err.Error(), token) || !strings.Contains(err.Error(), "what is [redacted]?") {
		t.Errorf("error %v", err)
	}
}

func TestAPIUnderAPath(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.handler = http.StripPrefix("/api/v3", w.handler)
	for _, base := range []string{w.url + "api/v3/", w.url + "api/v3"} {
		client := w.client(func(o *github.Options) { o.APIURL = base })
		repositories := must(client.Repositories(t.Context()))(t)
		c := change()
		c.Branch += strings.TrimPrefix(base, w.url+"api/v3")
		c.Branch = strings.ReplaceAll(c.Branch, "/", "-")
		must(client.Propose(t.Context(), repositories[0], c, bot.Ground{}))(t)
	}
	if n := len(w.repo.Pulls()); n != 2 {
		t.Errorf("%d pull requests", n)
	}
}

// TestTokensAreRenewedInTime: five minutes before the end, so that no request runs out of time.
func TestTokensAreRenewedInTime(t *testing.T) {
	t.Parallel()
	now := time.Now().Truncate(time.Second)
	clock := func() time.Time { return now }
	w := newWorld(t, func(o *githubtest.Options) { o.Now = clock })
	w.signAt(clock)
	client := w.client(func(o *github.Options) { o.Now = clock })
	repo := w.target(client)
	for _, step := range []struct {
		after time.Duration
		want  int // tokens so far
	}{{0, 1}, {54 * time.Minute, 1}, {70 * time.Second, 2}, {54 * time.Minute, 2}, {59 * time.Second, 2}, {2 * time.Second, 3}, {5 * time.Hour, 4}} {
		now = now.Add(step.after)
		if _, err := client.History(t.Context(), repo, branch); err != nil {
			t.Fatal(err)
		}
		if got := w.Count("POST", "/app/installations/{installation_id}/access_tokens"); got != step.want {
			t.Errorf("%v later: %d tokens, want %d", step.after, got, step.want)
		}
	}
}
