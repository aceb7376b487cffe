package resolver_test

import (
	"context"
	"errors"
	"testing"

	"github.com/basebump/basebump/resolver"
)

// counting answers Describe and counts how often it was asked.
type counting struct {
	resolver.Lookup
	asked int
	err   error
}

func (c *counting) Describe(_ context.Context, _, digest string) (resolver.Image, error) {
	c.asked++
	return resolver.Image{Digest: digest}, c.err
}

func TestArchiveKeepsAnswersAndForgetsFailures(t *testing.T) {
	t.Parallel()
	next := &counting{err: errors.New("429")}
	archive := resolver.NewArchive(next)
	for range 2 {
		if _, err := archive.Describe(t.Context(), "docker.io/library/debian", "sha256:a"); err == nil {
			t.Error("no error")
		}
	}
	next.err = nil
	for range 3 {
		if got, err := archive.Describe(t.Context(), "docker.io/library/debian", "sha256:a"); err != nil || got.Digest != "sha256:a" {
			t.Errorf("Describe = %v, %v", got, err)
		}
	}
	if next.asked != 3 {
		t.Errorf("asked %d times, want 3", next.asked)
	}
}
