package signature

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/sigstore/sigstore-go/pkg/bundle"
	"github.com/sigstore/sigstore-go/pkg/verify"

	"github.com/basebump/basebump/scan"
)

// claim says that somebody signed something about an image. Nothing of it is verified.
type claim struct {
	bundle  *bundle.Bundle
	payload []byte // the message that was signed, where the bundle does not carry it
}

// verified is a claim that holds: the signer signed exactly this, about exactly the image in question.
type verified struct {
	signer    scan.Signer
	statement *statement // nil for a plain signature
}

// statement is an in-toto statement.
type statement struct {
	Type          string `json:"_type"`
	PredicateType string `json:"predicateType"`
	Subject       []struct {
		Digest map[string]string `json:"digest"`
	} `json:"subject"`
	Predicate json.RawMessage `json:"predicate"`
}

// signs says whether a statement stands for a signature: it says no more than that, or that its signer built the image.
func (s *statement) signs() bool { return s == nil || signing(s.PredicateType) }

func signing(predicateType string) bool {
	return predicateType == "https://sigstore.dev/cosign/sign/v1" || strings.HasPrefix(predicateType, "https://slsa.dev/provenance/")
}

// about says whether a statement names the digest as its subject.
func (s *statement) about(digest v1.Hash) bool {
	for _, subject := range s.Subject {
		if subject.Digest[digest.Algorithm] == digest.Hex {
			return true
		}
	}
	return false
}

// trust is what the claims about one image are verified with.
type trust struct {
	keys []Key
	root *Root // nil: nothing is known of certificates
}

func (t trust) isEmpty() bool { return t.root == nil && len(t.keys) == 0 }

// check verifies a claim. Sigstore's own parsers stand behind it, many of them, and what they read is hostile: one that panics has
// found no signature.
func (t trust) check(c claim, digest v1.Hash) (v verified, err error) {
	defer func() {
		if recovered := recover(); recovered != nil {
			err = errors.New("it cannot be read")
		}
	}()
	artifact, err := c.artifact(digest)
	if err != nil {
		return verified{}, err
	}
	content, err := c.bundle.VerificationContent()
	if err != nil {
		return verified{}, tell(err)
	}
	if content.Certificate() != nil {
		v.signer, err = t.certified(c, artifact)
	} else {
		v.signer, err = t.keyed(c, artifact)
	}
	if err != nil {
		return verified{}, err
	}
	if envelope := c.bundle.GetDsseEnvelope(); envelope != nil {
		v.statement = &statement{}
		if err := json.Unmarshal(envelope.GetPayload(), v.statement); err != nil {
			return verified{}, errors.New("its statement cannot be read")
		}
	}
	return v, nil
}

// artifact is what the signature has to be about: the payload, which names the digest, or the digest itself.
func (c claim) artifact(digest v1.Hash) (func() verify.ArtifactPolicyOption, error) {
	if c.payload != nil {
		if err := namesImage(c.payload, digest); err != nil {
			return nil, err
		}
		return func() verify.ArtifactPolicyOption { return verify.WithArtifact(bytes.NewReader(c.payload)) }, nil
	}
	raw, err := rawDigest(digest)
	return func() verify.ArtifactPolicyOption { return verify.WithArtifactDigest(digest.Algorithm, raw) }, err
}

// certified verifies the certificate and the signature. Whose identities count is not asked here but by the policy, which names them.
func (t trust) certified(c claim, artifact func() verify.ArtifactPolicyOption) (scan.Signer, error) {
	if t.root == nil {
		return scan.Signer{}, errors.New("it is signed with a certificate, and policy.trust_root is not set")
	}
	result, err := t.root.verifier.Verify(c.bundle, verify.NewPolicy(artifact(), verify.WithoutIdentitiesUnsafe()))
	if err != nil {
		return scan.Signer{}, tell(err)
	}
	subject := result.Signature.Certificate
	if subject == nil || subject.SubjectAlternativeName == "" || subject.Issuer == "" {
		return scan.Signer{}, errors.New("its certificate names no identity or no issuer")
	}
	return scan.Signer{Identity: oneLine(subject.SubjectAlternativeName), Issuer: oneLine(subject.Issuer)}, nil
}

func (t trust) keyed(c claim, artifact func() verify.ArtifactPolicyOption) (scan.Signer, error) {
	err := errors.New("it is signed with a key, and none is configured for this image")
	for _, key := range t.keys {
		for _, verifier := range key.verifiers {
			if _, err = verifier.Verify(c.bundle, verify.NewPolicy(artifact(), verify.WithKey())); err == nil {
				return key.Signer(), nil
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

func tell(err error) error { return fmt.Errorf("it does not verify: %s", oneLine(err.Error())) }

// maxWords bounds what is told of a hostile answer, in characters.
const maxWords = 200

func oneLine(text string) string {
	var b strings.Builder
	n := 0
	for _, r := range text {
		if n++; n > maxWords {
			b.WriteString("…")
			break
		}
		if unicode.IsControl(r) {
			r = ' '
		}
		b.WriteRune(r)
	}
	return strings.ToValidUTF8(b.String(), "�")
}
