package github

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	gh "github.com/google/go-github/v60/github"
	"golang.org/x/sync/errgroup"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/config/fault"
)

// readers bounds requests at once; GitHub allows 100.
const readers = 8

// Repositories lists the watched repositories of all installations, ordered as GitHub orders them. Archived, disabled and empty ones
// are left out. What could not be read is named in the error; the list still holds the rest.
func (c *Client) Repositories(ctx context.Context) ([]bot.Repository, error) {
	installations, err := c.refresh(ctx)
	if err != nil {
		return nil, err
	}
	var all []bot.Repository
	var failures []error
	for _, i := range installations {
		granted, err := c.granted(ctx, i)
		if err != nil {
			failures = append(failures, err)
			continue
		}
		repositories, err := c.withHeads(ctx, i, granted)
		all, failures = append(all, repositories...), append(failures, err)
	}
	return all, errors.Join(failures...)
}

// Repository returns one repository, watched or not.
func (c *Client) Repository(ctx context.Context, owner, name string) (bot.Repository, error) {
	fullName := owner + "/" + name
	home, err := c.home(ctx, fullName)
	if err != nil {
		return bot.Repository{}, err
	}
	found, _, err := home.read.Repositories.Get(ctx, owner, name)
	if err != nil {
		return bot.Repository{}, failed("read", fullName, err)
	}
	repositories, err := c.withHeads(ctx, home, []*gh.Repository{found})
	if err == nil && (found.GetArchived() || found.GetDisabled() || len(repositories) == 0) {
		err = &fault.Error{Op: "read", Target: fullName, Class: fault.Permanent, Err: errors.New("it is archived, disabled or empty")}
	}
	if err != nil {
		return bot.Repository{}, err
	}
	return repositories[0], nil
}

// granted lists the repositories of one installation that are watched and can be changed.
func (c *Client) granted(ctx context.Context, i *installation) ([]*gh.Repository, error) {
	var found []*gh.Repository
	options := gh.ListOptions{PerPage: perPage}
	for {
		page, resp, err := c.list(ctx, i, options)
		if err != nil {
			return nil, failed("list repositories of", cmp.Or(i.account, "the token's account"), err)
		}
		for _, repo := range page {
			push, known := repo.GetPermissions()["push"]
			if repo.GetArchived() || repo.GetDisabled() || known && !push && c.key == nil || !c.options.Watch(repo.GetFullName()) {
				continue
			}
			c.settle(repo.GetFullName(), i)
			found = append(found, repo)
		}
		if options.Page = resp.NextPage; options.Page == 0 {
			return found, nil
		}
	}
}

// list returns one page. An installation's token, which a workflow has too, is told what it may see elsewhere than a person's.
func (c *Client) list(ctx context.Context, i *installation, options gh.ListOptions) ([]*gh.Repository, *gh.Response, error) {
	if c.key != nil || strings.HasPrefix(c.options.Token, "ghs_") {
		page, resp, err := i.read.Apps.ListRepos(ctx, &options)
		if err != nil {
			return nil, nil, err
		}
		return page.Repositories, resp, nil
	}
	return i.read.Repositories.ListByAuthenticatedUser(ctx, &gh.RepositoryListByAuthenticatedUserOptions{ListOptions: options})
}

// withHeads finds the head of each repository's default branch; one without is empty and left out.
func (c *Client) withHeads(ctx context.Context, i *installation, found []*gh.Repository) ([]bot.Repository, error) {
	heads, failures := make([]string, len(found)), make([]error, len(found))
	var group errgroup.Group
	group.SetLimit(readers)
	for n, repo := range found {
		group.Go(func() error {
			heads[n], failures[n] = c.head(ctx, i, repo)
			return nil
		})
	}
	_ = group.Wait() // failures are kept one by one
	var repositories []bot.Repository
	for n, repo := range found {
		if heads[n] != "" {
			repositories = append(repositories, bot.Repository{
				Owner: repo.GetOwner().GetLogin(), Name: repo.GetName(), DefaultBranch: repo.GetDefaultBranch(), Head: heads[n],
			})
		}
	}
	return repositories, errors.Join(failures...)
}

// head returns the head of the default branch, "" when there is none.
func (c *Client) head(ctx context.Context, i *installation, repo *gh.Repository) (string, error) {
	now := c.options.Now()
	if id, ok := c.heads.get(repo); ok {
		return id, nil
	}
	ref, _, err := i.read.Git.GetRef(ctx, repo.GetOwner().GetLogin(), repo.GetName(), "heads/"+repo.GetDefaultBranch())
	switch {
	case status(err) == http.StatusNotFound, status(err) == http.StatusConflict:
		return "", nil
	case err != nil:
		return "", failed("read the default branch of", repo.GetFullName(), err)
	}
	c.heads.put(repo, ref.GetObject().GetSHA(), now)
	return ref.GetObject().GetSHA(), nil
}

// settled is how long after a push its time is believed to be the last one's: GitHub tells it in seconds, by another clock than ours.
const settled = 5 * time.Minute

// heads remembers heads by the time of the last push, which the list of repositories tells: a fleet at rest costs no request for each.
type heads struct {
	mu    sync.Mutex
	known map[int64]branchHead // by repository
}

type branchHead struct {
	branch, id string
	pushed     time.Time
}

func (h *heads) get(repo *gh.Repository) (id string, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	known := h.known[repo.GetID()]
	same := known.branch == repo.GetDefaultBranch() && known.pushed.Equal(repo.GetPushedAt().Time)
	return known.id, known.id != "" && same
}

func (h *heads) put(repo *gh.Repository, id string, now time.Time) {
	pushed := repo.GetPushedAt().Time
	if pushed.IsZero() || now.Sub(pushed) < settled {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.known == nil {
		h.known = map[int64]branchHead{}
	}
	h.known[repo.GetID()] = branchHead{repo.GetDefaultBranch(), id, pushed}
}
