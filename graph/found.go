package graph

import (
	"time"

	"github.com/udc-community/plein/internal/record"
	"github.com/udc-community/plein/internal/search"
)

// SearchConnection is what search found.
type SearchConnection struct {
	Edges        []*SearchEdge
	Nodes        []record.SearchItem
	PageInfo     *PageInfo
	TotalCount   int
	ExactCount   int
	GroupCount   *int
	Facets       []*FacetResult
	Relaxed      bool
	Notice       record.Text
	Suggestion   *string
	MissingWords []string
	Expansions   []*search.Expansion
	NextSteps    []*NextStep
	IsDegraded   bool
	TookMs       int
	IndexedUpTo  time.Time
}

// NextStep is a search that finds more.
type NextStep struct {
	Kind       search.NextStepKind
	Label      record.Text
	Query      string
	Facet      *Facet
	TotalCount *int
}

// explained takes over what a result tells of how the question was taken.
func (c *SearchConnection) explained(res *search.Result) {
	c.ExactCount, c.Relaxed, c.Notice, c.MissingWords = res.Exact, res.Relaxed, res.Notice, res.Missing
	if res.Suggestion != "" {
		c.Suggestion = &res.Suggestion
	}
	for i := range res.Expansions {
		c.Expansions = append(c.Expansions, &res.Expansions[i])
	}
	for _, s := range res.NextSteps {
		step := &NextStep{Kind: s.Kind, Label: s.Label, Query: s.Query}
		if s.Kind == search.BroadenFilter {
			step.TotalCount = &s.Total
		}
		for facet, field := range facetFields {
			if field == s.Field {
				step.Facet = &facet
			}
		}
		c.NextSteps = append(c.NextSteps, step)
	}
}
