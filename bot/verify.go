package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/resolver"
	"github.com/basebump/basebump/scan"
)

// Named is one version of one image. The digest says which; the tag is for people.
type Named struct {
	Image  string `json:"image"`
	Tag    string `json:"tag"`
	Digest string `json:"digest"`
}

func (n Named) String() string {
	if n.Tag == "" {
		return n.Image + "@" + n.Digest
	}
	return n.Image + ":" + n.Tag
}

// Proof is what stands behind a verdict.
type Proof struct {
	From, To  resolver.Image
	Platforms []string // compared, in the order of Current and Next
	Current   []scan.Report
	Next      []scan.Report
	Diff      scan.Diff
	Verdict   scan.Verdict
}

// Compare scans two images on every platform that the first has, or on those wanted, and judges the move from one to the other.
func (p *Planner) Compare(ctx context.Context, from, to Named, wanted []string) (*Proof, error) {
	proof := &Proof{}
	var err error
	if proof.From, err = p.Resolver.Describe(ctx, from.Image, from.Digest); err != nil {
		return nil, err
	}
	if proof.To, err = p.Resolver.Describe(ctx, to.Image, to.Digest); err != nil {
		return nil, err
	}
	var lost []string
	proof.Platforms, lost = shared(proof.From, proof.To, wanted)
	if len(lost)+len(proof.Platforms) == 0 {
		return nil, &fault.Error{Op: "compare", Target: from.String(), Class: fault.Permanent, Err: errors.New("it has none of the platforms in question")}
	}
	if proof.Current, err = p.reports(ctx, from, proof.Platforms); err != nil {
		return nil, err
	}
	if proof.Next, err = p.reports(ctx, to, proof.Platforms); err != nil {
		return nil, err
	}
	proof.Diff = scan.Compare(proof.Current, proof.Next)
	first, err := p.firstSeen(ctx, to)
	if err != nil {
		return nil, err
	}
	proof.Verdict = p.Policy.Judge(scan.Evidence{Image: to.Image, Diff: proof.Diff, Lost: lost, Created: proof.To.Created, FirstSeen: first, Now: p.Now()})
	return proof, nil
}

// Reports scans every platform of an image.
func (p *Planner) Reports(ctx context.Context, image Named) ([]scan.Report, error) {
	described, err := p.Resolver.Describe(ctx, image.Image, image.Digest)
	if err != nil {
		return nil, err
	}
	platforms := make([]string, len(described.Platforms))
	for i, platform := range described.Platforms {
		platforms[i] = platform.Name
	}
	return p.reports(ctx, image, platforms)
}

func (p *Planner) reports(ctx context.Context, image Named, platforms []string) ([]scan.Report, error) {
	reports := make([]scan.Report, len(platforms))
	for i, platform := range platforms {
		var err error
		if reports[i], err = p.Scanner.Scan(ctx, scan.Target{Image: image.Image, Digest: image.Digest, Platform: platform}); err != nil {
			return nil, err
		}
	}
	return reports, nil
}

func (p *Planner) firstSeen(ctx context.Context, image Named) (time.Time, error) {
	if p.Ledger == nil {
		return time.Time{}, nil
	}
	first, err := p.Ledger.Seen(ctx, image.Image, image.Digest, p.Now())
	if err != nil {
		return time.Time{}, fmt.Errorf("look up when %s was first seen: %w", image, err)
	}
	return first, nil
}

// shared returns the platforms to compare and those that the candidate lost, of wanted, or of all when wanted is empty.
func shared(from, to resolver.Image, wanted []string) (both, lost []string) {
	for _, platform := range from.Platforms {
		switch {
		case len(wanted) > 0 && !slices.Contains(wanted, platform.Name):
		case slices.ContainsFunc(to.Platforms, func(other resolver.Platform) bool { return other.Name == platform.Name }):
			both = append(both, platform.Name)
		default:
			lost = append(lost, platform.Name)
		}
	}
	return both, lost
}
