package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
)

// decision is what becomes of one use: a bump, or the reason why there is none.
type decision struct {
	bump     *Bump
	reason   string // empty when a finding says it all
	failed   bool   // the reason is that something could not be done
	findings []Finding
}

// decide says what becomes of one use, and what else is known of its image.
func (p *Planner) decide(ctx context.Context, u *use, newest answer) decision {
	if reason, ok := p.left(u.image); ok {
		return decision{reason: reason}
	}
	d := p.advance(ctx, u, newest)
	name := u.tag
	if d.bump != nil {
		name = d.bump.To.Tag
	}
	d.findings = append(d.findings, known(u.image, name, p.Now())...)
	if d.bump != nil {
		d.bump.Findings, d.findings = d.findings, nil
	}
	return d
}

// advance verifies the candidates in order, newest first, and takes the first that the policy accepts.
func (p *Planner) advance(ctx context.Context, u *use, newest answer) decision {
	switch {
	case u.tag == "":
		return decision{reason: "pinned by digest alone, so no tag says what is newer; write NAME:TAG@DIGEST to have it kept current"}
	case fault.ClassOf(newest.err) == fault.NotFound:
		return decision{failed: true, findings: []Finding{goneTag(u, newest)}}
	case newest.err != nil:
		return decision{reason: fault.Text(newest.err), failed: true}
	}
	today := Named{Image: u.image, Tag: u.tag, Digest: newest.digest}
	if u.digest != "" {
		today.Digest = u.digest
	}
	choice := u.choose(newest)
	var rejected []Rejection
	var findings []Finding // of the newest image that was looked at
	unmoved := "newest"
	for _, candidate := range choice.candidates {
		w, err := p.weigh(ctx, u, newest, today, candidate)
		if findings == nil {
			findings = w.findings
		}
		switch {
		case errors.Is(err, errPinGone):
			return decision{failed: true, findings: []Finding{goneDigest(u, newest)}}
		case err != nil:
			return decision{reason: fmt.Sprintf("%s not verified: %s", u.label(candidate), fault.Text(err)), failed: true}
		case w.same:
			unmoved = "newest in content"
		case w.proof.Verdict.Accepted:
			return decision{bump: u.move(p.written(u, w.Named), w.proof, append(rejected, choice.held...)), findings: choice.warn(w.findings)}
		default:
			rejected = append(rejected, Rejection{Tag: w.Tag, Digest: w.Digest, Reasons: w.proof.Verdict.Reasons})
		}
	}
	if newest.unseen { // nothing newer fits: what does the tag itself answer?
		return p.advance(ctx, u, p.see(ctx, u, newest))
	}
	if u.digest == "" && p.Policy.Pin {
		return decision{bump: u.pin(newest.digest, append(rejected, choice.held...)), findings: choice.warn(nil)}
	}
	reason := choice.stays(u, rejected, unmoved)
	if u.digest == "" {
		reason += "; not pinned, since policy.pin is off"
	}
	return decision{reason: reason, failed: choice.gap != "", findings: findings}
}

// weighed is a candidate that fits, and what speaks for or against it.
type weighed struct {
	fitted
	proof *Proof // nil when the content is the same
}

// weigh compares what the use runs today with a candidate. Without a scanner everything that fits passes, and says so.
func (p *Planner) weigh(ctx context.Context, u *use, newest answer, today, candidate Named) (weighed, error) {
	var fitted fitted
	var err error
	if len(p.Scanners) == 0 {
		fitted, err = p.fitUnseen(ctx, newest.pins[u.digest], u, candidate)
	} else {
		fitted, err = p.fit(ctx, u, today, candidate)
	}
	switch {
	case err != nil || fitted.same:
		return weighed{fitted: fitted}, err
	case fitted.refuse != "":
		return weighed{fitted, &Proof{Opinion: Opinion{Verdict: scan.Verdict{Reasons: []string{fitted.refuse}}}}}, nil
	}
	proof := &Proof{Opinion: Opinion{Verdict: scan.Verdict{Accepted: true, Reasons: []string{"not verified: no scan was asked for"}}}}
	if len(p.Scanners) > 0 {
		proof, err = p.Compare(ctx, today, fitted.Named, u.platforms())
	}
	if err == nil && fitted.note != "" {
		proof.Verdict.Reasons = append(proof.Verdict.Reasons, fitted.note)
	}
	return weighed{fitted, proof}, err
}

// written is what a use is to say of a candidate: one that is not pinned stays so unless the policy wants pins.
func (p *Planner) written(u *use, candidate Named) Named {
	if u.digest == "" && !p.Policy.Pin {
		candidate.Digest = ""
	}
	return candidate
}

// label names a candidate next to the use that may move to it: a build of the same tag by its digest, another tag by its name.
func (u *use) label(candidate Named) string {
	if candidate.Tag == u.tag {
		return "the build " + ShortDigest(candidate.Digest)
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
		SetAside:   proof.Diff.SetAside,
		Ignored:    proof.Ignored,
		Scanners:   proof.Said(),
		Files:      places(u.references),
		Rejected:   rejected,
		Signature:  proof.Signature,
		References: u.references,
		Proof:      proof,
	}
}

func (u *use) pin(digest string, rejected []Rejection) *Bump {
	verdict := scan.Verdict{Accepted: true, Reasons: []string{"writes down the digest that the tag answers today; no change in content"}}
	return u.move(Named{Tag: u.tag, Digest: digest}, &Proof{Opinion: Opinion{Verdict: verdict}}, rejected)
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

// ShortDigest is the beginning of a digest, as people tell digests apart.
func ShortDigest(digest string) string {
	_, hex, _ := strings.Cut(digest, ":")
	return fmt.Sprintf("%.8s", hex)
}
