package github

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/config/fault"
)

// TestGateSpacesContent: what people are told of is kept below 500 an hour, and below 80 a minute.
func TestGateSpacesContent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &answers{}
		g := testGate(server, 80)
		for range 1100 {
			if err := ask(t.Context(), g, http.MethodPost, "https://api.github.com/repos/acme/web/pulls"); err != nil {
				t.Fatal(err)
			}
		}
		for i := range server.seen {
			if next := i + 500; next < len(server.seen) && server.seen[next]-server.seen[i] < time.Hour {
				t.Fatalf("501 in %v", server.seen[next]-server.seen[i])
			}
			if next := i + 80; next < len(server.seen) && server.seen[next]-server.seen[i] < time.Minute {
				t.Fatalf("81 in %v", server.seen[next]-server.seen[i])
			}
		}
		if took := server.seen[len(server.seen)-1]; took > 3*time.Hour {
			t.Errorf("took %v", took)
		}
		server.seen = nil
		from := time.Now()
		for _, other := range []string{"git/trees", "git/commits", "git/refs", "check-runs", "issues/1/labels"} {
			if err := ask(t.Context(), g, http.MethodPost, "https://api.github.com/repos/acme/web/"+other); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(from); took > 4*time.Second {
			t.Errorf("what nobody is told of took %v", took)
		}
	})
}

func TestGateBoundsWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &slow{}
		g := testGate(server, 0)
		done := make(chan error)
		for range 3 * atOnce {
			go func() { done <- ask(t.Context(), g, http.MethodGet, anywhere) }()
		}
		for range 3 * atOnce {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if server.most != atOnce {
			t.Errorf("%d requests at once, want %d", server.most, atOnce)
		}
	})
}

// TestGateIsMorePatientEachTime: when GitHub goes on refusing and does not say until when.
func TestGateIsMorePatientEachTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &answers{}
		for range 9 {
			server.list = append(server.list, http.Response{StatusCode: http.StatusTooManyRequests})
		}
		g := testGate(server, 0)
		for i, want := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60, 60} {
			err := ask(t.Context(), g, http.MethodGet, anywhere)
			at, ok := fault.RetryAt(err)
			if wait := time.Until(at); !ok || wait != want*time.Minute {
				t.Errorf("refusal %d: wait %v, want %v minutes", i, wait, int(want))
			}
			time.Sleep(time.Until(at))
		}
		if err := ask(t.Context(), g, http.MethodGet, anywhere); err != nil {
			t.Error(err)
		}
		server.list = []http.Response{{StatusCode: http.StatusTooManyRequests}, {StatusCode: http.StatusTooManyRequests, Header: header("Retry-After", "99999999999999")}}
		for _, want := range []time.Duration{time.Minute, 24 * time.Hour} {
			at, _ := fault.RetryAt(ask(t.Context(), g, http.MethodGet, anywhere))
			if wait := time.Until(at); wait != want {
				t.Errorf("wait %v, want %v", wait, want)
			}
			time.Sleep(time.Until(at))
		}
	})
}

// TestOnlyTheGateRemembersLimits: go-github would block itself by the real clock until the hourly reset.
func TestOnlyTheGateRemembersLimits(t *testing.T) {
	t.Parallel()
	reset := time.Now().Add(time.Hour)
	spent := http.Response{StatusCode: 200, Header: header("X-RateLimit-Limit", "60", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", strconv.FormatInt(reset.Unix(), 10))}
	g := testGate(&answers{list: []http.Response{spent}}, 0)
	later := false
	g.now = func() time.Time {
		if later {
			return reset
		}
		return time.Now()
	}
	client := gh.NewClient(&http.Client{Transport: g})
	if _, _, err := client.Users.Get(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	if _, _, err := client.Users.Get(t.Context(), ""); fault.ClassOf(err) != fault.Retry || !strings.Contains(err.Error(), "GitHub's rate limit is met") {
		t.Errorf("while it lasts: %v", err)
	}
	later = true
	if _, _, err := client.Users.Get(t.Context(), ""); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	if got := g.spent(); got.Limit != 60 || got.Remaining != 0 || got.Limited != 1 {
		t.Errorf("spent %+v", got)
	}
}

// TestGateHoldsASlotUntilTheAnswerIsRead: a body that nobody has read is still under way.
func TestGateHoldsASlotUntilTheAnswerIsRead(t *testing.T) {
	t.Parallel()
	g := testGate(&answers{}, 0)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, anywhere, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := g.RoundTrip(req)
	if err != nil || len(g.slots) != 1 {
		t.Fatalf("%v, %d under way", err, len(g.slots))
	}
	if _, err := io.Copy(io.Discard, resp.Body); err != nil || len(g.slots) != 0 {
		t.Errorf("%v, %d under way", err, len(g.slots))
	}
	resp.Body.Close()
	if len(g.slots) != 0 {
		t.Errorf("%d under way", len(g.slots))
	}
}
