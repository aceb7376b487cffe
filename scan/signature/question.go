package signature

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"

	"github.com/basebump/basebump/scan"
)

// Verifier says which claims hold. Safe for concurrent use.
type Verifier interface {
	// Verify returns one result for each claim, in their order. An error means that nothing is known of any of them.
	Verify(ctx context.Context, q Question) ([]Result, error)
}

// Question asks what holds of what is claimed about one digest. It goes to another process: what is claimed is hostile, and its parsers
// are many.
type Question struct {
	Digest    string  `json:"digest"`
	Keys      []Key   `json:"keys,omitempty"` // that may have signed
	Root      *Root   `json:"root,omitempty"` // that vouches for certificates; nil: nobody does
	Claims    []Claim `json:"claims"`
	Documents bool    `json:"documents,omitempty"` // answer with what statements say, too
}

// Claim is a layer that says that somebody signed something: a payload in cosign's format, an envelope or a bundle.
type Claim struct {
	MediaType   string            `json:"media_type"`
	Annotations map[string]string `json:"annotations,omitempty"`
	Data        []byte            `json:"data"`
}

// Result is what is left of a claim: who signed exactly this, about exactly the digest, or why it does not count.
type Result struct {
	Flaw          string          `json:"flaw,omitempty"`
	Signer        scan.Signer     `json:"signer"`
	PredicateType string          `json:"predicate_type,omitempty"` // of a statement; empty for a plain signature
	Predicate     json.RawMessage `json:"predicate,omitempty"`
}

// Key is a public key that images may be signed with.
type Key struct {
	Name string `json:"name"` // as people know it, with the start of its fingerprint
	PEM  []byte `json:"pem"`
}

// Signer is who signs with the key.
func (k Key) Signer() scan.Signer { return scan.Signer{Key: k.Name} }

// minRSA is the shortest RSA key that is taken, in bits.
const minRSA = 2048

// NewKey reads a public key from PEM: ECDSA, Ed25519 or RSA.
func NewKey(name string, data []byte) (Key, error) {
	public, err := ParsePublicKey(data)
	if err != nil {
		return Key{}, err
	}
	raw, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return Key{}, err
	}
	return Key{Name: fmt.Sprintf("%s (%.4x)", name, sha256.Sum256(raw)), PEM: data}, nil
}

// ParsePublicKey reads the key itself.
func ParsePublicKey(data []byte) (crypto.PublicKey, error) {
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, errors.New("it is no PEM file")
	}
	var public crypto.PublicKey
	var err error
	switch block.Type {
	case "PUBLIC KEY":
		public, err = x509.ParsePKIXPublicKey(block.Bytes)
	case "RSA PUBLIC KEY":
		public, err = x509.ParsePKCS1PublicKey(block.Bytes)
	default:
		return nil, fmt.Errorf("it holds no public key but a %q", block.Type)
	}
	if err != nil {
		return nil, errors.New("it is damaged")
	}
	switch key := public.(type) {
	case *ecdsa.PublicKey, ed25519.PublicKey:
		return public, nil
	case *rsa.PublicKey:
		if key.N.BitLen() < minRSA {
			return nil, fmt.Errorf("its RSA key has %d bits, fewer than %d", key.N.BitLen(), minRSA)
		}
		return public, nil
	}
	return nil, errors.New("it is neither an ECDSA, an Ed25519 nor an RSA key")
}

// Root is whom to trust with certificates: authorities, and the logs that have to have seen what they issued and what was signed.
type Root struct {
	JSON json.RawMessage `json:"json"`
}

// rootType is what a trusted root says that it is.
const rootType = "application/vnd.dev.sigstore.trustedroot+json;version=0.1"

// NewRoot takes Sigstore's trusted_root.json. It looks whether that is one; its keys and certificates are read by the verifier.
func NewRoot(data []byte) (*Root, error) {
	var listed struct {
		MediaType              string            `json:"mediaType"`
		CertificateAuthorities []json.RawMessage `json:"certificateAuthorities"`
		TransparencyLogs       []json.RawMessage `json:"tlogs"`
		TimestampAuthorities   []json.RawMessage `json:"timestampAuthorities"`
	}
	switch err := json.Unmarshal(data, &listed); {
	case err != nil || listed.MediaType != rootType:
		return nil, errors.New("it is no trusted root of Sigstore")
	case len(listed.CertificateAuthorities) == 0:
		return nil, errors.New("it names no certificate authority")
	case len(listed.TransparencyLogs)+len(listed.TimestampAuthorities) == 0:
		return nil, errors.New("it names neither a transparency log nor a timestamp authority")
	}
	return &Root{data}, nil
}
