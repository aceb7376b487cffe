package githubtest_test

import (
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot/github/githubtest"
)

// TestObjectIDs compares with what git hash-object and git mktree say.
func TestObjectIDs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	must(w.AddRepository("acme/ids", githubtest.Files{
		"hello.txt":  githubtest.Text("hello\n"),
		"bin/run.sh": {Data: []byte("#!/bin/sh\n"), Mode: filemode.Executable},
		"link":       {Data: []byte("hello.txt"), Mode: filemode.Symlink},
	}, githubtest.RepositoryOptions{}))(t)
	id := w.AddInstallation("acme")
	tree, _, err := w.installed(id).Git.GetTree(t.Context(), "acme", "ids", "main", true)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{"": tree.GetSHA()}
	for _, entry := range tree.Entries {
		got[entry.GetPath()] = entry.GetMode() + " " + entry.GetType() + " " + entry.GetSHA()
	}
	want := map[string]string{
		"":           "ab161f72adc39016cd65e58d4f44f41046a9a2fd",
		"bin":        "040000 tree 4d30b2ddd4dbd82d6ad7ee4d2a4ea360f5d65b61",
		"bin/run.sh": "100755 blob 1a2485251c33a70432394c93fb89330ef214bfc9",
		"hello.txt":  "100644 blob ce013625030ba8dba906f756967f9e9ca394464a",
		"link":       "120000 blob a5162f80d4a6782b7cb2a0a197f834e683cb9eb1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("objects (-want +got):\n%s", diff)
	}
}

func TestTruncatedTree(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *githubtest.Options) { o.Limits.TreeEntries = 2 })
	_, id := w.repository()
	for recursive, want := range map[bool]int{true: 2, false: 2} {
		tree, _, err := w.installed(id).Git.GetTree(t.Context(), "acme", "web", "main", recursive)
		if err != nil || len(tree.Entries) != want || tree.GetTruncated() != recursive {
			t.Errorf("recursive %t: %d entries, truncated %t, %v", recursive, len(tree.Entries), tree.GetTruncated(), err)
		}
	}
}

// TestCreateTree lays entries over a base tree.
func TestCreateTree(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	repo, id := w.repository()
	must(repo.Push("main", "alice", "modes", githubtest.Files{
		"a/b/deep.txt": githubtest.Text("deep\n"), "run": {Data: []byte("x"), Mode: filemode.Executable},
	}))(t)
	client := w.installed(id)
	entry := func(path, mode, content string) *github.TreeEntry {
		return &github.TreeEntry{Path: &path, Mode: &mode, Type: github.String("blob"), Content: &content}
	}
	removed := func(path string) *github.TreeEntry {
		return &github.TreeEntry{Path: &path, Mode: github.String("100644")}
	}
	for name, test := range map[string]struct {
		entries []*github.TreeEntry
		want    string
	}{
		"replace":           {[]*github.TreeEntry{entry("Dockerfile", "100644", "FROM x\n")}, "Dockerfile a/b/deep.txt deploy/pod.yaml run"},
		"add in new folder": {[]*github.TreeEntry{entry("n/e/w", "100755", "")}, "Dockerfile a/b/deep.txt deploy/pod.yaml n/e/w run"},
		"remove":            {[]*github.TreeEntry{removed("a/b/deep.txt")}, "Dockerfile deploy/pod.yaml run"},
		"file over folder":  {[]*github.TreeEntry{entry("a", "100644", "a")}, "Dockerfile a deploy/pod.yaml run"},
		"folder over file":  {[]*github.TreeEntry{entry("run/x", "100644", "x")}, "Dockerfile a/b/deep.txt deploy/pod.yaml run/x"},
	} {
		t.Run(name, func(t *testing.T) {
			made, _, err := client.Git.CreateTree(t.Context(), "acme", "web", "main", test.entries)
			if err != nil {
				t.Fatal(err)
			}
			tree, _, err := client.Git.GetTree(t.Context(), "acme", "web", made.GetSHA(), true)
			if err != nil {
				t.Fatal(err)
			}
			var paths []string
			for _, e := range tree.Entries {
				if e.GetType() == "tree" {
					continue
				}
				paths = append(paths, e.GetPath())
				if e.GetPath() == "run" && e.GetMode() != "100755" {
					t.Errorf("run became %s", e.GetMode())
				}
			}
			if got := strings.Join(paths, " "); got != test.want {
				t.Errorf("files %s, want %s", got, test.want)
			}
		})
	}
}

func TestGitRefusals(t *testing.T) {
	t.Parallel()
	w := newLenientWorld(t)
	repo, id := w.repository()
	ctx, client := t.Context(), w.installed(id)
	none := strings.Repeat("0", 39) + "1"
	tree := func(entries ...*github.TreeEntry) error {
		_, _, err := client.Git.CreateTree(ctx, "acme", "web", "main", entries)
		return err
	}
	commit := func(message, treeSHA, parent string) error {
		_, _, err := client.Git.CreateCommit(ctx, "acme", "web", &github.Commit{
			Message: &message, Tree: &github.Tree{SHA: &treeSHA}, Parents: []*github.Commit{{SHA: &parent}},
		}, nil)
		return err
	}
	head := must(repo.Commits("main"))(t)[0].ID
	good, _, err := client.Git.GetTree(ctx, "acme", "web", "main", false)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		err     error
		message string
	}{
		"bad mode": {
			tree(&github.TreeEntry{Path: github.String("a"), Mode: github.String("100600"), Content: github.String("")}), "Must supply a valid tree.mode",
		},
		"path out of the tree": {
			tree(&github.TreeEntry{Path: github.String("../a"), Mode: github.String("100644"), Content: github.String("")}),
			"tree.path contains a malformed path component",
		},
		"unknown blob": {
			tree(&github.TreeEntry{Path: github.String("a"), Mode: github.String("100644"), SHA: &none}), "tree.sha " + none + " is not a valid blob",
		},
		"removal of nothing": {tree(&github.TreeEntry{Path: github.String("nowhere"), Mode: github.String("100644")}), "GitRPC::BadObjectState"},
		"unknown tree":       {commit("m", none, head), "Tree SHA does not exist"},
		"unknown parent":     {commit("m", good.GetSHA(), none), "Parent SHA does not exist or is not a commit object"},
		"no message":         {commit("", good.GetSHA(), head), "Invalid request.\n\n\"message\" wasn't supplied."},
	} {
		t.Run(name, func(t *testing.T) { expectRefusal(t, test.err, 422, test.message) })
	}
}

func TestWorkflowsNeedPermission(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, id := w.repository()
	entries := []*github.TreeEntry{{
		Path: github.String(".github/workflows/ci.yml"), Mode: github.String("100644"), Type: github.String("blob"), Content: github.String("on: push\n"),
	}}
	_, _, err := w.installed(id).Git.CreateTree(t.Context(), "acme", "web", "main", entries)
	expectRefusal(t, err, 403, "Resource not accessible by integration")
	if err := w.SetPermissions(id, map[string]string{"metadata": "read", "contents": "write", "workflows": "write"}); err != nil {
		t.Fatal(err)
	}
	_, _, err = w.installed(id).Git.CreateTree(t.Context(), "acme", "web", "main", entries)
	expectRefusal(t, err, 200, "")
}

func TestEmptyRepository(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	must(w.AddRepository("acme/empty", nil, githubtest.RepositoryOptions{}))(t)
	client := w.installed(w.AddInstallation("acme"))
	_, _, err := client.Git.GetTree(t.Context(), "acme", "empty", "main", true)
	expectRefusal(t, err, 409, "Git Repository is empty.")
	_, _, err = client.Git.GetRef(t.Context(), "acme", "empty", "heads/main")
	expectRefusal(t, err, 409, "Git Repository is empty.")
	_, _, err = client.Repositories.Get(t.Context(), "acme", "empty")
	expectRefusal(t, err, 200, "")
}

// TestVerifiedCommits: GitHub signs what an App makes without naming who made it, and nothing else.
func TestVerifiedCommits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, id := w.repository()
	someone := &github.CommitAuthor{Name: github.String("A"), Email: github.String("a@example.com")}
	for name, test := range map[string]struct {
		client   *github.Client
		author   *github.CommitAuthor
		verified bool
		reason   string
		by       string
	}{
		"App":                  {w.installed(id), nil, true, "valid", "basebump[bot]"},
		"App naming an author": {w.installed(id), someone, false, "unsigned", "A"},
		"person":               {w.with(w.AddToken("acme")), nil, false, "unsigned", "acme"},
	} {
		t.Run(name, func(t *testing.T) {
			tree, _, err := test.client.Git.GetTree(t.Context(), "acme", "web", "main", false)
			if err != nil {
				t.Fatal(err)
			}
			commit, _, err := test.client.Git.CreateCommit(t.Context(), "acme", "web", &github.Commit{
				Message: github.String("m"), Tree: tree, Author: test.author,
			}, nil)
			if err != nil {
				t.Fatal(err)
			}
			v := commit.GetVerification()
			if v.GetVerified() != test.verified || v.GetReason() != test.reason || commit.GetAuthor().GetName() != test.by {
				t.Errorf("verified %t (%s) by %s", v.GetVerified(), v.GetReason(), commit.GetAuthor().GetName())
			}
		})
	}
}
