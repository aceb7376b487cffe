package githubtest_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot/github/githubtest"
)

// TestRedeliverySweep finds failed deliveries and asks for them again, as the docs advise.
func TestRedeliverySweep(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.listen()
	repo, _ := w.repository()
	w.Deliver(t.Context())
	r.events, r.guids = nil, nil

	r.status = http.StatusInternalServerError
	repo.OpenIssue("alice", "lost", "")
	if failed := w.Deliver(t.Context()); len(failed) != 1 || failed[0].Status != 500 {
		t.Fatalf("delivered %v", failed)
	}
	r.status = http.StatusAccepted
	app := w.app().Apps
	deliveries, _, err := app.ListHookDeliveries(t.Context(), nil)
	if err != nil || deliveries[0].GetStatusCode() != 500 || deliveries[0].GetRedelivery() {
		t.Fatalf("deliveries %v, %v", deliveries, err)
	}
	if _, _, err := app.RedeliverHookDelivery(t.Context(), deliveries[0].GetID()); err != nil {
		if _, accepted := err.(*github.AcceptedError); !accepted {
			t.Fatal(err)
		}
	}
	again := w.Deliver(t.Context())
	if len(again) != 1 || again[0].Status != 202 || again[0].GUID != deliveries[0].GetGUID() {
		t.Errorf("redelivered %v", again)
	}
	if len(r.guids) != 2 || r.guids[0] != r.guids[1] {
		t.Errorf("received %v, want the same id twice", r.guids)
	}
}

func TestDeliveryCursor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.listen()
	for range 5 {
		w.Ping()
	}
	w.Deliver(t.Context())
	var pages []int
	options := &github.ListCursorOptions{PerPage: 2}
	for {
		deliveries, response, err := w.app().Apps.ListHookDeliveries(t.Context(), options)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, len(deliveries))
		if response.Cursor == "" {
			break
		}
		options.Cursor = response.Cursor
	}
	if len(pages) != 3 || pages[2] != 1 {
		t.Errorf("pages of %v, want 2, 2 and 1", pages)
	}
}

func TestSecretRotation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.listen()
	url := w.Webhook().URL
	w.SetWebhook(githubtest.Webhook{URL: url, Secret: "second"})
	w.Ping()
	if failed := w.Deliver(t.Context()); failed[0].Status != http.StatusUnauthorized {
		t.Errorf("status %d for the wrong secret", failed[0].Status)
	}
	r.secret = "second"
	w.Ping()
	if taken := w.Deliver(t.Context()); taken[0].Status != http.StatusAccepted {
		t.Errorf("status %d for the new secret", taken[0].Status)
	}
}

func TestReceiverGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.SetWebhook(githubtest.Webhook{URL: "http://127.0.0.1:1/"})
	w.Ping()
	if lost := w.Deliver(t.Context()); len(lost) != 1 || lost[0].Status != 0 {
		t.Errorf("delivered %v", lost)
	}
	if n := len(w.Deliveries()); n != 1 {
		t.Errorf("%d deliveries are remembered", n)
	}
}

// TestDeliverByItself has the server send as things happen, until it is closed.
func TestDeliverByItself(t *testing.T) {
	t.Parallel()
	got := make(chan string, 10)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got <- r.Header.Get("X-GitHub-Event") }))
	defer receiver.Close()
	w := newWorld(t, func(o *githubtest.Options) { o.Deliver = true })
	w.SetWebhook(githubtest.Webhook{URL: receiver.URL})
	w.Ping()
	if name := <-got; name != "ping" {
		t.Errorf("received %s", name)
	}
	repo, _ := w.repository()
	if name := <-got; name != "installation" {
		t.Errorf("received %s", name)
	}
	repo.OpenIssue("alice", "x", "")
	if name := <-got; name != "issues" {
		t.Errorf("received %s", name)
	}
}
