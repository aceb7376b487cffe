package verifier

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"

	protobundle "github.com/sigstore/protobuf-specs/gen/pb-go/bundle/v1"
	protocommon "github.com/sigstore/protobuf-specs/gen/pb-go/common/v1"
	protodsse "github.com/sigstore/protobuf-specs/gen/pb-go/dsse"
	protorekor "github.com/sigstore/protobuf-specs/gen/pb-go/rekor/v1"
	"github.com/sigstore/sigstore-go/pkg/bundle"

	"github.com/basebump/basebump/scan/signature"
)

// oldBundle is the version whose rules fit what cosign wrote before there were bundles: a promise of the log is enough.
const oldBundle = "application/vnd.dev.sigstore.bundle+json;version=0.1"

// simpleClaim makes a bundle of a payload in cosign's simple signing format and of the annotations beside it.
func simpleClaim(made signature.Claim) (claim, error) {
	signed, err := base64.StdEncoding.DecodeString(made.Annotations[signature.AnnotationSignature])
	if err != nil || len(signed) == 0 {
		return claim{}, errors.New("it carries no signature")
	}
	sum := sha256.Sum256(made.Data)
	content := &protobundle.Bundle_MessageSignature{MessageSignature: &protocommon.MessageSignature{
		MessageDigest: &protocommon.HashOutput{Algorithm: protocommon.HashAlgorithm_SHA2_256, Digest: sum[:]},
		Signature:     signed,
	}}
	material, err := materialOf(made.Annotations)
	if err != nil {
		return claim{}, err
	}
	b, err := bundle.NewBundle(&protobundle.Bundle{MediaType: oldBundle, VerificationMaterial: material, Content: content})
	return claim{bundle: b, payload: made.Data}, err
}

// envelopeClaim makes a bundle of an attestation as cosign wrote them before there were bundles.
func envelopeClaim(made signature.Claim) (claim, error) {
	var envelope struct {
		PayloadType string `json:"payloadType"`
		Payload     []byte `json:"payload"`
		Signatures  []struct {
			KeyID string `json:"keyid"`
			Sig   []byte `json:"sig"`
		} `json:"signatures"`
	}
	if err := json.Unmarshal(made.Data, &envelope); err != nil {
		return claim{}, fmt.Errorf("read envelope: %w", err)
	}
	sealed := &protodsse.Envelope{PayloadType: envelope.PayloadType, Payload: envelope.Payload}
	for _, s := range envelope.Signatures {
		sealed.Signatures = append(sealed.Signatures, &protodsse.Signature{Keyid: s.KeyID, Sig: s.Sig})
	}
	material, err := materialOf(made.Annotations)
	if err != nil {
		return claim{}, err
	}
	b, err := bundle.NewBundle(&protobundle.Bundle{
		MediaType: oldBundle, VerificationMaterial: material, Content: &protobundle.Bundle_DsseEnvelope{DsseEnvelope: sealed},
	})
	return claim{bundle: b}, err
}

// materialOf reads the annotations beside a signature. One without a certificate was made with a key; its log entry is not asked for.
func materialOf(annotations map[string]string) (*protobundle.VerificationMaterial, error) {
	text := annotations[signature.AnnotationCertificate]
	if text == "" {
		return &protobundle.VerificationMaterial{
			Content: &protobundle.VerificationMaterial_PublicKey{PublicKey: &protocommon.PublicKeyIdentifier{}},
		}, nil
	}
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("its certificate is no PEM")
	}
	if _, err := x509.ParseCertificate(block.Bytes); err != nil {
		return nil, errors.New("its certificate is damaged")
	}
	material := &protobundle.VerificationMaterial{
		Content: &protobundle.VerificationMaterial_Certificate{Certificate: &protocommon.X509Certificate{RawBytes: block.Bytes}},
	}
	if text := annotations[signature.AnnotationLogEntry]; text != "" {
		entry, err := logEntry(text)
		if err != nil {
			return nil, fmt.Errorf("read its log entry: %w", err)
		}
		material.TlogEntries = []*protorekor.TransparencyLogEntry{entry}
	}
	if text := annotations[signature.AnnotationTimestamp]; text != "" {
		var stamp struct {
			SignedRFC3161Timestamp []byte
		}
		if err := json.Unmarshal([]byte(text), &stamp); err != nil {
			return nil, fmt.Errorf("read its timestamp: %w", err)
		}
		material.TimestampVerificationData = &protobundle.TimestampVerificationData{
			Rfc3161Timestamps: []*protocommon.RFC3161SignedTimestamp{{SignedTimestamp: stamp.SignedRFC3161Timestamp}},
		}
	}
	return material, nil
}

// logEntry reads what cosign keeps of an entry in a transparency log: the entry, and the log's promise to include it.
func logEntry(text string) (*protorekor.TransparencyLogEntry, error) {
	var kept struct {
		SignedEntryTimestamp []byte
		Payload              struct {
			Body           []byte `json:"body"`
			IntegratedTime int64  `json:"integratedTime"`
			LogIndex       int64  `json:"logIndex"`
			LogID          string `json:"logID"`
		}
	}
	if err := json.Unmarshal([]byte(text), &kept); err != nil {
		return nil, err
	}
	log, err := hex.DecodeString(kept.Payload.LogID)
	if err != nil {
		return nil, err
	}
	var kind struct {
		Kind       string `json:"kind"`
		APIVersion string `json:"apiVersion"`
	}
	if err := json.Unmarshal(kept.Payload.Body, &kind); err != nil {
		return nil, err
	}
	return &protorekor.TransparencyLogEntry{
		LogIndex:          kept.Payload.LogIndex,
		LogId:             &protocommon.LogId{KeyId: log},
		KindVersion:       &protorekor.KindVersion{Kind: kind.Kind, Version: kind.APIVersion},
		IntegratedTime:    kept.Payload.IntegratedTime,
		InclusionPromise:  &protorekor.InclusionPromise{SignedEntryTimestamp: kept.SignedEntryTimestamp},
		CanonicalizedBody: kept.Payload.Body,
	}, nil
}
