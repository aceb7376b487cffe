package resolver

import (
	"context"
	"strings"
	"time"
)

// Lookup is what a Memo stands before.
type Lookup interface {
	Digest(ctx context.Context, image, tag string) (string, error)
	Describe(ctx context.Context, image, digest string) (Image, error)
	Outline(ctx context.Context, image, digest string) (Image, error)
	Tags(ctx context.Context, image string, prefixes ...string) (TagList, error)
}

// Memo asks each question once in its life, however many ask it and whether it was answered or failed: make one per cycle.
// It is safe for concurrent use. What it returns is shared: it must not be changed.
type Memo struct {
	next    Lookup
	digests *cache[[2]string, string]
	images  *cache[[2]string, Image]
	shapes  *cache[[2]string, Image]
	tags    *cache[[2]string, TagList]
}

// NewMemo returns an empty memo in front of next.
func NewMemo(next Lookup) *Memo {
	return &Memo{
		next:    next,
		digests: newCache[[2]string, string](still, forever),
		images:  newCache[[2]string, Image](still, forever),
		shapes:  newCache[[2]string, Image](still, forever),
		tags:    newCache[[2]string, TagList](still, forever),
	}
}

// still and forever make a cache whose outcomes do not age.
func still() time.Time            { return time.Time{} }
func forever(error) time.Duration { return time.Hour }

// Digest returns what the tag answered when it was asked first.
func (m *Memo) Digest(ctx context.Context, image, tag string) (string, error) {
	return m.digests.get(ctx, [2]string{image, tag}, func(ctx context.Context) (string, error) {
		return m.next.Digest(ctx, image, tag)
	})
}

// Describe returns what a digest stands for.
func (m *Memo) Describe(ctx context.Context, image, digest string) (Image, error) {
	return m.images.get(ctx, [2]string{image, digest}, func(ctx context.Context) (Image, error) {
		return m.next.Describe(ctx, image, digest)
	})
}

// Outline returns the platforms that a digest stands for.
func (m *Memo) Outline(ctx context.Context, image, digest string) (Image, error) {
	return m.shapes.get(ctx, [2]string{image, digest}, func(ctx context.Context) (Image, error) {
		return m.next.Outline(ctx, image, digest)
	})
}

// Tags returns the tags that the image had when they were asked for first. It asks again for tags that were of no matter then, and came
// from what was kept of the list.
func (m *Memo) Tags(ctx context.Context, image string, prefixes ...string) (TagList, error) {
	ask := func(ctx context.Context) (TagList, error) { return m.next.Tags(ctx, image, prefixes...) }
	list, err := m.tags.get(ctx, [2]string{image}, ask)
	if err != nil || list.covers(prefixes) {
		return list, err
	}
	return m.tags.get(ctx, [2]string{image, "again " + strings.Join(prefixes, " ")}, ask)
}
