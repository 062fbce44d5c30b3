package search

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2/index/scorch"
	bleve "github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/collector"
	"github.com/blevesearch/bleve/v2/search/query"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/record"
)

const (
	// suggestPage and suggestPages bound how many records are looked at for different titles: many have the same one.
	suggestPage  = 100
	suggestPages = 5
)

// Suggest gives different titles that have words beginning with each of the words typed so far; those that begin with
// what was typed come first.
func (x *Index) Suggest(ctx context.Context, prefix string, types []record.Type, first int) ([]string, error) {
	if first < 1 || first > maxFirst {
		return nil, record.Problems{record.Wrong(record.Invalid, "Vraag 1 tot 100 resultaten.", "Ask for 1 to 100 results.", "first")}
	}
	if _, err := x.parse(prefix); err != nil {
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
	err = x.usingIndex(ctx, func(s *scorch.IndexSnapshot) error {
		m, _ := markOf(s)
		gone, err := x.hiddenSince(ctx, m)
		if err != nil {
			return err
		}
		r := &run{plan: p, languages: x.languages, reader: s, hidden: gone}
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

// titles finds records with different titles that go on from what was typed.
func (r *run) titles(ctx context.Context, typed []string, first int) ([]string, error) {
	must := []query.Query{}
	for _, w := range typed {
		// Of longer words more letters are in no field; titles() compares them whole.
		eachPrefixOnce(w, func(p string) { must = append(must, term(prefixField, []byte(p), 0)) })
	}
	for _, m := range r.matches {
		must = append(must, anyValue(m))
	}
	not, err := r.unwanted()
	if err != nil {
		return nil, err
	}
	var begin []query.Query
	eachPrefixOnce(strings.Join(typed, " "), func(p string) { begin = append(begin, term(prefixField, []byte(beginning+p), 1)) })
	var out []string
	seen := map[string]bool{}
	// First those that begin with it, then the others.
	for _, q := range []query.Query{
		query.NewBooleanQuery(append(begin, must...), nil, not),
		query.NewBooleanQuery(must, nil, append(not, begin...)),
	} {
		var after []string
		for range suggestPages {
			order := bleve.SortOrder{&bleve.SortField{Field: sortedField, Type: bleve.SortFieldAsString}, &bleve.SortDocID{}}
			top := collector.NewTopNCollector(suggestPage, 0, order)
			if after != nil {
				top = collector.NewTopNCollectorAfter(suggestPage, order, after)
			}
			s, err := q.Searcher(limited(ctx), r.reader, nil, bleve.SearcherOptions{Score: "none"})
			if err != nil {
				return nil, err
			}
			err = errors.Join(top.Collect(ctx, s, r.reader), s.Close())
			if err != nil {
				return nil, err
			}
			hits := top.Results()
			for _, h := range hits {
				if title := h.Sort[0]; !seen[title] && len(out) < 2*first {
					seen[title] = true
					out = append(out, h.ID)
				}
			}
			if len(hits) < suggestPage || len(out) >= 2*first {
				break
			}
			last := hits[len(hits)-1]
			after = []string{last.Sort[0], last.ID}
		}
	}
	return out, nil
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
