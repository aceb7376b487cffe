package verifier

import (
	"crypto"
	"crypto/ecdsa"
	"time"

	"github.com/sigstore/sigstore-go/pkg/root"
	"github.com/sigstore/sigstore-go/pkg/verify"
	sigstore "github.com/sigstore/sigstore/pkg/signature"

	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/signature"
)

// key is a public key and what verifies with it.
type key struct {
	signer    scan.Signer
	verifiers []*verify.Verifier // one for each hash that signers are known to use with such a key
}

func newKey(k signature.Key) (key, error) {
	public, err := signature.ParsePublicKey(k.PEM)
	if err != nil {
		return key{}, err
	}
	made := key{signer: k.Signer()}
	for _, hash := range hashesOf(public) {
		loaded, err := sigstore.LoadVerifier(public, hash)
		if err != nil {
			return key{}, err
		}
		material := root.NewTrustedPublicKeyMaterial(func(string) (root.TimeConstrainedVerifier, error) {
			return root.NewExpiringKey(loaded, time.Time{}, time.Time{}), nil
		})
		// A key that is trusted as such needs no log to say when it signed.
		verifier, err := verify.NewVerifier(material, verify.WithNoObserverTimestamps(), verify.WithoutStatementPredicate())
		if err != nil {
			return key{}, err
		}
		made.verifiers = append(made.verifiers, verifier)
	}
	return made, nil
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

// newRoot reads a trusted root. What it lists is asked for: an entry in one of its transparency logs, if it has any; a promise of one of its
// certificate logs, likewise; and always a time from a log or a timestamp authority, since certificates live minutes.
func newRoot(r signature.Root) (*verify.Verifier, error) {
	trusted, err := root.NewTrustedRootFromJSON(r.JSON)
	if err != nil {
		return nil, err
	}
	options := []verify.VerifierOption{verify.WithObserverTimestamps(1), verify.WithoutStatementPredicate()}
	if len(trusted.RekorLogs()) > 0 {
		options = append(options, verify.WithTransparencyLog(1))
	}
	if len(trusted.CTLogs()) > 0 {
		options = append(options, verify.WithSignedCertificateTimestamps(1))
	}
	return verify.NewVerifier(trusted, options...)
}
