package github

import (
	"context"
	"unicode/utf8"

	gh "github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot"
)

const (
	// CheckName is the name of our check run on the head of a proposal.
	CheckName = "basebump/verify"

	maxOutput = 65_535 // bytes of a check's summary, and of its text
)

// check shows the verdict beside a commit.
func (l link) check(ctx context.Context, commit string, check bot.Check) error {
	conclusion := "failure"
	if check.Passed {
		conclusion = "success"
	}
	run := gh.CreateCheckRunOptions{
		Name: CheckName, HeadSHA: commit, Status: gh.String("completed"), Conclusion: &conclusion,
		CompletedAt: &gh.Timestamp{Time: l.options.Now().UTC()},
		Output:      &gh.CheckRunOutput{Title: &check.Title, Summary: gh.String(beginning(check.Summary, maxOutput))},
	}
	if check.Text != "" {
		run.Output.Text = gh.String(beginning(check.Text, maxOutput))
	}
	if _, _, err := l.write.Checks.CreateCheckRun(ctx, l.repo.Owner, l.repo.Name, run); err != nil {
		return l.failed("show a check in", err)
	}
	return nil
}

// beginning returns the longest beginning of a text that has no more than so many bytes and ends with a whole character.
func beginning(text string, size int) string {
	if len(text) <= size {
		return text
	}
	for !utf8.RuneStart(text[size]) {
		size--
	}
	return text[:size]
}
