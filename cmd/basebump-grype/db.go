package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/basebump/basebump/config/egress"
	"github.com/basebump/basebump/scan/grype/wire"
	"github.com/basebump/basebump/scan/grype/worker"
	"github.com/spf13/cobra"
)

// updateTimeout leaves time for some hundred megabytes over a slow line.
const updateTimeout = time.Hour

func newDB() *cobra.Command {
	c := &cobra.Command{Use: "db", Short: "Look after the vulnerability database"}
	c.AddCommand(newStatus(), newUpdate(), newImport(), newBuild())
	return c
}

func newStatus() *cobra.Command {
	var dir, output string
	c := &cobra.Command{
		Use: "status", Short: "Show where the database is, how old, and what it knows", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if output != "table" && output != "json" {
				return fmt.Errorf("--output %s: expected table or json", output)
			}
			status, err := worker.Status(dir)
			if err != nil {
				return done(err)
			}
			return done(show(c.OutOrStdout(), status, output, time.Now()))
		},
	}
	databaseFlag(c, &dir)
	c.Flags().StringVarP(&output, "output", "o", "table", "table or json")
	return c
}

func show(out io.Writer, db wire.Database, output string, now time.Time) error {
	age := now.Sub(db.Built)
	if output == "json" {
		return json.NewEncoder(out).Encode(struct {
			wire.Database
			AgeSeconds int64 `json:"age_seconds"`
		}{db, int64(age / time.Second)})
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "folder\t%s\n", db.Path)
	fmt.Fprintf(table, "built\t%s (%s ago)\n", db.Built.Format("2006-01-02 15:04 UTC"), readable(age))
	fmt.Fprintf(table, "schema\t%s\n", db.Schema)
	for _, p := range db.Providers {
		fmt.Fprintf(table, "advisories\t%s, as of %s\n", p.Name, p.Captured.Format(time.DateOnly))
	}
	return table.Flush()
}

func readable(age time.Duration) string {
	if age < time.Minute {
		return "less than a minute"
	}
	return strings.TrimSuffix(age.Round(time.Minute).String(), "0s")
}

func newUpdate() *cobra.Command {
	var dir, from string
	c := &cobra.Command{
		Use: "update", Short: "Fetch the published database when it is newer", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			client := &http.Client{Timeout: updateTimeout, Transport: egress.Transport()}
			if from != "" {
				named, err := url.Parse(from)
				if err != nil {
					return err
				}
				client.Transport = egress.Transport(named.Host) // the operator's own server may be on a private address
			}
			u := worker.Updater{Client: client, URL: cmp.Or(from, worker.PublishedURL), Dir: dir}
			built, installed, err := u.Update(c.Context())
			if err != nil {
				return done(err)
			}
			said := "installed"
			if !installed {
				said = "already there"
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "database of %s: %s\n", built.Format("2006-01-02 15:04 UTC"), said)
			return done(err)
		},
	}
	databaseFlag(c, &dir)
	c.Flags().StringVar(&from, "url", "", "`URL` of another place than Grype's own")
	return c
}

func newImport() *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use: "import FILE", Short: "Install a database from an archive or a database file", Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return done(worker.Import(args[0], dir)) },
	}
	databaseFlag(c, &dir)
	return c
}

func newBuild() *cobra.Command {
	var from, to string
	c := &cobra.Command{
		Use: "build", Short: "Make a database from provider folders, <provider>/results/**.json", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if from == "" || to == "" {
				return errors.New("give both --from and --to")
			}
			return done(worker.Build(c.Context(), from, to, time.Now()))
		},
	}
	c.Flags().StringVar(&from, "from", "", "`DIR` with the provider folders")
	c.Flags().StringVar(&to, "to", "", "`DIR` to install the database in")
	return c
}
