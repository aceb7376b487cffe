package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/github"
	"github.com/basebump/basebump/bot/store/sqlite"
	"github.com/basebump/basebump/config"
	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan/cache"
)

// service is what run and serve share: the tools of a plan, the forge, and what outlives a cycle.
type service struct {
	*tools
	forge host
	store *sqlite.Store
	talk  *bot.Talk // nil without GitHub
	desk  *bot.Desk
	log   *slog.Logger

	turns  bot.Turns
	listen listeners
}

// service builds everything for cycles over the watched repositories, or over those named only.
func (g *globals) service(ctx context.Context, only []string) (*service, error) {
	loaded, err := g.load()
	if err != nil {
		return nil, err
	}
	return g.serviceOf(ctx, loaded, only)
}

// serviceOf is service with a configuration that was loaded before.
func (g *globals) serviceOf(ctx context.Context, loaded config.Config, only []string) (*service, error) {
	state, err := g.state()
	if err != nil {
		return nil, err
	}
	log, err := g.logger()
	if err != nil {
		return nil, err
	}
	s, err := newService(ctx, loaded, state, only, log)
	if err != nil {
		return nil, err
	}
	s.progress = g.progress()
	return s, nil
}

func newService(ctx context.Context, c config.Config, state string, only []string, log *slog.Logger) (*service, error) {
	forge, err := newHost(c, state, only, log)
	if err != nil {
		return nil, usage(err)
	}
	store, err := openStore(ctx, c, state)
	if err != nil {
		return nil, err
	}
	tools, err := newTools(c, state, store, false)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	tools.ledger = store
	s := &service{tools: tools, forge: forge, store: store, log: log}
	if people := onGitHub(forge); people != nil {
		s.talk = &bot.Talk{Forge: people, Orders: store, Board: people, Now: time.Now}
		s.desk = &bot.Desk{Board: people, Notes: store}
		s.listen = s.people()
	}
	return s, nil
}

// newHost is GitHub, the configured repositories on other Git servers, or all of them as one; of only some, when only names some.
func newHost(c config.Config, state string, only []string, log *slog.Logger) (host, error) {
	wanted := func(name string) bool {
		return len(only) == 0 || slices.ContainsFunc(only, func(o string) bool { return strings.EqualFold(o, name) })
	}
	remotes, err := newRemotes(c.Git, state)
	if err != nil {
		return nil, err
	}
	var all []host
	if c.GitHub.IsApp() || !c.GitHub.Token.IsZero() || len(remotes) == 0 {
		forge, err := newForge(c, func(name string) bool { return wanted(name) && (len(only) > 0 || c.Watch.Match(name)) }, log)
		if err != nil {
			return nil, err
		}
		all = append(all, forge)
	}
	for _, remote := range remotes {
		if wanted(remote.Name()) {
			all = append(all, remote)
		}
	}
	if len(all) == 1 {
		return all[0], nil
	}
	return newHosts(all...), nil
}

func newForge(c config.Config, watch func(name string) bool, log *slog.Logger) (*github.Client, error) {
	if !c.GitHub.IsApp() && c.GitHub.Token.IsZero() {
		return nil, errors.New("set up GitHub: give github.app_id and github.private_key_file, or github.token_file, in basebump.yaml")
	}
	return github.New(github.Options{
		APIURL:          string(c.GitHub.APIURL),
		AppID:           c.GitHub.AppID,
		PrivateKey:      []byte(c.GitHub.PrivateKey.Reveal()),
		Token:           c.GitHub.Token.Reveal(),
		Watch:           watch,
		WritesPerMinute: c.Limits.GitHubWritesPerMinute,
		Log:             log,
	})
}

// openStore opens the database that the configuration names, in the state folder unless its path is absolute.
func openStore(ctx context.Context, c config.Config, state string) (*sqlite.Store, error) {
	path, ok := strings.CutPrefix(c.Database.Reveal(), "sqlite:")
	if !ok {
		return nil, usage(errors.New("open database: this version keeps its state in SQLite alone; write database: sqlite:FILE"))
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(state, path)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make the state folder: %w", err)
	}
	return sqlite.Open(ctx, path)
}

// cycle is one walk over the fleet.
func (s *service) cycle() *bot.Cycle {
	planner := s.planner()
	for i, each := range s.scanners {
		planner.Scanners[i].Scanner = s.reading(cache.New(each.Scanner, s.store, time.Now, s.log))
	}
	return &bot.Cycle{
		Fleet: s.forge, Forge: s.forge, Planner: planner, Customize: s.customize, Store: s.store,
		Talk: s.talk, Desk: s.desk, Social: s.social, Planned: s.planned,
	}
}

// Close ends the scanner and closes the database.
func (s *service) Close() {
	s.tools.Close()
	if err := s.store.Close(); err != nil {
		s.log.Warn("database not closed", "error", err)
	}
}

// planned is when a repository was planned last; zero when it never was, or the last look failed.
func (s *service) planned(ctx context.Context, repository string) (time.Time, error) {
	known, err := s.store.Repository(ctx, repository)
	if fault.ClassOf(err) == fault.NotFound || err == nil && known.Error != "" {
		return time.Time{}, nil
	}
	return known.Planned, err
}
