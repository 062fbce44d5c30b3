package web

import (
	"math"
	"strings"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// cache holds answers by their whole key, so that two questions can never be taken for one, and at most so many bytes.
type cache struct {
	capacity int64

	mu      sync.Mutex
	bytes   int64
	entries *simplelru.LRU[string, *packed]
}

// entryOverhead is about what the list, the map and the headers of one entry take.
const entryOverhead = 256

func newCache(capacity int64) (*cache, error) {
	c := &cache{capacity: capacity}
	entries, err := simplelru.NewLRU(math.MaxInt, func(key string, p *packed) { c.bytes -= weight(key, p) })
	if err != nil {
		return nil, err
	}
	c.entries = entries
	return c, nil
}

func weight(key string, p *packed) int64 { return int64(len(key)) + p.size() + entryOverhead }

// cacheKey joins what an answer depends on. Only the last part may hold a line break.
func cacheKey(parts ...string) string { return strings.Join(parts, "\n") }

func (c *cache) get(key string) (*packed, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.entries.Get(key)
}

// put keeps an answer and lets go of those that were asked for longest ago. One that would push out most of the others
// is not kept.
func (c *cache) put(key string, p *packed) {
	w := weight(key, p)
	if w > c.capacity/4 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.entries.Remove(key)
	c.entries.Add(key, p)
	c.bytes += w
	for c.bytes > c.capacity {
		c.entries.RemoveOldest()
	}
}

func (c *cache) size() (bytes int64, entries int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bytes, c.entries.Len()
}
