package github_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/github"
)

// echo answers the n-th request from now with a status, and with the request's own credential in every place that an error is made of.
func (w *world) echo(n int, status int) (hit func() bool) {
	next, seen := w.handler, 0
	w.handler = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if seen++; seen != n+1 {
			next.ServeHTTP(out, r)
			return
		}
		said := r.Header.Get("Authorization")
		out.Header().Set("Content-Type", "application/json")
		if status == http.StatusFound {
			out.Header().Set("Location", "http://evil.example/"+said)
		}
		out.WriteHeader(status)
		_ = json.NewEncoder(out).Encode(map[string]any{
			"message": "what is " + said + "?", "documentation_url": "https://docs.github.com/" + said,
			"errors": []map[string]string{{"resource": said, "field": said, "code": "custom", "message": said}, {"resource": said, "field": said, "code": said}},
		})
	})
	return func() bool {
		w.handler = next
		return seen > n
	}
}

// TestNoErrorShowsASecret has a hostile server say back every credential that it is sent, in answer to each request of everything that a
// cycle does. No error and no line of the log may repeat it; the world's guard sees to the log.
func TestNoErrorShowsASecret(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(ctx context.Context, c *github.Client, repo bot.Repository) error{
		"list the fleet": func(ctx context.Context, c *github.Client, _ bot.Repository) error {
			_, err := c.Repositories(ctx)
			return err
		},
		"visit": func(ctx context.Context, c *github.Client, _ bot.Repository) error {
			_, err := c.Repository(ctx, "acme", "web")
			return err
		},
		"who we are": func(ctx context.Context, c *github.Client, _ bot.Repository) error {
			_, err := c.Login(ctx)
			return err
		},
		"sweep": func(ctx context.Context, c *github.Client, _ bot.Repository) error {
			_, err := c.Redeliver(ctx, time.Time{})
			return err
		},
		"propose": func(ctx context.Context, c *github.Client, repo bot.Repository) error {
			_, err := c.Propose(ctx, repo, change(), bot.Ground{})
			return err
		},
		"find a proposal": func(ctx context.Context, c *github.Client, repo bot.Repository) error {
			_, err := c.History(ctx, repo, branch)
			return err
		},
		"list proposals": func(ctx context.Context, c *github.Client, repo bot.Repository) error {
			_, err := c.Open(ctx, repo, "basebump/")
			return err
		},
		"may a person": func(ctx context.Context, c *github.Client, repo bot.Repository) error {
			_, err := c.Writes(ctx, repo.String(), "ann")
			return err
		},
		"read what is said": func(ctx context.Context, c *github.Client, repo bot.Repository) error {
			_, err := c.Comments(ctx, repo.String(), 1, time.Time{})
			return err
		},
		"reply": func(ctx context.Context, c *github.Client, repo bot.Repository) error {
			return c.Reply(ctx, repo.String(), 1, "tag", "text")
		},
		"look, merge, warn and close": func(ctx context.Context, c *github.Client, repo bot.Repository) error {
			proposal := bot.Proposal{Number: 1, Branch: branch, State: bot.Open, Head: repo.Head}
			_, lookErr := c.Look(ctx, repo, proposal)
			_, _, mergeErr := c.Merge(ctx, repo, proposal, "squash")
			return errors.Join(lookErr, mergeErr, c.Warn(ctx, repo, proposal, "text"), c.Close(ctx, repo, proposal, "why"))
		},
		"how commits are named": func(ctx context.Context, c *github.Client, repo bot.Repository) error {
			_, err := c.Subjects(ctx, repo)
			return err
		},
		"read a file": func(ctx context.Context, c *github.Client, repo bot.Repository) error {
			files, err := c.Source(repo).Files(ctx)
			if err == nil {
				_, err = c.Source(repo).Read(ctx, files[0])
			}
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			person := w.AddToken("acme")
			repo := w.target(w.client())
			for _, status := range []int{302, 401, 403, 404, 422} {
				for _, options := range []func(*github.Options){
					func(*github.Options) {},
					func(o *github.Options) { o.AppID, o.PrivateKey, o.Token = 0, nil, person },
				} {
					for n := 0; ; n++ {
						client := w.client(options)
						hit := w.echo(n, status)
						err := w.guard.Error(do(t.Context(), client, repo))
						if !hit() {
							break
						}
						if n > 30 {
							t.Fatal(fmt.Errorf("no end of requests: %w", err))
						}
					}
				}
			}
		})
	}
}
