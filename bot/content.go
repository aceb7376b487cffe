package bot

import (
	"context"
	"errors"
	"fmt"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/resolver"
)

// errPinGone says that the registry no longer has the digest that a use is pinned to.
var errPinGone = errors.New("the pinned digest is gone")

// fitted is a candidate as one use can take it.
type fitted struct {
	Named
	note   string // what was done to make it fit; empty: nothing
	refuse string // why it does not fit; empty: it does
	same   bool   // nothing differs that the use could run

	findings []Finding // what the candidate says of itself
}

// fit makes a candidate suit what the use has today: a pin to one platform's manifest stays on that platform, and a new build that
// differs only where the references do not run is none.
func (p *Planner) fit(ctx context.Context, u *use, today, candidate Named) (fitted, error) {
	from, err := p.Resolver.Describe(ctx, today.Image, today.Digest)
	if fault.ClassOf(err) == fault.NotFound && u.digest != "" {
		return fitted{}, fmt.Errorf("%w: %w", errPinGone, err)
	}
	if err != nil {
		return fitted{}, err
	}
	to, err := p.Resolver.Describe(ctx, candidate.Image, candidate.Digest)
	if err != nil {
		return fitted{}, err
	}
	f := fitted{Named: candidate, findings: retired(to)}
	if u.digest != "" && isManifest(from) && !isManifest(to) {
		if to = f.narrow(from.Platforms[0].Name, to); f.refuse != "" {
			return f, nil
		}
	}
	f.same = candidate.Tag == u.tag && sameContent(from, to, u.platforms())
	return f, nil
}

// fitUnseen is fit where nothing is compared: only a pin to one platform's manifest needs a look, at the pinned digest. Where that is
// gone nothing speaks against the candidate.
func (p *Planner) fitUnseen(ctx context.Context, pin outline, u *use, candidate Named) (fitted, error) {
	f := fitted{Named: candidate}
	if fault.ClassOf(pin.err) == fault.NotFound {
		return f, nil
	}
	if pin.err != nil || !isManifest(pin.image) {
		return f, pin.err
	}
	to, err := p.Resolver.Outline(ctx, candidate.Image, candidate.Digest)
	if err != nil || isManifest(to) {
		return f, err
	}
	from, err := p.Resolver.Describe(ctx, candidate.Image, u.digest)
	if err != nil {
		return f, err
	}
	to = f.narrow(from.Platforms[0].Name, to)
	f.same = candidate.Tag == u.tag && f.refuse == "" && to.Digest == u.digest
	return f, nil
}

// narrow makes the candidate the one platform of an index that a pin is for, and returns what is left of the index.
func (f *fitted) narrow(platform string, to resolver.Image) resolver.Image {
	child, ok := answering(to, platform)
	if !ok {
		f.refuse = "no longer built for " + platform + ", which the pin is for"
		return to
	}
	f.Digest = child.Digest
	f.note = "stays on " + platform + ", whose own manifest was pinned; " + f.Tag + " answers an index"
	return resolver.Image{Digest: child.Digest, Platforms: []resolver.Platform{child}}
}

// isManifest says that a digest is one platform's own, not an index.
func isManifest(image resolver.Image) bool {
	return len(image.Platforms) == 1 && image.Platforms[0].Digest == image.Digest
}

func answering(image resolver.Image, wanted string) (resolver.Platform, bool) {
	for _, platform := range image.Platforms {
		if platform.Answers(wanted) {
			return platform, true
		}
	}
	return resolver.Platform{}, false
}

// sameContent says whether two images have the same manifests for the platforms wanted, or for all when none is named.
func sameContent(from, to resolver.Image, wanted []string) bool {
	pairs, lost := shared(from, to, wanted)
	_, gained := shared(to, from, wanted)
	for _, pair := range pairs {
		if pair[0].Digest != pair[1].Digest {
			return false
		}
	}
	return len(pairs) > 0 && len(lost) == 0 && len(gained) == 0
}
