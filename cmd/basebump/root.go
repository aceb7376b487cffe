package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
)

type streams struct {
	in       io.Reader
	out, err io.Writer
}

// globals are the flags that every subcommand has.
type globals struct {
	streams
	configFile string
	logLevel   string
	logFormat  string
	stateDir   string
	noProgress bool
}

func newRoot(io streams) *cobra.Command {
	g := &globals{streams: io}
	root := &cobra.Command{
		Use:           "basebump",
		Short:         "Keep base images patched: find, resolve, verify by scanning, open pull requests",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          unknownCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		PersistentPreRunE: func(*cobra.Command, []string) error {
			_, err := g.logger() // a misspelt flag is told before any work
			return err
		},
	}
	root.SetIn(io.in)
	root.SetOut(io.out)
	root.SetErr(io.err)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usage(fmt.Errorf("%w; see `%s --help`", err, cmd.CommandPath()))
	})
	flags := root.PersistentFlags()
	flags.StringVar(&g.configFile, "config", "", "configuration `FILE` (default: basebump.yaml, if present)")
	flags.StringVar(&g.logLevel, "log-level", "info", "debug, info, warn or error")
	flags.StringVar(&g.logFormat, "log-format", "text", "text or json")
	flags.StringVar(&g.stateDir, "state-dir", "", "`DIR` for the vulnerability database and caches (default: the user's cache folder)")
	flags.BoolVar(&g.noProgress, "no-progress", false, "no progress line on a terminal")
	root.AddCommand(
		newPlan(g), newApply(g), newExtract(g), newScan(g), newGate(g), newRun(g), newServe(g), newDemo(g),
		newInit(g), newDB(g), newConfig(g), newVersion(g),
	)
	return root
}

// logger writes to standard error, so that results stay alone on standard output.
func (g *globals) logger() (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(g.logLevel)); err != nil {
		return nil, usage(fmt.Errorf("--log-level %q: one of debug, info, warn, error", g.logLevel))
	}
	options := &slog.HandlerOptions{Level: level}
	switch g.logFormat {
	case "text":
		return slog.New(slog.NewTextHandler(g.err, options)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(g.err, options)), nil
	}
	return nil, usage(fmt.Errorf("--log-format %q: one of text, json", g.logFormat))
}

// state is the folder for what outlives a run.
func (g *globals) state() (string, error) {
	if g.stateDir != "" {
		return filepath.Abs(g.stateDir)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", usage(fmt.Errorf("find the cache folder: %w; give --state-dir", err))
	}
	return filepath.Join(cache, "basebump"), nil
}

// unknownCommand takes what is no subcommand for a misspelt one.
func unknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	hint := fmt.Sprintf("see `%s --help`", cmd.CommandPath())
	cmd.SuggestionsMinimumDistance = 2
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		hint = fmt.Sprintf("did you mean %q?", near[0])
	}
	return usage(fmt.Errorf("unknown command %q; %s", args[0], hint))
}

// arguments is cobra's check of the number of arguments with our exit code.
func arguments(least, most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := cobra.RangeArgs(least, most)(cmd, args); err != nil {
			return usage(fmt.Errorf("%w; see `%s --help`", err, cmd.CommandPath()))
		}
		return nil
	}
}

// oneOf checks the value of an --output flag.
func oneOf(flag, value string, known ...string) error {
	for _, k := range known {
		if value == k {
			return nil
		}
	}
	return usage(fmt.Errorf("--%s %q: one of %s", flag, value, strings.Join(known, ", ")))
}
