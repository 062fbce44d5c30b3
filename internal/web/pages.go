package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Reader answers what the plain pages ask, as the anonymous visitor. A search that cannot be carried out is
// [ErrInvalidSearch]; what does not exist or may not be seen is [ErrNotFound]; what was withdrawn is a [Gone].
type Reader interface {
	Search(ctx context.Context, request SearchRequest) (SearchPage, error)
	Record(ctx context.Context, id string) (RecordPage, error)
	// Thesaurus is the node's own vocabularies as text/turtle or application/ld+json.
	Thesaurus(ctx context.Context, media string) ([]byte, error)
}

var (
	// ErrInvalidSearch is an unknown facet, or a cursor that is not or no longer one.
	ErrInvalidSearch = errors.New("invalid search")
	// ErrNotFound answers the same for what never was and what may not be seen.
	ErrNotFound = errors.New("not found")
)

// Gone is the error for a withdrawn record. Title is empty when it may no longer be named.
type Gone struct {
	Title, Reason string
	On            time.Time // zero when not known
}

func (g Gone) Error() string { return "withdrawn: " + g.Reason }

func (g Gone) fault() fault {
	f := fault{status: http.StatusGone, code: codeGone, title: "Ingetrokken", nl: "Deze beschrijving is ingetrokken", en: "This record was withdrawn"}
	if g.Title != "" {
		f.title += ": " + g.Title
		f.nl, f.en = fmt.Sprintf("“%s” is ingetrokken", g.Title), fmt.Sprintf("“%s” was withdrawn", g.Title)
	}
	if !g.On.IsZero() {
		f.nl += " op " + dutchDate(g.On)
		f.en += " on " + g.On.Format("2 January 2006")
	}
	f.nl, f.en = f.nl+".", f.en+"."
	if g.Reason != "" {
		f.nl += " Reden: " + g.Reason
		f.en += " Reason: " + g.Reason
	}
	return f
}

// SearchRequest asks for one page of results. An empty Query asks for everything.
type SearchRequest struct {
	Query    string
	Selected []Selection // sorted, without doubles; OR within a facet, AND between
	First    int
	After    string // cursor; empty for the first page
}

// Selection is one chosen value of a facet.
type Selection struct {
	Facet, Value string
}

// SearchPage is one page of results.
type SearchPage struct {
	Total   int
	Results []Result
	Facets  []Facet
	// Next is the cursor of the next page, empty on the last.
	Next string
	// Suggestion is a query that would find more, empty when there is none.
	Suggestion string
	// Notice tells the visitor what to know about these results, such as an index that is being rebuilt.
	Notice string
	// Missed tells that this was a search for words alone, which no record has all of.
	Missed bool
}

// Result is a record that was found.
type Result struct {
	ID        string
	Kind      string // label, such as Project
	Title     []Fragment
	Excerpts  [][]Fragment
	Publisher string
	Published time.Time
}

// Fragment is a piece of text; Hit when it is what was searched for.
type Fragment struct {
	Text string
	Hit  bool
}

// Facet is a list of values to narrow the results by.
type Facet struct {
	Name, Label string // Name goes into the address
	Values      []FacetValue
}

// FacetValue is a value with the number of results that have it.
type FacetValue struct {
	Value, Label string
	Count        int
	Selected     bool
}

// RecordPage is one record.
type RecordPage struct {
	ID, URI            string
	Kind               string // label
	Title, Summary     string
	Publisher, License string
	Published, Updated time.Time // Updated is zero when nothing changed since
	Notice             string
	Sections           []Section
	// Document is the record as JSON.
	Document []byte
}

// Section is a heading with paragraphs and a list below it; either may be empty.
type Section struct {
	Heading    string
	Paragraphs []string
	Items      []Item
}

// Item is a labelled text, a link when it has a URL.
type Item struct {
	Label, Text, URL string
}

const (
	pageSize       = 20
	maxQueryLength = 200 // characters
	maxSelections  = 20
	maxParameter   = 512 // bytes of a cursor or a selection
	maxIDLength    = 128
)

// home is the search page; without a query it shows only the box.
func (s *Server) home(w http.ResponseWriter, r *http.Request) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		s.refuse(w, r, errBadLink)
		return
	}
	if !values.Has("q") {
		s.page(w, r, mediaHTML, "home", func(context.Context) (answer, error) { return s.templates.home(recordCost) })
		return
	}
	request, err := readSearch(values)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	s.page(w, r, mediaHTML, "search "+string(canonical(request)), func(ctx context.Context) (answer, error) {
		found, err := s.config.Pages.Search(ctx, request)
		if err != nil {
			return answer{}, fmt.Errorf("searching for a page: %w", err)
		}
		a, err := s.templates.search(request, found, searchCost)
		if found.Missed {
			a.misses = []string{request.Query}
		}
		return a, err
	})
}

// readSearch returns a fault for what no link of ours holds.
func readSearch(values url.Values) (SearchRequest, error) {
	request := SearchRequest{Query: strings.TrimSpace(values.Get("q")), First: pageSize, After: values.Get("after")}
	if utf8.RuneCountInString(request.Query) > maxQueryLength {
		return SearchRequest{}, errLongQuery
	}
	if len(request.After) > maxParameter || len(values["f"]) > maxSelections || !utf8.ValidString(request.Query) {
		return SearchRequest{}, errBadLink
	}
	for _, selection := range values["f"] {
		name, value, ok := strings.Cut(selection, ":")
		if !ok || name == "" || len(selection) > maxParameter {
			return SearchRequest{}, errBadLink
		}
		request.Selected = append(request.Selected, Selection{name, value})
	}
	request.Selected = sorted(request.Selected)
	return request, nil
}

func sorted(selected []Selection) []Selection {
	slices.SortFunc(selected, func(a, b Selection) int {
		return strings.Compare(a.Facet+":"+a.Value, b.Facet+":"+b.Value)
	})
	return slices.Compact(selected)
}

// address is the page's own URL, relative to the site.
func (q SearchRequest) address() string {
	values := url.Values{"q": {q.Query}}
	for _, selection := range q.Selected {
		values.Add("f", selection.Facet+":"+selection.Value)
	}
	if q.After != "" {
		values.Set("after", q.After)
	}
	return "/?" + values.Encode()
}

// toggled is the first page with a value chosen, or no longer chosen.
func (q SearchRequest) toggled(facet string, v FacetValue) SearchRequest {
	q.After = ""
	selection := Selection{facet, v.Value}
	q.Selected = slices.Clone(q.Selected)
	if v.Selected {
		q.Selected = slices.DeleteFunc(q.Selected, func(s Selection) bool { return s == selection })
	} else {
		q.Selected = sorted(append(q.Selected, selection))
	}
	return q
}

// record is a record's canonical address: a page for people, its document for programs.
func (s *Server) record(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if len(id) > maxIDLength || strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
		s.refuse(w, r, errNotFound)
		return
	}
	media := preferred(r.Header.Get("Accept"), mediaMatch, mediaHTML, mediaJSON)
	s.page(w, r, media, "record "+id, func(ctx context.Context) (answer, error) {
		found, err := s.config.Pages.Record(ctx, id)
		if err != nil {
			return answer{}, fmt.Errorf("reading a record for a page: %w", err)
		}
		if media == mediaJSON {
			return answer{status: http.StatusOK, contentType: mediaJSON, body: found.Document, cost: recordCost, shareable: true}, nil
		}
		return s.templates.record(found, recordCost)
	})
}

// page answers a visitor, who has no name here, through rate limit, cache and gate.
func (s *Server) page(w http.ResponseWriter, r *http.Request, media, what string, work produce) {
	payer := caller{network: network(visitOf(r.Context()).client)}
	if budget, err := s.limiter.admit(payer); err != nil {
		s.refuseLimited(w, r, budget, err)
		return
	}
	s.release(r)
	w.Header().Set("Cache-Control", revalidate)
	vary(w.Header(), "Accept", "Accept-Encoding")
	coding := encoding(r)
	key := cacheKey("page", media, coding, what, s.config.Version())
	out, err := s.read(r.Context(), key, coding, s.gated(work))
	s.reply(w, r, payer, out, err)
}
