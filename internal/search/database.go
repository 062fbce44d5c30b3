package search

import (
	"context"
	"slices"
	"strings"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/record"
)

// fromDatabase is a plain search without the index: records that have all words somewhere, as they were typed, last
// changed first or in the order asked for.
func (x *Index) fromDatabase(ctx context.Context, p *plan) (*Result, error) {
	out := &Result{Degraded: true, IndexedUpTo: x.Now()}
	if p.void {
		return out, nil
	}
	after := ""
	if p.after != nil {
		if !p.after.Database {
			return nil, catalog.ErrCursor // a place by relevance means nothing here
		}
		after = p.after.Values[0]
	}
	f := catalog.Filter{Types: searchable(p.Filter.Types), All: p.Filter.All, None: p.Filter.None}
	if len(f.Types) == 0 {
		return out, nil
	}
	f.Words = p.plain()
	order := catalog.Order{By: catalog.ByUpdated}
	switch p.Sort {
	case Title:
		order = catalog.Order{By: catalog.ByTitle, Ascending: true}
	case Newest:
		order.By = catalog.ByPublished
	}
	page, err := x.Catalog.Page(ctx, p.Homes.inDatabase(f), order, p.First, after)
	if err != nil {
		return nil, err
	}
	if out.Total, err = page.Total(ctx); err != nil {
		return nil, err
	}
	out.Exact = out.Total
	for _, field := range p.Facets {
		counts, err := x.countInDatabase(ctx, p.Homes, without(f, field), field)
		if err != nil {
			return nil, err
		}
		out.Facets = append(out.Facets, p.facetResult(field, counts))
	}
	out.More = page.More
	for i, r := range page.Records {
		if has(r, p.excluded) {
			continue
		}
		cursor := place{List: p.list, Database: true, Values: []string{page.Cursors[i]}}.String()
		out.Hits = append(out.Hits, x.hit(p, r, wholeFirst, cursor, x.typed(&p.question)))
	}
	return out, nil
}

// countInDatabase counts by a field.
func (x *Index) countInDatabase(ctx context.Context, h Homes, f catalog.Filter, field record.Field) ([]catalog.Count, error) {
	f = h.inDatabase(f)
	if field != record.FieldNode {
		return x.Catalog.Counts(ctx, f, field)
	}
	own := 0
	whose, err := x.Catalog.Counts(ctx, f, record.FieldProvenance)
	if err != nil {
		return nil, err
	}
	for _, c := range whose {
		if c.Value != string(record.Peer) {
			own += c.N
		}
	}
	f.All = append(slices.Clone(f.All), catalog.Match{Field: record.FieldProvenance, Values: []string{string(record.Peer)}})
	copies, err := x.Catalog.Counts(ctx, f, record.FieldPublisher)
	return h.fold(own, copies), err
}

// Words are those that a search without the index looks for; ok is false when there is nothing in the text to look for.
func (x *Index) Words(text string) (words []string, ok bool, err error) {
	q, err := x.languages.parse(text)
	return q.plain(), !q.void, err
}

// plain is the words of a question as they were typed, folded.
func (q *question) plain() (out []string) {
	for _, u := range q.units {
		for _, w := range u.words {
			out = append(out, w.text)
		}
	}
	return out
}

// without is a filter without the selection in one field.
func without(f catalog.Filter, field record.Field) catalog.Filter {
	f.All = slices.DeleteFunc(slices.Clone(f.All), func(m catalog.Match) bool { return m.Field == field })
	if field == record.FieldKind {
		f.Types = searchable(nil)
	}
	return f
}

// searchable are those of the types that can be searched; all of them when none is asked for.
func searchable(types []record.Type) []record.Type {
	var out []record.Type
	for _, k := range record.Kinds() {
		if k.Searched && (len(types) == 0 || slices.Contains(types, k.Type)) {
			out = append(out, k.Type)
		}
	}
	return out
}

// has tells whether a record has one of the units.
func has(r record.Record, us []unit) bool {
	if len(us) == 0 {
		return false
	}
	plain := r.Words().Plain()
	for _, u := range us {
		if !slices.ContainsFunc(u.words, func(w word) bool { return !strings.Contains(plain, w.text) }) {
			return true
		}
	}
	return false
}
