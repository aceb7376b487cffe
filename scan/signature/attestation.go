package signature

import (
	"context"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"github.com/basebump/basebump/scan"
)

// Predicate types.
const (
	spdxPredicate      = "https://spdx.dev/Document" // a version may follow
	cycloneDXPredicate = "https://cyclonedx.org/bom" // likewise
	openVEXPredicate   = "https://openvex.dev/ns"    // likewise
)

// SBOM returns a bill of materials of one platform's manifest in an image; nil where there is none that is trusted. The index is the
// digest that lists the platform's, or the same. Trusted is one whose signer is trusted to speak of the image and, where attached is
// allowed, one that BuildKit put into the index: what that says is as true as the rest of the index is. An error means that this could not
// be found out, not that there is none.
func (c *Checker) SBOM(ctx context.Context, image, index, platform string) (*scan.SBOM, error) {
	if bill, ok := c.kept.bill(image, platform); ok {
		return bill, nil
	}
	hash, err := hashOf(platform)
	if err != nil {
		return nil, err
	}
	bill, err := c.signedSBOM(ctx, image, hash)
	if err == nil && bill == nil && c.options.Attached && index != platform {
		bill, err = c.attachedSBOM(ctx, image, index, hash)
	}
	if err == nil {
		c.kept.keepBill(image, platform, bill)
	}
	return bill, err
}

func (c *Checker) signedSBOM(ctx context.Context, image string, platform v1.Hash) (*scan.SBOM, error) {
	said, err := c.statements(ctx, image, platform, scan.MaxSBOM, func(predicate string) bool { return formatOf(predicate) != "" })
	for _, s := range said {
		if bill := billOf(s); bill != nil {
			return bill, err
		}
	}
	return nil, err
}

// maxVEX bounds one OpenVEX document with its envelope, in bytes.
const maxVEX = 4 << 20

// VEX returns the OpenVEX documents that whoever is trusted to speak of an image attested to its digest.
func (c *Checker) VEX(ctx context.Context, image, digest string) ([][]byte, error) {
	if documents, ok := c.kept.vex(image, digest); ok {
		return documents, nil
	}
	hash, err := hashOf(digest)
	if err != nil {
		return nil, err
	}
	said, err := c.statements(ctx, image, hash, maxVEX, func(predicate string) bool { return strings.HasPrefix(predicate, openVEXPredicate) })
	if err != nil {
		return nil, err
	}
	var documents [][]byte
	for _, s := range said {
		documents = append(documents, s.Predicate)
	}
	c.kept.keepVEX(image, digest, documents)
	return documents, nil
}

// statements returns what trusted signers say of a digest, of the kinds that are wanted. Nothing is asked where nobody is trusted.
func (c *Checker) statements(ctx context.Context, image string, digest v1.Hash, limit int64, want func(string) bool) ([]*Statement, error) {
	l := c.look(image, digest)
	if c.options.Asks == nil || !c.options.Asks(image) || l.blind() {
		return nil, nil
	}
	claims, err := l.attestations(ctx, limit, want)
	if err != nil {
		return nil, err
	}
	results, err := l.verify(ctx, claims, true)
	if err != nil {
		return nil, err
	}
	var said []*Statement
	for _, r := range results {
		if r.Flaw == "" && want(r.PredicateType) && c.options.Trusted(image, r.Signer) {
			said = append(said, &Statement{PredicateType: r.PredicateType, Predicate: r.Predicate})
		}
	}
	return said, nil
}

// attestations reads what may be attestations of the kinds that are wanted. One that does not tell its kind beforehand is read, too.
func (l *look) attestations(ctx context.Context, limit int64, want func(predicate string) bool) ([]Claim, error) {
	maybe := func(predicate string) bool { return predicate == "" || want(predicate) }
	referrers, err := l.referrers(ctx)
	if err != nil {
		return nil, err
	}
	var claims []Claim
	add := func(a *attachment) error {
		some, err := l.layers(ctx, a, func(layer v1.Descriptor) bool { return maybe(layer.Annotations[oldPredicate]) }, limit)
		claims = append(claims, some...)
		return err
	}
	for _, d := range referrers {
		attests := strings.HasPrefix(d.ArtifactType, bundleType) || strings.HasPrefix(d.ArtifactType, cosignType) && !isSignature(d)
		if !attests || !maybe(d.Annotations[predicateNote]) {
			continue
		}
		a, err := l.referrer(ctx, d)
		if err != nil {
			return nil, err
		}
		if a != nil && !maybe(a.Annotations[predicateNote]) {
			continue
		}
		if err := add(a); err != nil {
			return nil, err
		}
	}
	tagged, err := l.tagged(ctx, ".att")
	if err != nil {
		return nil, err
	}
	return claims, add(tagged)
}

func formatOf(predicate string) scan.SBOMFormat {
	switch {
	case strings.HasPrefix(predicate, spdxPredicate):
		return scan.SPDX
	case strings.HasPrefix(predicate, cycloneDXPredicate):
		return scan.CycloneDX
	}
	return ""
}

// billOf unwraps a bill of materials; nil when the statement holds none.
func billOf(s *Statement) *scan.SBOM {
	format := formatOf(s.PredicateType)
	if format == "" || len(s.Predicate) == 0 || s.Predicate[0] != '{' {
		return nil
	}
	return &scan.SBOM{Format: format, Data: s.Predicate}
}
