package graph

import (
	"context"
	"sync"

	"github.com/udc-community/plein/internal/federation"
	"github.com/udc-community/plein/internal/record"
)

// WaitingWithdrawal is a record of another node of which the withdrawal waits for an administrator.
type WaitingWithdrawal struct {
	federation.Waiting

	// records are those of the same page by their ids, read once.
	records func() (map[string]record.Record, error)
}

// waitingWithdrawals is a page of what a publisher withdrew and is still here. It is told from memory but for the records.
func (r *Resolver) waitingWithdrawals(ctx context.Context, p *federation.Publisher, first int, after *string) (*WaitingWithdrawalConnection, error) {
	if !mayManagePeers(ctx) {
		return nil, nil
	}
	var page []string
	records := sync.OnceValues(func() (map[string]record.Record, error) { return r.withPages(ctx, page) })
	if listed(ctx) {
		records = func() (map[string]record.Record, error) { return nil, alone(2, nil) }
	}
	all := make([]*WaitingWithdrawal, len(p.Waiting))
	for i, w := range p.Waiting {
		all[i] = &WaitingWithdrawal{Waiting: w, records: records}
	}
	l, err := slice("waiting", all, func(w *WaitingWithdrawal) string { return w.URI }, first, after,
		func(c string, w *WaitingWithdrawal) *WaitingWithdrawalEdge {
			return &WaitingWithdrawalEdge{Cursor: c, Node: w}
		})
	for _, w := range l.nodes {
		page = append(page, w.ID)
	}
	return &WaitingWithdrawalConnection{Edges: l.edges, Nodes: l.nodes, PageInfo: l.info, TotalCount: l.total}, err
}

// withPages are the records among ids that have a page of their own, by their ids.
func (r *Resolver) withPages(ctx context.Context, ids []string) (map[string]record.Record, error) {
	found, err := r.Catalog.ByID(ctx, ids...)
	out := make(map[string]record.Record, len(found))
	for _, x := range found {
		if x != nil && record.KindOf(x.Base().ID).Pages != "" {
			out[x.Base().ID] = x
		}
	}
	return out, err
}

// Record is the copy that is here.
func (w *WaitingWithdrawal) Record(context.Context) (record.Record, error) {
	found, err := w.records()
	return found[w.ID], err
}
