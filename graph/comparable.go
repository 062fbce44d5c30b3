package graph

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"github.com/udc-community/plein/internal/comparable"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
	"github.com/udc-community/plein/internal/search"
)

// comparison is what a client adds to what a project or a description asks.
type comparison struct {
	From    *record.Municipality
	Weights comparable.Weights
	First   int
	After   string
}

func (r *Resolver) newComparison(municipality *string, argument string, weights *ComparableWeights, first int, after *string) (comparison, error) {
	out := comparison{Weights: weigh(weights), First: first, After: given(after)}
	if id := given(municipality); id != "" {
		if out.From = r.Catalog.Reference().Municipality(id); out.From == nil {
			return out, record.Problems{record.Wrong(record.NotFound, "Deze gemeente is hier niet bekend. Geef haar id of haar CBS-code, zoals GM0546.",
				"This municipality is not known here. Give its id or its CBS code, such as GM0546.", argument)}
		}
	}
	return out, nil
}

// weigh takes the usual weight for each that is left out.
func weigh(in *ComparableWeights) comparable.Weights {
	w := comparable.Usual()
	if in == nil {
		return w
	}
	for to, from := range map[*float64]graphql.Omittable[*float64]{&w.Text: in.Text, &w.Domain: in.Domain, &w.Method: in.Method, &w.Source: in.Source, &w.Municipality: in.Municipality} {
		*to = or(from.Value(), *to)
	}
	return w
}

// on adds what the client asks to a comparison.
func (c comparison) on(s search.Comparison) search.Comparison {
	s.Asker.Weights, s.First, s.After = c.Weights, c.First, c.After
	return s
}

// compareProjects answers for all projects of obj's group at once: they share one snapshot of the index and one
// statement. A later page is for one at a time.
func (r *Resolver) compareProjects(ctx context.Context, obj *record.Project, c comparison, filter *ProjectFilter) (*ComparableConnection, error) {
	if c.After != "" {
		if err := alone(record.ForAll(obj, "count", count)); err != nil {
			return nil, err
		}
	}
	f, err := r.filter(ctx, filter)
	if err != nil {
		return nil, err
	}
	key, err := json.Marshal([]any{"project.comparable", c, f})
	if err != nil {
		return nil, fmt.Errorf("name a comparison: %w", err)
	}
	all, err := record.ForAll(obj, string(key), func(rs []record.Record) (map[string]*ComparableConnection, error) {
		var asked []search.Comparison
		for _, x := range rs {
			if p, ok := x.(*record.Project); ok {
				s := c.on(search.ComparisonOf(p, c.From))
				s.Filter = f
				asked = append(asked, s)
			}
		}
		out := map[string]*ComparableConnection{}
		found, err := r.compare(ctx, asked...)
		for i, x := range found {
			out[asked[i].Exclude] = x
		}
		return out, err
	})
	return all[obj.ID], err
}

// compare finds what is comparable, among what everybody may see.
func (r *Resolver) compare(ctx context.Context, asked ...search.Comparison) ([]*ComparableConnection, error) {
	found, err := r.Index.Comparable(identity.AsStranger(ctx), asked...)
	if err != nil {
		return nil, err
	}
	out := make([]*ComparableConnection, len(found))
	for i, f := range found {
		c := &ComparableConnection{TotalCount: f.Total, Perspective: asked[i].Asker.Municipality,
			PageInfo: &PageInfo{HasNextPage: f.More, HasPreviousPage: asked[i].After != ""}}
		for j := range f.Hits {
			h := &f.Hits[j]
			c.Nodes = append(c.Nodes, h.Project)
			c.Edges = append(c.Edges, &ComparableEdge{Cursor: h.Cursor, Node: h.Project, Score: h.Score, TopicScore: h.Topic,
				MunicipalityScore: h.Municipality, Reasons: reasons(h.Reasons), Differences: reasons(h.Differences)})
			if j == 0 {
				c.PageInfo.StartCursor = &h.Cursor
			}
			c.PageInfo.EndCursor = &h.Cursor
		}
		out[i] = c
	}
	return out, nil
}

func reasons(rs []comparable.Reason) []*comparable.Reason {
	out := make([]*comparable.Reason, len(rs))
	for i := range rs {
		out[i] = &rs[i]
	}
	return out
}

// similarTo ranks all other municipalities; those that have merged into another are left out.
func (r *Resolver) similarTo(m *record.Municipality, first int) []*SimilarMunicipality {
	ref := r.Catalog.Reference()
	departments := comparable.Departments(ref)
	department := func(m *record.Municipality) *bool {
		if has, known := departments[m.Code]; known {
			return &has
		}
		return nil
	}
	var out []*SimilarMunicipality
	for _, other := range ref.AllMunicipalities() {
		if other.Code == m.Code || other.Successor != "" {
			continue
		}
		c := comparable.Similar(m, other, department(m), department(other))
		out = append(out, &SimilarMunicipality{Municipality: other, Score: c.Score, Reasons: reasons(c.Reasons)})
	}
	slices.SortFunc(out, func(a, b *SimilarMunicipality) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Municipality.Code, b.Municipality.Code))
	})
	return out[:min(first, len(out))]
}

// policyDomains finds themes by id or IRI.
func (r *Resolver) policyDomains(ids []string) ([]*record.Concept, error) {
	var out []*record.Concept
	for _, id := range ids {
		c := r.Catalog.Reference().Concept(id)
		if c == nil || c.Scheme != record.PolicyDomain {
			return nil, record.Problems{record.Wrong(record.UnknownConcept, fmt.Sprintf("Er is geen thema %q.", shorten(id, 60)),
				fmt.Sprintf("There is no theme %q.", shorten(id, 60)), "policyDomains")}
		}
		out = append(out, c)
	}
	return out, nil
}
