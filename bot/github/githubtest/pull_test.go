package githubtest_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot/github/githubtest"
)

func TestPullRefusals(t *testing.T) {
	t.Parallel()
	w := newLenientWorld(t)
	repo, id := w.repository()
	must(repo.Push("topic", "alice", "x", githubtest.Files{"x": githubtest.Text("x\n")}))(t)
	must(repo.OpenPull("alice", "topic", "main", "there already", ""))(t)
	if err := repo.ForcePush("same", "alice", "main"); err != nil {
		t.Fatal(err)
	}
	type detail struct{ Resource, Field, Code, Message string }
	for name, test := range map[string]struct {
		title, head, base, body string
		message                 string
		details                 []detail
	}{
		"second for the head": {
			title: "t", head: "topic", base: "main", message: "Validation Failed",
			details: []detail{{"PullRequest", "", "custom", "A pull request already exists for acme:topic."}},
		},
		"second, owner named": {
			title: "t", head: "acme:topic", base: "main", message: "Validation Failed",
			details: []detail{{"PullRequest", "", "custom", "A pull request already exists for acme:topic."}},
		},
		"nothing to merge": {
			title: "t", head: "same", base: "main", message: "Validation Failed",
			details: []detail{{"PullRequest", "", "custom", "No commits between main and same"}},
		},
		"unknown head": {title: "t", head: "gone", base: "main", message: "Validation Failed", details: []detail{{"PullRequest", "head", "invalid", ""}}},
		"unknown base": {title: "t", head: "topic", base: "gone", message: "Validation Failed", details: []detail{{"PullRequest", "base", "invalid", ""}}},
		"no title":     {head: "topic", base: "main", message: "Validation Failed", details: []detail{{"PullRequest", "title", "missing_field", ""}}},
		"no head":      {title: "t", base: "main", message: "Invalid request.\n\n\"head\" wasn't supplied."},
		"no base":      {title: "t", head: "topic", message: "Invalid request.\n\n\"base\" wasn't supplied."},
		"long body": {
			title: "t", head: "topic", base: "same", body: strings.Repeat("ä", 65537), message: "Validation Failed",
			details: []detail{{"PullRequest", "body", "custom", "body is too long (maximum is 65536 characters)"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			pull := &github.NewPullRequest{Body: &test.body}
			for value, target := range map[*string]**string{&test.title: &pull.Title, &test.head: &pull.Head, &test.base: &pull.Base} {
				if *value != "" {
					*target = value
				}
			}
			_, _, err := w.installed(id).PullRequests.Create(t.Context(), "acme", "web", pull)
			refusal := expectRefusal(t, err, 422, test.message)
			if refusal == nil {
				return
			}
			var got []detail
			for _, e := range refusal.Errors {
				got = append(got, detail{e.Resource, e.Field, e.Code, e.Message})
			}
			if diff := cmp.Diff(test.details, got); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
		})
	}
	if n := len(repo.Pulls()); n != 1 {
		t.Errorf("%d pull requests, want 1", n)
	}
}

// TestPullLife follows pull requests through what people and branches do to them.
func TestPullLife(t *testing.T) {
	t.Parallel()
	change := func(text string) githubtest.Files { return githubtest.Files{"f": githubtest.Text(text)} }
	for name, test := range map[string]struct {
		do               func(*testing.T, *githubtest.Repo) error
		state, mergeable string
	}{
		"open":           {func(*testing.T, *githubtest.Repo) error { return nil }, "open", "clean"},
		"closed":         {func(_ *testing.T, r *githubtest.Repo) error { return r.ClosePull(1, "alice") }, "closed", "unknown"},
		"merged":         {func(_ *testing.T, r *githubtest.Repo) error { return r.Merge(1, "alice") }, "merged", "unknown"},
		"branch gone":    {func(_ *testing.T, r *githubtest.Repo) error { return r.DeleteBranch("topic", "alice") }, "closed", "unknown"},
		"head at base":   {func(_ *testing.T, r *githubtest.Repo) error { return r.ForcePush("topic", "alice", "main") }, "closed", "unknown"},
		"pushed to base": {func(_ *testing.T, r *githubtest.Repo) error { return r.ForcePush("main", "alice", "topic") }, "merged", "unknown"},
		"reopened": {func(t *testing.T, r *githubtest.Repo) error {
			if err := r.ClosePull(1, "alice"); err != nil {
				t.Error(err)
			}
			return r.ReopenPull(1, "alice")
		}, "open", "clean"},
		"behind": {func(_ *testing.T, r *githubtest.Repo) error {
			r.Protect("main", &githubtest.Protection{Strict: true})
			_, err := r.Push("main", "alice", "other", githubtest.Files{"g": githubtest.Text("g")})
			return err
		}, "open", "behind"},
		"behind without a rule": {func(_ *testing.T, r *githubtest.Repo) error {
			_, err := r.Push("main", "alice", "other", githubtest.Files{"g": githubtest.Text("g")})
			return err
		}, "open", "clean"},
		"in conflict": {func(_ *testing.T, r *githubtest.Repo) error {
			_, err := r.Push("main", "alice", "other", change("elsewhere\n"))
			return err
		}, "open", "dirty"},
		"waiting for a check": {func(_ *testing.T, r *githubtest.Repo) error {
			r.Protect("main", &githubtest.Protection{Checks: []string{"ci"}})
			return r.SetStatus("topic", "ci", "ci", "pending")
		}, "open", "blocked"},
		"required check green": {func(_ *testing.T, r *githubtest.Repo) error {
			r.Protect("main", &githubtest.Protection{Checks: []string{"ci"}})
			return r.AddCheckRun("topic", "ci", "success")
		}, "open", "clean"},
		"other check red": {func(_ *testing.T, r *githubtest.Repo) error { return r.AddCheckRun("topic", "ci", "failure") }, "open", "unstable"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			repo, id := w.repository()
			must(repo.Push("main", "alice", "start", change("start\n")))(t)
			must(repo.Push("topic", "alice", "change", change("changed\n")))(t)
			must(repo.OpenPull("alice", "topic", "main", "Topic", ""))(t)
			if err := test.do(t, repo); err != nil {
				t.Fatal(err)
			}
			if state := repo.Pulls()[0].State; state != test.state {
				t.Errorf("%s, want %s", state, test.state)
			}
			pull, _, err := w.installed(id).PullRequests.Get(t.Context(), "acme", "web", 1)
			if err != nil {
				t.Fatal(err)
			}
			if pull.GetMergeableState() != test.mergeable || pull.GetChangedFiles() != 1 && name != "head at base" {
				t.Errorf("mergeable state %s, %d files", pull.GetMergeableState(), pull.GetChangedFiles())
			}
		})
	}
}

func TestReopenRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	repo, id := w.repository()
	reopen := func(number int) error {
		_, _, err := w.installed(id).PullRequests.Edit(t.Context(), "acme", "web", number, &github.PullRequest{State: github.String("open")})
		return err
	}
	for _, branch := range []string{"gone", "rewritten", "merged", "again"} {
		must(repo.Push(branch, "alice", branch, githubtest.Files{branch: githubtest.Text("x")}))(t)
		must(repo.OpenPull("alice", branch, "main", branch, ""))(t)
	}
	main := must(repo.Commits("main"))(t)[0].ID
	for _, err := range []error{
		repo.DeleteBranch("gone", "alice"), repo.ClosePull(2, "alice"), repo.ForcePush("rewritten", "alice", main), repo.Merge(3, "alice"),
		repo.ClosePull(4, "alice"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	must(repo.OpenPull("alice", "again", "main", "again", ""))(t)
	for number, want := range map[int]string{
		1: "state cannot be changed. The gone branch has been deleted.",
		2: "state cannot be changed. The rewritten branch was force-pushed or recreated.",
		3: "state cannot be changed. The pull request cannot be reopened.",
		4: "state cannot be changed. There is already an open pull request from again to main.",
	} {
		refusal := expectRefusal(t, reopen(number), 422, "Validation Failed")
		if refusal != nil && refusal.Errors[0].Message != want {
			t.Errorf("#%d: %q, want %q", number, refusal.Errors[0].Message, want)
		}
	}
}

func TestMergeRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	repo, id := w.repository()
	for _, branch := range []string{"conflict", "stale", "blocked"} {
		must(repo.Push(branch, "alice", branch, githubtest.Files{branch: githubtest.Text("theirs\n")}))(t)
		must(repo.OpenPull("alice", branch, "main", branch, ""))(t)
	}
	must(repo.Push("main", "alice", "ours", githubtest.Files{"conflict": githubtest.Text("ours\n")}))(t)
	merge := func(number int, sha string) error {
		_, _, err := w.installed(id).PullRequests.Merge(t.Context(), "acme", "web", number, "", &github.PullRequestOptions{SHA: sha})
		return err
	}
	expectRefusal(t, merge(1, ""), 405, "Pull Request is not mergeable")
	expectRefusal(t, merge(2, strings.Repeat("1", 40)), 409, "Head branch was modified. Review and try the merge again.")
	repo.Protect("main", &githubtest.Protection{Checks: []string{"ci"}})
	expectRefusal(t, merge(3, ""), 405, "Required status check is expected.")
	if err := repo.AddCheckRun("blocked", "ci", "success"); err != nil {
		t.Fatal(err)
	}
	expectRefusal(t, merge(3, ""), 200, "")
	if top := must(repo.Commits("main"))(t)[0]; !top.Verified || len(top.Parents) != 2 {
		t.Errorf("merge commit %+v", top)
	}
}

func TestListPulls(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	repo, id := w.repository()
	for _, branch := range []string{"one", "two"} {
		must(repo.Push(branch, "alice", branch, githubtest.Files{branch: githubtest.Text("x")}))(t)
		must(repo.OpenPull("alice", branch, "main", branch, ""))(t)
	}
	if err := repo.ClosePull(1, "alice"); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		options github.PullRequestListOptions
		want    string
	}{
		"open by default": {github.PullRequestListOptions{}, "two"},
		"all":             {github.PullRequestListOptions{State: "all"}, "two one"},
		"closed":          {github.PullRequestListOptions{State: "closed"}, "one"},
		"by head":         {github.PullRequestListOptions{State: "all", Head: "acme:one"}, "one"},
		"by another head": {github.PullRequestListOptions{State: "all", Head: "else:one"}, ""},
		"by base":         {github.PullRequestListOptions{Base: "two"}, ""},
		"upwards":         {github.PullRequestListOptions{State: "all", Direction: "asc"}, "one two"},
	} {
		t.Run(name, func(t *testing.T) {
			pulls, _, err := w.installed(id).PullRequests.List(t.Context(), "acme", "web", &test.options)
			var titles []string
			for _, pull := range pulls {
				titles = append(titles, pull.GetTitle())
			}
			if got := strings.Join(titles, " "); err != nil || got != test.want {
				t.Errorf("%s, %v, want %s", got, err, test.want)
			}
		})
	}
}
