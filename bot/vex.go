package bot

import (
	"context"
	"fmt"

	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/vex"
)

// VEX finds the OpenVEX documents that somebody who is trusted to speak of an image has attached to it.
type VEX interface {
	// VEX returns the documents as they were signed, unverified ones left out. An error means that this could not be found out.
	VEX(ctx context.Context, image, digest string) ([][]byte, error)
}

// documents are those of the policy, and those attached to the image, which are asked about no other.
func (p *Planner) documents(ctx context.Context, image Named) (vex.Documents, error) {
	documents := p.Policy.VEX
	if p.VEX == nil {
		return documents, nil
	}
	attached, err := p.VEX.VEX(ctx, image.Image, image.Digest)
	if err != nil {
		return nil, fmt.Errorf("look for VEX documents of %s: %w", image, err)
	}
	for _, data := range attached {
		document, err := vex.Parse("attached to "+image.String(), data)
		if err != nil {
			continue // who cannot be understood sets nothing aside
		}
		documents = append(documents[:len(documents):len(documents)], document)
	}
	return documents, nil
}

// setAside applies documents to the reports of one image.
func setAside(documents vex.Documents, image Named, reports []scan.Report) []scan.Report {
	applied := make([]scan.Report, len(reports))
	for i, report := range reports {
		subject := vex.Subject{Image: image.Image, Tag: image.Tag, Digests: []string{image.Digest, report.Digest}}
		applied[i] = documents.Apply(subject, report)
	}
	return applied
}
