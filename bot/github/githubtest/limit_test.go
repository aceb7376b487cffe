package githubtest_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot/github/githubtest"
)

func TestHourlyLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *githubtest.Options) { o.Limits.PerHour = 3 })
	_, id := w.repository()
	client := w.installed(id)
	remaining := []int{}
	for range 3 {
		_, response, err := client.Repositories.Get(t.Context(), "acme", "web")
		if err != nil {
			t.Fatal(err)
		}
		remaining = append(remaining, response.Rate.Remaining)
	}
	if fmt.Sprint(remaining) != "[2 1 0]" {
		t.Errorf("remaining %v", remaining)
	}
	_, _, err := w.installed(id).Repositories.Get(t.Context(), "acme", "web") // another token, the same purse
	limited, ok := errors.AsType[*github.RateLimitError](err)
	if !ok || limited.Message != fmt.Sprintf("API rate limit exceeded for installation ID %d.", id) {
		t.Fatalf("error %v (%T), want the hourly limit", err, err)
	}
}

func TestHourlyReset(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *githubtest.Options) { o.Limits.PerHour = 1 })
	w.repository()
	token := w.AddToken("alice")
	get := func() error {
		_, _, err := w.with(token).Repositories.Get(t.Context(), "acme", "web")
		return err
	}
	if err := get(); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(time.Hour - time.Second)
	if _, limited := errors.AsType[*github.RateLimitError](get()); !limited {
		t.Error("not limited a second before the reset")
	}
	w.clock.Advance(time.Second)
	if err := get(); err != nil {
		t.Errorf("error %v after the reset", err)
	}
}

func TestRateLimitIsFree(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, id := w.repository()
	client := w.with(w.mint(id))
	for range 3 {
		limits, _, err := client.RateLimit.Get(t.Context())
		if err != nil || limits.Core.Remaining != 5000 {
			t.Fatalf("limits %v, %v", limits, err)
		}
	}
}

func TestSecondaryLimits(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		limits  githubtest.Limits
		allowed int // comments before the refusal
		wait    time.Duration
	}{
		"points":              {githubtest.Limits{PointsPerMinute: 12}, 2, time.Minute},
		"content by minute":   {githubtest.Limits{ContentPerMinute: 4}, 4, time.Minute},
		"content by the hour": {githubtest.Limits{ContentPerHour: 5}, 5, time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(o *githubtest.Options) { o.Limits = test.limits })
			repo, id := w.repository()
			number := repo.OpenIssue("alice", "x", "")
			token := w.mint(id)
			made := 0
			for ; ; made++ {
				_, _, err := w.with(token).Issues.CreateComment(t.Context(), "acme", "web", number, &github.IssueComment{Body: github.String("x")})
				if limited, ok := errors.AsType[*github.AbuseRateLimitError](err); ok {
					if limited.GetRetryAfter() != test.wait {
						t.Errorf("retry after %v, want %v", limited.GetRetryAfter(), test.wait)
					}
					break
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			if made != test.allowed {
				t.Errorf("%d comments allowed, want %d", made, test.allowed)
			}
		})
	}
}

func TestConditionalRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	repo, id := w.repository()
	first, second := w.mint(id), w.mint(id)
	get := func(token, etag string) *http.Response {
		t.Helper()
		request := must(http.NewRequestWithContext(t.Context(), http.MethodGet, w.url+"/repos/acme/web/git/ref/heads/main", nil))(t)
		request.Header.Set("Authorization", "token "+token)
		request.Header.Set("If-None-Match", etag)
		response := must(http.DefaultClient.Do(request))(t)
		response.Body.Close()
		return response
	}
	answer := get(first, "")
	etag := answer.Header.Get("ETag")
	if etag == "" || answer.Header.Get("X-RateLimit-Used") != "1" {
		t.Fatalf("headers %v", answer.Header)
	}
	for range 3 {
		again := get(first, etag)
		if again.StatusCode != http.StatusNotModified || again.Header.Get("X-RateLimit-Used") != "1" {
			t.Errorf("%d with %s used, want 304 for free", again.StatusCode, again.Header.Get("X-RateLimit-Used"))
		}
	}
	if other := get(second, etag); other.StatusCode != http.StatusOK || other.Header.Get("ETag") == etag {
		t.Errorf("%d %s for another token: the tag must depend on it", other.StatusCode, other.Header.Get("ETag"))
	}
	must(repo.Push("main", "alice", "x", githubtest.Files{"x": githubtest.Text("x")}))(t)
	if changed := get(first, etag); changed.StatusCode != http.StatusOK {
		t.Errorf("%d for what has changed", changed.StatusCode)
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.repository()
	_, response, err := w.with("").Repositories.Get(t.Context(), "acme", "web")
	if err != nil {
		t.Fatal(err)
	}
	if response.Rate.Limit != 60 {
		t.Errorf("anonymous limit %d", response.Rate.Limit)
	}
	for _, name := range []string{"X-Github-Request-Id", "X-Github-Media-Type", "X-Ratelimit-Reset", "X-Ratelimit-Resource", "Etag"} {
		if response.Header.Get(name) == "" {
			t.Errorf("no header %s", name)
		}
	}
	request := must(http.NewRequestWithContext(t.Context(), http.MethodGet, w.url+"/repos/acme/web", nil))(t)
	request.Header.Set("User-Agent", "")
	answer := must(http.DefaultClient.Do(request))(t)
	answer.Body.Close()
	if answer.StatusCode != http.StatusForbidden {
		t.Errorf("%d without a User-Agent, want 403", answer.StatusCode)
	}
}
