package bot

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/basebump/basebump/dockerfile"
	"github.com/basebump/basebump/scan"
)

// Inventory is what one repository uses today.
type Inventory struct {
	Images  []InUse
	Skipped []dockerfile.Skipped // lines that name no image, or one that is to be ignored
	Policy  Policy               // the operator's, narrowed by the repository's
}

// InUse is one version of one image that is in use: what a scan finds in it, or why there is no scan of it.
type InUse struct {
	Named
	Files   []Place  // that name it
	Surveys []Survey // what each scanner finds, on the platforms that it may run on
	Left    string   // why the policy leaves the image alone; empty: it does not
	Err     error    // why no scanner could look at it
}

// TakeInventory reads one source and scans what it uses, under the settings that its own configuration leaves. What cannot be scanned
// is in the inventory; an error is returned when the source cannot be read.
func TakeInventory(ctx context.Context, source Source, planner *Planner, customize Customize) (Inventory, error) {
	snapshot, custom, err := Read(ctx, source, customize)
	if err != nil {
		return Inventory{}, err
	}
	own := *planner
	own.Policy = custom.Policy
	heeded := snapshot.Heed(own.Now())
	images, err := own.InUse(ctx, heeded.References)
	return Inventory{Images: images, Skipped: heeded.Skipped, Policy: own.Policy}, err
}

// InUse scans each distinct image of the references once, on the platforms that they may run on. What an unpinned reference uses is what
// its tag answers now. A reference needs no file. An error is returned only when ctx ends.
func (p *Planner) InUse(ctx context.Context, references []dockerfile.Reference) ([]InUse, error) {
	distinct, found := p.pinned(ctx, uses(references))
	for i, u := range distinct {
		image := u.inUse()
		p.Progress.report("scan", i, len(distinct), image.String())
		image.Surveys, image.Err = p.Surveys(ctx, image.Named, u.platforms())
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		found = append(found, image)
	}
	p.Progress.report("scan", len(distinct), len(distinct), "")
	return found, nil
}

// pinned gives every use the digest that it comes to and joins those of one digest. Uses that are to be left alone, or whose digest is
// not known, come back as others.
func (p *Planner) pinned(ctx context.Context, all []*use) (distinct []*use, others []InUse) {
	var wanted []*use
	for _, u := range all {
		reason, ok := p.left(u.image)
		if !ok {
			wanted = append(wanted, u)
			continue
		}
		image := u.inUse()
		image.Left = reason
		others = append(others, image)
	}
	index := map[Named]*use{}
	for i, err := range p.pin(ctx, wanted) {
		u := wanted[i]
		if err != nil {
			image := u.inUse()
			image.Err = err
			others = append(others, image)
			continue
		}
		key := Named{Image: u.image, Digest: u.digest}
		if same := index[key]; same != nil {
			same.references = append(same.references, u.references...)
			continue
		}
		index[key] = u
		distinct = append(distinct, u)
	}
	return distinct, others
}

// pin asks what the tags of unpinned uses answer. It returns an error, or none, for each use.
func (p *Planner) pin(ctx context.Context, all []*use) []error {
	errs := make([]error, len(all))
	var group errgroup.Group
	group.SetLimit(lookups)
	done := p.Progress.counter("resolve", len(all))
	for i, u := range all {
		group.Go(func() error {
			if u.digest == "" {
				u.digest, errs[i] = p.Resolver.Digest(ctx, u.image, u.tag)
			}
			done(u.ref().String())
			return nil
		})
	}
	_ = group.Wait() // the goroutines return none: each use has its own
	return errs
}

func (p *Planner) left(image string) (reason string, ok bool) {
	if p.Policy.Left == nil {
		return "", false
	}
	return p.Policy.Left(image, p.Now())
}

func (u *use) inUse() InUse {
	image := InUse{Named: Named{Image: u.image, Tag: u.tag, Digest: u.digest}}
	for _, place := range places(u.references) {
		if place.File != "" {
			image.Files = append(image.Files, place)
		}
	}
	return image
}

// Accepts says whether a vulnerability of an image in use is one that the operator or the repository ignores, and why.
func (p Policy) Accepts(image, id string, now time.Time) (why string, ok bool) {
	for _, exempt := range []scan.Exempt{p.Ignored, p.Worthless} {
		if exempt == nil {
			continue
		}
		if why, ok := exempt(image, id, now); ok {
			return why, true
		}
	}
	return "", false
}
