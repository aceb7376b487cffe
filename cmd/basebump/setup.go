package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/basebump/basebump/bot/github"
	"github.com/basebump/basebump/bot/web"
	"github.com/basebump/basebump/config"
)

// setupPath is where serve shows the page that makes an App, while it has none.
const setupPath = "/setup"

// isSetUp says whether there is anything that serve could look after.
func isSetUp(c config.Config) bool {
	return c.GitHub.IsApp() || !c.GitHub.Token.IsZero() || len(c.Git.Remotes) > 0
}

// setUp shows the setup page until a person has made an App in it, and returns the configuration with that App. Whoever can read the log
// has the page's address, and nobody else.
func (g *globals) setUp(ctx context.Context, c config.Config, log *slog.Logger) (config.Config, error) {
	options := initOptions{apiURL: string(c.GitHub.APIURL), publicURL: string(c.Server.PublicURL)}
	page, err := newSetupPage(options.publicURL, options)
	if err != nil {
		return c, usage(err)
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", string(c.Server.Addr))
	if err != nil {
		return c, fmt.Errorf("serve the setup page: %w; give server.addr another address", err)
	}
	at := strings.TrimSuffix(options.publicURL, "/")
	if at == "" {
		at = "http://" + listener.Addr().String()
	}
	log.InfoContext(ctx, "GitHub is not set up yet; open this page to make an App, or give github.app_id or github.token_file", "page", at+setupPath+"?token="+page.token)

	serving, stop := context.WithCancel(ctx)
	defer stop()
	keeper := &keeper{files: newInitFiles(g.configFile, options)}
	making := &making{options: options, keep: keeper.keep}
	page.made = func(code string) (initView, error) {
		defer stop()
		view, err := making.make(context.WithoutCancel(ctx), code)
		view.Shown = keeper.shown
		return view, err
	}
	if err := web.Serve(serving, listener, setupOnly(page.handler()), log); err != nil {
		return c, fmt.Errorf("serve the setup page: %w", err)
	}
	app, err := making.result()
	switch {
	case err != nil:
		return c, err
	case app.ID == 0:
		log.InfoContext(ctx, "ended before an App was made; nothing was written")
		return c, &exit{}
	}
	log.InfoContext(ctx, "the App is made; install it where images are to be kept patched", "app", app.Slug, "install", installURL(app))
	log.InfoContext(ctx, keeper.next(app), "written", strings.Join(keeper.written, ", "))
	c.GitHub.AppID, c.GitHub.PrivateKey = app.ID, config.NewSecret(app.PrivateKey())
	c.GitHub.WebhookSecret = config.NewSecret(app.WebhookSecret())
	return c, nil
}

// setupOnly is all that a server without an App shows.
func setupOnly(page http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle(setupPath, page)
	mux.Handle(setupPath+"/", page)
	text := func(status int, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, text+"\n")
		}
	}
	mux.HandleFunc("GET /healthz", text(http.StatusOK, "ok"))
	mux.HandleFunc("/", text(http.StatusServiceUnavailable, "basebump is not set up yet; its log says how"))
	return mux
}

// keeper keeps the secrets of a new App: in files as init does; without a configuration file of its own where there is one already; and
// where nothing can be written, by showing them once.
type keeper struct {
	files   initFiles
	written []string
	shown   []shownOnce
}

func (k *keeper) keep(app github.App) error {
	if err := k.files.free(); err == nil && writable(filepath.Dir(k.files.config)) {
		k.written = k.files.names(app)
		return k.files.write(app)
	}
	if k.secretsFit() {
		k.files.onlySecrets = true
		k.written = k.files.names(app)
		return k.files.write(app)
	}
	k.shown = []shownOnce{{"BASEBUMP_GITHUB_PRIVATE_KEY", app.PrivateKey()}}
	if app.WebhookSecret() != "" {
		k.shown = append(k.shown, shownOnce{"BASEBUMP_GITHUB_WEBHOOK_SECRET", app.WebhookSecret()})
	}
	return nil
}

// secretsFit says whether the secrets can be written beside a configuration file that is there already.
func (k *keeper) secretsFit() bool {
	for _, name := range []string{keyFile, secretFile} {
		if _, err := os.Lstat(k.files.beside(name)); !errors.Is(err, fs.ErrNotExist) {
			return false
		}
	}
	return writable(filepath.Dir(k.files.config))
}

// writable finds out by trying; afterwards it is too late, the secrets cannot be had again.
func writable(folder string) bool {
	file, err := os.CreateTemp(folder, ".basebump-*")
	if err != nil {
		return false
	}
	return errors.Join(file.Close(), os.Remove(file.Name())) == nil
}

// next is what is left to do before the next start.
func (k *keeper) next(app github.App) string {
	switch {
	case len(k.shown) > 0:
		return fmt.Sprintf("its secrets were shown on the page, and are kept nowhere; before the next start give them by the environment, and github.app_id: %d in %s",
			app.ID, k.files.config)
	case k.files.onlySecrets && app.WebhookSecret() != "":
		return fmt.Sprintf("before the next start, write into %s: github: {app_id: %d, private_key_file: %s, webhook_secret_file: %s}", k.files.config, app.ID, keyFile, secretFile)
	case k.files.onlySecrets:
		return fmt.Sprintf("before the next start, write into %s: github: {app_id: %d, private_key_file: %s}", k.files.config, app.ID, keyFile)
	}
	return "the configuration is written; nothing is left to do"
}
