package github_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/github/githubtest"
)

func TestStateLocked(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.visit()
	check(t, l.repo.SetLocked(1, "ann", true))
	l.now = 2
	l.expect([]string{"#1 refreshed"}, slices.Concat([]string{list, list}, toMove)...)
	l.push("Dockerfile", "FROM debian:12@"+digests[2]+"\nRUN true\n")
	l.expect([]string{"#1 closed as obsolete: Dockerfile:1: newest"}, list, ref, comments, say+" Forbidden", "GET /issues/{issue_number}", edit, ref, deleteRef)
}

func TestStateArchived(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.visit()
	client := l.client()
	repo := l.target(client)
	l.repo.SetArchived(true, "ann")
	_, err := client.Propose(t.Context(), repo, change(), bot.Ground{})
	if want := "write to acme/web: the repository was archived meanwhile"; !errors.Is(err, bot.ErrArchived) || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	if repositories := must(l.client().Repositories(t.Context()))(t); len(repositories) != 0 {
		t.Errorf("it is listed still: %v", repositories)
	}
}

func TestStateBranchTaken(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	must(l.repo.Push(debianBranch, "ann", "Mine", githubtest.Files{"x": githubtest.Text("x")}))(t)
	taken := []string{"branch taken: a branch " + debianBranch + " is there and not ours; rename it or delete it"}
	l.expect(taken, list, list, ref, readHead)
	must(l.repo.OpenPull("ann", debianBranch, "main", "By hand", ""))(t)
	l.expect(taken, list, list, one, readHead)
	if pull := l.pull(1); len(pull.Comments) != 0 || pull.Body != "" {
		t.Errorf("a person's pull request was touched: %+v", pull)
	}
	l.orders = []bot.Order{{Branch: debianBranch, Kind: bot.OrderRebase}}
	l.expect(taken, list, list, one, readHead)
}

func TestStateRobbedOfItsMark(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.visit()
	check(t, l.repo.EditBody(1, "ann", "I know better."))
	l.sent()
	l.expect([]string{"#1 refreshed"}, list, list, one, readHead, readHead, "POST /git/trees", checkRun, edit)
	if n := len(must(l.repo.Commits(debianBranch))(t)); n != 3 {
		t.Errorf("%d commits, want the one that was there", n)
	}
	l.rest("#1 up to date")
}

func TestStateOnHold(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.visit()
	l.orders = []bot.Order{{Branch: debianBranch, Kind: bot.OrderHold}}
	l.now = 2
	l.sent()
	l.rest("#1 on hold: a person asked to leave it as it is")
}

func TestStateRechecked(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.visit()
	runs := must(l.repo.CheckRuns(debianBranch))(t)
	check(t, l.repo.Rerequest(runs[0].ID, "ann"))
	l.orders = []bot.Order{{Branch: debianBranch, Kind: bot.OrderRecheck}}
	l.expect([]string{"#1 refreshed"}, list, checkRun, edit)
	if runs = must(l.repo.CheckRuns(debianBranch))(t); len(runs) != 2 || runs[1].Conclusion != "success" {
		t.Errorf("check runs %+v", runs)
	}
}

func TestStateWaiting(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.settings.LimitTotal, l.elsewhere = 5, 5
	l.expect([]string{"waiting: 5 pull requests are open in all repositories of this owner (pull_requests.limit_total)"}, list)
	l.elsewhere = 4
	l.expect([]string{"#1 opened"}, toOpen...)
	l.elsewhere = 9 // what is open stays so and is kept current
	l.now = 2
	l.expect([]string{"#1 refreshed"}, slices.Concat([]string{list, list}, toMove)...)
}
