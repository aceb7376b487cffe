package verifier_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/sigstore/sigstore-go/pkg/testing/data"

	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/signature"
	"github.com/basebump/basebump/scan/signature/verifier"
)

// TestRealBundle verifies what a workflow published with Sigstore's public services, against the trusted root of those: certificate, promise
// of a certificate log, transparency log. Both come with Sigstore's library.
func TestRealBundle(t *testing.T) {
	t.Parallel()
	trusted, err := data.TrustedRoot(t, "public-good.json").MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	root, err := signature.NewRoot(trusted)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := data.Bundle(t, "sigstore.js@2.0.0-provenance.sigstore.json").MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	var bundle struct {
		DSSEEnvelope struct {
			Payload []byte `json:"payload"`
		} `json:"dsseEnvelope"`
	}
	var said signature.Statement
	if err := json.Unmarshal(raw, &bundle); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(bundle.DSSEEnvelope.Payload, &said); err != nil {
		t.Fatal(err)
	}
	ask := func(hex string) signature.Result {
		t.Helper()
		q := signature.Question{Digest: "sha512:" + hex, Root: root, Claims: []signature.Claim{{MediaType: "application/vnd.dev.sigstore.bundle.v0.3+json", Data: raw}}}
		question, err := json.Marshal(q)
		if err != nil {
			t.Fatal(err)
		}
		var answer bytes.Buffer
		if err := verifier.Answer(t.Context(), bytes.NewReader(question), &answer); err != nil {
			t.Fatal(err)
		}
		var results []signature.Result
		if err := json.Unmarshal(answer.Bytes(), &results); err != nil || len(results) != 1 {
			t.Fatalf("%s: %v", answer.String(), err)
		}
		return results[0]
	}
	hex := said.Subject[0].Digest["sha512"]
	want := scan.Signer{
		Identity: "https://github.com/sigstore/sigstore-js/.github/workflows/release.yml@refs/heads/main",
		Issuer:   "https://token.actions.githubusercontent.com",
	}
	if got := ask(hex); got.Flaw != "" || got.Signer != want || got.PredicateType != said.PredicateType || got.Predicate != nil {
		t.Errorf("got %+v", got)
	}
	if got := ask(hex[1:] + "0"); !strings.HasPrefix(got.Flaw, "it does not verify: ") || got.Signer != (scan.Signer{}) {
		t.Errorf("for another digest: %+v", got)
	}
}
