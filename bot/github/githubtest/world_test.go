package githubtest_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/bradleyfalzon/ghinstallation/v2"
	"github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot/github/githubtest"
	"github.com/basebump/basebump/bot/github/githubtest/contract"
)

const appID = 12345

var appKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

// world is a GitHub behind the contract checker, and the clients of its App and people.
type world struct {
	*githubtest.Server
	t     *testing.T
	url   string
	key   *rsa.PrivateKey
	clock *clock
}

// clock starts at the real time, because ghinstallation knows no other, and moves by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

type checker func(testing.TB, http.Handler) http.Handler

func newWorld(t *testing.T, options ...func(*githubtest.Options)) *world {
	t.Helper()
	return newCheckedWorld(t, contract.Middleware, options...)
}

// newLenientWorld is for tests that send what GitHub must refuse.
func newLenientWorld(t *testing.T, options ...func(*githubtest.Options)) *world {
	t.Helper()
	return newCheckedWorld(t, contract.Lenient, options...)
}

func newCheckedWorld(t *testing.T, check checker, options ...func(*githubtest.Options)) *world {
	t.Helper()
	key := must(appKey())(t)
	ticking := &clock{now: time.Now().Truncate(time.Second)}
	all := githubtest.Options{Now: ticking.Now, App: githubtest.App{ID: appID, Key: &key.PublicKey}}
	for _, option := range options {
		option(&all)
	}
	hub := githubtest.New(all)
	web := httptest.NewServer(check(t, hub))
	t.Cleanup(func() {
		hub.Close()
		web.Close()
	})
	return &world{Server: hub, t: t, url: web.URL, key: key, clock: ticking}
}

// repository adds acme/web with one Dockerfile, and an installation of the App for all of acme.
func (w *world) repository() (*githubtest.Repo, int64) {
	w.t.Helper()
	repo := must(w.AddRepository("acme/web", githubtest.Files{
		"Dockerfile":      githubtest.Text("FROM debian:12\nRUN true\n"),
		"deploy/pod.yaml": githubtest.Text("image: debian:12\n"),
	}, githubtest.RepositoryOptions{}))(w.t)
	return repo, w.AddInstallation("acme")
}

// app is a client that authenticates as the App itself.
func (w *world) app() *github.Client {
	w.t.Helper()
	return w.client(w.appTransport())
}

func (w *world) appTransport() *ghinstallation.AppsTransport {
	w.t.Helper()
	pemKey := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(w.key)})
	transport := must(ghinstallation.NewAppsTransport(http.DefaultTransport, appID, pemKey))(w.t)
	transport.BaseURL = w.url
	return transport
}

// installed is a client that authenticates as an installation.
func (w *world) installed(id int64) *github.Client {
	w.t.Helper()
	transport := ghinstallation.NewFromAppsTransport(w.appTransport(), id)
	transport.BaseURL = w.url
	return w.client(transport)
}

// with is a client with a fixed token, or none.
func (w *world) with(token string) *github.Client {
	w.t.Helper()
	client := w.client(http.DefaultTransport)
	if token == "" {
		return client
	}
	authorized := client.WithAuthToken(token)
	authorized.BaseURL = client.BaseURL
	return authorized
}

func (w *world) client(transport http.RoundTripper) *github.Client {
	w.t.Helper()
	client := github.NewClient(&http.Client{Transport: transport})
	client.BaseURL = must(url.Parse(w.url + "/"))(w.t)
	return client
}

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

// mint makes an installation token outside of ghinstallation, whose clock is the real one.
func (w *world) mint(id int64) string {
	w.t.Helper()
	token, _, err := w.app().Apps.CreateInstallationToken(w.t.Context(), id, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return token.GetToken()
}
