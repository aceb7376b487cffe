package github_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/github"
	"github.com/basebump/basebump/bot/github/githubtest"
)

// notes are remembered issues.
type notes map[string]bot.Note

func (n notes) Note(_ context.Context, repository, subject string) (bot.Note, bool, error) {
	note, known := n[repository+" "+subject]
	return note, known, nil
}

func (n notes) SaveNote(_ context.Context, repository, subject string, note bot.Note) error {
	n[repository+" "+subject] = note
	return nil
}

func broken(message string) *bot.BrokenCustom {
	return &bot.BrokenCustom{Misfits: []bot.Misfit{{Line: 3, Column: 1, Message: message}}}
}

const (
	issuesPath = "/issues"
	issuePath  = "/issues/{issue_number}"
)

func TestBrokenConfigurationIsToldOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := w.client()
	repo := w.target(client)
	memory := notes{}
	desk := func() *bot.Desk { return &bot.Desk{Board: client, Notes: memory} }
	step := func(name string, do func() error, sent ...string) {
		t.Helper()
		w.ForgetRequests()
		if err := do(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(append([]string{}, sent...), w.sent()); diff != "" {
			t.Errorf("%s: requests (-want +got):\n%s", name, diff)
		}
	}
	tell := func(message string) func() error {
		return func() error { return desk().Broken(t.Context(), repo, broken(message)) }
	}
	mend := func() error { return desk().Mended(t.Context(), repo, true) }
	state := func(want string) {
		t.Helper()
		var states []string
		for _, issue := range w.repo.Issues() {
			states = append(states, issue.State)
		}
		if got := strings.Join(states, " "); got != want {
			t.Errorf("issues %q, want %q", got, want)
		}
	}
	step("in order, unknown", mend, "GET "+issuesPath)
	step("in order", mend)
	step("broken", tell(`unknown key "a"`), "GET "+issuesPath, "POST "+issuesPath)
	state("open")
	step("the same", tell(`unknown key "a"`))
	step("another", tell(`unknown key "@acme/all <b>"`), "GET "+issuePath, "PATCH "+issuePath)
	state("open")
	body := w.repo.Issues()[0].Body
	for _, want := range []string{"**line 3**: unknown key \"@\u2060acme/all &lt;b&gt;\"", "`.github/basebump.yaml` cannot be used", "closes by itself"} {
		if !strings.Contains(body, want) {
			t.Errorf("no %q in %s", want, body)
		}
	}
	check(t, w.repo.CloseIssue(1, "ann"))
	step("closed by a person", tell(`unknown key "@acme/all <b>"`))
	state("closed")
	step("closed by a person, then another", tell(`unknown key "c"`), "GET "+issuePath, "PATCH "+issuePath)
	state("open")

	memory = notes{}
	step("after a loss", tell(`unknown key "c"`), "GET "+issuesPath)
	memory = notes{}
	step("another after a loss", tell(`unknown key "d"`), "GET "+issuesPath, "PATCH "+issuePath)
	check(t, w.repo.SetLabels(1, "ann"))
	step("robbed of its label", tell(`unknown key "e"`), "GET "+issuePath, "PATCH "+issuePath)
	step("mended", mend, "GET "+issuePath, "PATCH "+issuePath, "POST "+issuePath+"/comments")
	state("closed")
	step("in order again", mend)
	step("broken again", tell(`unknown key "f"`), "GET "+issuePath, "PATCH "+issuePath)
	state("open")
}

// TestIssueSurvivesFaults loses each answer in turn; the next try leaves one issue.
func TestIssueSurvivesFaults(t *testing.T) {
	t.Parallel()
	for n := range 2 {
		for _, late := range []bool{false, true} {
			w := newWorld(t)
			client := w.client()
			repo := w.target(client)
			desk := &bot.Desk{Board: client, Notes: notes{}}
			remove := w.Inject(githubtest.Fault{Skip: n, Times: 1, Status: 502, Late: late})
			if err := desk.Broken(t.Context(), repo, broken("x")); err == nil {
				t.Errorf("request %d: no error", n+1)
			}
			remove()
			check(t, desk.Broken(t.Context(), repo, broken("x")))
			if issues := w.repo.Issues(); len(issues) != 1 || issues[0].State != "open" {
				t.Errorf("request %d, late %v: %+v", n+1, late, issues)
			}
		}
	}
}

func TestNoIssuesWhereThereAreNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := w.client()
	repo := w.target(client)
	w.Inject(githubtest.Fault{Pattern: "/repos/{owner}/{repo}/issues", Status: 410, Body: `{"message":"Issues has been disabled in this repository."}`})
	desk := &bot.Desk{Board: client, Notes: notes{}}
	check(t, desk.Broken(t.Context(), repo, broken("x")))
	w.ForgetRequests()
	check(t, desk.Broken(t.Context(), repo, broken("x")))
	w.expectSent()
}

func TestOthersIssuesAreNotOurs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := w.client()
	repo := w.target(client)
	w.repo.OpenIssue("ann", "Mine", "<!-- basebump?subject=dashboard&text=00 -->")
	check(t, w.repo.SetLabels(1, "ann", "basebump-config"))
	for _, number := range []int{0, 1, 99} {
		if got := must(client.Posted(t.Context(), repo, bot.SubjectConfig, number))(t); got != (bot.Posted{}) {
			t.Errorf("#%d: %+v", number, got)
		}
	}
}

func TestProofread(t *testing.T) {
	t.Parallel()
	const path = ".github/basebump.yaml"
	customize := func(data []byte) (bot.Custom, error) {
		if strings.Contains(string(data), "broken") {
			return bot.Custom{}, broken("unknown key \"<b>\"")
		}
		return bot.Custom{}, nil
	}
	w := newWorld(t)
	client := w.client()
	contents := "GET /contents/{path...}"
	runs, create := "GET /commits/{ref...}/check-runs", "POST /check-runs"
	for _, step := range []struct {
		name, branch string
		files        githubtest.Files
		sent         []string
		conclusion   string
	}{
		{"without the file", "a", githubtest.Files{"x": githubtest.Text("x")}, []string{contents + " Not Found"}, ""},
		{"valid", "b", githubtest.Files{path: githubtest.Text("paths: [x]\n")}, []string{contents, contents + " Not Found", runs, create}, "success"},
		{"broken", "c", githubtest.Files{path: githubtest.Text("broken: 1\n")}, []string{contents, contents + " Not Found", runs, create}, "failure"},
	} {
		head := must(w.repo.Push(step.branch, "ann", "Configure", step.files))(t)
		w.ForgetRequests()
		check(t, bot.Proofread(t.Context(), client, customize, "acme/web", head))
		w.expectSent(step.sent...)
		check(t, bot.Proofread(t.Context(), client, customize, "acme/web", head))
		found := must(w.repo.CheckRuns(head))(t)
		switch {
		case step.conclusion == "" && len(found) > 0, step.conclusion != "" && len(found) != 1:
			t.Errorf("%s: %+v", step.name, found)
		case step.conclusion != "" && (found[0].Conclusion != step.conclusion || found[0].Name != bot.ConfigCheckName):
			t.Errorf("%s: %+v", step.name, found)
		case step.conclusion == "failure" && (len(found[0].Annotations) != 1 || !strings.Contains(found[0].Summary, "**line 3**: unknown key \"&lt;b&gt;\"")):
			t.Errorf("%s: %+v", step.name, found)
		}
	}
	must(w.repo.Push("main", "ann", "Configure", githubtest.Files{path: githubtest.Text("paths: [x]\n")}))(t)
	head := must(w.repo.Push("d", "ann", "Other", githubtest.Files{"y": githubtest.Text("y")}))(t)
	w.ForgetRequests()
	check(t, bot.Proofread(t.Context(), client, customize, "acme/web", head))
	w.expectSent(contents, contents)
	token := w.client(func(o *github.Options) { o.AppID, o.PrivateKey, o.Token = 0, nil, w.AddToken("acme") })
	w.ForgetRequests()
	check(t, bot.Proofread(t.Context(), token, customize, "acme/web", head))
	w.expectSent(contents, contents)
}
