package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/config"
	"github.com/basebump/basebump/resolver"
	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/signature"
)

// tools is what planning needs, built from the configuration: one client for all registries, the scanners.
type tools struct {
	config   config.Config
	registry *resolver.Client
	archive  *resolver.Archive
	scanners []scanner // none without scans
	signed   signatures
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
	for _, warning := range append(loaded.Warnings, withoutVEX(loaded.Policy.VEX)...) {
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
	t, err := newTools(loaded, state, nil, noScan)
	if err != nil {
		return nil, err
	}
	t.progress = g.progress()
	return t, nil
}

// newTools takes a shelf for tag lists, or nil where nothing outlives the command.
func newTools(c config.Config, state string, shelf resolver.Shelf, noScan bool) (*tools, error) {
	registry, err := resolver.New(resolver.Options{
		Registries:  registries(c),
		Concurrency: c.Limits.RegistryConcurrency,
		UserAgent:   "basebump/" + version,
		Shelf:       shelf,
	})
	if err != nil {
		return nil, usage(err)
	}
	t := &tools{config: c, registry: registry, archive: resolver.NewArchive(registry), policy: policyOf(c.Policy)}
	if t.signed, err = newSignatures(c.Policy, registry, newVerifier(c.Scanners)); err != nil {
		return nil, err
	}
	t.policy.Signatures = t.signed.asked
	if t.policy.VEX, err = readVEX(c.Policy.VEX); err != nil {
		return nil, err
	}
	if noScan {
		return t, nil
	}
	t.scanners, err = newScanners(c, state)
	return t, err
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
	if len(t.scanners) > 0 {
		p.Signatures, p.VEX = t.signed.checker, t.signed.checker
	}
	for _, s := range t.scanners {
		p.Scanners = append(p.Scanners, bot.Scanner{Name: s.name, Scanner: t.reading(s.Scanner)})
	}
	return p
}

// Close ends the scanners' processes.
func (t *tools) Close() {
	for _, s := range t.scanners {
		release(s)
	}
}

// reading has a scanner reach registries, and read packages from where the policy says.
func (t *tools) reading(scanner scan.Scanner) scan.Scanner {
	switch t.config.Policy.SBOM {
	case config.SBOMSigned, config.SBOMAttached:
		return signature.Billed{Scanner: reaching{scanner, t.registry}, Bills: t.signed.checker}
	}
	return reaching{scanner, t.registry}
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
