// Package signature finds what is attached to an image, signatures and attestations, and verifies who made it: with a public key, or
// keyless with a trusted root that the operator gives. It never asks a transparency log or an authority: what a bundle carries has to do.
//
// What it finds it hands to a Verifier, which stands in another process; see package verifier.
//
// It looks where OCI 1.1 puts artifacts (the referrers of a digest, or the tag that stands in for them) and where cosign put them before.
// What registries serve is hostile: sizes and numbers are bounded, and nothing counts that a signature does not bind to the digest.
package signature

import (
	"context"
	"errors"
	"slices"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
)

// Registry reads what is attached to images. Errors are classified by package fault. Safe for concurrent use.
type Registry interface {
	// Referrers lists the artifacts that refer to a digest; ok is false at a registry that cannot tell.
	Referrers(ctx context.Context, image, digest string) (list []v1.Descriptor, ok bool, err error)
	// Manifest returns a manifest by tag or digest. The bytes of a digest have that digest.
	Manifest(ctx context.Context, image, reference string) ([]byte, error)
	// Blob returns the bytes that a descriptor promises: no others, and no more of them.
	Blob(ctx context.Context, image string, wanted v1.Descriptor) ([]byte, error)
}

// Options configures a Checker.
type Options struct {
	Registry Registry
	Verifier Verifier                 // asked only where there is something to verify, and something to verify it with
	Root     *Root                    // verifies certificates; nil: none is verified
	Keys     func(image string) []Key // that may have signed an image; nil: none
	Now      func() time.Time

	// Attestations, besides.
	Asks     func(image string) bool                 // somebody is trusted to say what is in an image; nil: nobody is
	Trusted  func(image string, by scan.Signer) bool // whether the policy names the signer; nil: it names nobody
	Attached bool                                    // so is BuildKit, unsigned
}

// Checker says who signed an image. It is safe for concurrent use and remembers: a signature that the policy asks for, for good, since a
// digest cannot lose it; another for a day; that there is none, and what is attested, for ten minutes, since it may come in after the image.
type Checker struct {
	options Options
	kept    shelf
}

// New returns a checker that has asked nothing.
func New(o Options) *Checker { return &Checker{options: o, kept: newShelf(o.Now)} }

// Signing returns what is known of the signatures of a digest. An error means that nothing is: the registry could not be asked.
//
// It costs two requests where nothing is attached, the referrers and cosign's tag (three at a registry without referrers, which has a tag
// for them), and two for each signature. Where neither a key nor a root could verify one, it looks whether there is any, and reads none.
func (c *Checker) Signing(ctx context.Context, image, digest string) (scan.Signing, error) {
	if s, ok := c.kept.signing(image, digest); ok {
		return s, nil
	}
	hash, err := hashOf(digest)
	if err != nil {
		return scan.Signing{}, err
	}
	l := c.look(image, hash)
	s, err := l.signing(ctx)
	if err != nil {
		return scan.Signing{}, err
	}
	c.kept.keep(image, digest, s, c.settled(image, s))
	return s, nil
}

// settled says whether a signature is among them that the policy asks for: no other can change its answer.
func (c *Checker) settled(image string, s scan.Signing) bool {
	return c.options.Trusted != nil && slices.ContainsFunc(s.Signers, func(by scan.Signer) bool { return c.options.Trusted(image, by) })
}

func (c *Checker) look(image string, digest v1.Hash) *look {
	l := &look{
		registry: c.options.Registry, verifier: c.options.Verifier, kept: &c.kept, image: image, digest: digest,
		root: c.options.Root, left: maxSignatures, room: maxBytes,
	}
	if c.options.Keys != nil {
		l.keys = c.options.Keys(image)
	}
	return l
}

func hashOf(digest string) (v1.Hash, error) {
	hash, err := v1.NewHash(digest)
	if err != nil {
		return v1.Hash{}, &fault.Error{Op: "read digest", Target: digest, Class: fault.Permanent, Err: errors.New("it is none")}
	}
	return hash, nil
}
