package githubtest_test

import (
	"fmt"
	"testing"

	"github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot/github/githubtest"
)

// TestPagination reads every list three at a time and expects all five of its entries, in order and once.
func TestPagination(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *githubtest.Options) {
		o.App.Permissions = map[string]string{
			"metadata": "read", "contents": "write", "pull_requests": "write", "issues": "write", "checks": "write",
			"statuses": "read", "deployments": "read",
		}
	})
	repo, id := w.repository()
	w.fill(repo)
	ctx, client, app := t.Context(), w.installed(id), w.app()
	const o, r = "acme", "web"
	for name, list := range map[string]func(github.ListOptions) (int, *github.Response, error){
		"installations": func(l github.ListOptions) (int, *github.Response, error) {
			return count(app.Apps.ListInstallations(ctx, &l))
		},
		"repositories": func(l github.ListOptions) (int, *github.Response, error) {
			found, response, err := client.Apps.ListRepos(ctx, &l)
			return len(found.Repositories), response, err
		},
		"branches": func(l github.ListOptions) (int, *github.Response, error) {
			return count(client.Repositories.ListBranches(ctx, o, r, &github.BranchListOptions{ListOptions: l}))
		},
		"commits": func(l github.ListOptions) (int, *github.Response, error) {
			return count(client.Repositories.ListCommits(ctx, o, r, &github.CommitsListOptions{SHA: "topic3", ListOptions: l}))
		},
		"pulls": func(l github.ListOptions) (int, *github.Response, error) {
			return count(client.PullRequests.List(ctx, o, r, &github.PullRequestListOptions{State: "all", ListOptions: l}))
		},
		"files": func(l github.ListOptions) (int, *github.Response, error) {
			return count(client.PullRequests.ListFiles(ctx, o, r, 4, &l))
		},
		"issues": func(l github.ListOptions) (int, *github.Response, error) {
			return count(client.Issues.ListByRepo(ctx, o, r, &github.IssueListByRepoOptions{ListOptions: l}))
		},
		"comments": func(l github.ListOptions) (int, *github.Response, error) {
			return count(client.Issues.ListComments(ctx, o, r, 1, &github.IssueListCommentsOptions{ListOptions: l}))
		},
		"labels": func(l github.ListOptions) (int, *github.Response, error) {
			return count(client.Issues.ListLabels(ctx, o, r, &l))
		},
		"labels of an issue": func(l github.ListOptions) (int, *github.Response, error) {
			return count(client.Issues.ListLabelsByIssue(ctx, o, r, 1, &l))
		},
		"check runs": func(l github.ListOptions) (int, *github.Response, error) {
			found, response, err := client.Checks.ListCheckRunsForRef(ctx, o, r, "main", &github.ListCheckRunsOptions{ListOptions: l})
			return len(found.CheckRuns), response, err
		},
		"statuses": func(l github.ListOptions) (int, *github.Response, error) {
			return count(client.Repositories.ListStatuses(ctx, o, r, "main", &l))
		},
		"deployments": func(l github.ListOptions) (int, *github.Response, error) {
			return count(client.Repositories.ListDeployments(ctx, o, r, &github.DeploymentsListOptions{ListOptions: l}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			var sizes []int
			options := github.ListOptions{PerPage: 3}
			for {
				n, response, err := list(options)
				if err != nil {
					t.Fatal(err)
				}
				sizes = append(sizes, n)
				if response.NextPage == 0 {
					if response.PrevPage != 1 || response.FirstPage != 1 {
						t.Errorf("last page links to %d and %d", response.PrevPage, response.FirstPage)
					}
					break
				}
				if response.LastPage != 2 {
					t.Errorf("last page is %d, want 2", response.LastPage)
				}
				options.Page = response.NextPage
			}
			if fmt.Sprint(sizes) != "[3 2]" {
				t.Errorf("pages of %v, want [3 2]", sizes)
			}
		})
	}
}

func count[T any](values []T, response *github.Response, err error) (int, *github.Response, error) {
	return len(values), response, err
}

// fill makes it five of everything in the repository and around it.
func (w *world) fill(repo *githubtest.Repo) {
	w.t.Helper()
	for n := range 4 {
		w.AddInstallation(fmt.Sprint("org", n))
		must(w.AddRepository(fmt.Sprint("acme/other", n), nil, githubtest.RepositoryOptions{}))(w.t)
		must(repo.Push(fmt.Sprint("topic", n), "alice", "x", githubtest.Files{fmt.Sprint("t", n): githubtest.Text("x\n")}))(w.t)
		must(repo.OpenPull("alice", fmt.Sprint("topic", n), "main", "x", ""))(w.t)
	}
	for n := range 3 {
		must(repo.Push("topic3", "alice", "x", githubtest.Files{fmt.Sprint("u", n): githubtest.Text("x\n"), "u": githubtest.Text(fmt.Sprint(n))}))(w.t)
	}
	must(repo.Push("main", "alice", "x", githubtest.Files{"late": githubtest.Text("x\n")}))(w.t)
	must(repo.OpenPull("alice", "main", "topic0", "fifth", ""))(w.t)
	if err := repo.SetLabels(1, "alice", "a", "b", "c", "d", "e"); err != nil {
		w.t.Fatal(err)
	}
	for n := range 5 {
		must(repo.Comment(1, "alice", "x"))(w.t)
		must(repo.Deploy("main", "alice", ""))(w.t)
		for _, err := range []error{
			repo.AddCheckRun("main", fmt.Sprint("ci", n), "success"), repo.SetStatus("main", "alice", "ci", "success"),
		} {
			if err != nil {
				w.t.Fatal(err)
			}
		}
	}
}
