package gitrepo_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/gitrepo"
	"github.com/basebump/basebump/config/fault"
)

// TestMain keeps the ignore rules of whoever runs the tests out of them.
func TestMain(m *testing.M) {
	home, err := os.MkdirTemp("", "home")
	if err != nil {
		panic(err)
	}
	os.Setenv("HOME", home)
	os.Unsetenv("XDG_CONFIG_HOME")
	code := m.Run()
	os.RemoveAll(home)
	os.Exit(code)
}

// tree makes a folder of files; a name that ends in a slash is a folder, a value that starts with "-> " a symbolic link.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	grow(t, dir, files)
	return dir
}

func grow(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, data := range files {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		if target, ok := strings.CutPrefix(data, "-> "); ok {
			err = os.Symlink(target, full)
		} else if strings.HasSuffix(name, "/") {
			err = os.MkdirAll(full, 0o755)
		} else {
			err = os.WriteFile(full, []byte(data), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func open(t *testing.T, dir string) *gitrepo.Folder {
	t.Helper()
	folder, err := gitrepo.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { folder.Close() })
	return folder
}

func list(t *testing.T, dir string) []string {
	t.Helper()
	files, err := open(t, dir).Files(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	names := make([]string, 0, len(files))
	for _, file := range files {
		names = append(names, file.Path)
	}
	return names
}

func TestFiles(t *testing.T) {
	t.Parallel()
	const head = "ref: refs/heads/main\n"
	for _, tc := range []struct {
		name string
		at   string // the folder to open
		tree map[string]string
		want []string
	}{
		{
			name: "outside a checkout nothing is ignored",
			tree: map[string]string{".gitignore": "*.log\n", "a.log": "", "b/c": "", "b-c": "", ".git/config": "x"},
			want: []string{".gitignore", "a.log", "b-c", "b/c"},
		},
		{
			name: "links, folders and what is no file are left out",
			tree: map[string]string{"Dockerfile": "", "link": "-> Dockerfile", "out": "-> /etc/passwd", "up": "-> ..", "empty/": "", "broken": "-> nowhere"},
			want: []string{"Dockerfile"},
		},
		{
			name: "a checkout's ignored files are left out",
			tree: map[string]string{".git/HEAD": head, ".git/info/exclude": "private\n", ".gitignore": "*.log\nbuild/\n", "a.log": "", "b/build/x": "", "b/private": "", "c/build": ""},
			want: []string{".gitignore", "c/build"},
		},
		{
			name: "the rules of the folders above hold in a part of a checkout",
			at:   "a/b",
			tree: map[string]string{".git/HEAD": head, ".gitignore": "/a/b/x\n*.log\n", "a/.gitignore": "!keep.log\n", "a/b/x": "", "a/b/y": "", "a/b/y.log": "", "a/b/keep.log": ""},
			want: []string{"keep.log", "y"},
		},
		{
			name: "whoever names an ignored folder wants it",
			at:   "build/out",
			tree: map[string]string{".git/HEAD": head, ".gitignore": "build/\n*.log\n", "build/out/Dockerfile": "", "build/out/a.log": ""},
			want: []string{"Dockerfile", "a.log"},
		},
		{
			name: "a checkout in a checkout is left out",
			tree: map[string]string{".git/HEAD": head, "own": "", "sub/.git": "gitdir: ../.git/modules/sub\n", ".git/modules/sub/HEAD": head, "sub/x": "", "clone/.git/HEAD": head, "clone/x": "", "odd/.git/x": "", "odd/y": ""},
			want: []string{"odd/y", "own"},
		},
		{
			name: "checkouts in a plain folder are listed by their own rules",
			tree: map[string]string{"one/.git/HEAD": head, "one/.gitignore": "x\n", "one/x": "", "one/y": "", "two/x": ""},
			want: []string{"one/.gitignore", "one/y", "two/x"},
		},
		{
			name: "a linked work tree has the exclude file of its main one",
			at:   "linked",
			tree: map[string]string{"main/.git/worktrees/l/HEAD": head, "main/.git/worktrees/l/commondir": "../..\n", "main/.git/info/exclude": "x\n", "linked/.git": "gitdir: ../main/.git/worktrees/l\n", "linked/x": "", "linked/y": ""},
			want: []string{"y"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := list(t, filepath.Join(tree(t, tc.tree), tc.at))
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFilesGoesOnAfterWhatItCannotRead(t *testing.T) {
	t.Parallel()
	dir := tree(t, map[string]string{".git/HEAD": "x", "a/x": "", "b/.gitignore": strings.Repeat("#", 1<<20+1), "b/y": ""})
	files, err := open(t, dir).Files(t.Context())
	if got := len(files); got != 3 {
		t.Errorf("%d files, want 3", got)
	}
	want := "read b/.gitignore: it was changed by someone else meanwhile: it is larger than 1048576 bytes"
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestFilesCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if files, err := open(t, tree(t, map[string]string{"x": ""})).Files(ctx); !errors.Is(err, context.Canceled) || files != nil {
		t.Errorf("%v, %v", files, err)
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	dir := tree(t, map[string]string{"a/f": "hello", "link": "-> a/f", "out": "-> /etc/passwd", "b": "-> a"})
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o644); err != nil {
		t.Fatal(err)
	}
	folder := open(t, dir)
	for _, tc := range []struct {
		path  string
		size  int64
		want  string
		class fault.Class
		err   string
	}{
		{path: "a/f", size: 5, want: "hello"},
		{path: "a/f", size: 9, want: "hello"},
		{path: "a/f", size: 4, class: fault.Retry, err: "read a/f: it was changed by someone else meanwhile: it is larger than 4 bytes"},
		{path: "none", class: fault.NotFound, err: "read none: statat none: no such file or directory"},
		{path: "link", size: 5, class: fault.Permanent, err: "read link: it is not a regular file (L---------)"},
		{path: "out", size: 5, class: fault.Permanent, err: "read out: it is not a regular file (L---------)"},
		{path: "b/f", size: 5, class: fault.Permanent, err: "read b/f: b is not a folder (L---------)"},
		{path: "pipe", size: 5, class: fault.Permanent, err: "read pipe: it is not a regular file (p---------)"},
		{path: "../etc/passwd", class: fault.Permanent, err: "read ../etc/passwd: statat ..: path escapes from parent"},
	} {
		got, err := folder.Read(t.Context(), bot.File{Path: tc.path, Size: tc.size})
		if string(got) != tc.want || fault.ClassOf(err) != tc.class {
			t.Errorf("%s: %q, class %q", tc.path, got, fault.ClassOf(err))
		}
		if tc.err != "" && (err == nil || err.Error() != tc.err) {
			t.Errorf("%s: error %v, want %s", tc.path, err, tc.err)
		}
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	dir := tree(t, map[string]string{"real/x": "", "link": "-> real", "file": ""})
	if diff := cmp.Diff([]string{"x"}, list(t, filepath.Join(dir, "link"))); diff != "" {
		t.Error(diff)
	}
	for name, class := range map[string]fault.Class{"none": fault.NotFound, "file": fault.Permanent} {
		if _, err := gitrepo.Open(filepath.Join(dir, name)); fault.ClassOf(err) != class {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func BenchmarkFiles(b *testing.B) {
	dir := b.TempDir()
	for i := range 2000 {
		sub := filepath.Join(dir, string(rune('a'+i%20)), string(rune('a'+i%7)))
		name := filepath.Join(sub, "file"+string(rune('0'+i%10))+string(rune('a'+i/100)))
		if err := errors.Join(os.MkdirAll(sub, 0o755), os.WriteFile(name, nil, 0o644)); err != nil {
			b.Fatal(err)
		}
	}
	rules := []byte(strings.Join(slices.Repeat([]string{"*.log", "/build/", "docs/**/x", "!keep"}, 10), "\n"))
	if err := errors.Join(os.Mkdir(filepath.Join(dir, ".git"), 0o755),
		os.WriteFile(filepath.Join(dir, ".git", "HEAD"), nil, fs.ModePerm),
		os.WriteFile(filepath.Join(dir, ".gitignore"), rules, 0o644)); err != nil {
		b.Fatal(err)
	}
	folder, err := gitrepo.Open(dir)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := folder.Files(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
