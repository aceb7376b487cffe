package main

import (
	"bytes"
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"encoding/json"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/basebump/basebump/bot/github"
	"github.com/basebump/basebump/config/fault"
)

//go:embed init_page.html
var initHTML string

var initTemplate = template.Must(template.New("init").Parse(initHTML))

// initPage sends a browser to GitHub with the App's manifest, and takes it back with the code. Who may open it decides about the App: it is
// either for browsers of this machine alone, or for who has the token.
type initPage struct {
	path    string // of the page, without a final slash
	address string // host:port, as browsers on this machine know it; empty: the page is for who has the token
	token   string
	public  string // where browsers find this server; empty: where they say they do
	options initOptions
	github  *url.URL
	made    func(code string) (initView, error) // called once

	mu    sync.Mutex
	state string // of the answer that is waited for; empty once it has come
}

// newInitPage is the page at an address of this machine.
func newInitPage(address string, options initOptions) (*initPage, error) {
	return (&initPage{address: address, public: "http://" + address, options: options}).ready()
}

// newSetupPage is the page at /setup of a server that others may reach.
func newSetupPage(public string, options initOptions) (*initPage, error) {
	return (&initPage{path: setupPath, token: rand.Text(), public: strings.TrimSuffix(public, "/"), options: options}).ready()
}

func (p *initPage) ready() (*initPage, error) {
	p.state = rand.Text() // comes back from GitHub: an answer without it was asked for by somebody else
	var err error
	p.github, err = github.FormURL(p.options.apiURL, "", "")
	return p, err
}

func (p *initPage) handler() http.Handler {
	mux := http.NewServeMux()
	page := "GET " + p.path
	if p.path == "" {
		page = "GET /{$}"
	}
	mux.HandleFunc(page, p.form)
	mux.HandleFunc("GET "+p.path+"/callback", p.callback)
	return p.guard(mux)
}

// guard answers browsers of this machine alone where there is no token, not a page elsewhere whose name was made to lead here, and lets the
// page send its form to GitHub and nowhere else.
func (p *initPage) guard(next http.Handler) http.Handler {
	allowed := p.github.Scheme + "://" + p.github.Host
	if p.token != "" {
		allowed = "'self' " + allowed
	}
	policy := "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; form-action " + allowed
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.address != "" && r.Host != p.address {
			http.Error(w, "this page is at http://"+p.address+"/", http.StatusMisdirectedRequest)
			return
		}
		header := w.Header()
		header.Set("Content-Security-Policy", policy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer") // the address has the code, or the token
		header.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// form shows what GitHub is about to ask, and leads there.
func (p *initPage) form(w http.ResponseWriter, r *http.Request) {
	if p.token != "" && subtle.ConstantTimeCompare([]byte(r.URL.Query().Get("token")), []byte(p.token)) != 1 {
		p.show(w, http.StatusForbidden, initView{Problem: "This page is for who can read the log of basebump: its address stands there."})
		return
	}
	view := initView{Token: p.token, Organization: p.options.organization, Workflows: p.options.workflows, Webhooks: p.options.hookURL() != ""}
	if p.token != "" {
		view.Organization, view.Workflows = strings.TrimSpace(r.URL.Query().Get("organization")), r.URL.Query().Get("workflows") != ""
	}
	p.mu.Lock()
	state := p.state
	p.mu.Unlock()
	form, err := github.FormURL(p.options.apiURL, view.Organization, state)
	if err != nil { // it was checked
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	manifest, err := json.Marshal(github.NewManifest(p.from(r)+p.path+"/callback", p.options.hookURL(), view.Workflows))
	if err != nil {
		http.Error(w, "write the App's manifest: "+err.Error(), http.StatusInternalServerError)
		return
	}
	view.Action, view.Host, view.Manifest = form.String(), form.Host, string(manifest)
	p.show(w, http.StatusOK, view)
}

// from is this server, as the browser knows it.
func (p *initPage) from(r *http.Request) string {
	if p.public != "" {
		return p.public
	}
	from := url.URL{Scheme: "http", Host: r.Host}
	if r.Header.Get("X-Forwarded-Proto") == "https" {
		from.Scheme = "https"
	}
	return from.String()
}

// callback is where GitHub sends the browser when the App is made.
func (p *initPage) callback(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	code := query.Get("code")
	if code == "" || !p.take(query.Get("state")) {
		p.show(w, http.StatusForbidden, initView{Problem: "This is not the answer that was waited for, or it came before."})
		return
	}
	view, err := p.made(code)
	if err != nil {
		p.show(w, http.StatusBadGateway, initView{Problem: fault.Text(err)})
		return
	}
	view.Done = true
	p.show(w, http.StatusOK, view)
}

// take reports whether state is the one that is waited for. It is so once.
func (p *initPage) take(state string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.state == "" || subtle.ConstantTimeCompare([]byte(state), []byte(p.state)) != 1 {
		return false
	}
	p.state = ""
	return true
}

// initView is what the page shows: the form, unless there is a Problem or it is Done.
type initView struct {
	Action, Host, Manifest string
	Token, Organization    string // a page with a token lets people choose
	Workflows, Webhooks    bool
	Problem                string
	Done                   bool
	Install                string      // where to install the App
	Shown                  []shownOnce // secrets that could not be written
	Where                  string      // what says how to go on
}

// shownOnce is a secret, and the variable in which basebump wants it.
type shownOnce struct{ Name, Value string }

func (p *initPage) show(w http.ResponseWriter, status int, view initView) {
	view.Where = "terminal"
	if p.token != "" {
		view.Where = "log"
	}
	var page bytes.Buffer
	if err := initTemplate.Execute(&page, view); err != nil {
		http.Error(w, "the page cannot be made: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = page.WriteTo(w) // the reader may have gone
}
