package githubtest

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Limits are what one token's owner may ask for. A zero field has GitHub's published value, named beside it. The windows roll with
// the server's clock: under one that stands still they only fill.
type Limits struct {
	PerHour          int // 5,000 requests
	AnonymousPerHour int // 60 requests
	PointsPerMinute  int // 900; a read is 1 point, a write 5
	ContentPerMinute int // 80 new issues, pull requests and comments
	ContentPerHour   int // 500
	TreeEntries      int // 100,000 entries of a recursive listing before it is truncated
}

func (l Limits) withDefaults() Limits {
	for _, limit := range []struct {
		value    *int
		fallback int
	}{
		{&l.PerHour, 5000},
		{&l.AnonymousPerHour, 60},
		{&l.PointsPerMinute, 900},
		{&l.ContentPerMinute, 80},
		{&l.ContentPerHour, 500},
		{&l.TreeEntries, 100_000},
	} {
		if *limit.value == 0 {
			*limit.value = limit.fallback
		}
	}
	return l
}

// window counts what was spent since it opened.
type window struct {
	opened time.Time
	length time.Duration
	used   int
}

func (w *window) roll(now time.Time) {
	if w.opened.IsZero() || !now.Before(w.opened.Add(w.length)) {
		w.opened, w.used = now, 0
	}
}

func (w *window) closes() time.Time { return w.opened.Add(w.length) }

// bucket is what one installation, person or anonymous caller has spent.
type bucket struct {
	requests, points, minutely, hourly window
}

func (s *Server) bucket(c *call) *bucket {
	b := s.buckets[c.token.bucket]
	if b == nil {
		b = &bucket{
			requests: window{length: time.Hour}, points: window{length: time.Minute},
			minutely: window{length: time.Minute}, hourly: window{length: time.Hour},
		}
		s.buckets[c.token.bucket] = b
	}
	for _, w := range []*window{&b.requests, &b.points, &b.minutely, &b.hourly} {
		w.roll(c.at)
	}
	return b
}

func (s *Server) hourly(t *token) int {
	if t.kind == anonymous {
		return s.limits.AnonymousPerHour
	}
	return s.limits.PerHour
}

// spend takes the request's price, or refuses it without a charge.
func (s *Server) spend(c *call) error {
	if c.route != nil && c.route.pattern == "/rate_limit" {
		return nil
	}
	b := s.bucket(c)
	if b.requests.used >= s.hourly(c.token) {
		return &refusal{
			status:        http.StatusForbidden,
			message:       "API rate limit exceeded for " + c.token.bucket + ".",
			documentation: documentation + "/overview/rate-limits-for-the-rest-api",
		}
	}
	points := price(c.request.Method)
	if b.points.used+points > s.limits.PointsPerMinute {
		return secondary(b.points.closes().Sub(c.at))
	}
	if c.createsContent() {
		if b.minutely.used >= s.limits.ContentPerMinute {
			return secondary(b.minutely.closes().Sub(c.at))
		}
		if b.hourly.used >= s.limits.ContentPerHour {
			return secondary(b.hourly.closes().Sub(c.at))
		}
		b.minutely.used++
		b.hourly.used++
	}
	b.requests.used++
	b.points.used += points
	return nil
}

func price(method string) int {
	if method == http.MethodGet || method == http.MethodHead {
		return 1
	}
	return 5
}

func (c *call) createsContent() bool {
	return c.route != nil && c.request.Method == http.MethodPost &&
		(strings.Contains(c.route.pattern, "/issues") || strings.Contains(c.route.pattern, "/pulls"))
}

// secondary is the answer to who goes too fast. Clients know it by the address of its documentation.
func secondary(wait time.Duration) *refusal {
	seconds := max(1, int((wait+time.Second-1)/time.Second))
	return &refusal{
		status:        http.StatusForbidden,
		message:       "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
		documentation: documentation + "/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits",
		header:        http.Header{"Retry-After": {strconv.Itoa(seconds)}},
	}
}

// refund gives back the price of an answer that was 304.
func (s *Server) refund(c *call) {
	if c.token != nil {
		s.bucket(c).requests.used--
	}
}

func (s *Server) rateHeaders(c *call, header http.Header) {
	if c.token == nil {
		return
	}
	b, limit := s.bucket(c), s.hourly(c.token)
	for name, value := range map[string]int64{
		"Limit": int64(limit), "Used": int64(b.requests.used),
		"Remaining": int64(limit - b.requests.used), "Reset": b.requests.closes().Unix(),
	} {
		header.Set("X-RateLimit-"+name, strconv.FormatInt(value, 10))
	}
	header.Set("X-RateLimit-Resource", "core")
}

func (s *Server) rateLimit(c *call) (any, error) {
	b, limit := s.bucket(c), s.hourly(c.token)
	core := object{"limit": limit, "used": b.requests.used, "remaining": limit - b.requests.used, "reset": b.requests.closes().Unix()}
	search := object{"limit": 30, "used": 0, "remaining": 30, "reset": c.at.Add(time.Minute).Unix()}
	return object{"resources": object{"core": core, "search": search}, "rate": core}, nil
}

// SecondaryLimit is the fault of a request that goes too fast; see Server.Inject.
func SecondaryLimit(wait time.Duration) Fault {
	return refused(secondary(wait))
}

// PrimaryLimit is the fault of a request beyond the hourly limit, which is lifted at reset; see Server.Inject.
func PrimaryLimit(reset time.Time) Fault {
	return refused(&refusal{
		status:        http.StatusForbidden,
		message:       "API rate limit exceeded.",
		documentation: documentation + "/overview/rate-limits-for-the-rest-api",
		header: http.Header{
			"X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Limit": {"5000"}, "X-Ratelimit-Used": {"5000"},
			"X-Ratelimit-Reset": {fmt.Sprint(reset.Unix())}, "X-Ratelimit-Resource": {"core"},
		},
	})
}
