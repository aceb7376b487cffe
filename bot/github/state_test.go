package github_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/github/githubtest"
)

const (
	list      = "GET /pulls"
	one       = "GET /pulls/{pull_number}"
	ref       = "GET /git/ref/{ref...}"
	noRef     = "GET /git/ref/{ref...} Not Found"
	readHead  = "GET /git/commits/{commit_sha}"
	comments  = "GET /issues/{issue_number}/comments"
	say       = "POST /issues/{issue_number}/comments"
	checkRun  = "POST /check-runs"
	edit      = "PATCH /pulls/{pull_number}"
	deleteRef = "DELETE /git/refs/{ref...}"
	labels    = "POST /issues/{issue_number}/labels"
	compare   = "GET /compare/{basehead...}"
)

var (
	// newCommit is what it takes to make the commit: the tree of the base is known from reading its files.
	newCommit = []string{readHead, "POST /git/trees", "POST /git/commits"}
	// toOpen is a first proposal; its list and its history are one request each.
	toOpen = slices.Concat([]string{list, list, noRef}, newCommit, []string{"POST /git/refs", checkRun, "POST /pulls", labels})
	// toMove is a new commit on a branch that stands where its mark says.
	toMove = slices.Concat(newCommit, []string{ref, "PATCH /git/refs/{ref...}", checkRun, edit})
	// toClose ends with the branch.
	toClose = []string{list, ref, comments, say, edit, ref, deleteRef}
)

func TestStateOpened(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.expect([]string{"#1 opened"}, toOpen...)
	l.holds(digests[1])
	l.rest("#1 up to date")
	pull := l.pull(1)
	if pull.Title != "fix(docker): update debian:12 to the build 11111111 (1 vulnerability fixed, 1 high)" || pull.Base != "main" || pull.Draft || !slices.Equal(pull.Labels, []string{"basebump"}) {
		t.Errorf("pull request %+v", pull)
	}
}

func TestStateRefreshed(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.visit()
	l.now = 2
	l.expect([]string{"#1 refreshed"}, slices.Concat([]string{list, list}, toMove)...)
	l.holds(digests[2])
	if !strings.Contains(l.pull(1).Title, "22222222 (2 vulnerabilities fixed") {
		t.Errorf("title %q", l.pull(1).Title)
	}
	l.rest("#1 up to date")

	l.days++ // a new database that knows the same tells nobody anything
	l.rest("#1 up to date")
	if body := l.pull(1).Body; !strings.Contains(body, "database of 2026-11-01 05:00 UTC") {
		t.Errorf("body %q", body)
	}

	l.more = 3 // the scanner's database has learned more
	before := l.pull(1).HeadCommit
	l.expect([]string{"#1 refreshed"}, list, checkRun, edit)
	if l.pull(1).HeadCommit != before {
		t.Error("other words made another commit")
	}
	l.rest("#1 up to date")
}

func TestStateBaseMoved(t *testing.T) {
	t.Parallel()
	strict := &githubtest.Protection{Strict: true}
	for _, tc := range []struct {
		name   string
		move   func(*life)
		behind bool // pull_requests.rebase: behind
		want   string
		sent   []string
	}{
		{name: "elsewhere", move: func(l *life) { l.push("docs/b.md", "b") }, want: "#1 up to date", sent: []string{list, one}},
		{name: "elsewhere, rebased at any move", move: func(l *life) { l.push("docs/b.md", "b") }, behind: true, want: "#1 rebased", sent: slices.Concat([]string{list, one}, toMove)},
		{
			name: "elsewhere, in a repository that wants branches up to date", move: func(l *life) {
				l.push("docs/b.md", "b")
				l.repo.Protect("main", strict)
			}, want: "#1 rebased", sent: slices.Concat([]string{list, one}, toMove),
		},
		{
			name: "in the same file", move: func(l *life) { l.push("Dockerfile", "FROM debian:12@"+digests[0]+"\nRUN false\n") },
			want: "#1 refreshed", sent: slices.Concat([]string{list}, toMove),
		},
		{
			name: "in the same line, so that it conflicts", move: func(l *life) { l.push("Dockerfile", "FROM debian:12@"+digests[0]+" AS base\nRUN true\n") },
			want: "#1 refreshed", sent: slices.Concat([]string{list}, toMove),
		},
		{
			name: "to another default branch", move: func(l *life) {
				must(l.repo.Push("trunk", "ann", "Trunk", must(l.repo.Files("main"))(l.t)))(l.t)
				check(l.t, l.repo.SetDefaultBranch("trunk", "ann"))
			}, want: "#1 refreshed", sent: slices.Concat([]string{list}, toMove),
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			l := newLife(t)
			l.settings.Behind = tc.behind
			l.visit()
			tc.move(l)
			l.expect([]string{tc.want}, tc.sent...)
			l.holds(digests[1])
			if got := len(must(l.repo.Commits(debianBranch))(t)); tc.want != "#1 up to date" && got != len(must(l.repo.Commits(l.target(l.client()).DefaultBranch))(t))+1 {
				t.Errorf("%d commits on the branch", got)
			}
			if tc.want != "#1 up to date" {
				l.rest("#1 up to date")
			}
		})
	}
}

func TestStateUpdatedByTheButton(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.visit()
	for range 2 { // twice, the second time before we look again
		l.push("docs/b.md", l.pull(1).HeadCommit)
		check(t, l.repo.UpdateBranch(1, "ann"))
	}
	merged := l.pull(1).HeadCommit
	l.expect([]string{"#1 refreshed"}, list, one, readHead, compare, "GET /commits/{ref...}", checkRun, edit)
	if l.pull(1).HeadCommit != merged {
		t.Error("the branch was moved")
	}
	if runs := must(l.repo.CheckRuns(merged))(t); len(runs) != 1 {
		t.Errorf("the new head has the checks %+v", runs)
	}
	l.rest("#1 up to date")

	l.push("docs/b.md", "again")
	check(t, l.repo.UpdateBranch(1, "ann"))
	l.now = 2
	l.expect([]string{"#1 refreshed"}, slices.Concat([]string{list, one, readHead, compare, "GET /commits/{ref...}", list}, toMove)...)
	l.holds(digests[2])
	l.rest("#1 up to date")
}

func TestStateFrozen(t *testing.T) {
	t.Parallel()
	edited := githubtest.Files{"Dockerfile": githubtest.Text("FROM debian:12@" + digests[1] + "\nRUN mine\n")}
	for name, act := range map[string]func(l *life){
		"a commit on top": func(l *life) { must(l.repo.Push(debianBranch, "ann", "Mine", edited))(l.t) },
		"a commit with our words": func(l *life) {
			must(l.repo.Push(debianBranch, "ann", must(l.repo.Commits(debianBranch))(l.t)[0].Message, edited))(l.t)
		},
		"a commit elsewhere, then the button": func(l *life) {
			must(l.repo.Push(debianBranch, "ann", "Mine", githubtest.Files{"docs/c.md": githubtest.Text("c")}))(l.t)
			l.push("docs/b.md", "b")
			check(l.t, l.repo.UpdateBranch(1, "ann"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLife(t)
			l.visit()
			act(l)
			theirs := l.pull(1).HeadCommit
			l.now = 2
			l.visit()
			sent := l.sent()
			if got := sent[len(sent)-3:]; !slices.Equal(got, []string{comments, say, edit}) {
				t.Errorf("it was said by %v", got)
			}
			frozen := "#1 frozen: somebody else has pushed to the branch"
			l.rest(frozen)
			said := l.pull(1).Comments
			if len(said) != 1 || !strings.Contains(said[0].Body, "`/basebump rebase`") {
				t.Errorf("comments %+v", said)
			}
			l.push("Dockerfile", "FROM debian:12@"+digests[2]+"\nRUN true\n") // no longer needed: theirs all the same
			l.rest(frozen)
			if pull := l.pull(1); pull.State != "open" || pull.HeadCommit != theirs {
				t.Errorf("pull request %+v", pull)
			}
			l.push("Dockerfile", "FROM debian:12@"+digests[0]+"\nRUN true\n")
			l.orders = []bot.Order{{Branch: debianBranch, Kind: bot.OrderRebase}}
			if got := l.visit(); !slices.Equal(got, []string{"#1 refreshed"}) {
				t.Errorf("as ordered: %v", got)
			}
			l.holds(digests[2])
			l.orders = nil
			l.sent()
			l.rest("#1 up to date")
		})
	}
}

func TestStateFrozenThenMovedAgain(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.visit()
	for _, text := range []string{"one", "two"} {
		must(l.repo.Push(debianBranch, "ann", "Mine", githubtest.Files{"x": githubtest.Text(text)}))(t)
		l.visit()
	}
	if n := len(l.pull(1).Comments); n != 1 {
		t.Errorf("it was said %d times", n)
	}
}

func TestStateObsolete(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.visit()
	l.push("Dockerfile", "FROM debian:12@"+digests[1]+"\nRUN true\n")
	l.expect([]string{"#1 closed as obsolete: Dockerfile:1: newest"}, toClose...)
	if pull := l.pull(1); pull.State != "closed" || !strings.HasPrefix(pull.Comments[0].Body, "The files no longer need this change: `debian:12` at `Dockerfile:1` stays (newest).") {
		t.Errorf("pull request %+v", pull)
	}
	if slices.Contains(l.repo.Branches(), debianBranch) {
		t.Error("the branch is there still")
	}
	l.expect([]string{}, list)
	l.push("Dockerfile", "FROM debian:12@"+digests[0]+"\nRUN true\n") // what we closed is no one's no
	l.expect([]string{"#2 opened"}, toOpen...)
}

func TestStateUnclear(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.visit()
	l.gone = true
	l.rest("#1 left open: not everything could be checked, so it may be needed still")
}

func TestStateSuperseded(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.visit()
	l.settings.ByRepository, l.settings.Limit = true, 1
	l.expect([]string{"#2 opened", "#1 closed as superseded: #2 has it now"}, slices.Concat(toOpen, toClose[1:])...)
	if said := l.pull(1).Comments[0].Body; !strings.HasPrefix(said, "Superseded by #2, which makes this change now.") {
		t.Errorf("said %q", said)
	}
	l.rest("#2 up to date")
	l.settings.ByRepository = false
	l.visit()
	if got := l.pull(2); got.State != "closed" || !strings.HasPrefix(got.Comments[0].Body, "Superseded by #3,") {
		t.Errorf("back to one each: %+v", got)
	}
}

func TestStateDeclined(t *testing.T) {
	t.Parallel()
	for name, act := range map[string]func(l *life) error{
		"closed":        func(l *life) error { return l.repo.ClosePull(1, "ann") },
		"by its branch": func(l *life) error { return l.repo.DeleteBranch(debianBranch, "ann") },
		"closed and robbed": func(l *life) error {
			return errors.Join(l.repo.ClosePull(1, "ann"), l.repo.DeleteBranch(debianBranch, "ann"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLife(t)
			l.visit()
			check(t, act(l))
			declined := "#1 declined: pull request #1 was closed without a merge: a no to this digest"
			l.expect([]string{declined}, list, list)
			l.expect([]string{declined}, list, list)
			l.now = 2
			if got := l.visit(); !slices.Equal(got, []string{"#2 opened"}) {
				t.Errorf("the next build: %v", got)
			}
			l.now = 1 // the tag moved back to what was declined
			if got := l.visit(); !slices.Equal(got, []string{"#2 closed as obsolete: a person has declined the candidate that is newest now"}) {
				t.Errorf("back to what was declined: %v", got)
			}
			if got := l.visit(); !slices.Equal(got, []string{"#1 declined: pull request #1 was closed without a merge: a no to this digest"}) {
				t.Errorf("declined before the last: %v", got)
			}
		})
	}
}

func TestStateReopened(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.visit()
	check(t, l.repo.ClosePull(1, "ann"))
	l.visit()
	check(t, l.repo.ReopenPull(1, "ann"))
	l.sent()
	l.rest("#1 up to date")
}

func TestStateObsoleteReopened(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.visit()
	l.push("Dockerfile", "FROM debian:12@"+digests[1]+"\nRUN true\n")
	l.visit()
	left := l.pull(1).HeadCommit
	check(t, l.repo.ForcePush(debianBranch, "ann", left)) // the button "Restore branch"
	check(t, l.repo.ReopenPull(1, "ann"))
	l.sent()
	l.rest("#1 left as reopened: nothing needs it any more, but a person has opened it again; merge or close it")
	l.rest("#1 left as reopened: nothing needs it any more, but a person has opened it again; merge or close it")

	l.push("Dockerfile", "FROM debian:12@"+digests[0]+"\nRUN true\n") // needed again: as any other from now on
	l.now = 2
	if got := l.visit(); !slices.Equal(got, []string{"#1 refreshed"}) {
		t.Errorf("needed again: %v", got)
	}
	l.holds(digests[2])
	l.push("Dockerfile", "FROM debian:12@"+digests[2]+"\nRUN true\n")
	if got := l.visit(); !slices.Equal(got, []string{"#1 closed as obsolete: Dockerfile:1: newest"}) {
		t.Errorf("obsolete again: %v", got)
	}
}

func TestStateRecreated(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.visit()
	check(t, l.repo.ClosePull(1, "ann"))
	l.orders = []bot.Order{{Branch: debianBranch, Kind: bot.OrderRecreate}}
	if got := l.visit(); !slices.Equal(got, []string{"#2 opened"}) {
		t.Errorf("as ordered: %v", got)
	}
}

func TestStateMerged(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.visit()
	check(t, l.repo.Merge(1, "ann"))
	l.expect([]string{"#1 merged"}, list, list, ref, deleteRef)
	l.expect([]string{}, list)
	if slices.Contains(l.repo.Branches(), debianBranch) {
		t.Error("the branch is there still")
	}
	l.now = 2
	l.expect([]string{"#2 opened"}, toOpen...)
}

func TestStateMergedWhileSomethingNewerCame(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.visit()
	check(t, l.repo.Merge(1, "ann"))
	l.now = 2 // the branch was left: it is used again
	l.expect([]string{"#2 opened"}, slices.Concat([]string{list, list, ref}, newCommit, []string{ref, "PATCH /git/refs/{ref...}", checkRun, "POST /pulls", labels})...)
	l.holds(digests[2])
}
