package github_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot/github"
	"github.com/basebump/basebump/bot/github/githubtest"
	"github.com/basebump/basebump/config/fault"
)

func TestFormURL(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ api, organization, want string }{
		{"https://api.github.com/", "", "https://github.com/settings/apps/new?state=s"},
		{"https://api.github.com", "acme", "https://github.com/organizations/acme/settings/apps/new?state=s"},
		{"https://api.acme.ghe.com/", "", "https://acme.ghe.com/settings/apps/new?state=s"},
		{"https://git.acme.example/api/v3/", "", "https://git.acme.example/settings/apps/new?state=s"},
		{"https://api.acme.example/api/v3/", "", "https://api.acme.example/settings/apps/new?state=s"},
		{"http://127.0.0.1:8080/", "a/../b", "http://127.0.0.1:8080/organizations/a%2F..%2Fb/settings/apps/new?state=s"},
	} {
		got, err := github.FormURL(tc.api, tc.organization, "s")
		if err != nil {
			t.Fatal(err)
		}
		if got.String() != tc.want {
			t.Errorf("%s: %s, want %s", tc.api, got, tc.want)
		}
	}
	if _, err := github.FormURL("ftp://github.com", "", "s"); err == nil {
		t.Error("ftp is an API")
	}
}

func TestManifestBecomesAnApp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	manifest := must(json.Marshal(github.NewManifest("http://127.0.0.1:1/callback", "https://bump.example.com/hook", false)))(t)
	code := must(w.ConfirmManifest(string(manifest)))(t)
	app, err := github.ConvertManifest(t.Context(), w.url, code, nil)
	if err != nil {
		t.Fatal(err)
	}
	if app.Slug != "basebump" || app.URL != w.url+"apps/basebump" || app.WebhookSecret() == "" {
		t.Errorf("%v at %s", app, app.URL)
	}
	for _, text := range []string{fmt.Sprint(app), fmt.Sprintf("%+v %#v %s %d", app, &app, app, app), string(must(json.Marshal(app))(t))} {
		if strings.Contains(text, "PRIVATE") || strings.Contains(text, app.WebhookSecret()) {
			t.Errorf("it shows a secret: %s", text)
		}
	}
	w.AddInstallation("acme")
	client := must(github.New(github.Options{APIURL: w.url, AppID: app.ID, PrivateKey: []byte(app.PrivateKey())}))(t)
	if repos, err := client.Repositories(t.Context()); err != nil || len(repos) != 1 {
		t.Errorf("the new App finds %d repositories: %v", len(repos), err)
	}
	_, err = github.ConvertManifest(t.Context(), w.url, code, nil)
	if fault.ClassOf(err) != fault.NotFound || !strings.Contains(fault.Text(err), "start again") || strings.Contains(fault.Text(err), code) {
		t.Errorf("a code used twice: %v", err)
	}
}

func TestManifestAsksForNoMore(t *testing.T) {
	t.Parallel()
	manifest := github.NewManifest("http://127.0.0.1:1/callback", "", false)
	want := map[string]string{
		"contents": "write", "pull_requests": "write", "checks": "write", "issues": "write",
		"metadata": "read", "statuses": "read", "deployments": "read",
	}
	if d := cmp.Diff(want, manifest.Permissions); d != "" {
		t.Errorf("permissions (-want +got):\n%s", d)
	}
	if manifest.Hook.Active || manifest.Hook.URL == "" || manifest.Public {
		t.Errorf("hook %+v, public %t", manifest.Hook, manifest.Public)
	}
}

// answering is a GitHub that gives one answer.
type answering struct {
	status int
	body   string
	err    error
}

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) {
	if a.err != nil {
		return nil, a.err
	}
	return &http.Response{StatusCode: a.status, Body: io.NopCloser(strings.NewReader(a.body)), Header: http.Header{}, Request: r}, nil
}

func TestConvertManifestFailures(t *testing.T) {
	t.Parallel()
	const code = "c0de"
	for _, tc := range []struct {
		name, code string
		github     answering
		class      fault.Class
		want       string
	}{
		{"a code with a path in it", "../user", answering{}, fault.Permanent, "make the App: the code is none of GitHub's"},
		{"no code", "", answering{}, fault.Permanent, "make the App: the code is none of GitHub's"},
		{"GitHub is away", code, answering{err: errors.New("no route to /app-manifests/" + code)}, fault.Retry, "no route to /app-manifests/[redacted]"},
		{"an answer that is no App", code, answering{status: 201, body: `{"id":1,"webhook_secret":"hush"}`}, fault.Permanent, "has no App with a key"},
		{"an answer that is no JSON", code, answering{status: 201, body: "hush"}, fault.Permanent, "has no App with a key"},
		{"an endless answer", code, answering{status: 201, body: strings.Repeat("hush", 1<<20)}, fault.Permanent, "could not be read to its end"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := github.ConvertManifest(t.Context(), "https://api.github.com/", tc.code, tc.github)
			if err == nil || fault.ClassOf(err) != tc.class || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%q: %v", fault.ClassOf(err), err)
			}
			if err != nil && (strings.Contains(fault.Text(err), "hush") || strings.Contains(err.Error(), code)) {
				t.Errorf("it shows what is secret: %v", err)
			}
		})
	}
}

// TestAppWithoutAWebhookSecret: GitHub need not make one, and a manifest may not name one.
func TestAppWithoutAWebhookSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	next := w.handler
	w.handler = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/conversions") {
			next.ServeHTTP(out, r)
			return
		}
		recorder := httptest.NewRecorder()
		next.ServeHTTP(recorder, r)
		var answer map[string]any
		check(t, json.Unmarshal(recorder.Body.Bytes(), &answer))
		answer["webhook_secret"] = nil
		out.WriteHeader(recorder.Code)
		check(t, json.NewEncoder(out).Encode(answer))
	})
	manifest := must(json.Marshal(github.NewManifest("http://127.0.0.1:1/callback", "https://bump.example.com/hook", true)))(t)
	app := must(github.ConvertManifest(t.Context(), w.url, must(w.ConfirmManifest(string(manifest)))(t), nil))(t)
	if app.WebhookSecret() != "" {
		t.Fatal("it has one")
	}
	w.ForgetRequests()
	secured := must(github.SecureWebhooks(t.Context(), w.url, app, nil))(t)
	w.expectSent("PATCH /app/hook/config")
	if got := w.Webhook(); len(got.Secret) < 40 || got.Secret != secured.WebhookSecret() || got.URL != "https://bump.example.com/hook" {
		t.Errorf("webhook %+v", got)
	}
	w.Inject(githubtest.Fault{Pattern: "/app/hook/config", Times: 1, Status: http.StatusBadGateway})
	same, err := github.SecureWebhooks(t.Context(), w.url, app, nil)
	want := "set the webhook secret of App basebump: change the webhook's configuration: GitHub answered 502; set one on the App's settings page, and give it as github.webhook_secret_file"
	if err == nil || fault.Text(err) != want || same.PrivateKey() != app.PrivateKey() {
		t.Errorf("error %v, want %s", fault.Text(err), want)
	}
}
