package config_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/basebump/basebump/config"
)

var rsaKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func block(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func privateKey(t *testing.T) string {
	t.Helper()
	return block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(rsaKey()))
}

func TestSecretShowsNothing(t *testing.T) {
	t.Parallel()
	secret := config.NewSecret("hunter2")
	holder := struct {
		Public config.Secret
		hidden config.Secret
	}{secret, secret}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("text", "secret", secret, "holder", holder)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("json", "secret", secret, "holder", holder)
	asJSON, err := json.Marshal(holder)
	if err != nil {
		t.Fatal(err)
	}
	shown := log.String() + string(asJSON) + fmt.Sprintf("%v %s %q %x %#v %+v %#v %d", secret, secret, secret, secret, secret, holder, holder, secret)
	if strings.Contains(shown, "hunter2") || strings.Contains(shown, "68756e74657232") {
		t.Errorf("the secret shows in %s", shown)
	}
	if !strings.Contains(string(asJSON), `"[redacted]"`) || secret.String() != "[redacted]" || config.NewSecret("").String() != "" {
		t.Errorf("unexpected placeholder: %s", asJSON)
	}
}

func TestSecretFiles(t *testing.T) {
	t.Parallel()
	public, err := x509.MarshalPKIXPublicKey(&rsaKey().PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(rsaKey())
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	elliptic, err := x509.MarshalPKCS8PrivateKey(curve)
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct{ key, want string }{
		"PKCS 1":      {privateKey(t), ""},
		"PKCS 8":      {"\n" + block("PRIVATE KEY", pkcs8) + "\n\n", ""},
		"public key":  {block("PUBLIC KEY", public), "it is a public key; download the private key from the App's settings page"},
		"certificate": {block("CERTIFICATE", public), "it is a certificate; download the private key from the App's settings page"},
		"elliptic":    {block("PRIVATE KEY", elliptic), "it is no RSA key; download the private key from the App's settings page"},
		"encrypted":   {block("ENCRYPTED PRIVATE KEY", public), "it is encrypted; give it without a passphrase"},
		"damaged":     {block("PRIVATE KEY", public), "it is damaged; download the private key from the App's settings page"},
		"no PEM":      {"hello", "it is no PEM file; download the private key from the App's settings page"},
		"empty":       {" \n", "it is empty"},
		"too long":    {strings.Repeat("x", 64<<10+1), "it is longer than 64 KiB; is it the right file?"},
	} {
		c, err := load(t, "github:\n  app_id: 1\n  private_key_file: app.pem\n", map[string]string{"app.pem": tc.key}, nil)
		switch {
		case tc.want == "" && (err != nil || c.GitHub.PrivateKey.Reveal() != strings.TrimSpace(tc.key)):
			t.Errorf("%s: %v", name, err)
		case tc.want != "" && (err == nil || err.Error() != "basebump.yaml:3:21: read the App's private key app.pem: "+tc.want):
			t.Errorf("%s: got %v, want %s", name, err, tc.want)
		}
	}
}

func TestSecretFileMissing(t *testing.T) {
	t.Parallel()
	text := "registries:\n- host: ghcr.io\n  username: bot\n  password_file: none\n- host: quay.io\n  username: bot\n  password_file: .\n"
	_, err := load(t, text, nil, nil)
	want := "basebump.yaml:4:18: read the registry password none: no such file or directory\n" +
		"basebump.yaml:7:18: read the registry password .: it is a folder"
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

func TestSecretsFromEnvironment(t *testing.T) {
	t.Parallel()
	text := "registries:\n- {host: 'registry.example.com:5000', username: bot}\n- {host: docker.io, username: bot, password: written}\n"
	c, err := load(t, text, nil, map[string]string{
		"BASEBUMP_REGISTRIES_REGISTRY_EXAMPLE_COM_5000_PASSWORD": " first\n",
		"BASEBUMP_REGISTRIES_DOCKER_IO_PASSWORD":                 "second",
		"BASEBUMP_GITHUB_TOKEN":                                  "third",
		"BASEBUMP_DATABASE":                                      "postgres://u:fourth@h/n",
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, got := range []config.Secret{c.Registries[0].Password, c.Registries[1].Password, c.GitHub.Token, c.Database} {
		if want := []string{"first", "second", "third", "postgres://u:fourth@h/n"}[i]; got.Reveal() != want {
			t.Errorf("secret %d: got %q, want %q", i, got.Reveal(), want)
		}
	}
	_, err = load(t, "github: {app_id: 1}\n", nil, map[string]string{"BASEBUMP_GITHUB_PRIVATE_KEY": "x"})
	want := "BASEBUMP_GITHUB_PRIVATE_KEY: read the App's private key: it is no PEM file; download the private key from the App's settings page"
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

func TestAmbiguousEnvironment(t *testing.T) {
	t.Parallel()
	text := "registries:\n- {host: a-b.example, username: bot}\n- {host: a.b.example, username: bot}\n"
	_, err := load(t, text, nil, map[string]string{"BASEBUMP_REGISTRIES_A_B_EXAMPLE_PASSWORD": "x"})
	want := "basebump.yaml:3:10: registries[1].host: BASEBUMP_REGISTRIES_A_B_EXAMPLE_PASSWORD would go to a-b.example and to a.b.example; give password_file"
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

func TestReadableKeyWarns(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "b.yaml"), "github:\n  app_id: 1\n  private_key_file: app.pem\n")
	write(t, filepath.Join(dir, "app.pem"), privateKey(t))
	if c, err := config.Load(filepath.Join(dir, "b.yaml"), noEnv); err != nil || c.Warnings != nil {
		t.Fatalf("warnings for a private file: %v, %v", c.Warnings, err)
	}
	if err := os.Chmod(filepath.Join(dir, "app.pem"), 0o644); err != nil {
		t.Fatal(err)
	}
	warnings, err := config.Check(filepath.Join(dir, "b.yaml"), noEnv)
	if err != nil || len(warnings) != 1 || warnings[0].Line != 3 || warnings[0].Message != "app.pem can be read by every user of this machine; chmod 600 it" {
		t.Errorf("got %v, %v", warnings, err)
	}
}
