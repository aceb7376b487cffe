package verifier

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/sigstore/sigstore-go/pkg/bundle"
	"github.com/sigstore/sigstore-go/pkg/verify"

	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/signature"
)

// claim says that somebody signed something about an image. Nothing of it is verified.
type claim struct {
	bundle  *bundle.Bundle
	payload []byte // the message that was signed, where the bundle does not carry it
}

// trust is what the claims about one image are verified with.
type trust struct {
	keys []key
	root *verify.Verifier // nil: nobody vouches for certificates
}

// check verifies a claim. Sigstore's own parsers stand behind it, many of them, and what they read is hostile: one that panics has
// found no signature.
func (t trust) check(made signature.Claim, digest v1.Hash) (result signature.Result, err error) {
	defer func() {
		if recovered := recover(); recovered != nil {
			err = errors.New("it cannot be read")
		}
	}()
	c, err := parse(made)
	if err != nil {
		return signature.Result{}, err
	}
	signer, err := t.signer(c, digest)
	if err != nil {
		return signature.Result{}, err
	}
	result = signature.Result{Signer: signer}
	if envelope := c.bundle.GetDsseEnvelope(); envelope != nil {
		var said signature.Statement
		if err := json.Unmarshal(envelope.GetPayload(), &said); err != nil {
			return signature.Result{}, errors.New("its statement cannot be read")
		}
		if said.PredicateType == "" {
			return signature.Result{}, errors.New("its statement says nothing")
		}
		result.PredicateType, result.Predicate = said.PredicateType, said.Predicate
	}
	return result, nil
}

func parse(made signature.Claim) (claim, error) {
	switch made.MediaType {
	case signature.SimpleType:
		return simpleClaim(made)
	case signature.EnvelopeType:
		return envelopeClaim(made)
	}
	c := claim{bundle: &bundle.Bundle{}}
	return c, c.bundle.UnmarshalJSON(made.Data)
}

func (t trust) signer(c claim, digest v1.Hash) (scan.Signer, error) {
	artifact, err := c.artifact(digest)
	if err != nil {
		return scan.Signer{}, err
	}
	content, err := c.bundle.VerificationContent()
	switch {
	case err != nil:
		return scan.Signer{}, tell(err)
	case content.Certificate() != nil:
		return t.certified(c, artifact)
	}
	return t.keyed(c, artifact)
}

// artifact is what the signature has to be about: the payload, which names the digest, or the digest itself.
func (c claim) artifact(digest v1.Hash) (func() verify.ArtifactPolicyOption, error) {
	if c.payload != nil {
		if err := namesImage(c.payload, digest); err != nil {
			return nil, err
		}
		return func() verify.ArtifactPolicyOption { return verify.WithArtifact(bytes.NewReader(c.payload)) }, nil
	}
	raw, err := hex.DecodeString(digest.Hex)
	return func() verify.ArtifactPolicyOption { return verify.WithArtifactDigest(digest.Algorithm, raw) }, err
}

// certified verifies the certificate and the signature. Whose identities count is not asked here but by the policy, which names them.
func (t trust) certified(c claim, artifact func() verify.ArtifactPolicyOption) (scan.Signer, error) {
	if t.root == nil {
		return scan.Signer{}, errors.New("it is signed with a certificate, and policy.trust_root is not set")
	}
	result, err := t.root.Verify(c.bundle, verify.NewPolicy(artifact(), verify.WithoutIdentitiesUnsafe()))
	if err != nil {
		return scan.Signer{}, tell(err)
	}
	subject := result.Signature.Certificate
	if subject == nil || subject.SubjectAlternativeName == "" || subject.Issuer == "" {
		return scan.Signer{}, errors.New("its certificate names no identity or no issuer")
	}
	return scan.Signer{Identity: signature.OneLine(subject.SubjectAlternativeName), Issuer: signature.OneLine(subject.Issuer)}, nil
}

func (t trust) keyed(c claim, artifact func() verify.ArtifactPolicyOption) (scan.Signer, error) {
	err := errors.New("it is signed with a key, and none is configured for this image")
	for _, key := range t.keys {
		for _, verifier := range key.verifiers {
			if _, err = verifier.Verify(c.bundle, verify.NewPolicy(artifact(), verify.WithKey())); err == nil {
				return key.signer, nil
			}
		}
	}
	if len(t.keys) > 0 {
		err = tell(err)
	}
	return scan.Signer{}, err
}

// simpleSigning is what cosign signs.
type simpleSigning struct {
	Critical struct {
		Image struct {
			Digest string `json:"docker-manifest-digest"`
		} `json:"image"`
		Type string `json:"type"`
	} `json:"critical"`
}

// namesImage says what is wrong with a signed payload that is not about the digest.
func namesImage(payload []byte, digest v1.Hash) error {
	var p simpleSigning
	switch err := json.Unmarshal(payload, &p); {
	case err != nil:
		return errors.New("what it signs cannot be read")
	case p.Critical.Type != "cosign container image signature":
		return errors.New("it signs something else than an image")
	case p.Critical.Image.Digest != digest.String():
		return errors.New("it signs another image")
	}
	return nil
}

func tell(err error) error {
	return fmt.Errorf("it does not verify: %s", signature.OneLine(err.Error()))
}
