package github_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/github/githubtest"
	"github.com/basebump/basebump/config/fault"
)

func paths(files []bot.File) []string {
	out := make([]string, len(files))
	for i, file := range files {
		out[i] = file.Path
	}
	return out
}

func TestSource(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	must(w.repo.Push("main", "ann", "More", githubtest.Files{
		"link": {Data: []byte("Dockerfile"), Mode: filemode.Symlink}, "a-b": githubtest.Text("1"), "a/b": githubtest.Text("2"),
		"binary": {Data: []byte("\x00\xff")}, "nothing": githubtest.Text(""),
	}))(t)
	client := w.client()
	source := client.Source(w.target(client))
	w.ForgetRequests()
	files := must(source.Files(t.Context()))(t)
	if diff := cmp.Diff([]string{"Dockerfile", "a-b", "a/b", "binary", "build.sh", "docs/a.md", "nothing"}, paths(files)); diff != "" {
		t.Error(diff)
	}
	want := map[string]string{"Dockerfile": dockerfile, "binary": "\x00\xff", "nothing": ""}
	for _, file := range files {
		if content, ok := want[file.Path]; ok {
			if got := must(source.Read(t.Context(), file))(t); string(got) != content || file.Size != int64(len(content)) {
				t.Errorf("%s: %q, size %d", file.Path, got, file.Size)
			}
		}
	}
	w.expectSent("GET /git/trees/{tree_sha...}", "GET /git/blobs/{file_sha}", "GET /git/blobs/{file_sha}", "GET /git/blobs/{file_sha}")
}

func TestSourceReadsWhatItKnowsOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := w.client()
	readAll := func() {
		source := client.Source(w.target(client))
		w.ForgetRequests()
		for _, file := range must(source.Files(t.Context()))(t) {
			must(source.Read(t.Context(), file))(t)
		}
	}
	readAll()
	readAll()
	w.expectSent()
	must(w.repo.Push("main", "ann", "More", githubtest.Files{"docs/a.md": githubtest.Text("b")}))(t)
	readAll()
	w.expectSent("GET /git/trees/{tree_sha...}", "GET /git/blobs/{file_sha}")
}

func TestSourceOfATreeThatComesCut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *githubtest.Options) { o.Limits.TreeEntries = 4 })
	files := githubtest.Files{}
	for i := range 12 {
		files[fmt.Sprintf("dir%d/sub%d/file%d", i%2, i%3, i)] = githubtest.Text(fmt.Sprint(i))
	}
	must(w.repo.Push("main", "ann", "More", files))(t)
	client := w.client()
	got := must(client.Source(w.target(client)).Files(t.Context()))(t)
	want := append(slices.Collect(maps.Keys(files)), "Dockerfile", "build.sh", "docs/a.md")
	slices.Sort(want)
	if diff := cmp.Diff(want, paths(got)); diff != "" {
		t.Error(diff)
	}
}

func TestSourceDistrusts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := w.client()
	repo := w.target(client)
	file := bot.File{Path: "Dockerfile", ID: "2a41f49f7ec9aa5d5f2c3d5b5f8c04ae8a5d2b3c"}
	for _, tc := range []struct {
		name   string
		answer map[string]any
		err    string
		class  fault.Class
	}{
		{"other bytes", map[string]any{"encoding": "base64", "content": "eA=="}, "the bytes do not match their id", fault.Retry},
		{"no base64", map[string]any{"encoding": "base64", "content": "!"}, "illegal base64 data at input byte 0", fault.Retry},
		{"another encoding", map[string]any{"encoding": "rot13", "content": "x"}, `the encoding is "rot13", not base64`, fault.Permanent},
	} {
		body := must(json.Marshal(tc.answer))(t)
		remove := w.Inject(githubtest.Fault{Pattern: "/repos/{owner}/{repo}/git/blobs/{file_sha}", Status: http.StatusOK, Body: string(body)})
		_, err := client.Source(repo).Read(t.Context(), file)
		if want := "read acme/web/Dockerfile: " + tc.err; err == nil || err.Error() != want || fault.ClassOf(err) != tc.class {
			t.Errorf("%s: error %v (%q), want %s", tc.name, err, fault.ClassOf(err), want)
		}
		remove()
	}
	tree := `{"sha":"x","truncated":false,"tree":[{"path":"../x","mode":"100644","type":"blob","sha":"a"},{"path":"/y","mode":"100644","type":"blob","sha":"a"},{"path":"z","mode":"100644","type":"blob","sha":"a"}]}`
	w.Inject(githubtest.Fault{Pattern: "/repos/{owner}/{repo}/git/trees/{tree_sha...}", Status: http.StatusOK, Body: tree})
	if diff := cmp.Diff([]string{"z"}, paths(must(client.Source(repo).Files(t.Context()))(t))); diff != "" {
		t.Error(diff)
	}
}
