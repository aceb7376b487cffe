// Package github is the forge: it reads watched repositories and keeps pull requests on GitHub, as an App or with one token.
//
// It alone knows GitHub's API and types. It decides nothing about images: what to propose is bot's, and it keeps no state but
// caches; all that must survive stands in the pull requests themselves. It speaks with one host only, the configured API.
package github

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v4"
	gh "github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot"
)

var (
	_ bot.Fleet = (*Client)(nil)
	_ bot.Forge = (*Client)(nil)
)

// Options say which GitHub, and as whom. Either AppID and PrivateKey are given, or Token.
type Options struct {
	APIURL     string // used exactly as written: https://api.github.com/, https://HOST/api/v3/
	AppID      int64
	PrivateKey []byte // PEM
	Token      string

	Watch           func(fullName string) bool // selects repositories; nil: all
	WritesPerMinute int                        // steady pace of what changes something, after a short burst; 0: no bound
	Transport       http.RoundTripper          // nil: http.DefaultTransport
	Now             func() time.Time           // nil: time.Now
	Log             *slog.Logger               // told what failed and does not matter; nil: nobody
}

// Client is one GitHub. It is safe for concurrent use.
type Client struct {
	options Options
	base    *url.URL
	key     *rsa.PrivateKey // nil with a token
	own     *gate           // of requests as the App itself
	trees   *cache[[]entry]
	blobs   *cache[[]byte]
	heads   heads
	login   login

	subjects *cache[[]string] // of commits

	mu            sync.Mutex
	name          string // that commits are signed off with, once it is known
	installations map[int64]*installation
	homes         map[string]*installation // of repositories, by lower-case full name
}

// New returns a client. It makes no request.
func New(options Options) (*Client, error) {
	c := &Client{
		options: options.withDefaults(), installations: map[int64]*installation{}, homes: map[string]*installation{},
		trees: newCache[[]entry](cacheSize), blobs: newCache[[]byte](cacheSize), subjects: newCache[[]string](cacheSize / 8),
	}
	var err error
	if c.base, err = parseBase(options.APIURL); err != nil {
		return nil, err
	}
	c.own = newGate(c.options, c.base, "")
	switch isApp := options.AppID != 0; {
	case isApp && options.Token != "":
		return nil, errors.New("set up GitHub: give an App or a token, not both")
	case isApp:
		if c.key, err = jwt.ParseRSAPrivateKeyFromPEM(options.PrivateKey); err != nil {
			return nil, fmt.Errorf("read the App's private key: %w", err)
		}
	case options.Token == "":
		return nil, errors.New("set up GitHub: neither an App nor a token is given")
	}
	return c, nil
}

func (o Options) withDefaults() Options {
	if o.Watch == nil {
		o.Watch = func(string) bool { return true }
	}
	if o.Transport == nil {
		o.Transport = http.DefaultTransport
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

func parseBase(apiURL string) (*url.URL, error) {
	base, err := url.Parse(apiURL)
	if err != nil {
		return nil, fmt.Errorf("read github.api_url: %w", err)
	}
	if base.Scheme != "https" && base.Scheme != "http" || base.Host == "" {
		return nil, fmt.Errorf("read github.api_url %q: it is no https URL", apiURL)
	}
	if !strings.HasSuffix(base.Path, "/") {
		base.Path += "/" // paths are resolved against a folder
	}
	return base, nil
}

// api returns a go-github client for the API behind a transport.
func (c *Client) api(transport http.RoundTripper) *gh.Client {
	client := gh.NewClient(&http.Client{Transport: transport})
	client.BaseURL = c.base
	client.UserAgent = "basebump"
	return client
}

// Usage returns what was spent of each budget so far: the App's own or the token's first, then by account.
func (c *Client) Usage() []Usage {
	c.mu.Lock()
	defer c.mu.Unlock()
	spent := []Usage{c.own.spent()}
	for _, i := range c.installations {
		if i.gate != c.own {
			spent = append(spent, i.gate.spent())
		}
	}
	slices.SortFunc(spent, func(a, b Usage) int { return strings.Compare(a.Account, b.Account) })
	return spent
}

// link is the way to one repository: clients whose tokens reach just far enough.
type link struct {
	*Client
	repo        bot.Repository
	read, write *gh.Client
	granted     *gh.InstallationPermissions // nil: unknown, as the token may do
}

// link finds the installation that the repository belongs to.
func (c *Client) link(ctx context.Context, repo bot.Repository) (link, error) {
	home, err := c.home(ctx, repo.String())
	if err != nil {
		return link{}, err
	}
	return link{Client: c, repo: repo, read: home.read, write: home.writer(repo.Name), granted: home.granted}, nil
}

// failed says what was being done to the repository.
func (l link) failed(op string, err error) error { return failed(op, l.repo.String(), err) }
