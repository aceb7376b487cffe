package bot

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
)

// decision is what becomes of one use: a bump, or the reason why there is none.
type decision struct {
	bump   *Bump
	reason string
	failed bool // the reason is that something could not be done
}

// decide verifies the candidates in order, newest first, and takes the first that the policy accepts.
func (p *Planner) decide(ctx context.Context, u *use, newest answer) decision {
	if reason, ok := p.left(u.image); ok {
		return decision{reason: reason}
	}
	switch {
	case u.tag == "":
		return decision{reason: "pinned by digest alone, so no tag says what is newer; write NAME:TAG@DIGEST to have it kept current"}
	case newest.err != nil:
		return decision{reason: fault.Text(newest.err), failed: true}
	}
	today := Named{Image: u.image, Tag: u.tag, Digest: newest.digest}
	if u.digest != "" {
		today.Digest = u.digest
	}
	choice := p.choose(ctx, u, newest)
	var rejected []Rejection
	for _, candidate := range choice.candidates {
		proof, err := p.verify(ctx, u, today, candidate)
		if err != nil {
			return decision{reason: fmt.Sprintf("%s not verified: %s", u.label(candidate), fault.Text(err)), failed: true}
		}
		if proof.Verdict.Accepted {
			return decision{bump: u.move(candidate, proof, rejected)}
		}
		rejected = append(rejected, Rejection{Tag: candidate.Tag, Digest: candidate.Digest, Reasons: proof.Verdict.Reasons})
	}
	if u.digest == "" && p.Policy.Pin {
		return decision{bump: u.pin(newest.digest, rejected)}
	}
	reason := choice.stays(u, rejected)
	if u.digest == "" {
		reason += "; not pinned, since policy.pin is off"
	}
	return decision{reason: reason, failed: choice.gap != ""}
}

// verify compares what the use runs today with a candidate; without a scanner everything passes, and says so.
func (p *Planner) verify(ctx context.Context, u *use, today, candidate Named) (*Proof, error) {
	if p.Scanner == nil {
		return &Proof{Verdict: scan.Verdict{Accepted: true, Reasons: []string{"not verified: no scan was asked for"}}}, nil
	}
	return p.Compare(ctx, today, candidate, u.platforms())
}

// label names a candidate next to the use that may move to it: a build of the same tag by its digest, another tag by its name.
func (u *use) label(candidate Named) string {
	if candidate.Tag == u.tag {
		return "the build " + short(candidate.Digest)
	}
	return candidate.Tag
}

func (u *use) move(candidate Named, proof *Proof, rejected []Rejection) *Bump {
	return &Bump{
		Image:      u.image,
		From:       Version{Tag: u.tag, Digest: u.digest, Created: date(proof.From.Created)},
		To:         Version{Tag: candidate.Tag, Digest: candidate.Digest, Created: date(proof.To.Created)},
		Verdict:    proof.Verdict,
		Fixed:      orEmpty(proof.Diff.Fixed),
		Introduced: orEmpty(proof.Diff.Introduced),
		Remaining:  orEmpty(proof.Diff.Remaining),
		Files:      places(u.references),
		Rejected:   rejected,
		References: u.references,
		Proof:      proof,
	}
}

func (u *use) pin(digest string, rejected []Rejection) *Bump {
	verdict := scan.Verdict{Accepted: true, Reasons: []string{"writes down the digest that the tag answers today; no change in content"}}
	return u.move(Named{Tag: u.tag, Digest: digest}, &Proof{Verdict: verdict}, rejected)
}

// date is nil for a time that is not known.
func date(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// orEmpty keeps an empty list a list in JSON.
func orEmpty(list []scan.Vulnerability) []scan.Vulnerability {
	if list == nil {
		return []scan.Vulnerability{}
	}
	return list
}

func short(digest string) string {
	_, hex, _ := strings.Cut(digest, ":")
	return fmt.Sprintf("%.8s", hex)
}
