package signature_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	protobundle "github.com/sigstore/protobuf-specs/gen/pb-go/bundle/v1"
	protocommon "github.com/sigstore/protobuf-specs/gen/pb-go/common/v1"
	"github.com/sigstore/sigstore-go/pkg/root"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/signature"
	"github.com/basebump/basebump/scan/signature/verifier"
)

// other is the digest of another image.
var other = strings.Repeat("b", 64)

// TestForgedWithKey: what somebody can make of the right key's signatures.
func TestForgedWithKey(t *testing.T) {
	t.Parallel()
	p := elliptical(t, "acme.pub")
	simple := func(payload []byte) layer { return p.simple(payload) }
	for name, tc := range map[string]struct {
		layer func(image pushed) layer
		want  string
	}{
		"for another digest": {func(pushed) layer { return simple(simplePayload("sha256:" + other)) }, "it signs another image"},
		"with another payload": {func(image pushed) layer {
			l := simple(simplePayload("sha256:" + other))
			l.data = simplePayload(image.digest.String())
			return l
		}, "it does not verify: failed to verify signature: "},
		"of something that is no image": {func(image pushed) layer {
			return simple(bytes.Replace(simplePayload(image.digest.String()), []byte("cosign container image signature"), []byte("release note"), 1))
		}, "it signs something else than an image"},
		"of no JSON":            {func(pushed) layer { return simple([]byte("<html>")) }, "what it signs cannot be read"},
		"without a signature":   {func(image pushed) layer { return layer{simpleType, simplePayload(image.digest.String()), nil} }, "it carries no signature"},
		"a large payload":       {func(pushed) layer { return simple(make([]byte, 65<<10)) }, "it has 66560 bytes, more than 65536"},
		"an unknown type":       {func(pushed) layer { return layer{"text/x-shell", []byte("rm"), nil} }, "it is of an unknown type: text/x-shell"},
		"a bundle for another":  {func(pushed) layer { return p.bundle(statement(other, signs, "{}")) }, "it does not verify: failed to verify signature: provided artifact digest does not match any digest in statement"},
		"a bundle that is none": {func(pushed) layer { return layer{bundleType, []byte("{"), nil} }, "proto:"},
		"a deep bundle": {func(pushed) layer {
			return layer{bundleType, []byte(strings.Repeat(`{"x":`, 100_000)), nil}
		}, "proto:"},
		"a certificate that is none": {func(image pushed) layer {
			l := simple(simplePayload(image.digest.String()))
			l.annotations["dev.sigstore.cosign/certificate"] = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
			return l
		}, "its certificate is damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t, true)
			image := s.base(t)
			l := tc.layer(image)
			kind := cosignType
			if l.media == bundleType {
				kind = bundleType
			}
			s.push(t, "", image.about(artifact(t, kind, l)))
			wantFlaw(t, s.signing(t, s.checker(nil, p.key), image.digest), tc.want)
		})
	}
}

// TestOtherStatements: the right key says something about the image, but not that it is right.
func TestOtherStatements(t *testing.T) {
	t.Parallel()
	p := elliptical(t, "acme.pub")
	s := newStore(t, true)
	image := s.base(t)
	s.push(t, "", image.about(artifact(t, bundleType, p.bundle(statement(image.digest.Hex, "https://example.com/opinion", "{}")))))
	got := s.signing(t, s.checker(nil, p.key), image.digest)
	if want := "what it carries is no signature but says https://example.com/opinion"; got.Carried || len(got.Signers) > 0 || !slices.Equal(got.Flaws, []string{want}) {
		t.Errorf("got %+v", got)
	}
}

// wantFlaw wants a signature that is there and does not count.
func wantFlaw(t *testing.T, got scan.Signing, want string) {
	t.Helper()
	if !got.Carried || len(got.Signers) != 0 || len(got.Flaws) != 1 || !strings.HasPrefix(strings.ReplaceAll(got.Flaws[0], "\u00a0", " "), want) {
		t.Errorf("got %+v, want %q", got, want)
	}
}

// TestForgedCertificates: what does not hold of a certificate, its log entry or its time.
func TestForgedCertificates(t *testing.T) {
	t.Parallel()
	sky := newSky(t)
	noLog := func(_, rekor map[string]*root.TransparencyLog) { clear(rekor) }
	for name, tc := range map[string]struct {
		root   func(ctlogs, rekor map[string]*root.TransparencyLog)
		change func(*protobundle.Bundle)
		want   string // empty: it verifies
	}{
		"nothing":                       {nil, func(*protobundle.Bundle) {}, ""},
		"no log entry":                  {nil, func(b *protobundle.Bundle) { b.VerificationMaterial.TlogEntries = nil }, "it does not verify: failed to verify log inclusion: "},
		"no time at all":                {noLog, func(b *protobundle.Bundle) { b.VerificationMaterial.TlogEntries = nil }, "it does not verify: failed to verify timestamps: "},
		"a time from an authority":      {noLog, stamped(sky), ""},
		"a time of another signature":   {noLog, func(b *protobundle.Bundle) { stamp(sky, b, []byte("other")) }, "it does not verify: failed to verify timestamps: "},
		"an entry long after":           {nil, func(b *protobundle.Bundle) { b.VerificationMaterial.TlogEntries[0].IntegratedTime += 3600 }, "it does not verify: failed to verify log inclusion: "},
		"an entry about something else": {nil, func(b *protobundle.Bundle) { b.VerificationMaterial.TlogEntries[0].CanonicalizedBody[40]++ }, "validation error"},
		"another payload":               {nil, func(b *protobundle.Bundle) { b.GetDsseEnvelope().Payload[0] = ' ' }, "it does not verify: failed to verify log inclusion: "},
		"no promise of a certificate log": {
			func(ctlogs, rekor map[string]*root.TransparencyLog) {
				for id, log := range sky.CTLogs() {
					ctlogs[id] = log
				}
			}, func(*protobundle.Bundle) {}, "it does not verify: failed to verify signed certificate timestamp: ",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t, true)
			image := s.base(t)
			b := sky.attested(t, identity, issuer, statement(image.digest.Hex, signs, "{}"))
			tc.change(b)
			s.push(t, "", image.about(artifact(t, bundleType, asLayer(b))))
			got := s.signing(t, s.checker(must(signature.NewRoot(sky.trusted(t, tc.root)))), image.digest)
			if tc.want == "" {
				if len(got.Signers) != 1 {
					t.Errorf("got %+v", got)
				}
				return
			}
			wantFlaw(t, got, tc.want)
		})
	}
}

func stamped(s sky) func(*protobundle.Bundle) {
	return func(b *protobundle.Bundle) { stamp(s, b, b.GetDsseEnvelope().Signatures[0].Sig) }
}

// stamp puts the authority's time for a signature in the place of the log entry.
func stamp(s sky, b *protobundle.Bundle, made []byte) {
	b.VerificationMaterial.TlogEntries = nil
	b.VerificationMaterial.TimestampVerificationData = &protobundle.TimestampVerificationData{
		Rfc3161Timestamps: []*protocommon.RFC3161SignedTimestamp{{SignedTimestamp: must(s.TimestampResponse(made))}},
	}
}

// TestHostileRegistries: what a registry, or who may write to it, can make us read.
func TestHostileRegistries(t *testing.T) {
	t.Parallel()
	p := elliptical(t, "acme.pub")
	refuse := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	answer := func(media, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", media)
			_, _ = w.Write([]byte(text))
		}
	}
	const index = "application/vnd.oci.image.index.v1+json"
	for name, tc := range map[string]struct {
		referrers bool
		other     func(image pushed) map[string]http.HandlerFunc
		class     fault.Class
		want      string // the flaw
		requests  int
	}{
		"out of order": {true, func(pushed) map[string]http.HandlerFunc {
			return map[string]http.HandlerFunc{"/referrers/": refuse(502)}
		}, fault.Retry, "", 2},
		"forbidden": {true, func(pushed) map[string]http.HandlerFunc {
			return map[string]http.HandlerFunc{"/referrers/": refuse(403)}
		}, fault.Auth, "", 2},
		"a signature out of order": {true, func(pushed) map[string]http.HandlerFunc { return map[string]http.HandlerFunc{".sig": refuse(503)} }, fault.Retry, "", 3},
		"a huge manifest": {true, func(pushed) map[string]http.HandlerFunc {
			return map[string]http.HandlerFunc{".sig": answer(index, strings.Repeat(" ", 4<<20+1))}
		}, "", "read …: the answer is larger than 4 MiB", 3},
		"10,000 referrers": {true, func(image pushed) map[string]http.HandlerFunc {
			list := make([]v1.Descriptor, 10_000)
			for i := range list {
				list[i] = v1.Descriptor{Digest: v1.Hash{Algorithm: "sha256", Hex: fmt.Sprintf("%064x", i)}, Size: 7, ArtifactType: bundleType}
			}
			return map[string]http.HandlerFunc{"/referrers/": answer(index, string(must(json.Marshal(map[string]any{"manifests": list}))))}
		}, "", "it carries more than is read", 3 + 64},
		"the image itself at the tag for referrers": {false, func(image pushed) map[string]http.HandlerFunc {
			return map[string]http.HandlerFunc{"manifests/" + image.tag(""): answer(index, `{"manifests":[{"digest":"`+image.digest.String()+`","size":7}]}`)}
		}, "", "", 4},
		"the image as its own referrer": {false, func(image pushed) map[string]http.HandlerFunc {
			return map[string]http.HandlerFunc{"manifests/" + image.tag(""): answer(index, `{"manifests":[{"digest":"`+image.digest.String()+`","size":7,"artifactType":"`+bundleType+`"}]}`)}
		}, "", "what is attached refers to another image", 5},
		"no JSON at cosign's tag": {true, func(image pushed) map[string]http.HandlerFunc {
			return map[string]http.HandlerFunc{".sig": answer(index, "<html>")}
		}, "", "what is attached cannot be read", 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t, tc.referrers)
			image := s.base(t)
			s.other = tc.other(image)
			got, err := s.checker(nil, p.key).Signing(t.Context(), s.image, image.digest.String())
			if fault.ClassOf(err) != tc.class || (err != nil) != (tc.class != "") {
				t.Fatalf("got %v, want class %q", err, tc.class)
			}
			if n := len(s.asked()); n > tc.requests {
				t.Errorf("%d requests, want at most %d", n, tc.requests)
			}
			if err == nil {
				wantFirstFlaw(t, got, tc.want)
			}
		})
	}
}

func wantFirstFlaw(t *testing.T, got scan.Signing, want string) {
	t.Helper()
	switch start, end, _ := strings.Cut(want, "…"); {
	case len(got.Signers) > 0:
		t.Errorf("signed by %v", got.Signers)
	case want == "" && (got.Carried || len(got.Flaws) > 0):
		t.Errorf("got %+v, want nothing", got)
	case want != "" && (len(got.Flaws) == 0 || !strings.HasPrefix(got.Flaws[0], start) || !strings.Contains(got.Flaws[0], end)):
		t.Errorf("got %+v, want %q", got, want)
	}
}

// TestForget: that an image is signed as the policy asks is kept; by another, for a day; that it is not, for ten minutes.
func TestForget(t *testing.T) {
	t.Parallel()
	stranger, p := elliptical(t, "stranger.pub"), elliptical(t, "acme.pub")
	s := newStore(t, true)
	image := s.base(t)
	now := time.Now()
	c := signature.New(signature.Options{
		Registry: s, Verifier: verifier.Local{}, Keys: func(string) []signature.Key { return []signature.Key{stranger.key, p.key} },
		Trusted: func(_ string, by scan.Signer) bool { return by == p.key.Signer() }, Now: func() time.Time { return now },
	})
	ask := func(signers int, asks bool) {
		t.Helper()
		if got := s.signing(t, c, image.digest); len(got.Signers) != signers {
			t.Errorf("%+v", got)
		}
		if n := len(s.asked()); (n > 0) != asks {
			t.Errorf("%d requests", n)
		}
	}
	payload := simplePayload(image.digest.String())
	ask(0, true)
	s.push(t, image.tag(".sig"), artifact(t, "x/y", stranger.simple(payload)))
	now = now.Add(9 * time.Minute)
	ask(0, false)
	now = now.Add(2 * time.Minute)
	ask(1, true)
	s.push(t, image.tag(".sig"), artifact(t, "x/y", stranger.simple(payload), p.simple(payload)))
	now = now.Add(23 * time.Hour)
	ask(1, false)
	now = now.Add(2 * time.Hour)
	ask(2, true)
	now = now.AddDate(1, 0, 0)
	ask(2, false)
}
