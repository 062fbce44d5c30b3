package catalog

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"entgo.io/ent/dialect/sql"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/predicate"
	"github.com/udc-community/plein/ent/publication"
	"github.com/udc-community/plein/ent/term"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

// Match asks for records that have one of the values in a field.
type Match struct {
	Field  record.Field
	Values []string
}

// Filter asks for records of one of the kinds that match everything else.
type Filter struct {
	Types []record.Type
	All   []Match
	// None are matches that a record must not have.
	None []Match
	// Homes are where it must live.
	Homes []Home
	// Words must all occur, folded, somewhere in the record: a search without an index.
	Words []string
	// Without are records that are left out, by id.
	Without []string
	// Audience leaves out what is for another; empty is what the viewer may read.
	Audience record.Audience
}

// Home is where records live: here, or as copies of what some organisations publish on other nodes, or either.
type Home struct {
	Here       bool
	Publishers []string
	// Not asks for all others instead.
	Not bool
}

func (h Home) predicate() predicate.Publication {
	copied := has(Match{record.FieldProvenance, []string{string(record.Peer)}})
	out := publication.And(copied, publication.PublisherIDIn(h.Publishers...))
	if h.Here {
		out = publication.Or(publication.Not(copied), out)
	}
	if h.Not {
		out = publication.Not(out)
	}
	return out
}

// OrderBy is what a list is sorted by.
type OrderBy string

// Sort keys of lists.
const (
	ByUpdated OrderBy = publication.FieldUpdatedAt
	ByTitle   OrderBy = publication.FieldTitle
	ByStarted OrderBy = publication.FieldStartedOn
	// ByPublished is first publication.
	ByPublished OrderBy = publication.FieldPublishedAt
)

// Order of a list. The zero Order is last changed first.
type Order struct {
	By        OrderBy
	Ascending bool
}

// Page is a part of a list.
type Page struct {
	Records []record.Record
	// Cursors are one for each record: the place after it.
	Cursors []string
	More    bool

	total func(context.Context) (int, error)
}

// Total counts the whole list, in a statement of its own.
func (p *Page) Total(ctx context.Context) (int, error) {
	if p.total == nil {
		return 0, nil
	}
	n, err := p.total(ctx)
	if err != nil {
		return 0, fmt.Errorf("count: %w", err)
	}
	return n, nil
}

// Page is one keyset page: the work does not grow with how far it is from the start.
func (c *Catalog) Page(ctx context.Context, f Filter, o Order, first int, after string) (*Page, error) {
	if o.By == "" {
		o.By = ByUpdated
	}
	q := c.published(ctx).Where(f.predicates()...)
	total := q.Clone()
	lead, rest := f.lead(o)
	if lead != nil {
		q = c.published(ctx).Where(rest.predicates()...)
	}
	list := fmt.Sprint(o.By, o.Ascending)
	if after != "" {
		where, err := afterCursor(o, list, after, lead != nil)
		if err != nil {
			return nil, err
		}
		q.Where(where)
	}
	audiences := policy.Audiences(identity.From(ctx))
	q.Where(func(s *sql.Selector) {
		by, id := s.C(string(o.By)), s.C(publication.FieldID)
		if lead != nil {
			// A filter on one value walks the index of terms in the order of the list: a rare value would otherwise
			// mean looking through all publications.
			t := joinTerm(s, *lead, f.Types, audiences)
			by, id = t.C(term.FieldSortKey), t.C(term.FieldPublicationID)
		}
		if o.Ascending {
			s.OrderBy(sql.Asc(by), sql.Asc(id))
		} else {
			s.OrderBy(sql.Desc(by), sql.Desc(id))
		}
	})
	rows, err := q.Limit(first + 1).Select(append(shown, string(o.By))...).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("list records: %w", err)
	}
	p := &Page{More: len(rows) > first, total: total.Count}
	rows = rows[:min(first, len(rows))]
	for _, row := range rows {
		p.Cursors = append(p.Cursors, cursor(list, sortKey(row, o.By), row.ID))
	}
	p.Records, err = c.records(rows)
	return p, err
}

func sortKey(row *ent.Publication, by OrderBy) any {
	switch by {
	case ByTitle:
		return row.Title
	case ByStarted:
		return row.StartedOn
	case ByPublished:
		return row.PublishedAt
	}
	return row.UpdatedAt
}

// lead picks the match that a list is walked along: one value of one field, in the order of the terms' sort key.
func (f Filter) lead(o Order) (*Match, Filter) {
	if o.By != ByUpdated || len(f.Types) != 1 {
		return nil, f
	}
	for i, m := range f.All {
		if len(m.Values) == 1 {
			rest := f
			rest.All = append(append([]Match{}, f.All[:i]...), f.All[i+1:]...)
			return &m, rest
		}
	}
	return nil, f
}

const leadTerm = "lead"

func joinTerm(s *sql.Selector, m Match, types []record.Type, audiences []string) *sql.SelectTable {
	t := sql.Table(term.Table).As(leadTerm)
	s.Join(t).On(s.C(publication.FieldID), t.C(term.FieldPublicationID))
	s.Where(sql.And(sql.EQ(t.C(term.FieldField), string(m.Field)), sql.EQ(t.C(term.FieldValue), m.Values[0]),
		sql.EQ(t.C(term.FieldKind), string(types[0])), sql.In(t.C(term.FieldAudience), anys(audiences)...)))
	return t
}

func (f Filter) predicates() []predicate.Publication {
	var out []predicate.Publication
	if len(f.Types) > 0 {
		kinds := make([]string, len(f.Types))
		for i, t := range f.Types {
			kinds[i] = string(t)
		}
		out = append(out, publication.KindIn(kinds...))
	}
	for _, m := range f.All {
		out = append(out, has(m))
	}
	for _, m := range f.None {
		out = append(out, publication.Not(has(m)))
	}
	for _, h := range f.Homes {
		out = append(out, h.predicate())
	}
	if len(f.Without) > 0 {
		out = append(out, publication.IDNotIn(f.Without...))
	}
	if f.Audience != "" {
		out = append(out, publication.Audience(string(f.Audience)))
	}
	for _, w := range f.Words {
		out = append(out, publication.WordsContains(record.Fold(w)))
	}
	return out
}

// has looks one publication up in the index of terms, by all of its columns: the work follows the page, not how many
// publications have the value.
func has(m Match) predicate.Publication {
	return func(s *sql.Selector) {
		t := sql.Table(term.Table).As("has")
		s.Where(sql.Exists(sql.Dialect(s.Dialect()).Select(t.C(term.FieldValue)).From(t).Where(sql.And(
			sql.EQ(t.C(term.FieldField), string(m.Field)), sql.In(t.C(term.FieldValue), anys(m.Values)...),
			sql.ColumnsEQ(t.C(term.FieldKind), s.C(publication.FieldKind)),
			sql.ColumnsEQ(t.C(term.FieldAudience), s.C(publication.FieldAudience)),
			sql.ColumnsEQ(t.C(term.FieldSortKey), s.C(publication.FieldUpdatedAt)),
			sql.ColumnsEQ(t.C(term.FieldPublicationID), s.C(publication.FieldID))))))
	}
}

// cursor is a place in a list: what list, the sort key there, the id there. It holds nothing that the client may not
// see and is checked when it comes back.
func cursor(list string, key any, id string) string {
	b, err := json.Marshal([]any{list, key, id})
	if err != nil {
		panic(fmt.Sprintf("cursor: %v", err)) // strings and numbers always encode
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// ErrCursor is the answer to a cursor that this list did not give.
var ErrCursor = record.Problems{record.Wrong(record.Invalid,
	"Deze cursor hoort niet bij deze lijst. Begin zonder cursor.", "This cursor does not belong to this list. Begin without one.", "after")}

func readCursor(s, list string) (parts [3]json.RawMessage, err error) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) > 2000 {
		return parts, ErrCursor
	}
	var got string
	if json.Unmarshal(b, &parts) != nil || json.Unmarshal(parts[0], &got) != nil || got != list {
		return parts, ErrCursor
	}
	return parts, nil
}

func parseCursor(s, list string) (at int64, id string, err error) {
	parts, err := readCursor(s, list)
	if err != nil {
		return 0, "", err
	}
	if json.Unmarshal(parts[1], &at) != nil || json.Unmarshal(parts[2], &id) != nil {
		return 0, "", ErrCursor
	}
	return at, id, nil
}

func afterCursor(o Order, list, after string, led bool) (predicate.Publication, error) {
	parts, err := readCursor(after, list)
	if err != nil {
		return nil, err
	}
	var id string
	var key any
	if o.By == ByUpdated || o.By == ByPublished {
		var at int64
		err = json.Unmarshal(parts[1], &at)
		key = at
	} else {
		var s string
		err = json.Unmarshal(parts[1], &s)
		key = s
	}
	if err != nil || json.Unmarshal(parts[2], &id) != nil {
		return nil, ErrCursor
	}
	return func(s *sql.Selector) {
		by, at := s.C(string(o.By)), s.C(publication.FieldID)
		if led {
			t := sql.Table(term.Table).As(leadTerm)
			by, at = t.C(term.FieldSortKey), t.C(term.FieldPublicationID)
		}
		beyond := sql.CompositeLT
		if o.Ascending {
			beyond = sql.CompositeGT
		}
		s.Where(beyond([]string{by, at}, key, id))
	}, nil
}

// Some is the first of the records that point at something, and how many there are.
type Some struct {
	Records []record.Record
	Cursors []string
	Total   int
}

// Related answers, for many values of a field at once, the last changed n records of each and how many there are. It is
// two statements, whatever the number of values.
func (c *Catalog) Related(ctx context.Context, kind record.Type, field record.Field, values []string, n int) (map[string]*Some, error) {
	return c.related(ctx, kind, field, values, n, nil)
}

// pointing is the terms of records of a kind that have one of the values in a field, but for some records of a value.
func pointing(t *sql.SelectTable, kind record.Type, field record.Field, values, audiences []string, but map[string][]string) *sql.Predicate {
	out := sql.And(sql.EQ(t.C(term.FieldField), string(field)), sql.In(t.C(term.FieldValue), anys(values)...),
		sql.EQ(t.C(term.FieldKind), string(kind)), sql.In(t.C(term.FieldAudience), anys(audiences)...))
	for _, v := range slices.Sorted(maps.Keys(but)) {
		out = sql.And(out, sql.Not(sql.And(sql.EQ(t.C(term.FieldValue), v), sql.In(t.C(term.FieldPublicationID), anys(but[v])...))))
	}
	return out
}

func anys(ss []string) []any {
	out := make([]any, len(ss))
	for i, s := range ss {
		out[i] = s
	}
	return out
}

func (c *Catalog) related(ctx context.Context, kind record.Type, field record.Field, values []string, n int, but map[string][]string) (map[string]*Some, error) {
	out := map[string]*Some{}
	if len(values) == 0 {
		return out, nil
	}
	var found []struct {
		Value   string `sql:"value"`
		ID      string `sql:"publication_id"`
		SortKey int64  `sql:"sort_key"`
		Total   int    `sql:"total"`
	}
	audiences := policy.Audiences(identity.From(ctx))
	err := c.Client.Term.Query().Modify(func(s *sql.Selector) {
		t := sql.Table(term.Table)
		ranked := sql.Dialect(s.Dialect()).Select(t.C(term.FieldValue), t.C(term.FieldPublicationID), t.C(term.FieldSortKey)).From(t).
			Where(pointing(t, kind, field, values, audiences, but))
		ranked.AppendSelectExprAs(sql.RowNumber().PartitionBy(t.C(term.FieldValue)).
			OrderExpr(sql.Expr(t.C(term.FieldSortKey)+" DESC, "+t.C(term.FieldPublicationID)+" DESC")), "n")
		ranked.AppendSelectExprAs(sql.Expr("COUNT(*) OVER (PARTITION BY "+t.C(term.FieldValue)+")"), "total")
		*s = *sql.Dialect(s.Dialect()).Select(term.FieldValue, term.FieldPublicationID, term.FieldSortKey, "total").
			From(ranked.As("ranked")).Where(sql.LTE("n", n)).OrderBy(term.FieldValue, "n")
	}).Scan(ctx, &found)
	if err != nil {
		return nil, fmt.Errorf("find related records: %w", err)
	}
	var ids []string
	for _, f := range found {
		ids = append(ids, f.ID)
	}
	rs, err := c.ByID(ctx, ids...)
	if err != nil {
		return nil, err
	}
	for i, f := range found {
		if rs[i] == nil {
			continue // it was taken away between the two statements
		}
		if out[f.Value] == nil {
			out[f.Value] = &Some{Total: f.Total}
		}
		out[f.Value].Records = append(out[f.Value].Records, rs[i])
		out[f.Value].Cursors = append(out[f.Value].Cursors, cursor(fmt.Sprint(ByUpdated, false), f.SortKey, f.ID))
	}
	return out, nil
}

// Count is how many records have a value.
type Count struct {
	Value string `sql:"value"`
	N     int    `sql:"n"`
}

// Counts tells how many of the records that a filter matches have each value of a field, most frequent first: what an
// index does better, for when there is none.
func (c *Catalog) Counts(ctx context.Context, f Filter, field record.Field) ([]Count, error) {
	var out []Count
	err := c.Client.Term.Query().Where(term.FieldEQ(string(field))).Modify(func(s *sql.Selector) {
		p := sql.Dialect(s.Dialect()).Select(publication.FieldID).From(sql.Table(publication.Table))
		for _, where := range append(f.predicates(), policy.Readable(identity.From(ctx))) {
			where(p)
		}
		s.Where(sql.In(s.C(term.FieldPublicationID), p)).
			Select(s.C(term.FieldValue)).AppendSelectExprAs(sql.Expr("COUNT(*)"), "n").
			GroupBy(s.C(term.FieldValue)).OrderBy(sql.Desc("n"), s.C(term.FieldValue))
	}).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("count by %s: %w", field, err)
	}
	return out, nil
}
