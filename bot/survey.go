package bot

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/basebump/basebump/resolver"
	"github.com/basebump/basebump/scan"
)

// Scanner is one of the scanners that look at every image.
type Scanner struct {
	Name string // for people: "grype"
	scan.Scanner
}

// Survey is what one scanner finds in one image, or why it could not look.
type Survey struct {
	Scanner string
	Reports []scan.Report // one for each platform in question
	Err     error
}

// Surveys asks every scanner, side by side, about every platform of an image, or about those wanted of them. What one scanner cannot do
// stands in its survey; the error is that the image is not known.
func (p *Planner) Surveys(ctx context.Context, image Named, wanted []string) ([]Survey, error) {
	described, err := p.Resolver.Describe(ctx, image.Image, image.Digest)
	if err != nil {
		return nil, err
	}
	platforms := slices.DeleteFunc(slices.Clone(described.Platforms), func(platform resolver.Platform) bool {
		return len(wanted) > 0 && !slices.ContainsFunc(wanted, platform.Answers)
	})
	if len(platforms) == 0 {
		return nil, noPlatform("scan", image)
	}
	documents, err := p.documents(ctx, image)
	if err != nil {
		return nil, err
	}
	return sideBySide(p.Scanners, func(s Scanner) Survey {
		reports, err := s.each(ctx, image, platforms)
		return Survey{Scanner: s.Name, Reports: setAside(documents, image, reports), Err: err}
	}), nil
}

// Agreed are the reports of all scanners that could look, if those could whose word is needed; see scan.Agreement.
func (p *Planner) Agreed(surveys []Survey) ([]scan.Report, error) {
	opinions := make([]scan.Opinion, len(surveys))
	for i, survey := range surveys {
		opinions[i] = scan.Opinion{Accepted: true, Err: survey.Err}
	}
	if i, err := p.Policy.Agreement.Settle(opinions); err != nil {
		return nil, p.by(surveys[i].Scanner, err)
	}
	return AllReports(surveys), nil
}

// AllReports are those of every scanner, in the order of the surveys.
func AllReports(surveys []Survey) []scan.Report {
	var reports []scan.Report
	for _, survey := range surveys {
		reports = append(reports, survey.Reports...)
	}
	return reports
}

// by says whose error it is, where there are several scanners.
func (p *Planner) by(scanner string, err error) error {
	if len(p.Scanners) < 2 {
		return err
	}
	return fmt.Errorf("%s: %w", scanner, err)
}

// sideBySide returns what ask makes of each scanner, in their order.
func sideBySide[T any](scanners []Scanner, ask func(Scanner) T) []T {
	answers := make([]T, len(scanners))
	var group errgroup.Group
	for i, scanner := range scanners {
		group.Go(func() error {
			answers[i] = ask(scanner)
			return nil
		})
	}
	_ = group.Wait() // the goroutines return none: each answer carries its own error
	return answers
}

// each scans platforms one after the other.
func (s Scanner) each(ctx context.Context, image Named, platforms []resolver.Platform) ([]scan.Report, error) {
	reports := make([]scan.Report, len(platforms))
	for i, platform := range platforms {
		var err error
		if reports[i], err = s.platform(ctx, image, platform); err != nil {
			return nil, err
		}
	}
	return reports, nil
}

// platform asks for the platform's own manifest: indexes that differ elsewhere share its report.
func (s Scanner) platform(ctx context.Context, image Named, platform resolver.Platform) (scan.Report, error) {
	return s.Scan(ctx, scan.Target{Image: image.Image, Index: image.Digest, Digest: platform.Digest, Platform: platform.Name})
}
