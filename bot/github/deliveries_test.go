package github_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/github"
	"github.com/basebump/basebump/bot/github/githubtest"
	"github.com/basebump/basebump/bot/github/githubtest/contract"
)

// listen gives the world's App a door, and returns what goes through it. Every payload is held to GitHub's description.
func (w *world) listen(status func() int) *door {
	w.t.Helper()
	d := newDoor(w.t)
	server := httptest.NewServer(contract.Webhooks(w.t, http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if code := status(); code != 0 {
			out.WriteHeader(code)
			return
		}
		d.ServeHTTP(out, r)
	})))
	w.t.Cleanup(server.Close)
	w.SetWebhook(githubtest.Webhook{URL: server.URL, Secret: hookSecret})
	return d
}

func open() int { return 0 }

// TestOwnDoingsAreNoEvents: what basebump does to a repository makes it do nothing more; what people do does.
func TestOwnDoingsAreNoEvents(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.listen(open)
	client := w.client()
	d.Interest.Login = client.KnownLogin
	if login, err := client.Login(t.Context()); login != "basebump[bot]" || err != nil {
		t.Fatalf("login %q, %v", login, err)
	}
	w.Deliver(t.Context())
	d.taken = nil

	proposal := must(client.Propose(t.Context(), w.target(client), change(), bot.Ground{}))(t)
	if delivered := w.Deliver(t.Context()); len(delivered) < 4 {
		t.Errorf("only %d events", len(delivered))
	}
	if len(d.taken) != 0 {
		t.Errorf("taken %v", d.taken)
	}
	visit := []string{"acme/web"}
	for _, tc := range []struct {
		name string
		do   func() error
		want []string // repositories to visit, for each event
	}{
		{"a push to our branch", func() error {
			_, err := w.repo.Push(branch, "ann", "mine", githubtest.Files{"x": githubtest.Text("x")})
			return err
		}, slices.Concat(visit, visit)}, // and the pull request tells of it too
		{"a push elsewhere", func() error {
			_, err := w.repo.Push("topic", "ann", "mine", githubtest.Files{"x": githubtest.Text("x")})
			return err
		}, nil},
		{"a close", func() error { return w.repo.ClosePull(proposal.Number, "ann") }, visit},
		{"a new opening", func() error { return w.repo.ReopenPull(proposal.Number, "ann") }, visit},
		{"a merge", func() error { return w.repo.Merge(proposal.Number, "ann") }, slices.Concat(visit, visit)},
		{"a rename", func() error { return w.repo.Rename("shop", "ann") }, []string{"acme/shop"}},
		{"another default branch", func() error { return w.repo.SetDefaultBranch("topic", "ann") }, []string{"acme/shop"}},
		{"an archiving", func() error { w.repo.SetArchived(true, "ann"); return nil }, nil},
	} {
		d.taken = nil
		check(t, tc.do())
		w.Deliver(t.Context())
		var visits []string
		for _, event := range d.taken {
			visits = append(visits, event.Visit...)
		}
		if diff := cmp.Diff(tc.want, visits); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
	}
}

// TestSweep: what GitHub could not hand over is handed over again, a bounded number of times.
func TestSweep(t *testing.T) {
	t.Parallel()
	now := time.Now().Truncate(time.Second)
	clock := func() time.Time { return now }
	w := newWorld(t, func(o *githubtest.Options) { o.Now = clock })
	w.signAt(clock)
	status := http.StatusBadGateway
	d := w.listen(func() int { return status })
	client := w.client(func(o *github.Options) { o.Now = clock })
	push := func(text string) {
		t.Helper()
		must(w.repo.Push("main", "ann", text, githubtest.Files{"x": githubtest.Text(text)}))(t)
	}
	var last time.Time
	sweep := func(want github.Swept) {
		t.Helper()
		began := now
		if diff := cmp.Diff(want, must(client.Redeliver(t.Context(), last))(t)); diff != "" {
			t.Errorf("swept (-want +got):\n%s", diff)
		}
		last, now = began, now.Add(10*time.Minute)
		w.Deliver(t.Context())
		now = now.Add(20 * time.Minute)
	}
	w.Ping()
	w.Deliver(t.Context())
	now = now.Add(2 * time.Hour)
	push("lost") // tells of itself, and of a check suite
	w.Deliver(t.Context())
	sweep(github.Swept{Seen: 3, Again: 1}) // the last two have only just failed
	status = 0
	sweep(github.Swept{Seen: 4, Again: 3}) // the ping has failed twice
	if len(d.taken) != 1 || d.taken[0].Name != "push" {
		t.Errorf("taken %v", d.taken)
	}
	w.ForgetRequests()
	sweep(github.Swept{Seen: 6}) // the ping's first attempt is too long ago
	w.expectSent("GET /app/hook/deliveries")

	status = http.StatusBadGateway
	now = now.Add(12 * time.Hour)
	sweep(github.Swept{Seen: 6})
	push("lost for good")
	w.Deliver(t.Context())
	now = now.Add(10 * time.Minute)
	sweep(github.Swept{Seen: 2, Again: 2})
	sweep(github.Swept{Seen: 4, Again: 2})
	sweep(github.Swept{Seen: 6, GivenUp: 2})
	now = now.Add(time.Hour)
	sweep(github.Swept{Seen: 6, GivenUp: 2})
}

func TestSweepOfMany(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.SetWebhook(githubtest.Webhook{URL: "http://127.0.0.1:1/"})
	for range 120 {
		w.Ping()
	}
	w.Deliver(t.Context())
	client := w.client(late)
	w.ForgetRequests()
	if diff := cmp.Diff(github.Swept{Seen: 120, Again: 50, Shortened: true}, must(client.Redeliver(t.Context(), time.Time{}))(t)); diff != "" {
		t.Errorf("swept (-want +got):\n%s", diff)
	}
	if got := w.Count("GET", "/app/hook/deliveries"); got != 2 {
		t.Errorf("%d pages", got)
	}
}

func TestTokenHasNoDeliveries(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := w.client(func(o *github.Options) { o.AppID, o.PrivateKey, o.Token = 0, nil, w.AddToken("ann") })
	if got := must(client.Redeliver(t.Context(), time.Time{}))(t); got != (github.Swept{}) {
		t.Errorf("swept %+v", got)
	}
	w.expectSent()
	if login := must(client.Login(t.Context()))(t); login != "ann" {
		t.Errorf("login %s", login)
	}
}
