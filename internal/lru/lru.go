// Package lru keeps what was used last, up to a total size: tiles a browser asked
// for, shapes cut for a tile.
package lru

import (
	"container/list"
	"sync"
)

// perEntry is about what an entry costs beside its value, bytes.
const perEntry = 200

// Cache keeps values by key. It is safe for concurrent use.
type Cache[K comparable, V any] struct {
	bytes func(V) int
	limit int

	mu    sync.Mutex
	size  int
	order *list.List // of *entry[K, V], newest first
	byKey map[K]*list.Element
}

type entry[K comparable, V any] struct {
	key   K
	value V
}

// New makes a cache of at most limit bytes, of which bytes says how many a value
// takes; an entry itself counts as 200 more. A value larger than the limit is not kept.
func New[K comparable, V any](limit int, bytes func(V) int) *Cache[K, V] {
	return &Cache[K, V]{bytes: bytes, limit: limit, order: list.New(), byKey: map[K]*list.Element{}}
}

// Get returns the value of a key and makes it the newest.
func (c *Cache[K, V]) Get(key K) (value V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	el, ok := c.byKey[key]
	if !ok {
		return value, false
	}
	c.order.MoveToFront(el)
	return el.Value.(*entry[K, V]).value, true
}

// Put keeps a value; one that is there already stays as it is.
func (c *Cache[K, V]) Put(key K, value V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.byKey[key]; !ok {
		c.put(key, value)
	}
}

func (c *Cache[K, V]) put(key K, value V) {
	c.byKey[key] = c.order.PushFront(&entry[K, V]{key, value})
	c.size += c.bytes(value) + perEntry
	for c.size > c.limit {
		last := c.order.Remove(c.order.Back()).(*entry[K, V])
		delete(c.byKey, last.key)
		c.size -= c.bytes(last.value) + perEntry
	}
}

// Carry returns a new cache with the values whose keys keep wants, in the same order
// of use.
func (c *Cache[K, V]) Carry(keep func(K) bool) *Cache[K, V] {
	next := New[K](c.limit, c.bytes)
	c.mu.Lock()
	defer c.mu.Unlock()
	for el := c.order.Back(); el != nil; el = el.Prev() {
		if e := el.Value.(*entry[K, V]); keep(e.key) {
			next.put(e.key, e.value)
		}
	}
	return next
}

// Size returns the bytes kept and the number of values.
func (c *Cache[K, V]) Size() (bytes, values int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.size, len(c.byKey)
}
