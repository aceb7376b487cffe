package signature_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/process/processtest"
	"github.com/basebump/basebump/scan/signature"
)

func TestMain(m *testing.M) { processtest.Main(m) }

func TestProgram(t *testing.T) {
	t.Parallel()
	question := signature.Question{Digest: "sha256:" + other, Claims: []signature.Claim{{MediaType: simpleType, Data: []byte("payload")}}}
	missing := &fault.Error{Class: fault.Retry, Err: errors.New("no scanner: basebump-grype is not there"), Hint: "put it beside basebump"}
	for _, tc := range []struct {
		name   string
		answer processtest.Answer
		gone   error
		class  fault.Class
		want   string // of the error; empty: none
	}{
		{"verified", processtest.Answer{Stdout: `[{"signer":{"key":"acme.pub"}}]`}, nil, "", ""},
		{"not there", processtest.Answer{}, missing, fault.Retry, "no scanner: basebump-grype is not there"},
		{"failed", processtest.Answer{Stderr: "basebump-grype: read policy.trust_root: it is damaged", Exit: 3}, nil, fault.Unknown, "read policy.trust_root: it is damaged"},
		{"nothing said", processtest.Answer{}, nil, fault.Unknown, "read the verifier's answer: "},
		{"too few", processtest.Answer{Stdout: "[]"}, nil, fault.Unknown, "the verifier answered 0 of 1 questions"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			fake := processtest.New(t, "basebump-grype", tc.answer)
			p := signature.Program{
				Find:   func() (string, error) { return fake.Path, tc.gone },
				Getenv: func(string) string { return "" },
			}
			results, err := p.Verify(t.Context(), question)
			if tc.want == "" {
				if err != nil || len(results) != 1 || results[0].Signer != (scan.Signer{Key: "acme.pub"}) {
					t.Fatalf("got %+v, %v", results, err)
				}
				checkAsked(t, fake, question)
				return
			}
			if err == nil || fault.ClassOf(err) != tc.class || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v of class %q", err, fault.ClassOf(err))
			}
		})
	}
}

func checkAsked(t *testing.T, fake *processtest.Fake, question signature.Question) {
	t.Helper()
	calls := fake.Calls(t)
	if len(calls) != 1 || strings.Join(calls[0].Args, " ") != "verify" {
		t.Fatalf("called %+v", calls)
	}
	if want := string(must(json.Marshal(question))); calls[0].Stdin != want {
		t.Errorf("asked %s, want %s", calls[0].Stdin, want)
	}
}

// TestNobodyVerifies: where the program fails, nothing is known of an image's signatures.
func TestNobodyVerifies(t *testing.T) {
	t.Parallel()
	p := elliptical(t, "acme.pub")
	s := newStore(t, true)
	image := s.base(t)
	s.push(t, image.tag(".sig"), artifact(t, "x/y", p.simple(simplePayload(image.digest.String()))))
	fake := processtest.New(t, "basebump-grype", processtest.Answer{Exit: 3})
	c := signature.New(signature.Options{
		Registry: s, Keys: func(string) []signature.Key { return []signature.Key{p.key} }, Now: time.Now,
		Verifier: signature.Program{Find: func() (string, error) { return fake.Path, nil }, Getenv: func(string) string { return "" }},
	})
	if got, err := c.Signing(t.Context(), s.image, image.digest.String()); err == nil {
		t.Errorf("got %+v", got)
	}
}
