package github

import (
	"context"
	"net/http"
	"strings"

	gh "github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot"
)

// recent is how many commits tell how a repository's are written.
const recent = 50

// Subjects implements bot.Forge. They are kept by the head: a repository at rest is asked once.
func (c *Client) Subjects(ctx context.Context, repo bot.Repository) ([]string, error) {
	key := repo.String() + " " + repo.Head
	if known, ok := c.subjects.get(key); ok {
		return known, nil
	}
	l, err := c.link(ctx, repo)
	if err != nil {
		return nil, err
	}
	options := &gh.CommitsListOptions{SHA: repo.Head, ListOptions: gh.ListOptions{PerPage: recent}}
	page, _, err := l.read.Repositories.ListCommits(ctx, repo.Owner, repo.Name, options)
	if status(err) == http.StatusConflict { // it is empty
		return nil, nil
	}
	if err != nil {
		return nil, l.failed("list the commits of", err)
	}
	subjects, size := []string{}, 0
	for _, commit := range page {
		if len(commit.Parents) > 1 {
			continue
		}
		subject, _, _ := strings.Cut(commit.GetCommit().GetMessage(), "\n")
		subjects, size = append(subjects, subject), size+len(subject)+entryOverhead
	}
	c.subjects.put(key, subjects, size)
	return subjects, nil
}
