package github

import (
	"context"
	"fmt"
	"net/http"

	gh "github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot"
)

var _ bot.Proofs = (*Client)(nil)

// Changed implements bot.Proofs. A pull request of a fork has its commits in the repository that it is for, too.
func (c *Client) Changed(ctx context.Context, repository, commit, path string) (data []byte, changed bool, err error) {
	l, err := c.named(ctx, repository)
	if err != nil {
		return nil, false, err
	}
	there, err := l.content(ctx, path, commit)
	if err != nil || there == nil {
		return nil, false, err
	}
	here, err := l.content(ctx, path, "")
	if err != nil || here.GetSHA() == there.GetSHA() {
		return nil, false, err
	}
	text, err := there.GetContent()
	if err != nil { // longer than GitHub hands out
		return nil, false, l.permanent("read "+path+" of", err.Error())
	}
	return []byte(text), true, nil
}

// content returns a file of a commit, or of the default branch; nil when it is not there.
func (l link) content(ctx context.Context, path, commit string) (*gh.RepositoryContent, error) {
	file, _, _, err := l.read.Repositories.GetContents(ctx, l.repo.Owner, l.repo.Name, path, &gh.RepositoryContentGetOptions{Ref: commit})
	if status(err) == http.StatusNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, l.failed("read "+path+" of", err)
	}
	return file, nil
}

// Show implements bot.Proofs.
func (c *Client) Show(ctx context.Context, repository, commit, name string, check bot.Check) error {
	l, err := c.named(ctx, repository)
	if err != nil {
		return err
	}
	if l.granted.GetChecks() != "write" { // nobody but an App may write them
		return nil
	}
	conclusion := "failure"
	if check.Passed {
		conclusion = "success"
	}
	runs, _, err := l.write.Checks.ListCheckRunsForRef(ctx, l.repo.Owner, l.repo.Name, commit, &gh.ListCheckRunsOptions{CheckName: &name})
	if err != nil {
		return l.failed(fmt.Sprintf("look for the checks of %.10s of", commit), err)
	}
	for _, run := range runs.CheckRuns {
		if run.GetConclusion() == conclusion && run.GetOutput().GetSummary() == beginning(check.Summary, maxOutput) {
			return nil
		}
	}
	_, _, err = l.write.Checks.CreateCheckRun(ctx, l.repo.Owner, l.repo.Name, gh.CreateCheckRunOptions{
		Name: name, HeadSHA: commit, Status: gh.String("completed"), Conclusion: &conclusion,
		CompletedAt: &gh.Timestamp{Time: l.options.Now().UTC()},
		Output: &gh.CheckRunOutput{
			Title: &check.Title, Summary: gh.String(beginning(check.Summary, maxOutput)),
			Annotations: annotations(check.Annotations[:min(len(check.Annotations), maxAnnotations)]),
		},
	})
	if err != nil {
		return l.failed("show a check in", err)
	}
	return nil
}
