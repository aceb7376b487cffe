package resolver

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	mib = 1 << 20

	maxManifest = 4 * mib  // what registries themselves accept
	maxBlob     = 8 * mib  // an image's configuration, or what allow grants
	maxTagPage  = 64 * mib // read as a stream; some registries ignore the page size

	// defaultPause is kept when a registry limits us without saying for how long; maxPause when it says something absurd.
	defaultPause = time.Minute
	maxPause     = 24 * time.Hour
)

func bodyLimit(req *http.Request) int64 {
	switch path := req.URL.Path; {
	case strings.Contains(path, "/manifests/"), strings.Contains(path, "/referrers/"):
		return maxManifest
	case strings.HasSuffix(path, "/tags/list"):
		return maxTagPage
	}
	if granted, ok := req.Context().Value(blobLimit{}).(int64); ok {
		return granted
	}
	return maxBlob
}

type blobLimit struct{}

// allow lets the requests that are made under the context answer with larger blobs.
func allow(ctx context.Context, limit int64) context.Context {
	return context.WithValue(ctx, blobLimit{}, limit)
}

// tooLargeError is an answer that goes on after its limit.
type tooLargeError struct{ limit int64 }

func (e *tooLargeError) Error() string {
	return fmt.Sprintf("the answer is larger than %d MiB", e.limit/mib)
}

// boundedBody fails once more than its limit was read, and calls done when it ends or is closed.
type boundedBody struct {
	body        io.ReadCloser
	left, limit int64
	done        func()
}

func (b *boundedBody) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.body.Read(p)
	b.left -= int64(n)
	if b.left < 0 {
		n, err = n-1, &tooLargeError{b.limit}
		b.left = 0
	}
	if err != nil {
		b.done()
	}
	return n, err
}

func (b *boundedBody) Close() error {
	err := b.body.Close()
	b.done()
	return err
}

// throttledError is a host that wants to be left alone.
type throttledError struct {
	status int
	until  time.Time
}

func (e *throttledError) Error() string {
	return fmt.Sprintf("%d %s", e.status, strings.ToLower(http.StatusText(e.status)))
}

// retryAt returns when a registry that limits us may be asked again; ok is false when it does not limit us.
func retryAt(resp *http.Response, now time.Time) (at time.Time, ok bool) {
	after := resp.Header.Get("Retry-After")
	if resp.StatusCode != http.StatusTooManyRequests && (resp.StatusCode != http.StatusServiceUnavailable || after == "") {
		return time.Time{}, false
	}
	if pause, ok := seconds(after); ok {
		return now.Add(pause), true
	}
	if date, err := http.ParseTime(after); err == nil {
		return now.Add(bounded(date.Sub(now))), true
	}
	if reset, ok := resetAt(resp, now); ok {
		return reset, true
	}
	return now.Add(defaultPause), true
}

// spentUntil returns until when a registry that answered will refuse the next question, where it says so. Docker Hub, which counts
// pulls in a window that glides, does not.
func spentUntil(resp *http.Response, now time.Time) (at time.Time, ok bool) {
	left, _, _ := strings.Cut(limitHeader(resp, "Remaining"), ";")
	if strings.TrimSpace(left) != "0" {
		return time.Time{}, false
	}
	return resetAt(resp, now)
}

// resetAt reads when a limit begins anew: in so many seconds, or at a second since 1970.
func resetAt(resp *http.Response, now time.Time) (at time.Time, ok bool) {
	text := strings.TrimSpace(limitHeader(resp, "Reset"))
	if second, err := strconv.ParseInt(text, 10, 64); err == nil && second > 1_000_000_000 {
		return now.Add(bounded(time.Unix(second, 0).Sub(now))), true
	}
	pause, ok := seconds(text)
	return now.Add(pause), ok
}

func limitHeader(resp *http.Response, name string) string {
	return cmp.Or(resp.Header.Get("RateLimit-"+name), resp.Header.Get("X-RateLimit-"+name))
}

func seconds(text string) (time.Duration, bool) {
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	return bounded(time.Duration(min(n, int64(maxPause/time.Second))) * time.Second), err == nil
}

func bounded(pause time.Duration) time.Duration { return min(max(pause, time.Second), maxPause) }
