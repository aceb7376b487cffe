package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/basebump/basebump/config"
	"github.com/basebump/basebump/scan"
)

func TestWhoMaySign(t *testing.T) {
	t.Parallel()
	const issuer = "https://token.actions.githubusercontent.com"
	old, new := writeKey(t), writeKey(t)
	s, err := newSignatures(config.Policy{KeepSignature: true, RequireSignature: []config.Signature{
		{Image: "ghcr.io/acme/*", Key: old},
		{Image: "ghcr.io/acme/*", Key: new},
		{Image: "ghcr.io/acme/*", Identity: "https://github.com/acme/**", Issuer: issuer},
		{Image: "ghcr.io/acme/one", Identity: "release@acme.example", Issuer: issuer},
	}}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	workflow := "https://github.com/acme/base/.github/workflows/release.yml@refs/heads/main"
	first := s.asked.Wanted("ghcr.io/acme/base")[0].Name
	for _, tc := range []struct {
		image  string
		signer scan.Signer
		want   bool
	}{
		{"ghcr.io/acme/base", scan.Signer{Identity: workflow, Issuer: issuer}, true},
		{"ghcr.io/acme/base", scan.Signer{Identity: workflow, Issuer: "https://token.example.com"}, false},
		{"ghcr.io/acme/base", scan.Signer{Identity: strings.Replace(workflow, "acme", "evil", 1), Issuer: issuer}, false},
		{"ghcr.io/acme/base", scan.Signer{Identity: "https://evil.example/?https://github.com/acme/x", Issuer: issuer}, false},
		{"ghcr.io/acme/base", scan.Signer{Identity: "release@acme.example", Issuer: issuer}, false},
		{"ghcr.io/acme/one", scan.Signer{Identity: "release@acme.example", Issuer: issuer}, true},
		{"ghcr.io/acme/base", scan.Signer{Key: strings.TrimPrefix(first, "the key ")}, true},
		{"ghcr.io/acme/base", scan.Signer{Key: "cosign.pub"}, false},
		{"ghcr.io/other/base", scan.Signer{Identity: workflow, Issuer: issuer}, false},
	} {
		if got := s.asked.Trusted(tc.image, tc.signer); got != tc.want {
			t.Errorf("%s by %s: %v", tc.image, tc.signer, got)
		}
	}
	if a, b := s.asked.Wanted("ghcr.io/acme/base")[0].Name, s.asked.Wanted("ghcr.io/acme/base")[1].Name; a == b {
		t.Errorf("two keys are called %s", a)
	}
	if s.asked.Required("docker.io/library/debian") || !s.asked.Required("ghcr.io/acme/base") || !s.asked.Ask("docker.io/library/debian") {
		t.Error("asked of the wrong images")
	}
}

func writeKey(t *testing.T) config.Path {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKIXPublicKey(&private.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return writeTrusted(t, "cosign.pub", string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: raw})))
}

func writeTrusted(t *testing.T, name, text string) config.Path {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return config.Path(path)
}

func TestUnreadableTrust(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, text, want string }{
		{"key", "ssh-ed25519 AAAA", "it is no PEM file"},
		{"key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", `it holds no public key but a "PRIVATE KEY"`},
		{"key", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "it is damaged"},
		{"key", strings.Repeat("x", 5<<20), "is longer than 4 MiB; is it the right file?"},
		{"trust_root", "{}", "it is no trusted root of Sigstore"},
		{"trust_root", `{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}`, "it names no certificate authority"},
	} {
		path := writeTrusted(t, "file", tc.text)
		policy := config.Policy{TrustRoot: path}
		start := "policy.trust_root: "
		if tc.name == "key" {
			policy, start = config.Policy{RequireSignature: []config.Signature{{Image: "**", Key: path}}}, "policy.require_signature[0].key: "
		}
		_, err := newSignatures(policy, nil, nil)
		told, ok := errors.AsType[*exit](err)
		if !ok || told.code != exitUsage || !strings.HasPrefix(err.Error(), start) || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("got %v, want %s…%s", err, start, tc.want)
		}
	}
}
