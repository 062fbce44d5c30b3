package graph

import (
	"context"
	"fmt"

	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// SearchEdge is a record that was found, with those that are nearly the same behind it.
type SearchEdge struct {
	Cursor              string
	Node                record.SearchItem
	Score               float64
	MatchesAll          bool
	Highlights          []*Highlight
	MatchedFields       []string
	AlikeCount          int
	AlikePublisherCount int
	// record is the node, alikeIDs are those behind it, page has all edges of its page.
	record   record.Record
	alikeIDs []string
	page     *SearchConnection
}

// alike loads what stands behind the edges of a page, for all of them in one statement.
func (r *Resolver) alike(ctx context.Context, e *SearchEdge, first int) ([]record.SearchItem, error) {
	out := []record.SearchItem{}
	if len(e.alikeIDs) == 0 {
		return out, nil
	}
	all, err := record.ForAll(e.record, fmt.Sprint("alike ", first), func([]record.Record) (map[string]record.SearchItem, error) {
		var ids []string
		for _, x := range e.page.Edges {
			ids = append(ids, x.alikeIDs[:min(first, len(x.alikeIDs))]...)
		}
		found, err := r.Catalog.ByID(identity.AsStranger(ctx), ids...)
		if err != nil {
			return nil, err
		}
		out := make(map[string]record.SearchItem, len(found))
		for i, id := range ids {
			if item, ok := found[i].(record.SearchItem); ok {
				out[id] = item
			}
		}
		return out, nil
	})
	if err != nil {
		return nil, err
	}
	for _, id := range e.alikeIDs[:min(first, len(e.alikeIDs))] {
		if item := all[id]; item != nil {
			out = append(out, item)
		}
	}
	return out, nil
}
