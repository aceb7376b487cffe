package github

import (
	"container/list"
	"sync"
)

// cacheSize bounds each cache, in bytes.
const cacheSize = 32 << 20

// cache keeps what can never change, since its key is a Git object id, and forgets what was not used for longest. Keys begin with the
// repository: what one installation may read says nothing about another.
type cache[V any] struct {
	max   int // bytes
	mu    sync.Mutex
	left  int // bytes
	items map[string]*list.Element
	order *list.List // the most recently used first
}

type item[V any] struct {
	key   string
	value V
	size  int
}

func newCache[V any](size int) *cache[V] {
	return &cache[V]{max: size, left: size, items: map[string]*list.Element{}, order: list.New()}
}

func (c *cache[V]) get(key string) (value V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	element, ok := c.items[key]
	if !ok {
		return value, false
	}
	c.order.MoveToFront(element)
	return element.Value.(item[V]).value, true
}

// put keeps a value of so many bytes, unless it is known or would not fit.
func (c *cache[V]) put(key string, value V, size int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.items[key] != nil || size > c.max {
		return
	}
	c.items[key] = c.order.PushFront(item[V]{key, value, size})
	for c.left -= size; c.left < 0; {
		oldest := c.order.Remove(c.order.Back()).(item[V])
		delete(c.items, oldest.key)
		c.left += oldest.size
	}
}
