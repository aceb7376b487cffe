package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/jobs"
	"github.com/basebump/basebump/bot/store"
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
			service, err := g.service(cmd.Context(), nil)
			if err != nil {
				return err
			}
			defer service.Close()
			state, err := g.state()
			if err != nil {
				return err
			}
			last, err := service.lastCycle(cmd.Context())
			if err != nil {
				return err
			}
			service.log.Info("serving", "schedule", service.config.Schedule.String())
			return jobs.Service{
				File:     filepath.Join(state, "queue.db"),
				Schedule: service.config.Schedule,
				Last:     last,
				Grace:    grace,
				Log:      service.log,
				Cycle:    service.recordedCycle,
			}.Run(cmd.Context())
		},
	}
}

// lastCycle is when the last cycle began; zero when there was none.
func (s *service) lastCycle(ctx context.Context) (time.Time, error) {
	overview, err := s.store.Overview(ctx)
	if err != nil || overview.Last == nil {
		return time.Time{}, err
	}
	return overview.Last.Started, nil
}

// recordedCycle runs one cycle, logs what became of each repository, and keeps the account.
func (s *service) recordedCycle(ctx context.Context) error {
	account := store.Cycle{Started: time.Now()}
	requests := s.registry.Requests()
	cycle := s.cycle()
	cycle.Report = func(result bot.Result) {
		account.Repositories++
		account.Bumps += len(result.Plan.Bumps)
		account.Failures += failures(result)
		logResult(ctx, s.log, result)
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
