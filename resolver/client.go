package resolver

import (
	"cmp"
	"net/http"
	"time"

	"github.com/basebump/basebump/config/egress"
	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

const (
	defaultConcurrency = 8
	defaultTimeout     = time.Minute
)

// Registry is what the operator says of one registry, or of a part of one.
type Registry struct {
	Host     string // "ghcr.io", "localhost:5000", or with a path: "ghcr.io/acme"; of several that match, the longest counts alone
	Mirror   string // asked instead: a URL or host, a path is put before the image's; empty: none
	Insecure bool   // plain HTTP; a mirror's own http:// says the same
	Username string
	Password string // goes to the host, or to the mirror where there is one, and to the token server that it names
}

// Options configures a Client. The zero value asks public registries with docker's credentials.
type Options struct {
	Registries  []Registry
	Keychain    authn.Keychain    // asked where Registries has no credentials; nil: Credentials()
	Concurrency int               // requests in flight to all hosts together, three quarters of them to one; 0: 8
	Timeout     time.Duration     // of one request with its answer; 0: one minute
	UserAgent   string            // empty: "basebump"
	Shelf       Shelf             // keeps tag lists; nil: each is read whole
	Now         func() time.Time  // nil: time.Now
	Transport   http.RoundTripper // nil: egress.Transport with the hosts and mirrors of Registries as named
}

// Client asks registries. It is safe for concurrent use and remembers logins and rate limits, but no answers: see Memo.
// Its errors are of type fault.Error and never hold what a registry wrote.
type Client struct {
	registries []entry
	keychain   authn.Keychain
	gate       *gate
	shelf      Shelf
	now        func() time.Time
	pings      *cache[string, *transport.Challenge]
	sessions   *cache[string, *session]
}

// New returns a client. An error means that a host or mirror of the options does not parse.
func New(o Options) (*Client, error) {
	entries, err := parseRegistries(o.Registries)
	if err != nil {
		return nil, err
	}
	c := &Client{registries: entries, keychain: o.Keychain, shelf: o.Shelf, now: o.Now}
	if c.keychain == nil {
		c.keychain = Credentials()
	}
	if c.now == nil {
		c.now = time.Now
	}
	base := o.Transport
	if base == nil {
		base = egress.Transport(namedHosts(entries)...)
	}
	c.gate = newGate(base, gateOptions{
		agent:       cmp.Or(o.UserAgent, "basebump"),
		concurrency: cmp.Or(o.Concurrency, defaultConcurrency),
		timeout:     cmp.Or(o.Timeout, defaultTimeout),
		plain:       plainHosts(entries),
		now:         c.now,
	})
	c.pings = newCache[string, *transport.Challenge](c.now, pingLife)
	c.sessions = newCache[string, *session](c.now, sessionLife)
	return c, nil
}

// Requests returns how many HTTP requests were sent so far, pings and tokens included.
func (c *Client) Requests() int {
	total := 0
	for _, n := range c.gate.requests() {
		total += n
	}
	return total
}

// RequestsByHost returns the same for each host that was asked.
func (c *Client) RequestsByHost() map[string]int { return c.gate.requests() }
