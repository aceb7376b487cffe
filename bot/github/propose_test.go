package github_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/github/githubtest"
	"github.com/basebump/basebump/config/fault"
)

func TestPropose(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := w.client()
	repo := w.target(client)
	w.ForgetRequests()
	got := must(client.Propose(t.Context(), repo, change(), bot.Ground{}))(t)
	w.expectSent(readHead, "GET /git/trees/{tree_sha...}", "POST /git/trees", "POST /git/commits", "POST /git/refs", checkRun, "POST /pulls", labels)

	pull := w.repo.Pulls()[0]
	mark := bot.MarkOf(repo, change())
	mark.Commit = pull.HeadCommit
	want := bot.Proposal{
		Number: 1, Branch: branch, Title: change().Title, Body: "35 fixed.", URL: pull.URL, State: bot.Open, Key: "aaaa",
		Head: pull.HeadCommit, Base: repo.Head, Updated: got.Updated, Onto: "main", Mark: mark,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if pull.Base != "main" || !strings.HasPrefix(pull.Body, "35 fixed.\n\n<!-- basebump?") || !slices.Equal(pull.Labels, []string{"basebump"}) {
		t.Errorf("pull request %+v", pull)
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
}

// TestCommitKeepsTheRest: of a tree with every kind of entry nothing but the bytes of the files named changes.
func TestCommitKeepsTheRest(t *testing.T) {
	t.Parallel()
	for name, data := range map[string]string{"text": "docker build --pull .\n", "bytes that are no text": "\xff\x00\n"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			must(w.repo.Push("main", "ann", "More", githubtest.Files{
				"link": {Data: []byte("build.sh"), Mode: filemode.Symlink}, "bin/tool": {Data: []byte("tool"), Mode: executable},
			}))(t)
			client := w.client()
			c := change()
			c.Files = map[string][]byte{"build.sh": []byte(data), "Dockerfile": []byte(bumped)}
			proposal := must(client.Propose(t.Context(), w.target(client), c, bot.Ground{}))(t)
			want := must(w.repo.Files("main"))(t)
			want["build.sh"] = githubtest.File{Data: []byte(data), Mode: executable}
			want["Dockerfile"] = githubtest.File{Data: []byte(bumped), Mode: filemode.Regular}
			if diff := cmp.Diff(want, must(w.repo.Files(proposal.Head))(t)); diff != "" {
				t.Error(diff)
			}
			if want["link"].Mode != filemode.Symlink {
				t.Error("the scene has no link")
			}
			if commit := must(w.repo.Commits(branch))(t)[0]; !commit.Verified {
				t.Errorf("not verified: %+v", commit)
			}
		})
	}
}

func TestProposeRefusesWhatCannotBeWritten(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, err string
		files     map[string][]byte
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
			_, err := client.Propose(t.Context(), w.target(client), c, bot.Ground{})
			if err == nil || err.Error() != tc.err {
				t.Errorf("error %v, want %s", err, tc.err)
			}
			if branches := w.repo.Branches(); len(branches) != 1 {
				t.Errorf("branches %v", branches)
			}
		})
	}
}

// during makes a person act when a request of ours arrives.
func (w *world) during(method, path string, act func()) {
	next, done := w.handler, false
	w.handler = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if !done && r.Method == method && strings.HasSuffix(r.URL.Path, path) {
			done = true
			act()
		}
		next.ServeHTTP(out, r)
	})
}

func TestSomebodyPushesWhileWeWork(t *testing.T) {
	t.Parallel()
	mine := githubtest.Files{"x": githubtest.Text("x")}
	t.Run("while the commit is made", func(t *testing.T) {
		t.Parallel()
		l := newLife(t)
		l.visit()
		l.now = 2
		l.during("POST", "/git/commits", func() { must(l.repo.Push(debianBranch, "ann", "Mine", mine))(t) })
		l.visit()
		want := fmt.Sprintf("propose %q: move branch %s of acme/web: somebody moved it meanwhile",
			"fix(docker): update debian:12 to the build 22222222 (2 vulnerabilities fixed, 2 high)", debianBranch)
		if l.err == nil || l.err.Error() != want || fault.ClassOf(l.err) != fault.Retry {
			t.Errorf("error %v, want %s", l.err, want)
		}
		if got := l.visit(); !slices.Equal(got, []string{"#1 frozen: somebody else has pushed to the branch"}) {
			t.Errorf("then: %v", got)
		}
	})
	t.Run("before it is closed", func(t *testing.T) {
		t.Parallel()
		l := newLife(t)
		l.visit()
		l.push("Dockerfile", "FROM debian:12@"+digests[1]+"\nRUN true\n")
		l.during("GET", "/git/ref/heads/"+debianBranch, func() { must(l.repo.Push(debianBranch, "ann", "Mine", mine))(t) })
		if got := l.visit(); !slices.Equal(got, []string{"#1 frozen: somebody else has pushed to the branch"}) || l.err != nil {
			t.Errorf("%v, %v", got, l.err)
		}
		if l.pull(1).State != "open" {
			t.Error("it was closed")
		}
	})
	t.Run("while it is closed", func(t *testing.T) {
		t.Parallel()
		l := newLife(t)
		l.visit()
		l.push("Dockerfile", "FROM debian:12@"+digests[1]+"\nRUN true\n")
		l.during("POST", "/comments", func() { must(l.repo.Push(debianBranch, "ann", "Mine", mine))(t) })
		l.visit()
		if !slices.Contains(l.repo.Branches(), debianBranch) {
			t.Error("a person's commit was thrown away")
		}
	})
}

func TestProposeAdoptsWhatAListDoesNotShowYet(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.visit()
	l.now = 2
	l.Inject(githubtest.Fault{Method: "GET", Pattern: "/repos/{owner}/{repo}/pulls", Times: 2, Status: 200, Body: "[]"})
	if got := l.visit(); !slices.Equal(got, []string{"#1 opened"}) || l.err != nil {
		t.Errorf("%v, %v", got, l.err)
	}
	l.sent()
	l.rest("#1 up to date")
	l.holds(digests[2])
}

func TestPeoplesWordsStayUntilOursChange(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.visit()
	check(t, l.repo.EditBody(1, "ann", "Mind the gap.\n\n"+l.pull(1).Body))
	l.sent()
	l.rest("#1 up to date")
	l.push("Dockerfile", "FROM debian:12@"+digests[0]+"\nRUN false\n") // another commit, the same words
	l.visit()
	if !strings.HasPrefix(l.pull(1).Body, "Mind the gap.\n\n") {
		t.Errorf("body %q", l.pull(1).Body)
	}
	l.more = 1
	l.visit()
	if strings.Contains(l.pull(1).Body, "Mind the gap.") {
		t.Errorf("body %q", l.pull(1).Body)
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
		proposal := must(client.Propose(t.Context(), repo, c, bot.Ground{}))(t)
		if name != "other/three" {
			want = append(want, proposal)
		}
	}
	must(w.repo.Push("basebump/by-hand", "ann", "Mine", githubtest.Files{"x": githubtest.Text("x")}))(t)
	must(w.repo.OpenPull("ann", "basebump/by-hand", "main", "By hand", ""))(t)
	w.ForgetRequests()
	got := must(client.Open(t.Context(), repo, "basebump/"))(t)
	w.expectSent(list)
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(bot.Proposal{}, "Updated")); diff != "" { // labels came later
		t.Error(diff)
	}
}

func TestForksAreNotOurs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := w.client()
	repo := w.target(client)
	for _, from := range []string{`{"full_name":"acme/web-fork"}`, `null`} {
		answer := `[{"number":9,"state":"open","body":"<!-- basebump?key=k -->","head":{"ref":"` + branch + `","sha":"1","repo":` + from + `}}]`
		remove := w.Inject(githubtest.Fault{Method: "GET", Pattern: "/repos/{owner}/{repo}/pulls", Status: 200, Body: answer})
		if found := must(client.History(t.Context(), repo, branch))(t); len(found) != 0 {
			t.Errorf("found %+v", found)
		}
		if open := must(client.Open(t.Context(), repo, "basebump/"))(t); len(open) != 0 {
			t.Errorf("open %+v", open)
		}
		remove()
	}
}
