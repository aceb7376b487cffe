package signature

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"github.com/basebump/basebump/scan"
)

// What BuildKit writes into an index beside the images.
const (
	buildKitType      = "vnd.docker.reference.type"
	buildKitDigest    = "vnd.docker.reference.digest"
	buildKitManifest  = "attestation-manifest"
	buildKitPredicate = "in-toto.io/predicate-type"
	inTotoType        = "application/vnd.in-toto+json"

	// buildKitSBOM names the bill of the image itself, among those of the stages that it was built from.
	buildKitSBOM = "sbom"
)

// attachedSBOM reads what BuildKit put beside the platform's manifest. A bill that is not about that manifest is none, and of several that
// are, only the one of the image itself.
func (c *Checker) attachedSBOM(ctx context.Context, image, index string, platform v1.Hash) (*scan.SBOM, error) {
	l := c.look(image, platform)
	top, err := l.manifest(ctx, index)
	if err != nil || top == nil {
		return nil, err
	}
	beside := slices.IndexFunc(top.Manifests, func(d v1.Descriptor) bool {
		return d.Annotations[buildKitType] == buildKitManifest && d.Annotations[buildKitDigest] == platform.String()
	})
	if beside < 0 {
		return nil, nil
	}
	a, err := l.manifest(ctx, top.Manifests[beside].Digest.String())
	if err != nil || a == nil {
		return nil, err
	}
	var bills []*scan.SBOM
	for _, layer := range a.Layers {
		if string(layer.MediaType) != inTotoType || formatOf(layer.Annotations[buildKitPredicate]) == "" || layer.Size > scan.MaxSBOM || !l.take() {
			continue
		}
		said, err := l.unsigned(ctx, layer)
		if err != nil {
			return nil, err
		}
		if said == nil || !said.about(platform) {
			continue
		}
		if bill := billOf(said); bill != nil {
			if nameOf(bill) == buildKitSBOM {
				return bill, nil
			}
			bills = append(bills, bill)
		}
	}
	if len(bills) != 1 {
		return nil, nil
	}
	return bills[0], nil
}

func (l *look) manifest(ctx context.Context, digest string) (*attachment, error) {
	raw, err := l.registry.Manifest(ctx, l.image, digest)
	if err != nil {
		return nil, l.excuse(err)
	}
	var a attachment
	if err := json.Unmarshal(raw, &a); err != nil {
		l.flaw(errors.New("what is attached cannot be read"))
		return nil, nil
	}
	return &a, nil
}

func (l *look) unsigned(ctx context.Context, layer v1.Descriptor) (*Statement, error) {
	data, err := l.registry.Blob(ctx, l.image, layer)
	if err != nil {
		return nil, l.excuse(err)
	}
	var s Statement
	if err := json.Unmarshal(data, &s); err != nil {
		l.flaw(errors.New("what is attached cannot be read"))
		return nil, nil
	}
	return &s, nil
}

// nameOf is what a bill of materials in SPDX calls itself.
func nameOf(bill *scan.SBOM) string {
	var document struct {
		Name string `json:"name"`
	}
	_ = json.Unmarshal(bill.Data, &document) // one without a name has none
	return document.Name
}
