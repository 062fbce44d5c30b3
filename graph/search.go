package graph

import (
	"context"
	"strings"

	"github.com/udc-community/plein/graph/scalar"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/federation"
	"github.com/udc-community/plein/internal/record"
	"github.com/udc-community/plein/internal/search"
)

// facetFields says which property each facet counts.
var facetFields = map[Facet]record.Field{
	FacetType: record.FieldKind, FacetPolicyDomain: record.FieldPolicyDomain, FacetTargetGroup: record.FieldTargetGroup,
	FacetMethod: record.FieldMethod, FacetSource: record.FieldSource, FacetAccessRoute: record.FieldAccessRoute,
	FacetGeoLevel: record.FieldGeoLevel, FacetOrganization: record.FieldPublisher, FacetMunicipality: record.FieldMunicipality,
	FacetProvince: record.FieldProvince, FacetSizeClass: record.FieldSizeClass, FacetUrbanity: record.FieldUrbanity,
	FacetPhase: record.FieldPhase, FacetComplexity: record.FieldComplexity, FacetOutputKind: record.FieldOutputKind,
	FacetNode: record.FieldNode, FacetYear: record.FieldYear, FacetUsedInPolicy: record.FieldUsedInPolicy, FacetStep: record.FieldStep, FacetLanguage: record.FieldLanguage,
}

// ask makes of the arguments what the index is asked.
func (r *Resolver) ask(ctx context.Context, query *string, filter *SearchFilter, facets []Facet, facetSize int, sort *SearchSort, lang *string, first int, after *string) search.Request {
	q := search.Request{Text: given(query), Filter: r.searchFilter(filter), Homes: r.homes(ctx), FacetSize: facetSize, First: first, After: given(after),
		Languages: []string{or(lang, scalar.LanguageOf(ctx))}}
	if sort != nil {
		q.Sort = search.Sort(*sort)
	}
	for _, f := range facets {
		q.Facets = append(q.Facets, facetFields[f])
	}
	return q
}

func (r *Resolver) searchFilter(f *SearchFilter) catalog.Filter {
	if f == nil {
		return catalog.Filter{}
	}
	out := catalog.Filter{Types: f.Types.Value(), All: r.searchMatches(f)}
	if not := f.Not.Value(); not != nil {
		m := matches{list: r.searchMatches(not)}
		m.ids(record.FieldKind, texts(not.Types.Value()))
		out.None = m.list
	}
	return out
}

func (r *Resolver) searchMatches(f *SearchFilter) []catalog.Match {
	m := matches{ref: r.Catalog.Reference()}
	m.concepts(record.FieldPolicyDomain, f.PolicyDomains.Value())
	m.concepts(record.FieldTargetGroup, f.TargetGroups.Value())
	m.concepts(record.FieldMethod, f.Methods.Value())
	m.sources(f.Sources.Value())
	m.concepts(record.FieldAccessRoute, f.AccessRoutes.Value())
	m.concepts(record.FieldGeoLevel, f.GeoLevels.Value())
	m.concepts(record.FieldOutputKind, f.OutputKinds.Value())
	m.organizations(f.Organizations.Value())
	m.ids(record.FieldNode, f.Nodes.Value())
	m.municipalities(f.Municipalities.Value())
	m.ids(record.FieldProvince, f.Provinces.Value())
	m.ids(record.FieldSizeClass, texts(f.SizeClasses.Value()))
	m.numbers(record.FieldUrbanity, f.Urbanity.Value())
	m.ids(record.FieldPhase, texts(f.Phases.Value()))
	m.ids(record.FieldComplexity, texts(f.Complexity.Value()))
	m.flag(record.FieldGoodFirstProject, f.GoodFirstProject.Value())
	m.flag(record.FieldUsedInPolicy, f.UsedInPolicy.Value())
	m.flag(record.FieldHasTemplate, f.HasTemplate.Value())
	m.ids(record.FieldStep, f.StepKeys.Value())
	m.numbers(record.FieldYear, f.Years.Value())
	m.ids(record.FieldLanguage, f.Languages.Value())
	return m.list
}

// found makes a connection of what the index found.
func (r *Resolver) found(ctx context.Context, res *search.Result, facets []Facet, after *string) *SearchConnection {
	out := &SearchConnection{TotalCount: res.Total, IsDegraded: res.Degraded, TookMs: int(res.Took.Milliseconds()),
		IndexedUpTo: res.IndexedUpTo, PageInfo: &PageInfo{HasNextPage: res.More, HasPreviousPage: given(after) != ""}}
	out.explained(res)
	for i := range res.Hits {
		h := &res.Hits[i]
		item, ok := h.Record.(record.SearchItem)
		if !ok {
			continue
		}
		e := &SearchEdge{Cursor: h.Cursor, Node: item, Score: h.Score, MatchesAll: h.Whole, MatchedFields: h.MatchedFields,
			AlikeCount: h.AlikeCount, AlikePublisherCount: h.AlikePublishers, record: h.Record, alikeIDs: h.Alike, page: out}
		for _, x := range h.Highlights {
			hl := &Highlight{Field: x.Field}
			for _, f := range x.Fragments {
				hl.Fragments = append(hl.Fragments, &Fragment{Text: f.Text, Hit: f.Hit})
			}
			e.Highlights = append(e.Highlights, hl)
		}
		out.Edges = append(out.Edges, e)
		out.Nodes = append(out.Nodes, item)
		if out.PageInfo.StartCursor == nil {
			out.PageInfo.StartCursor = &h.Cursor
		}
		out.PageInfo.EndCursor = &h.Cursor
	}
	for i, f := range res.Facets {
		out.Facets = append(out.Facets, r.facet(ctx, facets[i], f))
	}
	return out
}

func (r *Resolver) facet(ctx context.Context, name Facet, f search.FacetResult) *FacetResult {
	ref := r.Catalog.Reference()
	out := &FacetResult{Facet: name, Label: f.Field.Label(), OtherCount: f.Other}
	for _, b := range f.Buckets {
		bucket := &FacetBucket{Value: b.Value, Label: ref.ValueLabel(f.Field, b.Value), Count: b.Count, Selected: b.Selected}
		if f.Field == record.FieldMunicipality {
			bucket.Municipality = ref.Municipality(b.Value)
		} else if f.Field == record.FieldNode {
			if n, ok := r.federationNode(ctx, b.Value).(*federation.Node); ok {
				bucket.Label = record.NL(n.Name)
			}
		} else if c := ref.Concept(b.Value); c != nil {
			bucket.Concept, bucket.Value = c, c.ID
		} else if d := ref.DataSource(b.Value); d != nil {
			bucket.Value = d.ID
		} else if f.Field == record.FieldLanguage {
			bucket.Value = strings.ToUpper(b.Value)
		}
		out.Buckets = append(out.Buckets, bucket)
	}
	return out
}
