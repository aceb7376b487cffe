package signature_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/signature"
	"github.com/basebump/basebump/scan/signature/verifier"
)

const (
	spdx     = "https://spdx.dev/Document"
	cyclone  = "https://cyclonedx.org/bom"
	openVEX  = "https://openvex.dev/ns/v0.2.0"
	document = `{"spdxVersion":"SPDX-2.3","name":"sbom"}`
)

func TestSignedSBOM(t *testing.T) {
	t.Parallel()
	p, stranger := elliptical(t, "acme.pub"), elliptical(t, "stranger.pub")
	sky := newSky(t)
	for name, tc := range map[string]struct {
		attach func(*store, pushed)
		want   scan.SBOMFormat
	}{
		"nothing": {func(*store, pushed) {}, ""},
		"a bundle": {func(s *store, image pushed) {
			s.push(t, "", image.about(artifact(t, bundleType, p.bundle(statement(image.digest.Hex, spdx, document)))))
		}, scan.SPDX},
		"a keyless bundle": {func(s *store, image pushed) {
			s.push(t, "", image.about(artifact(t, bundleType, asLayer(sky.attested(t, identity, issuer, statement(image.digest.Hex, cyclone+"/v1.6", document))))))
		}, scan.CycloneDX},
		"at cosign's tag": {func(s *store, image pushed) {
			s.push(t, image.tag(".att"), artifact(t, "x/y", p.envelope("https://example.com/opinion", []byte("{}")), p.envelope(spdx, statement(image.digest.Hex, spdx, document))))
		}, scan.SPDX},
		"a stranger's": {func(s *store, image pushed) {
			s.push(t, "", image.about(artifact(t, bundleType, stranger.bundle(statement(image.digest.Hex, spdx, document)))))
		}, ""},
		"another identity's": {func(s *store, image pushed) {
			s.push(t, "", image.about(artifact(t, bundleType, asLayer(sky.attested(t, "evil@example.com", issuer, statement(image.digest.Hex, spdx, document))))))
		}, ""},
		"of another image": {func(s *store, image pushed) {
			s.push(t, image.tag(".att"), artifact(t, "x/y", p.envelope(spdx, statement(other, spdx, document))))
		}, ""},
		"no document": {func(s *store, image pushed) {
			s.push(t, image.tag(".att"), artifact(t, "x/y", p.envelope(spdx, statement(image.digest.Hex, spdx, `"text"`))))
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t, true)
			image := s.base(t)
			tc.attach(s, image)
			bill, err := s.checker(sky.root(t), p.key).SBOM(t.Context(), s.image, image.digest.String(), image.digest.String())
			if err != nil || (bill == nil) != (tc.want == "") || bill != nil && (bill.Format != tc.want || string(bill.Data) != document) {
				t.Errorf("got %+v, %v", bill, err)
			}
		})
	}
}

func TestVEX(t *testing.T) {
	t.Parallel()
	p, stranger := elliptical(t, "acme.pub"), elliptical(t, "stranger.pub")
	s := newStore(t, true)
	image := s.base(t)
	for i, by := range []person{p, stranger} {
		said := statement(image.digest.Hex, openVEX, fmt.Sprintf(`{"author":"%d"}`, i))
		s.push(t, "", image.about(artifact(t, bundleType, by.bundle(said))))
	}
	c := s.checker(nil, p.key)
	for range 2 { // the second time it is known
		got, err := c.VEX(t.Context(), s.image, image.digest.String())
		if err != nil || len(got) != 1 || string(got[0]) != `{"author":"0"}` {
			t.Errorf("got %s, %v", got, err)
		}
	}
	if n := len(s.asked()); n != 1+2+2*2 {
		t.Errorf("%d requests", n)
	}
}

// TestNobodyTrusted: where nobody is trusted to say what is in an image, nothing is asked.
func TestNobodyTrusted(t *testing.T) {
	t.Parallel()
	s := newStore(t, true)
	image := s.base(t)
	c := signature.New(signature.Options{Registry: s, Root: newSky(t).root(t), Asks: func(string) bool { return false }, Now: time.Now})
	documents, err := c.VEX(t.Context(), s.image, image.digest.String())
	if err != nil || len(documents) > 0 {
		t.Errorf("got %s, %v", documents, err)
	}
	s.wants(t)
}

// buildKit is an index with one platform and what BuildKit puts beside it.
func buildKit(t *testing.T, s *store, attestations ...func(platform string) layer) (index, platform string) {
	t.Helper()
	image := must(random.Image(64, 1))
	digest := must(image.Digest())
	var layers []layer
	for _, make := range attestations {
		layers = append(layers, make(digest.Hex))
	}
	made := mutate.AppendManifests(
		empty.Index,
		mutate.IndexAddendum{Add: image, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: "amd64"}}},
		mutate.IndexAddendum{Add: artifact(t, "application/vnd.oci.image.config.v1+json", layers...), Descriptor: v1.Descriptor{
			Platform:    &v1.Platform{OS: "unknown", Architecture: "unknown"},
			Annotations: map[string]string{"vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": digest.String()},
		}},
	)
	if err := remote.WriteIndex(must(name.ParseReference(s.image+":kit", name.Insecure)), made); err != nil {
		t.Fatal(err)
	}
	s.asked()
	return must(made.Digest()).String(), digest.String()
}

func inToto(predicateType, predicate string) func(platform string) layer {
	return func(platform string) layer {
		return layer{"application/vnd.in-toto+json", statement(platform, predicateType, predicate), map[string]string{"in-toto.io/predicate-type": predicateType}}
	}
}

func TestAttachedSBOM(t *testing.T) {
	t.Parallel()
	stage := strings.Replace(document, `"sbom"`, `"sbom-build"`, 1)
	provenance := inToto("https://slsa.dev/provenance/v1", "{}")
	for name, tc := range map[string]struct {
		beside   []func(platform string) layer
		attached bool
		want     string
		requests int
	}{
		"not allowed":             {[]func(string) layer{inToto(spdx, document)}, false, "", 3},
		"allowed":                 {[]func(string) layer{provenance, inToto(spdx, document)}, true, document, 6},
		"with those of stages":    {[]func(string) layer{inToto(spdx, stage), inToto(spdx, document)}, true, document, 7},
		"those of stages alone":   {[]func(string) layer{inToto(spdx, stage), inToto(spdx, stage+" ")}, true, "", 7},
		"about another image":     {[]func(string) layer{func(string) layer { return inToto(spdx, document)(other) }}, true, "", 6},
		"none":                    {[]func(string) layer{provenance}, true, "", 5},
		"no JSON":                 {[]func(string) layer{func(string) layer { l := inToto(spdx, document)(other); l.data = []byte("<"); return l }}, true, "", 6},
		"nothing beside the rest": {nil, true, "", 5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t, true)
			index, platform := buildKit(t, s, tc.beside...)
			c := signature.New(signature.Options{
				Registry: s, Verifier: verifier.Local{}, Attached: tc.attached, Keys: func(string) []signature.Key { return []signature.Key{elliptical(t, "acme.pub").key} },
				Asks: func(string) bool { return true }, Trusted: func(string, scan.Signer) bool { return true }, Now: time.Now,
			})
			for range 2 {
				bill, err := c.SBOM(t.Context(), s.image, index, platform)
				if err != nil || (bill == nil) != (tc.want == "") || bill != nil && string(bill.Data) != tc.want {
					t.Errorf("got %+v, %v", bill, err)
				}
			}
			if got := s.asked(); len(got) != tc.requests {
				t.Errorf("requests: %s", strings.Join(got, "\n"))
			}
		})
	}
}
