package resolver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"golang.org/x/sync/errgroup"
)

const (
	maxChildren  = 512 // of an index, attestations included
	maxPlatforms = 64

	createdAnnotation = "org.opencontainers.image.created"
)

// manifest is an index or an image's manifest: what we read of either.
type manifest struct {
	Manifests   []v1.Descriptor   `json:"manifests"`
	Config      v1.Descriptor     `json:"config"`
	Annotations map[string]string `json:"annotations"`
	Layers      []struct {
		Size int64 `json:"size"`
	} `json:"layers"`
}

// Describe returns the platforms, age and labels of a digest. It costs one GET for the manifest and two for each platform whose age or
// name the index does not tell, at least for the first.
func (c *Client) Describe(ctx context.Context, image, digest string) (Image, error) {
	return c.read(ctx, image, digest, (*session).describe)
}

// read gets a digest's manifest and makes of it what is asked for.
func (c *Client) read(ctx context.Context, image, digest string, of func(*session, context.Context, v1.Hash, manifest) (Image, error)) (Image, error) {
	var found Image
	q := question{op: "describe", image: image, suffix: "@" + digest, missing: "digest not found in " + image}
	err := c.ask(ctx, q, func(s *session) error {
		hash, err := v1.NewHash(digest)
		if err != nil {
			return err
		}
		m, err := s.manifest(ctx, hash)
		if err != nil {
			return err
		}
		found, err = of(s, ctx, hash, m)
		return err
	})
	return found, err
}

func (s *session) describe(ctx context.Context, hash v1.Hash, m manifest) (Image, error) {
	children := []v1.Descriptor{{Digest: hash}}
	if len(m.Manifests) > 0 {
		var err error
		if children, err = runnable(m.Manifests); err != nil {
			return Image{}, err
		}
	}
	images, err := s.platforms(ctx, children, m)
	if err != nil {
		return Image{}, err
	}
	return combine(hash.String(), images, m.Annotations), nil
}

func (s *session) manifest(ctx context.Context, hash v1.Hash) (manifest, error) {
	desc, err := s.puller.Get(ctx, s.repo.Digest(hash.String()))
	if err != nil {
		return manifest{}, err
	}
	var m manifest
	if err := json.Unmarshal(desc.Manifest, &m); err != nil {
		return manifest{}, fmt.Errorf("read manifest: %w", err)
	}
	return m, nil
}

// runnable leaves out of an index what no machine runs: attestations, artifacts, nested indexes, second offers for a platform.
func runnable(manifests []v1.Descriptor) ([]v1.Descriptor, error) {
	if len(manifests) > maxChildren {
		return nil, fmt.Errorf("its index lists %d manifests, more than %d", len(manifests), maxChildren)
	}
	var children []v1.Descriptor
	seen := map[string]bool{}
	for _, child := range manifests {
		name, ok := platformName(child.Platform)
		if !ok || isAttachment(child) || (name != "" && seen[name]) {
			continue
		}
		seen[name] = true
		children = append(children, child)
	}
	switch {
	case len(children) == 0:
		return nil, errors.New("its index lists no image that can run")
	case len(children) > maxPlatforms:
		return nil, fmt.Errorf("its index lists %d platforms, more than %d", len(children), maxPlatforms)
	}
	return children, nil
}

// attachmentAnnotation is what BuildKit writes beside an attestation.
const attachmentAnnotation = "vnd.docker.reference.type"

// isAttachment says that a manifest in an index is about an image and none itself.
func isAttachment(child v1.Descriptor) bool {
	kind := types.MediaType(child.ArtifactType)
	return (child.MediaType != "" && !child.MediaType.IsImage()) || child.Annotations[attachmentAnnotation] != "" ||
		(child.Platform == nil && kind != "" && !kind.IsConfig())
}

// platforms describes each child. A child without a digest of its own to fetch is the manifest top itself.
func (s *session) platforms(ctx context.Context, children []v1.Descriptor, top manifest) ([]platformImage, error) {
	images := make([]platformImage, len(children))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(4)
	for i, child := range children {
		images[i].digest = child.Digest.String()
		images[i].name, _ = platformName(child.Platform)
		images[i].created = plausible(child.Annotations[createdAnnotation], s.now())
		if i > 0 && images[i].name != "" && !images[i].created.IsZero() {
			continue
		}
		group.Go(func() error {
			m := top
			if len(top.Manifests) > 0 {
				var err error
				if m, err = s.manifest(ctx, child.Digest); err != nil {
					return err
				}
			}
			return s.complete(ctx, &images[i], m)
		})
	}
	return images, group.Wait()
}

// combine makes one description of an image's platforms. The first speaks for size and labels.
func combine(digest string, images []platformImage, annotations map[string]string) Image {
	out := Image{Digest: digest, Size: images[0].size, Labels: clipLabels(images[0].labels, annotations)}
	var newest time.Time
	for _, image := range images {
		out.Platforms = append(out.Platforms, Platform{Name: image.name, Digest: image.digest})
		if image.created.After(newest) {
			newest = image.created
		}
	}
	out.Created = newest
	return out
}
