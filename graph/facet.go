package graph

import "github.com/udc-community/plein/internal/record"

// FacetResult is the counts of one facet.
type FacetResult struct {
	Facet      Facet
	Label      record.Text
	Buckets    []*FacetBucket
	OtherCount int
}

// FacetBucket is one value of a facet.
type FacetBucket struct {
	Value        string
	Label        record.Text
	Count        int
	Selected     bool
	Concept      *record.Concept
	Municipality *record.Municipality
}
