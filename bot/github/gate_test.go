package github

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/config/fault"
)

// answers is a server that gives one answer after the other, then 200.
type answers struct {
	list []http.Response
	seen []time.Duration // since the first request
	from time.Time
}

func (a *answers) RoundTrip(req *http.Request) (*http.Response, error) {
	if a.from.IsZero() {
		a.from = time.Now()
	}
	a.seen = append(a.seen, time.Since(a.from))
	resp := http.Response{StatusCode: http.StatusOK}
	if len(a.list) > 0 {
		resp, a.list = a.list[0], a.list[1:]
	}
	if resp.Header == nil {
		resp.Header = http.Header{}
	}
	if resp.Body == nil {
		resp.Body = io.NopCloser(strings.NewReader("{}"))
	}
	resp.Request = req
	return &resp, nil
}

func header(pairs ...string) http.Header {
	h := http.Header{}
	for i := 0; i < len(pairs); i += 2 {
		h.Set(pairs[i], pairs[i+1])
	}
	return h
}

func testGate(next http.RoundTripper, writesPerMinute int) *gate {
	base, err := url.Parse("https://api.github.com/")
	if err != nil {
		panic(err)
	}
	return newGate(Options{Transport: next, Now: time.Now, WritesPerMinute: writesPerMinute}, base, "acme")
}

func ask(ctx context.Context, g *gate, method, target string) error {
	req, err := http.NewRequestWithContext(ctx, method, target, strings.NewReader(""))
	if err != nil {
		return err
	}
	resp, err := g.RoundTrip(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}

const anywhere = "https://api.github.com/x"

func TestGateHeedsLimits(t *testing.T) {
	t.Parallel()
	const documented = `{"message":"slow down","documentation_url":"https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits"}`
	for _, tc := range []struct {
		name    string
		answer  func(now time.Time) http.Response
		refused bool
		wait    time.Duration // until the gate opens again
	}{
		{"all is well", func(time.Time) http.Response {
			return http.Response{StatusCode: 200, Header: header("X-RateLimit-Remaining", "1")}
		}, false, 0},
		{"the last one was granted", func(now time.Time) http.Response {
			return http.Response{StatusCode: 200, Header: header("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", fmt.Sprint(now.Add(time.Hour).Unix()))}
		}, false, time.Hour},
		{"primary", func(now time.Time) http.Response {
			return http.Response{StatusCode: 403, Header: header("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", fmt.Sprint(now.Add(time.Hour).Unix()))}
		}, true, time.Hour},
		{"secondary that says when", func(time.Time) http.Response {
			return http.Response{StatusCode: 403, Header: header("Retry-After", "30", "X-RateLimit-Remaining", "4000")}
		}, true, 30 * time.Second},
		{"secondary that does not, far from the hourly reset", func(now time.Time) http.Response {
			h := header("X-RateLimit-Remaining", "4000", "X-RateLimit-Reset", fmt.Sprint(now.Add(time.Hour).Unix()))
			return http.Response{StatusCode: 403, Header: h, Body: io.NopCloser(strings.NewReader(documented))}
		}, true, time.Minute},
		{"too many requests", func(time.Time) http.Response { return http.Response{StatusCode: 429} }, true, time.Minute},
		{"a Retry-After that is no number", func(time.Time) http.Response {
			return http.Response{StatusCode: 429, Header: header("Retry-After", "soon")}
		}, true, time.Second},
		{"a missing permission", func(time.Time) http.Response {
			return http.Response{StatusCode: 403, Header: header("X-RateLimit-Remaining", "4000")}
		}, false, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				server := &answers{list: []http.Response{tc.answer(start)}}
				g := testGate(server, 0)
				err := ask(t.Context(), g, http.MethodGet, anywhere)
				if (err != nil) != tc.refused {
					t.Errorf("error %v", err)
				}
				if at, ok := fault.RetryAt(err); ok && !at.Equal(start.Add(tc.wait)) {
					t.Errorf("try again at %v, want %v", at, start.Add(tc.wait))
				}
				if tc.wait > 0 {
					time.Sleep(tc.wait - time.Second/2)
					if at, _ := fault.RetryAt(ask(t.Context(), g, http.MethodGet, anywhere)); !at.Equal(start.Add(tc.wait)) {
						t.Errorf("the gate is open before its time, or says %v", at)
					}
					time.Sleep(time.Second / 2)
				}
				if err := ask(t.Context(), g, http.MethodGet, anywhere); err != nil {
					t.Errorf("the gate stays closed: %v", err)
				}
				if len(server.seen) != 2 {
					t.Errorf("%d requests went out, want 2", len(server.seen))
				}
			})
		})
	}
}

func TestGateSpacesWrites(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &answers{}
		g := testGate(server, 40)
		for range writesBurst + 3 {
			if err := ask(t.Context(), g, http.MethodPost, anywhere); err != nil {
				t.Fatal(err)
			}
		}
		want := append(make([]time.Duration, writesBurst), 1500*time.Millisecond, 3*time.Second, 4500*time.Millisecond)
		if diff := cmp.Diff(want, server.seen); diff != "" {
			t.Error(diff)
		}
	})
}

func TestGateKeepsBelowTheSecondaryLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &answers{}
		g := testGate(server, 0)
		for range 2000 {
			if err := ask(t.Context(), g, http.MethodGet, anywhere); err != nil {
				t.Fatal(err)
			}
		}
		for i := range server.seen {
			if next := i + 900; next < len(server.seen) && server.seen[next]-server.seen[i] < time.Minute-time.Second/5 {
				t.Fatalf("901 points in %v", server.seen[next]-server.seen[i])
			}
		}
	})
}

// slow answers after a second and notes how many requests are under way.
type slow struct{ now, most int }

func (s *slow) RoundTrip(*http.Request) (*http.Response, error) {
	s.now++
	s.most = max(s.most, s.now)
	time.Sleep(time.Second)
	s.now--
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: http.NoBody}, nil
}

func TestGateLetsOneWriteThroughAtATime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &slow{}
		g := testGate(server, 0)
		done := make(chan error)
		for range 5 {
			go func() { done <- ask(t.Context(), g, http.MethodPatch, anywhere) }()
		}
		for range 5 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if server.most != 1 {
			t.Errorf("%d writes at once", server.most)
		}
	})
}

func TestGateGivesUpWaiting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := testGate(&slow{}, 1)
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		var err error
		for range writesBurst + 1 {
			err = ask(ctx, g, http.MethodPost, anywhere)
		}
		if fault.ClassOf(failed("write", "x", err)) != fault.Retry {
			t.Errorf("error %v", err)
		}
	})
}

// silent never answers.
type silent struct{}

func (silent) RoundTrip(req *http.Request) (*http.Response, error) {
	<-req.Context().Done()
	return nil, req.Context().Err()
}

func TestGateTimesOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		err := ask(t.Context(), testGate(silent{}, 0), http.MethodGet, anywhere)
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != answerTimeout {
			t.Errorf("error %v after %v", err, time.Since(start))
		}
	})
}

func TestGateBoundsAnswersAndHosts(t *testing.T) {
	t.Parallel()
	huge := http.Response{StatusCode: 200, Body: io.NopCloser(io.LimitReader(endless{}, maxAnswer+1))}
	g := testGate(&answers{list: []http.Response{huge}}, 0)
	if err := ask(t.Context(), g, http.MethodGet, anywhere); err == nil || err.Error() != "http: request body too large" {
		t.Errorf("error %v", err)
	}
	for _, target := range []string{"https://evil.example/x", "http://api.github.com/x", "https://api.github.com:444/x"} {
		if err := ask(t.Context(), g, http.MethodGet, target); fault.ClassOf(err) != fault.Permanent {
			t.Errorf("%s: error %v", target, err)
		}
	}
	want := Usage{Account: "acme", Reads: 1}
	if diff := cmp.Diff(want, g.spent()); diff != "" {
		t.Error(diff)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }
