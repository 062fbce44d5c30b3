package search

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"github.com/blevesearch/bleve/v2/index/scorch"
	bleve "github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/collector"
	"github.com/blevesearch/bleve/v2/search/facet"
	"github.com/blevesearch/bleve/v2/search/query"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/record"
)

// maxSearchers bounds the term readers of one search. A checked request stays far below it.
const maxSearchers = 4_000

// maxBuckets is how many values of a facet are given, besides those that are selected.
const maxBuckets = 50

// How much more a word says in the title, the summary and the tags than elsewhere.
var boosts = []struct {
	field string
	boost float64
}{{titleField, 3}, {summaryField, 2}, {tagsField, 2}}

// run answers one plan from one snapshot.
type run struct {
	*plan
	languages []*language
	reader    *scorch.IndexSnapshot
	// relaxed asks for some of the words instead of all.
	relaxed bool
	// hidden are records that the snapshot has and that strangers may not see any more.
	hidden []string
}

// found is what a run gives.
type found struct {
	hits   []*bleve.DocumentMatch
	total  int
	facets []FacetResult
}

// limited bounds what a search may open.
func limited(ctx context.Context) context.Context {
	return bleve.ContextWithTermSearchersCounter(context.WithValue(ctx, bleve.MaxTermSearchersKey, maxSearchers))
}

// scoring makes searchers score as Index.Search of package bleve does when told to use BM25, over lengths that do not
// depend on the segments. Without it they fall back to another model without a word.
func (r *run) scoring(ctx context.Context) (context.Context, error) {
	n, err := r.reader.DocCount()
	if err != nil {
		return nil, err
	}
	ctx = context.WithValue(ctx, bleve.GetScoringModelCallbackKey, bleve.GetScoringModelCallbackFn(func() string { return index.BM25Scoring }))
	return context.WithValue(ctx, bleve.BM25StatsKey, r.statistics(int(n))), nil
}

// statistics are what scores are weighed by. bleve wants a figure for every field that is asked for.
func (r *run) statistics(n int) *bleve.BM25Stats {
	out := &bleve.BM25Stats{DocCount: float64(n), FieldCardinality: map[string]int{idField: n}}
	for _, m := range slices.Concat(r.matches, r.Filter.None) {
		out.FieldCardinality[string(m.Field)] = n
	}
	for _, l := range r.languages {
		for name, length := range usualLength {
			out.FieldCardinality[l.field(name)] = length * n
		}
	}
	return out
}

// do searches: once for the hits, the total and the facets without a selection, and once more for each facet with one.
func (r *run) do(ctx context.Context) (*found, error) {
	order := r.order()
	top := collector.NewTopNCollector(r.First+1, 0, order)
	if r.after != nil {
		top = collector.NewTopNCollectorAfter(r.First+1, order, r.after.Values)
	}
	counts := map[record.Field]*bleve.FacetResult{}
	var plain []record.Field
	for _, f := range r.Facets {
		if len(r.selected(f)) == 0 {
			plain = append(plain, f)
		}
	}
	if err := r.collect(ctx, top, "", plain, counts); err != nil {
		return nil, err
	}
	out := &found{hits: top.Results(), total: int(top.Total())}
	for _, f := range r.Facets {
		if selected := r.selected(f); len(selected) > 0 && counts[f] == nil {
			if err := r.collect(ctx, collector.NewTopNCollector(0, 0, bleve.SortOrder{&bleve.SortScore{}}), f, []record.Field{f}, counts); err != nil {
				return nil, err
			}
		}
		out.facets = append(out.facets, facetResult(f, countsOf(counts[f]), r.selected(f)))
	}
	return out, nil
}

// collect runs the query, without the selection in one field, and counts facets.
func (r *run) collect(ctx context.Context, into *collector.TopNCollector, without record.Field, facets []record.Field, counts map[record.Field]*bleve.FacetResult) error {
	scored := r.Sort == Relevance && without == ""
	q, err := r.build(without, scored)
	if err != nil {
		return err
	}
	options := bleve.SearcherOptions{Score: "none"}
	ctx = limited(ctx)
	if scored {
		options.Score = ""
		if ctx, err = r.scoring(ctx); err != nil {
			return err
		}
	}
	s, err := q.Searcher(ctx, r.reader, nil, options)
	if err != nil {
		return err
	}
	defer s.Close() //nolint:errcheck // gives memory back
	if len(facets) > 0 {
		b := bleve.NewFacetsBuilder(r.reader)
		for _, f := range facets {
			b.Add(string(f), facet.NewTermsFacetBuilder(string(f), 1<<30))
		}
		into.SetFacetsBuilder(b)
	}
	if err := into.Collect(ctx, s, r.reader); err != nil {
		return err
	}
	for name, f := range into.FacetResults() {
		counts[record.Field(name)] = f
	}
	return nil
}

// order sorts without ties, so that a place in the list is the same whenever it is looked for.
func (r *run) order() bleve.SortOrder {
	switch r.Sort {
	case Relevance:
		return bleve.SortOrder{&bleve.SortScore{Desc: true}, &bleve.SortDocID{}}
	case Title:
		return bleve.SortOrder{&bleve.SortField{Field: sortedField, Type: bleve.SortFieldAsString}, &bleve.SortDocID{}}
	}
	return bleve.SortOrder{&bleve.SortField{Field: updatedField, Type: bleve.SortFieldAsString, Desc: true}, &bleve.SortDocID{}}
}

// cursor is the place of a hit.
func (r *run) cursor(h *bleve.DocumentMatch) string {
	value := h.Sort[0]
	if r.Sort == Relevance {
		value = strconv.FormatFloat(h.Score, 'g', -1, 64)
	}
	return place{List: r.list, Relaxed: r.relaxed, Values: []string{value, h.ID}}.String()
}

// build makes the query: what was typed, position by position, and the filter without the selection in one field.
func (r *run) build(without record.Field, scored bool) (query.Query, error) {
	must, err := r.wanted()
	if err != nil {
		return nil, err
	}
	if must == nil && (r.void || len(r.units) > 0) {
		return query.NewMatchNoneQuery(), nil
	}
	for _, m := range r.matches {
		if m.Field != without {
			must = append(must, anyValue(m))
		}
	}
	if len(must) == 0 {
		must = append(must, query.NewMatchAllQuery())
	}
	var should []query.Query
	if scored {
		if should, err = r.preferred(); err != nil {
			return nil, err
		}
	}
	not, err := r.unwanted()
	if err != nil {
		return nil, err
	}
	return query.NewBooleanQuery(must, should, not), nil
}

// wanted are the queries for what was typed: all units or, relaxed, any of their words. There are none when no record
// can match.
func (r *run) wanted() ([]query.Query, error) {
	if r.relaxed {
		var any []query.Query
		for _, w := range r.question.all() {
			q, err := r.unit(unit{w})
			if err != nil {
				return nil, err
			}
			if q != nil {
				any = append(any, q)
			}
		}
		if any == nil {
			return nil, nil
		}
		return []query.Query{query.NewDisjunctionQuery(any)}, nil
	}
	var all []query.Query
	for _, u := range r.units {
		q, err := r.unit(u)
		if q == nil || err != nil {
			return nil, err
		}
		all = append(all, q)
	}
	return all, nil
}

// preferred are the fields in which a word says more.
func (r *run) preferred() ([]query.Query, error) {
	var out []query.Query
	for _, w := range r.question.all() {
		for i, l := range r.languages {
			for _, b := range boosts {
				name := l.field(b.field)
				here, err := r.present(name, w.terms[i])
				if err != nil {
					return nil, err
				}
				if here {
					out = append(out, term(name, w.terms[i], b.boost))
				}
			}
		}
	}
	return out, nil
}

// unwanted is what a record must not have or be.
func (r *run) unwanted() ([]query.Query, error) {
	var out []query.Query
	for _, u := range r.excluded {
		q, err := r.unit(u)
		if err != nil {
			return nil, err
		}
		if q != nil {
			out = append(out, q)
		}
	}
	for _, m := range r.Filter.None {
		out = append(out, anyValue(m))
	}
	for _, id := range r.hidden {
		out = append(out, term(idField, []byte(id), 0))
	}
	return out, nil
}

// unit asks for a word in any language, or for all pairs of neighbours in a phrase; nil when no record has it.
func (r *run) unit(u unit) (query.Query, error) {
	if len(u) == 1 {
		return r.anyLanguage(allField, u[0].terms)
	}
	var out []query.Query
	for i := 1; i < len(u); i++ {
		ps := make([][]byte, len(r.languages))
		for l := range r.languages {
			ps[l] = pair(u[i-1].terms[l], u[i].terms[l])
		}
		q, err := r.anyLanguage(pairField, ps)
		if q == nil || err != nil {
			return nil, err
		}
		out = append(out, q)
	}
	return query.NewConjunctionQuery(out), nil
}

// anyLanguage asks for a term in one of the languages, nil when no record has it. Languages in which no record has it
// are left out: bleve takes the share of alternatives that match into the score.
func (r *run) anyLanguage(name string, terms [][]byte) (query.Query, error) {
	var out []query.Query
	for i, l := range r.languages {
		here, err := r.present(l.field(name), terms[i])
		if err != nil {
			return nil, err
		}
		if here {
			out = append(out, term(l.field(name), terms[i], 1))
		}
	}
	switch len(out) {
	case 0:
		return nil, nil
	case 1:
		return out[0], nil
	}
	return query.NewDisjunctionQuery(out), nil
}

// present tells whether any record has a term.
func (r *run) present(field string, value []byte) (bool, error) {
	f, err := r.reader.TermFieldReader(context.Background(), value, field, false, false, false)
	if err != nil {
		return false, err
	}
	n := f.Count()
	return n > 0, f.Close()
}

// anyValue asks for one of the values. It does not count in the score.
func anyValue(m catalog.Match) query.Query {
	out := make([]query.Query, len(m.Values))
	for i, v := range m.Values {
		out[i] = term(string(m.Field), []byte(v), 0)
	}
	if len(out) == 1 {
		return out[0]
	}
	return query.NewDisjunctionQuery(out)
}

func term(field string, value []byte, boost float64) query.Query {
	q := query.NewTermQuery(string(value))
	q.SetField(field)
	q.SetBoost(boost)
	return q
}

// countsOf are what bleve counted, most frequent first.
func countsOf(f *bleve.FacetResult) []catalog.Count {
	if f == nil {
		return nil
	}
	ts := f.Terms.Terms()
	out := make([]catalog.Count, len(ts))
	for i, t := range ts {
		out[i] = catalog.Count{Value: t.Term, N: t.Count}
	}
	return out
}

// facetResult takes the most frequent values of a facet and those that are selected.
func facetResult(f record.Field, counts []catalog.Count, selected []string) FacetResult {
	out := FacetResult{Field: f, Buckets: []Bucket{}}
	seen := map[string]bool{}
	for i, c := range counts {
		chosen := slices.Contains(selected, c.Value)
		if i >= maxBuckets && !chosen {
			out.Other += c.N
			continue
		}
		out.Buckets = append(out.Buckets, Bucket{Value: c.Value, Count: c.N, Selected: chosen})
		seen[c.Value] = true
	}
	for _, v := range selected {
		if !seen[v] {
			out.Buckets = append(out.Buckets, Bucket{Value: v, Selected: true})
			seen[v] = true
		}
	}
	slices.SortStableFunc(out.Buckets, func(a, b Bucket) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	})
	return out
}
