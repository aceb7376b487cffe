package resolver

import (
	"context"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// Outline is Describe for who wants to know which platforms an index has. It costs one GET: a manifest that is no index is one platform
// without a name.
func (c *Client) Outline(ctx context.Context, image, digest string) (Image, error) {
	var found Image
	q := question{op: "describe", image: image, suffix: "@" + digest, missing: "digest not found in " + image}
	err := c.ask(ctx, q, func(s *session) (err error) {
		found, err = s.outline(ctx, digest)
		return err
	})
	return found, err
}

func (s *session) outline(ctx context.Context, digest string) (Image, error) {
	hash, err := v1.NewHash(digest)
	if err != nil {
		return Image{}, err
	}
	m, err := s.manifest(ctx, hash)
	if err != nil {
		return Image{}, err
	}
	if len(m.Manifests) == 0 {
		return Image{Digest: digest, Platforms: []Platform{{Digest: digest}}}, nil
	}
	children, err := runnable(m.Manifests)
	if err != nil {
		return Image{}, err
	}
	out := Image{Digest: digest}
	for _, child := range children {
		name, _ := platformName(child.Platform)
		out.Platforms = append(out.Platforms, Platform{Name: name, Digest: child.Digest.String()})
	}
	return out, nil
}
