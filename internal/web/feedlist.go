package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/udc-community/plein/internal/record"
	"github.com/udc-community/plein/internal/render"
)

// afterName is the cursor in the address of a search.
const afterName = "na"

// listAddress is a search as addresses have it: that of the page, of the feed and of the downloads.
type listAddress struct {
	language string
	query    url.Values // without the cursor
	after    string
}

// readListAddress returns a fault for what no link of ours holds.
func readListAddress(r *http.Request) (listAddress, error) {
	address, err := pageAddress(r.URL)
	if err != nil {
		return listAddress{}, err
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return listAddress{}, errBadLink
	}
	a := listAddress{language: addressLanguage(address), query: query, after: query.Get(afterName)}
	query.Del(afterName)
	return a, nil
}

// path of the page of this search, or of the feed or download with an ending. A search has one path, in whatever order
// its parts were written.
func (a listAddress) path(ending, after string) string {
	query := a.query
	if after != "" {
		query = maps.Clone(query)
		query.Set(afterName, after)
	}
	return strings.TrimSuffix(languagePath(a.language, "/zoeken"+ending)+"?"+query.Encode(), "?")
}

// languagePath is a Dutch path in a language.
func languagePath(language, path string) string {
	if language == record.English {
		return "/en" + path
	}
	return path
}

// part is some records of a search, in order, as an anonymous visitor sees them.
type part struct {
	records []record.Record
	// next is the cursor of what follows, empty on the last.
	next string
	// total is how many records the whole search has.
	total, cost int
	// shareable: the same for everybody at this version.
	shareable bool
}

// listOperation is the search behind a path. The application knows what its addresses mean.
func (s *Server) listOperation(ctx context.Context, path string) (render.Operation, error) {
	plan, err := s.plan(ctx, path)
	switch {
	case errors.Is(err, render.ErrBusy):
		return render.Operation{}, errOverloaded
	case errors.Is(err, render.ErrLate):
		return render.Operation{}, errUnavailable
	case err != nil:
		return render.Operation{}, fmt.Errorf("planning a list: %w", err)
	case len(plan.Operations) != 1:
		return render.Operation{}, errNotFound
	}
	return plan.Operations[0], nil
}

// readPart reads the records after a cursor. What was hidden between the search and the reading is left out. That a
// search is in vain is not counted here: a feed reader asks every hour, and nobody waits for it.
func (s *Server) readPart(ctx context.Context, asked render.Operation, language string, first int, after string) (part, error) {
	variables := map[string]any{}
	if err := decode(asked.Variables, &variables); err != nil {
		return part{}, fmt.Errorf("reading the variables of a list: %w", err)
	}
	variables["first"], variables["after"] = first, nil
	if after != "" {
		variables["after"] = after
	}
	asked.Variables = canonical(variables)
	a, err := s.execute(ctx, asked, language)
	if err != nil {
		return part{}, err
	}
	var found struct {
		Data struct {
			Search struct {
				TotalCount int
				Nodes      []struct{ ID string }
				PageInfo   struct {
					EndCursor   string
					HasNextPage bool
				}
			}
		}
		Errors []struct{ Extensions struct{ Code string } }
	}
	if err := json.Unmarshal(a.body, &found); err != nil {
		return part{}, fmt.Errorf("reading a list: %w", err)
	}
	if len(found.Errors) > 0 {
		switch code := found.Errors[0].Extensions.Code; code {
		case codeBadUserInput:
			return part{}, errBadLink
		case codeUnavailable:
			return part{}, errUnavailable
		default:
			return part{}, fmt.Errorf("reading a list: the answer is %s", code)
		}
	}
	search := found.Data.Search
	ids := make([]string, len(search.Nodes))
	for i, n := range search.Nodes {
		ids[i] = n.ID
	}
	rs, err := s.config.Reader.Records(ctx, ids...)
	if err != nil {
		return part{}, fmt.Errorf("reading the records of a list: %w", err)
	}
	p := part{total: search.TotalCount, cost: a.cost + len(ids)*recordCost, shareable: a.shareable,
		records: slices.DeleteFunc(rs, func(r record.Record) bool { return r == nil })}
	if search.PageInfo.HasNextPage {
		p.next = search.PageInfo.EndCursor
	}
	return p, nil
}

// pageOf is the address of a record's page in a language.
func (s *Server) pageOf(language string) func(record.Record) string {
	return func(r record.Record) string { return s.config.Site.Base + languagePath(language, record.PagePath(r)) }
}
