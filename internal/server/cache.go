package server

import (
	"container/list"
	"sync"
)

// cache keeps the tiles used last, up to a number of bytes.
type cache struct {
	mu    sync.Mutex
	limit int
	size  int
	order *list.List // of *entry, newest first
	byKey map[tileKey]*list.Element
}

type entry struct {
	key  tileKey
	data []byte
}

// perEntry is about what an entry costs beside its bytes.
const perEntry = 200

func newCache(limit int) *cache {
	return &cache{limit: limit, order: list.New(), byKey: map[tileKey]*list.Element{}}
}

func (c *cache) get(key tileKey) ([]byte, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	el, ok := c.byKey[key]
	if !ok {
		return nil, false
	}
	c.order.MoveToFront(el)
	return el.Value.(*entry).data, true
}

func (c *cache) put(key tileKey, data []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.byKey[key]; ok {
		return
	}
	c.byKey[key] = c.order.PushFront(&entry{key, data})
	c.size += len(data) + perEntry
	for c.size > c.limit {
		last := c.order.Remove(c.order.Back()).(*entry)
		delete(c.byKey, last.key)
		c.size -= len(last.data) + perEntry
	}
}
