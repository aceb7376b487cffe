package signature_test

import (
	"slices"
	"testing"

	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/signature"
)

// TestKeys signs with each kind of key, in each of the places where signatures are kept.
func TestKeys(t *testing.T) {
	t.Parallel()
	for _, p := range people(t) {
		for place, attach := range map[string]func(*testing.T, *store, pushed){
			"cosign's tag": func(t *testing.T, s *store, image pushed) {
				s.push(t, image.tag(".sig"), artifact(t, "application/vnd.oci.image.config.v1+json", p.simple(simplePayload(image.digest.String()))))
			},
			"a referrer of cosign's type": func(t *testing.T, s *store, image pushed) {
				s.push(t, "", image.about(artifact(t, cosignType, p.simple(simplePayload(image.digest.String())))))
			},
			"a bundle": func(t *testing.T, s *store, image pushed) {
				s.push(t, "", image.about(artifact(t, bundleType, p.bundle(statement(image.digest.Hex, signs, "{}")))))
			},
		} {
			s := newStore(t, true)
			image := s.base(t)
			attach(t, s, image)
			got := s.signing(t, s.checker(nil, elliptical(t, "other.pub").key, p.key), image.digest)
			if !got.Carried || len(got.Signers) != 1 || got.Signers[0].Key == "" || got.Signers[0].Key == "other.pub" {
				t.Errorf("%s: %+v", place, got)
			}
			got = s.signing(t, s.checker(nil, elliptical(t, "other.pub").key), image.digest)
			if !got.Carried || len(got.Signers) != 0 || len(got.Flaws) != 1 {
				t.Errorf("%s, another key: %+v", place, got)
			}
		}
	}
}

func TestIdentities(t *testing.T) {
	t.Parallel()
	sky := newSky(t)
	want := []scan.Signer{{Identity: identity, Issuer: issuer}}
	for place, attach := range map[string]func(*testing.T, *store, pushed){
		"cosign's tag": func(t *testing.T, s *store, image pushed) {
			s.push(t, image.tag(".sig"), artifact(t, "x/y", sky.simple(t, identity, issuer, simplePayload(image.digest.String()))))
		},
		"a bundle": func(t *testing.T, s *store, image pushed) {
			s.push(t, "", image.about(artifact(t, bundleType, asLayer(sky.attested(t, identity, issuer, statement(image.digest.Hex, signs, "{}"))))))
		},
		"a bundle of provenance": func(t *testing.T, s *store, image pushed) {
			said := statement(image.digest.Hex, "https://slsa.dev/provenance/v1", `{"buildDefinition":{}}`)
			s.push(t, "", image.about(artifact(t, bundleType, asLayer(sky.attested(t, identity, issuer, said)))))
		},
	} {
		s := newStore(t, true)
		image := s.base(t)
		attach(t, s, image)
		if got := s.signing(t, s.checker(sky.root(t)), image.digest); !slices.Equal(got.Signers, want) || len(got.Flaws) > 0 {
			t.Errorf("%s: %+v", place, got)
		}
		if got := s.signing(t, s.checker(newSky(t).root(t)), image.digest); !got.Carried || len(got.Signers) > 0 || len(got.Flaws) != 1 {
			t.Errorf("%s, another root: %+v", place, got)
		}
	}
}

// TestRequests: what is asked where there is something to verify with, where there is nothing, and of a registry without referrers.
func TestRequests(t *testing.T) {
	t.Parallel()
	p := elliptical(t, "acme.pub")
	signed := func(s *store, image pushed) {
		s.push(t, image.tag(".sig"), artifact(t, "x/y", p.simple(simplePayload(image.digest.String()))))
	}
	const referrers, stand, sig, blob = "GET /referrers/sha256:…", "GET /manifests/sha256-…", "GET /manifests/sha256-….sig", "GET /blobs/sha256:…"
	for _, tc := range []struct {
		name      string
		referrers bool
		attach    func(*store, pushed)
		keys      []signature.Key
		carried   bool
		want      []string
	}{
		{"nothing attached", true, nil, nil, false, []string{referrers, sig}},
		{"nothing attached, a key", true, nil, []signature.Key{p.key}, false, []string{referrers, sig}},
		{"nothing attached, no referrers", false, nil, nil, false, []string{referrers, stand, sig}},
		{"signed", true, signed, nil, true, []string{referrers, sig}},
		{"signed, a key", true, signed, []signature.Key{p.key}, true, []string{referrers, sig, blob}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t, tc.referrers)
			image := s.base(t)
			if tc.attach != nil {
				tc.attach(s, image)
			}
			c := s.checker(nil, tc.keys...)
			for range 2 { // the second time it is known
				if got := s.signing(t, c, image.digest); got.Carried != tc.carried {
					t.Errorf("%+v", got)
				}
			}
			s.wants(t, append([]string{"GET /v2/"}, tc.want...)...)
		})
	}
}
