package web_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/store"
	"github.com/basebump/basebump/bot/web"
	"github.com/basebump/basebump/config/fault"
)

var update = flag.Bool("update", false, "rewrite the expected pages")

var now = time.Date(2026, 11, 23, 12, 31, 0, 0, time.UTC)

// state is a fleet in memory.
type state struct {
	overview   store.Overview
	repository store.Repository
	budgets    []web.Budget
	deliveries map[string]int
	err        error
}

func (s state) Overview(context.Context) (store.Overview, error) { return s.overview, s.err }

func (s state) Ready(context.Context) error { return s.err }

func (s state) Repository(_ context.Context, name string) (store.Repository, error) {
	if s.err == nil && name != s.repository.Name {
		return store.Repository{}, &fault.Error{Class: fault.NotFound, Err: errors.New("unknown")}
	}
	return s.repository, s.err
}

type hourly struct{}

func (hourly) Next(t time.Time) time.Time {
	return t.Truncate(time.Hour).Add(time.Hour + 17*time.Minute)
}

func site(s state) (http.Handler, *bytes.Buffer) {
	var log bytes.Buffer
	handler := web.Site{
		State: s, Schedule: hourly{}, Now: func() time.Time { return now }, Version: "1.2.3", Log: slog.New(slog.NewTextHandler(&log, nil)),
		Budgets: func() []web.Budget { return s.budgets }, Deliveries: func() map[string]int { return s.deliveries },
		Webhooks: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) }),
	}.Handler()
	return handler, &log
}

func get(t *testing.T, handler http.Handler, path string) *http.Response {
	t.Helper()
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	return recorder.Result()
}

func body(t *testing.T, response *http.Response) string {
	t.Helper()
	var text bytes.Buffer
	if _, err := text.ReadFrom(response.Body); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

func TestPages(t *testing.T) {
	t.Parallel()
	full, _ := site(busy())
	nothing, _ := site(state{})
	for name, tc := range map[string]struct {
		handler http.Handler
		path    string
		status  int
	}{
		"fleet":              {full, "/", 200},
		"fleet-empty":        {nothing, "/", 200},
		"repository":         {full, "/repositories/acme/api", 200},
		"repository-unknown": {full, "/repositories/acme/none", 404},
		"no-such-page":       {full, "/admin", 404},
	} {
		response := get(t, tc.handler, tc.path)
		if response.StatusCode != tc.status || response.Header.Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("%s: %s, %s", name, response.Status, response.Header.Get("Content-Type"))
		}
		golden(t, filepath.Join("testdata", name+".html"), body(t, response))
	}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// TestHostile: what a repository names cannot become markup or a script.
func TestHostile(t *testing.T) {
	t.Parallel()
	bad := `"><script>alert(1)</script><img src=x onerror=alert(1)>`
	proposal := store.Proposal{Repository: bad, Proposal: bot.Proposal{Number: 1, State: bot.Open, Title: bad, URL: "javascript:alert(1)"}}
	row := store.Row{Repository: bad, Unchanged: bot.Unchanged{Image: bad, Tag: bad, File: bad, Reason: bad, Failed: true}}
	held := store.Held{Repository: bad, Title: bad, Reason: bad}
	summary := store.Summary{Name: "acme/api", Error: bad}
	handler, _ := site(state{
		overview: store.Overview{
			Last: &store.Cycle{Error: bad}, Proposals: []store.Proposal{proposal}, Held: []store.Held{held},
			Problems: []store.Row{row}, Repositories: []store.Summary{summary},
		},
		repository: store.Repository{Summary: summary, Proposals: []store.Proposal{proposal}, Held: []store.Held{held}, Rows: []store.Row{row}},
	})
	for _, path := range []string{"/", "/repositories/acme/api", "/%22%3E%3Cscript%3E"} {
		page := body(t, get(t, handler, path))
		for _, never := range []string{"<script", "<img src=x", "javascript:", "onerror=alert(1)>"} {
			if strings.Contains(page, never) {
				t.Errorf("%s shows %s:\n%s", path, never, page)
			}
		}
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	handler, _ := site(busy())
	for _, path := range []string{"/", "/style.css", "/icon.svg", "/healthz", "/none"} {
		header := get(t, handler, path).Header
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
			"X-Content-Type-Options":  "nosniff",
			"Referrer-Policy":         "no-referrer",
			"Cache-Control":           "no-store",
		} {
			if got := header.Get(name); got != want {
				t.Errorf("%s: %s: %s", path, name, got)
			}
		}
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	well, _ := site(state{})
	broken, log := site(state{err: &fault.Error{Op: "read", Target: "state", Err: errors.New("disk gone"), Hint: "mount it"}})
	for _, tc := range []struct {
		handler http.Handler
		path    string
		status  int
		body    string
	}{
		{well, "/healthz", 200, "ok\n"},
		{well, "/readyz", 200, "ready\n"},
		{broken, "/healthz", 200, "ok\n"},
		{broken, "/readyz", 503, "the state cannot be read; the log says why\n"},
	} {
		response := get(t, tc.handler, tc.path)
		if text := body(t, response); response.StatusCode != tc.status || text != tc.body {
			t.Errorf("%s: %s, %q", tc.path, response.Status, text)
		}
	}
	for _, path := range []string{"/", "/repositories/acme/api"} {
		response := get(t, broken, path)
		if text := body(t, response); response.StatusCode != 500 || strings.Contains(text, "disk gone") {
			t.Errorf("%s: %s, %s", path, response.Status, text)
		}
	}
	if n := strings.Count(log.String(), "read state: disk gone; mount it"); n != 3 {
		t.Errorf("logged %d times:\n%s", n, log)
	}
}

func TestMethods(t *testing.T) {
	t.Parallel()
	handler, _ := site(busy())
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", nil))
	if recorder.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", recorder.Code)
	}
}

func TestWebhooks(t *testing.T) {
	t.Parallel()
	handler, _ := site(state{})
	for method, want := range map[string]int{http.MethodPost: http.StatusAccepted, http.MethodGet: http.StatusNotFound, http.MethodPut: http.StatusMethodNotAllowed} {
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), method, web.WebhookPath, nil))
		if recorder.Code != want {
			t.Errorf("%s: %d, want %d", method, recorder.Code, want)
		}
	}
}
