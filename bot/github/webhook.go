package github

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/config/fault"
)

const (
	maxPayload   = 25 << 20 // bytes; GitHub sends no larger ones
	usualPayload = 1 << 20  // bytes; of larger ones only a few are held at once
	largeAtOnce  = 4
)

// Webhooks is the door for what GitHub tells by itself: it checks who speaks, boils a delivery down to an event, hands that on to be kept,
// and answers at once. Nothing is done about an event here. All fields must be set.
type Webhooks struct {
	Secrets  []string // whatever one of them has signed is let in: more than one while they are exchanged
	Interest Interest
	// Take keeps an event durably; fresh is false for one that was kept before.
	Take func(context.Context, bot.Event) (fresh bool, err error)
	Now  func() time.Time
	Log  *slog.Logger

	mu     sync.Mutex
	counts map[string]int
	large  chan struct{}
	once   sync.Once
}

// Outcomes of a delivery, beside the reasons for which Interest drops an event.
const (
	hookQueued  = "queued"
	hookKnown   = "known already"
	hookRefused = "refused: not signed with our secret"
	hookTooBig  = "refused: too large"
	hookBroken  = "refused: not readable"
	hookFailed  = "failed: not queued"
)

// Counts returns how many deliveries came to which end since the start.
func (h *Webhooks) Counts() map[string]int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return maps.Clone(h.counts)
}

// ServeHTTP implements http.Handler.
func (h *Webhooks) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	status, outcome := h.receive(w, r)
	h.mu.Lock()
	if h.counts == nil {
		h.counts = map[string]int{}
	}
	h.counts[outcome]++
	h.mu.Unlock()
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, outcome+"\n") // GitHub shows it in the list of deliveries
}

// What GitHub puts into the headers; what looks otherwise is none of its own.
var (
	signatures = regexp.MustCompile(`^sha256=[0-9a-f]{64}$`)
	deliveries = regexp.MustCompile(`^[0-9A-Za-z-]{1,64}$`)
	eventNames = regexp.MustCompile(`^[a-z_]{1,64}$`)
)

func (h *Webhooks) receive(w http.ResponseWriter, r *http.Request) (status int, outcome string) {
	name, id := r.Header.Get("X-GitHub-Event"), r.Header.Get("X-GitHub-Delivery")
	switch {
	case !signatures.MatchString(r.Header.Get("X-Hub-Signature-256")):
		return http.StatusUnauthorized, hookRefused
	case !deliveries.MatchString(id), !eventNames.MatchString(name):
		return http.StatusBadRequest, hookBroken
	case mediaType(r) != "application/json":
		return http.StatusUnsupportedMediaType, hookBroken
	case r.ContentLength > maxPayload:
		return http.StatusRequestEntityTooLarge, hookTooBig
	}
	body, err := h.read(w, r)
	_, tooBig := errors.AsType[*http.MaxBytesError](err)
	switch {
	case tooBig:
		return http.StatusRequestEntityTooLarge, hookTooBig
	case err != nil:
		return http.StatusBadRequest, hookBroken
	case !h.signed(r.Header.Get("X-Hub-Signature-256"), body):
		return http.StatusUnauthorized, hookRefused
	}
	event, dropped, err := h.Interest.event(name, body, h.Now())
	switch {
	case err != nil:
		h.Log.WarnContext(r.Context(), "webhook not understood", "event", name, "id", id, "error", fault.Text(err))
		return http.StatusBadRequest, hookBroken
	case dropped != "":
		h.Log.DebugContext(r.Context(), "webhook dropped", "event", event.Name, "id", id, "reason", dropped)
		return http.StatusAccepted, "dropped: " + dropped
	}
	event.ID = id
	return h.keep(r.Context(), event)
}

func (h *Webhooks) keep(ctx context.Context, event bot.Event) (status int, outcome string) {
	fresh, err := h.Take(ctx, event)
	switch {
	case err != nil:
		h.Log.ErrorContext(ctx, "webhook not queued", "event", event.Name, "id", event.ID, "error", fault.Text(err))
		return http.StatusServiceUnavailable, hookFailed
	case !fresh:
		return http.StatusAccepted, hookKnown
	}
	h.Log.DebugContext(ctx, "webhook queued", "event", event.Name, "id", event.ID)
	return http.StatusAccepted, hookQueued
}

// read returns the body, of which only a bounded number that may be large is held at once.
func (h *Webhooks) read(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if r.ContentLength < 0 || r.ContentLength > usualPayload {
		h.once.Do(func() { h.large = make(chan struct{}, largeAtOnce) })
		select {
		case h.large <- struct{}{}:
			defer func() { <-h.large }()
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	return io.ReadAll(http.MaxBytesReader(w, r.Body, maxPayload))
}

// signed reports whether one of the secrets signed the body. Each is tried, whichever fits.
func (h *Webhooks) signed(signature string, body []byte) bool {
	fits := false
	for _, secret := range h.Secrets {
		fits = gh.ValidateSignature(signature, body, []byte(secret)) == nil && secret != "" || fits
	}
	return fits
}

func mediaType(r *http.Request) string {
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	return strings.ToLower(strings.TrimSpace(kind))
}
