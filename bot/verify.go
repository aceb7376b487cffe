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
	Signature string // who signed the second, or what is lacking, in words; empty where that plays no part
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
	pairs, lost := shared(proof.From, proof.To, wanted)
	if len(lost)+len(pairs) == 0 {
		return nil, noPlatform("compare", from)
	}
	for _, pair := range pairs {
		current, err := p.scan(ctx, from.Image, pair[0])
		if err != nil {
			return nil, err
		}
		next, err := p.scan(ctx, to.Image, pair[1])
		if err != nil {
			return nil, err
		}
		next.Platform = current.Platform // reports are compared by name, and a Windows build's revision is in it
		proof.Platforms = append(proof.Platforms, pair[0].Name)
		proof.Current, proof.Next = append(proof.Current, current), append(proof.Next, next)
	}
	proof.Diff = scan.Compare(proof.Current, proof.Next)
	first, err := p.firstSeen(ctx, to)
	if err != nil {
		return nil, err
	}
	proof.Verdict = p.Policy.Judge(scan.Evidence{
		Image: to.Image, Diff: proof.Diff, Lost: lost, Blank: scan.Blank(proof.Current, proof.Next),
		Created: proof.To.Created, FirstSeen: first, Now: p.Now(),
	})
	return proof, p.askSignatures(ctx, from, to, proof)
}

// Reports scans every platform of an image, or those wanted of them.
func (p *Planner) Reports(ctx context.Context, image Named, wanted []string) ([]scan.Report, error) {
	described, err := p.Resolver.Describe(ctx, image.Image, image.Digest)
	if err != nil {
		return nil, err
	}
	var reports []scan.Report
	for _, platform := range described.Platforms {
		if len(wanted) > 0 && !slices.ContainsFunc(wanted, platform.Answers) {
			continue
		}
		report, err := p.scan(ctx, image.Image, platform)
		if err != nil {
			return nil, err
		}
		reports = append(reports, report)
	}
	if len(reports) == 0 {
		return nil, noPlatform("scan", image)
	}
	return reports, nil
}

func noPlatform(op string, image Named) error {
	return &fault.Error{Op: op, Target: image.String(), Class: fault.Permanent, Err: errors.New("it has none of the platforms in question")}
}

// scan asks for the platform's own manifest: indexes that differ elsewhere share its report.
func (p *Planner) scan(ctx context.Context, image string, platform resolver.Platform) (scan.Report, error) {
	return p.Scanner.Scan(ctx, scan.Target{Image: image, Digest: platform.Digest, Platform: platform.Name})
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

// shared pairs the platforms of both images, of wanted, or all when wanted is empty, and names those that the second lost.
func shared(from, to resolver.Image, wanted []string) (pairs [][2]resolver.Platform, lost []string) {
	for _, platform := range from.Platforms {
		if len(wanted) > 0 && !slices.ContainsFunc(wanted, platform.Answers) {
			continue
		}
		other, ok := answering(to, platform.Name)
		if !ok {
			lost = append(lost, platform.Name)
			continue
		}
		pairs = append(pairs, [2]resolver.Platform{platform, other})
	}
	return pairs, lost
}
