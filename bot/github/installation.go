package github

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"sync"

	"github.com/bradleyfalzon/ghinstallation/v2"
	gh "github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/config/fault"
)

const perPage = 100

// installation is what one account has granted. With a single token there is one, and it grants what the token does.
type installation struct {
	account string
	granted *gh.InstallationPermissions // nil: unknown, as the token may do
	gate    *gate
	read    *gh.Client                   // sees every repository of the installation, changes nothing
	narrow  func(repo string) *gh.Client // may write to that repository alone

	mu      sync.Mutex
	writers map[string]*gh.Client // by repository name
}

// writer returns the client that may write to one repository. Its token is minted when it is first used.
func (i *installation) writer(repo string) *gh.Client {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.writers[repo] == nil {
		i.writers[repo] = i.narrow(repo)
	}
	return i.writers[repo]
}

// refresh lists the installations anew, suspended ones left out.
func (c *Client) refresh(ctx context.Context) ([]*installation, error) {
	if c.key == nil {
		return []*installation{c.single()}, nil
	}
	var found []*installation
	options := &gh.ListOptions{PerPage: perPage}
	for {
		page, resp, err := c.asApp().Apps.ListInstallations(ctx, options)
		if err != nil {
			return nil, failed("list installations", "", err)
		}
		for _, granted := range page {
			if granted.SuspendedAt == nil {
				found = append(found, c.install(granted))
			}
		}
		if options.Page = resp.NextPage; options.Page == 0 {
			return found, nil
		}
	}
}

// home returns the installation that a repository belongs to.
func (c *Client) home(ctx context.Context, fullName string) (*installation, error) {
	if c.key == nil {
		return c.single(), nil
	}
	c.mu.Lock()
	known := c.homes[strings.ToLower(fullName)]
	c.mu.Unlock()
	if known != nil {
		return known, nil
	}
	owner, name, _ := strings.Cut(fullName, "/")
	granted, _, err := c.asApp().Apps.FindRepositoryInstallation(ctx, owner, name)
	if err != nil {
		return nil, failed("find the installation of", fullName, err)
	}
	if granted.SuspendedAt != nil {
		return nil, &fault.Error{
			Op: "find the installation of", Target: fullName, Class: fault.Auth, Err: errors.New("it is suspended"),
			Hint: "whoever suspended it can end that in the account's settings, under GitHub Apps",
		}
	}
	found := c.install(granted)
	c.settle(fullName, found)
	return found, nil
}

// settle remembers where a repository belongs.
func (c *Client) settle(fullName string, i *installation) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.homes[strings.ToLower(fullName)] = i
}

// Forget drops what is known of where these repositories (OWNER/NAME) belong, of all when none is named: they were renamed, transferred
// or granted anew.
func (c *Client) Forget(fullNames ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(fullNames) == 0 {
		clear(c.homes)
	}
	for _, name := range fullNames {
		delete(c.homes, strings.ToLower(name))
	}
}

// single is the one installation of a token.
func (c *Client) single() *installation {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.installations[0] == nil {
		api := c.api(&authorized{gate: c.own, tokens: fixed(c.options.Token)})
		c.installations[0] = &installation{
			gate: c.own, read: api, narrow: func(string) *gh.Client { return api }, writers: map[string]*gh.Client{},
		}
	}
	return c.installations[0]
}

// install makes an installation known, or finds it again. When its permissions have changed it starts with new tokens.
func (c *Client) install(granted *gh.Installation) *installation {
	c.mu.Lock()
	defer c.mu.Unlock()
	known := c.installations[granted.GetID()]
	if known != nil && reflect.DeepEqual(known.granted, granted.Permissions) {
		return known
	}
	account := granted.GetAccount().GetLogin()
	i := &installation{account: account, granted: granted.Permissions, writers: map[string]*gh.Client{}}
	if i.gate = newGate(c.options, c.base, account); known != nil {
		i.gate = known.gate
	}
	i.read = c.narrowed(i.gate, granted.GetID(), &gh.InstallationTokenOptions{Permissions: toRead(granted.Permissions)})
	i.narrow = func(repo string) *gh.Client {
		options := &gh.InstallationTokenOptions{Repositories: []string{repo}, Permissions: toWrite(granted.Permissions)}
		return c.narrowed(i.gate, granted.GetID(), options)
	}
	c.installations[granted.GetID()] = i
	return i
}

// narrowed returns a client whose installation tokens open no more than the options say.
func (c *Client) narrowed(g *gate, id int64, options *gh.InstallationTokenOptions) *gh.Client {
	mint := func() *ghinstallation.Transport {
		// One App transport each: a Transport writes to the one that it is given.
		t := ghinstallation.NewFromAppsTransport(c.appTransport(), id)
		t.InstallationTokenOptions = options
		return t
	}
	return c.api(&authorized{gate: g, tokens: &minted{mint: mint, now: c.options.Now}})
}

func (c *Client) asApp() *gh.Client { return c.api(c.appTransport()) }

func (c *Client) appTransport() *ghinstallation.AppsTransport {
	t := ghinstallation.NewAppsTransportFromPrivateKey(c.own, c.options.AppID, c.key)
	t.BaseURL = strings.TrimSuffix(c.base.String(), "/")
	t.Client = &http.Client{Transport: c.own}
	return t
}
