package github_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/github"
	"github.com/basebump/basebump/bot/github/githubtest"
)

func TestStyleIsLearned(t *testing.T) {
	t.Parallel()
	const what = "pdate debian:12 to the build 11111111 (1 vulnerability fixed, 1 high)"
	for name, tc := range map[string]struct {
		subject, configured, want string
	}{
		"a few commits":   {"", "", "fix(docker): u" + what},
		"sentences":       {"Add a thing", "", "U" + what},
		"conventional":    {"build(deps): bump a thing", "", "build(deps): u" + what},
		"the operator's":  {"Add a thing", "deps: ", "deps: u" + what},
		"another's scope": {"feat(api): add a thing", "", "fix(docker): u" + what},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLife(t)
			l.settings.Style = tc.configured
			for n := range 12 {
				if tc.subject != "" {
					must(l.repo.Push("main", "ann", tc.subject, githubtest.Files{"x": githubtest.Text(fmt.Sprint(n))}))(t)
				}
			}
			l.visit()
			if tc.configured == "" && l.Count("GET", "/repos/{owner}/{repo}/commits") != 1 {
				t.Errorf("sent %v", l.sent())
			}
			message := must(l.repo.Commits(debianBranch))(t)[0].Message
			if got := l.pull(1).Title; got != tc.want || !strings.HasPrefix(message, tc.want+"\n") {
				t.Errorf("title %q, message %q, want %q", got, message, tc.want)
			}
			l.now = 2 // whatever the history says by now
			for n := range 60 {
				must(l.repo.Push("main", "ann", "style: change it all", githubtest.Files{"y": githubtest.Text(fmt.Sprint(n))}))(t)
			}
			l.visit()
			if l.Count("GET", "/repos/{owner}/{repo}/commits") != 0 || l.pull(1).Title[:5] != tc.want[:5] {
				t.Errorf("title %q, sent %v", l.pull(1).Title, l.sent())
			}
		})
	}
}

func TestSignOff(t *testing.T) {
	t.Parallel()
	t.Run("an App", func(t *testing.T) {
		t.Parallel()
		l := newLife(t)
		l.settings.SignOff = true
		l.visit()
		commit := must(l.repo.Commits(debianBranch))(t)[0]
		lines := strings.Split(commit.Message, "\n")
		if want := "Signed-off-by: " + strings.Replace(commit.Author, "@users.noreply.github.com", "@users.noreply.127.0.0.1", 1); lines[2] != want || !strings.HasPrefix(lines[3], "Basebump-Tree: ") || !commit.Verified {
			t.Errorf("commit %+v, want %s", commit, want)
		}
	})
	t.Run("a person", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.add("ann/notes", githubtest.Files{"Dockerfile": githubtest.Text(dockerfile)})
		token := w.AddToken("ann")
		client := w.client(func(o *github.Options) { o.AppID, o.PrivateKey, o.Token = 0, nil, token })
		repo := must(client.Repositories(t.Context()))(t)[0]
		c := change()
		c.SignOff = true
		must(client.Propose(t.Context(), repo, c, bot.Ground{}))(t)
		commit := must(w.Repository("ann/notes").Commits(branch))(t)[0]
		if !strings.Contains(commit.Message, "\nSigned-off-by: ann <") {
			t.Errorf("message %q", commit.Message)
		}
	})
}
