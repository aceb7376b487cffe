package githubtest

import (
	"fmt"
	"io"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	gitobject "github.com/go-git/go-git/v5/plumbing/object"
)

// webFlow stands in the commits that GitHub itself makes and signs.
var webFlow = gitobject.Signature{Name: "GitHub", Email: "noreply@github.com"}

// webFlowSignature takes the place of GitHub's: it marks a commit as signed by GitHub's key, and verifies nothing.
const webFlowSignature = "-----BEGIN PGP SIGNATURE-----\n\nZ2l0aHVidGVzdA==\n-----END PGP SIGNATURE-----\n"

// signer is how an account signs the author and committer lines.
func signer(a *account, at time.Time) gitobject.Signature {
	return gitobject.Signature{Name: a.login, Email: a.email(), When: at.UTC().Truncate(time.Second)}
}

// signed makes the commit one of GitHub's own.
func signed(commit *gitobject.Commit, at time.Time) {
	commit.Committer = webFlow
	commit.Committer.When = at.UTC().Truncate(time.Second)
	commit.PGPSignature = webFlowSignature
}

// verified reports whether GitHub shows the commit as Verified.
func verified(commit *gitobject.Commit) bool { return commit.PGPSignature == webFlowSignature }

// verification is GitHub's view of a commit's signature.
func verification(commit *gitobject.Commit) (object, error) {
	if commit.PGPSignature == "" {
		return object{"verified": false, "reason": "unsigned", "signature": nil, "payload": nil, "verified_at": nil}, nil
	}
	payload := &plumbing.MemoryObject{}
	if err := commit.EncodeWithoutSignature(payload); err != nil {
		return nil, fmt.Errorf("encode what a commit's signature covers: %w", err)
	}
	reader, err := payload.Reader()
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	data, err := io.ReadAll(reader)
	if err != nil {
		return nil, err
	}
	o := object{"verified": false, "reason": "unknown_key", "signature": commit.PGPSignature, "payload": string(data), "verified_at": nil}
	if verified(commit) {
		o["verified"], o["reason"], o["verified_at"] = true, "valid", stamp(commit.Committer.When)
	}
	return o, nil
}
