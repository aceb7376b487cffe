package bot_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
)

// notary knows who signed what, and notes who was asked about.
type notary struct {
	signed map[string]scan.Signing // by digest
	errs   map[string]error
	asked  []string
}

func (n *notary) Signing(_ context.Context, _, digest string) (scan.Signing, error) {
	n.asked = append(n.asked, digest[7:11])
	return n.signed[digest], n.errs[digest]
}

// TestSignaturesOfPlans: who is asked about, and what becomes of the bump.
func TestSignaturesOfPlans(t *testing.T) {
	t.Parallel()
	acme, other := scan.Signer{Key: "acme.pub"}, scan.Signer{Key: "other.pub"}
	by := func(s scan.Signer) scan.Signing { return scan.Signing{Carried: true, Signers: []scan.Signer{s}} }
	wanted := scan.Signatures{Wanted: func(string) []scan.WantedSigner {
		return []scan.WantedSigner{{Name: "the key acme.pub", Is: func(s scan.Signer) bool { return s == acme }}}
	}}
	keep := scan.Signatures{Keep: true}
	down := &fault.Error{Op: "list referrers of", Target: debian, Class: fault.Retry, Err: errors.New("docker.io answered 502")}
	for _, tc := range []struct {
		name      string
		policy    scan.Signatures
		notary    *notary
		grave     bool     // something else speaks against the candidate
		asked     []string // beginnings of digests
		signature string   // of the bump; "-" for none
		reason    string   // that holds the image back
	}{
		{"nothing is asked", scan.Signatures{}, &notary{}, false, nil, "", ""},
		{"neither is signed", keep, &notary{}, false, []string{"1cdb"}, "", ""},
		{"both are", keep, &notary{signed: map[string]scan.Signing{oldDigest: by(acme), newDigest: by(acme)}}, false, []string{"1cdb", "f747"}, "signed by the same as today's image: the key acme.pub", ""},
		{"today's is", keep, &notary{signed: map[string]scan.Signing{oldDigest: by(acme)}}, false, []string{"1cdb", "f747"}, "-", "it carries no signature (policy.keep_signature)"},
		{"by another", keep, &notary{signed: map[string]scan.Signing{oldDigest: by(acme), newDigest: by(other)}}, false, []string{"1cdb", "f747"}, "-", "it is signed by the key other.pub (policy.keep_signature)"},
		{"wanted and there", wanted, &notary{signed: map[string]scan.Signing{newDigest: by(acme)}}, false, []string{"f747"}, "signed by the key acme.pub", ""},
		{"wanted and not there", wanted, &notary{}, false, []string{"f747"}, "-", "not signed by the key acme.pub: it carries no signature (policy.require_signature)"},
		{"rejected anyway", wanted, &notary{}, true, nil, "-", "introduces CVE-2026-2 (critical) in bash"},
		{"wanted and unknown", wanted, &notary{errs: map[string]error{newDigest: down}}, false, []string{"f747"}, "-", "not verified: list referrers of docker.io/library/debian: docker.io answered 502"},
		{"today's is unknown", keep, &notary{errs: map[string]error{oldDigest: down}}, false, []string{"1cdb"}, "signatures not looked at: list referrers of docker.io/library/debian: docker.io answered 502", ""},
		{"today's is signed, the other unknown", keep, &notary{signed: map[string]scan.Signing{oldDigest: by(acme)}, errs: map[string]error{newDigest: down}}, false, []string{"1cdb", "f747"}, "-", "not verified: list referrers of"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			registry, scanner := world()
			if tc.grave {
				scanner.found[newDigest] = []scan.Vulnerability{{ID: "CVE-2026-2", Severity: scan.Critical, Package: "bash", Type: "deb"}}
			}
			p := planner(registry, scanner)
			p.Policy.Signatures, p.Signatures = tc.policy, tc.notary
			plan := plan(t, p, tree{"Dockerfile": "FROM debian:12@" + oldDigest + "\n"})
			if !slices.Equal(tc.notary.asked, tc.asked) {
				t.Errorf("asked about %v, want %v", tc.notary.asked, tc.asked)
			}
			checkSigned(t, plan, tc.signature, tc.reason)
		})
	}
}

func checkSigned(t *testing.T, plan bot.Plan, signature, reason string) {
	t.Helper()
	if signature == "-" {
		if len(plan.Bumps) != 0 || len(plan.Unchanged) != 1 || !strings.Contains(plan.Unchanged[0].Reason, reason) {
			t.Errorf("%+v, %+v, want %q", plan.Bumps, plan.Unchanged, reason)
		}
		return
	}
	if len(plan.Bumps) != 1 || plan.Bumps[0].Signature != signature || plan.Bumps[0].Proof.Signature != signature {
		t.Errorf("%+v, want %q", plan, signature)
	}
}

// TestNobodyToAsk: a policy that wants signatures passes nothing when nobody can look for them.
func TestNobodyToAsk(t *testing.T) {
	t.Parallel()
	registry, scanner := world()
	p := planner(registry, scanner)
	p.Policy.Signatures.Wanted = func(string) []scan.WantedSigner { return []scan.WantedSigner{{Name: "anybody"}} }
	plan := plan(t, p, tree{"Dockerfile": "FROM debian:12@" + oldDigest + "\n"})
	checkSigned(t, plan, "-", "its signatures were not asked for (policy.require_signature)")
}
