package bot

import (
	"context"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
)

// askSignatures has the last word on a move that nothing else speaks against.
func (p *Planner) askSignatures(ctx context.Context, from, to Named, proof *Proof) error {
	if !proof.Verdict.Accepted || !p.Policy.Signatures.Ask(to.Image) {
		return nil
	}
	signed, err := p.signed(ctx, from, to)
	if err != nil {
		return err
	}
	ok, phrase := p.Policy.Signatures.Judge(to.Image, signed)
	switch {
	case !ok:
		proof.Verdict = scan.Verdict{Reasons: []string{phrase}}
	case phrase != "":
		proof.Verdict.Reasons = append(proof.Verdict.Reasons, phrase)
	}
	proof.Signature = phrase
	return nil
}

// signed asks who signed both images, or the second alone where the policy says who has to. Today's image may carry a signature without
// anybody having asked for one: where that cannot be found out, it is a remark. That an image which has to be signed could not be looked
// at is an error: it is not known to be good.
func (p *Planner) signed(ctx context.Context, from, to Named) (*scan.Signed, error) {
	if p.Signatures == nil {
		return nil, nil
	}
	s := &scan.Signed{}
	var err error
	if !p.Policy.Signatures.Required(to.Image) {
		s.Current, err = p.Signatures.Signing(ctx, from.Image, from.Digest)
		if err != nil {
			s.Current = scan.Signing{Unknown: fault.Text(err)}
			return s, ctx.Err()
		}
		if !s.Current.Carried {
			return s, nil
		}
	}
	s.Candidate, err = p.Signatures.Signing(ctx, to.Image, to.Digest)
	return s, err
}
