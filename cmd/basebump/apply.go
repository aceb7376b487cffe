package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"github.com/basebump/basebump/bot"
)

func newApply(g *globals) *cobra.Command {
	var noScan bool
	cmd := &cobra.Command{
		Use:   "apply [PATH]",
		Short: "Do what plan shows: write the bumps into the files",
		Args:  arguments(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			local, err := g.planFolder(cmd.Context(), args, noScan)
			if err != nil {
				return err
			}
			defer local.Close()
			files, _ := bot.Rewrite(local.snapshot, local.plan.Bumps)
			var failures []error
			for _, path := range slices.Sorted(maps.Keys(files)) {
				if err := local.folder.WriteFile(path, local.snapshot.Files[path], files[path]); err != nil {
					failures = append(failures, err)
					continue
				}
				fmt.Fprintln(g.out, "wrote", clean(path))
			}
			if len(files) == 0 {
				fmt.Fprintln(g.out, "Nothing to change.")
			}
			if err := errors.Join(failures...); err != nil {
				return err
			}
			if local.plan.Failed() {
				fmt.Fprintln(g.err, "Some references could not be checked; `basebump plan` says which and why.")
			}
			return verdictOf(local.plan, false)
		},
	}
	cmd.Flags().BoolVar(&noScan, "no-scan", false, "do not verify candidates by scanning")
	return cmd
}
