// Package verifier verifies what look-ups found attached to images, with Sigstore's library, which it alone links: that adds seven megabytes
// to a program, and a dozen parsers that read what strangers wrote. So it stands in a process beside the bot.
//
// It asks nobody: what a signature carries has to do.
package verifier

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan/signature"
)

// maxQuestion bounds a question, in bytes.
const maxQuestion = 128 << 20

// Local verifies in this process.
type Local struct{}

// Verify implements signature.Verifier.
func (Local) Verify(_ context.Context, q signature.Question) ([]signature.Result, error) {
	digest, err := v1.NewHash(q.Digest)
	if err != nil {
		return nil, unusable("read digest", err)
	}
	var t trust
	for _, k := range q.Keys {
		made, err := newKey(k)
		if err != nil {
			return nil, unusable("read the key "+k.Name, err)
		}
		t.keys = append(t.keys, made)
	}
	if q.Root != nil {
		if t.root, err = newRoot(*q.Root); err != nil {
			return nil, unusable("read policy.trust_root", errors.New(signature.OneLine(err.Error())))
		}
	}
	results := make([]signature.Result, len(q.Claims))
	for i, claim := range q.Claims {
		if results[i], err = t.check(claim, digest); err != nil {
			results[i] = signature.Result{Flaw: signature.OneLine(err.Error())}
		}
		if !q.Documents {
			results[i].Predicate = nil
		}
	}
	return results, nil
}

func unusable(op string, err error) error {
	return &fault.Error{Op: op, Class: fault.Permanent, Err: err}
}

// Answer reads one question and writes its results, as JSON.
func Answer(ctx context.Context, in io.Reader, out io.Writer) error {
	var q signature.Question
	if err := json.NewDecoder(io.LimitReader(in, maxQuestion)).Decode(&q); err != nil {
		return fmt.Errorf("read question: %w", err)
	}
	results, err := Local{}.Verify(ctx, q)
	if err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(results)
}
