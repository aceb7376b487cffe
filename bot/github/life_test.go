package github_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/github/githubtest"
	"github.com/basebump/basebump/config/fault"
)

// check ends the test on an error of setting the scene.
func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestLife takes a proposal to a state of its life, looks it up, and proposes something newer.
func TestLife(t *testing.T) {
	t.Parallel()
	edit := githubtest.Files{"docs/b.md": githubtest.Text("b")}
	newer := change()
	newer.Title, newer.Key, newer.Files = "Newer", "bbbb", map[string][]byte{"Dockerfile": []byte("FROM debian:12@sha256:bbbb\n")}
	reopening := append([]string{"GET /pulls"}, append(append([]string{}, refreshing[1:9]...), "POST /pulls", "POST /issues/{issue_number}/labels")...)
	recreating := append([]string{}, opening...)
	recreating = append(recreating[:3], recreating[4:]...) // the tree is known
	for _, tc := range []struct {
		name   string
		live   func(w *world, t *testing.T)
		state  bot.State
		key    string
		number int      // of the pull request after the newer proposal
		sent   []string // by the newer proposal
	}{
		{name: "opened", live: func(*world, *testing.T) {}, state: bot.Open, key: "aaaa", number: 1, sent: refreshing},
		{name: "locked", live: func(w *world, t *testing.T) { check(t, w.repo.SetLocked(1, "ann", true)) }, state: bot.Open, key: "aaaa", number: 1, sent: refreshing},
		{name: "closed by a person", live: func(w *world, t *testing.T) { check(t, w.repo.ClosePull(1, "ann")) }, state: bot.Closed, key: "aaaa", number: 2, sent: reopening},
		{
			name: "closed and opened again", live: func(w *world, t *testing.T) {
				check(t, w.repo.ClosePull(1, "ann"))
				check(t, w.repo.ReopenPull(1, "ann"))
			}, state: bot.Open, key: "aaaa", number: 1, sent: refreshing,
		},
		{name: "branch deleted", live: func(w *world, t *testing.T) { check(t, w.repo.DeleteBranch(branch, "ann")) }, state: bot.Closed, key: "aaaa", number: 2, sent: recreating},
		{
			name: "merged", live: func(w *world, t *testing.T) { check(t, w.repo.Merge(1, "ann")) }, state: bot.Merged, key: "aaaa", number: 2,
			sent: []string{
				"GET /pulls", "GET /git/ref/{ref...}", "GET /git/commits/{commit_sha}", "GET /git/trees/{tree_sha...}", "POST /git/trees", "POST /git/commits",
				"GET /git/ref/{ref...}", "PATCH /git/refs/{ref...}", "POST /check-runs", "POST /pulls", "POST /issues/{issue_number}/labels",
			},
		},
		{
			name: "merged with a person's commits", live: func(w *world, t *testing.T) {
				must(w.repo.Push(branch, "ann", "Mine", edit))(t)
				check(t, w.repo.Merge(1, "ann"))
			}, state: bot.Merged, key: "aaaa", number: 2,
			sent: []string{
				"GET /pulls", "GET /git/ref/{ref...}", "GET /git/commits/{commit_sha}", "GET /git/trees/{tree_sha...}", "POST /git/trees", "POST /git/commits",
				"GET /git/ref/{ref...}", "PATCH /git/refs/{ref...}", "POST /check-runs", "POST /pulls", "POST /issues/{issue_number}/labels",
			},
		},
		{
			name: "robbed of its mark", live: func(w *world, t *testing.T) { check(t, w.repo.EditBody(1, "ann", "I know better.")) },
			state: bot.Open, key: "", number: 1, sent: refreshing,
		},
		{
			name: "base changed", live: func(w *world, t *testing.T) {
				must(w.repo.Push("trunk", "ann", "Trunk", edit))(t)
				check(t, w.repo.SetDefaultBranch("trunk", "ann"))
			}, state: bot.Open, key: "aaaa", number: 1,
			sent: append([]string{"GET /pulls", "GET /git/ref/{ref...}", "GET /git/commits/{commit_sha}", "GET /git/commits/{commit_sha}", "GET /git/trees/{tree_sha...}"}, refreshing[4:]...),
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			client := w.client()
			must(client.Propose(t.Context(), w.target(client), change()))(t)
			tc.live(w, t)
			repo := w.target(client)
			w.ForgetRequests()
			found := must(client.Find(t.Context(), repo, branch))(t)
			w.expectSent("GET /pulls")
			if found == nil || found.Number != 1 || found.State != tc.state || found.Key != tc.key {
				t.Errorf("found %+v", found)
			}
			got := must(client.Propose(t.Context(), repo, newer))(t)
			w.expectSent(tc.sent...)
			if got.Number != tc.number {
				t.Errorf("proposed as #%d, want #%d", got.Number, tc.number)
			}
			w.expectProposed(repo, newer, got)
			if pull := w.repo.Pulls()[tc.number-1]; pull.Base != repo.DefaultBranch {
				t.Errorf("its base is %s", pull.Base)
			}
			must(client.Propose(t.Context(), repo, newer))(t)
			w.expectSent("GET /pulls")
		})
	}
}

func TestFindNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := w.client()
	if found := must(client.Find(t.Context(), w.target(client), branch))(t); found != nil {
		t.Errorf("found %+v", found)
	}
}

func TestPeoplesWordsStayUntilOursChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := w.client()
	repo := w.target(client)
	must(client.Propose(t.Context(), repo, change()))(t)
	sealed := w.repo.Pulls()[0].Body
	check(t, w.repo.EditBody(1, "ann", "Mind the gap.\n\n"+sealed))
	w.ForgetRequests()
	must(client.Propose(t.Context(), repo, change()))(t)
	w.expectSent("GET /pulls")

	recommitted := change()
	recommitted.Files = map[string][]byte{"Dockerfile": []byte(bumped + "\n")}
	got := must(client.Propose(t.Context(), repo, recommitted))(t)
	if got.Body != "Mind the gap.\n\n35 fixed." {
		t.Errorf("body %q", got.Body)
	}
	reworded := recommitted
	reworded.Body = "36 fixed."
	if got := must(client.Propose(t.Context(), repo, reworded))(t); got.Body != "36 fixed." {
		t.Errorf("body %q", got.Body)
	}
}

func TestProposeAdoptsWhatAListDoesNotShowYet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := w.client()
	repo := w.target(client)
	must(client.Propose(t.Context(), repo, change()))(t)
	w.Inject(githubtest.Fault{Method: "GET", Pattern: "/repos/{owner}/{repo}/pulls", Times: 1, Status: 200, Body: "[]"})
	newer := change()
	newer.Title = "Newer"
	got := must(client.Propose(t.Context(), repo, newer))(t)
	w.expectProposed(repo, newer, got)
	if n := w.Count("POST", "/repos/{owner}/{repo}/git/commits"); n != 1 {
		t.Errorf("%d commits, want one: the branch holds it already", n)
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := w.client()
	repo := w.target(client)
	var want []bot.Proposal
	for _, name := range []string{"basebump/one", "basebump/two", "other/three"} {
		c := change()
		c.Branch = name
		proposal := must(client.Propose(t.Context(), repo, c))(t)
		if name != "other/three" {
			want = append(want, proposal)
		}
	}
	must(w.repo.Push("basebump/by-hand", "ann", "Mine", githubtest.Files{"x": githubtest.Text("x")}))(t)
	must(w.repo.OpenPull("ann", "basebump/by-hand", "main", "By hand", ""))(t)
	w.ForgetRequests()
	got := must(client.Open(t.Context(), repo, "basebump/"))(t)
	w.expectSent("GET /pulls")
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(bot.Proposal{}, "Updated")); diff != "" {
		t.Error(diff)
	}
}

func TestClose(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := w.client()
	repo := w.target(client)
	proposal := must(client.Propose(t.Context(), repo, change()))(t)
	closing := []string{
		"GET /pulls", "GET /git/ref/{ref...}", "GET /git/commits/{commit_sha}", "GET /issues/{issue_number}/comments", "POST /issues/{issue_number}/comments",
		"PATCH /pulls/{pull_number}", "DELETE /git/refs/{ref...}",
	}
	w.ForgetRequests()
	remove := w.Inject(githubtest.Fault{Method: "PATCH", Times: 1, Status: 502})
	if err := client.Close(t.Context(), repo, proposal, "No longer needed."); err == nil || err.Error() != "close pull request #1 of acme/web: GitHub answered 502" {
		t.Errorf("error %v", err)
	}
	remove()
	w.sent()
	check(t, client.Close(t.Context(), repo, proposal, "No longer needed."))
	w.expectSent(append(append([]string{}, closing[:4]...), closing[5:]...)...) // the comment is there

	pull := w.repo.Pulls()[0]
	if pull.State != "closed" || len(pull.Comments) != 1 || len(w.repo.Branches()) != 1 {
		t.Errorf("pull request %+v, branches %v", pull, w.repo.Branches())
	}
	if found := must(client.Find(t.Context(), repo, branch))(t); found.Key != "" || found.State != bot.Closed {
		t.Errorf("what we closed ourselves reads as a person's no: %+v", found)
	}
	check(t, client.Close(t.Context(), repo, proposal, "No longer needed."))
	if again := must(client.Propose(t.Context(), repo, change()))(t); again.Number != 2 || again.Key != "aaaa" {
		t.Errorf("proposed again as %+v", again)
	}
}

func TestCloseLeavesForeignCommitsAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := w.client()
	repo := w.target(client)
	proposal := must(client.Propose(t.Context(), repo, change()))(t)
	must(w.repo.Push(branch, "ann", "Mine", githubtest.Files{"x": githubtest.Text("x")}))(t)
	if err := client.Close(t.Context(), repo, proposal, "No longer needed."); !errors.Is(err, bot.ErrForeignCommit) {
		t.Errorf("error %v", err)
	}
	if pull := w.repo.Pulls()[0]; pull.State != "open" || len(pull.Comments) != 0 || len(w.repo.Branches()) != 2 {
		t.Errorf("pull request %+v, branches %v", pull, w.repo.Branches())
	}
}

func TestForksAreNotOurs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := w.client()
	repo := w.target(client)
	for _, from := range []string{`{"full_name":"acme/web-fork"}`, `null`} {
		list := `[{"number":9,"state":"open","body":"<!-- basebump?key=k -->","head":{"ref":"` + branch + `","sha":"1","repo":` + from + `}}]`
		remove := w.Inject(githubtest.Fault{Method: "GET", Pattern: "/repos/{owner}/{repo}/pulls", Status: 200, Body: list})
		if found := must(client.Find(t.Context(), repo, branch))(t); found != nil {
			t.Errorf("found %+v", found)
		}
		if open := must(client.Open(t.Context(), repo, "basebump/"))(t); len(open) != 0 {
			t.Errorf("open %+v", open)
		}
		remove()
	}
}

func TestSomebodyPushesWhileWeWork(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := w.client()
	repo := w.target(client)
	must(client.Propose(t.Context(), repo, change()))(t)
	next := w.handler
	w.handler = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/git/commits") {
			must(w.repo.Push(branch, "ann", "Mine", githubtest.Files{"x": githubtest.Text("x")}))(t)
		}
		next.ServeHTTP(out, r)
	})
	newer := change()
	newer.Files = map[string][]byte{"Dockerfile": []byte("FROM debian:13\n")}
	_, err := client.Propose(t.Context(), repo, newer)
	if want := "move branch " + branch + " of acme/web: somebody moved it meanwhile"; err == nil || err.Error() != want || fault.ClassOf(err) != fault.Retry {
		t.Errorf("error %v, want %s", err, want)
	}
	if tip := must(w.repo.Commits(branch))(t)[0]; tip.Message != "Mine" {
		t.Errorf("the branch stands at %+v", tip)
	}
}
