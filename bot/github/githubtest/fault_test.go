package githubtest_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"
	"time"

	"github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot/github/githubtest"
)

const pullsPattern = "/repos/{owner}/{repo}/pulls"

func TestFaultStatus(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, id := w.repository()
	client := w.installed(id)
	w.Inject(githubtest.Fault{Method: "GET", Pattern: pullsPattern, Skip: 1, Times: 2, Status: 502, Header: http.Header{"X-Broken": {"1"}}, Body: "bad gateway"})
	var got []int
	for range 4 {
		_, response, _ := client.PullRequests.List(t.Context(), "acme", "web", nil)
		got = append(got, response.StatusCode)
	}
	if want := [4]int{200, 502, 502, 200}; [4]int(got) != want {
		t.Errorf("statuses %v, want %v", got, want)
	}
	if n := w.Count("GET", pullsPattern); n != 4 {
		t.Errorf("counted %d requests, want 4", n)
	}
}

func TestFaultRemoved(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, id := w.repository()
	client := w.installed(id)
	remove := w.Inject(githubtest.Fault{Path: "/repos/acme/web"})
	_, _, err := client.Repositories.Get(t.Context(), "acme", "web")
	expectRefusal(t, err, 500, "")
	remove()
	_, _, err = client.Repositories.Get(t.Context(), "acme", "web")
	expectRefusal(t, err, 200, "")
}

// TestFaultLate loses answers of requests that were carried out.
func TestFaultLate(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]githubtest.Fault{
		"status":  {Late: true, Status: 502},
		"dropped": {Late: true, Drop: true},
		"corrupt": {Corrupt: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			repo, id := w.repository()
			must(repo.Push("topic", "alice", "x", githubtest.Files{"x": githubtest.Text("x")}))(t)
			fault.Method, fault.Pattern, fault.Times = "POST", pullsPattern, 1
			w.Inject(fault)
			_, _, err := w.installed(id).PullRequests.Create(t.Context(), "acme", "web", &github.NewPullRequest{
				Title: github.String("t"), Head: github.String("topic"), Base: github.String("main"),
			})
			if err == nil {
				t.Error("no error")
			}
			if n := len(repo.Pulls()); n != 1 {
				t.Errorf("%d pull requests, want 1", n)
			}
		})
	}
}

func TestFaultWithoutEffect(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	repo, id := w.repository()
	must(repo.Push("topic", "alice", "x", githubtest.Files{"x": githubtest.Text("x")}))(t)
	w.Inject(githubtest.Fault{Pattern: pullsPattern, Drop: true})
	_, _, err := w.installed(id).PullRequests.Create(t.Context(), "acme", "web", &github.NewPullRequest{
		Title: github.String("t"), Head: github.String("topic"), Base: github.String("main"),
	})
	if err == nil || len(repo.Pulls()) != 0 {
		t.Errorf("error %v, %d pull requests", err, len(repo.Pulls()))
	}
}

func TestFaultHang(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, id := w.repository()
	client := w.installed(id)
	if _, _, err := client.Apps.ListRepos(t.Context(), nil); err != nil { // mints the token
		t.Fatal(err)
	}
	w.Inject(githubtest.Fault{Path: "/repos/acme/web", Hang: true})
	ctx, cancel := context.WithCancel(t.Context())
	sent := make(chan struct{})
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteRequest: func(httptrace.WroteRequestInfo) { close(sent) }})
	result := make(chan error, 1)
	go func() {
		_, _, err := client.Repositories.Get(ctx, "acme", "web")
		result <- err
	}()
	<-sent
	cancel()
	if err := <-result; !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want the context's", err)
	}
}

func TestLimitsOnDemand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, id := w.repository()

	w.Inject(once(githubtest.SecondaryLimit(30 * time.Second)))
	_, _, err := w.installed(id).Repositories.Get(t.Context(), "acme", "web")
	secondary, ok := errors.AsType[*github.AbuseRateLimitError](err)
	if !ok || secondary.GetRetryAfter() != 30*time.Second {
		t.Errorf("error %v (%T), want a secondary limit of 30 s", err, err)
	}

	reset := w.clock.Now().Add(20 * time.Minute)
	w.Inject(once(githubtest.PrimaryLimit(reset)))
	_, _, err = w.installed(id).Repositories.Get(t.Context(), "acme", "web")
	primary, ok := errors.AsType[*github.RateLimitError](err)
	if !ok || !primary.Rate.Reset.Equal(github.Timestamp{Time: reset}) {
		t.Errorf("error %v (%T), want the hourly limit until %v", err, err, reset)
	}
}

func once(f githubtest.Fault) githubtest.Fault {
	f.Path, f.Times = "/repos/acme/web", 1
	return f
}

func TestRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, id := w.repository()
	client := w.installed(id)
	if _, _, err := client.PullRequests.List(t.Context(), "acme", "web", &github.PullRequestListOptions{State: "all"}); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range w.Requests() {
		got = append(got, r.Method+" "+r.Path+" "+r.Pattern)
	}
	want := "POST /app/installations/1005/access_tokens /app/installations/{installation_id}/access_tokens\n" +
		"GET /repos/acme/web/pulls?state=all /repos/{owner}/{repo}/pulls"
	if strings.Join(got, "\n") != want {
		t.Errorf("requests:\n%s\nwant:\n%s", strings.Join(got, "\n"), want)
	}
	w.ForgetRequests()
	if n := w.Count("", ""); n != 0 {
		t.Errorf("%d requests after forgetting them", n)
	}
}
