package search

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	bleve "github.com/blevesearch/bleve/v2/search"
	segment "github.com/blevesearch/scorch_segment_api/v2"

	"github.com/udc-community/plein/internal/record"
)

// columns are the terms and the sort keys of all records of one snapshot by document number, in memory: what filters,
// facets, sorting and grouping read instead of the index. They hold only as long as the snapshot.
type columns struct {
	*held
	pieces []piece
	// reused is how often each record was repeated, by piece and rank of its id, once that was counted.
	reused [][]int64
}

// piece is what is held of a segment, at its place in a snapshot.
type piece struct {
	*strip
	// first is the document number of the segment's first record.
	first   uint64
	deleted *roaring.Bitmap
}

// held is what a volume has in memory. When another segment comes it is replaced.
type held struct {
	terms *numbering
	// strips by the id of their segment. A segment never changes, so a write costs what is in the new segment.
	strips map[uint64]*strip
	// relations says which records others are like, once somebody groups; see related.
	finding   sync.Once
	relations map[*strip][]bool
}

// strip is the columns of one segment, deleted records included: they are deleted in a snapshot.
type strip struct {
	n int
	// fields are in the order of columnFields.
	fields      []column
	ids, titles texts
	// updated and published are in milliseconds.
	updated, published []int64
	alike              signatures
	// reuses are by projects that build on another, refused are those that this other one hides.
	reuses, refused []pointing
	// distinct is how many terms are in it.
	distinct int
	bytes    int64
}

// column holds the values of one field.
type column struct {
	// one is the value of each record or none, when no record has more than one.
	one []int32
	// small is the same in a quarter of the room, with noneSmall: the places in numbers, which holds 0, 1, 2, …
	small   []uint8
	numbers []int32
	// Otherwise record i has many[from[i]:from[i+1]].
	from []uint32
	many []int32
}

// none and noneSmall stand where a record has no value.
const (
	none      = -1
	noneSmall = 255
)

// of gives the values of a record.
func (c *column) of(doc uint32) []int32 {
	switch {
	case c.small != nil:
		if n := c.small[doc]; n != noneSmall {
			return c.numbers[n : n+1]
		}
	case c.from != nil:
		return c.many[c.from[doc]:c.from[doc+1]]
	case c.one != nil:
		if c.one[doc] != none {
			return c.one[doc : doc+1]
		}
	}
	return nil
}

// count counts the values of all records.
func (c *column) count(into []int) {
	for _, n := range c.small {
		if n != noneSmall {
			into[n]++
		}
	}
	for _, n := range c.one {
		if n != none {
			into[n]++
		}
	}
	for _, n := range c.many {
		into[n]++
	}
}

// texts are sorted texts, one for each record.
type texts struct {
	// Text i is all[from[i]:from[i+1]].
	all  string
	from []uint32
	// rank is which text a record has; the number of texts when it has none.
	rank []uint32
}

func (t *texts) len() int { return len(t.from) - 1 }

// at is the text with a rank. A record without one comes last, as in bleve's own order.
func (t *texts) at(rank uint32) string {
	if int(rank) == t.len() {
		return bleve.HighTerm
	}
	return t.all[t.from[rank]:t.from[rank+1]]
}

func (t *texts) of(doc uint32) string { return t.at(t.rank[doc]) }

// find is the rank of the first text that is not before s.
func (t *texts) find(s string) (rank uint32, exact bool) {
	i, exact := sort.Find(t.len(), func(i int) int { return strings.Compare(s, t.at(uint32(i))) })
	return uint32(i), exact || i == t.len() && s == bleve.HighTerm
}

// columnFields are the terms that records are searched by: all but links to other records, which have nearly as many
// values as there are records.
func columnFields() []record.Field {
	return slices.DeleteFunc(record.Fields(), func(f record.Field) bool {
		return f == record.FieldTemplate || f == record.FieldTemplateVersion || f == record.FieldForkedFrom || f == record.FieldProject ||
			f == record.FieldBasedOn || f == record.FieldNode
	})
}

// numbering numbers the values of every field. Numbers are the same in all segments of a volume.
type numbering struct {
	numbers map[record.Field]int
	fields  []dictionary
	size    atomic.Int64
	// small holds 0, 1, 2, … for columns with few values.
	small []int32
}

type dictionary struct {
	sync.RWMutex
	ordinals map[string]int32
	values   []string
}

func newNumbering() *numbering {
	fs := columnFields()
	d := &numbering{numbers: make(map[record.Field]int, len(fs)), fields: make([]dictionary, len(fs)), small: make([]int32, noneSmall)}
	for i := range d.small {
		d.small[i] = int32(i)
	}
	for i, f := range fs {
		d.numbers[f] = i
		d.fields[i].ordinals = map[string]int32{}
	}
	return d
}

// number gives a value its number.
func (d *numbering) number(field int, value string) int32 {
	f := &d.fields[field]
	f.Lock()
	defer f.Unlock()
	n, ok := f.ordinals[value]
	if !ok {
		n, value = int32(len(f.values)), strings.Clone(value)
		f.ordinals[value] = n
		f.values = append(f.values, value)
		d.size.Add(1)
	}
	return n
}

// columns gives the columns of a snapshot. What is not in memory yet is read, by one reader at a time.
func (v *volume) columns(s *scorch.IndexSnapshot) (*columns, error) {
	if c := v.held.Load().columns(s); c != nil {
		return c, nil
	}
	v.reading.Lock()
	defer v.reading.Unlock()
	h := v.held.Load()
	if c := h.columns(s); c != nil {
		return c, nil
	}
	next, err := h.with(s)
	if err != nil {
		return nil, fmt.Errorf("read the columns of the index: %w", err)
	}
	v.held.Store(next)
	return next.columns(s), nil
}

// warm reads the columns before a search has to wait for it.
func (v *volume) warm() error {
	return v.read(func(s *scorch.IndexSnapshot) error {
		_, err := v.columns(s)
		return err
	})
}

// columns of a snapshot, nil when something is missing.
func (h *held) columns(s *scorch.IndexSnapshot) *columns {
	if h == nil {
		return nil
	}
	out := &columns{held: h, pieces: make([]piece, len(s.Segments()))}
	var first uint64
	for i, seg := range s.Segments() {
		st := h.strips[seg.Id()]
		if st == nil {
			return nil
		}
		out.pieces[i] = piece{strip: st, first: first, deleted: seg.Deleted()}
		first += uint64(st.n)
	}
	return out
}

// slack is how many values that no record has any more the numbering may always hold.
const slack = 10_000

// with is what is held once a snapshot is read: its segments and no others. Values that no record has any more go when
// they are the greater part.
func (h *held) with(s *scorch.IndexSnapshot) (*held, error) {
	next := &held{strips: map[uint64]*strip{}}
	distinct := 0
	if h != nil {
		next.terms = h.terms
		for _, seg := range s.Segments() {
			if st := h.strips[seg.Id()]; st != nil {
				next.strips[seg.Id()] = st
				distinct += st.distinct
			}
		}
	}
	if next.terms == nil || next.terms.size.Load() > int64(2*distinct+slack) {
		next.terms = newNumbering()
		clear(next.strips)
	}
	err := guard(func() error {
		for _, seg := range s.Segments() {
			if next.strips[seg.Id()] != nil {
				continue
			}
			st, err := next.terms.read(seg)
			if err != nil {
				return err
			}
			next.strips[seg.Id()] = st
		}
		return nil
	})
	return next, err
}

// bytes is the memory that is held, numbering included.
func (h *held) bytes() int64 {
	if h == nil {
		return 0
	}
	var n int64
	for _, st := range h.strips {
		n += st.bytes
	}
	for i := range h.terms.fields {
		f := &h.terms.fields[i]
		f.RLock()
		for _, v := range f.values {
			n += int64(len(v)) + dictionaryEntry
		}
		f.RUnlock()
	}
	return n
}

// dictionaryEntry is about what a value takes beside its text: two headers, a number, and room in the map.
const dictionaryEntry = 64

// read makes the columns of a segment out of its numbering and postings, which are sorted by value.
func (d *numbering) read(seg *scorch.SegmentSnapshot) (*strip, error) {
	s := &strip{n: int(seg.FullSize()), fields: make([]column, len(d.fields))}
	have := map[string]bool{}
	for _, name := range seg.Fields() {
		have[name] = true
	}
	var pairs []valueOf
	for i, f := range columnFields() {
		if !have[string(f)] {
			continue
		}
		pairs = pairs[:0]
		var ordinal int32
		err := eachPosting(seg, string(f), func(term string) error {
			s.distinct++
			ordinal = d.number(i, term)
			return nil
		}, func(doc uint32) { pairs = append(pairs, valueOf{doc, ordinal}) })
		if err != nil {
			return nil, err
		}
		s.fields[i] = d.column(s.n, pairs)
	}
	var err error
	if s.ids, err = readTexts(seg, s.n, idField); err != nil {
		return nil, err
	}
	if s.titles, err = readTexts(seg, s.n, sortedField); err != nil {
		return nil, err
	}
	if s.updated, err = readMoments(seg, s.n, updatedField); err != nil {
		return nil, err
	}
	if s.published, err = readMoments(seg, s.n, publishedField); err != nil {
		return nil, err
	}
	if s.alike, err = readSignatures(seg, s.n); err != nil {
		return nil, err
	}
	if s.reuses, err = readPointings(seg, string(record.FieldBasedOn)); err != nil {
		return nil, err
	}
	if s.refused, err = readPointings(seg, refusedField); err != nil {
		return nil, err
	}
	s.bytes = s.size()
	return s, nil
}

// valueOf is one value of one record.
type valueOf struct {
	doc     uint32
	ordinal int32
}

func (d *numbering) column(n int, pairs []valueOf) column {
	one := make([]int32, n)
	for i := range one {
		one[i] = none
	}
	single, highest := true, int32(0)
	for _, p := range pairs {
		if single = one[p.doc] == none; !single {
			break
		}
		one[p.doc], highest = p.ordinal, max(highest, p.ordinal)
	}
	switch {
	case single && highest < noneSmall:
		c := column{small: make([]uint8, n), numbers: d.small}
		for i, ordinal := range one {
			c.small[i] = uint8(ordinal) // none is noneSmall
		}
		return c
	case single:
		return column{one: one}
	}
	c := column{from: make([]uint32, n+1), many: make([]int32, len(pairs))}
	for _, p := range pairs {
		c.from[p.doc+1]++
	}
	for i := range n {
		c.from[i+1] += c.from[i]
	}
	next := slices.Clone(c.from)
	for _, p := range pairs {
		c.many[next[p.doc]] = p.ordinal
		next[p.doc]++
	}
	return c
}

func readTexts(seg *scorch.SegmentSnapshot, n int, field string) (texts, error) {
	out := texts{from: []uint32{0}, rank: make([]uint32, n)}
	for i := range out.rank {
		out.rank[i] = missing
	}
	var all []byte
	err := eachPosting(seg, field, func(term string) error {
		all = append(all, term...)
		out.from = append(out.from, uint32(len(all)))
		return nil
	}, func(doc uint32) { out.rank[doc] = min(out.rank[doc], uint32(len(out.from)-2)) })
	out.all, out.from = string(all), slices.Clip(out.from)
	for i := range out.rank {
		out.rank[i] = min(out.rank[i], uint32(out.len()))
	}
	return out, err
}

// readMoments reads one moment for each record, in milliseconds.
func readMoments(seg *scorch.SegmentSnapshot, n int, field string) ([]int64, error) {
	out := make([]int64, n)
	var at int64
	err := eachPosting(seg, field, func(term string) (err error) {
		at, err = strconv.ParseInt(term, 10, 64)
		return err
	}, func(doc uint32) { out[doc] = at })
	return out, err
}

// missing is above every rank.
const missing = 1<<32 - 1

// eachPosting walks the terms of a field in order, and the documents with each.
func eachPosting(seg *scorch.SegmentSnapshot, field string, begin func(term string) error, hit func(doc uint32)) error {
	dict, err := seg.Segment().Dictionary(field)
	if err != nil {
		return err
	}
	var list segment.PostingsList
	var docs segment.PostingsIterator
	terms := dict.AutomatonIterator(nil, nil, nil)
	for {
		t, err := terms.Next()
		if t == nil || err != nil {
			return err
		}
		if err := begin(t.Term); err != nil {
			return err
		}
		if list, err = dict.PostingsList([]byte(t.Term), nil, list); err != nil {
			return err
		}
		docs = list.Iterator(false, false, false, docs)
		if err := eachDocument(docs, hit); err != nil {
			return err
		}
	}
}

func eachDocument(docs segment.PostingsIterator, do func(doc uint32)) error {
	for {
		p, err := docs.Next()
		if p == nil || err != nil {
			return err
		}
		do(uint32(p.Number()))
	}
}

// size is what a strip takes.
func (s *strip) size() int64 {
	n := len(s.ids.all) + len(s.titles.all) + 8*(len(s.updated)+len(s.published))
	for _, list := range [][]uint32{s.ids.from, s.ids.rank, s.titles.from, s.titles.rank} {
		n += 4 * len(list)
	}
	for _, c := range s.fields {
		n += int(unsafe.Sizeof(c)) + len(c.small) + 4*(len(c.one)+len(c.from)+len(c.many))
	}
	for _, list := range [][]pointing{s.reuses, s.refused} {
		for _, x := range list {
			n += int(unsafe.Sizeof(x)) + len(x.id)
		}
	}
	return int64(n) + s.alike.size()
}

// room is one more than the highest document number.
func (c *columns) room() int {
	n := 0
	for _, p := range c.pieces {
		n += p.n
	}
	return n
}

// at finds the record with a document number.
func (c *columns) at(doc uint64) (*piece, uint32) {
	i := sort.Search(len(c.pieces), func(i int) bool { return c.pieces[i].first > doc }) - 1
	return &c.pieces[i], uint32(doc - c.pieces[i].first)
}

// of gives the numbers of the values that a record has in a field. They are not to be changed.
func (c *columns) of(f record.Field, doc uint64) []int32 {
	p, local := c.at(doc)
	return p.fields[c.terms.numbers[f]].of(local)
}

// number is the document number of a hit.
func (c *columns) number(h hit) uint64 { return c.pieces[h.piece].first + uint64(h.doc) }

// id of the record with a document number.
func (c *columns) id(doc uint64) string {
	p, local := c.at(doc)
	return p.ids.of(local)
}

// value is what a number stands for.
func (c *columns) value(f record.Field, ordinal int32) string {
	d := &c.terms.fields[c.terms.numbers[f]]
	d.RLock()
	defer d.RUnlock()
	return d.values[ordinal]
}

// ordinal is the number of a value, false when no record has it.
func (c *columns) ordinal(f record.Field, value string) (int32, bool) {
	d := &c.terms.fields[c.terms.numbers[f]]
	d.RLock()
	defer d.RUnlock()
	n, ok := d.ordinals[value]
	return n, ok
}

// distinct is one more than the highest number of a value in a field.
func (c *columns) distinct(f record.Field) int {
	d := &c.terms.fields[c.terms.numbers[f]]
	d.RLock()
	defer d.RUnlock()
	return len(d.values)
}
