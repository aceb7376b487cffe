package signature

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"time"

	"github.com/sigstore/sigstore-go/pkg/root"
	"github.com/sigstore/sigstore-go/pkg/verify"
	"github.com/sigstore/sigstore/pkg/signature"

	"github.com/basebump/basebump/scan"
)

// minRSA is the shortest RSA key that is taken, in bits.
const minRSA = 2048

// Key is a public key that images may be signed with.
type Key struct {
	name      string
	verifiers []*verify.Verifier // one for each hash that signers are known to use with such a key
}

// Signer is who signs with the key.
func (k Key) Signer() scan.Signer { return scan.Signer{Key: k.name} }

// ParseKey reads a public key from PEM: ECDSA, Ed25519 or RSA. People know it by its name, to which the start of its fingerprint is added.
func ParseKey(name string, data []byte) (Key, error) {
	public, err := parsePublicKey(data)
	if err != nil {
		return Key{}, err
	}
	raw, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return Key{}, err
	}
	key := Key{name: fmt.Sprintf("%s (%.4x)", name, sha256.Sum256(raw))}
	for _, hash := range hashesOf(public) {
		loaded, err := signature.LoadVerifier(public, hash)
		if err != nil {
			return Key{}, err
		}
		material := root.NewTrustedPublicKeyMaterial(func(string) (root.TimeConstrainedVerifier, error) {
			return root.NewExpiringKey(loaded, time.Time{}, time.Time{}), nil
		})
		// A key that is trusted as such needs no log to say when it signed.
		verifier, err := verify.NewVerifier(material, verify.WithNoObserverTimestamps(), verify.WithoutStatementPredicate())
		if err != nil {
			return Key{}, err
		}
		key.verifiers = append(key.verifiers, verifier)
	}
	return key, nil
}

func parsePublicKey(data []byte) (crypto.PublicKey, error) {
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

// hashesOf lists the hashes that a key may have signed with: SHA-256, which cosign uses with every key, or the one that fits the curve.
func hashesOf(public crypto.PublicKey) []crypto.Hash {
	hashes := []crypto.Hash{crypto.SHA256}
	if key, ok := public.(*ecdsa.PublicKey); ok {
		switch key.Curve.Params().BitSize {
		case 384:
			hashes = append(hashes, crypto.SHA384)
		case 521:
			hashes = append(hashes, crypto.SHA512)
		}
	}
	return hashes
}

// Root is whom to trust with certificates: authorities, and the logs that have to have seen what they issued and what was signed.
type Root struct{ verifier *verify.Verifier }

// ParseRoot reads Sigstore's trusted_root.json. What it lists is asked for: an entry in one of its transparency logs, if it has any; a
// promise of one of its certificate logs, likewise; and always a time from a log or a timestamp authority, since certificates live minutes.
func ParseRoot(data []byte) (*Root, error) {
	trusted, err := root.NewTrustedRootFromJSON(data)
	switch {
	case err != nil:
		return nil, errors.New("it is no trusted root of Sigstore: " + oneLine(err.Error()))
	case len(trusted.FulcioCertificateAuthorities()) == 0:
		return nil, errors.New("it names no certificate authority")
	case len(trusted.RekorLogs())+len(trusted.TimestampingAuthorities()) == 0:
		return nil, errors.New("it names neither a transparency log nor a timestamp authority")
	}
	options := []verify.VerifierOption{verify.WithObserverTimestamps(1), verify.WithoutStatementPredicate()}
	if len(trusted.RekorLogs()) > 0 {
		options = append(options, verify.WithTransparencyLog(1))
	}
	if len(trusted.CTLogs()) > 0 {
		options = append(options, verify.WithSignedCertificateTimestamps(1))
	}
	verifier, err := verify.NewVerifier(trusted, options...)
	return &Root{verifier}, err
}
