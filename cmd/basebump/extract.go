package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/gitrepo"
	"github.com/basebump/basebump/dockerfile"
)

func newExtract(g *globals) *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "extract [PATH]",
		Short: "List the image references found and the lines skipped, with reasons; no network",
		Args:  arguments(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf("output", output, "table", "json"); err != nil {
				return err
			}
			folder, err := openFolder(args)
			if err != nil {
				return err
			}
			defer folder.Close()
			loaded, err := g.load()
			if err != nil {
				return err
			}
			snapshot, _, err := bot.Read(cmd.Context(), folder, (&tools{config: loaded}).customize)
			if err != nil {
				return err
			}
			if output == "json" {
				return writeJSON(g.out, emptyLists(snapshot.Extraction))
			}
			extractTable(g.out, snapshot)
			return nil
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "table", "table or json")
	return cmd
}

// openFolder opens the folder that the command line names, the current one by default.
func openFolder(args []string) (*gitrepo.Folder, error) {
	path := "."
	if len(args) > 0 {
		path = args[0]
	}
	folder, err := gitrepo.Open(path)
	if err != nil {
		return nil, usage(err)
	}
	return folder, nil
}

func extractTable(w io.Writer, snapshot bot.Snapshot) {
	p := painter(w)
	var rows [][]string
	for _, r := range snapshot.References {
		name := r.Image
		if r.Tag != "" {
			name += ":" + r.Tag
		}
		if r.Digest != "" {
			name += "@" + bot.ShortDigest(r.Digest)
		}
		rows = append(rows, []string{fmt.Sprintf("%s:%d", clean(r.File), r.Line), r.Kind, clip(name)})
	}
	for _, s := range snapshot.Skipped {
		why := "skipped: " + s.Reason
		if s.Raw != "" {
			why += " (" + clip(s.Raw) + ")"
		}
		rows = append(rows, []string{fmt.Sprintf("%s:%d", clean(s.File), s.Line), s.Kind, p.in(dim, clean(why))})
	}
	writeColumns(w, rows)
	fmt.Fprintf(w, "\n  %s, %s, %d skipped\n", count(snapshot.Read, "file"), count(len(snapshot.References), "reference"), len(snapshot.Skipped))
}

// emptyLists keeps empty lists lists in JSON.
func emptyLists(e dockerfile.Extraction) dockerfile.Extraction {
	if e.References == nil {
		e.References = []dockerfile.Reference{}
	}
	if e.Skipped == nil {
		e.Skipped = []dockerfile.Skipped{}
	}
	return e
}

// writeJSON writes a value for programs and for people who look at it.
func writeJSON(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}
