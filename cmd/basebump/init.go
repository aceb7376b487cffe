package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/basebump/basebump/bot/github"
	"github.com/basebump/basebump/bot/web"
	"github.com/basebump/basebump/config"
)

const initHelp = `Make a GitHub App for basebump in the browser, and write the configuration that uses it.

It shows one page on this machine, which hands the description of the App to GitHub; a person confirms it there. Then the App's private key
(app.pem) and webhook secret (webhook.secret) are written beside the configuration file, readable by their owner alone. No file that exists
is touched. On a machine without a browser, forward the port: ssh -L 8123:127.0.0.1:8123 HOST, with --addr 127.0.0.1:8123.`

// initOptions are init's flags.
type initOptions struct {
	apiURL, organization, addr, publicURL string
	workflows                             bool
}

func newInit(g *globals) *cobra.Command {
	var options initOptions
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Make a GitHub App in the browser and write a commented basebump.yaml",
		Long:  initHelp,
		Args:  arguments(0, 0),
		RunE:  func(cmd *cobra.Command, _ []string) error { return g.makeApp(cmd.Context(), options) },
	}
	flags := cmd.Flags()
	flags.StringVar(&options.apiURL, "api-url", string(config.Default().GitHub.APIURL), "`URL` of GitHub's REST API; GitHub Enterprise Server: https://HOST/api/v3/")
	flags.StringVar(&options.organization, "organization", "", "`ORG` that is to own the App (default: you)")
	flags.StringVar(&options.addr, "addr", "127.0.0.1:0", "`ADDR` of this machine to show the page on")
	flags.StringVar(&options.publicURL, "public-url", "", "`URL` where GitHub will reach `basebump serve`; without it the App sends no webhooks")
	flags.BoolVar(&options.workflows, "workflows", false, "let the App write workflow files, whose images are kept patched then too")
	return cmd
}

// makeApp shows the page and waits until the App is made and its files are written.
func (g *globals) makeApp(ctx context.Context, options initOptions) error {
	if err := options.check(); err != nil {
		return usage(err)
	}
	files := newInitFiles(g.configFile, options)
	if err := files.free(); err != nil {
		return usage(err)
	}
	log, err := g.logger()
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", options.addr)
	if err != nil {
		return usage(fmt.Errorf("show the page: %w; give --addr another address", err))
	}
	page, err := newInitPage(listener.Addr().String(), options)
	if err != nil {
		return usage(errors.Join(err, listener.Close()))
	}
	fmt.Fprintf(g.out, "Open http://%s/ in a browser of this machine (Ctrl-C ends).\n", listener.Addr())

	serving, stop := context.WithCancel(ctx)
	defer stop()
	making := &making{options: options, keep: files.write}
	page.made = func(code string) (initView, error) {
		defer stop()
		return making.make(context.WithoutCancel(ctx), code)
	}
	if err := web.Serve(serving, listener, page.handler(), log); err != nil {
		return fmt.Errorf("show the page: %w", err)
	}
	app, err := making.result()
	switch {
	case err != nil:
		return err
	case app.ID == 0:
		fmt.Fprintln(g.err, "Ended before an App was made; nothing was written.")
		return &exit{code: exitFailed}
	}
	nextSteps(g.out, app, files)
	return nil
}

// exchangeTimeout bounds the exchange of the code, which goes on when the browser leaves or the command is to end: the App is there
// already, and its secrets are to be had once.
const exchangeTimeout = 20 * time.Second

// making turns a code into an App whose secrets are kept.
type making struct {
	options initOptions
	keep    func(github.App) error

	mu  sync.Mutex // held while it is under way
	app github.App
	err error
}

func (m *making) make(ctx context.Context, code string) (initView, error) {
	ctx, cancel := context.WithTimeout(ctx, exchangeTimeout)
	defer cancel()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.app, m.err = github.ConvertManifest(ctx, m.options.apiURL, code, nil)
	if m.err != nil {
		return initView{}, m.err
	}
	var hookErr error
	if m.options.hookURL() != "" && m.app.WebhookSecret() == "" {
		m.app, hookErr = github.SecureWebhooks(ctx, m.options.apiURL, m.app, nil)
	}
	m.err = errors.Join(m.keep(m.app), hookErr) // the key is kept in any case
	return initView{Install: installURL(m.app)}, m.err
}

// installURL is GitHub's page where the App is installed.
func installURL(app github.App) string { return app.URL + "/installations/new" }

// result is the App, zero when there is none; it waits for one that is under way.
func (m *making) result() (github.App, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.app, m.err
}

func (o initOptions) check() error {
	host, _, err := net.SplitHostPort(o.addr)
	if err != nil {
		return fmt.Errorf("--addr: %w", err)
	}
	if ip, err := netip.ParseAddr(host); err != nil || !ip.IsLoopback() {
		return fmt.Errorf("--addr %s: who can open the page decides about the App; give an address of this machine alone, such as 127.0.0.1:8123", o.addr)
	}
	if o.publicURL == "" {
		return nil
	}
	if public, err := url.Parse(o.publicURL); err != nil || public.Scheme != "https" && public.Scheme != "http" || public.Host == "" {
		return fmt.Errorf("--public-url %q: it is no https URL", o.publicURL)
	}
	return nil
}

// hookURL is where the App's webhooks go; empty for none.
func (o initOptions) hookURL() string {
	if o.publicURL == "" {
		return ""
	}
	return strings.TrimSuffix(o.publicURL, "/") + web.WebhookPath
}

func nextSteps(w io.Writer, app github.App, files initFiles) {
	fmt.Fprintf(w, "\nGitHub made App %d (%s). Written: %s\n\nNext:\n", app.ID, clean(app.Slug), strings.Join(files.names(app), ", "))
	fmt.Fprintf(w, "  1. Install it where images are to be kept patched: %s\n", clean(installURL(app)))
	fmt.Fprintf(w, "  2. basebump config check%s\n  3. basebump run --dry-run%s\n", files.argument(" "), files.argument(" --config "))
}
