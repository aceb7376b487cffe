package github

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	gh "github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot"
)

var _ bot.Board = (*Client)(nil)

// noticeLabel is how our issues on a subject are found by who has forgotten their numbers.
func noticeLabel(subject string) string { return "basebump-" + subject }

// noticeMark ends the body of an issue of ours. What a person writes behind it is kept out of what we read.
var noticeMark = regexp.MustCompile(`\n*<!-- basebump\?subject=([a-z]+)&text=([0-9a-f]*) -->`)

func sealNotice(n bot.Notice, text string) string {
	return strings.TrimRight(n.Body, "\n") + "\n\n<!-- basebump?subject=" + n.Subject + "&text=" + text + " -->\n"
}

// posted is an issue in bot's words; false when it is none of ours on that subject.
func posted(issue *gh.Issue, subject string) (bot.Posted, bool) {
	body := strings.ReplaceAll(issue.GetBody(), "\r\n", "\n") // an edit in the browser
	found := noticeMark.FindAllStringSubmatchIndex(body, -1)
	if len(found) == 0 || issue.IsPullRequest() {
		return bot.Posted{}, false
	}
	last := found[len(found)-1]
	if body[last[2]:last[3]] != subject {
		return bot.Posted{}, false
	}
	return bot.Posted{Number: issue.GetNumber(), Open: issue.GetState() == "open", Body: body[:last[0]], Text: body[last[4]:last[5]]}, true
}

// Posted implements bot.Board. Of several it takes the oldest.
func (c *Client) Posted(ctx context.Context, repo bot.Repository, subject string, number int) (bot.Posted, error) {
	l, err := c.link(ctx, repo)
	if err != nil {
		return bot.Posted{}, err
	}
	if number != 0 {
		issue, _, err := l.read.Issues.Get(ctx, repo.Owner, repo.Name, number)
		switch known, ours := posted(issue, subject); {
		case err == nil && ours:
			return known, nil
		case err != nil && status(err) != http.StatusNotFound && status(err) != http.StatusGone: // else it was deleted
			return bot.Posted{}, l.failed(fmt.Sprintf("read issue #%d of", number), err)
		}
	}
	issues, _, err := l.read.Issues.ListByRepo(ctx, repo.Owner, repo.Name, &gh.IssueListByRepoOptions{
		State: "all", Labels: []string{noticeLabel(subject)}, Sort: "created", Direction: "asc", ListOptions: gh.ListOptions{PerPage: perPage},
	})
	if isOff(err) {
		return bot.Posted{}, nil
	}
	if err != nil {
		return bot.Posted{}, l.failed("look for our issues in", err)
	}
	for _, issue := range issues {
		if known, ours := posted(issue, subject); ours {
			return known, nil
		}
	}
	return bot.Posted{}, nil
}

// Post implements bot.Board.
func (c *Client) Post(ctx context.Context, repo bot.Repository, number int, notice bot.Notice, text string) (int, error) {
	l, err := c.link(ctx, repo)
	if err != nil {
		return 0, err
	}
	if l.granted != nil && l.granted.GetIssues() != "write" {
		l.options.Log.WarnContext(ctx, "no issue is written, since the App may not write issues", "repository", repo.String(), "title", notice.Title)
		return 0, nil
	}
	body := sealNotice(notice, text)
	request := &gh.IssueRequest{Title: &notice.Title, Body: &body}
	var issue *gh.Issue
	if number == 0 {
		request.Labels = &[]string{noticeLabel(notice.Subject)}
		issue, _, err = l.write.Issues.Create(ctx, repo.Owner, repo.Name, request)
	} else {
		request.State = gh.String("open")
		issue, _, err = l.write.Issues.Edit(ctx, repo.Owner, repo.Name, number, request)
	}
	if isOff(err) {
		l.options.Log.WarnContext(ctx, "no issue is written, since issues are switched off", "repository", repo.String(), "title", notice.Title)
		return 0, nil
	}
	if err != nil {
		return 0, l.failed("write an issue in", err)
	}
	return issue.GetNumber(), nil
}

// Unpost implements bot.Board.
func (c *Client) Unpost(ctx context.Context, repo bot.Repository, number int, why string) error {
	l, err := c.link(ctx, repo)
	if err != nil {
		return err
	}
	closed := &gh.IssueRequest{State: gh.String("closed"), StateReason: gh.String("completed")}
	if _, _, err := l.write.Issues.Edit(ctx, repo.Owner, repo.Name, number, closed); err != nil {
		return l.failed(fmt.Sprintf("close issue #%d of", number), err)
	}
	if _, _, err := l.write.Issues.CreateComment(ctx, repo.Owner, repo.Name, number, &gh.IssueComment{Body: &why}); err != nil {
		return l.failed(fmt.Sprintf("comment on issue #%d of", number), err)
	}
	return nil
}

// isOff says that the repository has no issues.
func isOff(err error) bool { return status(err) == http.StatusGone }
