package search

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/record"
)

// Sort is what results are sorted by.
type Sort string

// Orders of results. Without words Relevance is RecentlyUpdated.
const (
	Relevance       Sort = "RELEVANCE"
	RecentlyUpdated Sort = "RECENTLY_UPDATED"
	Title           Sort = "TITLE"
	// Newest is first publication, newest first.
	Newest Sort = "NEWEST"
	// MostReused is by in how many municipalities projects were repeated, most first. A degraded result is by
	// RecentlyUpdated instead.
	MostReused Sort = "MOST_REUSED"
)

// Request asks for records.
type Request struct {
	// Text is what somebody typed: words, "phrases" and -words that must not occur. Empty finds everything.
	Text string
	// Literal searches for the words as they are, without what the thesaurus adds.
	Literal bool
	// Filter limits the records; its Words are not used.
	Filter catalog.Filter
	// Homes are for filters and facets by record.FieldNode.
	Homes Homes
	// Facets to count.
	Facets []record.Field
	// FacetSize is how many values of a facet to give, 1 to 400, besides those that are selected; 0 is UsualFacetSize.
	FacetSize int
	// Sort is Relevance when empty.
	Sort Sort
	// Grouped takes records that are nearly the same together: the first of them is a hit, the others stand behind it.
	Grouped bool
	// Languages in which highlights are preferred, first choice first.
	Languages []string
	// First is how many hits to give, 1 to 100, After the cursor of the hit before them.
	First int
	After string
}

// Missed tells whether this was a search for words alone, from the start, and no record has all of them. A literal or
// a degraded answer says nothing of the kind: the catalogue may have it in other words.
func (r Request) Missed(found *Result) bool {
	wordsAlone := strings.TrimSpace(r.Text) != "" && len(r.Filter.Types)+len(r.Filter.All)+len(r.Filter.None) == 0
	return wordsAlone && r.After == "" && !r.Literal && !found.Degraded && found.Exact == 0
}

// Result is what was found.
type Result struct {
	Hits []Hit
	// Total is how many records match in all. In a degraded result words to leave out are counted as if they were not
	// there.
	Total int
	// Groups is how many hits there are in all when they are grouped.
	Groups int
	// Facets are in the order asked for.
	Facets []FacetResult
	More   bool
	// IndexedUpTo is when the last visible change was made that the result knows of.
	IndexedUpTo time.Time
	// Degraded tells that the database answered: without relevance, inflections and relaxing.
	Degraded bool
	// Relaxed tells that few records have all the words, and that behind those are some that have a part of them.
	Relaxed bool
	// Exact is how many have all the words, or others that mean the same.
	Exact int
	// Notice says so in plain words; nil when every result is what was asked for.
	Notice record.Text
	// Expansions are what was searched for besides what was typed. Missing are words that no record has. Suggestion is
	// what was typed in a better spelling.
	Expansions []Expansion
	Missing    []string
	Suggestion string
	// NextSteps are searches that find more, when there is little.
	NextSteps []NextStep
	Took      time.Duration
}

// Hit is a record that was found.
type Hit struct {
	ID     string
	Record record.Record
	// Score is only comparable within one result; 0 unless sorted by relevance.
	Score float64
	// Whole tells that it has all words, or others that mean the same.
	Whole      bool
	Cursor     string
	Highlights []Highlight
	// MatchedFields are those that hold a word that was asked for: title, summary, body, tags.
	MatchedFields []string
	// Alike are the ids of records that are nearly the same, match as well and come later, at most 100 of them in order;
	// AlikeCount is how many there are. AlikePublishers is how many publishers these and the hit are of. Only when
	// grouped.
	Alike                       []string
	AlikeCount, AlikePublishers int
}

// Highlight is a piece of one field, cut where a found word begins and ends.
type Highlight struct {
	Field     string
	Fragments []Fragment
}

// Fragment is plain text, a found word or what stands between.
type Fragment struct {
	Text string
	Hit  bool
}

// FacetResult counts the records by the values of a field. The counts ignore the selection in the field itself, so that
// alternatives stay in sight.
type FacetResult struct {
	Field record.Field
	// Buckets are the most frequent values, as many as were asked for, and those that are selected.
	Buckets []Bucket
	// Other is the sum of the counts of all other values.
	Other int
}

// Bucket is one value of a facet.
type Bucket struct {
	Value    string
	Count    int
	Selected bool
}

// UsualFacetSize is how many values of a facet are given when nobody says how many, MaxFacetSize how many can be asked
// for: there are fewer municipalities.
const (
	UsualFacetSize = 50
	MaxFacetSize   = 400
)

// Limits on what may be asked.
const (
	maxFirst        = 100
	maxFilterValues = 500
	maxCursor       = 4_000
)

// plan is a request that was checked.
type plan struct {
	Request
	question
	// matches are what a record must have: the filter, its types among them.
	matches []catalog.Match
	// list binds cursors to the request.
	list  string
	after *place
}

// place is where a cursor points.
type place struct {
	List string `json:"l"`
	// Relaxed and Database say what kind of answer it is a place in.
	Relaxed  bool `json:"r,omitempty"`
	Database bool `json:"d,omitempty"`
	// Values are the sort values of the hit, or the cursor of the database.
	Values []string `json:"v"`
}

func (p place) String() string {
	b, err := json.Marshal(p)
	if err != nil {
		panic("cursor: " + err.Error()) // strings and flags always encode
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// newPlan checks a request. What is wrong with it comes back as record.Problems.
func (x *Index) newPlan(r Request) (*plan, error) {
	q, err := x.languages.parse(r.Text)
	if err != nil {
		return nil, err
	}
	if r.First < 1 || r.First > maxFirst {
		return nil, record.Problems{record.Wrong(record.Invalid, "Vraag 1 tot 100 resultaten.", "Ask for 1 to 100 results.", "first")}
	}
	if r.FacetSize < 0 || r.FacetSize > MaxFacetSize {
		return nil, record.Problems{record.Wrong(record.Invalid, "Vraag 1 tot 400 waarden van een facet.", "Ask for 1 to 400 values of a facet.", "facetSize")}
	}
	p := &plan{Request: r, question: q}
	p.FacetSize = cmp.Or(r.FacetSize, UsualFacetSize)
	if p.Sort == "" || p.Sort == Relevance && len(q.units) == 0 {
		p.Sort = RecentlyUpdated
	}
	if r.Sort == "" && len(q.units) > 0 {
		p.Sort = Relevance
	}
	if p.matches, err = matches(r.Filter); err != nil {
		return nil, err
	}
	for _, f := range r.Facets {
		if err := searchedBy(f); err != nil {
			return nil, err
		}
	}
	if p.list, err = p.name(); err != nil {
		return nil, err
	}
	if r.After != "" {
		if p.after, err = p.parseCursor(r.After); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func matches(f catalog.Filter) ([]catalog.Match, error) {
	out := slices.Clone(f.All)
	if len(f.Types) > 0 {
		kinds := catalog.Match{Field: record.FieldKind}
		for _, t := range f.Types {
			kinds.Values = append(kinds.Values, string(t))
		}
		out = append(out, kinds)
	}
	n := 0
	for _, m := range slices.Concat(out, f.None) {
		n += len(m.Values)
		if err := searchedBy(m.Field); err != nil {
			return nil, err
		}
	}
	if n > maxFilterValues {
		return nil, record.Problems{record.Wrong(record.TooMany, "Dit filter heeft te veel waarden: hooguit 500.", "This filter has too many values: at most 500.", "filter")}
	}
	return out, nil
}

// searchedBy refuses a field that records are not searched by.
func searchedBy(f record.Field) error {
	if f == record.FieldNode || slices.Contains(columnFields(), f) {
		return nil
	}
	return record.Problems{record.Wrong(record.Invalid, "Op dit veld wordt niet gezocht.", "Records are not searched by this field.", string(f))}
}

// name identifies the list that a request walks through.
func (p *plan) name() (string, error) {
	b, err := json.Marshal([]any{p.Text, p.Literal, p.matches, p.Filter.None, p.Sort, p.Grouped})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8]), nil
}

// parseCursor reads a cursor that this list must have given.
func (p *plan) parseCursor(s string) (*place, error) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	out := new(place)
	if err != nil || len(b) > maxCursor || json.Unmarshal(b, out) != nil || out.List != p.list {
		return nil, catalog.ErrCursor
	}
	if out.Database {
		if len(out.Values) != 1 {
			return nil, catalog.ErrCursor
		}
		return out, nil
	}
	if len(out.Values) != 2 {
		return nil, catalog.ErrCursor
	}
	switch p.Sort {
	case Relevance:
		if f, err := strconv.ParseFloat(out.Values[0], 64); err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, catalog.ErrCursor
		}
	case RecentlyUpdated, Newest, MostReused:
		if _, err := strconv.ParseInt(out.Values[0], 10, 64); err != nil {
			return nil, catalog.ErrCursor
		}
	}
	return out, nil
}

// selected are the values of a field that the request asks for.
func (p *plan) selected(f record.Field) []string {
	var out []string
	for _, m := range p.matches {
		if m.Field == f {
			out = append(out, m.Values...)
		}
	}
	return out
}
