package resolver

import (
	"context"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// Outline is Describe for who wants the platforms alone. It costs one GET, and one more for a manifest that is no index.
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
		only := platformImage{digest: digest}
		if err := s.complete(ctx, &only, m); err != nil {
			return Image{}, err
		}
		return Image{Digest: digest, Platforms: []Platform{{Name: only.name, Digest: digest}}}, nil
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
