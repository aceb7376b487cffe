package main

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/github"
	"github.com/basebump/basebump/bot/jobs"
	"github.com/basebump/basebump/bot/web"
	"github.com/basebump/basebump/config/fault"
)

// sweepEvery is how often GitHub is asked for the webhooks that it could not deliver.
const sweepEvery = 30 * time.Minute

// listeners hear what people do on GitHub. A nil one is deaf.
type listeners struct {
	comment func(context.Context, bot.Comment) error
	issue   func(context.Context, bot.Issue) error
	pull    func(context.Context, bot.Pull) error
}

// onGitHub is the part of the host that is GitHub; nil when none is.
func onGitHub(forge host) *github.Client {
	switch forge := forge.(type) {
	case *github.Client:
		return forge
	case *hosts:
		for _, one := range forge.all {
			if found := onGitHub(one); found != nil {
				return found
			}
		}
	}
	return nil
}

// door takes GitHub's webhooks into the queue; nil where no secret says which are GitHub's.
func (s *service) door(take func(context.Context, bot.Event) (bool, error)) *github.Webhooks {
	forge, secrets := onGitHub(s.forge), s.config.GitHub.WebhookSecret.Lines()
	if forge == nil || len(secrets) == 0 {
		return nil
	}
	door := &github.Webhooks{
		Interest: github.Interest{
			Watch: s.config.Watch.Match, BranchPrefix: s.config.PullRequests.BranchPrefix, AppID: s.config.GitHub.AppID,
			Login: forge.KnownLogin, CommentAge: jobs.Remembered, Merges: s.config.PullRequests.Automerge,
		},
		Take: take, Now: time.Now, Log: s.log,
	}
	for _, secret := range secrets {
		door.Secrets = append(door.Secrets, secret.Reveal())
	}
	return door
}

// visit looks at one repository of GitHub, in between cycles or while one runs.
func (s *service) visit(ctx context.Context, name string) error {
	now := time.Now()
	done, ok := s.turns.Take(name, now, now)
	if !ok {
		return jobs.Busy()
	}
	defer done()
	log := s.log.With("repository", name)
	forge := onGitHub(s.forge)
	owner, short, _ := strings.Cut(name, "/")
	repo, err := forge.Repository(ctx, owner, short)
	switch class := fault.ClassOf(err); {
	case class == fault.NotFound, class == fault.Permanent: // gone, archived, empty
		log.InfoContext(ctx, "not visited", "reason", fault.Text(err))
		return nil
	case err != nil:
		return err
	case !s.config.Watch.Match(repo.String()): // it was renamed
		log.InfoContext(ctx, "not visited", "reason", repo.String()+" is not watched")
		return nil
	}
	cycle := s.cycle()
	cycle.Fleet, cycle.Forge, cycle.Social = one{repo, forge}, forge, nil
	cycle.Report = func(result bot.Result) { logResult(ctx, s.log, result) }
	_, err = cycle.Run(ctx)
	return err
}

// one is a fleet of one repository.
type one struct {
	repo  bot.Repository
	forge *github.Client
}

// Repositories implements bot.Fleet.
func (o one) Repositories(context.Context) ([]bot.Repository, error) {
	return []bot.Repository{o.repo}, nil
}

// Source implements bot.Fleet.
func (o one) Source(repo bot.Repository) bot.Source { return o.forge.Source(repo) }

// handle does what an event asks for, but for visits.
func (s *service) handle(ctx context.Context, event bot.Event) error {
	if forge := onGitHub(s.forge); event.Fleet || len(event.Forget) > 0 {
		forge.Forget(event.Forget...)
	}
	switch {
	case event.Comment != nil && s.listen.comment != nil:
		return s.listen.comment(ctx, *event.Comment)
	case event.Issue != nil && s.listen.issue != nil:
		return s.listen.issue(ctx, *event.Issue)
	case event.Recheck != nil:
		order := bot.Order{Branch: event.Recheck.Branch, Kind: bot.OrderRecheck, By: event.Recheck.By, Asked: time.Now()}
		return s.store.Give(ctx, event.Recheck.Repository, order)
	case event.Pull != nil && s.listen.pull != nil:
		return s.listen.pull(ctx, *event.Pull)
	}
	return nil
}

// sweep asks GitHub to deliver again what it could not since a time, and finds out who we are, so that our own doings are told from others'.
func (s *service) sweep(ctx context.Context, since time.Time) error {
	forge := onGitHub(s.forge)
	if _, err := forge.Login(ctx); err != nil {
		return err
	}
	swept, err := forge.Redeliver(ctx, since)
	if swept.Again+swept.GivenUp > 0 || swept.Shortened {
		s.log.InfoContext(ctx, "webhooks swept up", "seen", swept.Seen, "asked_for_again", swept.Again, "given_up", swept.GivenUp, "more", swept.Shortened)
	}
	return err
}

// budgets is what is left of GitHub's patience.
func (s *service) budgets() []web.Budget {
	forge := onGitHub(s.forge)
	if forge == nil {
		return nil
	}
	var list []web.Budget
	for _, usage := range forge.Usage() {
		list = append(list, web.Budget(usage))
	}
	return list
}

// logBudgets says what is left of GitHub's patience after a cycle.
func logBudgets(ctx context.Context, log *slog.Logger, budgets []web.Budget) {
	for _, b := range budgets {
		if b.Reads+b.Writes > 0 {
			log.InfoContext(ctx, "github budget", "account", b.Account, "remaining", b.Remaining, "limit", b.Limit, "reset", b.Reset,
				"reads", b.Reads, "writes", b.Writes, "limited", b.Limited)
		}
	}
}

// pages are what people see, and the door for webhooks, which may be nil.
func (s *service) pages(door *github.Webhooks) http.Handler {
	site := web.Site{
		State: s.store, Schedule: s.config.Schedule, Now: time.Now, Version: version, Log: s.log, Budgets: s.budgets,
	}
	if door != nil {
		site.Webhooks, site.Deliveries = door, door.Counts
	}
	return site.Handler()
}
