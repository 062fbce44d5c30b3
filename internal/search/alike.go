package search

import (
	"encoding/binary"
	"errors"
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2/index/scorch"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/record"
)

// Many municipalities describe the same thing in the same words. The signature of a record is a min-hash (Broder, 1997)
// of the runs of three words in its description, in bands: two records share a band with a chance of 1 − (1 − J⁸)⁴ when
// they have the share J of their runs in common, which is .89 at J = .9 and .07 at J = .6.
const (
	bands       = 4
	rowsPerBand = 8
	shingle     = 3
	// fewWords is below what descriptions are only alike when they are equal, titles included.
	fewWords = 8
	// bandBytes of a band are kept: enough to tell those of millions of records apart.
	bandBytes = 6
)

// alikeField holds the signature of a record.
const alikeField = "alike"

// signature is the bands of a record. Records of different kinds share none.
type signature [bands]uint64

// signature of what a record describes, with what differs between copies left out: who and where, numbers, and words
// that say little. False when there is nothing to go by.
func (x *Index) signature(d *catalog.Document) (signature, bool) {
	ref := x.Catalog.Reference()
	kind, own := "", map[string]bool{}
	for _, t := range d.Terms {
		switch t.Field {
		case record.FieldKind:
			kind = t.Value
		case record.FieldPublisher:
			if o := ref.Organization(t.Value); o != nil {
				addWords(own, o.Name)
			}
		}
	}
	names := x.municipalNames(ref)
	var words []uint64
	add := func(ts ...record.Text) {
		for _, t := range ts {
			eachWord(t.In(record.Dutch), func(s string, _, _ int) {
				if w := normal(s); !own[w] && !isNumber(w) && !x.languages[0].analyzer.stop[w] && !names.has(w) {
					words = append(words, hash(w))
				}
			})
		}
	}
	add(d.Words.Summary)
	add(d.Words.Body...)
	if len(words) < fewWords {
		add(d.Words.Title)
	}
	switch {
	case len(words) == 0:
		return signature{}, false
	case len(words) < fewWords:
		return equal(hash(kind), words), true
	}
	return minHash(hash(kind), words), true
}

// equal is a signature that only the same words in the same order have.
func equal(seed uint64, words []uint64) (s signature) {
	for _, w := range words {
		seed = mix(seed ^ w)
	}
	for i := range s {
		s[i] = seed >> (64 - 8*bandBytes)
	}
	return s
}

func minHash(seed uint64, words []uint64) (s signature) {
	var least [bands * rowsPerBand]uint64
	for i := range least {
		least[i] = 1<<64 - 1
	}
	for i := range words[:len(words)-shingle+1] {
		var run uint64
		for _, w := range words[i : i+shingle] {
			run = mix(run ^ w)
		}
		for j := range least {
			least[j] = min(least[j], mix(run+uint64(j)*golden)) // every row is another order of all runs
		}
	}
	for i := range s {
		h := mix(seed + uint64(i))
		for _, l := range least[i*rowsPerBand : (i+1)*rowsPerBand] {
			h = mix(h ^ l)
		}
		s[i] = h >> (64 - 8*bandBytes)
	}
	return s
}

// golden is 2⁶⁴ divided by the golden ratio, whose multiples are spread evenly.
const golden = 0x9e3779b97f4a7c15

// mix spreads what differs between two numbers over all bits (the finisher of SplitMix64).
func mix(h uint64) uint64 {
	h += golden
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// hash of a text, FNV-1a; the same in every process.
func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

func isNumber(w string) bool { return strings.Trim(w, "0123456789") == "" }

func addWords(to map[string]bool, text string) {
	eachWord(text, func(s string, _, _ int) { to[normal(s)] = true })
}

// names are the words in names of municipalities.
type names struct {
	of    *record.Reference
	words map[string]bool
}

// has tells whether a word is in a name, or made of one: Delftse, Rotterdams.
func (n *names) has(w string) bool {
	for _, ending := range []string{"", "s", "se"} {
		if stem, ok := strings.CutSuffix(w, ending); ok && n.words[stem] {
			return true
		}
	}
	return false
}

// municipalNames are gathered once for each state of the reference data.
func (x *Index) municipalNames(ref *record.Reference) *names {
	if n := x.names.Load(); n != nil && n.of == ref {
		return n
	}
	n := &names{of: ref, words: map[string]bool{"gemeente": true, "gemeenten": true, "gemeentelijk": true, "gemeentelijke": true}}
	for _, m := range ref.AllMunicipalities() {
		for _, name := range slices.Concat([]string{m.Name}, m.Aliases) {
			addWords(n.words, name)
		}
	}
	x.names.Store(n)
	return n
}

var errSignature = errors.New("a signature has another length")

// term is a signature as the index holds it.
func (s signature) term() string {
	var out []byte
	for _, band := range s {
		var b [8]byte
		binary.BigEndian.PutUint64(b[:], band)
		out = append(out, b[8-bandBytes:]...)
	}
	return string(out)
}

func readSignature(term string) (s signature, ok bool) {
	if len(term) != bands*bandBytes {
		return s, false
	}
	for i := range s {
		var b [8]byte
		copy(b[8-bandBytes:], term[i*bandBytes:])
		s[i] = binary.BigEndian.Uint64(b[:])
	}
	return s, true
}

// signatures are those of the records of a segment; copies share one.
type signatures struct {
	all   []signature
	which []int32
}

func readSignatures(seg *scorch.SegmentSnapshot, n int) (signatures, error) {
	out := signatures{which: make([]int32, n)}
	for i := range out.which {
		out.which[i] = none
	}
	err := eachPosting(seg, alikeField, func(term string) error {
		s, ok := readSignature(term)
		if !ok {
			return errSignature
		}
		out.all = append(out.all, s)
		return nil
	}, func(doc uint32) { out.which[doc] = int32(len(out.all) - 1) })
	out.all = slices.Clip(out.all)
	return out, err
}

func (s *signatures) size() int64 { return int64(8*bands*len(s.all) + 4*len(s.which)) }

// of is the signature of a record, nil when it has none.
func (s *signatures) of(doc uint32) *signature {
	if i := s.which[doc]; i != none {
		return &s.all[i]
	}
	return nil
}
