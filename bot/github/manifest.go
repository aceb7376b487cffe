package github

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	gh "github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/config/fault"
)

// Manifest describes the App to make, as GitHub's page for new Apps takes it. Its permissions are all that basebump ever asks for: they
// cannot be changed by the API later, and each change by hand must be accepted by every account that installed the App.
type Manifest struct {
	Name        string            `json:"name"` // a suggestion: it must be free on that GitHub, and the page lets people change it
	URL         string            `json:"url"`
	Description string            `json:"description"`
	RedirectURL string            `json:"redirect_url"`
	Public      bool              `json:"public"`
	Hook        Hook              `json:"hook_attributes"`
	Permissions map[string]string `json:"default_permissions"`
	Events      []string          `json:"default_events"`
}

// Hook is where the App's webhooks go.
type Hook struct {
	URL    string `json:"url"`
	Active bool   `json:"active"`
}

const home = "https://github.com/basebump/basebump"

// nowhere stands for the address of an inactive hook: GitHub wants one, and takes none that is not public.
const nowhere = "https://example.com/"

// NewManifest returns the manifest of an App whose making ends at callback, and whose webhooks go to hookURL; empty: to nobody. Only with
// workflows may it change workflow files.
func NewManifest(callback, hookURL string, workflows bool) Manifest {
	hook := Hook{URL: hookURL, Active: true}
	if hookURL == "" {
		hook = Hook{URL: nowhere}
	}
	permissions := map[string]string{
		"contents": "write", "pull_requests": "write", "checks": "write", "issues": "write",
		"metadata": "read", "statuses": "read", "deployments": "read",
	}
	if workflows {
		permissions["workflows"] = "write"
	}
	return Manifest{
		Name: "basebump", URL: home, Description: "Keeps base images patched.", RedirectURL: callback, Hook: hook, Permissions: permissions,
		Events: []string{
			"push", "repository", "pull_request", "issue_comment", "issues", "check_run", "check_suite", "status", "deployment_status",
		},
	}
}

// FormURL is GitHub's page for new Apps, of the API's GitHub; an organization's where one is given.
func FormURL(apiURL, organization, state string) (*url.URL, error) {
	base, err := parseBase(apiURL)
	if err != nil {
		return nil, err
	}
	form := &url.URL{Scheme: base.Scheme, Host: base.Host}
	if rest, ok := strings.CutPrefix(base.Host, "api."); ok && base.Path == "/" {
		form.Host = rest
	}
	if organization != "" {
		form = form.JoinPath("organizations", url.PathEscape(organization))
	}
	form = form.JoinPath("settings", "apps", "new")
	form.RawQuery = url.Values{"state": {state}}.Encode()
	return form, nil
}

// App is a new App. It shows its secrets, which cannot be had again, to nobody who does not ask for them.
type App struct {
	ID   int64
	Slug string
	URL  string // its page, where it can be installed

	privateKey, webhookSecret string
}

// PrivateKey is the App's key (PEM).
func (a App) PrivateKey() string { return a.privateKey }

// WebhookSecret signs the App's webhooks; empty when it has none.
func (a App) WebhookSecret() string { return a.webhookSecret }

// Format implements fmt.Formatter: no verb prints the secrets.
func (a App) Format(f fmt.State, _ rune) { _, _ = fmt.Fprintf(f, "App %d (%s)", a.ID, a.Slug) }

// codes are what GitHub hands to browsers; what looks otherwise is not asked for.
var codes = regexp.MustCompile(`^[A-Za-z0-9_-]{1,200}$`)

// maxApp bounds GitHub's answer, which has a few kB.
const maxApp = 1 << 20

// ConvertManifest exchanges the code that GitHub sent the browser back with for the App. A code can be exchanged once, within an hour.
func ConvertManifest(ctx context.Context, apiURL, code string, transport http.RoundTripper) (App, error) {
	base, err := parseBase(apiURL)
	if err != nil {
		return App{}, err
	}
	if !codes.MatchString(code) {
		return App{}, &fault.Error{Op: "make the App", Class: fault.Permanent, Err: errors.New("the code is none of GitHub's")}
	}
	options := Options{Transport: transport}.withDefaults()
	client := (&Client{base: base}).api(newGate(options, base, ""))
	request, err := client.NewRequest(http.MethodPost, "app-manifests/"+code+"/conversions", nil)
	if err != nil {
		return App{}, failed("make the App", "", err)
	}
	answer, err := client.BareDo(ctx, request)
	if err != nil {
		return App{}, conversionFailed(err, code)
	}
	defer answer.Body.Close()
	return readApp(answer.Body)
}

// conversionFailed leaves the code, which may still be good, out of the error.
func conversionFailed(err error, code string) error {
	told := failed("make the App", "", err)
	f := &fault.Error{Class: fault.ClassOf(told), Err: errors.New(strings.ReplaceAll(oneLine(told.Error()), code, "[redacted]"))}
	if f.Class == fault.NotFound {
		f.Hint = "a code can be used once, within an hour; start again"
	}
	return f
}

// SecureWebhooks gives the App a webhook secret of its own, for a GitHub that made it without: a manifest may not name one. The App is
// returned as it was when that fails.
func SecureWebhooks(ctx context.Context, apiURL string, app App, transport http.RoundTripper) (App, error) {
	unset := func(err error) (App, error) {
		hint := "set one on the App's settings page, and give it as github.webhook_secret_file"
		return app, &fault.Error{Op: "set the webhook secret of", Target: "App " + app.Slug, Class: fault.ClassOf(err), Err: err, Hint: hint}
	}
	client, err := New(Options{APIURL: apiURL, AppID: app.ID, PrivateKey: []byte(app.privateKey), Transport: transport})
	if err != nil {
		return unset(err)
	}
	secret := rand.Text() + rand.Text()
	if _, _, err := client.asApp().Apps.UpdateHookConfig(ctx, &gh.HookConfig{Secret: &secret}); err != nil {
		return unset(failed("change", "the webhook's configuration", err))
	}
	app.webhookSecret = secret
	return app, nil
}

func readApp(body io.Reader) (App, error) {
	var answer struct {
		ID            int64  `json:"id"`
		Slug          string `json:"slug"`
		HTMLURL       string `json:"html_url"`
		PEM           string `json:"pem"`
		WebhookSecret string `json:"webhook_secret"`
	}
	unread := func(err error) (App, error) {
		return App{}, &fault.Error{Op: "make the App", Class: fault.Permanent, Err: err, Hint: "delete it on GitHub's page of Apps and start again"}
	}
	data, err := io.ReadAll(io.LimitReader(body, maxApp+1))
	if err != nil || len(data) > maxApp {
		return unread(errors.New("GitHub's answer could not be read to its end"))
	}
	if json.Unmarshal(data, &answer) != nil || answer.ID == 0 || answer.PEM == "" { // the error would quote the answer
		return unread(errors.New("GitHub's answer has no App with a key"))
	}
	return App{ID: answer.ID, Slug: answer.Slug, URL: answer.HTMLURL, privateKey: answer.PEM, webhookSecret: answer.WebhookSecret}, nil
}
