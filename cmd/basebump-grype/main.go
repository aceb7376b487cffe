// Command basebump-grype is basebump's default scanner, and what verifies signatures for it, in a process of its own. basebump starts it and
// hands over `basebump db` to it.
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
	"github.com/basebump/basebump/scan/signature/verifier"
	"github.com/spf13/cobra"
)

// Exit codes are those of basebump.
const (
	exitUsage  = 2
	exitFailed = 3
)

// failure is an error of the work; every other one is of the command line.
type failure struct{ error }

func (f failure) Unwrap() error { return f.error }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := command().ExecuteContext(ctx)
	stop()
	os.Exit(report(err))
}

func report(err error) int {
	if err == nil {
		return 0
	}
	fmt.Fprintln(os.Stderr, "basebump-grype:", fault.Text(err))
	if _, ok := err.(failure); ok {
		return exitFailed
	}
	return exitUsage
}

func command() *cobra.Command {
	root := &cobra.Command{
		Use: "basebump-grype", Short: "Scan images for basebump, and look after the vulnerability database",
		SilenceUsage: true, SilenceErrors: true,
	}
	root.AddCommand(newServe(), newVerify(), newDB(), newVersion())
	return root
}

func newServe() *cobra.Command {
	var dir string
	var timeout time.Duration
	c := &cobra.Command{
		Use: "serve", Short: "Answer jobs from standard input, one JSON value a line", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return done(worker.Serve(c.Context(), dir, timeout, c.InOrStdin(), c.OutOrStdout()))
		},
	}
	databaseFlag(c, &dir)
	c.Flags().DurationVar(&timeout, "timeout", 10*time.Minute, "`TIME` for one scan")
	return c
}

func newVerify() *cobra.Command {
	return &cobra.Command{
		Use: "verify", Short: "Verify signatures: one question from standard input, its results to standard output, JSON", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return done(verifier.Answer(c.Context(), c.InOrStdin(), c.OutOrStdout()))
		},
	}
}

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the scanner's version", Args: cobra.NoArgs,
		Run: func(c *cobra.Command, _ []string) {
			tool := worker.Tool()
			fmt.Fprintln(c.OutOrStdout(), tool.Name, tool.Version)
		},
	}
}

func databaseFlag(c *cobra.Command, dir *string) {
	c.Flags().StringVar(dir, "db-dir", "", "`DIR` of the vulnerability database")
	if err := c.MarkFlagRequired("db-dir"); err != nil {
		panic(err) // the flag is there
	}
}

func done(err error) error {
	if err == nil {
		return nil
	}
	return failure{err}
}
