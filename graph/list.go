package graph

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/udc-community/plein/graph/scalar"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// wants tells whether the client asked for a field of what is being resolved: a total that nobody reads is not counted.
func wants(ctx context.Context, field string) bool {
	return graphql.GetOperationContext(ctx) != nil && slices.Contains(graphql.CollectAllFields(ctx), field)
}

// listed tells whether what is being resolved is part of an item of a list.
func listed(ctx context.Context) bool {
	return slices.ContainsFunc(graphql.GetPath(ctx), func(x ast.PathElement) bool {
		_, item := x.(ast.PathIndex)
		return item
	})
}

// maxUnpaged is how many objects an answer holds in lists without pages whose objects point at each other: each level of
// a query multiplies them, and how often cannot be told beforehand.
const maxUnpaged = 10_000

// unpaged notes objects in such a list and refuses when the answer has no room for them.
func (o *outcome) unpaged(ctx context.Context, n int) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.listed += n; o.listed > maxUnpaged {
		return faultf(ctx, codeTooCostly, "Dit antwoord zou meer dan %d dingen hebben in lijsten zonder pagina’s. Vraag minder niveaus tegelijk.",
			"This answer would have more than %d things in lists without pages. Ask for fewer levels at once.", maxUnpaged)
	}
	return nil
}

// forgetUnpaged begins another answer.
func (o *outcome) forgetUnpaged() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.listed = 0
}

// list is a page as every connection gives it.
type list[T, E any] struct {
	edges []*E
	nodes []T
	info  *PageInfo
	total int
}

// connect makes the parts of a connection from a page of records.
func connect[T record.Record, E any](ctx context.Context, p *catalog.Page, after *string, edge func(cursor string, node T) *E) (l list[T, E], err error) {
	l = join(p.Records, p.Cursors, p.More, after, edge)
	if wants(ctx, "totalCount") {
		l.total, err = p.Total(ctx)
	}
	return l, err
}

// related is connect for records that were found for many others at once.
func related[T record.Record, E any](s *catalog.Some, edge func(cursor string, node T) *E) list[T, E] {
	if s == nil {
		s = &catalog.Some{}
	}
	l := join(s.Records, s.Cursors, s.Total > len(s.Records), nil, edge)
	l.total = s.Total
	return l
}

// alone refuses what would be read for each of many objects apart: a later page, or one by a filter or in an order of its
// own. Without those the first page is read for all objects at once.
func alone(objects int, err error) error {
	if err == nil && objects > 1 {
		err = record.Problems{record.Wrong(record.Invalid,
			"Vraag dit voor één tegelijk: een vervolg, een filter of een volgorde van een lijst in een lijst.",
			"Ask this for one at a time: more, a filter or an order of a list within a list.", "after")}
	}
	return err
}

func count[T any](objects []T) (int, error) { return len(objects), nil }

func join[T record.Record, E any](rs []record.Record, cursors []string, more bool, after *string, edge func(string, T) *E) list[T, E] {
	l := list[T, E]{info: pageInfo(cursors, more, after)}
	for i, r := range rs {
		n := r.(T)
		l.nodes = append(l.nodes, n)
		l.edges = append(l.edges, edge(cursors[i], n))
	}
	return l
}

func pageInfo(cursors []string, more bool, after *string) *PageInfo {
	info := &PageInfo{HasNextPage: more, HasPreviousPage: given(after) != ""}
	if len(cursors) > 0 {
		info.StartCursor, info.EndCursor = &cursors[0], &cursors[len(cursors)-1]
	}
	return info
}

// slice makes the parts of a connection from a list that is in memory. The cursor is the list's name and the place's key,
// so that it still fits when items come and go.
func slice[T, E any](name string, items []T, key func(T) string, first int, after *string, edge func(cursor string, node T) *E) (list[T, E], error) {
	from := 0
	if a := given(after); a != "" {
		b, err := base64.RawURLEncoding.DecodeString(a)
		place, ours := strings.CutPrefix(string(b), name+" ")
		at, k, ok := strings.Cut(place, " ")
		n, errN := strconv.Atoi(at)
		if err != nil || errN != nil || !ours || !ok || n < 0 {
			return list[T, E]{}, catalog.ErrCursor
		}
		if from = slices.IndexFunc(items, func(x T) bool { return key(x) == k }) + 1; from == 0 {
			from = min(n, len(items)) // the item went: go on from where it was
		}
	}
	to := min(from+first, len(items))
	l := list[T, E]{info: &PageInfo{HasNextPage: to < len(items), HasPreviousPage: from > 0}, total: len(items)}
	for i, x := range items[from:to] {
		c := base64.RawURLEncoding.EncodeToString([]byte(name + " " + strconv.Itoa(from+i+1) + " " + key(x)))
		l.nodes = append(l.nodes, x)
		l.edges = append(l.edges, edge(c, x))
		if i == 0 {
			l.info.StartCursor = &c
		}
		l.info.EndCursor = &c
	}
	return l, nil
}

// place is a cursor: the name of its list and the key of the item there.
func place(list, key string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(list + " " + key))
}

// placed is the key in a cursor of this list; empty where there is none.
func placed(list string, after *string) (key string, err error) {
	a := given(after)
	if a == "" {
		return "", nil
	}
	b, err := base64.RawURLEncoding.DecodeString(a)
	key, ours := strings.CutPrefix(string(b), list+" ")
	if err != nil || !ours || key == "" || len(key) > 200 {
		return "", catalog.ErrCursor
	}
	return key, nil
}

// numbered is the number in a cursor of a list that is read backwards from it; 0 where it is read from its end.
func numbered(list string, after *string) (int64, error) {
	key, err := placed(list, after)
	if err != nil || key == "" {
		return 0, err
	}
	n, err := strconv.ParseInt(key, 10, 64)
	if err != nil || n < 1 {
		return 0, catalog.ErrCursor
	}
	return n, nil
}

// words is a text in the language of the field; nil when it says nothing.
func words(ctx context.Context, t record.Text) *string {
	if s := t.In(scalar.LanguageOf(ctx)); s != "" {
		return &s
	}
	return nil
}

func given(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func projects(l list[*record.Project, ProjectEdge]) *ProjectConnection {
	return &ProjectConnection{Edges: l.edges, Nodes: l.nodes, PageInfo: l.info, TotalCount: l.total}
}

func projectEdge(c string, n *record.Project) *ProjectEdge { return &ProjectEdge{Cursor: c, Node: n} }

func lessons(l list[*record.Lesson, LessonEdge]) *LessonConnection {
	return &LessonConnection{Edges: l.edges, Nodes: l.nodes, PageInfo: l.info, TotalCount: l.total}
}

func lessonEdge(c string, n *record.Lesson) *LessonEdge { return &LessonEdge{Cursor: c, Node: n} }

func fileID(f *record.File) string { return f.ID }

func fileEdge(c string, n *record.File) *FileEdge { return &FileEdge{Cursor: c, Node: n} }

func templateEdge(c string, n *record.ProcessTemplate) *ProcessTemplateEdge {
	return &ProcessTemplateEdge{Cursor: c, Node: n}
}

// filter reads a project filter.
func (r *Resolver) filter(ctx context.Context, f *ProjectFilter) (catalog.Filter, error) {
	out := catalog.Filter{Types: []record.Type{record.ProjectType}}
	if f == nil {
		return out, nil
	}
	ref := r.Catalog.Reference()
	m := matches{ref: ref}
	m.organizations(f.Organizations.Value())
	m.concepts(record.FieldPolicyDomain, f.PolicyDomains.Value())
	m.concepts(record.FieldMethod, f.Methods.Value())
	m.municipalities(f.Municipalities.Value())
	m.ids(record.FieldPhase, texts(f.Phases.Value()))
	m.ids(record.FieldComplexity, texts(f.Complexity.Value()))
	m.ids(record.FieldSizeClass, texts(f.SizeClasses.Value()))
	m.numbers(record.FieldUrbanity, f.Urbanity.Value())
	m.flag(record.FieldUsedInPolicy, f.UsedInPolicy.Value())
	out.All = m.list
	if own := identity.From(ctx).Organizations(); optional(f.ExcludeOwn) && len(own) > 0 {
		out.None = []catalog.Match{{Field: record.FieldPublisher, Values: own}}
	}
	return out, m.tooMany("filter")
}

func order(o *ProjectOrder) catalog.Order {
	if o == nil {
		return catalog.Order{}
	}
	by := map[ProjectOrderField]catalog.OrderBy{ProjectOrderFieldUpdatedAt: catalog.ByUpdated, ProjectOrderFieldStartedOn: catalog.ByStarted, ProjectOrderFieldPublishedAt: catalog.ByPublished, ProjectOrderFieldTitle: catalog.ByTitle}
	return catalog.Order{By: by[o.Field], Ascending: o.Direction == OrderDirectionAsc}
}

// matches gathers what a filter asks. An empty list asks for nothing in particular; a list of unknown values matches
// nothing.
type matches struct {
	ref  *record.Reference
	list []catalog.Match
}

// maxValues is how many values a filter has: a database takes no statement of any length.
const maxValues = 500

func (m *matches) tooMany(argument string) error {
	n := 0
	for _, x := range m.list {
		n += len(x.Values)
	}
	if n > maxValues {
		return record.Problems{record.Wrong(record.TooMany, fmt.Sprintf("Dit filter heeft te veel waarden: hooguit %d.", maxValues),
			fmt.Sprintf("This filter has too many values: at most %d.", maxValues), argument)}
	}
	return nil
}

func (m *matches) ids(f record.Field, values []string) {
	if len(values) > 0 {
		m.list = append(m.list, catalog.Match{Field: f, Values: values})
	}
}

func (m *matches) concepts(f record.Field, ids []string) {
	m.ids(f, translate(ids, func(id string) string { return conceptIRI(m.ref, id) }))
}

func (m *matches) sources(ids []string) {
	m.ids(record.FieldSource, translate(ids, func(id string) string { return sourceIRI(m.ref, id) }))
}

func (m *matches) organizations(ids []string) {
	m.ids(record.FieldPublisher, translate(ids, func(id string) string { return organizationID(m.ref, id) }))
}

func (m *matches) municipalities(ids []string) {
	m.ids(record.FieldMunicipality, translate(ids, func(id string) string { return municipalityCode(m.ref, id) }))
}

func (m *matches) numbers(f record.Field, ns []int) {
	m.ids(f, translate(ns, strconv.Itoa))
}

func (m *matches) flag(f record.Field, set *bool) {
	if set != nil {
		m.ids(f, []string{strconv.FormatBool(*set)})
	}
}

func translate[T any](in []T, to func(T) string) []string {
	out := make([]string, len(in))
	for i, x := range in {
		out[i] = to(x)
	}
	return out
}

// once is a list without what it holds twice.
func once[T cmp.Ordered](in []T) []T { return slices.Compact(slices.Sorted(slices.Values(in))) }

func texts[T ~string](in []T) []string { return translate(in, func(x T) string { return string(x) }) }

// What is unknown keeps its id: as a filter it matches nothing, and in a document the document's own check names it.

func conceptIRI(ref *record.Reference, id string) string {
	if c := ref.Concept(id); c != nil {
		return c.IRI
	}
	return id
}

func sourceIRI(ref *record.Reference, id string) string {
	if d := ref.DataSource(id); d != nil {
		return d.IRI
	}
	return id
}

func organizationID(ref *record.Reference, id string) string {
	if o := ref.OrganizationBySlug(id); o != nil {
		return o.ID
	}
	return id
}

func municipalityCode(ref *record.Reference, id string) string {
	if m := ref.Municipality(id); m != nil {
		return m.Code
	}
	return id
}
