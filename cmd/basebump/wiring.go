package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/config"
	"github.com/basebump/basebump/resolver"
	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/grype"
)

// tools is what planning needs, built from the configuration: one client for all registries, one scanner.
type tools struct {
	config   config.Config
	registry *resolver.Client
	archive  *resolver.Archive
	scanner  *grype.Scanner // nil without scans
	policy   bot.Policy
	progress bot.Progress
	ledger   bot.Ledger
}

// load reads the configuration and says what is worth attention in it.
func (g *globals) load() (config.Config, error) {
	loaded, err := config.Load(g.configFile, os.Getenv)
	if err != nil {
		return config.Config{}, usage(err)
	}
	for _, warning := range loaded.Warnings {
		fmt.Fprintln(g.err, warning)
	}
	return loaded, nil
}

// tools builds everything that a plan needs.
func (g *globals) tools(noScan bool) (*tools, error) {
	loaded, err := g.load()
	if err != nil {
		return nil, err
	}
	state, err := g.state()
	if err != nil {
		return nil, err
	}
	t, err := newTools(loaded, state, noScan)
	if err != nil {
		return nil, err
	}
	t.progress = g.progress()
	return t, nil
}

func newTools(c config.Config, state string, noScan bool) (*tools, error) {
	registry, err := resolver.New(resolver.Options{
		Registries:  registries(c),
		Concurrency: c.Limits.RegistryConcurrency,
		UserAgent:   "basebump/" + version,
	})
	if err != nil {
		return nil, usage(err)
	}
	t := &tools{config: c, registry: registry, archive: resolver.NewArchive(registry), policy: policyOf(c.Policy)}
	if noScan {
		return t, nil
	}
	if t.scanner, err = newScanner(c, state); err != nil {
		return nil, err
	}
	return t, nil
}

func newScanner(c config.Config, state string) (*grype.Scanner, error) {
	first := c.Scanners[0]
	if first.Type != config.Grype {
		return nil, usage(fmt.Errorf("scanners[0].type is %q: this version scans with grype alone", first.Type))
	}
	return grype.New(grype.Options{
		Command:     first.Command,
		DBDir:       databaseDir(c, state),
		MaxDBAge:    time.Duration(first.MaxDBAge),
		Timeout:     time.Duration(c.Limits.ScanTimeout),
		MemoryLimit: int64(c.Limits.ScanMemory),
		Now:         time.Now,
	}), nil
}

// databaseDir is where the vulnerability database lies: where the operator says, else where `db update` puts it.
func databaseDir(c config.Config, state string) string {
	if dir := c.Scanners[0].DBDir; dir != "" {
		return string(dir)
	}
	return filepath.Join(state, "db")
}

func registries(c config.Config) []resolver.Registry {
	list := make([]resolver.Registry, len(c.Registries))
	for i, r := range c.Registries {
		list[i] = resolver.Registry{
			Host: string(r.Host), Mirror: string(r.Mirror), Insecure: r.Insecure, Username: r.Username, Password: r.Password.Reveal(),
		}
	}
	return list
}

// planner asks each registry each question once in its life: make one for a cycle.
func (t *tools) planner() *bot.Planner {
	p := &bot.Planner{Resolver: resolver.NewMemo(t.archive), Ledger: t.ledger, Policy: t.policy, Now: time.Now, Progress: t.progress}
	if t.scanner != nil {
		p.Scanner = reaching{t.scanner, t.registry}
	}
	return p
}

// Close ends the scanner's process.
func (t *tools) Close() {
	if t.scanner != nil {
		_ = t.scanner.Close() // it holds nothing that could be lost
	}
}

// reaching tells a scanner how the registry of each target is reached.
type reaching struct {
	scan.Scanner
	registry *resolver.Client
}

// Scan implements scan.Scanner.
func (r reaching) Scan(ctx context.Context, target scan.Target) (scan.Report, error) {
	access, err := r.registry.Access(ctx, target.Image)
	if err != nil {
		return scan.Report{}, err
	}
	target.Access = scan.Access(access)
	return r.Scanner.Scan(ctx, target)
}
