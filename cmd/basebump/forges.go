package main

import (
	"context"
	"errors"
	"sync"

	"github.com/basebump/basebump/bot"
)

// host is where repositories are read and proposals live.
type host interface {
	bot.Fleet
	bot.Forge
}

// hosts are several as one: each repository is worked on where it was found. Safe for concurrent use.
type hosts struct {
	all []host

	mu    sync.Mutex
	owner map[bot.Repository]host
}

func newHosts(all ...host) *hosts { return &hosts{all: all, owner: map[bot.Repository]host{}} }

// Repositories implements bot.Fleet: a host that fails does not keep the others from theirs.
func (h *hosts) Repositories(ctx context.Context) ([]bot.Repository, error) {
	var list []bot.Repository
	var failures []error
	for _, host := range h.all {
		found, err := host.Repositories(ctx)
		failures = append(failures, err)
		h.mu.Lock()
		for _, repo := range found {
			h.owner[repo] = host
		}
		h.mu.Unlock()
		list = append(list, found...)
	}
	return list, errors.Join(failures...)
}

// of is the host where the repository was found.
func (h *hosts) of(repo bot.Repository) host {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.owner[repo]
}

// Source implements bot.Fleet.
func (h *hosts) Source(repo bot.Repository) bot.Source { return h.of(repo).Source(repo) }

// Open implements bot.Forge.
func (h *hosts) Open(ctx context.Context, repo bot.Repository, prefix string) ([]bot.Proposal, error) {
	return h.of(repo).Open(ctx, repo, prefix)
}

// History implements bot.Forge.
func (h *hosts) History(ctx context.Context, repo bot.Repository, branch string) ([]bot.Proposal, error) {
	return h.of(repo).History(ctx, repo, branch)
}

// Look implements bot.Forge.
func (h *hosts) Look(ctx context.Context, repo bot.Repository, proposal bot.Proposal) (bot.Tip, error) {
	return h.of(repo).Look(ctx, repo, proposal)
}

// Propose implements bot.Forge.
func (h *hosts) Propose(ctx context.Context, repo bot.Repository, change bot.Change, ground bot.Ground) (bot.Proposal, error) {
	return h.of(repo).Propose(ctx, repo, change, ground)
}

// Close implements bot.Forge.
func (h *hosts) Close(ctx context.Context, repo bot.Repository, proposal bot.Proposal, why string) error {
	return h.of(repo).Close(ctx, repo, proposal, why)
}

// Warn implements bot.Forge.
func (h *hosts) Warn(ctx context.Context, repo bot.Repository, proposal bot.Proposal, text string) error {
	return h.of(repo).Warn(ctx, repo, proposal, text)
}

// Merge implements bot.Forge.
func (h *hosts) Merge(ctx context.Context, repo bot.Repository, proposal bot.Proposal, method string) (merged bool, text string, err error) {
	return h.of(repo).Merge(ctx, repo, proposal, method)
}

// Stay implements bot.Forge.
func (h *hosts) Stay(ctx context.Context, repo bot.Repository, proposal bot.Proposal) error {
	return h.of(repo).Stay(ctx, repo, proposal)
}

// Subjects implements bot.Forge.
func (h *hosts) Subjects(ctx context.Context, repo bot.Repository) ([]string, error) {
	return h.of(repo).Subjects(ctx, repo)
}
