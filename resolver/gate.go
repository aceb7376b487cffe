package resolver

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/basebump/basebump/config/fault"
)

// maxRedirects is the http package's own limit, which the registry library's redirect check switches off.
const maxRedirects = 10

var errRedirects = errors.New("redirected more than 10 times")

type gateOptions struct {
	agent       string
	concurrency int
	timeout     time.Duration
	plain       map[string]bool // hosts that are asked over plain HTTP; all others are asked over TLS, whatever a URL says
	now         func() time.Time
}

// gate is the only way out to registries and their token servers: it counts and limits requests, bounds answers, and keeps a host
// that said "too many requests" from being asked before the time that it named.
type gate struct {
	gateOptions
	base  http.RoundTripper
	slots chan struct{}

	mu    sync.Mutex
	hosts map[string]*hostState
}

type hostState struct {
	slots  chan struct{}
	count  int
	closed time.Time // not asked before
	status int       // that closed it
}

func newGate(base http.RoundTripper, o gateOptions) *gate {
	return &gate{gateOptions: o, base: base, slots: make(chan struct{}, o.concurrency), hosts: map[string]*hostState{}}
}

// RoundTrip sends one request when there is room for it. The room is held until the answer's body is closed.
func (g *gate) RoundTrip(req *http.Request) (*http.Response, error) {
	if redirects(req) > maxRedirects {
		return nil, errRedirects
	}
	name := strings.ToLower(req.URL.Host)
	release, err := g.acquire(req.Context(), name)
	if err != nil {
		return nil, err
	}
	if err := g.admit(name); err != nil {
		release()
		return nil, err
	}
	ctx, cancel := context.WithTimeout(req.Context(), g.timeout)
	done := func() { cancel(); release() }
	resp, err := g.base.RoundTrip(g.outgoing(ctx, req, name))
	if _, refused := errors.AsType[*fault.Error](err); !refused { // by the egress guard: nothing was sent
		g.count(name)
	}
	if err != nil {
		done()
		return nil, err
	}
	if err := g.throttled(name, resp); err != nil {
		_ = resp.Body.Close()
		done()
		return nil, err
	}
	limit := bodyLimit(req)
	resp.Body = &boundedBody{body: resp.Body, left: limit, limit: limit, done: sync.OnceFunc(done)}
	return resp, nil
}

func (g *gate) outgoing(ctx context.Context, req *http.Request, host string) *http.Request {
	out := req.Clone(ctx)
	out.URL.Scheme = "https"
	if g.plain[host] {
		out.URL.Scheme = "http"
	}
	out.Header.Set("User-Agent", g.agent)
	return out
}

func redirects(req *http.Request) int {
	n := 0
	for req.Response != nil && req.Response.Request != nil && n <= maxRedirects {
		req = req.Response.Request
		n++
	}
	return n
}

func (g *gate) state(host string) *hostState {
	s, ok := g.hosts[host]
	if !ok {
		s = &hostState{slots: make(chan struct{}, g.concurrency-g.concurrency/4)}
		g.hosts[host] = s
	}
	return s
}

// acquire takes the host's room first: who waits for a slow host holds nothing that others need.
func (g *gate) acquire(ctx context.Context, host string) (release func(), err error) {
	g.mu.Lock()
	own := g.state(host).slots
	g.mu.Unlock()
	if err := take(ctx, own); err != nil {
		return nil, err
	}
	if err := take(ctx, g.slots); err != nil {
		<-own
		return nil, err
	}
	return func() { <-g.slots; <-own }, nil
}

func take(ctx context.Context, slots chan struct{}) error {
	select {
	case slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// admit says until when the host is left alone.
func (g *gate) admit(host string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := g.state(host)
	if g.now().Before(s.closed) {
		return &throttledError{status: s.status, until: s.closed}
	}
	return nil
}

func (g *gate) count(host string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.state(host).count++
}

// throttled closes a host that wants to be left alone. It returns an error when this answer is a refusal already.
func (g *gate) throttled(host string, resp *http.Response) error {
	status := resp.StatusCode
	until, refused := retryAt(resp, g.now())
	if !refused {
		var spent bool
		if until, spent = spentUntil(resp, g.now()); !spent {
			return nil
		}
		status = http.StatusTooManyRequests // what it would answer next
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	s := g.state(host)
	if until.After(s.closed) {
		s.closed, s.status = until, status
	}
	if !refused {
		return nil
	}
	return &throttledError{status: s.status, until: s.closed}
}

func (g *gate) requests() map[string]int {
	g.mu.Lock()
	defer g.mu.Unlock()
	counts := make(map[string]int, len(g.hosts))
	for host, s := range g.hosts {
		if s.count > 0 {
			counts[host] = s.count
		}
	}
	return counts
}
