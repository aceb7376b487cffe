package github_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/github"
	"github.com/basebump/basebump/bot/github/githubtest"
	"github.com/basebump/basebump/config/fault"
)

func names(repositories []bot.Repository) []string {
	out := make([]string, len(repositories))
	for i, repo := range repositories {
		out[i] = repo.String()
	}
	return out
}

func TestRepositories(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.add("acme/empty", nil)
	w.add("acme/legacy-shop", githubtest.Files{"x": githubtest.Text("x")})
	w.add("umbra/api", githubtest.Files{"x": githubtest.Text("x")})
	w.add("umbra/secret", githubtest.Files{"x": githubtest.Text("x")})
	w.add("stranger/danger", githubtest.Files{"x": githubtest.Text("x")})
	w.AddInstallation("umbra", "api")
	client := w.client(late, func(o *github.Options) {
		o.Watch = func(name string) bool { return !strings.HasPrefix(name, "acme/legacy-") }
	})
	got := must(client.Repositories(t.Context()))(t)
	if diff := cmp.Diff([]string{"acme/web", "umbra/api"}, names(got)); diff != "" {
		t.Error(diff)
	}
	want := bot.Repository{Owner: "acme", Name: "web", DefaultBranch: "main", Head: must(w.repo.Commits("main"))(t)[0].ID}
	if diff := cmp.Diff(want, got[0]); diff != "" {
		t.Error(diff)
	}
	if n := w.Count("GET", "/repos/{owner}/{repo}/git/ref/{ref...}"); n != 3 {
		t.Errorf("%d heads read, want one for each watched repository", n)
	}
}

func TestRepositoriesAtRestCostOneRequestForAHundred(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 149 {
		w.add(fmt.Sprintf("acme/repo%03d", i), githubtest.Files{"x": githubtest.Text(fmt.Sprint(i))})
	}
	client := w.client(late)
	first := must(client.Repositories(t.Context()))(t)
	if len(first) != 150 {
		t.Fatalf("%d repositories, want 150", len(first))
	}
	w.ForgetRequests()
	again := must(client.Repositories(t.Context()))(t)
	w.expectSent("GET /app/installations", "GET /installation/repositories", "GET /installation/repositories")
	if diff := cmp.Diff(first, again); diff != "" {
		t.Error(diff)
	}
}

func TestRepositoriesSeesAPushAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := w.client() // by a clock at which the push is fresh
	must(client.Repositories(t.Context()))(t)
	pushed := must(w.repo.Push("main", "ann", "More", githubtest.Files{"y": githubtest.Text("y")}))(t)
	if got := must(client.Repositories(t.Context()))(t); got[0].Head != pushed {
		t.Errorf("head %s, want %s", got[0].Head, pushed)
	}
}

func TestRepositoriesGoesOnAfterOneFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.add("acme/api", githubtest.Files{"x": githubtest.Text("x")})
	w.Inject(githubtest.Fault{Path: "/repos/acme/web/git/ref/heads/main", Status: http.StatusBadGateway})
	got, err := w.client().Repositories(t.Context())
	if diff := cmp.Diff([]string{"acme/api"}, names(got)); diff != "" {
		t.Error(diff)
	}
	if want := "read the default branch of acme/web: GitHub answered 502"; err == nil || err.Error() != want || fault.ClassOf(err) != fault.Retry {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestRepository(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.add("acme/empty", nil)
	client := w.client()
	if got := w.target(client); got.String() != "acme/web" || got.DefaultBranch != "main" {
		t.Errorf("%+v", got)
	}
	for name, want := range map[string]string{
		"empty": "read acme/empty: it is archived, disabled or empty",
		"none":  "find the installation of acme/none: GitHub answered 404 Not Found",
	} {
		if _, err := client.Repository(t.Context(), "acme", name); err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

func TestTokensReachNoFurtherThanNeeded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.add("acme/other", githubtest.Files{"x": githubtest.Text("x")})
	minted := w.watchTokens()
	client := w.client()
	repo := must(client.Repositories(t.Context()))(t)[0]
	must(client.Propose(t.Context(), repo, change(), bot.Ground{}))(t)
	want := []string{
		`{"permissions":{"contents":"read","issues":"read","metadata":"read","pull_requests":"read"}}`,
		`{"repositories":["web"],"permissions":{"checks":"write","contents":"write","issues":"write","metadata":"read","pull_requests":"write","statuses":"read"}}`,
	}
	if diff := cmp.Diff(want, minted()); diff != "" {
		t.Error(diff)
	}
}

func TestOneToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.add("ann/notes", githubtest.Files{"Dockerfile": githubtest.Text(dockerfile)})
	client := w.client(func(o *github.Options) { o.AppID, o.PrivateKey, o.Token = 0, nil, w.AddToken("ann") })
	repositories := must(client.Repositories(t.Context()))(t)
	if diff := cmp.Diff([]string{"ann/notes"}, names(repositories)); diff != "" {
		t.Fatal(diff)
	}
	w.ForgetRequests()
	must(client.Propose(t.Context(), repositories[0], change(), bot.Ground{}))(t)
	w.expectSent(readHead, "GET /git/trees/{tree_sha...}", "POST /git/trees", "POST /git/commits", "POST /git/refs", "POST /pulls", labels) // checks are for Apps
	if diff := cmp.Diff([]github.Usage{{Reads: 4, Writes: 5, Limit: 5000, Remaining: 4991}}, client.Usage(), ignoreReset); diff != "" {
		t.Error(diff)
	}
}

func TestTokenThatIsNoGood(t *testing.T) {
	t.Parallel()
	client := newWorld(t).client(func(o *github.Options) { o.AppID, o.PrivateKey, o.Token = 0, nil, "no" })
	want := "list repositories of the token's account: GitHub answered 401 Bad credentials"
	if _, err := client.Repositories(t.Context()); err == nil || err.Error() != want || fault.ClassOf(err) != fault.Auth {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestNew(t *testing.T) {
	t.Parallel()
	for want, options := range map[string]github.Options{
		"set up GitHub: neither an App nor a token is given":                                    {APIURL: "https://api.github.com"},
		"set up GitHub: give an App or a token, not both":                                       {APIURL: "https://api.github.com", AppID: 1, Token: "t"},
		`read github.api_url "ftp://x": it is no https URL`:                                     {APIURL: "ftp://x", Token: "t"},
		"read the App's private key: invalid key: Key must be a PEM encoded PKCS1 or PKCS8 key": {APIURL: "https://x", AppID: 1, PrivateKey: []byte("x")},
	} {
		if _, err := github.New(options); err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}
