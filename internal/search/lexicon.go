package search

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/blevesearch/bleve/v2/index/scorch"
)

// lexicon holds the words of one field of one segment, findable by the three-letter pieces that they have in common
// with another word. A segment never changes, so a lexicon is made once.
type lexicon struct {
	words []string
	// starts and lists say which words have a piece: those in lists from starts[hash] to starts[hash+1].
	starts, lists []uint32
}

// Words shorter or longer than this are not looked for by their looks.
const (
	shortestLookalike = 4
	longestLookalike  = 40
)

// pieces gives the hashed three-letter pieces of a word, its begin and end marked.
func pieces(word string, do func(hash uint32)) {
	at := func(i int) uint32 {
		if i < 0 || i >= len(word) {
			return '_'
		}
		return uint32(word[i])
	}
	for i := -1; i+2 <= len(word); i++ {
		do((at(i)<<16 | at(i+1)<<8 | at(i+2)) * 2654435761 >> 8)
	}
}

func newLexicon(words []string) *lexicon {
	x := &lexicon{words: words}
	size := 1
	for size < 4*len(words) {
		size *= 2
	}
	x.starts = make([]uint32, size+1)
	mask := uint32(size - 1)
	for _, w := range words {
		pieces(w, func(h uint32) { x.starts[h&mask+1]++ })
	}
	for i := 1; i < len(x.starts); i++ {
		x.starts[i] += x.starts[i-1]
	}
	x.lists = make([]uint32, x.starts[size])
	next := slices.Clone(x.starts)
	for n, w := range words {
		pieces(w, func(h uint32) {
			x.lists[next[h&mask]] = uint32(n)
			next[h&mask]++
		})
	}
	return x
}

// lookalike is a word of the catalogue that looks like another.
type lookalike struct {
	term string
	// likeness is the share of pieces that both have, 0 to 1; edits how many letters have to be changed, added, left out
	// or put in another order, at most 3.
	likeness float64
	edits    int
}

// Lookalikes have more than this likeness, or differ by one edit; so many of them are given.
const (
	leastLikeness  = .4
	mostLookalikes = 30
	// piecesSwapped is how many pieces two letters in the wrong order change: all of a short word. No other edit changes
	// more.
	piecesSwapped = 4
)

func (x *lexicon) similar(word string, into map[string]lookalike) {
	mask := uint32(len(x.starts) - 2)
	shared := map[uint32]int{}
	own := 0
	pieces(word, func(h uint32) {
		own++
		for _, n := range x.lists[x.starts[h&mask]:x.starts[h&mask+1]] {
			shared[n]++
		}
	})
	for n, both := range shared {
		w := x.words[n]
		near := both+piecesSwapped >= own && max(len(w), own)-min(len(w), own) <= 1
		if w == word || !near && 2*float64(both) <= leastLikeness*float64(own+len(w)) {
			continue
		}
		likeness := likeness(word, w)
		edits := edits(word, w)
		if likeness > leastLikeness || edits == 1 {
			into[w] = lookalike{w, likeness, edits}
		}
	}
}

// likeness is Dice's coefficient of the pieces of two words.
func likeness(a, b string) float64 {
	seen := map[uint32]int{}
	n, both := 0, 0
	pieces(a, func(h uint32) { seen[h]++; n++ })
	pieces(b, func(h uint32) {
		n++
		if seen[h] > 0 {
			seen[h]--
			both++
		}
	})
	return 2 * float64(both) / float64(n)
}

// mostEdits is what edits counts to; more makes no difference.
const mostEdits = 3

// edits is the number of letters to change, add, leave out or swap with their neighbour to get from one word to the
// other (Damerau and Levenshtein, optimal string alignment).
func edits(a, b string) int {
	if d := len(a) - len(b); d >= mostEdits || -d >= mostEdits {
		return mostEdits
	}
	var before, last, now [longestLookalike*2 + 1]uint8
	for j := range len(b) + 1 {
		last[j] = uint8(min(j, 250))
	}
	for i := 1; i <= len(a); i++ {
		now[0] = uint8(min(i, 250))
		for j := 1; j <= len(b); j++ {
			same := uint8(1)
			if a[i-1] == b[j-1] {
				same = 0
			}
			now[j] = min(last[j]+1, now[j-1]+1, last[j-1]+same)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				now[j] = min(now[j], before[j-2]+1)
			}
		}
		before, last = last, now
	}
	return min(int(last[len(b)]), mostEdits)
}

// lexicons are those of the segments of a volume, made when they are first asked for.
type lexicons struct {
	mu   sync.Mutex
	made map[lexiconOf]*lexicon
}

type lexiconOf struct {
	segment uint64
	field   string
}

// viewed are the lexicons of one snapshot.
type viewed struct {
	of       *lexicons
	snapshot *scorch.IndexSnapshot
}

// similar finds the words of a field that look like another: those that differ by one edit first, then the most alike.
func (v viewed) similar(field, word string) ([]lookalike, error) {
	if len(word) < shortestLookalike || len(word) > longestLookalike {
		return nil, nil
	}
	found := map[string]lookalike{}
	for _, part := range v.snapshot.Segments() {
		x, err := v.of.lexicon(part, field)
		if err != nil {
			return nil, err
		}
		x.similar(word, found)
	}
	out := make([]lookalike, 0, len(found))
	for _, l := range found {
		out = append(out, l)
	}
	slices.SortFunc(out, func(a, b lookalike) int {
		return cmp.Or(cmp.Compare(min(a.edits, 2), min(b.edits, 2)), cmp.Compare(b.likeness, a.likeness), cmp.Compare(a.term, b.term))
	})
	return out[:min(len(out), mostLookalikes)], nil
}

func (x *lexicons) lexicon(part *scorch.SegmentSnapshot, field string) (*lexicon, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	key := lexiconOf{part.Id(), field}
	if l := x.made[key]; l != nil {
		return l, nil
	}
	d, err := part.Segment().Dictionary(field)
	if err != nil {
		return nil, err
	}
	var words []string
	parts := map[string]bool{} // they come before all words
	if d != nil {
		it := d.AutomatonIterator(nil, nil, nil)
		for {
			e, err := it.Next()
			if err != nil {
				return nil, err
			}
			if e == nil {
				break
			}
			w, isPart := strings.CutPrefix(e.Term, string(partMark))
			if n := len(w); n >= shortestLookalike && n <= longestLookalike && !parts[w] {
				words = append(words, w)
				parts[w] = isPart
			}
		}
	}
	l := newLexicon(words)
	if x.made == nil {
		x.made = map[lexiconOf]*lexicon{}
	}
	x.made[key] = l
	return l, nil
}

// keep lets go of the lexicons of segments that are gone.
func (x *lexicons) keep(s *scorch.IndexSnapshot) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for key := range x.made {
		if !slices.ContainsFunc(s.Segments(), func(p *scorch.SegmentSnapshot) bool { return p.Id() == key.segment }) {
			delete(x.made, key)
		}
	}
}
