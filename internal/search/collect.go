package search

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/record"
)

// hit is a record that matches: which segment it is in, which one there, and how well it matches.
type hit struct {
	score      float64
	piece, doc uint32
}

// collection takes up the records of a search: it checks what the filter asks, counts facets, and keeps the hits.
type collection struct {
	*columns
	homes Homes
	// residence is what homes are in this snapshot, once somebody asks.
	residence *residence
	wanted    []condition
	unwanted  []condition
	// absent are records that are not there, by document number; nil when all are.
	absent  []bool
	tallies []tally
	// counted tells that the facets are counted already.
	counted bool
	// exact is how many have all the words.
	total, exact int
	keep         func(hit)
}

// condition asks for values in one field.
type condition struct {
	axis
	// sets are by number; a record must have a value in each.
	sets [][]bool
	// tally counts the field without its own condition; none when the field is not counted.
	tally int
}

func (c *condition) met(p *piece, doc uint32) bool {
	values := c.of(p, doc)
	for _, set := range c.sets {
		if !slices.ContainsFunc(values, func(v int32) bool { return set[v] }) {
			return false
		}
	}
	return true
}

// tally counts the values of a field.
type tally struct {
	axis
	counts []int
}

func (t *tally) add(p *piece, doc uint32) {
	for _, v := range t.of(p, doc) {
		t.counts[v]++
	}
}

// addAll counts all records of a segment but those that are deleted.
func (t *tally) addAll(p *piece, deleted []uint32) {
	if t.homes == nil {
		p.fields[t.column].count(t.counts)
	} else {
		for doc := range uint32(p.n) {
			t.add(p, doc)
		}
	}
	for _, doc := range deleted {
		for _, v := range t.of(p, doc) {
			t.counts[v]--
		}
	}
}

// newCollection counts the facets of a run.
func (r *run) newCollection(keep func(hit)) *collection {
	c := &collection{columns: r.columns, homes: r.Homes, keep: keep}
	for _, f := range r.Facets {
		if c.tallied(f) == none {
			a := c.axis(f)
			c.tallies = append(c.tallies, tally{axis: a, counts: make([]int, c.distinct(a))})
		}
	}
	return c
}

// tallied is the place of the tally of a field.
func (c *collection) tallied(f record.Field) int {
	return slices.IndexFunc(c.tallies, func(t tally) bool { return t.field == f })
}

// require asks for one of the values of each match.
func (c *collection) require(ms []catalog.Match) {
	for _, m := range ms {
		i := slices.IndexFunc(c.wanted, func(w condition) bool { return w.field == m.Field })
		if i < 0 {
			i = len(c.wanted)
			c.wanted = append(c.wanted, condition{axis: c.axis(m.Field), tally: c.tallied(m.Field)})
		}
		c.wanted[i].sets = append(c.wanted[i].sets, c.set(c.wanted[i].axis, m))
	}
}

// refuse leaves out what has one of the values of a match.
func (c *collection) refuse(ms []catalog.Match) {
	for _, m := range ms {
		a := c.axis(m.Field)
		c.unwanted = append(c.unwanted, condition{axis: a, sets: [][]bool{c.set(a, m)}})
	}
}

// take takes up one record. One that fails only the condition on a facet still counts for that facet.
func (c *collection) take(h hit) {
	p := &c.pieces[h.piece]
	if c.absent != nil && c.absent[p.first+uint64(h.doc)] {
		return
	}
	for i := range c.unwanted {
		if c.unwanted[i].met(p, h.doc) {
			return
		}
	}
	failed := none
	for i := range c.wanted {
		if c.wanted[i].met(p, h.doc) {
			continue
		}
		if failed != none || c.wanted[i].tally == none {
			return
		}
		failed = c.wanted[i].tally
	}
	if failed != none {
		c.tallies[failed].add(p, h.doc)
		return
	}
	if !c.counted {
		for i := range c.tallies {
			c.tallies[i].add(p, h.doc)
		}
	}
	c.total++
	if h.score >= wholeFirst {
		c.exact++
	}
	c.keep(h)
}

// checkEvery is after how many records somebody looks whether the answer is still wanted.
const checkEvery = 1 << 12

// these takes up candidates, which are in the order of their numbers.
func (c *collection) these(ctx context.Context, cs iter.Seq[candidate]) error {
	i, n := 0, 0
	for d := range cs {
		if n++; n%checkEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		for i+1 < len(c.pieces) && c.pieces[i+1].first <= uint64(d.doc) {
			i++
		}
		c.take(hit{score: d.rank(), piece: uint32(i), doc: d.doc - uint32(c.pieces[i].first)})
	}
	return nil
}

// all takes up every record, the last ones first: they are mostly those that changed last, and the hits that stay.
func (c *collection) all(ctx context.Context) error {
	c.counted = len(c.wanted)+len(c.unwanted) == 0 && c.absent == nil
	for i, p := range slices.Backward(c.pieces) {
		var deleted []uint32
		if p.deleted != nil {
			deleted = p.deleted.ToArray()
		}
		if c.counted {
			for _, t := range c.tallies {
				t.addAll(&p, deleted)
			}
		}
		for doc := p.n - 1; doc >= 0; doc-- {
			if doc%checkEvery == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			if last := len(deleted) - 1; last >= 0 && int(deleted[last]) == doc {
				deleted = deleted[:last]
				continue
			}
			c.take(hit{piece: uint32(i), doc: uint32(doc)})
		}
	}
	return nil
}

// counts are those of a facet, most frequent first.
func (c *collection) counts(f record.Field) []catalog.Count {
	var out []catalog.Count
	t := c.tallies[c.tallied(f)]
	for n, count := range t.counts {
		if count > 0 {
			out = append(out, catalog.Count{Value: c.value(t.axis, int32(n)), N: count})
		}
	}
	sortCounts(out)
	return out
}

func sortCounts(cs []catalog.Count) {
	slices.SortFunc(cs, func(a, b catalog.Count) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Value, b.Value))
	})
}

// order compares hits. There are no ties, so that a place in the list is the same whenever it is looked for.
func (c *columns) order(by Sort) func(a, b hit) int {
	ids := func(a, b hit) int { return c.compareTexts(idTexts, a, b) }
	switch by {
	case Relevance:
		return func(a, b hit) int {
			if a.score != b.score {
				return cmp.Compare(b.score, a.score)
			}
			return ids(a, b)
		}
	case Title:
		return func(a, b hit) int { return cmp.Or(c.compareTexts(titleTexts, a, b), ids(a, b)) }
	}
	of := c.numbers(by)
	return func(a, b hit) int {
		if x, y := of(a), of(b); x != y {
			return cmp.Compare(y, x)
		}
		return ids(a, b)
	}
}

// numbers gives the number of a hit that it is sorted by, the highest first: a moment in milliseconds, or how often it was
// repeated.
func (c *columns) numbers(by Sort) func(hit) int64 {
	switch by {
	case MostReused:
		return c.reuses
	case Newest:
		return func(h hit) int64 { return c.pieces[h.piece].published[h.doc] }
	}
	return func(h hit) int64 { return c.pieces[h.piece].updated[h.doc] }
}

func idTexts(s *strip) *texts    { return &s.ids }
func titleTexts(s *strip) *texts { return &s.titles }

// compareTexts compares by rank within a segment, where that is enough.
func (c *columns) compareTexts(of func(*strip) *texts, a, b hit) int {
	x, y := of(c.pieces[a.piece].strip), of(c.pieces[b.piece].strip)
	if a.piece == b.piece {
		return cmp.Compare(x.rank[a.doc], y.rank[b.doc])
	}
	return strings.Compare(x.of(a.doc), y.of(b.doc))
}

// sortValue is what a hit is sorted by, as it stands in a cursor.
func (c *columns) sortValue(by Sort, h hit) string {
	switch by {
	case Relevance:
		return strconv.FormatFloat(h.score, 'g', -1, 64)
	case Title:
		return c.pieces[h.piece].titles.of(h.doc)
	}
	return strconv.FormatInt(c.numbers(by)(h), 10)
}

func (c *columns) idOf(h hit) string { return c.pieces[h.piece].ids.of(h.doc) }

// follows tells of a hit whether it comes after a place in the list.
func (c *columns) follows(by Sort, value, id string) func(hit) bool {
	var compare func(hit) int
	switch by {
	case Relevance:
		score, _ := strconv.ParseFloat(value, 64) // parseCursor has looked
		compare = func(h hit) int { return cmp.Compare(score, h.score) }
	case Title:
		ranks := make([]uint32, len(c.pieces))
		exact := make([]bool, len(c.pieces))
		for i, p := range c.pieces {
			ranks[i], exact[i] = p.titles.find(value)
		}
		compare = func(h hit) int {
			n := cmp.Compare(c.pieces[h.piece].titles.rank[h.doc], ranks[h.piece])
			if n == 0 && !exact[h.piece] {
				return 1
			}
			return n
		}
	default:
		number, _ := strconv.ParseInt(value, 10, 64)
		of := c.numbers(by)
		compare = func(h hit) int { return cmp.Compare(number, of(h)) }
	}
	return func(h hit) bool {
		n := compare(h)
		return n > 0 || n == 0 && c.idOf(h) > id
	}
}

// top keeps the best hits, best first.
type top struct {
	hits    []hit
	most    int
	compare func(a, b hit) int
	// follows, when it is there, tells which hits are asked for.
	follows func(hit) bool
}

func (t *top) keep(h hit) {
	if t.follows != nil && !t.follows(h) {
		return
	}
	if len(t.hits) == t.most && t.compare(h, t.hits[t.most-1]) > 0 {
		return
	}
	i, _ := slices.BinarySearchFunc(t.hits, h, t.compare)
	t.hits = slices.Insert(t.hits[:min(len(t.hits), t.most-1)], i, h)
}
