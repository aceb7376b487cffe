package github_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/github/githubtest"
	"github.com/basebump/basebump/config/fault"
)

const executable = filemode.Executable

var (
	opening = []string{
		"GET /pulls", "GET /git/ref/{ref...} Not Found", "GET /git/commits/{commit_sha}", "GET /git/trees/{tree_sha...}",
		"POST /git/trees", "POST /git/commits", "POST /git/refs", "POST /check-runs", "POST /pulls", "POST /issues/{issue_number}/labels",
	}
	refreshing = []string{
		"GET /pulls", "GET /git/ref/{ref...}", "GET /git/commits/{commit_sha}", "GET /git/commits/{commit_sha}",
		"POST /git/trees", "POST /git/commits", "GET /git/ref/{ref...}", "PATCH /git/refs/{ref...}", "POST /check-runs", "PATCH /pulls/{pull_number}",
	}
)

func TestPropose(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := w.client()
	repo := w.target(client)
	w.ForgetRequests()
	got := must(client.Propose(t.Context(), repo, change()))(t)
	w.expectSent(opening...)

	pull := w.repo.Pulls()[0]
	want := bot.Proposal{
		Number: 1, Branch: branch, Title: change().Title, Body: "35 fixed.", URL: pull.URL, State: bot.Open, Key: "aaaa",
		Head: pull.HeadCommit, Base: repo.Head, Updated: got.Updated,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"basebump"}, pull.Labels); diff != "" {
		t.Error(diff)
	}
	if pull.Base != "main" || !strings.HasPrefix(pull.Body, "35 fixed.\n\n<!-- basebump?") {
		t.Errorf("base %s, body %q", pull.Base, pull.Body)
	}
	commits := must(w.repo.Commits(branch))(t)
	if c := commits[0]; !c.Verified || !strings.HasPrefix(c.Message, "fix(docker): update debian:12\n\nBasebump-Tree: ") || c.Parents[0] != repo.Head {
		t.Errorf("commit %+v", c)
	}
	wantFiles := must(w.repo.Files("main"))(t)
	wantFiles["Dockerfile"] = githubtest.File{Data: []byte(bumped), Mode: filemode.Regular}
	if diff := cmp.Diff(wantFiles, must(w.repo.Files(branch))(t)); diff != "" {
		t.Error(diff)
	}
	runs := must(w.repo.CheckRuns(branch))(t)
	if len(runs) != 1 || runs[0].Name != "basebump/verify" || runs[0].Conclusion != "success" || runs[0].Text != "All of them." {
		t.Errorf("check runs %+v", runs)
	}
}

func TestProposeTwiceWritesOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := w.client()
	repo := w.target(client)
	first := must(client.Propose(t.Context(), repo, change()))(t)
	for name, client := range map[string]bot.Forge{"the same client": client, "another, after a restart": w.client()} {
		w.ForgetRequests()
		second := must(client.Propose(t.Context(), repo, change()))(t)
		w.expectSent("GET /pulls")
		if diff := cmp.Diff(first, second); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestProposeRefreshes(t *testing.T) {
	t.Parallel()
	newer := change()
	newer.Title, newer.Key, newer.Files = "fix(docker): update debian:12 again", "bbbb", map[string][]byte{"Dockerfile": []byte("FROM debian:12@sha256:bbbb\n")}
	reworded := change()
	reworded.Body = "36 fixed."
	rescanned := change()
	rescanned.Check = &bot.Check{Passed: true, Title: "36 fixed", Summary: "Better still."}
	for _, tc := range []struct {
		name   string
		before func(w *world) // after the first proposal
		change bot.Change
		sent   []string
	}{
		{name: "a newer candidate", change: newer, sent: refreshing},
		{name: "other words", change: reworded, sent: []string{"GET /pulls", "PATCH /pulls/{pull_number}"}},
		{name: "another check", change: rescanned, sent: []string{"GET /pulls", "POST /check-runs", "PATCH /pulls/{pull_number}"}},
		{
			name: "the default branch moved", change: change(),
			before: func(w *world) {
				must(w.repo.Push("main", "ann", "Docs", githubtest.Files{"docs/b.md": githubtest.Text("b")}))(w.t)
			},
			sent: append([]string{"GET /pulls", "GET /git/ref/{ref...}", "GET /git/commits/{commit_sha}", "GET /git/commits/{commit_sha}", "GET /git/trees/{tree_sha...}"}, refreshing[4:]...),
		},
		{
			name: "an executable file", change: func() bot.Change {
				c := change()
				c.Files = map[string][]byte{"build.sh": []byte("docker build --pull .\n")}
				return c
			}(), sent: refreshing,
		},
		{
			name: "bytes that are no text", change: func() bot.Change {
				c := change()
				c.Files = map[string][]byte{"Dockerfile": []byte("FROM debian:12\n# \xff\x00\n")}
				return c
			}(), sent: append(append(append([]string{}, refreshing[:4]...), "POST /git/blobs"), refreshing[4:]...),
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			client := w.client()
			must(client.Propose(t.Context(), w.target(client), change()))(t)
			if tc.before != nil {
				tc.before(w)
			}
			repo := w.target(client)
			w.ForgetRequests()
			got := must(client.Propose(t.Context(), repo, tc.change))(t)
			w.expectSent(tc.sent...)
			w.expectProposed(repo, tc.change, got)
			must(client.Propose(t.Context(), repo, tc.change))(t)
			w.expectSent("GET /pulls")
		})
	}
}

// expectProposed asserts that there is one open pull request, which shows exactly the change.
func (w *world) expectProposed(repo bot.Repository, change bot.Change, got bot.Proposal) {
	w.t.Helper()
	var open []githubtest.Pull
	for _, pull := range w.repo.Pulls() {
		if pull.State == "open" {
			open = append(open, pull)
		}
	}
	if len(open) != 1 || open[0].Number != got.Number || open[0].Title != change.Title || got.Key != change.Key || got.Head != open[0].HeadCommit {
		w.t.Fatalf("open pull requests %+v, proposal %+v", open, got)
	}
	commits := must(w.repo.Commits(branch))(w.t)
	if commits[0].ID != got.Head || len(commits[0].Parents) != 1 || commits[0].Parents[0] != repo.Head {
		w.t.Errorf("branch stands at %+v", commits[0])
	}
	want := must(w.repo.Files(repo.Head))(w.t)
	for path, data := range change.Files {
		want[path] = githubtest.File{Data: data, Mode: want[path].Mode}
	}
	if diff := cmp.Diff(want, must(w.repo.Files(branch))(w.t)); diff != "" {
		w.t.Error(diff)
	}
}

func TestProposeLeavesForeignCommitsAlone(t *testing.T) {
	t.Parallel()
	edit := githubtest.Files{"Dockerfile": githubtest.Text("FROM debian:13\n")}
	for _, tc := range []struct {
		name  string
		setUp func(w *world, propose func())
		sent  []string
	}{
		{
			name: "pushed on top of ours",
			setUp: func(w *world, propose func()) {
				propose()
				must(w.repo.Push(branch, "ann", "Mine", edit))(w.t)
			},
		},
		{
			name: "pushed with our words",
			setUp: func(w *world, propose func()) {
				propose()
				ours := must(w.repo.Commits(branch))(w.t)[0].Message
				must(w.repo.Push(branch, "ann", ours, edit))(w.t)
			},
		},
		{
			name:  "a branch that was there before",
			setUp: func(w *world, _ func()) { must(w.repo.Push(branch, "ann", "Mine", edit))(w.t) },
		},
		{
			name: "pushed after somebody closed the pull request",
			setUp: func(w *world, propose func()) {
				propose()
				if err := w.repo.ClosePull(1, "ann"); err != nil {
					w.t.Fatal(err)
				}
				must(w.repo.Push(branch, "ann", "Mine", edit))(w.t)
			},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			client := w.client()
			repo := w.target(client)
			tc.setUp(w, func() { must(client.Propose(t.Context(), repo, change()))(t) })
			before := must(w.repo.Commits(branch))(t)
			w.ForgetRequests()
			newer := change()
			newer.Key = "bbbb"
			_, err := client.Propose(t.Context(), repo, newer)
			if !errors.Is(err, bot.ErrForeignCommit) || fault.ClassOf(err) != fault.Permanent {
				t.Errorf("error %v", err)
			}
			w.expectSent("GET /pulls", "GET /git/ref/{ref...}", "GET /git/commits/{commit_sha}")
			if diff := cmp.Diff(before, must(w.repo.Commits(branch))(t)); diff != "" {
				t.Errorf("the branch was touched: %s", diff)
			}
		})
	}
}

func TestProposeRefusesWhatCannotBeWritten(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, err string
		files     map[string][]byte
		edit      func(*bot.Change)
	}{
		{name: "no such file", files: map[string][]byte{"none": nil}, err: `write files to acme/web: "none" is no regular file there`},
		{name: "a link", files: map[string][]byte{"link": nil}, err: `write files to acme/web: "link" is no regular file there`},
		{name: "no change", files: map[string][]byte{"Dockerfile": []byte(dockerfile)}, err: "write files to acme/web: the change leaves every file as it is"},
		{name: "a workflow", files: map[string][]byte{".github/workflows/ci.yml": []byte("x")}, err: "propose a change to acme/web: the App may not write workflows"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			must(w.repo.Push("main", "ann", "More", githubtest.Files{
				"link": {Data: []byte("Dockerfile"), Mode: filemode.Symlink}, ".github/workflows/ci.yml": githubtest.Text("y"),
			}))(t)
			client := w.client()
			c := change()
			c.Files = tc.files
			_, err := client.Propose(t.Context(), w.target(client), c)
			if err == nil || err.Error() != tc.err {
				t.Errorf("error %v, want %s", err, tc.err)
			}
			if branches := w.repo.Branches(); len(branches) != 1 {
				t.Errorf("branches %v", branches)
			}
		})
	}
}
