package githubtest_test

import (
	"strings"
	"testing"

	"github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot/github/githubtest"
)

func TestRefRules(t *testing.T) {
	t.Parallel()
	w := newLenientWorld(t)
	repo, id := w.repository()
	first := must(repo.Commits("main"))(t)[0].ID
	second := must(repo.Push("main", "alice", "two", githubtest.Files{"a": githubtest.Text("a\n")}))(t)
	fork := must(repo.Push("side", "alice", "side", githubtest.Files{"s": githubtest.Text("s\n")}))(t)
	must(repo.Push("protected", "alice", "p", githubtest.Files{"p": githubtest.Text("p\n")}))(t)
	repo.Protect("protected", &githubtest.Protection{})
	ctx, git := t.Context(), w.installed(id).Git
	ref := func(name, sha string) *github.Reference {
		return &github.Reference{Ref: github.String("refs/" + name), Object: &github.GitObject{SHA: &sha}}
	}
	create := func(name, sha string) error {
		_, _, err := git.CreateRef(ctx, "acme", "web", ref(name, sha))
		return err
	}
	update := func(name, sha string, force bool) error {
		_, _, err := git.UpdateRef(ctx, "acme", "web", ref(name, sha), force)
		return err
	}
	remove := func(name string) error {
		_, err := git.DeleteRef(ctx, "acme", "web", name)
		return err
	}
	none := strings.Repeat("0", 39) + "1"
	for _, step := range []struct {
		name    string
		err     error
		status  int
		message string
	}{
		{"create", create("heads/basebump/debian", first), 201, ""},
		{"create twice", create("heads/basebump/debian", first), 422, "Reference already exists"},
		{"below another", create("heads/basebump/debian/12", first), 422, "Reference cannot be created: 'refs/heads/basebump/debian' exists"},
		{"above another", create("heads/basebump", first), 422, "Reference cannot be created: 'refs/heads/basebump/debian' exists"},
		{"unknown commit", create("heads/x", none), 422, "Object does not exist"},
		{"no commit id", create("heads/x", "main"), 422, "The sha parameter must be exactly 40 characters and contain only [0-9a-f]."},
		{"no branch", create("x", first), 422, "Reference name must start with 'refs' and have at least two slashes."},
		{"bad name", create("heads/a..b", first), 422, "refs/heads/a..b is not a valid ref name."},
		{"forward", update("heads/basebump/debian", second, false), 200, ""},
		{"to the same", update("heads/basebump/debian", second, false), 200, ""},
		{"backward", update("heads/basebump/debian", first, false), 422, "Update is not a fast forward"},
		{"aside", update("heads/basebump/debian", fork, true), 200, ""},
		{"unknown", update("heads/x", first, true), 422, "Reference does not exist"},
		{"protected", update("heads/protected", fork, false), 422, "Cannot force-push to this branch"},
		{"delete protected", remove("heads/protected"), 422, "Cannot force-push to this branch"},
		{"delete default", remove("heads/main"), 422, "Cannot delete the default branch"},
		{"delete", remove("heads/basebump/debian"), 204, ""},
		{"delete twice", remove("heads/basebump/debian"), 422, "Reference does not exist"},
	} {
		t.Run(step.name, func(t *testing.T) { expectRefusal(t, step.err, step.status, step.message) })
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	repo, id := w.repository()
	base := must(repo.Commits("main"))(t)[0].ID
	must(repo.Push("topic", "alice", "one", githubtest.Files{"one": githubtest.Text("1\n2\n")}))(t)
	must(repo.Push("topic", "alice", "two", githubtest.Files{"Dockerfile": {Removed: true}}))(t)
	must(repo.Push("main", "alice", "three", githubtest.Files{"three": githubtest.Text("3\n")}))(t)
	for name, test := range map[string]struct {
		base, head, status            string
		ahead, behind, adds, removals int
	}{
		"diverged":  {"main", "topic", "diverged", 2, 1, 2, 2},
		"ahead":     {base, "topic", "ahead", 2, 0, 2, 2},
		"behind":    {"main", base, "behind", 0, 1, 0, 0},
		"identical": {"main", "main", "identical", 0, 0, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			c, _, err := w.installed(id).Repositories.CompareCommits(t.Context(), "acme", "web", test.base, test.head, nil)
			if err != nil {
				t.Fatal(err)
			}
			adds, removals := 0, 0
			for _, f := range c.Files {
				adds, removals = adds+f.GetAdditions(), removals+f.GetDeletions()
			}
			if c.GetStatus() != test.status || c.GetAheadBy() != test.ahead || c.GetBehindBy() != test.behind || adds != test.adds || removals != test.removals {
				t.Errorf("%s, %d ahead, %d behind, +%d -%d", c.GetStatus(), c.GetAheadBy(), c.GetBehindBy(), adds, removals)
			}
			if c.MergeBaseCommit.GetSHA() != base && test.status == "diverged" {
				t.Errorf("merge base %s, want %s", c.MergeBaseCommit.GetSHA(), base)
			}
		})
	}
}
