package main

import (
	"bytes"
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"sync"

	"github.com/basebump/basebump/bot/github"
	"github.com/basebump/basebump/config/fault"
)

//go:embed init_page.html
var initHTML string

var initTemplate = template.Must(template.New("init").Parse(initHTML))

// initPage sends a browser to GitHub with the App's manifest, and takes it back with the code.
type initPage struct {
	address  string // host:port, as browsers on this machine know it
	form     *url.URL
	manifest string
	made     func(code string) error // called once

	mu    sync.Mutex
	state string // of the answer that is waited for; empty once it has come
}

func newInitPage(address string, options initOptions) (*initPage, error) {
	state := rand.Text() // comes back from GitHub: an answer without it was asked for by somebody else
	form, err := github.FormURL(options.apiURL, options.organization, state)
	if err != nil {
		return nil, err
	}
	manifest, err := json.Marshal(github.NewManifest("http://"+address+"/callback", options.hookURL()))
	if err != nil {
		return nil, fmt.Errorf("write the App's manifest: %w", err)
	}
	return &initPage{address: address, form: form, manifest: string(manifest), state: state}, nil
}

func (p *initPage) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		p.show(w, http.StatusOK, initView{Action: p.form.String(), Host: p.form.Host, Manifest: p.manifest})
	})
	mux.HandleFunc("GET /callback", p.callback)
	return p.guard(mux)
}

// guard answers browsers of this machine alone, not a page elsewhere whose name was made to lead here, and lets the page send its form to
// GitHub and nowhere else.
func (p *initPage) guard(next http.Handler) http.Handler {
	policy := fmt.Sprintf("default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; form-action %s://%s", p.form.Scheme, p.form.Host)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host != p.address {
			http.Error(w, "this page is at http://"+p.address+"/", http.StatusMisdirectedRequest)
			return
		}
		header := w.Header()
		header.Set("Content-Security-Policy", policy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer") // the address has the code
		header.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// callback is where GitHub sends the browser when the App is made.
func (p *initPage) callback(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	code := query.Get("code")
	if code == "" || !p.take(query.Get("state")) {
		p.show(w, http.StatusForbidden, initView{Problem: "This is not the answer that was waited for, or it came before."})
		return
	}
	if err := p.made(code); err != nil {
		p.show(w, http.StatusBadGateway, initView{Problem: fault.Text(err)})
		return
	}
	p.show(w, http.StatusOK, initView{Done: true})
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
	Problem                string
	Done                   bool
}

func (p *initPage) show(w http.ResponseWriter, status int, view initView) {
	var page bytes.Buffer
	if err := initTemplate.Execute(&page, view); err != nil {
		http.Error(w, "the page cannot be made: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = page.WriteTo(w) // the reader may have gone
}
