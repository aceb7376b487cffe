package github

import (
	"context"
	"unicode/utf8"

	gh "github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/config/fault"
)

const (
	// CheckName is the name of our check run on the head of a proposal.
	CheckName = "basebump/verify"

	maxOutput = 65_535 // bytes of a check's summary, and of its text
)

// check shows the verdict beside a commit. Only Apps may, and only with the permission; without it, there is none. A failure that
// passes is an error, so that the next try shows it.
func (l link) check(ctx context.Context, commit string, check bot.Check) error {
	conclusion := "failure"
	if check.Passed {
		conclusion = "success"
	}
	now := gh.Timestamp{Time: l.options.Now()}
	run := gh.CreateCheckRunOptions{
		Name: CheckName, HeadSHA: commit, Status: gh.String("completed"), Conclusion: &conclusion, CompletedAt: &now,
		Output: &gh.CheckRunOutput{Title: &check.Title, Summary: gh.String(beginning(check.Summary, maxOutput))},
	}
	if check.Text != "" {
		run.Output.Text = gh.String(beginning(check.Text, maxOutput))
	}
	_, _, err := l.write.Checks.CreateCheckRun(ctx, l.repo.Owner, l.repo.Name, run)
	if err == nil {
		return nil
	}
	if err = l.failed("show a check in", err); fault.ClassOf(err) == fault.Retry {
		return err
	}
	l.options.Log.WarnContext(ctx, "commit stays without a check", "repository", l.repo.String(), "commit", commit, "error", err)
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
