package main

import (
	"bufio"
	"bytes"
	"context"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/basebump/basebump/bot/github"
	"github.com/basebump/basebump/bot/github/githubtest"
	"github.com/basebump/basebump/config"
)

// initRun is a running `basebump init` against the in-process GitHub.
type initRun struct {
	github, folder, page string
	cancel               context.CancelFunc
	rest                 func() string // of standard output, once it ended
	stderr               *bytes.Buffer
	code                 chan int
}

func startInit(t *testing.T, args ...string) *initRun {
	t.Helper()
	server := httptest.NewServer(githubtest.New(githubtest.Options{}))
	t.Cleanup(server.Close)
	ctx, cancel := context.WithCancel(t.Context())
	r := &initRun{github: server.URL + "/", folder: t.TempDir(), cancel: cancel, stderr: &bytes.Buffer{}, code: make(chan int, 1)}
	out, in := io.Pipe()
	args = append([]string{"init", "--api-url", r.github, "--config", filepath.Join(r.folder, "basebump.yaml")}, args...)
	go func() {
		r.code <- run(ctx, args, strings.NewReader(""), in, r.stderr)
		in.Close()
	}()
	lines := bufio.NewReader(out)
	first, _ := lines.ReadString('\n')
	r.rest = func() string {
		text, err := io.ReadAll(lines)
		if err != nil {
			t.Error(err)
		}
		return string(text)
	}
	if match := regexp.MustCompile(`^Open (http://127\.0\.0\.1:\d+/) in a browser`).FindStringSubmatch(first); match != nil {
		r.page = match[1]
	}
	t.Cleanup(cancel)
	return r
}

var (
	formAction   = regexp.MustCompile(`<form action="([^"]*)" method="post">`)
	formManifest = regexp.MustCompile(`name="manifest" value="([^"]*)"`)
)

// confirm opens the page, goes on to GitHub and says yes there. It returns where GitHub sends the browser.
func (r *initRun) confirm(t *testing.T) (callback string) {
	t.Helper()
	status, page := browse(t, r.page)
	action, manifest := formAction.FindStringSubmatch(page), formManifest.FindStringSubmatch(page)
	if status != http.StatusOK || action == nil || manifest == nil {
		t.Fatalf("%d, no form in:\n%s", status, page)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.PostForm(html.UnescapeString(action[1]), url.Values{"manifest": {html.UnescapeString(manifest[1])}, "confirmed": {"yes"}})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusFound {
		text, _ := io.ReadAll(resp.Body)
		t.Fatalf("GitHub answered %d: %s", resp.StatusCode, text)
	}
	return resp.Header.Get("Location")
}

func browse(t *testing.T, address string) (status int, page string) {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

func (r *initRun) written(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(r.folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, entry.Name()+" "+info.Mode().String())
	}
	return names
}

func TestInitMakesAnApp(t *testing.T) {
	t.Parallel()
	r := startInit(t, "--organization", "acme", "--public-url", "https://bump.example.com/")
	callback := r.confirm(t)
	if status, page := browse(t, callback); status != http.StatusOK || !strings.Contains(page, "The App is made") {
		t.Fatalf("%d:\n%s", status, page)
	}
	said := r.rest()
	if code := <-r.code; code != 0 {
		t.Fatalf("exit %d\n%s%s", code, said, r.stderr)
	}
	want := "app.pem -rw-------, basebump.yaml -rw-r--r--, webhook.secret -rw-------"
	if got := strings.Join(r.written(t), ", "); got != want {
		t.Errorf("written %s, want %s", got, want)
	}
	loaded, err := config.Load(filepath.Join(r.folder, "basebump.yaml"), func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	g := loaded.GitHub
	if g.AppID == 0 || g.WebhookSecret.IsZero() || string(g.APIURL) != r.github || loaded.Server.PublicURL != "https://bump.example.com/" {
		t.Errorf("configured: %+v %v", g, loaded.Server)
	}
	if _, err := github.New(github.Options{APIURL: r.github, AppID: g.AppID, PrivateKey: []byte(g.PrivateKey.Reveal())}); err != nil {
		t.Error(err)
	}
	for _, want := range []string{r.github + "apps/basebump/installations/new", "basebump config check " + r.folder, "basebump run --dry-run --config " + r.folder} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in:\n%s", want, said)
		}
	}
	code, _ := url.Parse(callback)
	for _, secret := range []string{"PRIVATE KEY", g.WebhookSecret.Reveal(), code.Query().Get("code"), code.Query().Get("state")} {
		if strings.Contains(said+r.stderr.String(), secret) {
			t.Errorf("it shows %s", secret)
		}
	}
}

func TestInitGoesOnAfterAnAnswerThatIsNotForIt(t *testing.T) {
	t.Parallel()
	r := startInit(t)
	callback := r.confirm(t)
	for _, wrong := range []string{"callback?code=abc", "callback?code=abc&state=guessed", "callback?state=guessed"} {
		if status, _ := browse(t, r.page+wrong); status != http.StatusForbidden {
			t.Errorf("%s: %d", wrong, status)
		}
	}
	if got := r.written(t); got != nil {
		t.Fatalf("written: %v", got)
	}
	if status, _ := browse(t, callback); status != http.StatusOK {
		t.Errorf("the right one: %d", status)
	}
	r.rest()
	if code := <-r.code; code != 0 {
		t.Errorf("exit %d: %s", code, r.stderr)
	}
}

func TestInitWithACodeThatWasUsed(t *testing.T) {
	t.Parallel()
	r := startInit(t)
	callback := r.confirm(t)
	parsed, _ := url.Parse(callback)
	if _, err := github.ConvertManifest(t.Context(), r.github, parsed.Query().Get("code"), nil); err != nil {
		t.Fatal(err)
	}
	if status, page := browse(t, callback); status != http.StatusBadGateway || !strings.Contains(page, "start again") {
		t.Errorf("%d:\n%s", status, page)
	}
	r.rest()
	if code := <-r.code; code != exitFailed {
		t.Errorf("exit %d", code)
	}
	if got := r.stderr.String(); !strings.HasPrefix(got, "basebump: make the App: GitHub answered 404") {
		t.Errorf("it says %q", got)
	}
	if got := r.written(t); got != nil {
		t.Errorf("written: %v", got)
	}
}

func TestInitCancelled(t *testing.T) {
	t.Parallel()
	r := startInit(t)
	r.cancel()
	r.rest()
	if code := <-r.code; code != exitFailed || r.stderr.String() != "Ended before an App was made; nothing was written.\n" {
		t.Errorf("exit %d: %s", code, r.stderr)
	}
	if got := r.written(t); got != nil {
		t.Errorf("written: %v", got)
	}
}

func TestInitRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, exists string
		args         []string
		want         string
	}{
		{"a configuration that exists", "basebump.yaml", nil, "basebump.yaml exists, and nothing is written over"},
		{"a key that exists", "app.pem", nil, "app.pem exists"},
		{"a secret that exists", "webhook.secret", nil, "webhook.secret exists"},
		{"every interface", "", []string{"--addr", "0.0.0.0:0"}, "an address of this machine alone"},
		{"no port", "", []string{"--addr", "127.0.0.1"}, "--addr: "},
		{"an API that is none", "", []string{"--api-url", "github.com"}, "it is no https URL"},
		{"a public address that is none", "", []string{"--public-url", "bump.example.com"}, "--public-url"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			if tc.exists != "" {
				if err := os.WriteFile(filepath.Join(folder, tc.exists), []byte("mine"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			var out, stderr bytes.Buffer
			args := append([]string{"init", "--config", filepath.Join(folder, "basebump.yaml")}, tc.args...)
			if code := run(t.Context(), args, strings.NewReader(""), &out, &stderr); code != exitUsage || !strings.Contains(stderr.String(), tc.want) || out.Len() > 0 {
				t.Errorf("exit %d: %s%s", code, &out, &stderr)
			}
		})
	}
}

func TestInitFilesAreNeverWrittenOver(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "app.pem")
	if err := create(name, "first", 0o600); err != nil {
		t.Fatal(err)
	}
	if err := create(name, "second", 0o600); err == nil {
		t.Error("written over")
	}
	if data, err := os.ReadFile(name); err != nil || string(data) != "first" {
		t.Errorf("%q, %v", data, err)
	}
}

func TestInitPageIsForThisMachineAlone(t *testing.T) {
	t.Parallel()
	page, err := newInitPage("127.0.0.1:8123", initOptions{apiURL: "https://api.github.com/"})
	if err != nil {
		t.Fatal(err)
	}
	made := 0
	page.made = func(string) (initView, error) { made++; return initView{}, nil }
	ask := func(host, path string) *httptest.ResponseRecorder {
		request := httptest.NewRequest(http.MethodGet, "http://"+host+path, nil)
		recorder := httptest.NewRecorder()
		page.handler().ServeHTTP(recorder, request)
		return recorder
	}
	if got := ask("evil.example:8123", "/"); got.Code != http.StatusMisdirectedRequest || strings.Contains(got.Body.String(), page.state) {
		t.Errorf("another name: %d", got.Code)
	}
	if got := ask("127.0.0.1:8123", "/").Header().Get("Content-Security-Policy"); !strings.HasSuffix(got, "form-action https://github.com") {
		t.Errorf("policy %q", got)
	}
	callback := "/callback?code=c0de&state=" + page.state
	for i, want := range []int{http.StatusOK, http.StatusForbidden} {
		if got := ask("127.0.0.1:8123", callback).Code; got != want {
			t.Errorf("callback %d: %d, want %d", i, got, want)
		}
	}
	if made != 1 {
		t.Errorf("made %d Apps", made)
	}
}
