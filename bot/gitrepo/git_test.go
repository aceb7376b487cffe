package gitrepo_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// git runs the real Git, which decides what is right here.
func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("git %s: %v", strings.Join(args, " "), err)
	}
	return string(out)
}

func TestFilesAsGit(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	names := []string{
		"a", "b.log", "Dockerfile", "build/x", "build/y/z", "src/build", "src/main.go", "src/gen/a.go", "src/gen/keep/b.yaml",
		"docs/a/b/c.md", "docs/c.md", "{a,b}", "sp ace", "trail ", "#hash", "!bang", "x[1]", "deep/1/2/3/4.yaml", "foo/bar/baz", "foobar", "é",
	}
	for _, tc := range []struct {
		name  string
		files map[string]string // besides the names above
		add   []string          // tracked, even if ignored
	}{
		{name: "names and extensions", files: map[string]string{".gitignore": "*.log\nbuild\n"}},
		{name: "folders only, anchored", files: map[string]string{".gitignore": "build/\n/src/gen\n"}},
		{name: "everything but", files: map[string]string{".gitignore": "*\n!*/\n!*.yaml\n!.gitignore\n"}},
		{name: "taken back below what is kept", files: map[string]string{".gitignore": "/src/*\n!/src/gen/\n/src/gen/*\n!/src/gen/keep\n"}},
		{name: "not taken back below what is gone", files: map[string]string{".gitignore": "src\n!src/gen/keep/b.yaml\n"}},
		{name: "an included folder does not include its files", files: map[string]string{".gitignore": "*.yaml\n!src/gen/keep/\n"}},
		{name: "two stars", files: map[string]string{".gitignore": "docs/**/c.md\n**/keep\nfoo/**\n"}},
		{name: "two stars keep the folder", files: map[string]string{".gitignore": "foo/**\n!foo/bar/\n!foo/bar/baz\n"}},
		{name: "stars in words", files: map[string]string{".gitignore": "**ar\nd**/**/3\nsr****/build\n***/c.md\n"}},
		{name: "escapes, spaces, comments", files: map[string]string{".gitignore": "\\#hash\n\\!bang\ntrail\\ \nsp ace   \n# a\n\nx\\[1\\]\n"}},
		{name: "braces are letters, classes are not", files: map[string]string{".gitignore": "{a,b}\n[!a-z]oobar\n[f]oobar\n"}},
		{name: "a broken pattern matches nothing", files: map[string]string{".gitignore": "[a\nb.log\\\n"}},
		{name: "a mark and foreign line ends", files: map[string]string{".gitignore": "\ufeff*.log\r\nbuild/\r\n"}},
		{name: "nested files, the last word is the innermost", files: map[string]string{".gitignore": "*.go\nkeep\n", "src/.gitignore": "!main.go\n/build\n", "src/gen/.gitignore": "!keep/\n*.yaml\n"}},
		{name: "tracked although ignored", files: map[string]string{".gitignore": "build\n*.log\n"}, add: []string{"build/y/z", "b.log"}},
		{name: "a linked ignore file does not count", files: map[string]string{"rules": "*.log\n", ".gitignore": "-> rules"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			dir := tree(t, tc.files)
			for _, name := range names {
				grow(t, dir, map[string]string{name: "x"})
			}
			git(t, dir, "init", "--quiet")
			if tc.add != nil {
				git(t, dir, append([]string{"add", "--force"}, tc.add...)...)
			}
			want := strings.Split(git(t, dir, "ls-files", "-z", "--cached", "--others", "--exclude-standard"), "\x00")
			want = slices.DeleteFunc(want, func(name string) bool {
				return name == "" || strings.HasPrefix(tc.files[name], "-> ")
			})
			slices.Sort(want)
			if diff := cmp.Diff(want, list(t, dir)); diff != "" {
				t.Errorf("git and we differ:\n%s", diff)
			}
		})
	}
}
