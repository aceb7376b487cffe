package signature

import (
	"encoding/json"
	"strings"
	"unicode"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// Statement is an in-toto statement.
type Statement struct {
	PredicateType string `json:"predicateType"`
	Subject       []struct {
		Digest map[string]string `json:"digest"`
	} `json:"subject"`
	Predicate json.RawMessage `json:"predicate"`
}

// about says whether a statement names the digest as its subject.
func (s *Statement) about(digest v1.Hash) bool {
	for _, subject := range s.Subject {
		if subject.Digest[digest.Algorithm] == digest.Hex {
			return true
		}
	}
	return false
}

// signing says whether a statement stands for a signature: it says no more than that, or that its signer built the image.
func signing(predicateType string) bool {
	return predicateType == "https://sigstore.dev/cosign/sign/v1" || strings.HasPrefix(predicateType, "https://slsa.dev/provenance/")
}

// maxWords bounds what is told of a hostile answer, in characters.
const maxWords = 200

// OneLine makes a short line of what a hostile text says.
func OneLine(text string) string {
	var b strings.Builder
	n := 0
	for _, r := range text {
		if n++; n > maxWords {
			b.WriteString("…")
			break
		}
		if unicode.IsControl(r) {
			r = ' '
		}
		b.WriteRune(r)
	}
	return strings.ToValidUTF8(b.String(), "�")
}
