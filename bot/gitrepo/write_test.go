package gitrepo_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/config/fault"
)

func TestWriteFile(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, path, old string
		err             string
		class           fault.Class
	}{
		{name: "replaced", path: "a/run.sh", old: "old"},
		{name: "not what was read", path: "a/run.sh", old: "odd", class: fault.Retry, err: "write a/run.sh: it was changed by someone else meanwhile: nothing was written"},
		{name: "longer than what was read", path: "a/run.sh", old: "o", class: fault.Retry, err: "write a/run.sh: it was changed by someone else meanwhile: it is larger than 1 bytes"},
		{name: "a link", path: "link", old: "old", class: fault.Permanent, err: "write link: it is not a regular file (L---------)"},
		{name: "below a link", path: "b/run.sh", old: "old", class: fault.Permanent, err: "write b/run.sh: b is not a folder (L---------)"},
		{name: "outside", path: "../x", class: fault.Permanent, err: "write ../x: statat ..: path escapes from parent"},
		{name: "gone", path: "a/none", class: fault.NotFound, err: "write a/none: statat a/none: no such file or directory"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			dir := tree(t, map[string]string{"a/run.sh": "old", "link": "-> a/run.sh", "b": "-> a"})
			script := filepath.Join(dir, "a", "run.sh")
			if err := os.Chmod(script, 0o751); err != nil {
				t.Fatal(err)
			}
			err := open(t, dir).WriteFile(tc.path, []byte(tc.old), []byte("new"))
			want := "old"
			if tc.err == "" {
				want = "new"
			}
			if tc.err == "" && err != nil || tc.err != "" && (err == nil || err.Error() != tc.err) || fault.ClassOf(err) != tc.class {
				t.Errorf("error %v, want %s", err, tc.err)
			}
			if got, err := os.ReadFile(script); string(got) != want || err != nil {
				t.Errorf("holds %q, want %q (%v)", got, want, err)
			}
			if info, err := os.Stat(script); err != nil || info.Mode().Perm() != 0o751 {
				t.Errorf("mode %v, %v", info.Mode(), err)
			}
			if diff := cmp.Diff([]string{"a/run.sh"}, list(t, dir)); diff != "" {
				t.Errorf("something was left behind: %s", diff)
			}
		})
	}
}

func TestWriteFileIntoAReadOnlyFolder(t *testing.T) {
	t.Parallel()
	if os.Getuid() == 0 {
		t.Skip("root may write everywhere")
	}
	dir := tree(t, map[string]string{"a/f": "old"})
	if err := os.Chmod(filepath.Join(dir, "a"), 0o555); err != nil {
		t.Fatal(err)
	}
	err := open(t, dir).WriteFile("a/f", []byte("old"), []byte("new"))
	if got := fault.Hint(err); got != "check who may read and write it" {
		t.Errorf("hint %q of %v", got, err)
	}
}
