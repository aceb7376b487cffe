package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"github.com/basebump/basebump/bot"
)

func newPlan(g *globals) *cobra.Command {
	var output string
	var noScan, exitCode bool
	cmd := &cobra.Command{
		Use:   "plan [PATH]",
		Short: "Show what would change in a local folder, what it fixes, and why everything else stays; writes nothing",
		Args:  arguments(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf("output", output, "table", "json", "markdown", "diff"); err != nil {
				return err
			}
			began := time.Now()
			local, err := g.planFolder(cmd.Context(), args, noScan)
			if err != nil {
				return err
			}
			defer local.Close()
			if err := local.print(g.out, output, time.Since(began)); err != nil {
				return err
			}
			return verdictOf(local.plan, exitCode)
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "table", "table, json, markdown or diff")
	cmd.Flags().BoolVar(&noScan, "no-scan", false, "do not verify candidates by scanning")
	cmd.Flags().BoolVar(&exitCode, "exit-code", false, "exit 1 when there is something to change")
	return cmd
}

func (l *localPlan) print(w io.Writer, output string, took time.Duration) error {
	switch output {
	case "json":
		return writeJSON(w, l.plan)
	case "markdown":
		if len(l.plan.Bumps) == 0 {
			_, err := fmt.Fprintln(w, "Nothing to change.")
			return err
		}
		_, err := fmt.Fprint(w, bot.Body(l.plan.Bumps))
		return err
	case "diff":
		files, _ := bot.Rewrite(l.snapshot, l.plan.Bumps)
		return writeDiff(w, l.snapshot.Files, files)
	}
	planTable(w, l.snapshot, l.plan, took)
	return nil
}

// writeDiff writes a unified diff that `git apply` takes.
func writeDiff(w io.Writer, before, after map[string][]byte) error {
	for _, path := range slices.Sorted(maps.Keys(after)) {
		if _, err := w.Write(diff.Diff("a/"+path, before[path], "b/"+path, after[path])); err != nil {
			return err
		}
	}
	return nil
}

// verdictOf turns a plan into an exit code: 3 when something could not be done, 1 when asked and something is to be done.
func verdictOf(plan bot.Plan, exitCode bool) error {
	switch {
	case plan.Failed():
		return &exit{code: exitFailed}
	case exitCode && len(plan.Bumps) > 0:
		return &exit{code: exitNo}
	}
	return nil
}
