package search

import (
	"context"
	"math"
	"sync"

	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"

	"github.com/udc-community/plein/internal/record"
)

// The constants of BM25: how soon a word that is said again counts less, and how much a long text is held against it.
const (
	saturation = 1.5
	lengthHeld = 0.75
)

// matcher answers the clauses of a question from one snapshot: which records match them, and how well. It walks the
// postings of each term once and adds up in arrays by document number.
//
// The score of a record is the sum over the clauses of the best alternative that it has, by BM25. bleve's own queries
// would add up the alternatives, so that a record with a word and its synonym beats one with two of the words that were
// asked for.
type matcher struct {
	snapshot *scorch.IndexSnapshot
	// alive is how many records there are, room how many document numbers.
	alive, room int
	frequency   map[string]int
	spaces      *sync.Pool
}

func newMatcher(s *scorch.IndexSnapshot, spaces *sync.Pool) (*matcher, error) {
	n, err := s.DocCount()
	if err != nil {
		return nil, err
	}
	m := &matcher{snapshot: s, alive: int(n), frequency: map[string]int{}, spaces: spaces}
	for _, part := range s.Segments() {
		m.room += int(part.FullSize())
	}
	return m, nil
}

// leaf is a term in a field.
type leaf struct {
	field string
	term  []byte
}

// anyOf are leaves of which one is enough: the same word in several languages, by itself and as a part of others.
type anyOf struct {
	leaves []leaf
	// frequency is in how many records the word is taken to be.
	frequency int
}

// alternative is one way to answer clauses: by records that have one leaf of every set.
type alternative struct {
	relation Relation
	weight   float64
	all      []anyOf
	// from and to are the clauses that it answers, as from ≤ clause < to.
	from, to int
	// weak ones do not make a record one that has all words.
	weak bool
	// says is how it is put to people; typed what it stands for.
	says, typed string
	concept     *record.Concept
}

// candidate is a record that matches.
type candidate struct {
	doc   uint32
	score float32
	// whole tells that every clause is answered.
	whole bool
}

// count is in how many records a term is.
func (m *matcher) count(field string, term []byte) (int, error) {
	key := field + "\x00" + string(term)
	if n, ok := m.frequency[key]; ok {
		return n, nil
	}
	n := 0
	for _, part := range m.snapshot.Segments() {
		list, err := postings(part, field, term)
		if err != nil {
			return 0, err
		}
		if list != nil {
			n += int(list.Count())
		}
	}
	m.frequency[key] = n
	return n, nil
}

func postings(part *scorch.SegmentSnapshot, field string, term []byte) (segment.PostingsList, error) {
	d, err := part.Segment().Dictionary(field)
	if err != nil || d == nil {
		return nil, err
	}
	return d.PostingsList(term, part.Deleted(), nil)
}

// each walks the records with a term.
func (m *matcher) each(field string, term []byte, do func(doc uint32, times, length float64)) error {
	base := uint32(0)
	for _, part := range m.snapshot.Segments() {
		list, err := postings(part, field, term)
		if err != nil {
			return err
		}
		if list != nil {
			it := list.Iterator(true, true, false, nil)
			for {
				p, err := it.Next()
				if err != nil {
					return err
				}
				if p == nil {
					break
				}
				norm := p.Norm()
				do(base+uint32(p.Number()), float64(p.Frequency()), 1/(norm*norm))
			}
		}
		base += uint32(part.FullSize())
	}
	return nil
}

// rarity is BM25's weight of a term by how many records have it.
func (m *matcher) rarity(frequency int) float64 {
	n := float64(min(frequency, m.alive))
	return math.Log(1 + (float64(m.alive)-n+.5)/(n+.5))
}

// saturated is BM25's weight of a word that is in a record so many times, at most saturation + 1.
func saturated(times, length float64) float64 {
	return times * (saturation + 1) / (times + saturation*(1-lengthHeld+lengthHeld*length/usualLength))
}

// scores of records by document number, and which have any.
type scores struct {
	by      []float32
	touched []uint32
}

func (s *scores) reset(room int) {
	for _, d := range s.touched {
		s.by[d] = 0
	}
	s.touched = s.touched[:0]
	if len(s.by) < room {
		s.by = make([]float32, room)
	}
}

// raise keeps the best score of a record.
func (s *scores) raise(doc uint32, to float32) {
	if was := s.by[doc]; to > was {
		if was == 0 {
			s.touched = append(s.touched, doc)
		}
		s.by[doc] = to
	}
}

// any scores the records that have one of the leaves.
func (m *matcher) any(set anyOf, into *scores) error {
	rarity := m.rarity(set.frequency)
	for _, l := range set.leaves {
		err := m.each(l.field, l.term, func(doc uint32, times, length float64) {
			into.raise(doc, float32(rarity*saturated(times, length)))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// every scores the records that have one leaf of each set, with the sum.
func (m *matcher) every(sets []anyOf, into, one *scores) error {
	if err := m.any(sets[0], into); err != nil {
		return err
	}
	for _, set := range sets[1:] {
		one.reset(m.room)
		if err := m.any(set, one); err != nil {
			return err
		}
		kept := into.touched[:0]
		for _, d := range into.touched {
			if s := one.by[d]; s > 0 {
				into.by[d] += s
				kept = append(kept, d)
			} else {
				into.by[d] = 0
			}
		}
		into.touched = kept
	}
	return nil
}

// workspace is what a match is worked out in. It is as large as the index has document numbers, so it is used again.
type workspace struct {
	clause, found, one scores
	// By document number: the score, which clauses are answered, and what those are worth that are answered in any way.
	total    []float32
	answered []uint32
	loose    []float32
}

func (w *workspace) clear(room int) {
	if cap(w.total) < room {
		w.total, w.answered, w.loose = make([]float32, room), make([]uint32, room), make([]float32, room)
	}
	w.total, w.answered, w.loose = w.total[:room], w.answered[:room], w.loose[:room]
	clear(w.total)
	clear(w.answered)
	clear(w.loose)
}

// match gives the records that answer the clauses, in the order of their numbers: all of them, or, when some are
// enough, those that answer a share of them. mass is what each clause is worth in that.
func (m *matcher) match(ctx context.Context, clauses int, alternatives []*alternative, excluded [][]anyOf, mass []float64, share float64) ([]candidate, error) {
	w, _ := m.spaces.Get().(*workspace)
	if w == nil {
		w = new(workspace)
	}
	defer m.spaces.Put(w)
	w.clear(m.room)
	clause, found, one, total, answered, loose := &w.clause, &w.found, &w.one, w.total, w.answered, w.loose
	for c := range clauses {
		clause.reset(m.room)
		strong := uint32(1) << c
		for _, a := range alternatives {
			if c < a.from || c >= a.to {
				continue
			}
			if err := ctx.Err(); err != nil {
				return nil, err // nobody waits for the answer any more
			}
			found.reset(m.room)
			if err := m.every(a.all, found, one); err != nil {
				return nil, err
			}
			weight := float32(a.weight / float64(a.to-a.from))
			for _, d := range found.touched {
				clause.raise(d, found.by[d]*weight)
				if !a.weak {
					answered[d] |= strong
				}
			}
		}
		for _, d := range clause.touched {
			total[d] += clause.by[d]
			loose[d] += float32(mass[c])
		}
	}
	for _, sets := range excluded {
		found.reset(m.room)
		if err := m.every(sets, found, one); err != nil {
			return nil, err
		}
		for _, d := range found.touched {
			total[d] = 0
		}
	}
	whole := uint32(1)<<clauses - 1
	worth := 0.0
	for _, w := range mass {
		worth += w
	}
	var out []candidate
	for d, s := range total {
		if s == 0 {
			continue
		}
		all := answered[d] == whole
		if all || share > 0 && float64(loose[d]) >= share*worth {
			out = append(out, candidate{uint32(d), s, all})
		}
	}
	return out, nil
}
