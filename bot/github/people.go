package github

import (
	"context"
	"net/http"
	"strings"

	gh "github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/config/fault"
)

// equip gives a new pull request its labels and people. What cannot be set is noted, and no reason to stop.
func (l link) equip(ctx context.Context, p *bot.Proposal, change bot.Change) {
	var notes []string
	note := func(what string, err error) {
		if err != nil {
			notes = append(notes, "without "+what+": "+fault.Text(l.failed("set them in", err)))
			l.options.Log.WarnContext(ctx, "pull request stays without "+what, "repository", l.repo.String(), "number", p.Number, "error", err)
		}
	}
	if p.Note != "" {
		notes = append(notes, p.Note)
	}
	if len(change.Labels) > 0 {
		_, _, err := l.write.Issues.AddLabelsToIssue(ctx, l.repo.Owner, l.repo.Name, p.Number, change.Labels)
		note("labels", err)
	}
	if len(change.Assignees) > 0 {
		_, _, err := l.write.Issues.AddAssignees(ctx, l.repo.Owner, l.repo.Name, p.Number, change.Assignees)
		note("assignees", err)
	}
	if len(change.Reviewers) > 0 {
		note("reviewers", l.ask(ctx, p.Number, change.Reviewers))
	}
	p.Note = strings.Join(notes, "; ")
}

// ask asks for reviews. GitHub refuses the whole list for one name that it does not take; then each is asked alone, and the error is
// that of the last one refused.
func (l link) ask(ctx context.Context, number int, reviewers []string) error {
	err := l.askAll(ctx, number, reviewers)
	if status(err) != http.StatusUnprocessableEntity || len(reviewers) == 1 {
		return err
	}
	err = nil
	for _, reviewer := range reviewers {
		if one := l.askAll(ctx, number, []string{reviewer}); one != nil {
			err = one
		}
	}
	return err
}

func (l link) askAll(ctx context.Context, number int, reviewers []string) error {
	var request gh.ReviewersRequest
	for _, name := range reviewers {
		if _, team, ok := strings.Cut(name, "/"); ok {
			request.TeamReviewers = append(request.TeamReviewers, team)
			continue
		}
		request.Reviewers = append(request.Reviewers, name)
	}
	_, _, err := l.write.PullRequests.RequestReviewers(ctx, l.repo.Owner, l.repo.Name, number, request)
	return err
}
