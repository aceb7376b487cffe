package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/resolver"
	"github.com/basebump/basebump/resolver/tag"
	"github.com/basebump/basebump/scan"
)

// Named is one version of one image. The digest says which; the tag is for people.
type Named struct {
	Image  string `json:"image"`
	Tag    string `json:"tag"`
	Digest string `json:"digest"`
}

func (n Named) String() string {
	if n.Tag == "" {
		return n.Image + "@" + n.Digest
	}
	return n.Image + ":" + n.Tag
}

// Proof is what stands behind a verdict.
type Proof struct {
	From, To  resolver.Image
	Platforms []string // compared, in the order of Current and Next
	Opinion            // of the scanner that decides
	Others    []Opinion
	Signature string // who signed the second, or what is lacking, in words; empty where that plays no part

	stances string // what each of several scanners says, in words; one of the verdict's reasons
}

// Opinion is what one scanner says of a move.
type Opinion struct {
	Scanner string // as Scanner.Name
	Current []scan.Report
	Next    []scan.Report
	Diff    scan.Diff
	Ignored map[string]string // why a vulnerability of the diff does not count, by its id
	Verdict scan.Verdict
	Err     error // why there is no verdict
}

// Compare scans two images on every platform that the first has, or on those wanted, and judges the move from one to the other. Every
// scanner is asked, side by side; Policy.Agreement says which of them decides. The error is that of a scanner without which there is no
// verdict.
func (p *Planner) Compare(ctx context.Context, from, to Named, wanted []string) (*Proof, error) {
	proof := &Proof{}
	var err error
	if proof.From, err = p.Resolver.Describe(ctx, from.Image, from.Digest); err != nil {
		return nil, err
	}
	if proof.To, err = p.Resolver.Describe(ctx, to.Image, to.Digest); err != nil {
		return nil, err
	}
	pairs, lost := shared(proof.From, proof.To, wanted)
	if len(lost)+len(pairs) == 0 {
		return nil, noPlatform("compare", from)
	}
	for _, pair := range pairs {
		proof.Platforms = append(proof.Platforms, pair[0].Name)
	}
	first, err := p.firstSeen(ctx, to)
	if err != nil {
		return nil, err
	}
	evidence := scan.Evidence{
		Image: to.Image, Lost: lost, Created: proof.To.Created, FirstSeen: first, Now: p.Now(),
		SizeBefore: proof.From.Size, SizeAfter: proof.To.Size,
	}
	opinions, err := p.opinions(ctx, from, to, pairs, evidence)
	if err != nil {
		return nil, err
	}
	if err := p.settle(proof, opinions); err != nil {
		return nil, err
	}
	if err := p.askSignatures(ctx, from, to, proof); err != nil {
		return nil, err
	}
	if len(opinions) > 1 {
		proof.stances = stances(p.Policy.Agreement, opinions)
		proof.Verdict.Reasons = append(slices.Clone(proof.Verdict.Reasons), proof.stances)
	}
	return proof, nil
}

// opinions asks every scanner about a move, and the policy about what each of them found.
func (p *Planner) opinions(ctx context.Context, from, to Named, pairs [][2]resolver.Platform, evidence scan.Evidence) ([]Opinion, error) {
	aboutFrom, err := p.documents(ctx, from)
	if err != nil {
		return nil, err
	}
	aboutTo, err := p.documents(ctx, to)
	if err != nil {
		return nil, err
	}
	return sideBySide(p.Scanners, func(s Scanner) Opinion {
		current, next, err := s.both(ctx, from, to, pairs)
		if err != nil {
			return Opinion{Scanner: s.Name, Err: err}
		}
		o := Opinion{Scanner: s.Name, Current: setAside(aboutFrom, from, current), Next: setAside(aboutTo, to, next)}
		o.Diff = scan.Compare(o.Current, o.Next)
		o.Ignored = p.ignored(to.Image, o.Diff, evidence.Now)
		o.Verdict = p.Policy.Judge(o.seen(evidence))
		return o
	}), nil
}

// ignored says why some of a diff do not count. What a move introduces counts whatever the repository says of it.
func (p *Planner) ignored(image string, diff scan.Diff, now time.Time) map[string]string {
	reasons := map[string]string{}
	for _, v := range slices.Concat(diff.Fixed, diff.Remaining) {
		if why, ok := p.Policy.Accepts(image, v.ID, now); ok {
			reasons[v.ID] = why
		}
	}
	operator := Policy{Policy: scan.Policy{Ignored: p.Policy.Ignored}}
	for _, v := range diff.Introduced {
		delete(reasons, v.ID)
		if why, ok := operator.Accepts(image, v.ID, now); ok {
			reasons[v.ID] = why
		}
	}
	return reasons
}

// seen adds to what is known of a move what the scanner found.
func (o Opinion) seen(evidence scan.Evidence) scan.Evidence {
	evidence.Diff, evidence.Blank = o.Diff, scan.Blank(o.Current, o.Next)
	_, evidence.EndedBefore = systemEnded(o.Current, evidence.Now)
	evidence.Ended, _ = systemEnded(o.Next, evidence.Now)
	return evidence
}

// systemEnded says whether the operating system that a scanner saw is past its end of life.
func systemEnded(reports []scan.Report, now time.Time) (words string, ended bool) {
	for _, report := range reports {
		if end, ended := tag.Builtin().SystemEnded(report.OS.ID, report.OS.Version, now); ended {
			return end.String(), true
		}
	}
	return "", false
}

// both scans two images on every pair of platforms.
func (s Scanner) both(ctx context.Context, from, to Named, pairs [][2]resolver.Platform) (current, next []scan.Report, err error) {
	for _, pair := range pairs {
		before, err := s.platform(ctx, from, pair[0])
		if err != nil {
			return nil, nil, err
		}
		after, err := s.platform(ctx, to, pair[1])
		if err != nil {
			return nil, nil, err
		}
		after.Platform = before.Platform // reports are compared by name, and a Windows build's revision is in it
		current, next = append(current, before), append(next, after)
	}
	return current, next, nil
}

func noPlatform(op string, image Named) error {
	return &fault.Error{Op: op, Target: image.String(), Class: fault.Permanent, Err: errors.New("it has none of the platforms in question")}
}

func (p *Planner) firstSeen(ctx context.Context, image Named) (time.Time, error) {
	if p.Ledger == nil {
		return time.Time{}, nil
	}
	first, err := p.Ledger.Seen(ctx, image.Image, image.Digest, p.Now())
	if err != nil {
		return time.Time{}, fmt.Errorf("look up when %s was first seen: %w", image, err)
	}
	return first, nil
}

// shared pairs the platforms of both images, of wanted, or all when wanted is empty, and names those that the second lost.
func shared(from, to resolver.Image, wanted []string) (pairs [][2]resolver.Platform, lost []string) {
	for _, platform := range from.Platforms {
		if len(wanted) > 0 && !slices.ContainsFunc(wanted, platform.Answers) {
			continue
		}
		other, ok := answering(to, platform.Name)
		if !ok {
			lost = append(lost, platform.Name)
			continue
		}
		pairs = append(pairs, [2]resolver.Platform{platform, other})
	}
	return pairs, lost
}
