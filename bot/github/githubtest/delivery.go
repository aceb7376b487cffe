package githubtest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

const (
	patience    = 10 * time.Second // GitHub waits no longer for a receiver
	maxResponse = 1 << 20
)

// Webhook is where the App's events go. GitHub signs with one secret; to rotate, set another.
type Webhook struct {
	URL    string
	Secret string // no signature when empty
}

// delivery is one attempt to hand an event over.
type delivery struct {
	id                       int64
	guid                     string // the event's own: a redelivery keeps it
	event, action            string
	installation, repository int64 // 0: none
	payload                  []byte
	again                    bool // a redelivery

	at             time.Time // zero: still waiting
	took           time.Duration
	code           int    // 0: no answer
	failure        string // why there was none
	requestHeader  http.Header
	responseHeader http.Header
	response       []byte
}

// Delivery is an event that was handed over, or that waits for it.
type Delivery struct {
	ID        int64
	GUID      string
	Event     string
	Action    string
	Payload   []byte
	Redeliver bool
	Status    int // the receiver's answer; 0: none yet, or none at all
}

func (d *delivery) look() Delivery {
	return Delivery{
		ID: d.id, GUID: d.guid, Event: d.event, Action: d.action, Payload: bytes.Clone(d.payload), Redeliver: d.again, Status: d.code,
	}
}

// SetWebhook points the App's events somewhere, or nowhere for an empty URL. Events from before are not sent.
func (s *Server) SetWebhook(hook Webhook) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hook = hook
}

// Webhook returns where the App's events go.
func (s *Server) Webhook() Webhook {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hook
}

// Ping queues the event that GitHub sends for a new webhook.
func (s *Server) Ping() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listens("ping") {
		v := s.view()
		s.queue("ping", "", 0, 0, object{"zen": "Keep it logically awesome.", "hook_id": s.app.id, "hook": v.hookObject()})
	}
}

// Pending returns the events that wait for Deliver, oldest first.
func (s *Server) Pending() []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	return looks(s.pending)
}

// Deliveries returns the events that were handed over, oldest first, failed ones included.
func (s *Server) Deliveries() []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	return looks(s.deliveries)
}

func looks(deliveries []*delivery) []Delivery {
	out := make([]Delivery, len(deliveries))
	for i, d := range deliveries {
		out[i] = d.look()
	}
	return out
}

// Drop loses the waiting events, as if GitHub had been down.
func (s *Server) Drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending = nil
}

// Deliver hands over what waits, one after the other, and returns the outcome. Like GitHub, it does not try a second time.
func (s *Server) Deliver(ctx context.Context) []Delivery {
	s.delivering.Lock()
	defer s.delivering.Unlock()
	s.mu.Lock()
	batch, hook := s.pending, s.hook
	s.pending = nil
	s.mu.Unlock()
	for _, d := range batch {
		s.send(ctx, hook, d)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deliveries = append(s.deliveries, batch...)
	return looks(batch)
}

// send posts one event. The delivery is not shared yet, so it needs no lock.
func (s *Server) send(ctx context.Context, hook Webhook, d *delivery) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	d.at = s.now()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, hook.URL, bytes.NewReader(d.payload))
	if err != nil {
		d.failure = err.Error()
		return
	}
	s.sign(request.Header, hook, d)
	d.requestHeader = request.Header
	response, err := s.courier.Do(request)
	if err != nil {
		d.failure = err.Error()
		return
	}
	defer response.Body.Close()
	d.response, err = io.ReadAll(io.LimitReader(response.Body, maxResponse))
	d.code, d.responseHeader, d.took = response.StatusCode, response.Header, s.now().Sub(d.at)
	if err != nil {
		d.failure = err.Error()
	}
}

func (s *Server) sign(header http.Header, hook Webhook, d *delivery) {
	header.Set("Content-Type", "application/json")
	header.Set("User-Agent", "GitHub-Hookshot/0000000")
	header.Set("X-GitHub-Event", d.event)
	header.Set("X-GitHub-Delivery", d.guid)
	header.Set("X-GitHub-Hook-Installation-Target-Type", "integration")
	s.mu.Lock()
	header.Set("X-GitHub-Hook-ID", strconv.FormatInt(s.app.id, 10))
	header.Set("X-GitHub-Hook-Installation-Target-ID", strconv.FormatInt(s.app.id, 10))
	s.mu.Unlock()
	if hook.Secret != "" {
		mac := hmac.New(sha256.New, []byte(hook.Secret))
		mac.Write(d.payload)
		header.Set("X-Hub-Signature-256", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	}
}

// deliverAlways is the goroutine behind Options.Deliver.
func (s *Server) deliverAlways() {
	defer close(s.idle)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		<-s.stopped
		cancel()
	}()
	for {
		select {
		case <-s.stopped:
			return
		case <-s.wake:
			s.Deliver(ctx)
		}
	}
}

// guid is a fresh UUID in form, made from the ids that were given out.
func (s *Server) guid() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "delivery %d", s.nextID()))
	h := hex.EncodeToString(sum[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:32]
}

// payloadObject is the payload as JSON to be put into JSON.
func (d *delivery) payloadObject() json.RawMessage { return d.payload }

// noRedirect is GitHub's way with a receiver that redirects: the redirect is the answer.
func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
