package scantest

import (
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/clair"
)

func clairIn(t *testing.T, s situation) (scan.Scanner, scan.Target) {
	report := recorded(t, "clair/"+stage(s)+".json")
	about := recordedHash(t, report)
	diff := `{"added":[{"distribution":{"did":"debian","version_id":"12"}}]}`
	switch s {
	case uncovered:
		diff = `{"added":[{"distribution":{"did":"debian","version_id":"11"}}]}`
	case unrecognised:
		report = `{"manifest_hash":"` + about + `"}`
	}
	answers := map[string]string{
		"/indexer/api/v1/index_state":               recorded(t, "clair/index_state.json"),
		"/indexer/api/v1/index_report":              `{"state":"IndexFinished","success":true}`,
		"/matcher/api/v1/internal/update_operation": recorded(t, "clair/update_operation.json"),
		"/matcher/api/v1/internal/update_diff":      diff,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if hash, ok := strings.CutPrefix(r.URL.Path, "/matcher/api/v1/vulnerability_report/"); ok {
			_, _ = io.WriteString(w, strings.ReplaceAll(report, about, hash))
			return
		}
		_, _ = io.WriteString(w, answers[r.URL.Path])
	}))
	t.Cleanup(server.Close)
	scanner, err := clair.New(clair.Options{URL: server.URL, MaxDBAge: maxAge, HTTP: server.Client(), Now: clock(t, s)})
	if err != nil {
		t.Fatal(err)
	}
	return scanner, pushed(t, s)
}

func recordedHash(t *testing.T, report string) string {
	t.Helper()
	var recorded struct {
		Hash string `json:"manifest_hash"`
	}
	if err := json.Unmarshal([]byte(report), &recorded); err != nil {
		t.Fatal(err)
	}
	return recorded.Hash
}

// pushed is a target in a registry: Clair is told by us where the layers are.
func pushed(t *testing.T, s situation) scan.Target {
	t.Helper()
	inner := registry.New(registry.Logger(log.New(io.Discard, "", 0)))
	open := true
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !open && s == refused {
			w.Header().Set("WWW-Authenticate", `Basic realm="registry"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		inner.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	repository := strings.TrimPrefix(server.URL, "http://") + "/library/debian"
	layered, err := random.Image(64, 1)
	if err != nil {
		t.Fatal(err)
	}
	tag, err := name.NewTag(repository+":12", name.Insecure)
	if err != nil {
		t.Fatal(err)
	}
	if err := remote.Write(tag, layered); err != nil {
		t.Fatal(err)
	}
	open = false
	digest, err := layered.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return scan.Target{
		Image: "docker.io/library/debian", Digest: digest.String(), Access: scan.Access{Repository: repository, Insecure: true, Private: true},
	}
}
