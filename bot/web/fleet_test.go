package web_test

import (
	"fmt"
	"time"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/store"
	"github.com/basebump/basebump/bot/web"
)

// busy is a fleet with something of everything.
func busy() state {
	proposal := func(repository string, number int, title string, state bot.State, first, updated time.Duration) store.Proposal {
		return store.Proposal{
			Repository: repository, First: now.Add(-first), Updated: now.Add(-updated),
			Proposal: bot.Proposal{Number: number, Title: title, State: state, URL: fmt.Sprintf("https://github.com/%s/pull/%d", repository, number)},
		}
	}
	debian := "fix(docker): update debian:12 to the 2026-11-20 build (35 vulnerabilities fixed, 4 critical)"
	open := proposal("acme/api", 41, debian, bot.Open, 3*24*time.Hour, 14*time.Minute)
	merged := proposal("acme/api", 37, "fix(docker): update nginx:1.27.0 to 1.27.3 (3 vulnerabilities fixed, 1 high)", bot.Merged, 9*24*time.Hour, 51*time.Hour)
	held := []store.Held{
		{Repository: "acme/api", Title: "fix(docker): update redis:7.2 to 7.2.6", Action: bot.Declined, Reason: "pull request #12 was closed without a merge: a no to this digest"},
		{Repository: "acme/web", Title: "fix(docker): update node:22-alpine", Action: bot.Waiting, Reason: "10 pull requests are open (pull_requests.limit)"},
	}
	row := func(repository, image, tag, file string, line int, reason string, failed bool) store.Row {
		return store.Row{Repository: repository, Unchanged: bot.Unchanged{Image: image, Tag: tag, File: file, Line: line, Reason: reason, Failed: failed}}
	}
	private := row("acme/api", "ghcr.io/acme/api", "2", "deploy/api.yaml", 11,
		"not readable: ghcr.io answered 401 to anonymous; add credentials under registries", true)
	api := store.Summary{Name: "acme/api", Seen: now.Add(-14 * time.Minute), Planned: now.Add(-14 * time.Minute), Open: 1, Held: 1, Rows: 3, Problems: 1}
	return state{
		overview: store.Overview{
			Last: &store.Cycle{
				Started: now.Add(-16 * time.Minute), Finished: now.Add(-14 * time.Minute), Repositories: 4, Bumps: 4, Failures: 2, Requests: 61,
			},
			Proposals: []store.Proposal{
				open, proposal("acme/web", 8, "fix(docker): pin nginx:1.27", bot.Open, 40*time.Minute, 14*time.Minute), merged,
				proposal("acme/shop", 5, "fix(docker): update python:3.12-slim", store.Ended, 200*time.Hour, 100*time.Hour),
			},
			Held:     held,
			Problems: []store.Row{private},
			Repositories: []store.Summary{
				api,
				{Name: "acme/legacy", Seen: now.Add(-14 * time.Minute), Planned: now.Add(-3 * 24 * time.Hour), Rows: 6, Error: "read the tree: 403 forbidden; grant the App access to contents"},
				{Name: "acme/shop", Seen: now.Add(-15 * time.Minute), Planned: now.Add(-15 * time.Minute), Rows: 9},
				{Name: "acme/web", Seen: now.Add(-14 * time.Minute), Planned: now.Add(-14 * time.Minute), Open: 1, Held: 1, Rows: 12},
			},
			Totals: store.Totals{Repositories: 1204, Open: 2, Held: 2, Problems: 1},
		},
		budgets: []web.Budget{
			{Reads: 31, Writes: 14, Limit: 5000, Remaining: 4955, Reset: now.Add(41 * time.Minute)},
			{Account: "acme", Reads: 812, Writes: 66, Limited: 3, Limit: 12500, Remaining: 11622, Reset: now.Add(29 * time.Minute)},
			{Account: "umbra"},
		},
		deliveries: map[string]int{"queued": 40, "dropped: another branch": 212, "dropped: our own doing": 40},
		repository: store.Repository{
			Summary: api, Proposals: []store.Proposal{open, merged}, Held: held[:1],
			Rows: []store.Row{
				private,
				row("acme/api", "docker.io/library/golang", "1.26", "Dockerfile", 1, "newest", false),
				row("acme/api", "docker.io/library/node", "18-alpine", "web/Dockerfile", 3,
					"held: end of life; 20-alpine is a major step (policy.update is patch)", false),
			},
		},
	}
}
