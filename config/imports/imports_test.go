package imports_test

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/config"
	"github.com/basebump/basebump/config/imports"
)

var update = flag.Bool("update", false, "rewrite the expected files")

// TestImport holds what becomes of a repository's files to the files beside them: basebump.yaml, and notes.txt for what is left out.
func TestImport(t *testing.T) {
	t.Parallel()
	cases, err := filepath.Glob("testdata/*/*")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, dir := range cases {
		t.Run(filepath.ToSlash(strings.TrimPrefix(dir, "testdata/")), func(t *testing.T) {
			t.Parallel()
			got := told(imports.Import(sources(t, filepath.Join(dir, "input"))))
			if again := told(imports.Import(sources(t, filepath.Join(dir, "input")))); !cmp.Equal(got, again) {
				t.Errorf("a second time: %s", cmp.Diff(got, again))
			}
			for name, text := range got {
				golden(t, filepath.Join(dir, name), text)
			}
		})
	}
}

// told is a result as the goldens hold it.
func told(result imports.Result, err error) map[string]string {
	notes := ""
	if err != nil {
		notes = "error: " + err.Error() + "\n"
	}
	for _, note := range result.Notes {
		notes += note.String() + "\n"
	}
	return map[string]string{"basebump.yaml": string(result.Config), "notes.txt": notes}
}

func sources(t *testing.T, dir string) []imports.Source {
	t.Helper()
	var found []imports.Source
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		relative, _ := filepath.Rel(dir, name)
		found = append(found, imports.Source{Path: filepath.ToSlash(relative), Data: data})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
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

func TestNothingToImport(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]imports.Source{
		"no file":               {Path: "README.md", Data: []byte("x")},
		"a package.json":        {Path: "package.json", Data: []byte(`{"name": "x"}`)},
		"an empty file":         {Path: "renovate.json", Data: []byte("  // nothing\n")},
		"other ecosystems only": {Path: ".github/dependabot.yml", Data: []byte("version: 2\nupdates: [{package-ecosystem: npm, directory: /}]\n")},
	} {
		if _, err := imports.Import([]imports.Source{source}); !errors.Is(err, imports.ErrNothing) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBroken(t *testing.T) {
	t.Parallel()
	bomb := "a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]\n" +
		"d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c]\ne: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d]\nupdates: [*e, *e, *e]\n"
	for want, source := range map[string]imports.Source{
		`renovate.json:2: not JSON: expected a comma or '}', got '"'`:             {Path: "renovate.json", Data: []byte("{\"a\": 1\n\"b\": 2}")},
		`renovate.json:1: not JSON: it ends too early`:                            {Path: "renovate.json", Data: []byte(`{"a": "b`)},
		`renovate.json:1: not JSON: it is nested too deep`:                        {Path: "renovate.json", Data: []byte(strings.Repeat("[", 10_000))},
		`renovate.json:1: not JSON: unexpected word "yes"; text stands in quotes`: {Path: "renovate.json", Data: []byte(`{a: yes}`)},
		`renovate.json:3: not JSON: a comment does not end`:                       {Path: "renovate.json", Data: []byte("{}\n\n/* ")},
		`renovate.json: longer than 1 MiB; is it the right file?`:                 {Path: "renovate.json", Data: make([]byte, imports.MaxFile+1)},
		`renovate.json:1: expected keys and values`:                               {Path: "renovate.json", Data: []byte(`[]`)},
		`.github/dependabot.yml:1: not YAML: did not find expected node content`:  {Path: ".github/dependabot.yml", Data: []byte("updates: [")},
		`.github/dependabot.yml: it holds too many values, or is nested too deep`: {Path: ".github/dependabot.yml", Data: []byte(bomb)},
		`renovate.json:1: not JSON: "\\ud8zz" is no character`:                    {Path: "renovate.json", Data: []byte(`{"a": "\ud8zz"}`)},
		`renovate.json:1: not JSON: unexpected 'x' after the end`:                 {Path: "renovate.json", Data: []byte(`{} x`)},
		`renovate.json:1: not JSON: a text does not end on its line`:              {Path: "renovate.json", Data: []byte("{'a\n': 1}")},
		`renovate.json:1: not JSON: expected a colon after the key, got '}'`:      {Path: "renovate.json", Data: []byte("{a}")},
	} {
		_, err := imports.Import([]imports.Source{source})
		if _, ok := errors.AsType[*config.Invalid](err); !ok || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

// TestLongLine would take minutes if places were counted from the start of the line.
func TestLongLine(t *testing.T) {
	t.Parallel()
	text := `{"packageRules": [` + strings.Repeat(`{"a": [1, 2]},`, 12_000) + `], "labels": [` + strings.Repeat(`"x",`, 12_000) + `]}`
	if result, err := imports.Import([]imports.Source{{Path: "renovate.json", Data: []byte(text)}}); err != nil || len(result.Notes) != 12_000 {
		t.Errorf("%d notes, %v", len(result.Notes), err)
	}
}

func TestCovers(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		path, text, want string
	}{
		"renovate":                     {"renovate.json", `{"extends": ["config:recommended"]}`, "Renovate"},
		"renovate without images":      {"renovate.json", `{"extends": ["docker:disable"]}`, ""},
		"renovate off":                 {"renovate.json", `{"enabled": false}`, ""},
		"renovate for npm alone":       {"renovate.json5", `{enabledManagers: ['npm']}`, ""},
		"renovate for actions alone":   {"renovate.json", `{"enabledManagers": ["npm", "github-actions"]}`, ""},
		"renovate for actions, too":    {"renovate.json", `{"enabledManagers": ["dockerfile", "github-actions"]}`, "Renovate"},
		"renovate by rule":             {"renovate.json", `{"packageRules": [{"matchDatasources": ["docker"], "enabled": false}]}`, ""},
		"renovate by its old key":      {".renovaterc", `{"docker": {"enabled": false}}`, ""},
		"renovate for npm off":         {".renovaterc", `{"packageRules": [{"matchDatasources": ["npm"], "enabled": false}]}`, "Renovate"},
		"renovate without workflows":   {"renovate.json", `{"packageRules": [{"matchManagers": ["github-actions"], "enabled": false}]}`, "Renovate"},
		"renovate in a package":        {"package.json", `{"renovate": {}}`, "Renovate"},
		"a package":                    {"package.json", `{}`, ""},
		"dependabot":                   {".github/dependabot.yml", "updates: [{package-ecosystem: docker, directory: /}]", "Dependabot"},
		"dependabot for compose":       {".github/dependabot.yml", "updates: [{package-ecosystem: docker-compose, directory: /}]", "Dependabot"},
		"dependabot for npm":           {".github/dependabot.yml", "updates: [{package-ecosystem: npm, directory: /}]", ""},
		"dependabot for security only": {".github/dependabot.yml", "updates: [{package-ecosystem: docker, open-pull-requests-limit: 0}]", ""},
		"broken":                       {"renovate.json", "{", ""},
	} {
		if got, _, _ := imports.Covers(imports.Source{Path: tc.path, Data: []byte(tc.text)}); got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}

// FuzzImport looks for input that panics, or makes what our own parser refuses.
func FuzzImport(f *testing.F) {
	inputs, err := filepath.Glob("testdata/*/*/input/*")
	if err != nil {
		f.Fatal(err)
	}
	nested, _ := filepath.Glob("testdata/*/*/input/.github/*")
	for _, name := range append(inputs, nested...) {
		if data, err := os.ReadFile(name); err == nil {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, name := range []string{"renovate.json5", ".github/dependabot.yml"} {
			source := imports.Source{Path: name, Data: data}
			result, err := imports.Import([]imports.Source{source})
			if _, invalid := errors.AsType[*config.Invalid](err); err != nil && !errors.Is(err, imports.ErrNothing) && !invalid {
				t.Fatal(err)
			}
			if invalid, ok := errors.AsType[*config.Invalid](err); ok && invalid.Problems[0].File != name {
				t.Fatalf("ours is invalid: %v", err)
			}
			if !slices.IsSortedFunc(result.Notes, func(a, b config.Problem) int { return a.Line - b.Line }) {
				t.Fatal("notes out of order")
			}
			imports.Covers(source)
		}
	})
}
