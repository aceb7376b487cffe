package github

import (
	"context"
	"slices"
	"unicode/utf8"

	gh "github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot"
)

const (
	// CheckName is the name of our check run on the head of a proposal.
	CheckName = "basebump/verify"
	// RerunAction identifies the button on it that asks for another look.
	RerunAction = "rerun"

	maxOutput      = 65_535 // bytes of a check's summary, and of its text
	maxAnnotations = 50     // of one request
	allAnnotations = 500    // more are read by nobody
)

// check shows the verdict beside a commit. Annotations add up over requests.
func (l link) check(ctx context.Context, commit string, check bot.Check) error {
	conclusion := "failure"
	if check.Passed {
		conclusion = "success"
	}
	output := &gh.CheckRunOutput{Title: &check.Title, Summary: gh.String(beginning(check.Summary, maxOutput))}
	if check.Text != "" {
		output.Text = gh.String(beginning(check.Text, maxOutput))
	}
	var batches [][]*gh.CheckRunAnnotation
	for batch := range slices.Chunk(annotations(check.Annotations[:min(len(check.Annotations), allAnnotations)]), maxAnnotations) {
		batches = append(batches, batch)
	}
	if len(batches) > 0 {
		output.Annotations = batches[0]
		batches = batches[1:]
	}
	run, _, err := l.write.Checks.CreateCheckRun(ctx, l.repo.Owner, l.repo.Name, gh.CreateCheckRunOptions{
		Name: CheckName, HeadSHA: commit, Status: gh.String("completed"), Conclusion: &conclusion,
		CompletedAt: &gh.Timestamp{Time: l.options.Now().UTC()}, Output: output,
		Actions: []*gh.CheckRunAction{{Label: "Verify again", Description: "Scan both images, judge again", Identifier: RerunAction}},
	})
	if err != nil {
		return l.failed("show a check in", err)
	}
	for _, batch := range batches {
		output.Annotations = batch
		update := gh.UpdateCheckRunOptions{Name: CheckName, Output: output}
		if _, _, err := l.write.Checks.UpdateCheckRun(ctx, l.repo.Owner, l.repo.Name, run.GetID(), update); err != nil {
			return l.failed("show a check in", err)
		}
	}
	return nil
}

func annotations(list []bot.Annotation) []*gh.CheckRunAnnotation {
	shown := make([]*gh.CheckRunAnnotation, len(list))
	for i, a := range list {
		shown[i] = &gh.CheckRunAnnotation{
			Path: &a.Path, StartLine: &a.Line, EndLine: &a.Line, AnnotationLevel: gh.String("notice"), Title: &a.Title, Message: &a.Message,
		}
	}
	return shown
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
