package bot

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/resolver"
	"github.com/basebump/basebump/resolver/tag"
	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/vex"
)

// Planner decides what moves. It writes nothing; given the same snapshot, answers and reports it returns the same plan.
type Planner struct {
	Resolver Resolver
	Scanners []Scanner // none: candidates are not verified
	Ledger   Ledger    // nil: nothing is remembered
	Policy   Policy
	Now      func() time.Time
	Progress Progress // nil: silent

	VEX        VEX        // nil: no documents but the policy's
	Signatures Signatures // nil: nobody asks for them, and nothing passes that the policy wants signed
}

// Policy is the operator's, narrowed by the repository's.
type Policy struct {
	scan.Policy
	Agreement    scan.Agreement   // whose verdict counts among several scanners
	VEX          vex.Documents    // what they say does not affect an image does not count
	Pin          bool             // give unpinned references a digest
	Update       tag.Level        // how far a tag may move
	Distribution tag.Distribution // when the distribution in a tag may change
	// Left says whether an image is to be left alone, and why; nil: none is.
	Left func(image string, now time.Time) (reason string, ok bool)
}

// Plan returns a bump or a reason for every reference of the snapshot. What cannot be done for one image is a reason on its
// references; an error is returned only when ctx ends.
func (p *Planner) Plan(ctx context.Context, snapshot Snapshot) (Plan, error) {
	plan := Plan{Bumps: []Bump{}, Unchanged: []Unchanged{}}
	heeded := snapshot.Heed(p.Now())
	all := uses(heeded.References)
	answers := p.resolve(ctx, all)
	for i, u := range all {
		p.Progress.report("verify", i, len(all), u.ref().String())
		decided := p.decide(ctx, u, answers[u.ref()])
		if err := ctx.Err(); err != nil {
			return Plan{}, err
		}
		if decided.bump == nil {
			plan.Unchanged = append(plan.Unchanged, u.unchanged(decided)...)
			continue
		}
		plan.Bumps = append(plan.Bumps, *decided.bump)
	}
	p.Progress.report("verify", len(all), len(all), "")
	plan.Bumps = foldPins(plan.Bumps)
	plan.settle(snapshot)
	for _, skipped := range heeded.Skipped {
		plan.Unchanged = append(plan.Unchanged, Unchanged{Image: skipped.Raw, File: skipped.File, Line: skipped.Line, Reason: skipped.Reason})
	}
	sortUnchanged(plan.Unchanged)
	return plan, nil
}

// answer is what a registry said of one tag.
type answer struct {
	digest string
	err    error
	unseen bool   // nobody asked what the tag answers: it is listed, and a newer one may do
	newer  choice // than the tag

	pins map[string]outline // by digest: what uses that may move are pinned to; nil when all that moves is compared
}

// outline is what a registry said of a digest.
type outline struct {
	image resolver.Image
	err   error
}

// lookups bounds concurrent questions; the resolver keeps its own limit per registry.
const lookups = 16

// resolve asks of each tag in use, several at a time, before anything is scanned.
func (p *Planner) resolve(ctx context.Context, all []*use) map[tagged]answer {
	var asked []tagged
	matter := map[string][]string{} // what the tags of an image begin with that may become one's candidates
	seen := map[tagged]bool{}
	pins := map[tagged][]string{}
	for _, u := range all {
		_, left := p.left(u.image)
		if left || u.tag == "" {
			continue
		}
		if u.digest != "" && len(p.Scanners) == 0 {
			pins[u.ref()] = append(pins[u.ref()], u.digest)
		}
		if seen[u.ref()] {
			continue
		}
		seen[u.ref()] = true
		asked = append(asked, u.ref())
		if p.moves(u.ref()) {
			matter[u.image] = append(matter[u.image], tag.Prefix(p.query(u.ref())))
		}
	}
	list := make([]answer, len(asked))
	var group errgroup.Group
	group.SetLimit(lookups)
	done := p.Progress.counter("resolve", len(asked))
	for i, ref := range asked {
		group.Go(func() error {
			list[i] = p.outlook(ctx, ref, matter[ref.image])
			list[i].pins = p.outlines(ctx, ref.image, list[i], pins[ref])
			done(ref.String())
			return nil
		})
	}
	_ = group.Wait() // the goroutines return none: each answer carries its own error
	answers := make(map[tagged]answer, len(asked))
	for i, ref := range asked {
		answers[ref] = list[i]
	}
	return answers
}

// outlook asks what a tag answers now, and which tags are newer. A tag that is gone may have some. Where nothing is compared, only what
// may become the target is asked for.
func (p *Planner) outlook(ctx context.Context, ref tagged, matter []string) (a answer) {
	if len(p.Scanners) == 0 {
		a.newer, a.unseen = p.newerTags(ctx, ref, matter)
	}
	if a.unseen = a.unseen && len(a.newer.candidates) > 0; a.unseen {
		return a
	}
	a.digest, a.err = p.Resolver.Digest(ctx, ref.image, ref.tag)
	if len(p.Scanners) > 0 && (a.err == nil || (fault.ClassOf(a.err) == fault.NotFound && !errors.Is(a.err, resolver.ErrNoRepository))) {
		a.newer, _ = p.newerTags(ctx, ref, matter)
	}
	return a
}

// see asks what a tag answers that nobody asked for.
func (p *Planner) see(ctx context.Context, u *use, unseen answer) answer {
	unseen.unseen = false
	unseen.digest, unseen.err = p.Resolver.Digest(ctx, u.image, u.tag)
	return unseen
}

// outlines asks what the digests stand for that may move to what a tag answers now, or to a newer one.
func (p *Planner) outlines(ctx context.Context, image string, a answer, digests []string) map[string]outline {
	pins := map[string]outline{}
	for _, digest := range digests {
		if a.err == nil && (digest != a.digest || len(a.newer.candidates) > 0) {
			found, err := p.Resolver.Outline(ctx, image, digest)
			pins[digest] = outline{found, err}
		}
	}
	return pins
}
