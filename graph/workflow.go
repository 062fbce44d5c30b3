package graph

import (
	"context"
	"sync"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/privacy"
	"github.com/udc-community/plein/internal/record"
)

// viewerCan is what the viewer may do with a record as it stands, read for all records of a list at once.
func (r *Resolver) viewerCan(ctx context.Context, obj record.Record) ([]catalog.Act, error) {
	if identity.From(ctx).Anonymous() {
		return []catalog.Act{}, nil
	}
	all, err := record.ForAll(obj, "viewerCan", func(rs []record.Record) (map[string][]catalog.Act, error) {
		return r.Catalog.ViewerCan(ctx, rs)
	})
	return all[obj.Base().ID], err
}

// done carries out a write of which nothing but success is told.
func (r *Resolver) done(ctx context.Context, a policy.Action, do func(*catalog.Writer) error) (*OkPayload, error) {
	ps, err := userErrors(r.transact(ctx, a, do))
	return &OkPayload{Ok: err == nil && ps == nil, UserErrors: ps}, err
}

// each gives pointers to the items of a list.
func each[T any](in []T) []*T {
	out := make([]*T, len(in))
	for i := range in {
		out[i] = &in[i]
	}
	return out
}

func (r *Resolver) preview(ctx context.Context, id string) (*PublicationPreview, error) {
	p, err := r.Catalog.Preview(ctx, id)
	if err != nil || p == nil {
		return nil, err
	}
	out := &PublicationPreview{Record: p.Record, Audience: p.Working.Base().Audience, Hidden: each(p.Hidden), Differences: each(p.Differences),
		Missing: pointers(p.Missing), Warnings: pointers(privacy.Warnings(p.Working))}
	if !p.VisibleAt.IsZero() {
		out.VisibleAt = &p.VisibleAt
	}
	return out, nil
}

// communityRecords are those for the members of this node alone: found by the words as they were typed, because they are
// in no index.
func (r *Resolver) communityRecords(ctx context.Context, query string, first int, after *string) (*CommunityRecordConnection, error) {
	if policy.May(identity.From(ctx), policy.ReadCommunity, policy.Node) != nil {
		return nil, nil
	}
	words, ok, err := r.Index.Words(query)
	if err != nil {
		return nil, err
	}
	page := &catalog.Page{}
	if ok {
		f := catalog.Filter{Words: words, Audience: record.Community}
		for _, k := range record.Kinds() {
			if k.Searched {
				f.Types = append(f.Types, k.Type)
			}
		}
		if page, err = r.Catalog.Page(ctx, f, catalog.Order{By: catalog.ByPublished}, first, given(after)); err != nil {
			return nil, err
		}
	}
	l, err := connect(ctx, page, after, func(c string, n record.Record) *CommunityRecordEdge { return &CommunityRecordEdge{Cursor: c, Node: n} })
	return &CommunityRecordConnection{Edges: l.edges, Nodes: l.nodes, PageInfo: l.info, TotalCount: l.total}, err
}

// MistakeReport is what a reader says is wrong in a record, with who the readers of a page of reports are.
type MistakeReport struct {
	*catalog.MistakeReport
	ClosedAt  *time.Time
	reporters func() (map[string]*ChangeActor, error)
}

// IsNode marks what has an id of its own.
func (*MistakeReport) IsNode() {}

func (r *Resolver) mistakeReports(ctx context.Context, organization *string, closed bool, first int, after *string) (*MistakeReportConnection, error) {
	id := given(organization)
	if organization != nil {
		id = organizationID(r.Catalog.Reference(), id)
	}
	p, err := r.Catalog.Reports(ctx, id, closed, first, given(after))
	if err != nil || p == nil {
		return nil, err
	}
	actors := translate(p.Reports, func(m *catalog.MistakeReport) string { return m.Reporter })
	reporters := sync.OnceValues(func() (map[string]*ChangeActor, error) { return r.reporters(ctx, actors) })
	out := &MistakeReportConnection{PageInfo: pageInfo(p.Cursors, p.More, after)}
	for i, m := range p.Reports {
		n := &MistakeReport{MistakeReport: m, reporters: reporters}
		if !m.ClosedAt.IsZero() {
			n.ClosedAt = &m.ClosedAt
		}
		out.Nodes, out.Edges = append(out.Nodes, n), append(out.Edges, &MistakeReportEdge{Cursor: p.Cursors[i], Node: n})
	}
	if wants(ctx, "totalCount") {
		out.TotalCount, err = p.Total(ctx)
	}
	return out, err
}

// reporters are who reported something to the viewer: whoever signed in to do so is known by name to those whose record it is.
func (r *Resolver) reporters(ctx context.Context, actors []string) (map[string]*ChangeActor, error) {
	names, err := r.Accounts.Names(ctx, once(actors), func(*sql.Selector) {})
	if err != nil {
		return nil, err
	}
	return named(actors, names), nil
}
