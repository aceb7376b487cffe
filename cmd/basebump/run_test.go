package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/basebump/basebump/bot/github/githubtest"
	"github.com/basebump/basebump/bot/leaktest"
)

// TestRunWithATokenOnAServerOfOnesOwn is a CI job's way: one token, no App, and the API below a path as GitHub Enterprise Server has it.
func TestRunWithATokenOnAServerOfOnesOwn(t *testing.T) {
	t.Parallel()
	world := githubtest.New(githubtest.Options{})
	server := httptest.NewServer(http.StripPrefix("/api/v3", world))
	t.Cleanup(server.Close)
	for _, name := range []string{"ann/web", "ann/api"} {
		if _, err := world.AddRepository(name, githubtest.Files{
			"README": githubtest.Text("hello\n"), ".github/basebump.yaml": githubtest.Text("schedule: \"@yearly\"\n"),
		}, githubtest.RepositoryOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	folder := t.TempDir()
	guard := leaktest.New(t)
	token := world.AddToken("ann")
	guard.Keep("the token", token)
	for name, text := range map[string]string{
		"token": token + "\n", "basebump.yaml": "github: {api_url: " + server.URL + "/api/v3/, token_file: token}\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	basebump := func(args ...string) (int, string) {
		var out bytes.Buffer
		all := append([]string{"--config", filepath.Join(folder, "basebump.yaml"), "--state-dir", filepath.Join(folder, "state"), "run"}, args...)
		code := run(t.Context(), all, strings.NewReader(""), guard.Writer("the output", &out), guard.Writer("the output", &out))
		return code, out.String()
	}
	for i, want := range []string{"nothing to change", "not due"} { // by its own schedule, the second time
		if code, out := basebump(); code != 0 || strings.Count(out, want) != 2 {
			t.Errorf("run %d: exit %d\n%s", i, code, out)
		}
	}
	if code, out := basebump("--repo", "Ann/Web"); code != 0 || strings.Count(out, "nothing to change") != 1 || strings.Contains(out, "ann/api") {
		t.Errorf("one repository: exit %d\n%s", code, out)
	}
	for _, name := range []string{"ann/wbe", "ann"} {
		want := "failed   find " + name + ": it is not among the repositories that may be changed here; check its name as OWNER/NAME and that the App is " +
			"installed there; archived and empty ones are left out\n"
		if code, out := basebump("--repo", name, "--repo", "ann/api"); code != exitFailed || !strings.Contains(out, want) || !strings.Contains(out, "nothing to change") {
			t.Errorf("a wrong name: exit %d\n%s", code, out)
		}
	}
	if code, out := basebump("--dry-run"); code != 0 {
		t.Errorf("dry run: exit %d\n%s", code, out)
	}
}
