package resolver_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/resolver"
)

func TestRateLimitIsKept(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, after string
		status      int
		at          string
		pause       time.Duration
	}{
		{"seconds", "72", 429, "14:05:12", 72 * time.Second},
		{"date", "Mon, 23 Nov 2026 14:05:12 GMT", 429, "14:05:12", 72 * time.Second},
		{"past date", "Mon, 23 Nov 2020 14:05:12 GMT", 429, "14:04:01", time.Second},
		{"nothing", "", 429, "14:05:00", time.Minute},
		{"garbage", "soon", 429, "14:05:00", time.Minute},
		{"absurd", "999999999999", 429, "14:04:00", 24 * time.Hour},
		{"unavailable", "72", 503, "14:05:12", 72 * time.Second},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			header := http.Header{}
			if tc.after != "" {
				header.Set("Retry-After", tc.after)
			}
			r := serve(t, answer(tc.status, header, ""))
			clock := newClock()
			c := client(t, resolver.Options{Transport: r.stands(), Now: clock.time})
			text := map[int]string{429: "429 too many requests", 503: "503 service unavailable"}[tc.status] + "; will try again at " + tc.at

			_, err := c.Digest(t.Context(), "quay.io/acme/base", "3")
			wantError(t, err, fault.Retry, "resolve quay.io/acme/base:3: "+text)
			if at, ok := fault.RetryAt(err); !ok || !at.Equal(clock.time().Add(tc.pause)) {
				t.Errorf("to be tried again at %s, %v", at, ok)
			}
			wantAsked(t, r, "GET quay.io/v2/", "HEAD quay.io/v2/acme/base/manifests/3")

			clock.advance(tc.pause - time.Millisecond)
			_, err = c.Digest(t.Context(), "quay.io/acme/other", "4")
			wantError(t, err, fault.Retry, "resolve quay.io/acme/other:4: "+text)
			wantAsked(t, r)
			_, _ = c.Digest(t.Context(), "ghcr.io/acme/other", "4")
			if len(r.asked()) == 0 {
				t.Error("another host was left alone too")
			}

			clock.advance(time.Millisecond)
			_, _ = c.Digest(t.Context(), "quay.io/acme/base", "3")
			if len(r.asked()) == 0 {
				t.Error("the host was not asked again in time")
			}
		})
	}
}

// TestRateLimitHeaders has hosts that tell their limit otherwise than by Retry-After, on a refusal or with the last answer before one.
func TestRateLimitHeaders(t *testing.T) {
	t.Parallel()
	epoch := fmt.Sprint(newClock().time().Add(72 * time.Second).Unix())
	for _, tc := range []struct {
		name   string
		status int
		header http.Header
		pause  time.Duration // 0: none
	}{
		{"a refusal, in seconds", 429, http.Header{"Ratelimit-Reset": {"72"}}, 72 * time.Second},
		{"a refusal, at a time", 429, http.Header{"X-Ratelimit-Reset": {epoch}}, 72 * time.Second},
		{"a refusal, with both", 429, http.Header{"Retry-After": {"5"}, "X-Ratelimit-Reset": {epoch}}, 5 * time.Second},
		{"the last answer", 200, http.Header{"Ratelimit-Remaining": {"0"}, "Ratelimit-Reset": {"72"}}, 72 * time.Second},
		{"the last answer, at a time", 200, http.Header{"X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset": {epoch}}, 72 * time.Second},
		{"not the last answer", 200, http.Header{"Ratelimit-Remaining": {"1"}, "Ratelimit-Reset": {"72"}}, 0},
		{"the last pull from Docker Hub", 200, http.Header{"Ratelimit-Remaining": {"0;w=21600"}}, 0},
		{"nonsense", 200, http.Header{"Ratelimit-Remaining": {"0"}, "Ratelimit-Reset": {"soon"}}, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := serve(t, http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
				if req.URL.Path == "/v2/" {
					return
				}
				manifestHeaders(w)
				if strings.HasPrefix(req.Host, "quay.io") {
					maps.Copy(w.Header(), tc.header)
					w.WriteHeader(tc.status)
				}
			}))
			clock := newClock()
			c := client(t, resolver.Options{Transport: r.stands(), Now: clock.time})
			if _, err := c.Digest(t.Context(), "quay.io/acme/base", "1"); (err == nil) != (tc.status == 200) {
				t.Fatal(err)
			}
			_, err := c.Digest(t.Context(), "quay.io/acme/base", "2")
			at, limited := fault.RetryAt(err)
			if limited != (tc.pause > 0) || (limited && !at.Equal(clock.time().Add(tc.pause))) {
				t.Errorf("to be asked again at %s, %v: %v", at, limited, err)
			}
			if _, err := c.Digest(t.Context(), "ghcr.io/acme/base", "1"); err != nil {
				t.Errorf("another host: %v", err)
			}
		})
	}
}

func TestRedirectsEnd(t *testing.T) {
	t.Parallel()
	r := serve(t, http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Path != "/v2/" {
			http.Redirect(w, req, req.URL.Path+"x", http.StatusTemporaryRedirect)
		}
	}))
	_, err := client(t, named(r)).Digest(t.Context(), r.host+"/base", "3")
	if err == nil || err.Error() != "resolve "+r.host+"/base:3: redirected more than 10 times" {
		t.Error(err)
	}
	if asked := r.asked(); len(asked) != 1+11 { // the ping, the request and ten redirects
		t.Errorf("%d requests: %q", len(asked), asked)
	}
}

func TestRedirectIntoTheNetwork(t *testing.T) {
	t.Parallel()
	inner := serve(t, http.NotFoundHandler())
	r := serve(t, http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Path != "/v2/" {
			http.Redirect(w, req, "http://localhost:"+inner.host[len("127.0.0.1:"):]+"/", http.StatusTemporaryRedirect)
		}
	}))
	_, err := client(t, named(r)).Digest(t.Context(), r.host+"/base", "3")
	if fault.ClassOf(err) != fault.Permanent || fault.Hint(err) != "name this registry under `registries` to allow it" {
		t.Error(fault.Text(err))
	}
	wantAsked(t, inner)
}

func TestTokensFromInsideTheNetwork(t *testing.T) {
	t.Parallel()
	inner := serve(t, http.NotFoundHandler())
	r := serve(t, tokenRegistry("http://localhost:"+inner.host[len("127.0.0.1:"):]+"/token", "", ""))
	_, err := client(t, named(r)).Digest(t.Context(), r.host+"/base", "3")
	if fault.ClassOf(err) != fault.Permanent || fault.Hint(err) != "name this registry under `registries` to allow it" {
		t.Error(fault.Text(err))
	}
	wantAsked(t, inner)
}

func TestConcurrencyIsLimited(t *testing.T) {
	t.Parallel()
	var total, most atomic.Int32
	perHost := map[string]*atomic.Int32{"a.example": {}, "b.example": {}, "c.example": {}}
	full := make(chan struct{}, 64)
	proceed := make(chan struct{})
	transport := roundTripper(func(req *http.Request) (*http.Response, error) {
		if n := perHost[req.URL.Host].Add(1); n > 3 {
			t.Errorf("%d requests at %s at once, want at most 3", n, req.URL.Host)
		}
		if n := total.Add(1); n > most.Load() {
			most.Store(n)
		}
		full <- struct{}{}
		<-proceed
		total.Add(-1)
		perHost[req.URL.Host].Add(-1)
		return &http.Response{StatusCode: 404, Body: http.NoBody, Request: req, Header: http.Header{}}, nil
	})
	c := client(t, resolver.Options{Transport: transport, Concurrency: 4})
	var group sync.WaitGroup
	for host := range perHost {
		for _, repo := range []string{"a", "b", "c", "d"} {
			group.Go(func() { _, _ = c.Tags(t.Context(), host+"/"+repo) })
		}
	}
	for range 3 { // one ping a host
		<-full
	}
	close(proceed)
	group.Wait()
	if n := most.Load(); n > 4 {
		t.Errorf("%d requests at once, want at most 4", n)
	}
}

func TestCallerThatLeavesDoesNotFailOthers(t *testing.T) {
	t.Parallel()
	started, proceed := make(chan struct{}), make(chan struct{})
	var once sync.Once
	r := serve(t, http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Path == "/v2/" {
			once.Do(func() { close(started); <-proceed })
			return
		}
		manifestHeaders(w)
	}))
	c := client(t, named(r))
	ctx, leave := context.WithCancel(t.Context())
	first, second := make(chan error, 1), make(chan error, 1)
	go func() {
		_, err := c.Digest(ctx, r.host+"/base", "1")
		first <- err
	}()
	<-started
	go func() {
		_, err := c.Digest(t.Context(), r.host+"/base", "1")
		second <- err
	}()
	leave()
	if err := <-first; !errors.Is(err, context.Canceled) || fault.ClassOf(err) != fault.Retry {
		t.Errorf("the first caller got %v", err)
	}
	close(proceed)
	if err := <-second; err != nil {
		t.Errorf("the second caller got %v", err)
	}
}
