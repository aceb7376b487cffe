package github_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/golang-jwt/jwt/v4"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/github"
	"github.com/basebump/basebump/bot/github/githubtest"
	"github.com/basebump/basebump/bot/github/githubtest/contract"
	"github.com/basebump/basebump/bot/leaktest"
)

const (
	appID      = 12345
	branch     = "basebump/debian-1234abcd"
	dockerfile = "FROM debian:12\nRUN true\n"
	bumped     = "FROM debian:12@sha256:aaaa\nRUN true\n"
)

// appKey is short because signing with it is what the tests spend most time on.
var appKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 1024) })

// world is a GitHub that is held to its published description, and our App.
type world struct {
	*githubtest.Server
	t       *testing.T
	url     string
	handler http.Handler     // what answers
	guard   *leaktest.Guard  // of every token that comes by
	repo    *githubtest.Repo // acme/web, with an installation for all of acme
}

func newWorld(t *testing.T, options ...func(*githubtest.Options)) *world {
	t.Helper()
	key := must(appKey())(t)
	all := githubtest.Options{App: githubtest.App{ID: appID, Key: &key.PublicKey}}
	for _, option := range options {
		option(&all)
	}
	web := httptest.NewUnstartedServer(nil)
	all.URL = "http://" + web.Listener.Addr().String()
	w := &world{Server: githubtest.New(all), t: t, url: all.URL + "/", guard: leaktest.New(t)}
	w.handler = contract.Middleware(t, w.Server)
	web.Config.Handler = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		_, credential, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		w.guard.Keep("a credential", credential)
		w.handler.ServeHTTP(out, r)
	})
	web.Start()
	t.Cleanup(func() {
		w.Close()
		web.Close()
	})
	w.repo = w.add("acme/web", githubtest.Files{
		"Dockerfile": githubtest.Text(dockerfile),
		"build.sh":   {Data: []byte("docker build .\n"), Mode: executable},
		"docs/a.md":  githubtest.Text("a"),
	})
	w.AddInstallation("acme")
	return w
}

func (w *world) add(fullName string, files githubtest.Files) *githubtest.Repo {
	w.t.Helper()
	return must(w.AddRepository(fullName, files, githubtest.RepositoryOptions{}))(w.t)
}

// client is a fresh client of the App: it knows nothing, as after a restart.
func (w *world) client(options ...func(*github.Options)) *github.Client {
	w.t.Helper()
	key := must(appKey())(w.t)
	all := github.Options{
		APIURL: w.url, AppID: appID,
		PrivateKey: pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}), Log: w.guard.Log(),
	}
	w.guard.Keep("the App's key", string(all.PrivateKey))
	for _, option := range options {
		option(&all)
	}
	return must(github.New(all))(w.t)
}

// target is acme/web as it is now.
func (w *world) target(client *github.Client) bot.Repository {
	w.t.Helper()
	return must(client.Repository(w.t.Context(), "acme", "web"))(w.t)
}

// sent returns the requests since the last call, tokens aside, one a line: method, operation, status when it is no success.
func (w *world) sent() []string {
	lines := []string{}
	for _, r := range w.Requests() {
		if strings.HasSuffix(r.Pattern, "/access_tokens") || strings.HasSuffix(r.Pattern, "/installation") {
			continue
		}
		line := r.Method + " " + strings.TrimPrefix(r.Pattern, "/repos/{owner}/{repo}")
		if r.Status >= http.StatusMultipleChoices {
			line += " " + http.StatusText(r.Status)
		}
		lines = append(lines, line)
	}
	w.ForgetRequests()
	return lines
}

func (w *world) expectSent(want ...string) {
	w.t.Helper()
	if diff := cmp.Diff(append([]string{}, want...), w.sent()); diff != "" {
		w.t.Errorf("requests:\n%s", diff)
	}
}

// change is the bump that the tests propose.
func change() bot.Change {
	return bot.Change{
		Branch: branch, Title: "fix(docker): update debian:12", Body: "35 fixed.\n", Message: "fix(docker): update debian:12\n",
		Labels: []string{"basebump"}, Files: map[string][]byte{"Dockerfile": []byte(bumped)}, Key: "aaaa",
		Check: &bot.Check{Passed: true, Title: "35 fixed", Summary: "Better.", Text: "All of them."},
	}
}

// late is a clock that the tests need not wait for: everything was pushed long ago.
func late(o *github.Options) { o.Now = func() time.Time { return time.Now().Add(time.Hour) } }

// must is must(f())(t): the value, or the end of the test.
func must[T any](value T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// ignoreReset leaves out what depends on the clock.
var ignoreReset = cmpopts.IgnoreFields(github.Usage{}, "Reset")

// signAt is for a world with a clock of its own: the library that signs as the App knows only the real time, so its signature is made
// anew on the way.
func (w *world) signAt(clock func() time.Time) {
	next := w.handler
	w.handler = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ey") {
			claims := jwt.RegisteredClaims{
				Issuer: strconv.Itoa(appID), IssuedAt: jwt.NewNumericDate(clock().Add(-time.Minute)), ExpiresAt: jwt.NewNumericDate(clock().Add(time.Minute)),
			}
			signed, err := jwt.NewWithClaims(jwt.SigningMethodRS256, claims).SignedString(must(appKey())(w.t))
			if err != nil {
				w.t.Error(err)
			}
			r.Header.Set("Authorization", "Bearer "+signed)
		}
		next.ServeHTTP(out, r)
	})
}

// watchTokens returns a look at what tokens were asked for, in order.
func (w *world) watchTokens() func() []string {
	var mu sync.Mutex
	var asked []string
	next := w.handler
	w.handler = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/access_tokens") {
			body := must(io.ReadAll(r.Body))(w.t)
			r.Body = io.NopCloser(bytes.NewReader(body))
			mu.Lock()
			asked = append(asked, strings.TrimSpace(string(body)))
			mu.Unlock()
		}
		next.ServeHTTP(out, r)
	})
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(asked)
	}
}

// check ends the test on an error of setting the scene.
func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

const executable = filemode.Executable

// again proposes the tests' change whatever there is of it already.
func (w *world) again(client *github.Client, repo bot.Repository) error {
	last := bot.Proposal{Branch: branch}
	history, err := client.History(w.t.Context(), repo, branch)
	if len(history) > 0 {
		last = history[0]
	}
	if err != nil {
		return err
	}
	tip, err := client.Look(w.t.Context(), repo, last)
	if err != nil {
		return err
	}
	_, err = client.Propose(w.t.Context(), repo, change(), bot.Ground{Last: &last, Tip: tip})
	return err
}
