package github

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"sync"
	"time"

	gh "github.com/google/go-github/v60/github"
	"golang.org/x/time/rate"

	"github.com/basebump/basebump/config/fault"
)

const (
	maxAnswer     = 32 << 20 // bytes; the largest tree that GitHub lists in one answer has 7 MB
	answerTimeout = time.Minute

	// GitHub allows 900 points a minute, 1 for a read and 5 for a write: a full burst and a minute of the steady rate come to that.
	pointsBurst     = 300
	pointsPerSecond = 10
	writePoints     = 5

	writesBurst = 10 // one pull request with all that belongs to it

	// It allows 500 pull requests, issues and comments an hour: a full burst and an hour of the steady rate stay below that.
	contentBurst   = 40
	contentPerHour = 450

	// It allows 100 requests at once, over all that the App does.
	atOnce = 20

	// Who is refused without being told until when waits a minute, then twice as long each time.
	firstWait, longestWait = time.Minute, time.Hour

	maxRetryAfter = 24 * 60 * 60 // seconds
)

// gate is the only way to the API, one for each budget that GitHub keeps: an installation's, the App's own, a person's. It spaces
// requests so that the limits are not met, lets one write through at a time, and once GitHub has refused for going too fast it
// refuses by itself until the time that GitHub named: whoever goes on asking is banned. It waits for no limit to be lifted; the
// error says when.
type gate struct {
	base    *url.URL // the API; no other host gets a request
	next    http.RoundTripper
	now     func() time.Time
	points  *rate.Limiter
	pace    *rate.Limiter // of writes
	content *rate.Limiter // of those that make what people are told of
	writing chan struct{} // holds the one write under way
	slots   chan struct{} // holds the requests under way, until their answer is read

	mu     sync.Mutex
	closed time.Time     // until then
	wait   time.Duration // when refused next without a time; 0: firstWait
	usage  Usage
}

// Usage is what has been spent of one budget since the start, and what GitHub last said of it.
type Usage struct {
	Account   string // whose installation; "" for the App itself or a single token
	Reads     int
	Writes    int
	Limited   int       // requests that GitHub, or we in its place, refused for going too fast
	Limit     int       // requests an hour
	Remaining int       // until Reset
	Reset     time.Time // zero before the first answer
}

func newGate(o Options, base *url.URL, account string) *gate {
	pace, content := rate.Inf, rate.Inf
	if o.WritesPerMinute > 0 {
		pace, content = rate.Every(time.Minute/time.Duration(o.WritesPerMinute)), rate.Every(time.Hour/contentPerHour)
	}
	return &gate{
		base: base, next: o.Transport, now: o.Now, writing: make(chan struct{}, 1), slots: make(chan struct{}, atOnce),
		points: rate.NewLimiter(pointsPerSecond, pointsBurst), pace: rate.NewLimiter(pace, writesBurst),
		content: rate.NewLimiter(content, contentBurst), usage: Usage{Account: account},
	}
}

// RoundTrip implements http.RoundTripper.
func (g *gate) RoundTrip(req *http.Request) (*http.Response, error) {
	leave, err := g.enter(req)
	if err != nil {
		if req.Body != nil {
			req.Body.Close()
		}
		return nil, err
	}
	defer leave()
	select {
	case g.slots <- struct{}{}:
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
	ctx, cancel := context.WithTimeout(req.Context(), answerTimeout)
	over := sync.OnceFunc(func() {
		cancel()
		<-g.slots
	})
	resp, err := g.next.RoundTrip(req.WithContext(ctx))
	if err != nil {
		over()
		return nil, err
	}
	resp.Body = &answer{http.MaxBytesReader(nil, resp.Body, maxAnswer), over}
	if err := g.heed(resp); err != nil {
		return nil, err
	}
	return resp, nil
}

// answer is a body that ends its request when it was read or closed: go-github does not close what it has read.
type answer struct {
	io.ReadCloser
	over func()
}

func (a *answer) Read(p []byte) (int, error) {
	n, err := a.ReadCloser.Read(p)
	if err != nil {
		a.over()
	}
	return n, err
}

func (a *answer) Close() error {
	defer a.over()
	return a.ReadCloser.Close()
}

// enter waits for the request's turn.
func (g *gate) enter(req *http.Request) (leave func(), err error) {
	if req.URL.Scheme != g.base.Scheme || req.URL.Host != g.base.Host {
		err := fmt.Errorf("GitHub sent us on to another host, %s, which gets no credentials", req.URL.Host)
		return nil, &fault.Error{Class: fault.Permanent, Err: err, Hint: "check github.api_url"}
	}
	if err := g.check(); err != nil {
		return nil, err
	}
	points, leave := 1, func() {}
	if isWrite(req) {
		select {
		case g.writing <- struct{}{}:
		case <-req.Context().Done():
			return nil, req.Context().Err()
		}
		points, leave = writePoints, func() { <-g.writing }
		if err = g.pace.Wait(req.Context()); err == nil && isContent(req) {
			err = g.content.Wait(req.Context())
		}
	}
	if err == nil {
		err = g.points.WaitN(req.Context(), points)
	}
	if err == nil {
		err = g.check() // it may have closed meanwhile
	}
	if err != nil {
		leave()
		return nil, err
	}
	g.count(req)
	return leave, nil
}

func isWrite(req *http.Request) bool {
	return req.Method != http.MethodGet && req.Method != http.MethodHead
}

// isContent says whether a write makes what GitHub counts most strictly: what people are told of.
func isContent(req *http.Request) bool {
	switch path.Base(req.URL.Path) {
	case "pulls", "issues", "comments", "reviews":
		return req.Method == http.MethodPost
	}
	return false
}

// check refuses while the gate is closed.
func (g *gate) check() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.now().Before(g.closed) {
		g.usage.Limited++
		return limited(g.closed)
	}
	return nil
}

func (g *gate) count(req *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if isWrite(req) {
		g.usage.Writes++
	} else {
		g.usage.Reads++
	}
}

// heed learns from an answer what is left, and turns one that says "too fast" into an error that says until when.
func (g *gate) heed(resp *http.Response) error {
	until, refused := limit(resp, g.now())
	g.mu.Lock()
	defer g.mu.Unlock()
	if value, err := strconv.Atoi(resp.Header.Get("X-RateLimit-Limit")); err == nil {
		g.usage.Limit, g.usage.Remaining, g.usage.Reset = value, number(resp, "X-RateLimit-Remaining"), reset(resp)
	}
	// go-github would remember these too and refuse by a rule and a clock of its own.
	for _, header := range []string{"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"} {
		resp.Header.Del(header)
	}
	switch {
	case !refused:
		g.wait = 0
	case until.IsZero():
		g.wait = min(max(2*g.wait, firstWait), longestWait)
		until = g.now().Add(g.wait)
	}
	if until.After(g.closed) {
		g.closed = until
	}
	if !refused {
		return nil
	}
	g.usage.Limited++
	resp.Body.Close()
	return limited(until)
}

// limit reports until when to ask nothing more, zero when GitHub does not say, and whether this very request was refused for that
// reason. A 403 may also mean a missing permission.
func limit(resp *http.Response, now time.Time) (until time.Time, refused bool) {
	spent := resp.Header.Get("X-RateLimit-Remaining") == "0" && reset(resp).After(now)
	wait := resp.Header.Get("Retry-After")
	switch {
	case resp.StatusCode == http.StatusTooManyRequests:
		refused = true
	case resp.StatusCode == http.StatusForbidden:
		refused = spent || wait != "" || isSecondary(resp)
	}
	switch {
	case refused && wait != "":
		return now.Add(time.Duration(min(max(1, number(resp, "Retry-After")), maxRetryAfter)) * time.Second), true
	case spent:
		return reset(resp), refused
	}
	return time.Time{}, refused
}

// isSecondary reports whether the body of a 403 says that a secondary limit was met. The body stays readable.
func isSecondary(resp *http.Response) bool {
	whole := resp.Body
	err := gh.CheckResponse(resp)
	resp.Body = struct {
		io.Reader
		io.Closer
	}{resp.Body, whole}
	_, secondary := errors.AsType[*gh.AbuseRateLimitError](err)
	return secondary
}

func reset(resp *http.Response) time.Time {
	return time.Unix(int64(number(resp, "X-RateLimit-Reset")), 0)
}

// number returns a numeric header, 0 when it is missing or none.
func number(resp *http.Response, header string) int {
	value, err := strconv.Atoi(resp.Header.Get(header))
	if err != nil {
		return 0
	}
	return value
}

func limited(until time.Time) error {
	err := fmt.Errorf("GitHub's rate limit is met; will try again at %s", until.UTC().Format(time.TimeOnly))
	return &fault.Error{Class: fault.Retry, At: until, Err: err}
}

func (g *gate) spent() Usage {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.usage
}
