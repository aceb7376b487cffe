//go:build e2e

package signature_test

import (
	"os"
	"testing"
	"time"

	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/signature"
)

// TestEndToEndVerify has the built program verify what a registry serves.
func TestEndToEndVerify(t *testing.T) {
	p, sky := elliptical(t, "acme.pub"), newSky(t)
	s := newStore(t, true)
	image := s.base(t)
	s.push(t, image.tag(".sig"), artifact(t, "x/y", p.simple(simplePayload(image.digest.String())), elliptical(t, "other.pub").simple(simplePayload(image.digest.String()))))
	s.push(t, "", image.about(artifact(t, bundleType, asLayer(sky.attested(t, identity, issuer, statement(image.digest.Hex, signs, "{}"))))))
	c := signature.New(signature.Options{
		Registry: s, Root: sky.root(t), Keys: func(string) []signature.Key { return []signature.Key{p.key} }, Now: time.Now,
		Verifier: signature.Program{Find: func() (string, error) { return "../../bin/basebump-grype", nil }, Getenv: os.Getenv},
	})
	start := time.Now()
	got := s.signing(t, c, image.digest)
	t.Logf("verified in %s", time.Since(start))
	if len(got.Signers) != 2 || got.Signers[0] != (scan.Signer{Identity: identity, Issuer: issuer}) || got.Signers[1] != p.key.Signer() || len(got.Flaws) != 1 {
		t.Errorf("got %+v", got)
	}
}
