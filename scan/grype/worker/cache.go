package worker

import (
	"sync"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// cache keeps what was read of the newest layers: an image and its successor share most of them. Safe for concurrent use.
type cache struct {
	limit int64 // bytes, as usage.bytes estimates them

	mu    sync.Mutex
	used  int64
	order []v1.Hash // oldest first
	held  map[v1.Hash]*layer
}

func newCache(limit int64) *cache { return &cache{limit: limit, held: map[v1.Hash]*layer{}} }

func (c *cache) get(digest v1.Hash) (*layer, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l, ok := c.held[digest]
	return l, ok
}

func (c *cache) put(digest v1.Hash, l *layer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	size := l.cost.bytes()
	if _, ok := c.held[digest]; ok || size > c.limit {
		return
	}
	for c.used+size > c.limit {
		c.used -= c.held[c.order[0]].cost.bytes()
		delete(c.held, c.order[0])
		c.order = c.order[1:]
	}
	c.held[digest], c.used, c.order = l, c.used+size, append(c.order, digest)
}
