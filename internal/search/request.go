package search

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"math"
	"slices"
	"strconv"
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
)

// Request asks for records.
type Request struct {
	// Text is what somebody typed: words, "phrases" and -words that must not occur. Empty finds everything.
	Text string
	// Filter limits the records; its Words are not used.
	Filter catalog.Filter
	// Facets to count.
	Facets []record.Field
	// Sort is Relevance when empty.
	Sort Sort
	// Languages in which highlights are preferred, first choice first.
	Languages []string
	// First is how many hits to give, 1 to 100, After the cursor of the hit before them.
	First int
	After string
}

// Result is what was found.
type Result struct {
	Hits []Hit
	// Total is how many records match in all. In a degraded result words to leave out are counted as if they were not
	// there.
	Total int
	// Facets are in the order asked for.
	Facets []FacetResult
	More   bool
	// IndexedUpTo is when the last visible change was made that the result knows of.
	IndexedUpTo time.Time
	// Degraded tells that the database answered: without relevance, inflections and relaxing.
	Degraded bool
	// Relaxed tells that no record has all the words, and that these have some of them.
	Relaxed bool
	Took    time.Duration
}

// Hit is a record that was found.
type Hit struct {
	ID     string
	Record record.Record
	// Score is only comparable within one result; 0 unless sorted by relevance.
	Score      float64
	Cursor     string
	Highlights []Highlight
	// MatchedFields are those that hold a word that was asked for: title, summary, body, tags.
	MatchedFields []string
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
	// Buckets are the 50 most frequent values, and those that are selected.
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
	q, err := x.parse(r.Text)
	if err != nil {
		return nil, err
	}
	if r.First < 1 || r.First > maxFirst {
		return nil, record.Problems{record.Wrong(record.Invalid, "Vraag 1 tot 100 resultaten.", "Ask for 1 to 100 results.", "first")}
	}
	p := &plan{Request: r, question: q}
	if p.Sort == "" || p.Sort == Relevance && len(q.units) == 0 {
		p.Sort = RecentlyUpdated
	}
	if r.Sort == "" && len(q.units) > 0 {
		p.Sort = Relevance
	}
	if p.matches, err = matches(r.Filter); err != nil {
		return nil, err
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
	}
	if n > maxFilterValues {
		return nil, record.Problems{record.Wrong(record.TooMany, "Dit filter heeft te veel waarden: hooguit 500.", "This filter has too many values: at most 500.", "filter")}
	}
	return out, nil
}

// name identifies the list that a request walks through.
func (p *plan) name() (string, error) {
	b, err := json.Marshal([]any{p.Text, p.matches, p.Filter.None, p.Sort})
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
	if p.Sort == Relevance {
		if f, err := strconv.ParseFloat(out.Values[0], 64); err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
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
