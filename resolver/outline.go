package resolver

import (
	"context"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// Outline is Describe for who wants to know which platforms an index has. It costs one GET: a manifest that is no index is one platform
// without a name.
func (c *Client) Outline(ctx context.Context, image, digest string) (Image, error) {
	return c.read(ctx, image, digest, (*session).outline)
}

func (*session) outline(_ context.Context, hash v1.Hash, m manifest) (Image, error) {
	out := Image{Digest: hash.String()}
	if len(m.Manifests) == 0 {
		out.Platforms = []Platform{{Digest: out.Digest}}
		return out, nil
	}
	children, err := runnable(m.Manifests)
	if err != nil {
		return Image{}, err
	}
	for _, child := range children {
		name, _ := platformName(child.Platform)
		out.Platforms = append(out.Platforms, Platform{Name: name, Digest: child.Digest.String()})
	}
	return out, nil
}
