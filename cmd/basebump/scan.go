package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/basebump/basebump/bot"
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
				reports, err := tools.planner().Reports(cmd.Context(), images[0], nil)
				if err != nil {
					return err
				}
				return printReports(g.out, output, images[0], reports, tools.signing(cmd.Context(), images[0]))
			}
			proof, err := tools.planner().Compare(cmd.Context(), images[0], images[1], nil)
			if err != nil {
				return err
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

// named reads an image as people write it and asks its registry what the tag answers.
func named(ctx context.Context, tools *tools, arg string) (bot.Named, error) {
	image, err := parseImage(arg)
	if err != nil || image.Digest != "" {
		return image, err
	}
	image.Digest, err = tools.registry.Digest(ctx, image.Image, image.Tag)
	return image, err
}
