package signature

import (
	"encoding/json"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/sigstore/sigstore-go/pkg/testing/data"

	"github.com/basebump/basebump/scan"
)

// TestRealBundle verifies what a workflow published with Sigstore's public services, against the trusted root of those: certificate, promise
// of a certificate log, transparency log. Both come with Sigstore's library.
func TestRealBundle(t *testing.T) {
	t.Parallel()
	trusted, err := data.TrustedRoot(t, "public-good.json").MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	root, err := ParseRoot(trusted)
	if err != nil {
		t.Fatal(err)
	}
	bundle := data.Bundle(t, "sigstore.js@2.0.0-provenance.sigstore.json")
	var said statement
	if err := json.Unmarshal(bundle.GetDsseEnvelope().GetPayload(), &said); err != nil {
		t.Fatal(err)
	}
	digest := v1.Hash{Algorithm: "sha512", Hex: said.Subject[0].Digest["sha512"]}
	got, err := trust{root: root}.check(claim{bundle: bundle}, digest)
	want := scan.Signer{
		Identity: "https://github.com/sigstore/sigstore-js/.github/workflows/release.yml@refs/heads/main",
		Issuer:   "https://token.actions.githubusercontent.com",
	}
	if err != nil || got.signer != want || !got.statement.signs() || !got.statement.about(digest) {
		t.Errorf("got %+v, %v", got, err)
	}
	digest.Hex = digest.Hex[1:] + "0"
	if _, err := (trust{root: root}).check(claim{bundle: bundle}, digest); err == nil {
		t.Error("it verifies for another digest")
	}
}
