package search

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2/index/scorch"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/record"
)

// suggestPage is how many records the database is asked for: many have the same title.
const suggestPage = 100

// Suggest gives different titles that have words beginning with each of the words typed so far; those that begin with
// what was typed come first.
func (x *Index) Suggest(ctx context.Context, prefix string, types []record.Type, first int) ([]string, error) {
	if first < 1 || first > maxFirst {
		return nil, record.Problems{record.Wrong(record.Invalid, "Vraag 1 tot 100 resultaten.", "Ask for 1 to 100 results.", "first")}
	}
	if _, err := x.languages.parse(prefix); err != nil {
		return nil, at(err, "prefix")
	}
	var typed []string
	eachWord(prefix, func(w string, _, _ int) { typed = append(typed, normal(w)) })
	if len(strings.Join(typed, "")) < shortestPrefix {
		return []string{}, nil
	}
	out, err := x.suggestFromIndex(ctx, typed, types, first)
	if errors.Is(err, errNoIndex) {
		out, err = x.suggestFromDatabase(ctx, typed, types, first)
	}
	return out, err
}

// at names the field that problems are about.
func at(err error, field string) error {
	var ps record.Problems
	if !errors.As(err, &ps) {
		return err
	}
	ps = slices.Clone(ps)
	for i := range ps {
		ps[i].Field = []string{field}
	}
	return ps
}

func (x *Index) suggestFromIndex(ctx context.Context, typed []string, types []record.Type, first int) ([]string, error) {
	ms, err := matches(catalog.Filter{Types: types})
	if err != nil {
		return nil, err
	}
	p := &plan{matches: ms}
	var ids []string
	err = x.usingIndex(ctx, func(v *volume, s *scorch.IndexSnapshot) error {
		m, _ := markOf(s)
		gone, err := x.hiddenSince(ctx, m)
		if err != nil {
			return err
		}
		c, err := v.columns(s)
		if err != nil {
			return err
		}
		r := &run{plan: p, reader: s, columns: c, hidden: gone}
		return guard(func() error {
			ids, err = r.titles(ctx, typed, first)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	rs, err := x.Catalog.ByID(ctx, ids...)
	if err != nil {
		return nil, err
	}
	return titles(rs, typed, first), nil
}

// titles finds records with different titles that go on from what was typed: first those that begin with it.
func (r *run) titles(ctx context.Context, typed []string, first int) ([]string, error) {
	p := newPrefixed(r.columns.room())
	for _, w := range typed {
		// Of longer words more letters are in no field; titles() compares them whole.
		var err error
		eachPrefixOnce(w, func(prefix string) { err = p.require(r.reader, prefix) })
		if err != nil {
			return nil, err
		}
	}
	var err error
	eachPrefixOnce(strings.Join(typed, " "), func(prefix string) { err = p.mark(r.reader, beginning+prefix) })
	if err != nil {
		return nil, err
	}
	begin, within := &firstTitles{columns: r.columns, most: 2 * first}, &firstTitles{columns: r.columns, most: 2 * first}
	c := r.newCollection(func(h hit) {
		if p.marked[r.columns.number(h)] {
			begin.keep(h)
		} else {
			within.keep(h)
		}
	})
	c.require(r.matches)
	if c.absent, err = r.absent(); err != nil {
		return nil, err
	}
	if err := c.these(ctx, p.candidates()); err != nil {
		return nil, err
	}
	var out []string
	seen := map[string]bool{}
	for _, h := range slices.Concat(begin.hits, within.hits) {
		if title := r.columns.sortValue(Title, h); !seen[title] && len(out) < 2*first {
			seen[title] = true
			out = append(out, r.columns.idOf(h))
		}
	}
	return out, nil
}

// prefixed are the records with titles that have all prefixes so far.
type prefixed struct {
	// has is, by document number, how many of the prefixes a record has, as long as it has all.
	has    []uint8
	n      uint8
	marked []bool
}

func newPrefixed(room int) *prefixed {
	return &prefixed{has: make([]uint8, room), marked: make([]bool, room)}
}

// require asks for one more prefix.
func (p *prefixed) require(s *scorch.IndexSnapshot, prefix string) error {
	err := eachWith(s, prefixField, prefix, func(doc uint32) {
		if p.has[doc] == p.n {
			p.has[doc]++
		}
	})
	p.n++
	return err
}

func (p *prefixed) mark(s *scorch.IndexSnapshot, prefix string) error {
	return eachWith(s, prefixField, prefix, func(doc uint32) { p.marked[doc] = true })
}

// candidates are in the order of their numbers. When every word was too short to ask for, what was typed has to be how
// a title begins.
func (p *prefixed) candidates() iter.Seq[candidate] {
	return func(yield func(candidate) bool) {
		for doc, n := range p.has {
			if n == p.n && (n > 0 || p.marked[doc]) && !yield(candidate{doc: uint32(doc)}) {
				return
			}
		}
	}
}

// eachWith walks the records with a term.
func eachWith(s *scorch.IndexSnapshot, field, term string, do func(doc uint32)) error {
	first := uint32(0)
	for _, seg := range s.Segments() {
		list, err := postings(seg, field, []byte(term))
		if err != nil {
			return err
		}
		if list != nil {
			if err := eachDocument(list.Iterator(false, false, false, nil), func(doc uint32) { do(first + doc) }); err != nil {
				return err
			}
		}
		first += uint32(seg.FullSize())
	}
	return nil
}

// firstTitles keeps the records with the first different titles.
type firstTitles struct {
	*columns
	hits []hit
	most int
}

func (t *firstTitles) keep(h hit) {
	if len(t.hits) == t.most && t.compareTexts(titleTexts, h, t.hits[t.most-1]) > 0 {
		return
	}
	i, same := slices.BinarySearchFunc(t.hits, h, func(a, b hit) int { return t.compareTexts(titleTexts, a, b) })
	switch {
	case !same:
		t.hits = slices.Insert(t.hits[:min(len(t.hits), t.most-1)], i, h)
	case t.compareTexts(idTexts, h, t.hits[i]) < 0:
		t.hits[i] = h
	}
}

// eachPrefixOnce gives the longest prefix of a word that is in the index; none of a word that is too short.
func eachPrefixOnce(w string, do func(string)) {
	longest := ""
	eachPrefix(w, func(p string) { longest = p })
	if longest != "" {
		do(longest)
	}
}

func (x *Index) suggestFromDatabase(ctx context.Context, typed []string, types []record.Type, first int) ([]string, error) {
	if types = searchable(types); len(types) == 0 {
		return []string{}, nil
	}
	page, err := x.Catalog.Page(ctx, catalog.Filter{Types: types, Words: typed}, catalog.Order{By: catalog.ByTitle, Ascending: true}, suggestPage, "")
	if err != nil {
		return nil, err
	}
	return titles(page.Records, typed, first), nil
}

// titles gives the different titles of records that go on from what was typed, those that begin with it first.
func titles(rs []record.Record, typed []string, first int) []string {
	begins, others := []string{}, []string{}
	seen := map[string]bool{}
	for _, r := range rs {
		if r == nil {
			continue
		}
		t := r.Base().Title
		for _, code := range slices.Concat([]string{record.Dutch}, t.Languages()) {
			var words []string
			eachWord(t[code], func(w string, _, _ int) { words = append(words, normal(w)) })
			if !goesOn(words, typed) {
				continue
			}
			if key := strings.Join(words, " "); !seen[key] {
				seen[key] = true
				if strings.HasPrefix(key, strings.Join(typed, " ")) {
					begins = append(begins, t[code])
				} else {
					others = append(others, t[code])
				}
			}
			break
		}
	}
	out := append(begins, others...)
	return out[:min(first, len(out))]
}

// goesOn tells whether each word that was typed begins a word of a title.
func goesOn(title, typed []string) bool {
	for _, w := range typed {
		if !slices.ContainsFunc(title, func(t string) bool { return strings.HasPrefix(t, w) }) {
			return false
		}
	}
	return true
}
