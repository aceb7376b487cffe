package gitrepo_test

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"golang.org/x/crypto/ssh"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/gitrepo"
	"github.com/basebump/basebump/bot/gitrepo/gitrepotest"
)

func sshKey(t *testing.T, passphrase string) (private, public []byte) {
	t.Helper()
	pub, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(crypto.PrivateKey(key), "")
	if passphrase != "" {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(crypto.PrivateKey(key), "", []byte(passphrase))
	}
	if err != nil {
		t.Fatal(err)
	}
	shown, err := ssh.NewPublicKey(pub)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(block), ssh.MarshalAuthorizedKey(shown)
}

func pgpKey(t *testing.T) (private, public []byte) {
	t.Helper()
	entity, err := openpgp.NewEntity("basebump", "", "bot@example.com", nil)
	if err != nil {
		t.Fatal(err)
	}
	write := func(kind string, serialize func(*bytes.Buffer) error) []byte {
		var raw, out bytes.Buffer
		if err := serialize(&raw); err != nil {
			t.Fatal(err)
		}
		w, err := armor.Encode(&out, kind, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(raw.Bytes()); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	private = write(openpgp.PrivateKeyType, func(b *bytes.Buffer) error { return entity.SerializePrivate(b, nil) })
	public = write(openpgp.PublicKeyType, func(b *bytes.Buffer) error { return entity.Serialize(b) })
	return private, public
}

// signed proposes with a key, and returns what Git needs to check the commit.
func signed(t *testing.T, key []byte) *gitrepotest.Server {
	t.Helper()
	server := gitrepotest.New(t, shop)
	settings := options(t, server)
	var err error
	if settings.Sign, err = gitrepo.NewSigner(key); err != nil {
		t.Fatal(err)
	}
	remote, repo := connect(t, settings)
	if _, err := remote.Propose(t.Context(), repo, change("one"), bot.Ground{}); err != nil {
		t.Fatal(err)
	}
	server.At(t, "fsck", "--strict")
	return server
}

func TestGitVerifiesSSHSignatures(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("ssh-keygen"); err != nil {
		t.Skip("ssh-keygen is not installed")
	}
	private, public := sshKey(t, "")
	server := signed(t, private)
	allowed := filepath.Join(t.TempDir(), "allowed")
	if err := os.WriteFile(allowed, append([]byte("bot@example.com "), public...), 0o600); err != nil {
		t.Fatal(err)
	}
	got := server.At(t, "-c", "gpg.ssh.allowedSignersFile="+allowed, "verify-commit", "basebump/debian")
	if !strings.Contains(got, `Good "git" signature for bot@example.com`) {
		t.Error(got)
	}
}

func TestOpenPGPSignaturesVerify(t *testing.T) {
	t.Parallel()
	private, public := pgpKey(t)
	server := signed(t, private)
	raw := server.At(t, "cat-file", "commit", "basebump/debian") + "\n"
	header, message, _ := strings.Cut(raw, "\n\n")
	var plain, signature []string
	inside := false
	for line := range strings.SplitSeq(header, "\n") {
		first, isFirst := strings.CutPrefix(line, "gpgsig ")
		switch {
		case isFirst:
			inside, signature = true, append(signature, first)
		case inside && strings.HasPrefix(line, " "):
			signature = append(signature, line[1:])
		default:
			inside, plain = false, append(plain, line)
		}
	}
	ring, err := openpgp.ReadArmoredKeyRing(bytes.NewReader(public))
	if err != nil {
		t.Fatal(err)
	}
	commit := strings.Join(plain, "\n") + "\n\n" + message
	if _, err := openpgp.CheckArmoredDetachedSignature(ring, strings.NewReader(commit), strings.NewReader(strings.Join(signature, "\n")), nil); err != nil {
		t.Errorf("%v in\n%s", err, raw)
	}
}

func TestNewSignerRefuses(t *testing.T) {
	t.Parallel()
	locked, _ := sshKey(t, "secret")
	_, public := pgpKey(t)
	for name, tc := range map[string]struct {
		key  []byte
		want string
	}{
		"nothing":           {nil, "it is neither an OpenPGP nor an OpenSSH private key"},
		"an ssh passphrase": {locked, "the key is protected by a passphrase; keep one without, in a file of mode 0600"},
		"a public key":      {public, "it is neither an OpenPGP nor an OpenSSH private key"},
	} {
		if _, err := gitrepo.NewSigner(tc.key); err == nil || err.Error() != tc.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}
