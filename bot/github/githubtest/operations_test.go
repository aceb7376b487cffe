package githubtest_test

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot/github/githubtest"
)

// TestOperations calls every operation at least once with the real client, behind the contract checker, and expects success.
func TestOperations(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *githubtest.Options) {
		o.App.Permissions = map[string]string{
			"metadata": "read", "contents": "write", "pull_requests": "write", "issues": "write", "checks": "write",
			"statuses": "write", "deployments": "write",
		}
	})
	repo, id := w.repository()
	repo.AddCollaborator("alice", "write")
	o := operations{w: w, repo: repo, installation: id, app: w.app(), client: w.installed(id)}
	for name, run := range map[string]func(*testing.T){
		"app": o.asApp, "account": o.account, "repository": o.repository, "git": o.git, "commits": o.commits, "contents": o.contents,
		"pulls": o.pulls, "issues": o.issues, "comments": o.comments, "labels": o.labels, "checks": o.checks, "statuses": o.statuses,
		"deployments": o.deployments, "hook": o.hook,
	} {
		t.Run(name, run)
	}
	t.Run("manifest", o.manifest) // last: it puts another App in place

	served := map[string]bool{}
	for _, r := range w.Requests() {
		if r.Status < 300 {
			served[r.Method+" "+r.Pattern] = true
		}
	}
	for _, operation := range githubtest.Operations() {
		if !served[operation] {
			t.Errorf("%s was not tried with success", operation)
		}
	}
}

const owner, name = "acme", "web"

type operations struct {
	w            *world
	repo         *githubtest.Repo
	installation int64
	app, client  *github.Client
}

// done checks the error of calls whose answers the contract checker has looked at.
func done[T any](t *testing.T) func(T, *github.Response, error) T {
	t.Helper()
	return func(value T, _ *github.Response, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func finished(t *testing.T) func(*github.Response, error) {
	t.Helper()
	return func(_ *github.Response, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
}

// topic makes a branch with one change, and a pull request from it.
func (o operations) topic(t *testing.T, branch string) (number int, head string) {
	t.Helper()
	head = must(o.repo.Push(branch, "alice", branch, githubtest.Files{branch + ".txt": githubtest.Text(branch + "\n")}))(t)
	pull := done[*github.PullRequest](t)(o.client.PullRequests.Create(t.Context(), owner, name, &github.NewPullRequest{
		Title: github.String(branch), Head: github.String(branch), Base: github.String("main"), Body: github.String("body"),
	}))
	return pull.GetNumber(), head
}

func (o operations) asApp(t *testing.T) {
	ctx := t.Context()
	done[*github.App](t)(o.app.Apps.Get(ctx, ""))
	done[*github.App](t)(o.app.Apps.Get(ctx, "basebump"))
	done[[]*github.Installation](t)(o.app.Apps.ListInstallations(ctx, nil))
	done[*github.Installation](t)(o.app.Apps.GetInstallation(ctx, o.installation))
	done[*github.Installation](t)(o.app.Apps.FindRepositoryInstallation(ctx, owner, name))
	token := done[*github.InstallationToken](t)(o.app.Apps.CreateInstallationToken(ctx, o.installation, nil))
	done[*github.ListRepositories](t)(o.client.Apps.ListRepos(ctx, nil))
	finished(t)(o.w.with(token.GetToken()).Apps.RevokeInstallationToken(ctx))
}

func (o operations) account(t *testing.T) {
	ctx := t.Context()
	person := o.w.with(o.w.AddToken("alice"))
	done[*github.User](t)(person.Users.Get(ctx, ""))
	done[*github.User](t)(person.Users.Get(ctx, "acme"))
	done[[]*github.Repository](t)(person.Repositories.ListByAuthenticatedUser(ctx, nil))
	done[*github.RateLimits](t)(person.RateLimit.Get(ctx))
}

func (o operations) repository(t *testing.T) {
	ctx := t.Context()
	done[*github.Repository](t)(o.client.Repositories.Get(ctx, owner, name))
	done[[]*github.Branch](t)(o.client.Repositories.ListBranches(ctx, owner, name, nil))
	done[*github.Branch](t)(o.client.Repositories.GetBranch(ctx, owner, name, "main", 0))
	done[bool](t)(o.client.Repositories.IsCollaborator(ctx, owner, name, "alice"))
	done[*github.RepositoryPermissionLevel](t)(o.client.Repositories.GetPermissionLevel(ctx, owner, name, "alice"))
}

func (o operations) git(t *testing.T) {
	ctx := t.Context()
	head := done[*github.Reference](t)(o.client.Git.GetRef(ctx, owner, name, "heads/main"))
	commit := done[*github.Commit](t)(o.client.Git.GetCommit(ctx, owner, name, head.Object.GetSHA()))
	tree := done[*github.Tree](t)(o.client.Git.GetTree(ctx, owner, name, commit.Tree.GetSHA(), true))
	done[*github.Blob](t)(o.client.Git.GetBlob(ctx, owner, name, tree.Entries[0].GetSHA()))
	blob := done[*github.Blob](t)(o.client.Git.CreateBlob(ctx, owner, name, &github.Blob{
		Content: github.String(base64.StdEncoding.EncodeToString([]byte("x\n"))), Encoding: github.String("base64"),
	}))
	next := done[*github.Tree](t)(o.client.Git.CreateTree(ctx, owner, name, tree.GetSHA(), []*github.TreeEntry{
		{Path: github.String("x"), Mode: github.String("100755"), Type: github.String("blob"), SHA: blob.SHA},
	}))
	made := done[*github.Commit](t)(o.client.Git.CreateCommit(ctx, owner, name, &github.Commit{
		Message: github.String("x"), Tree: next, Parents: []*github.Commit{{SHA: head.Object.SHA}},
	}, nil))
	ref := &github.Reference{Ref: github.String("refs/heads/git/x"), Object: &github.GitObject{SHA: head.Object.SHA}}
	done[*github.Reference](t)(o.client.Git.CreateRef(ctx, owner, name, ref))
	ref.Object.SHA = made.SHA
	done[*github.Reference](t)(o.client.Git.UpdateRef(ctx, owner, name, ref, false))
	done[[]*github.Reference](t)(o.client.Git.ListMatchingRefs(ctx, owner, name, &github.ReferenceListOptions{Ref: "heads/git/"}))
	finished(t)(o.client.Git.DeleteRef(ctx, owner, name, "heads/git/x"))
}

func (o operations) commits(t *testing.T) {
	ctx := t.Context()
	_, head := o.topic(t, "commits")
	done[[]*github.RepositoryCommit](t)(o.client.Repositories.ListCommits(ctx, owner, name, nil))
	done[*github.RepositoryCommit](t)(o.client.Repositories.GetCommit(ctx, owner, name, "main", nil))
	done[string](t)(o.client.Repositories.GetCommitSHA1(ctx, owner, name, "main", ""))
	done[string](t)(o.client.Repositories.GetCommitRaw(ctx, owner, name, "main", github.RawOptions{Type: github.Diff}))
	done[*github.CommitsComparison](t)(o.client.Repositories.CompareCommits(ctx, owner, name, "main", "commits", nil))
	done[string](t)(o.client.Repositories.CompareCommitsRaw(ctx, owner, name, "main", "commits", github.RawOptions{Type: github.Diff}))
	pulls := done[[]*github.PullRequest](t)(o.client.PullRequests.ListPullRequestsWithCommit(ctx, owner, name, head, nil))
	if len(pulls) != 1 {
		t.Errorf("%d pull requests with the commit, want 1", len(pulls))
	}
}

func (o operations) contents(t *testing.T) {
	ctx := t.Context()
	options := &github.RepositoryContentFileOptions{Message: github.String("notes"), Content: []byte("one\n"), Branch: github.String("main")}
	made := done[*github.RepositoryContentResponse](t)(o.client.Repositories.CreateFile(ctx, owner, name, "docs/notes.txt", options))
	if !made.GetVerification().GetVerified() {
		t.Error("a commit by the contents API is not verified")
	}
	file, _, _, err := o.client.Repositories.GetContents(ctx, owner, name, "docs/notes.txt", nil)
	if text, _ := file.GetContent(); err != nil || text != "one\n" {
		t.Errorf("content %q, %v", text, err)
	}
	_, folder, _, err := o.client.Repositories.GetContents(ctx, owner, name, "docs", nil)
	if err != nil || len(folder) != 1 {
		t.Errorf("folder %v, %v", folder, err)
	}
	options.Content, options.SHA = []byte("two\n"), file.SHA
	changed := done[*github.RepositoryContentResponse](t)(o.client.Repositories.UpdateFile(ctx, owner, name, "docs/notes.txt", options))
	options.SHA = changed.Content.SHA
	done[*github.RepositoryContentResponse](t)(o.client.Repositories.DeleteFile(ctx, owner, name, "docs/notes.txt", options))
}

func (o operations) pulls(t *testing.T) {
	ctx := t.Context()
	number, _ := o.topic(t, "pulls")
	done[[]*github.PullRequest](t)(o.client.PullRequests.List(ctx, owner, name, nil))
	done[*github.PullRequest](t)(o.client.PullRequests.Get(ctx, owner, name, number))
	done[string](t)(o.client.PullRequests.GetRaw(ctx, owner, name, number, github.RawOptions{Type: github.Diff}))
	done[*github.PullRequest](t)(o.client.PullRequests.Edit(ctx, owner, name, number, &github.PullRequest{Title: github.String("other")}))
	done[[]*github.CommitFile](t)(o.client.PullRequests.ListFiles(ctx, owner, name, number, nil))
	done[[]*github.RepositoryCommit](t)(o.client.PullRequests.ListCommits(ctx, owner, name, number, nil))
	reviewers := github.ReviewersRequest{Reviewers: []string{"alice"}}
	done[*github.PullRequest](t)(o.client.PullRequests.RequestReviewers(ctx, owner, name, number, reviewers))
	done[*github.Reviewers](t)(o.client.PullRequests.ListReviewers(ctx, owner, name, number, nil))
	finished(t)(o.client.PullRequests.RemoveReviewers(ctx, owner, name, number, reviewers))
	must(o.repo.Push("main", "alice", "elsewhere", githubtest.Files{"elsewhere": githubtest.Text("e\n")}))(t)
	_, _, err := o.client.PullRequests.UpdateBranch(ctx, owner, name, number, nil)
	if _, accepted := err.(*github.AcceptedError); !accepted {
		t.Errorf("update of the branch: %v, want 202", err)
	}
	done[*github.PullRequestMergeResult](t)(o.client.PullRequests.Merge(ctx, owner, name, number, "", nil))
	if merged := done[bool](t)(o.client.PullRequests.IsMerged(ctx, owner, name, number)); !merged {
		t.Error("not merged")
	}
}

func (o operations) issues(t *testing.T) {
	ctx := t.Context()
	issue := done[*github.Issue](t)(o.client.Issues.Create(ctx, owner, name, &github.IssueRequest{
		Title: github.String("Dashboard"), Body: github.String("- [ ] x"), Labels: &[]string{"basebump"},
	}))
	done[*github.Issue](t)(o.client.Issues.Get(ctx, owner, name, issue.GetNumber()))
	done[*github.Issue](t)(o.client.Issues.AddAssignees(ctx, owner, name, issue.GetNumber(), []string{"alice"}))
	found := done[[]*github.Issue](t)(o.client.Issues.ListByRepo(ctx, owner, name, &github.IssueListByRepoOptions{Labels: []string{"basebump"}, Creator: "basebump[bot]"}))
	if len(found) != 1 || found[0].GetAssignee().GetLogin() != "alice" {
		t.Errorf("issues: %v", found)
	}
	finished(t)(o.client.Issues.Lock(ctx, owner, name, issue.GetNumber(), &github.LockIssueOptions{LockReason: "resolved"}))
	finished(t)(o.client.Issues.Unlock(ctx, owner, name, issue.GetNumber()))
	done[*github.Issue](t)(o.client.Issues.Edit(ctx, owner, name, issue.GetNumber(), &github.IssueRequest{State: github.String("closed")}))
}

func (o operations) comments(t *testing.T) {
	ctx := t.Context()
	number, _ := o.topic(t, "comments")
	comment := done[*github.IssueComment](t)(o.client.Issues.CreateComment(ctx, owner, name, number, &github.IssueComment{Body: github.String("one")}))
	done[[]*github.IssueComment](t)(o.client.Issues.ListComments(ctx, owner, name, number, nil))
	done[*github.IssueComment](t)(o.client.Issues.GetComment(ctx, owner, name, comment.GetID()))
	done[*github.IssueComment](t)(o.client.Issues.EditComment(ctx, owner, name, comment.GetID(), &github.IssueComment{Body: github.String("two")}))
	first := done[*github.Reaction](t)(o.client.Reactions.CreateIssueCommentReaction(ctx, owner, name, comment.GetID(), "eyes"))
	again := done[*github.Reaction](t)(o.client.Reactions.CreateIssueCommentReaction(ctx, owner, name, comment.GetID(), "eyes"))
	if first.GetID() != again.GetID() {
		t.Error("the same reaction was made twice")
	}
	done[[]*github.Reaction](t)(o.client.Reactions.ListIssueCommentReactions(ctx, owner, name, comment.GetID(), nil))
	finished(t)(o.client.Issues.DeleteComment(ctx, owner, name, comment.GetID()))
}

func (o operations) labels(t *testing.T) {
	ctx := t.Context()
	number, _ := o.topic(t, "labels")
	done[*github.Label](t)(o.client.Issues.CreateLabel(ctx, owner, name, &github.Label{Name: github.String("deps"), Color: github.String("0366d6")}))
	done[*github.Label](t)(o.client.Issues.GetLabel(ctx, owner, name, "deps"))
	done[[]*github.Label](t)(o.client.Issues.ListLabels(ctx, owner, name, nil))
	done[[]*github.Label](t)(o.client.Issues.AddLabelsToIssue(ctx, owner, name, number, []string{"deps", "new one"}))
	finished(t)(o.client.Issues.RemoveLabelForIssue(ctx, owner, name, number, "new one"))
	done[[]*github.Label](t)(o.client.Issues.ReplaceLabelsForIssue(ctx, owner, name, number, []string{"a", "b"}))
	left := done[[]*github.Label](t)(o.client.Issues.ListLabelsByIssue(ctx, owner, name, number, nil))
	if names := labelNames(left); !slices.Equal(names, []string{"a", "b"}) {
		t.Errorf("labels %v", names)
	}
}

func labelNames(labels []*github.Label) (names []string) {
	for _, label := range labels {
		names = append(names, label.GetName())
	}
	return names
}

func (o operations) checks(t *testing.T) {
	ctx := t.Context()
	_, head := o.topic(t, "checks")
	run := done[*github.CheckRun](t)(o.client.Checks.CreateCheckRun(ctx, owner, name, github.CreateCheckRunOptions{
		Name: "basebump/verify", HeadSHA: head, Status: github.String("in_progress"),
	}))
	done[*github.CheckRun](t)(o.client.Checks.UpdateCheckRun(ctx, owner, name, run.GetID(), github.UpdateCheckRunOptions{
		Name: "basebump/verify", Conclusion: github.String("success"), Output: &github.CheckRunOutput{
			Title: github.String("fine"), Summary: github.String("all of it"), Annotations: []*github.CheckRunAnnotation{{
				Path: github.String("Dockerfile"), StartLine: github.Int(1), EndLine: github.Int(1), AnnotationLevel: github.String("notice"),
				Message: github.String("here"),
			}},
		},
	}))
	got := done[*github.CheckRun](t)(o.client.Checks.GetCheckRun(ctx, owner, name, run.GetID()))
	if got.GetStatus() != "completed" || got.GetOutput().GetAnnotationsCount() != 1 || len(got.PullRequests) != 1 {
		t.Errorf("check run: %v", got)
	}
	done[[]*github.CheckRunAnnotation](t)(o.client.Checks.ListCheckRunAnnotations(ctx, owner, name, run.GetID(), nil))
	done[*github.ListCheckRunsResults](t)(o.client.Checks.ListCheckRunsForRef(ctx, owner, name, "checks", nil))
	suites := done[*github.ListCheckSuiteResults](t)(o.client.Checks.ListCheckSuitesForRef(ctx, owner, name, "checks", nil))
	suite := done[*github.CheckSuite](t)(o.client.Checks.GetCheckSuite(ctx, owner, name, suites.CheckSuites[0].GetID()))
	if suite.GetConclusion() != "success" {
		t.Errorf("suite: %v", suite)
	}
	finished(t)(o.client.Checks.ReRequestCheckRun(ctx, owner, name, run.GetID()))
}

func (o operations) statuses(t *testing.T) {
	ctx := t.Context()
	_, head := o.topic(t, "statuses")
	done[*github.RepoStatus](t)(o.client.Repositories.CreateStatus(ctx, owner, name, head, &github.RepoStatus{
		State: github.String("pending"), Context: github.String("ci"),
	}))
	done[*github.RepoStatus](t)(o.client.Repositories.CreateStatus(ctx, owner, name, head, &github.RepoStatus{
		State: github.String("success"), Context: github.String("ci"),
	}))
	all := done[[]*github.RepoStatus](t)(o.client.Repositories.ListStatuses(ctx, owner, name, "statuses", nil))
	combined := done[*github.CombinedStatus](t)(o.client.Repositories.GetCombinedStatus(ctx, owner, name, "statuses", nil))
	if len(all) != 2 || combined.GetState() != "success" || combined.GetTotalCount() != 1 {
		t.Errorf("statuses %v, combined %v", all, combined)
	}
}

func (o operations) deployments(t *testing.T) {
	ctx := t.Context()
	made := done[*github.Deployment](t)(o.client.Repositories.CreateDeployment(ctx, owner, name, &github.DeploymentRequest{Ref: github.String("main")}))
	done[*github.Deployment](t)(o.client.Repositories.GetDeployment(ctx, owner, name, made.GetID()))
	found := done[[]*github.Deployment](t)(o.client.Repositories.ListDeployments(ctx, owner, name, &github.DeploymentsListOptions{SHA: made.GetSHA()}))
	if len(found) != 1 {
		t.Errorf("deployments %v", found)
	}
	done[*github.DeploymentStatus](t)(o.client.Repositories.CreateDeploymentStatus(ctx, owner, name, made.GetID(), &github.DeploymentStatusRequest{
		State: github.String("success"),
	}))
	done[[]*github.DeploymentStatus](t)(o.client.Repositories.ListDeploymentStatuses(ctx, owner, name, made.GetID(), nil))
}

func (o operations) hook(t *testing.T) {
	ctx := t.Context()
	received := 0
	receiver := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { received++ }))
	defer receiver.Close()
	config := done[*github.HookConfig](t)(o.app.Apps.UpdateHookConfig(ctx, &github.HookConfig{URL: github.String(receiver.URL), Secret: github.String("s")}))
	if config.GetSecret() != "********" {
		t.Errorf("the secret is shown as %q", config.GetSecret())
	}
	done[*github.HookConfig](t)(o.app.Apps.GetHookConfig(ctx))
	o.w.Ping()
	o.w.Deliver(ctx)
	deliveries := done[[]*github.HookDelivery](t)(o.app.Apps.ListHookDeliveries(ctx, nil))
	done[*github.HookDelivery](t)(o.app.Apps.GetHookDelivery(ctx, deliveries[0].GetID()))
	if _, _, err := o.app.Apps.RedeliverHookDelivery(ctx, deliveries[0].GetID()); err != nil {
		if _, accepted := err.(*github.AcceptedError); !accepted {
			t.Error(err)
		}
	}
	again := o.w.Deliver(ctx)
	if len(again) != 1 || again[0].GUID != deliveries[0].GetGUID() || !again[0].Redeliver || received != 2 {
		t.Errorf("redelivered %v, received %d", again, received)
	}
	o.w.SetWebhook(githubtest.Webhook{})
}

func (o operations) manifest(t *testing.T) {
	code := must(o.w.ConfirmManifest(`{"name": "Base Bump!", "url": "http://x", "redirect_url": "http://x/back",
		"hook_attributes": {"url": "http://x/hook"}, "default_permissions": {"contents": "write"}, "default_events": ["push"]}`))(t)
	app := done[*github.AppConfig](t)(o.w.with("").Apps.CompleteAppManifest(t.Context(), code))
	if app.GetSlug() != "base-bump" || app.GetPEM() == "" || app.GetWebhookSecret() == "" {
		t.Errorf("App %v", app)
	}
	_, _, err := o.w.with("").Apps.CompleteAppManifest(t.Context(), code)
	expectRefusal(t, err, http.StatusNotFound, "Not Found")
}
