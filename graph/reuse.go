package graph

import (
	"context"
	"fmt"
	"slices"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

// basedOn is what a project was made after, read for all projects of its group at once. Those may have been made after
// others in turn, so what one answer holds of them is counted.
func (r *Resolver) basedOn(ctx context.Context, p *record.Project) ([]*catalog.Reuse, error) {
	all, err := record.ForAll(p, "project.basedOn", func(rs []record.Record) (map[string][]*catalog.Reuse, error) {
		return r.Catalog.BasedOn(ctx, rs)
	})
	if err != nil {
		return nil, err
	}
	return listOf(all[p.ID]), outcomeOf(ctx).unpaged(ctx, len(all[p.ID]))
}

// reusedBy is a page of what was made after a project. The first pages of all projects of a list are read at once.
func (r *Resolver) reusedBy(ctx context.Context, p *record.Project, first int, after *string) (*ReuseConnection, error) {
	if given(after) != "" {
		if err := alone(record.ForAll(p, "count", count)); err != nil {
			return nil, err
		}
		page, reuses, err := r.Catalog.ReusedByPage(ctx, p, first, given(after))
		if err != nil {
			return nil, err
		}
		out := reuseConnection(reuses, page.Cursors, page.More, after)
		if wants(ctx, "totalCount") {
			out.TotalCount, err = page.Total(ctx)
		}
		return out, err
	}
	all, err := record.ForAll(p, fmt.Sprint("project.reusedBy ", first), func(rs []record.Record) (map[string]*catalog.ReusedBy, error) {
		return r.Catalog.ReusedBy(ctx, rs, first)
	})
	if err != nil {
		return nil, err
	}
	some := all[p.ID]
	if some == nil {
		some = &catalog.ReusedBy{}
	}
	out := reuseConnection(some.Reuses, some.Cursors, some.Total > len(some.Reuses), nil)
	out.TotalCount = some.Total
	return out, nil
}

func reuseConnection(rs []*catalog.Reuse, cursors []string, more bool, after *string) *ReuseConnection {
	out := &ReuseConnection{Nodes: rs, PageInfo: pageInfo(cursors, more, after)}
	for i, x := range rs {
		out.Edges = append(out.Edges, &ReuseEdge{Cursor: cursors[i], Node: x})
	}
	return out
}

// hiddenReuses are what the publisher of a project leaves out; nil for whoever may not decide that.
func (r *Resolver) hiddenReuses(ctx context.Context, p *record.Project) ([]*catalog.Reuse, error) {
	return hidden(ctx, r, p, "project.hiddenReuses", r.Catalog.HiddenReuses)
}

// hiddenGone is the rest of what the publisher of a project leaves out; nil for whoever may not decide that.
func (r *Resolver) hiddenGone(ctx context.Context, p *record.Project) ([]*catalog.HiddenReuse, error) {
	return hidden(ctx, r, p, "project.hiddenGone", r.Catalog.HiddenGone)
}

// hidden reads something of what publishers leave out, for all projects of a group that the one who asks decides about.
func hidden[T any](ctx context.Context, r *Resolver, p *record.Project, key string, read func(context.Context, []record.Record) (map[string][]T, error)) ([]T, error) {
	may := func(x record.Record) bool {
		return policy.May(identity.From(ctx), policy.Publish, policy.In(r.Catalog.Reference().Organization(x.Base().PublisherID))) == nil
	}
	if !may(p) {
		return nil, nil
	}
	all, err := record.ForAll(p, key, func(rs []record.Record) (map[string][]T, error) {
		var own []record.Record
		for _, x := range rs {
			if may(x) {
				own = append(own, x)
			}
		}
		return read(ctx, own)
	})
	if err != nil {
		return nil, err
	}
	return listOf(all[p.ID]), outcomeOf(ctx).unpaged(ctx, len(all[p.ID]))
}

// impact is what came of a project elsewhere, counted for all projects of its group at once.
func (r *Resolver) impact(ctx context.Context, p *record.Project) (*catalog.Impact, error) {
	all, err := record.ForAll(p, "project.impact", func(rs []record.Record) (map[string]catalog.Impact, error) {
		return r.Catalog.Impacts(ctx, rs)
	})
	out := all[p.ID]
	return &out, err
}

// withReuses gives reuses among parts of documents the other project; of those whose other project may not be seen there is
// nothing.
func (r *Resolver) withReuses(ctx context.Context, ns []record.Node) error {
	var makers []record.Record
	for _, n := range ns {
		if x, ok := n.(*record.Reuse); ok {
			makers = append(makers, x.Project())
		}
	}
	if len(makers) == 0 {
		return nil
	}
	all, err := r.Catalog.BasedOn(ctx, makers)
	if err != nil {
		return err
	}
	for i, n := range ns {
		x, ok := n.(*record.Reuse)
		if !ok {
			continue
		}
		ns[i] = nil
		for _, full := range all[x.Project().ID] {
			if full.Key == x.Key {
				ns[i] = full
			}
		}
	}
	return nil
}

// reuses reads what a project was made after. Every address must be that of a project that can be seen. What cannot be seen
// now, such as a copy that is between two pulls, is in no list that an author could have read, and stays.
func (r *Resolver) reuses(ctx context.Context, e edit, p *record.Project, in []*BasedOnInput) error {
	uris := translate(in, func(x *BasedOnInput) string { return x.Subject })
	found, err := r.Catalog.ByURI(ctx, uris...)
	if err != nil {
		return err
	}
	seen, err := r.Catalog.BasedOn(ctx, []record.Record{p})
	if err != nil {
		return err
	}
	unseen := slices.DeleteFunc(slices.Clone(p.BasedOn), func(x *record.Reuse) bool {
		return slices.ContainsFunc(seen[p.ID], func(s *catalog.Reuse) bool { return s.SubjectID == x.SubjectID })
	})
	known := map[string]*record.Reuse{}
	for _, x := range p.BasedOn {
		known[x.SubjectID] = x
	}
	out := make([]*record.Reuse, len(in))
	for i, x := range in {
		subject, ok := found[i].(*record.Project)
		if !ok {
			return record.Problems{record.NoSuch("basedOn", "subject")}
		}
		out[i] = &record.Reuse{SubjectID: subject.ID, Kind: x.Kind}
		if old := known[subject.ID]; old != nil {
			out[i].Difference = old.Difference
		}
		e.text(&out[i].Difference, x.WhatWeDidDifferently)
	}
	p.SetReuses(append(out, unseen...))
	return nil
}

// listOf is a list that is never null.
func listOf[T any](xs []T) []T {
	if xs == nil {
		return []T{}
	}
	return xs
}
