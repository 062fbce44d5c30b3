package graph

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/federation"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

// AuditEntry is a line of the private log.
type AuditEntry struct {
	ID       string
	At       time.Time
	Kind     changelog.Kind
	RecordID string
	Revision int

	line changelog.Line
	page *auditPage
}

// auditPage is what lines that are read together need, read for all of them and once.
type auditPage struct {
	actors  func() (map[string]*ChangeActor, error)
	titles  func() (map[string]record.Text, error)
	changed func() (map[catalog.Approval][]record.Difference, error)
}

// audit is a page of the private log, the newest first. Whether the viewer may read it has been asked.
func (r *Resolver) audit(ctx context.Context, which changelog.Selection, first int, after *string) (*AuditConnection, error) {
	before, err := numbered("audit", after)
	if err != nil {
		return nil, err
	}
	lines, err := r.Catalog.Log.Newest(ctx, which, before, first+1)
	if err != nil {
		return nil, err
	}
	return r.auditPage(ctx, lines).connect(lines, first, after), nil
}

func (r *Resolver) auditPage(ctx context.Context, lines []changelog.Line) *auditPage {
	records, actors := make([]string, len(lines)), make([]string, len(lines))
	for i, l := range lines {
		records[i], actors[i] = l.RecordID, l.Actor
	}
	names := sync.OnceValues(func() (map[string]string, error) { return r.names(ctx, append(slices.Clone(actors), records...)) })
	return &auditPage{
		actors: sync.OnceValues(func() (map[string]*ChangeActor, error) {
			known, err := names()
			return named(actors, known), err
		}),
		titles: sync.OnceValues(func() (map[string]record.Text, error) {
			known, err := names()
			if err != nil {
				return nil, err
			}
			return r.titles(ctx, once(records), known)
		}),
		changed: sync.OnceValues(func() (map[catalog.Approval][]record.Difference, error) { return r.changed(ctx, lines) }),
	}
}

// connect makes a connection of lines of the page, of which the last one may only tell that there are more.
func (p *auditPage) connect(lines []changelog.Line, first int, after *string) *AuditConnection {
	more := len(lines) > first
	lines = lines[:min(first, len(lines))]
	out := &AuditConnection{}
	cursors := make([]string, len(lines))
	for i, l := range lines {
		cursors[i] = place("audit", strconv.FormatInt(l.Number, 10))
		e := &AuditEntry{ID: "chg_" + strconv.FormatInt(l.Number, 10), At: l.At, Kind: l.Kind, RecordID: l.RecordID, Revision: l.Revision, line: l, page: p}
		out.Nodes = append(out.Nodes, e)
		out.Edges = append(out.Edges, &AuditEdge{Cursor: cursors[i], Node: e})
	}
	out.PageInfo = pageInfo(cursors, more, after)
	return out
}

// history is what was done with a record, for the people of its organisation. The first pages of all records of a list are
// read at once.
func (r *Resolver) history(ctx context.Context, obj record.Record, first int, after *string) (*AuditConnection, error) {
	may := func(x record.Record) bool {
		return policy.May(identity.From(ctx), policy.ReadHistory, policy.Target{OrganizationID: x.Base().PublisherID, Own: true, ProjectID: x.Base().ID}) == nil
	}
	if !may(obj) {
		return nil, nil
	}
	if given(after) != "" {
		if err := alone(record.ForAll(obj, "count", count)); err != nil {
			return nil, err
		}
		return r.audit(ctx, changelog.Selection{RecordID: obj.Base().ID}, first, after)
	}
	all, err := record.ForAll(obj, fmt.Sprint("history ", first), func(rs []record.Record) (map[string]*AuditConnection, error) {
		ids := record.IDs(slices.DeleteFunc(slices.Clone(rs), func(x record.Record) bool { return !may(x) }))
		by, err := r.Catalog.Log.NewestOf(ctx, ids, first+1)
		if err != nil {
			return nil, err
		}
		var lines []changelog.Line
		for _, id := range ids {
			lines = append(lines, by[id]...)
		}
		page, out := r.auditPage(ctx, lines), map[string]*AuditConnection{}
		for _, id := range ids {
			out[id] = page.connect(by[id], first, nil)
		}
		return out, nil
	})
	return all[obj.Base().ID], err
}

// changed tells what publications changed, for those lines of which the viewer may read the working copies.
func (r *Resolver) changed(ctx context.Context, lines []changelog.Line) (map[catalog.Approval][]record.Difference, error) {
	var as []catalog.Approval
	for _, l := range lines {
		if l.Kind == changelog.Published && policy.May(identity.From(ctx), policy.ReadDraft, policy.Target{OrganizationID: l.PublisherID, Own: true, ProjectID: l.RecordID}) == nil {
			as = append(as, catalog.Approval{RecordID: l.RecordID, Revision: l.Revision})
		}
	}
	return r.Catalog.Changed(ctx, as)
}

// titles are those of records that the viewer may read, published or not, of what everybody may see, and the names of
// people and programs that the viewer may know, which have been read.
func (r *Resolver) titles(ctx context.Context, ids []string, names map[string]string) (map[string]record.Text, error) {
	out := map[string]record.Text{}
	for id, name := range names {
		out[id] = record.NL(name)
	}
	var records []string
	for _, id := range ids {
		if t := titleOf(r.referenceNode(id)); t != nil {
			out[id] = t
		} else if federation.IsID(id) {
			out[id] = titleOf(r.federationNode(ctx, id))
		} else if record.KindOf(id).New != nil {
			records = append(records, id)
		}
	}
	if len(records) == 0 {
		return out, nil
	}
	working, err := r.Catalog.Behind(ctx, policy.ReadDraft, records)
	if err != nil {
		return nil, err
	}
	public, err := r.Catalog.ByID(ctx, records...)
	if err != nil {
		return nil, err
	}
	for i, id := range records {
		if x := working[id]; x != nil {
			out[id] = x.Base().Title
		} else if public[i] != nil {
			out[id] = public[i].Base().Title
		}
	}
	return out, nil
}

// titleOf is what reference data is called.
func titleOf(n record.Node) record.Text {
	switch n := n.(type) {
	case *record.Organization:
		return record.NL(n.Name)
	case *record.Concept:
		return n.Label
	case *record.Municipality:
		return record.NL(n.Name)
	case *record.DataSource:
		return record.NL(n.Name)
	case *federation.Node:
		return record.NL(n.Name)
	case *federation.Publisher:
		return record.NL(n.Name)
	}
	return nil
}

// reasonOf is why a line was written, as far as the viewer may know: reasons of organisations are for their people. That of a
// withdrawal is at the address of the record, where that was public.
func (r *Resolver) reasonOf(ctx context.Context, l changelog.Line) record.Text {
	ref := r.Catalog.Reference()
	switch {
	case l.Reason == "":
		return nil
	case l.Kind == changelog.Account:
		return reasonWith(accountReasons, ref, l.Reason)
	case l.Kind == changelog.PeerChanged:
		return reasonWith(peerReasons, ref, l.Reason)
	case l.PublisherID == "",
		policy.May(identity.From(ctx), policy.ReadReason, policy.Target{OrganizationID: l.PublisherID, Own: true, ProjectID: l.RecordID}) == nil:
		return record.NL(l.Reason)
	}
	return nil
}
