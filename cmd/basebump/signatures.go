package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/config"
	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/grype"
	"github.com/basebump/basebump/scan/signature"
)

// maxTrusted bounds a key's or a trusted root's file, in bytes.
const maxTrusted = 4 << 20

// signatures is who may sign, and what verifies it.
type signatures struct {
	asked   scan.Signatures
	checker *signature.Checker
}

// newSignatures reads the keys and the trusted root that the configuration names.
func newSignatures(c config.Policy, registry signature.Registry, verifier signature.Verifier) (signatures, error) {
	keys := map[config.Path]signature.Key{}
	for i, entry := range c.RequireSignature {
		if entry.Key == "" {
			continue
		}
		key, err := readTrusted(entry.Key, func(data []byte) (signature.Key, error) {
			return signature.NewKey(filepath.Base(string(entry.Key)), data)
		})
		if err != nil {
			return signatures{}, usage(fmt.Errorf("policy.require_signature[%d].key: %w", i, err))
		}
		keys[entry.Key] = key
	}
	var root *signature.Root
	if c.TrustRoot != "" {
		var err error
		if root, err = readTrusted(c.TrustRoot, signature.NewRoot); err != nil {
			return signatures{}, usage(fmt.Errorf("policy.trust_root: %w", err))
		}
	}
	asked := scan.Signatures{Keep: c.KeepSignature, Wanted: wantedSigners(c.RequireSignature, keys)}
	return signatures{asked, signature.New(signature.Options{
		Registry: registry, Verifier: verifier, Root: root, Keys: keysFor(c.RequireSignature, keys), Now: time.Now,
		Asks: asked.Required, Trusted: asked.Trusted, Attached: c.SBOM == config.SBOMAttached,
	})}, nil
}

// newVerifier is the default scanner's program, which verifies whichever scanners are asked.
func newVerifier(scanners []config.Scanner) signature.Verifier {
	command := ""
	for _, s := range scanners {
		if s.Type == config.Grype {
			command = s.Command
		}
	}
	return signature.Program{Find: func() (string, error) { return grype.Find(command) }, Getenv: os.Getenv}
}

// signing says who signed an image, and when that cannot be found out, why; nil where the policy does not care.
func (t *tools) signing(ctx context.Context, image bot.Named) *scan.Signing {
	if !t.signed.asked.Ask(image.Image) {
		return nil
	}
	s, err := t.signed.checker.Signing(ctx, image.Image, image.Digest)
	if err != nil {
		s = scan.Signing{Unknown: fault.Text(err)}
	}
	return &s
}

func readTrusted[T any](path config.Path, parse func([]byte) (T, error)) (T, error) {
	var none T
	file, err := os.Open(string(path))
	if err != nil {
		return none, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxTrusted+1))
	if err != nil {
		return none, err
	}
	if len(data) > maxTrusted {
		return none, fmt.Errorf("%s is longer than %d MiB; is it the right file?", path, maxTrusted>>20)
	}
	parsed, err := parse(data)
	if err != nil {
		return none, fmt.Errorf("read %s: %w", path, err)
	}
	return parsed, nil
}

// keysFor returns those keys that an entry names for an image.
func keysFor(entries []config.Signature, keys map[config.Path]signature.Key) func(image string) []signature.Key {
	return func(image string) []signature.Key {
		var list []signature.Key
		for _, entry := range entries {
			if key, ok := keys[entry.Key]; ok && entry.Image.Match(image) {
				list = append(list, key)
			}
		}
		return list
	}
}

func wantedSigners(entries []config.Signature, keys map[config.Path]signature.Key) func(image string) []scan.WantedSigner {
	return func(image string) []scan.WantedSigner {
		var list []scan.WantedSigner
		for _, entry := range entries {
			if entry.Image.Match(image) {
				list = append(list, wantedSigner(entry, keys[entry.Key]))
			}
		}
		return list
	}
}

func wantedSigner(entry config.Signature, key signature.Key) scan.WantedSigner {
	if entry.Key != "" {
		return scan.WantedSigner{Name: key.Signer().String(), Is: func(s scan.Signer) bool { return s == key.Signer() }}
	}
	return scan.WantedSigner{
		Name: string(entry.Identity),
		Is: func(s scan.Signer) bool {
			return s.Key == "" && s.Issuer == string(entry.Issuer) && entry.Identity.Match(s.Identity)
		},
	}
}
