package github

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/bradleyfalzon/ghinstallation/v2"
	gh "github.com/google/go-github/v60/github"
)

// tokens gives out a valid token.
type tokens interface {
	Token(ctx context.Context) (string, error)
	// Reject says that GitHub did not take the last one.
	Reject()
}

// authorized adds a token to every request.
type authorized struct {
	gate   *gate
	tokens tokens
}

// RoundTrip implements http.RoundTripper.
func (a *authorized) RoundTrip(req *http.Request) (*http.Response, error) {
	token, err := a.tokens.Token(req.Context())
	if err != nil {
		if req.Body != nil {
			req.Body.Close()
		}
		return nil, err
	}
	req = req.Clone(req.Context())
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := a.gate.RoundTrip(req)
	if err == nil && resp.StatusCode == http.StatusUnauthorized {
		a.tokens.Reject()
	}
	return resp, err
}

// fixed is the operator's own token.
type fixed string

func (f fixed) Token(context.Context) (string, error) { return string(f), nil }
func (f fixed) Reject()                               {}

// renewal is how long before its end a token is replaced: whatever is under way with it then has that long. No token is kept longer
// than for one request.
const renewal = 5 * time.Minute

// minted are installation tokens, each of which lives an hour.
type minted struct {
	mint func() *ghinstallation.Transport
	now  func() time.Time

	mu      sync.Mutex
	current *ghinstallation.Transport
}

func (m *minted) Token(ctx context.Context) (string, error) {
	m.mu.Lock()
	if m.current == nil || m.ends(m.current) {
		m.current = m.mint()
	}
	current := m.current
	m.mu.Unlock()
	token, err := current.Token(ctx)
	// The library keeps an answer that refused as it came, body and all.
	if refused, ok := errors.AsType[*ghinstallation.HTTPError](err); ok && refused.Response != nil {
		body := refused.Response.Body
		defer body.Close()
		err = gh.CheckResponse(refused.Response)
	}
	return token, err
}

// ends says whether a token is to be replaced; one that is not there yet is not.
func (m *minted) ends(current *ghinstallation.Transport) bool {
	expires, _, err := current.Expiry()
	return err == nil && expires.Sub(m.now()) < renewal
}

// Reject makes the next request mint a new token: the present one was revoked.
func (m *minted) Reject() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.current = nil
}
