package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/jobs"
	"github.com/basebump/basebump/bot/store"
	"github.com/basebump/basebump/bot/web"
	"github.com/basebump/basebump/config/fault"
)

// grace is how long a running cycle may go on after the end was asked for: enough to finish a pull request that is being written.
const grace = 20 * time.Second

func newServe(g *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "serve",
		Short: "Run cycles on the configured schedule until told to end",
		Args:  arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			loaded, err := g.load()
			if err != nil {
				return err
			}
			if !isSetUp(loaded) {
				log, err := g.logger()
				if err != nil {
					return err
				}
				if loaded, err = g.setUp(cmd.Context(), loaded, log); err != nil {
					return err
				}
			}
			service, err := g.serviceOf(cmd.Context(), loaded, nil)
			if err != nil {
				return err
			}
			defer service.Close()
			state, err := g.state()
			if err != nil {
				return err
			}
			return service.serve(cmd.Context(), state)
		},
	}
}

// serve shows the pages and runs cycles on the schedule until ctx ends; when one of the two cannot go on, neither does.
func (s *service) serve(ctx context.Context, state string) (err error) {
	last, err := s.lastCycle(ctx)
	if err != nil {
		return err
	}
	queue, err := s.jobs(state, last).Open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, queue.Close()) }()
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", string(s.config.Server.Addr))
	if err != nil {
		return fmt.Errorf("serve pages: %w; give server.addr another address", err)
	}
	door := s.door(queue.Take)
	s.log.InfoContext(ctx, "serving", "pages", "http://"+listener.Addr().String()+"/", "schedule", s.config.Schedule.String(), "webhooks", door != nil)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return web.Serve(ctx, listener, s.pages(door), s.log) })
	group.Go(func() error { return queue.Run(ctx) })
	return group.Wait()
}

// jobs is the queue of what is to be done; last is when the last cycle began.
func (s *service) jobs(state string, last time.Time) jobs.Service {
	work := jobs.Service{
		File: filepath.Join(state, "queue.db"), Schedule: s.config.Schedule, Last: last, Grace: grace, Log: s.log,
		Cycle: func(ctx context.Context) error {
			defer func() { logBudgets(ctx, s.log, s.budgets()) }()
			return s.recordedCycle(ctx, func(result bot.Result) { logResult(ctx, s.log, result) })
		},
	}
	if onGitHub(s.forge) != nil && !s.config.GitHub.WebhookSecret.IsZero() {
		work.Visit, work.Handle = s.visit, s.handle
		work.Sweep, work.SweepEvery = s.sweep, sweepEvery
	}
	return work
}

// lastCycle is when the last cycle began; zero when there was none.
func (s *service) lastCycle(ctx context.Context) (time.Time, error) {
	overview, err := s.store.Overview(ctx)
	if err != nil || overview.Last == nil {
		return time.Time{}, err
	}
	return overview.Last.Started, nil
}

// recordedCycle runs one cycle, tells what became of each repository, and keeps the account.
func (s *service) recordedCycle(ctx context.Context, tell func(bot.Result)) error {
	account := store.Cycle{Started: time.Now()}
	requests := s.registry.Requests()
	cycle := s.cycle()
	cycle.Turn = func(repo bot.Repository) (func(), bool) {
		return s.turns.Take(repo.String(), account.Started, time.Now())
	}
	cycle.Report = func(result bot.Result) {
		account.Repositories++
		account.Bumps += len(result.Plan.Bumps)
		account.Failures += failures(result)
		tell(result)
	}
	_, err := cycle.Run(ctx)
	if ctx.Err() != nil {
		return err // it is run again with the next start
	}
	account.Finished = time.Now()
	account.Requests = s.registry.Requests() - requests
	if err != nil {
		account.Error = fault.Text(err)
	}
	if saveErr := s.store.SaveCycle(ctx, account); saveErr != nil {
		return fmt.Errorf("keep the cycle's account: %w", saveErr)
	}
	return err
}

func failures(result bot.Result) int {
	n := 0
	if result.Err != nil {
		n++
	}
	for _, row := range result.Plan.Unchanged {
		if row.Failed {
			n++
		}
	}
	return n
}

func logResult(ctx context.Context, log *slog.Logger, result bot.Result) {
	log = log.With("repository", result.Repository.String())
	if !result.Due.IsZero() {
		log.InfoContext(ctx, "not due, by its own schedule", "until", result.Due)
		return
	}
	for _, o := range result.Outcomes {
		log.InfoContext(ctx, string(o.Action), "pull_request", o.Proposal.Number, "title", o.Title, "reason", o.Reason)
	}
	for _, u := range result.Plan.Unchanged {
		if u.Failed {
			log.WarnContext(ctx, "not checked", "file", u.File, "line", u.Line, "image", u.Image, "reason", u.Reason)
		}
	}
	if result.Err != nil {
		log.WarnContext(ctx, "repository failed", "error", fault.Text(result.Err))
	}
}
