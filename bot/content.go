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
		platform := from.Platforms[0].Name
		child, ok := answering(to, platform)
		if !ok {
			f.refuse = "no longer built for " + platform + ", which the pin is for"
			return f, nil
		}
		f.Digest = child.Digest
		f.note = "stays on " + platform + ", whose own manifest was pinned; " + candidate.Tag + " answers an index"
		to = resolver.Image{Digest: child.Digest, Platforms: []resolver.Platform{child}}
	}
	f.same = candidate.Tag == u.tag && sameContent(from, to, u.platforms())
	return f, nil
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
