// Command basebump-grype is basebump's default scanner, in a process of its own. basebump starts it; by hand it serves to look after the
// vulnerability database.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan/grype/worker"
	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := command().ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "basebump-grype:", fault.Text(err))
		os.Exit(3)
	}
}

func command() *cobra.Command {
	root := &cobra.Command{
		Use: "basebump-grype", Short: "Scan images for basebump, and look after the vulnerability database",
		SilenceUsage: true, SilenceErrors: true,
	}
	root.AddCommand(serve(), database())
	return root
}

func serve() *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use: "serve", Short: "Answer jobs from standard input, JSON a line", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return worker.Serve(c.Context(), dir, c.InOrStdin(), c.OutOrStdout())
		},
	}
	c.Flags().StringVar(&dir, "db-dir", "", "folder of the vulnerability database")
	return c
}

func database() *cobra.Command {
	c := &cobra.Command{Use: "db", Short: "Look after the vulnerability database"}
	c.AddCommand(buildDatabase())
	return c
}

func buildDatabase() *cobra.Command {
	var from, to string
	c := &cobra.Command{
		Use: "build", Short: "Make a database from provider folders", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return worker.Build(c.Context(), from, to, time.Now())
		},
	}
	c.Flags().StringVar(&from, "from", "", "folder with <provider>/results/**.json")
	c.Flags().StringVar(&to, "to", "", "folder to install the database in")
	return c
}
