package githubtest_test

import (
	"html"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/basebump/basebump/bot/github/githubtest"
)

func (w *world) page(method, path string, form url.Values) (*http.Response, string) {
	w.t.Helper()
	request := must(http.NewRequestWithContext(w.t.Context(), method, w.url+path, strings.NewReader(form.Encode())))(w.t)
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response := must(client.Do(request))(w.t)
	defer response.Body.Close()
	return response, string(must(io.ReadAll(response.Body))(w.t))
}

func TestPullPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	repo, _ := w.repository()
	hostile := `<script>alert(1)</script>"'><img src=x onerror=alert(2)>`
	must(repo.Push("topic", "alice", "x", githubtest.Files{"Dockerfile": githubtest.Text("FROM debian:13\n" + hostile + "\n")}))(t)
	must(repo.OpenPull("alice", "topic", "main", hostile, hostile))(t)
	must(repo.Comment(1, "alice", hostile))(t)
	response, body := w.page(http.MethodGet, "/acme/web/pull/1", nil)
	if response.StatusCode != 200 || response.Header.Get("Content-Security-Policy") == "" {
		t.Errorf("%s with headers %v", response.Status, response.Header)
	}
	if strings.Contains(body, "<script") || strings.Contains(body, "<img") {
		t.Errorf("the page is not escaped:\n%s", body)
	}
	for _, want := range []string{
		html.EscapeString("<script>alert(1)</script>"), `<span class="del">-FROM debian:12</span>`, `<span class="add">&#43;FROM debian:13</span>`,
		`<span class="state open">open</span>`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %s:\n%s", want, body)
		}
	}
	for _, path := range []string{"/acme/web/pull/2", "/acme/none/pull/1"} {
		if response, _ := w.page(http.MethodGet, path, nil); response.StatusCode != 404 {
			t.Errorf("%s: %s", path, response.Status)
		}
	}
}

const goodManifest = `{"name":"Base <b>Bump</b>","url":"http://x/","redirect_url":"http://127.0.0.1:9/back?a=b",` +
	`"hook_attributes":{"url":"http://x/hook"},"default_permissions":{"contents":"write"},"default_events":["push"]}`

// TestManifestPage walks the setup as a browser does: form, confirmation, redirect with code and state, exchange.
func TestManifestPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := "/settings/apps/new?state=s%26t"
	response, body := w.page(http.MethodPost, path, url.Values{"manifest": {goodManifest}})
	if response.StatusCode != 200 || strings.Contains(body, "<b>") || !strings.Contains(body, "contents: write") {
		t.Fatalf("%s\n%s", response.Status, body)
	}
	response, _ = w.page(http.MethodPost, path, url.Values{"manifest": {goodManifest}, "confirmed": {"yes"}})
	back := must(response.Location())(t)
	if response.StatusCode != http.StatusFound || back.Host != "127.0.0.1:9" || back.Query().Get("a") != "b" || back.Query().Get("state") != "s&t" {
		t.Fatalf("%s to %s", response.Status, back)
	}
	app, _, err := w.with("").Apps.CompleteAppManifest(t.Context(), back.Query().Get("code"))
	if err != nil || !strings.HasPrefix(app.GetPEM(), "-----BEGIN RSA PRIVATE KEY-----") {
		t.Fatalf("%v, %v", app, err)
	}
	if hook := w.Webhook(); hook.URL != "http://x/hook" || hook.Secret != app.GetWebhookSecret() {
		t.Errorf("webhook %+v", hook)
	}
}

func TestManifestRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, text := range map[string]string{
		"no JSON":             `{`,
		"no address":          `{"redirect_url":"http://x"}`,
		"no way back":         `{"url":"http://x"}`,
		"secret in the hook":  `{"url":"http://x","redirect_url":"http://x","hook_attributes":{"url":"http://x","secret":"s"}}`,
		"hook without target": `{"url":"http://x","redirect_url":"http://x","hook_attributes":{}}`,
	} {
		t.Run(name, func(t *testing.T) {
			if response, _ := w.page(http.MethodPost, "/settings/apps/new", url.Values{"manifest": {text}}); response.StatusCode != 422 {
				t.Errorf("%s, want 422", response.Status)
			}
		})
	}
	code := must(w.ConfirmManifest(goodManifest))(t)
	w.clock.Advance(3600e9)
	_, _, err := w.with("").Apps.CompleteAppManifest(t.Context(), code)
	expectRefusal(t, err, 404, "Not Found")
}
