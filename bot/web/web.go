// Package web serves what basebump knows as plain pages, and its health. It shows and never changes anything; it needs no script and no
// asset from elsewhere.
package web

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"html/template"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/basebump/basebump/bot/store"
	"github.com/basebump/basebump/config/fault"
)

// State is what the pages show.
type State interface {
	Overview(ctx context.Context) (store.Overview, error)
	// Repository returns fault.NotFound for a repository that is not known.
	Repository(ctx context.Context, name string) (store.Repository, error)
	// Ready returns nil while the state can be read.
	Ready(ctx context.Context) error
}

// Schedule says when the next cycle is due.
type Schedule interface {
	Next(time.Time) time.Time
}

// Site is the set of pages. All fields of the first group must be set.
type Site struct {
	State    State
	Schedule Schedule
	Now      func() time.Time
	Version  string
	Log      *slog.Logger

	Webhooks   http.Handler          // takes the forge's events; nil: none are taken
	Deliveries func() map[string]int // how many events came to which end; nil: not shown
	Budgets    func() []Budget       // what is left of the forge's patience; nil: not shown
}

// Budget is what was spent of one allowance of requests, and what is left.
type Budget struct {
	Account   string // whose; "" for the App itself, or a token
	Reads     int
	Writes    int
	Limited   int // requests refused for going too fast
	Limit     int // an hour
	Remaining int // until Reset
	Reset     time.Time
}

// WebhookPath is where webhooks are taken.
const WebhookPath = "/webhooks/github"

// Handler answers all requests:
//
//	/                            the fleet
//	/repositories/OWNER/NAME     one repository
//	/webhooks/github             takes events, by POST
//	/healthz                     200 while the process lives
//	/readyz                      200 while the state can be read, else 503
func (s Site) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.fleet)
	mux.HandleFunc("GET /repositories/{owner}/{name}", s.repository)
	if s.Webhooks != nil {
		mux.Handle("POST "+WebhookPath, s.Webhooks)
	}
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "ok") })
	mux.HandleFunc("GET /readyz", s.ready)
	mux.Handle("GET /style.css", asset("text/css; charset=utf-8", "pages/style.css"))
	mux.Handle("GET /icon.svg", asset("image/svg+xml", "pages/icon.svg"))
	mux.HandleFunc("GET /", func(w http.ResponseWriter, _ *http.Request) {
		s.apology(w, http.StatusNotFound, "There is no such page.")
	})
	return secure(mux)
}

// secure forbids browsers everything that the pages do not need.
func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy",
			"default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer") // links lead to private repositories
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		header.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

func (s Site) ready(w http.ResponseWriter, r *http.Request) {
	if err := s.State.Ready(r.Context()); err != nil {
		s.Log.WarnContext(r.Context(), "not ready", "error", fault.Text(err))
		plain(w, http.StatusServiceUnavailable, "the state cannot be read; the log says why")
		return
	}
	plain(w, http.StatusOK, "ready")
}

func (s Site) fleet(w http.ResponseWriter, r *http.Request) {
	overview, err := s.State.Overview(r.Context())
	if err != nil {
		s.unreadable(w, r, err)
		return
	}
	s.page(w, http.StatusOK, "fleet.html", s.newFleet(overview))
}

func (s Site) repository(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("owner") + "/" + r.PathValue("name")
	repository, err := s.State.Repository(r.Context(), name)
	switch {
	case fault.ClassOf(err) == fault.NotFound:
		s.apology(w, http.StatusNotFound, "No cycle has looked at this repository yet.")
	case err != nil:
		s.unreadable(w, r, err)
	default:
		s.page(w, http.StatusOK, "repository.html", repository)
	}
}

func (s Site) unreadable(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) { // nobody waits for the page
		return
	}
	s.Log.ErrorContext(r.Context(), "page not made", "path", r.URL.Path, "error", fault.Text(err))
	s.apology(w, http.StatusInternalServerError, "The state cannot be read; the log says why.")
}

func (s Site) apology(w http.ResponseWriter, status int, text string) {
	s.page(w, status, "apology.html", text)
}

// page renders a page as a whole before it sends the first byte.
func (s Site) page(w http.ResponseWriter, status int, name string, content any) {
	var page bytes.Buffer
	err := template.Must(pages.Clone()).Funcs(clock(s.Now())).ExecuteTemplate(&page, name, struct {
		Version string
		Content any
	}{s.Version, content})
	if err != nil {
		s.Log.Error("page not made", "page", name, "error", err)
		plain(w, http.StatusInternalServerError, "the page cannot be made; the log says why")
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = page.WriteTo(w) // the reader may have gone
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text+"\n")
}

//go:embed pages
var files embed.FS

var pages = template.Must(template.New("").Funcs(clock(time.Time{})).ParseFS(files, "pages/*.html"))

func asset(kind, name string) http.Handler {
	content, err := files.ReadFile(name)
	if err != nil {
		panic(err) // it is compiled in
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", kind)
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(string(content)))
	})
}
