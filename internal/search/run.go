package search

import (
	"cmp"
	"context"
	"slices"

	"github.com/blevesearch/bleve/v2/index/scorch"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/record"
)

// run answers one plan from one snapshot.
type run struct {
	*plan
	reader  *scorch.IndexSnapshot
	columns *columns
	// relaxed asks for some of the words instead of all.
	relaxed bool
	// hidden are records that the snapshot has and that strangers may not see any more.
	hidden []string
	// candidates are the records that answer what was typed, which reading says; there are none without words.
	matcher    *matcher
	reading    *reading
	candidates []candidate
}

// found is what a run gives.
type found struct {
	// hits are those of the page, and one more when there is one.
	hits         []foundHit
	total, exact int
	// groups is how many hits lead, when they are grouped.
	groups int
	facets []FacetResult
}

// foundHit is a hit of a page.
type foundHit struct {
	ID    string
	Score float64
	// value is what it is sorted by.
	value string
	// alike are the ids of those that follow it, with how many there are and from how many publishers.
	alike             []string
	alikeN, alikeFrom int
}

// do searches, in one pass: hits, total and facets.
func (r *run) do(ctx context.Context) (*found, error) {
	if r.Sort == MostReused {
		r.columns.countReuses(r.hidden)
	}
	best := &top{most: r.First + 1, compare: r.columns.order(r.Sort)}
	if r.after != nil {
		best.follows = r.columns.follows(r.Sort, r.after.Values[0], r.after.Values[1])
	}
	keep := best.keep
	var together *grouping
	if r.Grouped {
		together = r.columns.grouping(best)
		keep = together.keep
	}
	c := r.newCollection(keep)
	if err := r.collect(ctx, c); err != nil {
		return nil, err
	}
	out := &found{total: c.total, exact: c.exact}
	if together != nil {
		together.lead()
		out.groups = together.n
	}
	for _, h := range best.hits {
		out.hits = append(out.hits, foundHit{ID: r.columns.idOf(h), Score: h.score, value: r.columns.sortValue(r.Sort, h)})
	}
	if together != nil {
		r.name(together, best.hits, out.hits)
	}
	for _, f := range r.Facets {
		out.facets = append(out.facets, r.facetResult(f, c.counts(f)))
	}
	return out, nil
}

// collect takes up all that matches.
func (r *run) collect(ctx context.Context, c *collection) error {
	if r.void {
		return nil
	}
	c.require(r.matches)
	c.refuse(r.Filter.None)
	var err error
	if c.absent, err = r.absent(); err != nil {
		return err
	}
	if len(r.units) > 0 {
		return c.these(ctx, slices.Values(r.candidates))
	}
	return c.all(ctx)
}

// absent are, by document number, the records that are not to be found: what is hidden and, when there are no words to
// find, what has a word that must not occur. Nil when there are none.
func (r *run) absent() ([]bool, error) {
	var out []bool
	leave := func(doc uint64) {
		if out == nil {
			out = make([]bool, r.columns.room())
		}
		out[doc] = true
	}
	for _, id := range r.hidden {
		n, err := r.reader.InternalID(id)
		if err != nil {
			return nil, err
		}
		if n != nil {
			leave(n.Value())
		}
	}
	if r.reading != nil && len(r.units) == 0 {
		for _, sets := range r.reading.excluded {
			var having, one scores
			having.reset(r.matcher.room)
			if err := r.matcher.every(sets, &having, &one); err != nil {
				return nil, err
			}
			for _, doc := range having.touched {
				leave(uint64(doc))
			}
		}
	}
	return out, nil
}

// name says of leaders who follows them.
func (r *run) name(g *grouping, leaders []hit, out []foundHit) {
	for i, followers := range g.followers(leaders) {
		h := &out[i]
		h.alikeN, h.alikeFrom = len(followers), r.columns.publishers(append(followers, leaders[i]))
		for _, f := range followers[:min(maxAlike, len(followers))] {
			h.alike = append(h.alike, r.columns.idOf(f))
		}
	}
}

// cursor is the place of a hit.
func (r *run) cursor(h foundHit) string {
	return place{List: r.list, Relaxed: r.relaxed, Values: []string{h.value, h.ID}}.String()
}

// facetResult takes the most frequent values of a facet and those that are selected.
func (p *plan) facetResult(f record.Field, counts []catalog.Count) FacetResult {
	selected := p.selected(f)
	out := FacetResult{Field: f, Buckets: []Bucket{}}
	seen := map[string]bool{}
	for i, c := range counts {
		chosen := slices.Contains(selected, c.Value)
		if i >= p.FacetSize && !chosen {
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
