package clair_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/clair"
)

// imported is when the recorded data came into Clair, by which update; now is shortly after.
var (
	ref, imported = newestUpdate()
	now           = imported.Add(time.Hour)
)

const recordings = "../../testdata/scanners/recorded/clair"

func newestUpdate() (ref string, date time.Time) {
	var updates map[string][]struct {
		Ref  string
		Date time.Time
	}
	if err := json.Unmarshal(must(os.ReadFile(filepath.Join(recordings, "update_operation.json"))), &updates); err != nil {
		panic(err)
	}
	newest := updates["debian/updater"][0]
	return newest.Ref, newest.Date
}

// recorded is an answer of a real Clair about a real image.
func recorded(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(recordings, name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// fake is a Clair that gives recorded answers. Fields are set before the first request.
type fake struct {
	*httptest.Server
	report  []byte
	updates []byte
	diff    string
	index   string                         // the answer to an index request
	before  func(http.ResponseWriter) bool // answers a request instead; false to go on

	mu       sync.Mutex
	requests []string // method, path and query
	bodies   []string
	tokens   []string
}

func newFake(t *testing.T, stage string) *fake {
	t.Helper()
	f := &fake{
		report: recorded(t, stage), updates: recorded(t, "update_operation"),
		index: `{"state":"IndexFinished","success":true,"err":""}`,
	}
	state := recorded(t, "index_state")
	mux := http.NewServeMux()
	mux.HandleFunc("GET /clair/indexer/api/v1/index_state", func(w http.ResponseWriter, _ *http.Request) { write(w, state) })
	mux.HandleFunc("GET /clair/matcher/api/v1/internal/update_operation", func(w http.ResponseWriter, _ *http.Request) { write(w, f.updates) })
	mux.HandleFunc("GET /clair/matcher/api/v1/internal/update_diff", func(w http.ResponseWriter, _ *http.Request) { write(w, []byte(f.diff)) })
	mux.HandleFunc("POST /clair/indexer/api/v1/index_report", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusCreated)
		write(w, []byte(f.index))
	})
	mux.HandleFunc("GET /clair/matcher/api/v1/vulnerability_report/{hash}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/vnd.clair.index_report.v1+json") // so says the real one
		write(w, about(f.report, r.PathValue("hash")))
	})
	f.Server = httptest.NewServer(f.journal(mux))
	t.Cleanup(f.Close)
	return f
}

// about puts another image's hash into a recorded report.
func about(report []byte, hash string) []byte {
	var old struct {
		Hash string `json:"manifest_hash"`
	}
	if err := json.Unmarshal(report, &old); err != nil || old.Hash == "" {
		return report
	}
	return bytes.ReplaceAll(report, []byte(old.Hash), []byte(hash))
}

func (f *fake) journal(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		f.mu.Lock()
		f.requests = append(f.requests, r.Method+" "+strings.TrimPrefix(r.URL.RequestURI(), "/clair"))
		f.bodies = append(f.bodies, string(body))
		f.tokens = append(f.tokens, strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
		f.mu.Unlock()
		if f.before == nil || !f.before(w) {
			next.ServeHTTP(w, r)
		}
	})
}

func write(w io.Writer, data []byte) { _, _ = w.Write(data) }

func (f *fake) scanner(t *testing.T, change ...func(*clair.Options)) *clair.Scanner {
	t.Helper()
	o := clair.Options{URL: f.URL + "/clair/", MaxDBAge: 24 * time.Hour, HTTP: f.Client(), Now: func() time.Time { return now }}
	for _, c := range change {
		c(&o)
	}
	s, err := clair.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// image pushes an index for two platforms to a registry that lets in whom allow says, and returns the target of the second.
func image(t *testing.T, allow func(*http.Request) bool) (target scan.Target, manifest v1.Hash, layers []v1.Hash) {
	t.Helper()
	inner := registry.New(registry.Logger(log.New(io.Discard, "", 0)))
	open := true
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !open && allow != nil && !allow(r) {
			w.Header().Set("WWW-Authenticate", `Basic realm="registry"`)
			http.Error(w, `{"errors":[{"code":"UNAUTHORIZED"}]}`, http.StatusUnauthorized)
			return
		}
		inner.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	other, mine := must(random.Image(64, 1)), must(random.Image(64, 3))
	index := mutate.AppendManifests(empty.Index,
		mutate.IndexAddendum{Add: other, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: "amd64"}}},
		mutate.IndexAddendum{Add: mine, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: "arm64", Variant: "v8"}}},
	)
	repository := strings.TrimPrefix(server.URL, "http://") + "/mirror/library/debian"
	if err := remote.WriteIndex(must(name.NewTag(repository+":12", name.Insecure)), index); err != nil {
		t.Fatal(err)
	}
	open = false
	for _, l := range must(mine.Layers()) {
		layers = append(layers, must(l.Digest()))
	}
	return scan.Target{
		Image: "docker.io/library/debian", Digest: must(index.Digest()).String(), Platform: "linux/arm64/v8",
		Access: scan.Access{Repository: repository, Insecure: true, Private: true},
	}, must(mine.Digest()), layers
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
