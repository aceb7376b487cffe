package main

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"time"

	"github.com/distribution/reference"
	"github.com/spf13/cobra"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/gitrepo"
	"github.com/basebump/basebump/dockerfile"
	"github.com/basebump/basebump/scan"
)

const gateHelp = `Scan what is in use today and answer whether it may go on.

A PATH is a folder: every image that its files name is scanned, on every platform that it may run on; what an unpinned reference uses is
what its tag answers now. Anything else is an IMAGE. The folder's own .github/basebump.yaml, "basebump: ignore" comments, the ignored
vulnerabilities and the VEX documents of the configuration are heeded; among several scanners, policy.agreement says whose answer counts.
Lines that name no readable image are counted, and do not fail the gate.

Exit: 0 nothing at or above --fail-on; 1 something is, whatever else could not be scanned; 3 nothing is, but not everything could be
scanned; 2 wrong use or configuration.`

func newGate(g *globals) *cobra.Command {
	var failOn, sarifFile, output string
	cmd := &cobra.Command{
		Use:   "gate [PATH|IMAGE]...",
		Short: "Fail when an image in use has vulnerabilities of a severity or above; for CI",
		Long:  gateHelp,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf("output", output, "table", "json", "markdown"); err != nil {
				return err
			}
			threshold, err := scan.ParseSeverity(failOn)
			if err != nil {
				return usage(fmt.Errorf("--fail-on: %w", err))
			}
			targets, err := gateTargets(args)
			if err != nil {
				return err
			}
			tools, err := g.tools(false)
			if err != nil {
				return err
			}
			defer tools.Close()
			result, err := tools.gate(cmd.Context(), targets, threshold)
			if err != nil {
				return err
			}
			if err := g.printGate(result, output, sarifFile); err != nil {
				return err
			}
			return result.exit()
		},
	}
	cmd.Flags().StringVar(&failOn, "fail-on", scan.High.String(), "`SEVERITY` from which a vulnerability fails the gate: critical, high, medium, low, negligible or unknown")
	cmd.Flags().StringVar(&sarifFile, "sarif", "", "write SARIF 2.1.0 to `FILE`; - is standard output, and the rest goes to standard error")
	cmd.Flags().StringVarP(&output, "output", "o", "table", "table, json or markdown")
	return cmd
}

// gateTarget is one argument: a folder, or an image.
type gateTarget struct {
	folder string
	image  dockerfile.Reference // where folder is empty
}

// gateTargets tells folders from images: what exists is a folder.
func gateTargets(args []string) ([]gateTarget, error) {
	if len(args) == 0 {
		args = []string{"."}
	}
	targets := make([]gateTarget, len(args))
	for i, arg := range args {
		if _, err := os.Stat(arg); err == nil {
			targets[i].folder = arg
			continue
		}
		image, err := parseImage(arg)
		if err != nil {
			return nil, usage(fmt.Errorf("gate %s: it is neither a folder nor an image", clean(arg)))
		}
		targets[i].image = dockerfile.Reference{Image: image.Image, Tag: image.Tag, Digest: image.Digest}
	}
	return targets, nil
}

// parseImage reads an image as people write it. Without a digest it has a tag.
func parseImage(arg string) (bot.Named, error) {
	parsed, err := reference.ParseDockerRef(arg)
	if err != nil {
		return bot.Named{}, usage(fmt.Errorf("read image %q: %w", arg, err))
	}
	image := bot.Named{Image: parsed.Name()}
	if digested, ok := parsed.(reference.Digested); ok {
		image.Digest = digested.Digest().String()
	} else if tagged, ok := parsed.(reference.Tagged); ok {
		image.Tag = tagged.Tag()
	}
	return image, nil
}

// gate scans the targets and judges what they use.
func (t *tools) gate(ctx context.Context, targets []gateTarget, failOn scan.Severity) (gated, error) {
	result := gated{FailOn: failOn, Images: []gatedImage{}, Skipped: []dockerfile.Skipped{}}
	planner := t.planner()
	for _, target := range targets {
		inventory, err := t.inventory(ctx, planner, target)
		if err != nil {
			return gated{}, err
		}
		result.add(inventory, time.Now())
	}
	result.settle()
	return result, nil
}

func (t *tools) inventory(ctx context.Context, planner *bot.Planner, target gateTarget) (bot.Inventory, error) {
	if target.folder == "" {
		images, err := planner.InUse(ctx, []dockerfile.Reference{target.image})
		return bot.Inventory{Images: images, Policy: planner.Policy}, err
	}
	folder, err := gitrepo.Open(target.folder)
	if err != nil {
		return bot.Inventory{}, usage(err)
	}
	defer folder.Close()
	inventory, err := bot.TakeInventory(ctx, folder, planner, t.customize)
	if err != nil {
		return bot.Inventory{}, err
	}
	parent, err := fromHere(target.folder)
	if err != nil {
		return bot.Inventory{}, err
	}
	for _, image := range inventory.Images {
		for i := range image.Files {
			image.Files[i].File = path.Join(parent, image.Files[i].File)
		}
	}
	for i := range inventory.Skipped {
		inventory.Skipped[i].File = path.Join(parent, inventory.Skipped[i].File)
	}
	return inventory, nil
}

// fromHere is the way from the current folder to one below it. It is empty for others: their files are named from there.
func fromHere(folder string) (string, error) {
	full, err := filepath.Abs(folder)
	if err != nil {
		return "", fmt.Errorf("find folder %s: %w", folder, err)
	}
	here, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the current folder: %w", err)
	}
	way, err := filepath.Rel(here, full)
	if err != nil || !filepath.IsLocal(way) {
		return "", nil
	}
	return filepath.ToSlash(way), nil
}

// exit is the gate's answer for CI.
func (g gated) exit() error {
	switch g.Answer {
	case gateFailed:
		return &exit{code: exitNo}
	case gateUnscanned:
		return &exit{code: exitFailed}
	}
	return nil
}
