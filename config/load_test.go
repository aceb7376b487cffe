package config_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/config"
	"github.com/basebump/basebump/config/fault"
)

var update = flag.Bool("update", false, "rewrite the expected files")

func noEnv(string) string { return "" }

func environment(variables map[string]string) func(string) string {
	return func(name string) string { return variables[name] }
}

// load loads a text as basebump.yaml in a folder of its own, with files beside it.
func load(t *testing.T, text string, files, variables map[string]string) (config.Config, error) {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		write(t, filepath.Join(dir, name), content)
	}
	write(t, filepath.Join(dir, "basebump.yaml"), text)
	c, err := config.Load(filepath.Join(dir, "basebump.yaml"), environment(variables))
	var invalid *config.Invalid
	if errors.As(err, &invalid) {
		for i := range invalid.Problems {
			invalid.Problems[i].File = strings.TrimPrefix(invalid.Problems[i].File, dir+"/")
		}
	}
	return c, err
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// golden compares with a file that holds what is expected.
func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		write(t, path, string(got))
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// TestMessages holds the exact text of every complaint.
func TestMessages(t *testing.T) {
	t.Parallel()
	for kind, check := range map[string]func(text []byte) error{
		"operator": func(text []byte) error {
			_, err := load(t, string(text), nil, nil)
			return err
		},
		"repository": func(text []byte) error {
			_, err := config.ParseRepository(".github/basebump.yaml", text)
			return err
		},
	} {
		inputs, err := filepath.Glob(filepath.Join("testdata", kind, "*", "input"))
		if err != nil || len(inputs) == 0 {
			t.Fatalf("no cases of %s: %v", kind, err)
		}
		for _, input := range inputs {
			text, err := os.ReadFile(input)
			if err != nil {
				t.Fatal(err)
			}
			err = check(text)
			if err == nil {
				t.Errorf("%s: no error", input)
				continue
			}
			golden(t, filepath.Join(filepath.Dir(input), "expected"), []byte(err.Error()+"\n"))
		}
	}
}

func TestExample(t *testing.T) {
	t.Parallel()
	got, err := load(t, string(config.Example()), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := config.Default()
	want.PullRequests.Reviewers, want.PullRequests.Assignees = []string{}, []string{}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(config.Schedule{})); diff != "" {
		t.Errorf("the example and the defaults differ (-defaults +example):\n%s", diff)
	}
}

// TestExampleUncommented loads the example with its samples switched on, as an operator would switch them on.
func TestExampleUncommented(t *testing.T) {
	t.Parallel()
	sample := regexp.MustCompile(`(?m)^( *)# (( *)(- )?[a-z_]+:( .*)?|  - \{.*)$`)
	text := sample.ReplaceAllString(string(config.Example()), "$1$2")
	text = strings.Replace(text, "  token_file: token\n", "", 1) // an App or a token
	files := map[string]string{"app.pem": privateKey(t), "webhook.secret": "new\nold\n", "hub.token": "hunter2\n", "git.token": "s3cret", "trivy.token": "t0ken", "clair.key": "a2V5", "signing.key": "key", "id_ed25519": "key"}
	c, err := load(t, text, files, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Registries) != 1 || c.Registries[0].Password.Reveal() != "hunter2" || len(c.Policy.Ignore) != 2 || len(c.Watch) != 2 || len(c.Git.Remotes) != 2 {
		t.Errorf("the samples were not switched on: %+v", c)
	}
	if len(c.Scanners) != 4 || c.Scanners[1].Token.Reveal() != "t0ken" || c.Scanners[2].Key.Reveal() != "a2V5" || len(c.Scanners[3].Env) != 3 {
		t.Errorf("the scanners were not switched on: %+v", c.Scanners)
	}
	if secrets := c.GitHub.WebhookSecret.Lines(); len(secrets) != 2 || secrets[1].Reveal() != "old" {
		t.Errorf("webhook secrets: %d", len(secrets))
	}
}

// TestContract loads the configuration that the manual promises, with every section in use.
func TestContract(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("testdata", "contract", "basebump.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{"app.pem": privateKey(t), "webhook.secret": "s", "hub.token": "t"}
	c, err := load(t, string(text), files, nil)
	if err != nil {
		t.Fatal(err)
	}
	registry := config.Registry{Host: "docker.io", Mirror: "http://127.0.0.1:5000", Insecure: true, Username: "bot", Password: config.NewSecret("t")}
	if diff := cmp.Diff([]config.Registry{registry}, c.Registries); diff != "" {
		t.Errorf("registries (-want +got):\n%s", diff)
	}
	if !c.GitHub.IsApp() || len(c.Scanners) != 3 || c.Policy.Ignore[0].Until.String() != "2026-12-31" {
		t.Errorf("not as written: %+v", c)
	}
}

func TestLoadMissing(t *testing.T) {
	t.Chdir(t.TempDir())
	c, err := config.Load("", environment(map[string]string{"BASEBUMP_GITHUB_TOKEN": "t0ken"}))
	if err != nil || c.GitHub.Token.Reveal() != "t0ken" || c.Policy.Update != config.UpdatePatch {
		t.Errorf("without a file: %+v, %v", c, err)
	}
	_, err = config.Load("other.yaml", noEnv)
	want := "read other.yaml: no such file; name it with --config, or write one with `basebump init`"
	if err == nil || fault.Text(err) != want || fault.ClassOf(err) != fault.NotFound {
		t.Errorf("got %v, want %s", err, want)
	}
	write(t, config.DefaultFile, "policy: {update: minor}\n")
	if c, err = config.Load("", noEnv); err != nil || c.Policy.Update != config.UpdateMinor {
		t.Errorf("the default file was not read: %v, %v", c.Policy.Update, err)
	}
}

func TestLoadTooLong(t *testing.T) {
	t.Parallel()
	_, err := load(t, "#"+strings.Repeat("x", 1<<20), nil, nil)
	if err == nil || err.Error() != "basebump.yaml: longer than 1 MiB; is it the right file?" {
		t.Errorf("got %v", err)
	}
}

func TestRelativePaths(t *testing.T) {
	t.Parallel()
	text := "scanners: [{type: grype, db_dir: db}]\npolicy: {vex: ['vex/*.json', /etc/vex.json]}\n"
	dir := t.TempDir()
	write(t, filepath.Join(dir, "b.yaml"), text)
	c, err := config.Load(filepath.Join(dir, "b.yaml"), noEnv)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(c.Scanners[0].DBDir), filepath.Join(dir, "db"); got != want {
		t.Errorf("db_dir = %s, want %s", got, want)
	}
	want := []config.Path{config.Path(filepath.Join(dir, "vex/*.json")), "/etc/vex.json"}
	if diff := cmp.Diff(want, c.Policy.VEX); diff != "" {
		t.Error(diff)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(config.Example())
	inputs, _ := filepath.Glob("testdata/*/*/input")
	for _, input := range inputs {
		text, err := os.ReadFile(input)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if bytes.Contains(text, []byte("_file")) {
			t.Skip() // may name a device that never ends
		}
		_, operator := config.Parse("basebump.yaml", text, noEnv)
		_, repository := config.ParseRepository(config.RepositoryFile, text)
		for _, err := range []error{operator, repository} {
			var invalid *config.Invalid
			if err != nil && (!errors.As(err, &invalid) || strings.Count(err.Error(), "\n")+1 != len(invalid.Problems)) {
				t.Errorf("not one line for each problem: %q", err)
			}
		}
	})
}
