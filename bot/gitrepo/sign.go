package gitrepo

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/hiddeco/sshsig"
	"golang.org/x/crypto/ssh"
)

// Signer signs commits.
type Signer interface {
	// Sign returns the armored signature over a commit.
	Sign(commit io.Reader) ([]byte, error)
}

// NewSigner reads a private key that is kept without a passphrase: an OpenPGP one as `gpg --armor --export-secret-keys` writes it, or
// one of OpenSSH.
func NewSigner(key []byte) (Signer, error) {
	if bytes.Contains(key, []byte("BEGIN PGP PRIVATE KEY BLOCK")) {
		return newPGP(key)
	}
	signer, err := ssh.ParsePrivateKey(key)
	if _, ok := errors.AsType[*ssh.PassphraseMissingError](err); ok {
		return nil, errors.New("the key is protected by a passphrase; keep one without, in a file of mode 0600")
	}
	if err != nil {
		return nil, errors.New("it is neither an OpenPGP nor an OpenSSH private key")
	}
	return sshSigner{signer}, nil
}

type pgpSigner struct{ entity *openpgp.Entity }

func newPGP(key []byte) (Signer, error) {
	ring, err := openpgp.ReadArmoredKeyRing(bytes.NewReader(key))
	if err != nil {
		return nil, fmt.Errorf("read OpenPGP key: %w", err)
	}
	if len(ring) != 1 || ring[0].PrivateKey == nil {
		return nil, fmt.Errorf("the file holds %d OpenPGP keys, one private key is wanted", len(ring))
	}
	if ring[0].PrivateKey.Encrypted {
		return nil, errors.New("the key is protected by a passphrase; keep one without, in a file of mode 0600")
	}
	return pgpSigner{ring[0]}, nil
}

func (s pgpSigner) Sign(commit io.Reader) ([]byte, error) {
	var signature bytes.Buffer
	err := openpgp.ArmoredDetachSign(&signature, s.entity, commit, nil)
	return signature.Bytes(), err
}

type sshSigner struct{ key ssh.Signer }

// Sign signs in the namespace that Git checks: "git", with SHA-512, as ssh-keygen does.
func (s sshSigner) Sign(commit io.Reader) ([]byte, error) {
	signature, err := sshsig.Sign(commit, s.key, sshsig.HashSHA512, "git")
	if err != nil {
		return nil, err
	}
	return sshsig.Armor(signature), nil
}
