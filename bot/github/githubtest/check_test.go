package githubtest_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot/github/githubtest"
)

func TestCheckRunRefusals(t *testing.T) {
	t.Parallel()
	w := newLenientWorld(t)
	repo, id := w.repository()
	head := must(repo.Commits("main"))(t)[0].ID
	good := func() github.CreateCheckRunOptions {
		return github.CreateCheckRunOptions{
			Name: "n", HeadSHA: head, Output: &github.CheckRunOutput{Title: github.String("t"), Summary: github.String("s")},
		}
	}
	for name, test := range map[string]struct {
		spoil   func(*github.CreateCheckRunOptions)
		message string
	}{
		"no name":        {func(o *github.CreateCheckRunOptions) { o.Name = "" }, "Invalid request.\n\n\"name\" wasn't supplied."},
		"no head":        {func(o *github.CreateCheckRunOptions) { o.HeadSHA = "" }, "Invalid request.\n\n\"head_sha\" wasn't supplied."},
		"unknown head":   {func(o *github.CreateCheckRunOptions) { o.HeadSHA = "main" }, "No commit found for SHA: main"},
		"bad status":     {func(o *github.CreateCheckRunOptions) { o.Status = github.String("done") }, "Validation Failed"},
		"bad conclusion": {func(o *github.CreateCheckRunOptions) { o.Conclusion = github.String("good") }, "Validation Failed"},
		"no conclusion":  {func(o *github.CreateCheckRunOptions) { o.Status = github.String("completed") }, "Validation Failed"},
		"no summary": {
			func(o *github.CreateCheckRunOptions) { o.Output.Summary = nil },
			"Invalid request.\n\n\"title\" and \"summary\" must be supplied for output.",
		},
		"long text": {func(o *github.CreateCheckRunOptions) { o.Output.Text = github.String(strings.Repeat("x", 65536)) }, "Validation Failed"},
		"many annotations": {
			func(o *github.CreateCheckRunOptions) {
				for range 51 {
					o.Output.Annotations = append(o.Output.Annotations, &github.CheckRunAnnotation{
						Path: github.String("a"), StartLine: github.Int(1), EndLine: github.Int(1),
						AnnotationLevel: github.String("notice"), Message: github.String("m"),
					})
				}
			},
			"Invalid request.\n\nNo more than 50 annotations can be given in a single request.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			options := good()
			test.spoil(&options)
			_, _, err := w.installed(id).Checks.CreateCheckRun(t.Context(), "acme", "web", options)
			expectRefusal(t, err, 422, test.message)
		})
	}
	_, _, err := w.with(w.AddToken("acme")).Checks.CreateCheckRun(t.Context(), "acme", "web", good())
	expectRefusal(t, err, 403, "You must authenticate via a GitHub App.")
	if runs := must(repo.CheckRuns("main"))(t); len(runs) != 0 {
		t.Errorf("check runs %v", runs)
	}
}

func TestCheckRuns(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	repo, id := w.repository()
	head := must(repo.Commits("main"))(t)[0].ID
	client, ctx := w.installed(id), t.Context()
	if err := repo.AddCheckRun("main", "ci", "failure"); err != nil {
		t.Fatal(err)
	}
	annotation := &github.CheckRunAnnotation{
		Path: github.String("Dockerfile"), StartLine: github.Int(1), EndLine: github.Int(2), AnnotationLevel: github.String("warning"), Message: github.String("m"),
	}
	output := &github.CheckRunOutput{
		Title: github.String("t"), Summary: github.String("s"), Text: github.String("x"), Annotations: []*github.CheckRunAnnotation{annotation},
	}
	run, _, err := client.Checks.CreateCheckRun(ctx, "acme", "web", github.CreateCheckRunOptions{Name: "basebump/verify", HeadSHA: head, Output: output})
	if err != nil || run.GetStatus() != "queued" {
		t.Fatalf("%v, %v", run, err)
	}
	done, _, err := client.Checks.UpdateCheckRun(ctx, "acme", "web", run.GetID(), github.UpdateCheckRunOptions{
		Name: "basebump/verify", Conclusion: github.String("neutral"), Output: output,
	})
	if err != nil || done.GetStatus() != "completed" || done.GetCompletedAt().IsZero() {
		t.Fatalf("%v, %v", done, err)
	}
	line := githubtest.CheckAnnotation{Path: "Dockerfile", StartLine: 1, EndLine: 2, Level: "warning", Message: "m"}
	got := must(repo.CheckRuns("main"))(t)
	want := []githubtest.CheckRun{
		{ID: got[0].ID, Name: "ci", Status: "completed", Conclusion: "failure"},
		{
			ID: run.GetID(), Name: "basebump/verify", Status: "completed", Conclusion: "neutral", Title: "t", Summary: "s", Text: "x",
			Annotations: []githubtest.CheckAnnotation{line, line}, // annotations add up
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("check runs (-want +got):\n%s", diff)
	}
	_, _, err = client.Checks.UpdateCheckRun(ctx, "acme", "web", got[0].ID, github.UpdateCheckRunOptions{Name: "ci", Conclusion: github.String("success")})
	expectRefusal(t, err, 403, "Check runs can only be modified by the GitHub App that created them.")
}

func TestContentRefusals(t *testing.T) {
	t.Parallel()
	w := newLenientWorld(t)
	repo, id := w.repository()
	client, ctx := w.installed(id), t.Context()
	put := func(path, sha, branch string) error {
		options := &github.RepositoryContentFileOptions{Message: github.String("m"), Content: []byte("x"), Branch: &branch}
		if sha != "" {
			options.SHA = &sha
		}
		_, _, err := client.Repositories.CreateFile(ctx, "acme", "web", path, options)
		return err
	}
	wrong := strings.Repeat("1", 40)
	expectRefusal(t, put("Dockerfile", "", "main"), 422, "Invalid request.\n\n\"sha\" wasn't supplied.")
	expectRefusal(t, put("Dockerfile", wrong, "main"), 409, "Dockerfile does not match "+wrong)
	expectRefusal(t, put("new", "", "nowhere"), 404, "Branch nowhere not found")
	expectRefusal(t, put(".github/workflows/ci.yml", "", "main"), 403, "Resource not accessible by integration")
	repo.Protect("main", &githubtest.Protection{})
	expectRefusal(t, put("new", "", "main"), 409, "Could not update file: Changes must be made through a pull request.")
	_, _, _, err := client.Repositories.GetContents(ctx, "acme", "web", "deploy/nothing", nil)
	expectRefusal(t, err, 404, "Not Found")
}
