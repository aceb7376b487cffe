package signature

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
)

// Bounds of one image.
const (
	maxSignatures = 64       // manifests and layers read of what may be signatures or attestations
	maxPayload    = 64 << 10 // of cosign's simple signing
	maxBundle     = 1 << 20  // that is a signature and carries no document
	maxBytes      = 64 << 20 // of all that is read
)

// Media types of layers, and what cosign writes beside them.
const (
	SimpleType   = "application/vnd.dev.cosign.simplesigning.v1+json"
	EnvelopeType = "application/vnd.dsse.envelope.v1+json"

	AnnotationSignature   = "dev.cosignproject.cosign/signature"
	AnnotationCertificate = "dev.sigstore.cosign/certificate"
	AnnotationLogEntry    = "dev.sigstore.cosign/bundle"
	AnnotationTimestamp   = "dev.sigstore.cosign/rfc3161timestamp"
)

// Media types of artifacts.
const (
	bundleType    = "application/vnd.dev.sigstore.bundle" // the version follows
	cosignType    = "application/vnd.dev.cosign."
	notationType  = "application/vnd.cncf.notary.signature"
	predicateNote = "dev.sigstore.bundle.predicateType" // on a bundle's manifest, and on its descriptor where a registry passes it on
	oldPredicate  = "predicateType"                     // on a layer of cosign's attestations
)

// look is one look at what is attached to one image.
type look struct {
	registry Registry
	kept     *shelf
	image    string
	digest   v1.Hash
	verifier Verifier
	keys     []Key
	root     *Root
	left     int      // of maxSignatures
	room     int64    // of maxBytes
	flaws    []string // of what was read and does not count
}

// attachment is a manifest that holds signatures or attestations.
type attachment struct {
	Subject     *v1.Descriptor    `json:"subject"`
	Layers      []v1.Descriptor   `json:"layers"`
	Manifests   []v1.Descriptor   `json:"manifests"`
	Annotations map[string]string `json:"annotations"`
}

// blind says that there is nothing to verify with.
func (l *look) blind() bool { return l.root == nil && len(l.keys) == 0 }

// verify asks which claims hold.
func (l *look) verify(ctx context.Context, claims []Claim, documents bool) ([]Result, error) {
	if len(claims) == 0 {
		return nil, nil
	}
	return l.verifier.Verify(ctx, Question{Digest: l.digest.String(), Keys: l.keys, Root: l.root, Claims: claims, Documents: documents})
}

func (l *look) signing(ctx context.Context) (scan.Signing, error) {
	referrers, err := l.referrers(ctx)
	if err != nil {
		return scan.Signing{}, err
	}
	s := scan.Signing{Carried: slices.ContainsFunc(referrers, isSignature) || len(l.flaws) > 0}
	if l.blind() && s.Carried {
		return s, nil
	}
	tagged, err := l.tagged(ctx, ".sig")
	if err != nil {
		return scan.Signing{}, err
	}
	s.Carried = s.Carried || tagged != nil
	if l.blind() {
		return s, nil
	}
	claims, err := l.signatures(ctx, referrers, tagged)
	if err != nil {
		return scan.Signing{}, err
	}
	results, err := l.verify(ctx, claims, false)
	if err != nil {
		return scan.Signing{}, err
	}
	s.Carried = tagged != nil || len(l.flaws) > 0
	for _, r := range results {
		switch {
		case r.Flaw != "":
			l.flaw(errors.New(r.Flaw))
		case r.PredicateType != "" && !signing(r.PredicateType):
			l.flaw(fmt.Errorf("what it carries is no signature but says %s", OneLine(r.PredicateType)))
			continue
		case !slices.Contains(s.Signers, r.Signer):
			s.Signers = append(s.Signers, r.Signer)
		}
		s.Carried = true
	}
	if s.Carried && len(claims)+len(l.flaws) == 0 {
		l.flaw(errors.New("it holds no signature"))
	}
	s.Flaws = l.flaws
	return s, nil
}

// isSignature says whether a referrer is a signature, as far as its descriptor tells.
func isSignature(d v1.Descriptor) bool {
	switch kind := d.ArtifactType; {
	case kind == notationType:
		return true
	case strings.HasPrefix(kind, cosignType):
		return !strings.Contains(kind, ".att.") && !strings.Contains(kind, ".sbom.")
	case strings.HasPrefix(kind, bundleType):
		predicate := d.Annotations[predicateNote]
		return predicate == "" || signing(predicate)
	}
	return false
}

// referrers lists what refers to the digest. Where a registry has no such list, a tag named by the digest stands in for it. GitLab answers
// that tag with the image itself, whose platforms are no referrers: they have no artifact type.
func (l *look) referrers(ctx context.Context) ([]v1.Descriptor, error) {
	if !l.kept.lacksReferrers(l.image) {
		list, ok, err := l.registry.Referrers(ctx, l.image, l.digest.String())
		if err != nil || ok {
			return list, l.excuse(err)
		}
		l.kept.noteLacking(l.image)
	}
	index, err := l.tagged(ctx, "")
	if index == nil || err != nil {
		return nil, err
	}
	return slices.DeleteFunc(index.Manifests, func(d v1.Descriptor) bool { return d.ArtifactType == "" }), nil
}

// tagged reads the manifest at the tag that is named by the digest; nil when there is none.
func (l *look) tagged(ctx context.Context, suffix string) (*attachment, error) {
	raw, err := l.registry.Manifest(ctx, l.image, l.digest.Algorithm+"-"+l.digest.Hex+suffix)
	switch {
	case fault.ClassOf(err) == fault.NotFound:
		return nil, nil
	case err != nil:
		return &attachment{}, l.excuse(err)
	}
	var a attachment
	if err := json.Unmarshal(raw, &a); err != nil {
		l.flaw(errors.New("what is attached cannot be read"))
	}
	return &a, nil
}

// signatures reads what may be a signature.
func (l *look) signatures(ctx context.Context, referrers []v1.Descriptor, tagged *attachment) ([]Claim, error) {
	var claims []Claim
	add := func(a *attachment) error {
		some, err := l.layers(ctx, a, func(v1.Descriptor) bool { return true }, maxBundle)
		claims = append(claims, some...)
		return err
	}
	for _, d := range referrers {
		switch {
		case !isSignature(d):
			continue
		case d.ArtifactType == notationType:
			l.flaw(errors.New("it is signed in the manner of Notary, which is not verified"))
			continue
		}
		a, err := l.referrer(ctx, d)
		if err != nil {
			return nil, err
		}
		if err := add(a); err != nil {
			return nil, err
		}
	}
	return claims, add(tagged)
}

// referrer reads one manifest that refers to the digest; nil for one that does not.
func (l *look) referrer(ctx context.Context, d v1.Descriptor) (*attachment, error) {
	if !l.take() {
		return nil, nil
	}
	a, err := l.manifest(ctx, d.Digest.String())
	if a == nil || err != nil {
		return nil, err
	}
	if a.Subject == nil || a.Subject.Digest != l.digest {
		l.flaw(errors.New("what is attached refers to another image"))
		return nil, nil
	}
	return a, nil
}

// layers reads the claims that a manifest holds, those that were added last first.
func (l *look) layers(ctx context.Context, a *attachment, want func(v1.Descriptor) bool, limit int64) ([]Claim, error) {
	if a == nil {
		return nil, nil
	}
	var claims []Claim
	for _, layer := range slices.Backward(a.Layers) {
		if !want(layer) || !l.take() {
			continue
		}
		c, err := l.claim(ctx, layer, limit)
		if err != nil {
			if err := l.excuse(err); err != nil {
				return nil, err
			}
			continue
		}
		claims = append(claims, c)
	}
	return claims, nil
}

func (l *look) claim(ctx context.Context, layer v1.Descriptor, limit int64) (Claim, error) {
	kind := string(layer.MediaType)
	if kind == SimpleType {
		limit = maxPayload
	}
	if layer.Size < 0 || layer.Size > limit {
		return Claim{}, fmt.Errorf("it has %d bytes, more than %d", layer.Size, limit)
	}
	if l.room -= layer.Size; l.room < 0 {
		return Claim{}, fmt.Errorf("what is attached has more than %d MiB", maxBytes>>20)
	}
	if kind != SimpleType && kind != EnvelopeType && !strings.HasPrefix(kind, bundleType) {
		return Claim{}, errors.New("it is of an unknown type: " + OneLine(kind))
	}
	beside := known(layer.Annotations)
	for _, value := range beside {
		l.room -= int64(len(value))
	}
	data, err := l.registry.Blob(ctx, l.image, layer)
	return Claim{MediaType: kind, Annotations: beside, Data: data}, err
}

// known keeps those annotations that matter.
func known(annotations map[string]string) map[string]string {
	kept := map[string]string{}
	for _, key := range []string{AnnotationSignature, AnnotationCertificate, AnnotationLogEntry, AnnotationTimestamp} {
		if value, ok := annotations[key]; ok {
			kept[key] = value
		}
	}
	return kept
}

// excuse makes a flaw of an error that is the artifact's own; one that may pass is returned: nobody knows then who signed.
func (l *look) excuse(err error) error {
	if err == nil {
		return nil
	}
	switch fault.ClassOf(err) {
	case fault.Retry, fault.Auth:
		return err
	}
	if asked, ok := errors.AsType[*fault.Error](err); ok && asked.Class == fault.Unknown {
		return err
	}
	l.flaw(err)
	return nil
}

// take counts one thing that is read, and says so when there are too many.
func (l *look) take() bool {
	l.left--
	if l.left == -1 {
		l.flaws = append([]string{"it carries more than is read, and what was read first does not count"}, l.flaws...)
	}
	return l.left >= 0
}

// flaw notes why something does not count, once.
func (l *look) flaw(err error) {
	if text := OneLine(err.Error()); !slices.Contains(l.flaws, text) {
		l.flaws = append(l.flaws, text)
	}
}
