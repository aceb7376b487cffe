package github_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/github"
	"github.com/basebump/basebump/bot/github/githubtest"
)

const (
	readRepository = "GET "
	readChecks     = "GET /commits/{ref...}/check-runs"
	readStatus     = "GET /commits/{ref...}/status"
	mergeIt        = "PUT /pulls/{pull_number}/merge"
	graph          = "POST /graphql"
)

// merging is a life with automerge on.
func merging(t *testing.T) *life {
	l := newLife(t)
	l.settings.Automerge = true
	return l
}

func TestMergeByREST(t *testing.T) {
	t.Parallel()
	l := merging(t)
	l.expect([]string{"#1 opened: not merged yet: no check but ours has begun"}, slices.Concat(toOpen, []string{readRepository, one, readChecks, readStatus})...)
	head := l.pull(1).HeadCommit
	check(t, l.repo.AddCheckRun(head, "test", ""))
	l.expect([]string{"#1 up to date: not merged yet: GitHub calls it unstable"}, list, readRepository, one)
	check(t, l.repo.AddCheckRun(head, "test", "success"))
	check(t, l.repo.SetStatus(head, "ann", "lint", "success"))
	l.expect([]string{"#1 merged: merged by itself: its checks are green"}, list, readRepository, one, readChecks, readStatus, mergeIt, ref, deleteRef)
	if pull := l.pull(1); pull.State != "merged" || pull.HeadCommit != head || slices.Contains(l.repo.Branches(), debianBranch) {
		t.Errorf("pull request %+v, branches %v", pull, l.repo.Branches())
	}
	if commit := must(l.repo.Commits("main"))(t)[0]; len(commit.Parents) != 2 {
		t.Errorf("merged as %+v", commit)
	}
	l.expect([]string{}, list)
}

func TestMergeWhereNobodyElseChecks(t *testing.T) {
	t.Parallel()
	l := merging(t)
	l.visit()
	l.options = append(l.options, func(o *github.Options) { o.Now = func() time.Time { return time.Now().Add(11 * time.Minute) } })
	if got := l.visit(); !slices.Equal(got, []string{"#1 merged: merged by itself: its checks are green"}) {
		t.Errorf("after a while: %v", got)
	}
}

func TestMergeOnlyWhatMay(t *testing.T) {
	t.Parallel()
	green := func(l *life) {
		if pulls := l.repo.Pulls(); len(pulls) > 0 {
			check(l.t, l.repo.AddCheckRun(pulls[0].HeadCommit, "test", "success"))
		}
	}
	for _, tc := range []struct {
		name string
		act  func(l *life)
		want string
		sent []string
	}{
		{
			name: "a check failed", act: func(l *life) { check(l.t, l.repo.AddCheckRun(debianBranch, "test", "failure")) },
			want: "#1 up to date: not merged yet: GitHub calls it unstable", sent: []string{list, readRepository, one},
		},
		{
			name: "a status is pending", act: func(l *life) { check(l.t, l.repo.SetStatus(debianBranch, "ann", "deploy", "pending")) },
			want: "#1 up to date: not merged yet: GitHub calls it unstable", sent: []string{list, readRepository, one},
		},
		{
			name: "a required check is missing", act: func(l *life) {
				green(l)
				l.repo.Protect("main", &githubtest.Protection{Checks: []string{"review"}})
			},
			want: "#1 up to date: not merged yet: GitHub calls it blocked", sent: []string{list, readRepository, one},
		},
		{
			name: "frozen", act: func(l *life) {
				must(l.repo.Push(debianBranch, "ann", "Mine", githubtest.Files{"x": githubtest.Text("x")}))(l.t)
				green(l)
			},
			want: "#1 frozen: somebody else has pushed to the branch", sent: []string{list, one, readHead, comments, say, edit},
		},
		{
			name: "on hold", act: func(l *life) { l.orders = []bot.Order{{Branch: debianBranch, Kind: bot.OrderHold}}; green(l) },
			want: "#1 on hold: a person asked to leave it as it is", sent: []string{list},
		},
		{
			name: "a way that is not allowed", act: func(l *life) {
				green(l)
				l.settings.MergeMethod = "squash"
				l.repo.SetMerging(githubtest.Merging{Methods: []string{"merge"}})
			},
			want: "#1 up to date: not merged: the repository does not allow the way that pull_requests.merge_method names", sent: []string{list, readRepository},
		},
		{
			name: "pushed to while we look", act: func(l *life) {
				green(l)
				l.during("PUT", "/merge", func() {
					must(l.repo.Push(debianBranch, "ann", "Mine", githubtest.Files{"x": githubtest.Text("x")}))(l.t)
				})
			},
			want: "#1 up to date: not merged yet: merge in acme/web: GitHub answered 409 Head branch was modified. Review and try the merge again.",
			sent: []string{list, readRepository, one, readChecks, readStatus, mergeIt + " Conflict"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			l := merging(t)
			l.visit()
			tc.act(l)
			l.sent()
			l.expect([]string{tc.want}, tc.sent...)
			if state := l.pull(1).State; state != "open" {
				t.Errorf("it is %s", state)
			}
		})
	}
}

func TestMergeMethods(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		allowed []string
		wanted  string
		parents int
	}{{nil, "", 2}, {nil, "squash", 1}, {[]string{"squash", "rebase"}, "", 1}} {
		t.Run(fmt.Sprint(tc), func(t *testing.T) {
			t.Parallel()
			l := merging(t)
			l.settings.MergeMethod = tc.wanted
			l.repo.SetMerging(githubtest.Merging{Methods: tc.allowed})
			l.visit()
			check(t, l.repo.AddCheckRun(debianBranch, "test", "success"))
			l.visit()
			if commit := must(l.repo.Commits("main"))(t)[0]; len(commit.Parents) != tc.parents || l.pull(1).State != "merged" {
				t.Errorf("merged as %+v", commit)
			}
		})
	}
}

func TestMergeByGitHubItself(t *testing.T) {
	t.Parallel()
	l := merging(t)
	l.repo.SetMerging(githubtest.Merging{AutoMerge: true})
	l.repo.Protect("main", &githubtest.Protection{Checks: []string{"test"}})
	l.expect([]string{"#1 opened: GitHub merges it once its checks are green"}, slices.Concat(toOpen, []string{readRepository, one, graph})...)
	l.rest("#1 up to date")

	must(l.repo.Push(debianBranch, "ann", "Mine", githubtest.Files{"x": githubtest.Text("x")}))(t)
	l.expect([]string{"#1 frozen: somebody else has pushed to the branch"}, list, one, readHead, comments, say, edit, one, graph)
	if l.pull(1).AutoMerge {
		t.Error("GitHub would merge a person's commit")
	}
	l.orders = []bot.Order{{Branch: debianBranch, Kind: bot.OrderRebase}}
	l.visit()
	l.orders = nil
	if !l.pull(1).AutoMerge {
		t.Error("it is not ordered again")
	}
	l.settings.Automerge = false
	l.visit()
	if l.pull(1).AutoMerge {
		t.Error("it is ordered still")
	}
	l.settings.Automerge = true
	l.visit()
	check(t, l.repo.AddCheckRun(debianBranch, "test", "success"))
	if got := l.visit(); !slices.Equal(got, []string{"#1 merged"}) {
		t.Errorf("once it is green: %v", got)
	}
}

// TestMergeWithoutGraphQL: where the one use of GraphQL is not to be had, REST does.
func TestMergeWithoutGraphQL(t *testing.T) {
	t.Parallel()
	for _, status := range []int{404, 403} {
		l := merging(t)
		l.repo.SetMerging(githubtest.Merging{AutoMerge: true})
		l.Inject(githubtest.Fault{Pattern: "/graphql", Status: status, Body: `{"message":"No"}`})
		l.visit()
		check(t, l.repo.AddCheckRun(debianBranch, "test", "success"))
		if got := l.visit(); !slices.Equal(got, []string{"#1 merged: merged by itself: its checks are green"}) {
			t.Errorf("%d: %v, %v", status, got, l.err)
		}
	}
}

func TestMergeNothingUnverified(t *testing.T) {
	t.Parallel()
	l := merging(t)
	l.push("Dockerfile", "FROM debian:12\nRUN true\n")
	l.pin = true
	if got := l.visit(); !slices.Equal(got, []string{"#1 opened"}) {
		t.Fatalf("a pin: %v", got)
	}
	check(t, l.repo.AddCheckRun(debianBranch, "test", "success"))
	l.sent()
	l.rest("#1 up to date")
}

func TestPeople(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.repo.AddCollaborator("ann", "write")
	l.settings.Reviewers, l.settings.Assignees, l.settings.Draft = []string{"ann", "nobody", "acme/platform"}, []string{"ann"}, true
	got := l.visit()
	const refused = "#1 opened: without reviewers: set them in acme/web: GitHub answered 422 Reviews may only be requested from collaborators."
	if len(got) != 1 || !strings.HasPrefix(got[0], refused) {
		t.Errorf("got %v", got)
	}
	pull := l.pull(1)
	if diff := cmp.Diff([]any{[]string{"ann"}, []string{"ann"}, []string{"platform"}, true}, []any{pull.Reviewers, pull.Assignees, pull.Teams, pull.Draft}); diff != "" {
		t.Error(diff)
	}
	l.sent()
	l.rest("#1 up to date") // and not asked again: people may have sent them away
}

func TestDraftsThatAreNotToBeHad(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.settings.Draft, l.settings.Labels = true, nil
	l.Inject(githubtest.Fault{Method: "POST", Pattern: "/repos/{owner}/{repo}/pulls", Times: 1, Status: 422, Body: `{"message":"Draft pull requests are not supported in this repository."}`})
	if got := l.visit(); !slices.Equal(got, []string{"#1 opened: not a draft: GitHub has none here"}) {
		t.Errorf("got %v", got)
	}
}
