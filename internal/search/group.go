package search

import (
	"slices"

	"github.com/udc-community/plein/internal/record"
)

// maxAlike is how many of the followers of a hit are named.
const maxAlike = 100

// grouping takes hits together that are nearly the same: in the order of the result a hit follows the first one before
// it that leads and that it shares a band with. Most records share a band with no other and lead themselves, in any
// order: only the rest has to be put in order for it.
type grouping struct {
	*columns
	related [][]bool
	// best are the leaders of the page.
	best *top
	// n is how many lead.
	n int
	// pool are the hits that others may be like; leader is, by place in it, the place of the one that leads.
	pool   []hit
	leader []uint32
}

func (c *columns) grouping(best *top) *grouping {
	return &grouping{columns: c, related: c.related(), best: best}
}

func (g *grouping) keep(h hit) {
	if g.related[h.piece][h.doc] {
		g.pool = append(g.pool, h)
		return
	}
	g.n++
	g.best.keep(h)
}

// lead finds out who leads.
func (g *grouping) lead() {
	slices.SortFunc(g.pool, g.best.compare)
	g.leader = make([]uint32, len(g.pool))
	leads := newBandTable(len(g.pool))
	for i, h := range g.pool {
		s := g.pieces[h.piece].alike.of(h.doc)
		first := uint32(i)
		for _, band := range s {
			if l, ok := leads.get(band); ok {
				first = min(first, l)
			}
		}
		g.leader[i] = first
		if first != uint32(i) {
			continue
		}
		for _, band := range s {
			leads.put(band, first)
		}
		g.n++
		g.best.keep(h)
	}
}

// followers are the hits that follow each of these leaders, in order.
func (g *grouping) followers(leaders []hit) [][]hit {
	out := make([][]hit, len(leaders))
	place := make(map[hit]int, len(leaders))
	for i, h := range leaders {
		place[h] = i
	}
	for i, l := range g.leader {
		if int(l) == i {
			continue
		}
		if j, ok := place[g.pool[l]]; ok {
			out[j] = append(out[j], g.pool[i])
		}
	}
	return out
}

// publishers is how many different publishers hits are of.
func (c *columns) publishers(hs []hit) int {
	seen := map[int32]bool{}
	for _, h := range hs {
		for _, p := range c.of(record.FieldPublisher, c.number(h)) {
			seen[p] = true
		}
	}
	return len(seen)
}

// related tells by segment and record whether any other record shares a band with it, deleted ones included.
func (c *columns) related() [][]bool {
	c.finding.Do(func() {
		total := 0
		for _, s := range c.strips {
			total += len(s.alike.all)
		}
		type place struct {
			of  *strip
			set int32
		}
		seen := newBandTable(total)
		sets := make([]place, 0, total)
		shared := map[*strip][]bool{}
		for _, s := range c.strips {
			shared[s] = make([]bool, len(s.alike.all))
		}
		for _, s := range c.strips {
			for i, bands := range s.alike.all {
				n := uint32(len(sets))
				sets = append(sets, place{s, int32(i)})
				for _, band := range bands {
					switch first, ok := seen.get(band); {
					case !ok:
						seen.put(band, n)
					case first != n:
						shared[s][i] = true
						shared[sets[first].of][sets[first].set] = true
					}
				}
			}
		}
		c.relations = make(map[*strip][]bool, len(c.strips))
		for _, s := range c.strips {
			c.relations[s] = s.alike.having(shared[s])
		}
	})
	out := make([][]bool, len(c.pieces))
	for i, p := range c.pieces {
		out[i] = c.relations[p.strip]
	}
	return out
}

// having tells by record whether its signature is one that others share, or one that other records have too.
func (s *signatures) having(shared []bool) []bool {
	count := make([]int, len(s.all))
	for _, i := range s.which {
		if i != none {
			count[i]++
		}
	}
	out := make([]bool, len(s.which))
	for doc, i := range s.which {
		out[doc] = i != none && (shared[i] || count[i] > 1)
	}
	return out
}

// bandTable finds a number by a band: a hash table with open addressing, because a map of all bands of a large result
// would take longer than the search.
type bandTable struct {
	keys   []uint64
	values []uint32
	mask   uint64
}

func newBandTable(signatures int) *bandTable {
	size := 16
	for size < 2*bands*signatures {
		size *= 2
	}
	return &bandTable{keys: make([]uint64, size), values: make([]uint32, size), mask: uint64(size - 1)}
}

// slot is where a band is, or where it would be. Keys are one more than the band, so that zero is free.
func (t *bandTable) slot(band uint64) uint64 {
	at := band & t.mask
	for t.keys[at] != 0 && t.keys[at] != band+1 {
		at = (at + 1) & t.mask
	}
	return at
}

func (t *bandTable) get(band uint64) (uint32, bool) {
	at := t.slot(band)
	return t.values[at], t.keys[at] != 0
}

func (t *bandTable) put(band uint64, value uint32) {
	at := t.slot(band)
	t.keys[at], t.values[at] = band+1, value
}
