package scan_test

import (
	"testing"

	"github.com/basebump/basebump/scan"
)

func TestSignatures(t *testing.T) {
	t.Parallel()
	key, other := scan.Signer{Key: "acme.pub"}, scan.Signer{Key: "other.pub"}
	workflow := func(ref string) scan.Signer {
		return scan.Signer{Identity: "https://github.com/acme/base/.github/workflows/release.yml@" + ref, Issuer: "https://token.example.com"}
	}
	wanted := func(string) []scan.WantedSigner {
		return []scan.WantedSigner{
			{Name: "the key acme.pub", Is: func(s scan.Signer) bool { return s == key }},
			{Name: "https://github.com/acme/**", Is: func(s scan.Signer) bool { return s.Issuer == "https://token.example.com" }},
		}
	}
	by := func(signers ...scan.Signer) scan.Signing { return scan.Signing{Carried: true, Signers: signers} }
	unverified := scan.Signing{Carried: true}
	for _, tc := range []struct {
		name   string
		policy scan.Signatures
		signed *scan.Signed
		ok     bool
		want   string
	}{
		{"not asked, not wanted", scan.Signatures{Keep: true}, nil, true, ""},
		{"not asked, wanted", scan.Signatures{Wanted: wanted}, nil, false, "its signatures were not asked for (policy.require_signature)"},
		{"wanted key", scan.Signatures{Wanted: wanted}, &scan.Signed{Candidate: by(other, key)}, true, "signed by the key acme.pub"},
		{
			"wanted identity",
			scan.Signatures{Wanted: wanted},
			&scan.Signed{Candidate: by(workflow("refs/tags/v1"))}, true,
			"signed by https://github.com/acme/base/.github/workflows/release.yml@refs/tags/v1 (https://token.example.com)",
		},
		{
			"another key",
			scan.Signatures{Wanted: wanted},
			&scan.Signed{Current: by(other), Candidate: by(other)}, false,
			"not signed by the key acme.pub or https://github.com/acme/**: it is signed by the key other.pub (policy.require_signature)",
		},
		{
			"nothing",
			scan.Signatures{Wanted: wanted},
			&scan.Signed{}, false,
			"not signed by the key acme.pub or https://github.com/acme/**: it carries no signature (policy.require_signature)",
		},
		{
			"does not verify",
			scan.Signatures{Wanted: wanted},
			&scan.Signed{Candidate: scan.Signing{Carried: true, Flaws: []string{"it signs another image"}}}, false,
			"not signed by the key acme.pub or https://github.com/acme/**: it signs another image (policy.require_signature)",
		},
		{"neither signed", scan.Signatures{Keep: true}, &scan.Signed{}, true, ""},
		{"signed now, not before", scan.Signatures{Keep: true}, &scan.Signed{Candidate: by(key)}, true, ""},
		{"signed before, not now", scan.Signatures{Keep: true}, &scan.Signed{Current: unverified}, false, "today's image carries a signature and this one does not (policy.keep_signature)"},
		{
			"verified before, not now",
			scan.Signatures{Keep: true},
			&scan.Signed{Current: by(key)}, false,
			"today's image is signed by the key acme.pub; for this one, it carries no signature (policy.keep_signature)",
		},
		{
			"verified before, only there now",
			scan.Signatures{Keep: true},
			&scan.Signed{Current: by(key), Candidate: unverified}, false,
			"today's image is signed by the key acme.pub; for this one, what it carries could not be verified (policy.keep_signature)",
		},
		{
			"both carry some",
			scan.Signatures{Keep: true},
			&scan.Signed{Current: unverified, Candidate: unverified}, true,
			"carries a signature, as today's image does; nothing is configured to verify them with",
		},
		{
			"the same workflow of another tag",
			scan.Signatures{Keep: true},
			&scan.Signed{Current: by(workflow("refs/tags/v1")), Candidate: by(workflow("refs/tags/v2"))}, true,
			"signed by the same as today's image: https://github.com/acme/base/.github/workflows/release.yml@refs/tags/v2 (https://token.example.com)",
		},
		{
			"another signer",
			scan.Signatures{Keep: true},
			&scan.Signed{Current: by(workflow("refs/tags/v1")), Candidate: by(other)}, false,
			"today's image is signed by https://github.com/acme/base/.github/workflows/release.yml@refs/tags/v1 (https://token.example.com); for this one, it is signed by the key other.pub (policy.keep_signature)",
		},
		{
			"today's image could not be looked at",
			scan.Signatures{Keep: true},
			&scan.Signed{Current: scan.Signing{Unknown: "ghcr.io answered 502"}}, true,
			"signatures not looked at: ghcr.io answered 502",
		},
	} {
		if ok, got := tc.policy.Judge("ghcr.io/acme/base", tc.signed); ok != tc.ok || got != tc.want {
			t.Errorf("%s: %v %q, want %v %q", tc.name, ok, got, tc.ok, tc.want)
		}
	}
}

func TestSameSigner(t *testing.T) {
	t.Parallel()
	const workflow = "https://github.com/acme/base/.github/workflows/release.yml"
	for _, tc := range []struct {
		a, b string
		same bool
	}{
		{workflow + "@refs/heads/main", workflow + "@refs/tags/v2", true},
		{workflow + "@refs/heads/main", workflow + "@0123456789012345678901234567890123456789", true},
		{workflow + "@refs/heads/main", "https://github.com/evil/base/.github/workflows/release.yml@refs/heads/main", false},
		{"release@acme.example", "release@refs/heads/main", false},
		{"release@acme.example", "release@evil.example", false},
		{"https://x@refs/a", "https://x@refs/b@refs/c", true},
	} {
		a, b := scan.Signer{Identity: tc.a, Issuer: "https://i"}, scan.Signer{Identity: tc.b, Issuer: "https://i"}
		if a.Same(b) != tc.same {
			t.Errorf("%s, %s: %v", tc.a, tc.b, a.Same(b))
		}
		if b.Issuer = "https://j"; a.Same(b) {
			t.Errorf("%s of two issuers is the same", tc.a)
		}
	}
}
