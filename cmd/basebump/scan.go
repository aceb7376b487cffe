package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
)

func newScan(g *globals) *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "scan IMAGE [CANDIDATE]",
		Short: "Scan one image, or judge a move from one to another",
		Args:  arguments(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf("output", output, "table", "json", "markdown", "sarif"); err != nil {
				return err
			}
			tools, err := g.tools(false)
			if err != nil {
				return err
			}
			defer tools.Close()
			images := make([]bot.Named, len(args))
			for i, arg := range args {
				if images[i], err = named(cmd.Context(), tools, arg); err != nil {
					return err
				}
			}
			if len(images) == 1 {
				reports, err := tools.reports(cmd.Context(), images[0], g.err)
				if err != nil {
					return err
				}
				return printReports(g.out, output, images[0], reports, tools.signing(cmd.Context(), images[0]))
			}
			proof, err := tools.planner().Compare(cmd.Context(), images[0], images[1], nil)
			if err != nil {
				return err
			}
			for _, other := range proof.Others {
				if other.Err != nil {
					warnUnscanned(g.err, other.Scanner, other.Err)
				}
			}
			if err := printProof(g.out, output, images, proof); err != nil {
				return err
			}
			if !proof.Verdict.Accepted {
				return &exit{code: exitNo}
			}
			return nil
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "table", "table, json, markdown or sarif (of two images, what the second has)")
	return cmd
}

// reports are those of every scanner that could scan an image. Of one that could not, but whose word is not needed, it warns.
func (t *tools) reports(ctx context.Context, image bot.Named, warnings io.Writer) ([]scan.Report, error) {
	planner := t.planner()
	surveys, err := planner.Surveys(ctx, image, nil)
	if err != nil {
		return nil, err
	}
	reports, err := planner.Agreed(surveys)
	if err != nil {
		return nil, err
	}
	for _, survey := range surveys {
		if survey.Err != nil {
			warnUnscanned(warnings, survey.Scanner, survey.Err)
		}
	}
	return reports, nil
}

// warnUnscanned tells of a scanner that could not scan, but whose word is not needed.
func warnUnscanned(w io.Writer, scanner string, err error) {
	fmt.Fprintf(w, "not scanned by %s: %s\n", scanner, clean(fault.Text(err)))
}

// named reads an image as people write it and asks its registry what the tag answers.
func named(ctx context.Context, tools *tools, arg string) (bot.Named, error) {
	image, err := parseImage(arg)
	if err != nil || image.Digest != "" {
		return image, err
	}
	image.Digest, err = tools.registry.Digest(ctx, image.Image, image.Tag)
	return image, err
}
