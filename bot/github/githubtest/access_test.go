package githubtest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot/github/githubtest"
)

// TestEveryOperationIsGuarded asks every operation of a private repository without, with wrong, with foreign and with too weak credentials.
func TestEveryOperationIsGuarded(t *testing.T) {
	t.Parallel()
	w := newLenientWorld(t, func(o *githubtest.Options) {
		o.Limits.PointsPerMinute, o.Limits.AnonymousPerHour = 1<<20, 1<<20
	})
	must(w.AddRepository("acme/web", githubtest.Files{"a": githubtest.Text("a")}, githubtest.RepositoryOptions{Private: true}))(t)
	must(w.AddRepository("acme/other", nil, githubtest.RepositoryOptions{}))(t)
	id := w.AddInstallation("acme")
	fill := strings.NewReplacer("{owner}", "acme", "{repo}", "web", "{ref...}", "heads/main", "{username}", "acme", "{", "", "...}", "", "}", "")
	for _, operation := range githubtest.Operations() {
		method, pattern, _ := strings.Cut(operation, " ")
		path := fill.Replace(pattern)
		t.Run(operation, func(t *testing.T) {
			weak, narrow := w.narrow(id, "web"), w.narrow(id, "other") // one operation revokes its token
			want := guard{none: 404, wrong: 401, narrow: 404, weak: 403}
			switch {
			case strings.HasSuffix(pattern, "/installation") || strings.HasPrefix(pattern, "/app/") || pattern == "/app":
				want = guard{none: 401, wrong: 401, narrow: 401, weak: 401} // for the App's own JWT
			case strings.HasPrefix(pattern, "/user") && pattern != "/users/{username}":
				want = guard{none: 401, wrong: 401, narrow: 403, weak: 403} // for people
			case strings.HasPrefix(pattern, "/installation/"):
				want.none, want.narrow, want.weak = 401, 0, 0
			case !strings.HasPrefix(pattern, "/repos/"):
				want.none, want.narrow, want.weak = 0, 0, 0 // open to everyone
			case pattern == "/repos/{owner}/{repo}" || strings.Contains(pattern, "/collaborators/"):
				want.weak = 0 // metadata can always be read
			}
			for name, ask := range map[string]struct {
				token string
				want  int
			}{"none": {"", want.none}, "wrong": {"ghs_wrong", want.wrong}, "narrow": {narrow, want.narrow}, "weak": {weak, want.weak}} {
				if got := w.status(method, path, ask.token); ask.want != 0 && got != ask.want {
					t.Errorf("%s token: %d, want %d", name, got, ask.want)
				}
			}
		})
	}
}

// guard is the status for each sort of credentials; 0 where they suffice.
type guard struct{ none, wrong, narrow, weak int }

// narrow mints a token for one repository and its metadata alone.
func (w *world) narrow(id int64, repository string) string {
	w.t.Helper()
	token, _, err := w.app().Apps.CreateInstallationToken(w.t.Context(), id, &github.InstallationTokenOptions{
		Repositories: []string{repository}, Permissions: &github.InstallationPermissions{Metadata: github.String("read")},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return token.GetToken()
}

func (w *world) status(method, path, token string) int {
	w.t.Helper()
	request := must(http.NewRequestWithContext(w.t.Context(), method, w.url+path, nil))(w.t)
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response := must(http.DefaultClient.Do(request))(w.t)
	response.Body.Close()
	return response.StatusCode
}
