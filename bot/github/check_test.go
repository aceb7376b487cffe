package github_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/github/githubtest"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	l.visit()
	runs := must(l.repo.CheckRuns(debianBranch))(t)
	if len(runs) != 1 {
		t.Fatalf("check runs %+v", runs)
	}
	run := runs[0]
	if run.Name != "basebump/verify" || run.Conclusion != "success" || run.Title != "1 fixed, 0 introduced" || !strings.Contains(run.Text, "CVE-2026-2") {
		t.Errorf("check run %+v", run)
	}
	want := []githubtest.CheckAnnotation{{
		Path: "Dockerfile", StartLine: 1, EndLine: 1, Level: "notice", Title: "update debian:12 to the build 11111111", Message: "Fixes 1 (1 high).",
	}}
	if diff := cmp.Diff(want, run.Annotations); diff != "" {
		t.Error(diff)
	}
	check(t, l.repo.RequestAction(run.ID, "ann", "rerun"))
}

func TestCheckIsCutAndBatched(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := w.client()
	c := change()
	c.Check.Summary, c.Check.Text = strings.Repeat("é", 40_000), strings.Repeat("é", 40_000)
	for n := range 620 {
		c.Check.Annotations = append(c.Check.Annotations, bot.Annotation{Path: "Dockerfile", Line: n + 1, Title: "t", Message: fmt.Sprint(n)})
	}
	must(client.Propose(t.Context(), w.target(client), c, bot.Ground{}))(t)
	run := must(w.repo.CheckRuns(branch))(t)[0]
	if len(run.Summary) != 65_534 || len(run.Text) != 65_534 || len(run.Annotations) != 500 || run.Annotations[499].Message != "499" {
		t.Errorf("%d and %d bytes, %d annotations", len(run.Summary), len(run.Text), len(run.Annotations))
	}
	if n := w.Count("PATCH", "/repos/{owner}/{repo}/check-runs/{check_run_id}"); n != 9 {
		t.Errorf("%d more requests", n)
	}
}
