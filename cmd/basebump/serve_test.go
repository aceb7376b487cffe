package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/basebump/basebump/bot/github/githubtest"
	"github.com/basebump/basebump/bot/jobs"
	"github.com/basebump/basebump/bot/leaktest"
	"github.com/basebump/basebump/config"
)

const testHookSecret = "webhook-secret-1f0e"

// watched is output that can be waited for.
type watched struct {
	mu    sync.Mutex
	text  bytes.Buffer
	wrote chan struct{} // holds one when there is something new
}

func newWatched() *watched { return &watched{wrote: make(chan struct{}, 1)} }

// Write implements io.Writer.
func (w *watched) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.text.Write(p)
	select {
	case w.wrote <- struct{}{}:
	default:
	}
	return len(p), nil
}

func (w *watched) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// wait returns the groups of the first match, when it is written; nil when the program has ended without.
func (w *watched) wait(pattern string, ended <-chan int) []string {
	expression := regexp.MustCompile(pattern)
	for over := false; ; {
		if match := expression.FindStringSubmatch(w.String()); match != nil || over {
			return match
		}
		select {
		case <-w.wrote:
		case code := <-ended:
			fmt.Fprintf(w, "exit %d\n", code)
			over = true
		}
	}
}

// serving is a running `basebump serve` against the in-process GitHub.
type serving struct {
	t      *testing.T
	github *githubtest.Server
	repo   *githubtest.Repo
	folder string
	log    *watched
	guard  *leaktest.Guard // of every secret that there is
	ended  chan int
	stop   context.CancelFunc
}

// serveGitHub answers for the in-process GitHub, and makes every credential that comes by known to the guard.
func (s *serving) serveGitHub() (url string) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, credential, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		s.guard.Keep("a credential for GitHub", credential)
		s.github.ServeHTTP(w, r)
	}))
	s.t.Cleanup(server.Close)
	return server.URL
}

// newServing sets the scene: acme/web, which uses no image, and the configuration of an App that is installed there.
func newServing(t *testing.T) *serving {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	s := &serving{t: t, folder: t.TempDir(), log: newWatched(), guard: leaktest.New(t), ended: make(chan int, 1)}
	s.github = githubtest.New(githubtest.Options{App: githubtest.App{ID: demoApp, Key: &key.PublicKey}})
	if s.repo, err = s.github.AddRepository("acme/web", githubtest.Files{"README": githubtest.Text("hello\n")}, githubtest.RepositoryOptions{}); err != nil {
		t.Fatal(err)
	}
	s.github.AddInstallation("acme")
	s.guard.Keep("the App's key", encodeKey(key))
	s.guard.Keep("a webhook secret", testHookSecret+"\nan-older-one-77aa")
	s.write("app.pem", encodeKey(key))
	s.write("webhook.secret", "an-older-one-77aa\n"+testHookSecret+"\n")
	s.write("basebump.yaml", fmt.Sprintf("github:\n  api_url: %s/\n  app_id: %d\n  private_key_file: app.pem\n  webhook_secret_file: webhook.secret\n"+
		"server:\n  addr: 127.0.0.1:0\n", s.serveGitHub(), demoApp))
	return s
}

func (s *serving) write(name, text string) {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.folder, name), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

func (s *serving) start() {
	s.t.Helper()
	ctx, stop := context.WithCancel(s.t.Context())
	s.stop = stop
	args := []string{"--config", filepath.Join(s.folder, "basebump.yaml"), "--state-dir", filepath.Join(s.folder, "state"), "--log-level", "debug", "serve"}
	out := s.guard.Writer("the output", s.log)
	go func() { s.ended <- run(ctx, args, strings.NewReader(""), out, out) }()
}

// expect waits for something in the log.
func (s *serving) expect(pattern string) []string {
	s.t.Helper()
	match := s.log.wait(pattern, s.ended)
	if match == nil {
		s.t.Fatalf("no %q in:\n%s", pattern, s.log)
	}
	return match
}

// look returns a page.
func (s *serving) look(address string) (status int, page string) {
	s.t.Helper()
	status, page = browse(s.t, address)
	return status, s.guard.Check("a page", page)
}

// end stops it, and returns the exit code.
func (s *serving) end() int {
	s.stop()
	return <-s.ended
}

// TestServeTakesWebhooks goes from a push on GitHub to the event in the queue; e2e_hooks_test.go goes on to the visit.
func TestServeTakesWebhooks(t *testing.T) {
	t.Parallel()
	s := newServing(t)
	s.start()
	pages := s.expect(`pages=(http://\S+/) .*webhooks=true`)[1]
	s.expect(`msg="sweep done"`) // it is known who we are
	s.expect(`msg="github budget" account=acme remaining=\d+ limit=\d+`)
	s.push(pages)
	s.expect(`msg="event done" event=push`)
	if status, page := s.look(pages); status != http.StatusOK || !strings.Contains(page, "1 queued") || !strings.Contains(page, "<td>acme</td>") {
		t.Errorf("%d:\n%s", status, page)
	}
	if code := s.end(); code != 0 {
		t.Errorf("exit %d", code)
	}
}

// push pushes to acme/web, and has GitHub tell of it.
func (s *serving) push(pages string) {
	s.t.Helper()
	s.github.SetWebhook(githubtest.Webhook{URL: pages + "webhooks/github", Secret: testHookSecret})
	if _, err := s.repo.Push("main", "ann", "More", githubtest.Files{"README": githubtest.Text("more\n")}); err != nil {
		s.t.Fatal(err)
	}
	for _, delivery := range s.github.Deliver(s.t.Context()) {
		if delivery.Status != http.StatusAccepted {
			s.t.Errorf("%s: %d", delivery.Event, delivery.Status)
		}
	}
}

// TestVisit: one repository is looked at, if it is watched and there is something to look at.
func TestVisit(t *testing.T) {
	t.Parallel()
	s := newServing(t)
	s.github.AddInstallation("umbra")
	archived, err := s.github.AddRepository("acme/old", githubtest.Files{"README": githubtest.Text("x")}, githubtest.RepositoryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	archived.SetArchived(true, "ann")
	for _, name := range []string{"umbra/secret", "acme/empty"} {
		if _, err := s.github.AddRepository(name, nil, githubtest.RepositoryOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.github.Repository("umbra/secret").Push("main", "ann", "x", githubtest.Files{"README": githubtest.Text("x")}); err != nil {
		t.Fatal(err)
	}
	loaded, err := config.Load(filepath.Join(s.folder, "basebump.yaml"), nil)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(s.guard.Writer("the log", s.log), nil))
	service, err := newService(t.Context(), loaded, filepath.Join(s.folder, "state"), nil, log)
	if err != nil {
		t.Fatal(err)
	}
	defer service.Close()
	var pattern config.RepositoryPattern
	if err := pattern.UnmarshalText([]byte("acme/*")); err != nil {
		t.Fatal(err)
	}
	service.config.Watch = config.Watch{pattern}
	for name, want := range map[string]string{
		"acme/web":     "",
		"acme/old":     "it is archived, disabled or empty",
		"acme/empty":   "it is archived, disabled or empty",
		"acme/none":    "GitHub answered 404",
		"umbra/secret": "umbra/secret is not watched",
	} {
		before := len(s.log.String())
		if err := service.visit(t.Context(), name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		said := s.log.String()[before:]
		if got := strings.Contains(said, `msg="not visited"`); got != (want != "") || !strings.Contains(said, want) {
			t.Errorf("%s: said %q, want %q", name, said, want)
		}
		_, err := service.store.Repository(t.Context(), name)
		if seen := err == nil; seen != (want == "") {
			t.Errorf("%s: remembered: %v", name, seen)
		}
	}
	done, _ := service.turns.Take("acme/web", time.Now(), time.Now())
	if err := service.visit(t.Context(), "acme/web"); !errors.Is(err, jobs.Busy()) {
		t.Errorf("while a cycle is there: %v", err)
	}
	done()
}

// TestServeAnswersComments: a command below an issue that is none of basebump's is answered, by webhook.
func TestServeAnswersComments(t *testing.T) {
	t.Parallel()
	s := newServing(t)
	s.repo.AddCollaborator("ann", "write")
	number := s.repo.OpenIssue("ann", "A question", "")
	s.start()
	pages := s.expect(`pages=(http://\S+/) `)[1]
	s.expect(`msg="sweep done"`)
	s.github.SetWebhook(githubtest.Webhook{URL: pages + "webhooks/github", Secret: testHookSecret})
	if _, err := s.repo.Comment(number, "ann", "/basebump rebase"); err != nil {
		t.Fatal(err)
	}
	s.github.Deliver(t.Context())
	s.expect(`msg="event done" event="issue_comment created"`)
	comments := s.repo.Issues()[0].Comments
	if len(comments) != 2 || !strings.Contains(comments[1].Body, "no pull request of mine") {
		t.Errorf("comments %+v", comments)
	}
	s.github.Deliver(t.Context()) // our own answer
	if code := s.end(); code != 0 || strings.Count(s.log.String(), `event="issue_comment created"`) < 3 {
		t.Errorf("exit %d:\n%s", code, s.log)
	}
}

// TestServeRefusesForgedWebhooks: and tells nobody a secret.
func TestServeRefusesForgedWebhooks(t *testing.T) {
	t.Parallel()
	s := newServing(t)
	s.start()
	pages := s.expect(`pages=(http://\S+/) `)[1]
	s.github.SetWebhook(githubtest.Webhook{URL: pages + "webhooks/github", Secret: "a guess"})
	s.github.Ping()
	if got := s.github.Deliver(t.Context()); len(got) != 1 || got[0].Status != http.StatusUnauthorized {
		t.Errorf("delivered: %+v", got)
	}
	s.expect(`msg="cycle done"`)
	if code := s.end(); code != 0 {
		t.Errorf("exit %d", code)
	}
}

func TestServeWithoutASecretHasNoDoor(t *testing.T) {
	t.Parallel()
	s := newServing(t)
	text, err := os.ReadFile(filepath.Join(s.folder, "basebump.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	s.write("basebump.yaml", strings.Replace(string(text), "  webhook_secret_file: webhook.secret\n", "", 1))
	s.start()
	pages := s.expect(`pages=(http://\S+/) .*webhooks=false`)[1]
	s.github.SetWebhook(githubtest.Webhook{URL: pages + "webhooks/github", Secret: testHookSecret})
	s.github.Ping()
	if got := s.github.Deliver(t.Context()); len(got) != 1 || got[0].Status != http.StatusMethodNotAllowed {
		t.Errorf("delivered: %+v", got)
	}
	s.expect(`msg="cycle done"`)
	if code := s.end(); code != 0 {
		t.Errorf("exit %d", code)
	}
}

// TestServeShowsNoSecret: though GitHub and a registry say back whatever credential they are sent, and refuse everything.
func TestServeShowsNoSecret(t *testing.T) {
	t.Parallel()
	const password = "registry-password-5a1c"
	registry := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		said, _ := json.Marshal(r.Header.Get("Authorization"))
		w.Header().Set("WWW-Authenticate", `Basic realm="`+password+`"`)
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprintf(w, `{"errors":[{"code":"DENIED","message":%s,"detail":"%s"}]}`, said, password)
	}))
	t.Cleanup(registry.Close)
	host := strings.TrimPrefix(registry.URL, "http://")
	s := newServing(t)
	s.guard.Keep("the registry's password", password)
	s.guard.Keep("the registry's credential", base64.StdEncoding.EncodeToString([]byte("bot:"+password)))
	text, err := os.ReadFile(filepath.Join(s.folder, "basebump.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	s.write("basebump.yaml", string(text)+"registries:\n  - {host: \""+host+"\", insecure: true, username: bot, password: "+password+"}\n")
	if _, err := s.repo.Push("main", "ann", "An image", githubtest.Files{"Dockerfile": githubtest.Text("FROM " + host + "/acme/base:1\n")}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.github.AddRepository("acme/other", githubtest.Files{"Dockerfile": githubtest.Text("FROM scratch\n")}, githubtest.RepositoryOptions{}); err != nil {
		t.Fatal(err)
	}
	s.github.Inject(githubtest.Fault{Path: "/repos/acme/other/git/ref/heads/main", Status: http.StatusForbidden, Body: `{"message":"` + testHookSecret[:7] + `"}`})
	s.start()
	pages := s.expect(`pages=(http://\S+/) `)[1]
	s.expect(`msg="not checked"`)
	s.expect(`msg="cycle failed|msg="cycle waits|msg="cycle done"`)
	for _, path := range []string{"", "repositories/acme/web", "webhooks/github"} {
		s.look(pages + path)
	}
	s.end()
}
