package resolver

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

// loginLife is how long a login is used: tokens renew themselves, the credentials of cloud helpers end after hours.
const loginLife = time.Hour

// outage is how long a host that did not answer its ping is left alone.
const outage = time.Minute

func sessionLife(err error) time.Duration {
	if err != nil {
		return 0
	}
	return loginLife
}

func pingLife(err error) time.Duration {
	if err == nil {
		return loginLife
	}
	if _, ok := errors.AsType[*throttledError](err); ok {
		return 0 // the gate knows until when
	}
	return outage
}

// session is a login for one repository. It holds no context: whoever logged in first may be gone when others use it.
type session struct {
	endpoint
	as     identity
	now    func() time.Time
	puller *remote.Puller
	client *http.Client // for what the puller does not stream
}

// identity is who we are to a registry.
type identity struct {
	who        string // in messages
	unreadable error  // why there are no better credentials, where some could not be read
}

// refusal is a failure that may be due to who we are.
type refusal struct {
	as  identity
	err error
}

func (e *refusal) Error() string { return e.err.Error() }
func (e *refusal) Unwrap() error { return e.err }

func (c *Client) session(ctx context.Context, e endpoint) (*session, error) {
	return c.sessions.get(ctx, e.image, func(ctx context.Context) (*session, error) { return c.login(ctx, e) })
}

// login pings the host once for all its repositories, and gets the repository's token where the host wants one. The authenticated
// transport is marked as such, so that the library neither pings again nor retries.
func (c *Client) login(ctx context.Context, e endpoint) (*session, error) {
	credentials, unreadable := c.credentials(ctx, e)
	s := &session{endpoint: e, as: identity{who(credentials), unreadable}, now: c.now}
	rt, err := c.authenticate(ctx, e, credentials)
	if err != nil {
		return nil, &refusal{s.as, err}
	}
	s.client = &http.Client{Transport: rt}
	s.puller, err = remote.NewPuller(remote.WithTransport(rt))
	return s, err
}

func (c *Client) authenticate(ctx context.Context, e endpoint, credentials authn.AuthConfig) (http.RoundTripper, error) {
	registry := e.repo.Registry
	challenge, err := c.pings.get(ctx, e.repo.RegistryStr(), func(ctx context.Context) (*transport.Challenge, error) {
		return transport.Ping(ctx, registry, c.gate)
	})
	if err != nil {
		return nil, err
	}
	auth := authn.Anonymous
	if credentials != (authn.AuthConfig{}) {
		auth = authn.FromConfig(credentials)
	}
	token := &transport.Token{Token: credentials.RegistryToken}
	if strings.EqualFold(challenge.Scheme, "bearer") && token.Token == "" {
		scopes := []string{e.repo.Scope(transport.PullScope)}
		if token, err = transport.Exchange(ctx, registry, auth, c.gate, scopes, challenge); err != nil {
			return nil, err
		}
		token.Token = cmp.Or(token.AccessToken, token.Token)
	}
	return transport.FromToken(registry, auth, c.gate, challenge, token)
}

// credentials returns the operator's for the image, else the keychain's for where it is asked; zero for anonymous. An error leaves it at
// that: a public image needs none.
func (c *Client) credentials(ctx context.Context, e endpoint) (authn.AuthConfig, error) {
	if e.entry != nil && (e.entry.Username != "" || e.entry.Password != "") {
		return authn.AuthConfig{Username: e.entry.Username, Password: e.entry.Password}, nil
	}
	auth, err := authn.Resolve(ctx, c.keychain, e.repo)
	if err != nil || auth == authn.Anonymous {
		return authn.AuthConfig{}, err
	}
	config, err := authn.Authorization(ctx, auth)
	if err != nil {
		return authn.AuthConfig{}, err
	}
	return *config, nil
}

const anonymous = "anonymous"

func who(credentials authn.AuthConfig) string {
	switch {
	case credentials == (authn.AuthConfig{}):
		return anonymous
	case credentials.Username != "" && credentials.Username != "<token>":
		return "user " + credentials.Username
	}
	return "a token"
}
