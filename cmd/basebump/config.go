package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/basebump/basebump/config"
)

func newConfig(g *globals) *cobra.Command {
	cmd := &cobra.Command{Use: "config", Short: "Check a configuration file, print its JSON schema, or bring one over from another updater", Args: arguments(0, 0)}
	cmd.AddCommand(newConfigCheck(g), newConfigSchema(g), newConfigImport(g))
	return cmd
}

func newConfigCheck(g *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "check [FILE]",
		Short: "Check basebump.yaml, or a repository's .github/basebump.yaml",
		Args:  arguments(0, 1),
		RunE: func(_ *cobra.Command, args []string) error {
			file := g.configFile
			if len(args) > 0 {
				file = args[0]
			}
			if file == "" {
				file = config.DefaultFile
			}
			warnings, err := config.Check(file, os.Getenv)
			if err != nil {
				return usage(err)
			}
			for _, warning := range warnings {
				fmt.Fprintln(g.err, warning)
			}
			fmt.Fprintf(g.out, "%s is valid\n", file)
			return nil
		},
	}
}

func newConfigSchema(g *globals) *cobra.Command {
	var repository bool
	cmd := &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON schema of the operator's configuration, or of a repository's",
		Args:  arguments(0, 0),
		RunE: func(*cobra.Command, []string) error {
			kind := config.Operator
			if repository {
				kind = config.InRepository
			}
			_, err := g.out.Write(config.Schema(kind))
			return err
		},
	}
	cmd.Flags().BoolVar(&repository, "repository", false, "the schema of .github/basebump.yaml")
	return cmd
}
