package main

import (
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/basebump/basebump/bot/github"
	"github.com/basebump/basebump/bot/github/githubtest"
	"github.com/basebump/basebump/bot/leaktest"
	"github.com/basebump/basebump/config"
)

// newSetup is `basebump serve` with a configuration that names a GitHub, and no App.
func newSetup(t *testing.T, more string) *serving {
	t.Helper()
	s := &serving{
		t: t, folder: t.TempDir(), log: newWatched(), guard: leaktest.New(t), ended: make(chan int, 1), github: githubtest.New(githubtest.Options{}),
	}
	s.write("basebump.yaml", "github:\n  api_url: "+s.serveGitHub()+"/\nserver:\n  addr: 127.0.0.1:0\n"+more)
	return s
}

// agree goes from the setup page on to GitHub, says yes there, and returns where GitHub sends the browser.
func agree(t *testing.T, page string) (callback string) {
	t.Helper()
	r := initRun{page: page}
	return r.confirm(t)
}

func TestServeSetsItselfUp(t *testing.T) {
	t.Parallel()
	s := newSetup(t, "")
	s.start()
	page := s.expect(`page="?(http://127\.0\.0\.1:\d+/setup\?token=\w+)`)[1]
	server, _, _ := strings.Cut(page, "/setup")
	for path, want := range map[string]int{
		"/": 503, "/readyz": 503, "/healthz": 200, "/setup": 403, "/setup?token=guess": 403, "/setup/callback?code=x&state=": 403, "/webhooks/github": 503,
	} {
		if status, text := browse(t, server+path); status != want || strings.Contains(text, "manifest") {
			t.Errorf("%s: %d %s", path, status, text)
		}
	}
	if _, text := browse(t, page+"&organization=acme&workflows=1"); !strings.Contains(text, "organizations/acme/settings/apps/new") || !strings.Contains(html.UnescapeString(text), `"workflows":"write"`) {
		t.Errorf("the choice is not heeded:\n%s", text)
	}
	callback := agree(t, page)
	if !strings.HasPrefix(callback, server+"/setup/callback?") {
		t.Fatalf("sent back to %s", callback)
	}
	status, text := browse(t, callback)
	if status != http.StatusOK || !strings.Contains(text, "The App is made") || !strings.Contains(text, "/apps/basebump/installations/new") || strings.Contains(text, "PRIVATE KEY") {
		t.Errorf("%d:\n%s", status, text)
	}
	s.expect(`before the next start, write into \S+basebump.yaml: github: {app_id: \d+, private_key_file: app.pem, webhook_secret_file: webhook.secret}`)
	s.expect(`msg=serving .*webhooks=true`) // it goes on by itself
	s.expect(`msg="cycle done"`)
	if code := s.end(); code != 0 {
		t.Errorf("exit %d", code)
	}
	for _, name := range []string{"app.pem", "webhook.secret"} {
		info, err := os.Stat(filepath.Join(s.folder, name))
		if err != nil || info.Mode() != 0o600 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
		data, _ := os.ReadFile(filepath.Join(s.folder, name))
		for line := range strings.Lines(string(data)) {
			if strings.Contains(s.log.String(), strings.TrimSpace(line)) {
				t.Errorf("the log shows %s", name)
			}
		}
	}
}

// TestSetupShowsWhatItCannotWrite: once, on the page, and nowhere else.
func TestSetupShowsWhatItCannotWrite(t *testing.T) {
	t.Parallel()
	s := newSetup(t, "  public_url: https://bump.example.com/\n")
	s.write("app.pem", "somebody else's")
	s.start()
	token := s.expect(`page="?https://bump\.example\.com/setup\?token=(\w+)`)[1]
	s.stop()
	<-s.ended
	keeper := &keeper{files: newInitFiles(filepath.Join(s.folder, "basebump.yaml"), initOptions{})}
	app := newApp(t, s.github)
	if err := keeper.keep(app); err != nil {
		t.Fatal(err)
	}
	if len(keeper.shown) != 2 || keeper.shown[0].Value != app.PrivateKey() || keeper.shown[1].Value != app.WebhookSecret() || keeper.written != nil {
		t.Errorf("%d shown, %v written", len(keeper.shown), keeper.written)
	}
	page, err := newSetupPage("https://bump.example.com/", initOptions{apiURL: "https://api.github.com/", publicURL: "https://bump.example.com/"})
	if err != nil {
		t.Fatal(err)
	}
	page.made = func(string) (initView, error) { return initView{Shown: keeper.shown}, nil }
	ask := func(path string) *httptest.ResponseRecorder {
		recorder := httptest.NewRecorder()
		page.handler().ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "http://10.0.0.7:8080"+path, nil)) // as behind a proxy
		return recorder
	}
	if form := html.UnescapeString(ask("/setup?token=" + page.token).Body.String()); !strings.Contains(form, `"redirect_url":"https://bump.example.com/setup/callback"`) ||
		!strings.Contains(form, `"url":"https://bump.example.com/webhooks/github","active":true`) {
		t.Errorf("form:\n%s", form)
	}
	shown := ask("/setup/callback?code=c0de&state=" + page.state)
	if text := html.UnescapeString(shown.Body.String()); !strings.Contains(text, app.PrivateKey()) || shown.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("shown:\n%s", text)
	}
	if again := ask("/setup/callback?code=c0de&state=" + page.state); again.Code != http.StatusForbidden {
		t.Errorf("a second time: %d", again.Code)
	}
	if token == page.token {
		t.Error("the token is always the same")
	}
}

func TestSetupWritesAConfigurationWhereThereIsNone(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	options := initOptions{apiURL: "https://git.example.com/api/v3/", publicURL: "https://bump.example.com/"}
	keeper := &keeper{files: newInitFiles(filepath.Join(folder, "basebump.yaml"), options)}
	app := newApp(t, githubtest.New(githubtest.Options{}))
	if err := keeper.keep(app); err != nil {
		t.Fatal(err)
	}
	loaded, err := config.Load(filepath.Join(folder, "basebump.yaml"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if g := loaded.GitHub; g.AppID != app.ID || string(g.APIURL) != options.apiURL || g.WebhookSecret.Reveal() != app.WebhookSecret() || !isSetUp(loaded) {
		t.Errorf("%+v", g)
	}
	if got := keeper.next(app); got != "the configuration is written; nothing is left to do" {
		t.Errorf("next: %s", got)
	}
}

// newApp makes an App as a person would.
func newApp(t *testing.T, server *githubtest.Server) github.App {
	t.Helper()
	web := httptest.NewServer(server)
	t.Cleanup(web.Close)
	code, err := server.ConfirmManifest(`{"name":"x","url":"https://example.com/","redirect_url":"https://example.com/","hook_attributes":{"url":"https://example.com/"}}`)
	if err != nil {
		t.Fatal(err)
	}
	app, err := github.ConvertManifest(t.Context(), web.URL+"/", code, nil)
	if err != nil {
		t.Fatal(err)
	}
	return app
}

func TestSetupEnds(t *testing.T) {
	t.Parallel()
	s := newSetup(t, "")
	s.start()
	s.expect(`setup\?token=`)
	if code := s.end(); code != 0 || !strings.Contains(s.log.String(), "nothing was written") {
		t.Errorf("exit %d:\n%s", code, s.log)
	}
}
