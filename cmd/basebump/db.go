package main

import (
	"errors"
	"fmt"
	"os/exec"

	"github.com/spf13/cobra"

	"github.com/basebump/basebump/config"
	"github.com/basebump/basebump/scan/grype"
)

// newDB hands over to the scanner's own program, which alone knows its database.
func newDB(g *globals) *cobra.Command {
	cmd := &cobra.Command{Use: "db", Short: "Look after the scanner's vulnerability database", Args: arguments(0, 0)}
	cmd.AddCommand(newDBStatus(g), newDBUpdate(g), newDBImport(g), newDBBuild(g))
	return cmd
}

func newDBStatus(g *globals) *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show where the database is, how old, and what it knows",
		Args:  arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneOf("output", output, "table", "json"); err != nil {
				return err
			}
			return g.database(cmd, func(_ config.Scanner, dir string) []string {
				return []string{"status", "--db-dir", dir, "--output", output}
			})
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "table", "table or json")
	return cmd
}

func newDBUpdate(g *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "update",
		Short: "Fetch the published database, or the one at scanners[].db_url",
		Args:  arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return g.database(cmd, func(s config.Scanner, dir string) []string {
				args := []string{"update", "--db-dir", dir}
				if s.DBURL != "" {
					args = append(args, "--url", string(s.DBURL))
				}
				return args
			})
		},
	}
}

func newDBImport(g *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "import FILE",
		Short: "Install a database from a downloaded archive",
		Args:  arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return g.database(cmd, func(_ config.Scanner, dir string) []string {
				return []string{"import", "--db-dir", dir, "--", args[0]}
			})
		},
	}
}

func newDBBuild(g *globals) *cobra.Command {
	var from, to string
	cmd := &cobra.Command{
		Use:   "build --from DIR --to DIR",
		Short: "Make a database from provider folders (DIR/<provider>/results/**.json)",
		Args:  arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if from == "" || to == "" {
				return usage(errors.New("build database: give both --from and --to"))
			}
			return g.database(cmd, func(config.Scanner, string) []string {
				return []string{"build", "--from", from, "--to", to}
			})
		},
	}
	cmd.Flags().StringVar(&from, "from", "", "`DIR` with the provider folders, as Grype's own builder reads them")
	cmd.Flags().StringVar(&to, "to", "", "`DIR` to write the database to; give it as scanners[].db_dir")
	return cmd
}

// database runs one of the scanner's own commands, which are told the configured scanner and where its database lies.
func (g *globals) database(cmd *cobra.Command, args func(s config.Scanner, dir string) []string) error {
	loaded, err := g.load()
	if err != nil {
		return err
	}
	first := loaded.Scanners[0]
	if first.Type != config.Grype {
		return usage(fmt.Errorf("look after the database: scanners[0] is %s, which looks after its own", first.Type))
	}
	state, err := g.state()
	if err != nil {
		return err
	}
	run := grype.Command{Path: first.Command, Out: g.out, Err: g.err}
	err = run.Run(cmd.Context(), append([]string{"db"}, args(first, databaseDir(first, state))...)...)
	if _, told := errors.AsType[*exec.ExitError](err); told {
		return &exit{code: exitFailed}
	}
	return err
}
