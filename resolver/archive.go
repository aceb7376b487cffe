package resolver

import (
	"context"
	"sync"
	"time"
)

// maxArchived bounds an Archive; one that is full starts anew.
const maxArchived = 10_000

// Archive remembers across cycles what digests stand for, which never changes: registries count such questions as pulls. It keeps no
// failure. It stands behind the Memo of each cycle and is safe for concurrent use. What it returns is shared: it must not be changed.
type Archive struct {
	Lookup

	mu     sync.Mutex
	images *cache[[2]string, Image]
	count  int
}

// NewArchive returns an empty archive in front of next.
func NewArchive(next Lookup) *Archive { return &Archive{Lookup: next} }

// Describe returns what a digest stands for.
func (a *Archive) Describe(ctx context.Context, image, digest string) (Image, error) {
	return a.shelf().get(ctx, [2]string{image, digest}, func(ctx context.Context) (Image, error) {
		found, err := a.Lookup.Describe(ctx, image, digest)
		if err == nil {
			a.mu.Lock()
			a.count++
			a.mu.Unlock()
		}
		return found, err
	})
}

func (a *Archive) shelf() *cache[[2]string, Image] {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.images == nil || a.count >= maxArchived {
		a.images, a.count = newCache[[2]string, Image](time.Now, successes), 0
	}
	return a.images
}

// successes are kept; a failure is told to those who wait for it, and forgotten.
func successes(err error) time.Duration {
	if err != nil {
		return 0
	}
	return forever(nil)
}
