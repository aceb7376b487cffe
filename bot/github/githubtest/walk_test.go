package githubtest_test

import (
	"testing"

	"github.com/google/go-github/v60/github"
)

// TestWalk is the way that every proposal takes: find the repository, read it, write a commit, ask for a pull.
func TestWalk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, id := w.repository()
	ctx, client := t.Context(), w.installed(id)

	repos, _, err := client.Apps.ListRepos(ctx, nil)
	if err != nil || repos.GetTotalCount() != 1 || repos.Repositories[0].GetFullName() != "acme/web" {
		t.Fatalf("repositories of the installation: %v, %v", repos, err)
	}
	repo, _, err := client.Repositories.Get(ctx, "acme", "web")
	if err != nil || repo.GetDefaultBranch() != "main" {
		t.Fatalf("repository: %v, %v", repo, err)
	}
	head, _, err := client.Git.GetRef(ctx, "acme", "web", "heads/main")
	if err != nil {
		t.Fatal(err)
	}
	tree, _, err := client.Git.GetTree(ctx, "acme", "web", head.Object.GetSHA(), true)
	if err != nil || len(tree.Entries) != 3 || tree.Entries[0].GetPath() != "Dockerfile" {
		t.Fatalf("tree: %v, %v", tree, err)
	}
	data, _, err := client.Git.GetBlobRaw(ctx, "acme", "web", tree.Entries[0].GetSHA())
	if err != nil || string(data) != "FROM debian:12\nRUN true\n" {
		t.Fatalf("blob: %q, %v", data, err)
	}

	blob, _, err := client.Git.CreateBlob(ctx, "acme", "web", &github.Blob{Content: github.String("FROM debian:13\nRUN true\n"), Encoding: github.String("utf-8")})
	if err != nil {
		t.Fatal(err)
	}
	next, _, err := client.Git.CreateTree(ctx, "acme", "web", tree.GetSHA(), []*github.TreeEntry{{
		Path: github.String("Dockerfile"), Mode: github.String("100644"), Type: github.String("blob"), SHA: blob.SHA,
	}})
	if err != nil {
		t.Fatal(err)
	}
	commit, _, err := client.Git.CreateCommit(ctx, "acme", "web", &github.Commit{
		Message: github.String("fix(docker): update debian"), Tree: next, Parents: []*github.Commit{{SHA: head.Object.SHA}},
	}, nil)
	if err != nil || !commit.GetVerification().GetVerified() || commit.GetAuthor().GetName() != "basebump[bot]" {
		t.Fatalf("commit: %v, %v", commit, err)
	}
	_, _, err = client.Git.CreateRef(ctx, "acme", "web", &github.Reference{
		Ref: github.String("refs/heads/basebump/debian"), Object: &github.GitObject{SHA: commit.SHA},
	})
	if err != nil {
		t.Fatal(err)
	}
	pull, _, err := client.PullRequests.Create(ctx, "acme", "web", &github.NewPullRequest{
		Title: github.String("update debian"), Head: github.String("basebump/debian"), Base: github.String("main"), Body: github.String("why"),
	})
	if err != nil || pull.GetNumber() != 1 || pull.GetAdditions() != 1 || pull.GetDeletions() != 1 || !pull.GetMergeable() {
		t.Fatalf("pull request: %v, %v", pull, err)
	}
	labels, _, err := client.Issues.AddLabelsToIssue(ctx, "acme", "web", 1, []string{"basebump"})
	if err != nil || len(labels) != 1 {
		t.Fatalf("labels: %v, %v", labels, err)
	}
	if _, _, err := client.Issues.CreateComment(ctx, "acme", "web", 1, &github.IssueComment{Body: github.String("hello")}); err != nil {
		t.Fatal(err)
	}
	_, _, err = client.Checks.CreateCheckRun(ctx, "acme", "web", github.CreateCheckRunOptions{
		Name: "basebump/verify", HeadSHA: commit.GetSHA(), Status: github.String("completed"), Conclusion: github.String("success"),
	})
	if err != nil {
		t.Fatal(err)
	}
	comparison, _, err := client.Repositories.CompareCommits(ctx, "acme", "web", "main", "basebump/debian", nil)
	if err != nil || comparison.GetStatus() != "ahead" || comparison.GetAheadBy() != 1 || len(comparison.Files) != 1 {
		t.Fatalf("comparison: %v, %v", comparison, err)
	}
	found, _, err := client.PullRequests.List(ctx, "acme", "web", &github.PullRequestListOptions{Head: "acme:basebump/debian", State: "all"})
	if err != nil || len(found) != 1 || found[0].Labels[0].GetName() != "basebump" {
		t.Fatalf("pull requests: %v, %v", found, err)
	}
	if n := w.Count("POST", "/repos/{owner}/{repo}/pulls"); n != 1 {
		t.Errorf("pull requests were created %d times", n)
	}
}
