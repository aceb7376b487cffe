//go:build bench

package main

import (
	"bufio"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// millionTagsRow measures a plan whose one reference is to a repository with a million tags, in pages of a thousand.
func millionTagsRow(t *testing.T, basebump string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(millionTags))
	t.Cleanup(server.Close)
	host := strings.TrimPrefix(server.URL, "http://")
	root, config := t.TempDir(), filepath.Join(t.TempDir(), "basebump.yaml")
	for file, text := range map[string]string{
		config:                            fmt.Sprintf("registries: [{host: %q, insecure: true}]\npolicy: {update: major}\n", host),
		filepath.Join(root, "Dockerfile"): "FROM " + host + "/acme/base:1.0.0-alpine3.20\n",
	} {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return measured("`basebump plan --no-scan`, a repository with 1,000,000 tags in 1,000 pages", 3, 0, 100<<20,
		basebump, "--config", config, "plan", root, "--no-scan").row(t)
}

func millionTags(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == "/v2/":
	case strings.HasSuffix(r.URL.Path, "/tags/list"):
		first, _ := strconv.Atoi(r.URL.Query().Get("last")) // none is the first page
		if first+1000 < 1_000_000 {
			w.Header().Set("Link", fmt.Sprintf(`<%s?n=1000&last=%d>; rel="next"`, r.URL.Path, first+1000))
		}
		out := bufio.NewWriter(w)
		defer out.Flush()
		fmt.Fprint(out, `{"tags":["latest"`)
		for i := first + 1; i < first+1000; i++ {
			fmt.Fprintf(out, `,"1.%d.%d-alpine3.20"`, i/5000, i%5000)
		}
		fmt.Fprint(out, `]}`)
	default:
		w.Header().Set("Docker-Content-Digest", "sha256:"+strings.Repeat("ab", 32))
		w.Header().Set("Content-Type", "application/vnd.oci.image.index.v1+json")
		w.Header().Set("Content-Length", "2")
		if r.Method == http.MethodGet {
			fmt.Fprint(w, "{}")
		}
	}
}
