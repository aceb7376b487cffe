package githubtest_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot/github/githubtest"
)

func TestCommentRefusals(t *testing.T) {
	t.Parallel()
	w := newLenientWorld(t)
	repo, id := w.repository()
	number := repo.OpenIssue("alice", "x", "")
	comment := func(number int, body string) error {
		_, _, err := w.installed(id).Issues.CreateComment(t.Context(), "acme", "web", number, &github.IssueComment{Body: &body})
		return err
	}
	expectRefusal(t, comment(number, ""), 422, "Validation Failed")
	expectRefusal(t, comment(99, "x"), 404, "Not Found")
	expectRefusal(t, comment(number, strings.Repeat("x", 65536)), 201, "")
	refusal := expectRefusal(t, comment(number, strings.Repeat("x", 65537)), 422, "Validation Failed")
	if refusal != nil && refusal.Errors[0].Message != "body is too long (maximum is 65536 characters)" {
		t.Errorf("errors %v", refusal.Errors)
	}
	if err := repo.SetLocked(number, "alice", true); err != nil {
		t.Fatal(err)
	}
	expectRefusal(t, comment(number, "x"), 403, "Unable to create comment because issue is locked.")
}

// TestLook reads back what the API and people did.
func TestLook(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	repo, id := w.repository()
	client, ctx := w.installed(id), t.Context()
	repo.AddCollaborator("bob", "write")
	head := must(repo.Push("topic", "alice", "x", githubtest.Files{"x": githubtest.Text("x")}))(t)
	number := must(repo.OpenPull("alice", "topic", "main", "Title", "Body"))(t)
	comment := must(repo.Comment(number, "bob", "/basebump rebase"))(t)
	if _, _, err := client.Reactions.CreateIssueCommentReaction(ctx, "acme", "web", comment, "+1"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := client.Issues.AddAssignees(ctx, "acme", "web", number, []string{"bob", "nobody"}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := client.PullRequests.RequestReviewers(ctx, "acme", "web", number, github.ReviewersRequest{Reviewers: []string{"bob"}}); err != nil {
		t.Fatal(err)
	}
	if err := repo.SetLabels(number, "alice", "b", "a"); err != nil {
		t.Fatal(err)
	}
	got := repo.Pulls()[0]
	want := githubtest.Pull{
		Number: 1, Title: "Title", Body: "Body", State: "open", Author: "alice", Head: "topic", Base: "main", HeadCommit: head,
		Labels: []string{"b", "a"}, Assignees: []string{"bob"}, Reviewers: []string{"bob"}, URL: got.URL,
		Comments: []githubtest.Comment{{ID: comment, Author: "bob", Body: "/basebump rebase", Reactions: []string{"basebump[bot] +1"}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("pull request (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"main", "topic"}, repo.Branches()); diff != "" {
		t.Errorf("branches (-want +got):\n%s", diff)
	}
}

func TestReviewerRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	repo, id := w.repository()
	repo.AddCollaborator("alice", "write")
	must(repo.Push("topic", "alice", "x", githubtest.Files{"x": githubtest.Text("x")}))(t)
	must(repo.OpenPull("alice", "topic", "main", "Title", "Body"))(t)
	for login, message := range map[string]string{
		"alice": "Review cannot be requested from pull request author.",
		"nobody": "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the " +
			"acme/web repository.",
	} {
		_, _, err := w.installed(id).PullRequests.RequestReviewers(t.Context(), "acme", "web", 1, github.ReviewersRequest{Reviewers: []string{login}})
		expectRefusal(t, err, 422, message)
	}
}

func TestPermissionLevels(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	repo, id := w.repository()
	w.AddToken("stranger")
	for login, role := range map[string]string{"ann": "read", "tim": "triage", "wil": "write", "mae": "maintain", "ada": "admin"} {
		repo.AddCollaborator(login, role)
	}
	for login, want := range map[string]string{
		"acme": "admin admin", "ada": "admin admin", "mae": "write maintain", "wil": "write write", "tim": "read triage", "ann": "read read",
		"stranger": "read read",
	} {
		level, _, err := w.installed(id).Repositories.GetPermissionLevel(t.Context(), "acme", "web", login)
		if got := level.GetPermission() + " " + level.GetUser().GetRoleName(); err != nil || got != want {
			t.Errorf("%s: %s, %v, want %s", login, got, err, want)
		}
	}
	_, _, err := w.installed(id).Repositories.GetPermissionLevel(t.Context(), "acme", "web", "unheard-of")
	expectRefusal(t, err, 404, "unheard-of is not a user")
}
