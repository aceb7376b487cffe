package githubtest

import (
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

//go:embed web
var webFiles embed.FS

// pages are what people see: a pull request, and the confirmation of an App manifest. Everyone sees them, signed in or not.
func (s *Server) pages() *http.ServeMux {
	templates := template.Must(template.ParseFS(webFiles, "web/*.html"))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{owner}/{repo}/pull/{number}", func(w http.ResponseWriter, r *http.Request) { s.pullPage(w, r, templates) })
	confirm := func(w http.ResponseWriter, r *http.Request) { s.manifestPage(w, r, templates) }
	mux.HandleFunc("POST /settings/apps/new", confirm)
	mux.HandleFunc("POST /organizations/{org}/settings/apps/new", confirm)
	return mux
}

func show(w http.ResponseWriter, templates *template.Template, name string, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_ = templates.ExecuteTemplate(w, name, data)
}

// shownPull is a pull request on its page.
type shownPull struct {
	Pull
	Repository string
	Diff       []diffLine
}

// diffLine is a line of a diff and what it is: add, del, hunk, file or nothing.
type diffLine struct{ Class, Text string }

func (s *Server) pullPage(w http.ResponseWriter, r *http.Request, templates *template.Template) {
	number, err := strconv.ParseInt(r.PathValue("number"), 10, 64)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	s.mu.Lock()
	shown, ok := s.shownPull(r.PathValue("owner")+"/"+r.PathValue("repo"), number)
	s.mu.Unlock()
	if !ok {
		http.NotFound(w, r)
		return
	}
	show(w, templates, "pull.html", shown)
}

func (s *Server) shownPull(fullName string, number int64) (shownPull, bool) {
	repo := s.find(fullName)
	if repo == nil {
		return shownPull{}, false
	}
	i := repo.issueAt(number)
	if i == nil || i.pull == nil {
		return shownPull{}, false
	}
	d, err := repo.pullDistance(i.pull)
	if err != nil {
		return shownPull{}, false
	}
	handle := Repo{s, repo}
	return shownPull{handle.pull(i), repo.fullName(), diffLines(d.change.text)}, true
}

func diffLines(text string) []diffLine {
	var out []diffLine
	for line := range strings.Lines(text) {
		class := ""
		switch {
		case strings.HasPrefix(line, "diff "), strings.HasPrefix(line, "+++ "), strings.HasPrefix(line, "--- "), strings.HasPrefix(line, "index "):
			class = "file"
		case strings.HasPrefix(line, "@@"):
			class = "hunk"
		case strings.HasPrefix(line, "+"):
			class = "add"
		case strings.HasPrefix(line, "-"):
			class = "del"
		}
		out = append(out, diffLine{class, strings.TrimSuffix(line, "\n")})
	}
	return out
}

// manifestPage asks a person whether to make the App, and sends the browser back with a code when the answer is yes.
func (s *Server) manifestPage(w http.ResponseWriter, r *http.Request, templates *template.Template) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	if err := r.ParseForm(); err != nil {
		http.Error(w, "Bad Request", http.StatusBadRequest)
		return
	}
	text := r.PostFormValue("manifest")
	m, err := parseManifest(text)
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	if r.PostFormValue("confirmed") == "" {
		show(w, templates, "manifest.html", map[string]any{"Manifest": m, "Text": text, "Action": r.URL.RequestURI()})
		return
	}
	back, err := url.Parse(m.RedirectURL)
	if err != nil {
		http.Error(w, "redirect_url is not valid", http.StatusUnprocessableEntity)
		return
	}
	code, err := s.ConfirmManifest(text)
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	query := back.Query()
	query.Set("code", code)
	if state := r.URL.Query().Get("state"); state != "" {
		query.Set("state", state)
	}
	back.RawQuery = query.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}
