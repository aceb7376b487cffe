package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/config/fault"
)

func newRun(g *globals) *cobra.Command {
	var repos []string
	var dryRun bool
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Run one cycle over the watched repositories, then exit",
		Args:  arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			service, err := g.service(cmd.Context(), repos)
			if err != nil {
				return err
			}
			defer service.Close()
			cycle := service.cycle()
			if dryRun {
				cycle.Forge = nil
			}
			if len(repos) > 0 {
				cycle.Planned = nil // who names a repository wants it looked at now
			}
			cycle.Report = func(result bot.Result) { printResult(g.out, result) }
			results, err := cycle.Run(cmd.Context())
			if err == nil {
				for _, result := range missing(repos, results) {
					cycle.Report(result)
					results = append(results, result)
				}
			}
			return summarize(g.out, results, err)
		},
	}
	cmd.Flags().StringArrayVar(&repos, "repo", nil, "only this repository, `OWNER/NAME`; may be repeated")
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "plan only: open, change and close nothing")
	return cmd
}

// missing are the named repositories that were not found: a wrong name must not look like a repository at rest.
func missing(names []string, results []bot.Result) []bot.Result {
	var failed []bot.Result
	for _, name := range names {
		if slices.ContainsFunc(results, func(r bot.Result) bool { return strings.EqualFold(r.Repository.String(), name) }) {
			continue
		}
		owner, rest, _ := strings.Cut(name, "/")
		failed = append(failed, bot.Result{Repository: bot.Repository{Owner: owner, Name: rest}, Err: &fault.Error{
			Op: "find", Target: name, Class: fault.NotFound, Err: errors.New("it is not among the repositories that may be changed here"),
			Hint: "check its name as OWNER/NAME and that the App is installed there; archived and empty ones are left out",
		}})
	}
	return failed
}

// printResult says what became of one repository.
func printResult(w io.Writer, result bot.Result) {
	p := painter(w)
	name := result.Repository.String()
	var rows [][]string
	if !result.Due.IsZero() {
		writeColumns(w, [][]string{{p.in(dim, "·") + " " + name, "not due", "until " + result.Due.UTC().Format("2006-01-02 15:04 UTC") + ", by its own schedule"}})
		return
	}
	for _, o := range result.Outcomes {
		rows = append(rows, []string{p.in(outcomeColor(o.Action), "▲") + " " + name, string(o.Action), clean(outcomeText(o))})
	}
	if result.Outcomes == nil && result.Err == nil {
		for _, b := range result.Plan.Bumps {
			rows = append(rows, []string{p.in(green, "▲") + " " + name, "would propose", clean(bot.Title([]bot.Bump{b}))})
		}
	}
	for _, u := range result.Plan.Unchanged {
		if u.Failed {
			rows = append(rows, []string{p.in(red, "!") + " " + name, "not checked", clean(fmt.Sprintf("%s:%d %s", u.File, u.Line, u.Reason))})
		}
	}
	if result.Err != nil {
		rows = append(rows, []string{p.in(red, "!") + " " + name, "failed", clean(fault.Text(result.Err))})
	}
	if len(rows) == 0 {
		rows = append(rows, []string{p.in(dim, "·") + " " + name, "nothing to change"})
	}
	writeColumns(w, rows)
}

func outcomeColor(action bot.Action) string {
	switch action {
	case bot.Opened, bot.Refreshed, bot.Rebased, bot.Landed:
		return green
	case bot.Waiting, bot.Held, bot.Frozen, bot.Taken, bot.Declined, bot.Kept, bot.Spared, bot.Yielded:
		return yellow
	}
	return dim
}

func outcomeText(o bot.Outcome) string {
	text := o.Title
	if o.Proposal.Number != 0 {
		text = fmt.Sprintf("#%d %s", o.Proposal.Number, text)
	}
	if o.Reason != "" {
		text += ": " + o.Reason
	}
	if o.Proposal.URL != "" {
		text += "  " + o.Proposal.URL
	}
	return text
}

// summarize closes a run with one line and turns failures, which have been printed already, into the exit code.
func summarize(w io.Writer, results []bot.Result, err error) error {
	actions := map[bot.Action]int{}
	failed := 0
	for _, result := range results {
		for _, o := range result.Outcomes {
			actions[o.Action]++
		}
		if result.Err != nil || result.Plan.Failed() {
			failed++
		}
	}
	if err != nil && failed == 0 {
		return err
	}
	fmt.Fprintf(w, "\n  %s: %d opened, %d refreshed, %d up to date, %d waiting or held by a person; %d with failures\n",
		repositories(len(results)), actions[bot.Opened], actions[bot.Refreshed]+actions[bot.Rebased], actions[bot.Current],
		actions[bot.Waiting]+actions[bot.Held]+actions[bot.Frozen]+actions[bot.Taken]+actions[bot.Declined]+actions[bot.Yielded], failed)
	if failed > 0 {
		return &exit{code: exitFailed}
	}
	return nil
}

func repositories(n int) string {
	if n == 1 {
		return "1 repository"
	}
	return fmt.Sprintf("%d repositories", n)
}
