package resolver

import (
	"context"
	"sync"
	"time"
)

// cache makes one call per key, however many ask at once, and keeps its outcome for a while. A failure that the asking caller's own
// context brought about is neither kept nor handed to the others: the next of them makes the call.
type cache[K comparable, V any] struct {
	now  func() time.Time
	life func(error) time.Duration // how long an outcome is kept; 0: only for those who wait already

	mu      sync.Mutex
	entries map[K]*outcome[V]
}

type outcome[V any] struct {
	done      chan struct{} // closed when the fields below are set
	value     V
	err       error
	until     time.Time
	abandoned bool
}

func newCache[K comparable, V any](now func() time.Time, life func(error) time.Duration) *cache[K, V] {
	return &cache[K, V]{now: now, life: life, entries: map[K]*outcome[V]{}}
}

func (c *cache[K, V]) get(ctx context.Context, key K, call func(context.Context) (V, error)) (V, error) {
	for {
		o, mine := c.claim(key)
		if mine {
			c.run(ctx, key, o, call)
			return o.value, o.err
		}
		select {
		case <-o.done:
			if !o.abandoned {
				return o.value, o.err
			}
		case <-ctx.Done():
			var none V
			return none, ctx.Err()
		}
	}
}

// claim returns the key's outcome, and whether the caller has to bring it about.
func (c *cache[K, V]) claim(key K) (o *outcome[V], mine bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if o, ok := c.entries[key]; ok && !c.expired(o) {
		return o, false
	}
	o = &outcome[V]{done: make(chan struct{})}
	c.entries[key] = o
	return o, true
}

func (c *cache[K, V]) expired(o *outcome[V]) bool {
	select {
	case <-o.done:
		return o.abandoned || !c.now().Before(o.until)
	default:
		return false
	}
}

func (c *cache[K, V]) run(ctx context.Context, key K, o *outcome[V], call func(context.Context) (V, error)) {
	o.abandoned = true // unless the call returns: a panic must not leave the others waiting
	defer close(o.done)
	o.value, o.err = call(ctx)
	o.abandoned = o.err != nil && ctx.Err() != nil
	life := c.life(o.err)
	o.until = c.now().Add(life)
	if !o.abandoned && life > 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.entries[key] == o {
		delete(c.entries, key)
	}
}
