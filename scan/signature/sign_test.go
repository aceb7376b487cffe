package signature_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"testing"
	"time"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"
	protobundle "github.com/sigstore/protobuf-specs/gen/pb-go/bundle/v1"
	protocommon "github.com/sigstore/protobuf-specs/gen/pb-go/common/v1"
	protodsse "github.com/sigstore/protobuf-specs/gen/pb-go/dsse"
	protorekor "github.com/sigstore/protobuf-specs/gen/pb-go/rekor/v1"
	"github.com/sigstore/sigstore-go/pkg/root"
	"github.com/sigstore/sigstore-go/pkg/testing/ca"
	"github.com/sigstore/sigstore-go/pkg/tlog"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/basebump/basebump/scan/signature"
)

const (
	issuer   = "https://token.example.com"
	identity = "release@acme.example"
	signs    = "https://sigstore.dev/cosign/sign/v1"
)

// person signs with a key.
type person struct {
	private crypto.Signer
	key     signature.Key
}

func newPerson(t *testing.T, name string, private crypto.Signer) person {
	t.Helper()
	raw := must(x509.MarshalPKIXPublicKey(private.Public()))
	key, err := signature.NewKey(name, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: raw}))
	if err != nil {
		t.Fatal(err)
	}
	return person{private, key}
}

func elliptical(t *testing.T, name string) person {
	t.Helper()
	return newPerson(t, name, must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)))
}

// people has one signer for each kind of key.
func people(t *testing.T) []person {
	t.Helper()
	_, edwards, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return []person{
		elliptical(t, "p256.pub"),
		newPerson(t, "p384.pub", must(ecdsa.GenerateKey(elliptic.P384(), rand.Reader))),
		newPerson(t, "ed25519.pub", edwards),
		newPerson(t, "rsa.pub", must(rsa.GenerateKey(rand.Reader, 2048))),
	}
}

func (p person) sign(message []byte) []byte {
	if _, ok := p.private.(ed25519.PrivateKey); ok {
		return must(p.private.Sign(rand.Reader, message, crypto.Hash(0)))
	}
	sum := sha256.Sum256(message)
	return must(p.private.Sign(rand.Reader, sum[:], crypto.SHA256))
}

// simple is a layer as `cosign sign --key` wrote it before there were bundles.
func (p person) simple(payload []byte) layer {
	return layer{simpleType, payload, map[string]string{"dev.cosignproject.cosign/signature": base64.StdEncoding.EncodeToString(p.sign(payload))}}
}

// bundle is a layer as cosign writes it now.
func (p person) bundle(statement []byte) layer {
	const kind = "application/vnd.in-toto+json"
	b := &protobundle.Bundle{
		MediaType: bundleType,
		VerificationMaterial: &protobundle.VerificationMaterial{
			Content: &protobundle.VerificationMaterial_PublicKey{PublicKey: &protocommon.PublicKeyIdentifier{Hint: "h"}},
		},
		Content: &protobundle.Bundle_DsseEnvelope{DsseEnvelope: &protodsse.Envelope{
			PayloadType: kind, Payload: statement, Signatures: []*protodsse.Signature{{Sig: p.sign(dsse.PAE(kind, statement))}},
		}},
	}
	return layer{bundleType, must(protojson.Marshal(b)), nil}
}

// envelope is a layer as `cosign attest --key` wrote it before there were bundles.
func (p person) envelope(predicateType string, statement []byte) layer {
	const kind = "application/vnd.in-toto+json"
	data := must(json.Marshal(dsse.Envelope{
		PayloadType: kind, Payload: base64.StdEncoding.EncodeToString(statement),
		Signatures: []dsse.Signature{{Sig: base64.StdEncoding.EncodeToString(p.sign(dsse.PAE(kind, statement)))}},
	}))
	return layer{dsseType, data, map[string]string{"predicateType": predicateType, "dev.cosignproject.cosign/signature": ""}}
}

func simplePayload(digest string) []byte {
	return fmt.Appendf(nil, `{"critical":{"identity":{"docker-reference":"acme/base"},"image":{"docker-manifest-digest":%q},"type":"cosign container image signature"},"optional":null}`, digest)
}

func statement(hexDigest, predicateType, predicate string) []byte {
	return fmt.Appendf(nil, `{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"acme/base","digest":{"sha256":%q}}],"predicateType":%q,"predicate":%s}`,
		hexDigest, predicateType, predicate)
}

// sky is a certificate authority with a transparency log and a timestamp authority.
type sky struct{ *ca.VirtualSigstore }

func newSky(t *testing.T) sky {
	t.Helper()
	vs, err := ca.NewVirtualSigstore()
	if err != nil {
		t.Fatal(err)
	}
	return sky{vs}
}

// trusted is the sky's trusted root, with what change makes of it.
func (s sky) trusted(t *testing.T, change func(ctlogs, rekor map[string]*root.TransparencyLog)) []byte {
	t.Helper()
	ctlogs, rekor := map[string]*root.TransparencyLog{}, s.RekorLogs()
	if change != nil {
		change(ctlogs, rekor)
	}
	for _, logs := range []map[string]*root.TransparencyLog{ctlogs, rekor} {
		for id, log := range logs {
			log.ID = must(hex.DecodeString(id))
		}
	}
	made, err := root.NewTrustedRoot(root.TrustedRootMediaType01, s.FulcioCertificateAuthorities(), ctlogs, s.TimestampingAuthorities(), rekor)
	if err != nil {
		t.Fatal(err)
	}
	return must(made.MarshalJSON())
}

func (s sky) root(t *testing.T) *signature.Root {
	t.Helper()
	return must(signature.NewRoot(s.trusted(t, nil)))
}

// soon is a time at which the certificates that are made now are valid.
func soon() time.Time { return time.Now().Add(5 * time.Minute) }

// promise is the log's signature of an entry, which the library's test entity keeps to itself.
func (s sky) promise(entry *tlog.Entry) []byte {
	return must(s.RekorSignPayload(tlog.RekorPayload{
		Body: entry.Body(), IntegratedTime: entry.IntegratedTime().Unix(), LogIndex: entry.LogIndex(), LogID: hex.EncodeToString([]byte(entry.LogKeyID())),
	}))
}

// simple is a layer as keyless `cosign sign` wrote it before there were bundles.
func (s sky) simple(t *testing.T, identity, issuer string, payload []byte) layer {
	t.Helper()
	entity := must(s.SignAtTime(identity, issuer, payload, soon()))
	entry := must(entity.TlogEntries())[0]
	kept := must(json.Marshal(map[string]any{"SignedEntryTimestamp": s.promise(entry), "Payload": tlog.RekorPayload{
		Body: entry.Body(), IntegratedTime: entry.IntegratedTime().Unix(), LogIndex: entry.LogIndex(), LogID: hex.EncodeToString([]byte(entry.LogKeyID())),
	}}))
	leaf := must(entity.VerificationContent()).Certificate()
	return layer{simpleType, payload, map[string]string{
		"dev.cosignproject.cosign/signature": base64.StdEncoding.EncodeToString(must(entity.SignatureContent()).Signature()),
		"dev.sigstore.cosign/certificate":    string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leaf.Raw})),
		"dev.sigstore.cosign/bundle":         string(kept),
	}}
}

// attested is the bundle of a statement, before anybody changes it.
func (s sky) attested(t *testing.T, identity, issuer string, statement []byte) *protobundle.Bundle {
	t.Helper()
	entity := must(s.AttestAtTime(identity, issuer, statement, soon(), true))
	envelope := must(entity.SignatureContent()).EnvelopeContent().RawEnvelope()
	entry := must(entity.TlogEntries())[0]
	logged := entry.TransparencyLogEntry()
	logged.KindVersion = &protorekor.KindVersion{Kind: "dsse", Version: "0.0.1"}
	logged.InclusionPromise = &protorekor.InclusionPromise{SignedEntryTimestamp: s.promise(entry)}
	return &protobundle.Bundle{
		MediaType: bundleType,
		VerificationMaterial: &protobundle.VerificationMaterial{
			Content: &protobundle.VerificationMaterial_Certificate{
				Certificate: &protocommon.X509Certificate{RawBytes: must(entity.VerificationContent()).Certificate().Raw},
			},
			TlogEntries: []*protorekor.TransparencyLogEntry{logged},
		},
		Content: &protobundle.Bundle_DsseEnvelope{DsseEnvelope: &protodsse.Envelope{
			PayloadType: envelope.PayloadType, Payload: must(envelope.DecodeB64Payload()),
			Signatures: []*protodsse.Signature{{Sig: must(base64.StdEncoding.DecodeString(envelope.Signatures[0].Sig))}},
		}},
	}
}

func asLayer(b *protobundle.Bundle) layer { return layer{bundleType, must(protojson.Marshal(b)), nil} }
