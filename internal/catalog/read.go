package catalog

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/draft"
	"github.com/udc-community/plein/ent/predicate"
	"github.com/udc-community/plein/ent/publication"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

// published is the only door to what readers see.
func (c *Catalog) published(ctx context.Context) *ent.PublicationQuery {
	return c.Client.Publication.Query().Where(policy.Readable(identity.From(ctx)))
}

// shown is the columns that a reader needs of a publication.
var shown = []string{publication.FieldID, publication.FieldURI, publication.FieldVersion, publication.FieldBody}

// records decodes publications of one statement into one group.
func (c *Catalog) records(rows []*ent.Publication) ([]record.Record, error) {
	out := make([]record.Record, len(rows))
	for i, row := range rows {
		r, err := record.Decode(row.ID, row.Body)
		if err != nil {
			return nil, err
		}
		s := r.Base()
		s.State, s.URI = s.Shown(), c.address(row.ID)
		if row.URI != nil {
			s.URI = *row.URI
		}
		out[i] = r
	}
	record.NewGroup(c.Reference(), out...)
	return out, nil
}

// ByID answers in the order asked; what is not there or may not be seen is nil. One statement, whatever the kinds.
func (c *Catalog) ByID(ctx context.Context, ids ...string) ([]record.Record, error) {
	out := make([]record.Record, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := c.published(ctx).Where(publication.IDIn(ids...)).Select(shown...).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read records: %w", err)
	}
	rs, err := c.records(rows)
	if err != nil {
		return nil, err
	}
	by := make(map[string]record.Record, len(rs))
	for _, r := range rs {
		by[r.Base().ID] = r
	}
	for i, id := range ids {
		out[i] = by[id]
	}
	return out, nil
}

// at is what has one of these canonical addresses.
func (c *Catalog) at(uris ...string) predicate.Publication {
	var ids []string
	for _, uri := range uris {
		if id, ok := strings.CutPrefix(uri, c.BaseURL+"/id/"); ok {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return publication.URIIn(uris...)
	}
	return publication.Or(publication.URIIn(uris...), publication.And(publication.IDIn(ids...), publication.URIIsNil()))
}

// ByURI is ByID by canonical addresses.
func (c *Catalog) ByURI(ctx context.Context, uris ...string) ([]record.Record, error) {
	out := make([]record.Record, len(uris))
	if len(uris) == 0 {
		return out, nil
	}
	rows, err := c.published(ctx).Where(c.at(uris...)).Select(shown...).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the records at addresses: %w", err)
	}
	rs, err := c.records(rows)
	if err != nil {
		return nil, err
	}
	by := make(map[string]record.Record, len(rs))
	for _, r := range rs {
		by[r.Base().URI] = r
	}
	for i, uri := range uris {
		out[i] = by[uri]
	}
	return out, nil
}

// on is the working copy of a record as what something is done on.
func (c *Catalog) on(publisherID, id string) policy.Target {
	t := policy.In(c.Reference().Organization(publisherID))
	t.ProjectID = id
	return t
}

// Draft is the working copy of a record, for its own organisation and for guests of the project; nil for everybody else,
// and when it was thrown away. Who may read none is told so with no statement.
func (c *Catalog) Draft(ctx context.Context, id string) (record.Record, error) {
	return c.draft(ctx, id, policy.ReadDraft, func(row *ent.Draft) bool { return row.DiscardedAt == 0 })
}

// Discarded is a working copy that was thrown away, for those who may take it back; nil for everybody else.
func (c *Catalog) Discarded(ctx context.Context, id string) (record.Record, error) {
	return c.draft(ctx, id, policy.WriteDraft, func(row *ent.Draft) bool { return row.DiscardedAt > c.Now().Add(-keepDiscarded).UnixMilli() })
}

func (c *Catalog) draft(ctx context.Context, id string, may policy.Action, is func(*ent.Draft) bool) (record.Record, error) {
	v := identity.From(ctx)
	if policy.MayAnywhere(v, may) != nil {
		return nil, nil
	}
	row, err := c.Client.Draft.Get(ctx, id)
	if ent.IsNotFound(err) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("read a working copy: %w", err)
	}
	if !is(row) || policy.May(v, may, c.on(row.PublisherID, row.ID)) != nil {
		return nil, nil
	}
	rs, err := c.drafts(ctx, row)
	if err != nil {
		return nil, err
	}
	return rs[0], nil
}

// DraftFilter says which working copies: those of one organisation, or in some states; the zero filter is all. Discarded
// are those that were thrown away and can be taken back, instead of the others.
type DraftFilter struct {
	OrganizationID string
	States         []record.State
	Discarded      bool
}

// Drafts is a page of the working copies that the viewer may read, last changed first: those of organisations, and of the
// projects that the viewer works in as a guest. Who may read none gets none, with no statement.
func (c *Catalog) Drafts(ctx context.Context, f DraftFilter, first int, after string) (*Page, error) {
	where := c.among(identity.From(ctx), f)
	if where == nil {
		return &Page{}, nil
	}
	q := c.Client.Draft.Query().Where(where...)
	total := q.Clone()
	if after != "" {
		at, id, err := parseCursor(after, "drafts")
		if err != nil {
			return nil, err
		}
		q.Where(draft.Or(draft.UpdatedAtLT(at), draft.And(draft.UpdatedAt(at), draft.IDLT(id))))
	}
	rows, err := q.Order(draft.ByUpdatedAt(descending), draft.ByID(descending)).Limit(first + 1).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("list working copies: %w", err)
	}
	p := &Page{More: len(rows) > first, total: total.Count}
	rows = rows[:min(first, len(rows))]
	for _, row := range rows {
		p.Cursors = append(p.Cursors, cursor("drafts", row.UpdatedAt, row.ID))
	}
	p.Records, err = c.drafts(ctx, rows...)
	return p, err
}

// among are the working copies of a filter that a viewer may read, or may take back; nil when there can be none.
func (c *Catalog) among(v identity.Viewer, f DraftFilter) []predicate.Draft {
	out := []predicate.Draft{draft.DiscardedAt(0)}
	may, guest := policy.ReadDraft, v.Guest
	if f.Discarded {
		out = []predicate.Draft{draft.DiscardedAtGT(c.Now().Add(-keepDiscarded).UnixMilli())}
		may, guest = policy.WriteDraft, nil
	}
	if f.OrganizationID != "" {
		out = append(out, draft.PublisherID(f.OrganizationID))
	}
	if len(f.States) > 0 {
		out = append(out, draft.StateIn(texts(f.States)...))
	}
	if v.System {
		return out
	}
	var whose []predicate.Draft
	if os := c.organizations(v, may); len(os) > 0 {
		whose = append(whose, draft.PublisherIDIn(os...))
	}
	if len(guest) > 0 {
		whose = append(whose, draft.IDIn(guest...))
	}
	if len(whose) == 0 {
		return nil
	}
	return append(out, draft.Or(whose...))
}

// organizations are those of the viewer's for which they may do something.
func (c *Catalog) organizations(v identity.Viewer, may policy.Action) []string {
	ids := []string{v.OrganizationID}
	for _, m := range v.Memberships {
		ids = append(ids, m.OrganizationID)
	}
	slices.Sort(ids)
	return slices.DeleteFunc(slices.Compact(ids), func(id string) bool { return policy.May(v, may, c.on(id, "")) != nil })
}

func texts[T ~string](in []T) []string {
	out := make([]string, len(in))
	for i, x := range in {
		out[i] = string(x)
	}
	return out
}

// drafts decodes working copies, with what is known of their publications.
func (c *Catalog) drafts(ctx context.Context, rows ...*ent.Draft) ([]record.Record, error) {
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	public, err := c.Client.Publication.Query().Where(publication.IDIn(ids...)).
		Select(publication.FieldID, publication.FieldURI, publication.FieldSlug, publication.FieldVersion, publication.FieldPublishedAt, publication.FieldBody).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the publications of working copies: %w", err)
	}
	out := make([]record.Record, len(rows))
	for i, row := range rows {
		r, err := fromDraft(row)
		if err != nil {
			return nil, err
		}
		r.Derive(c.Reference(), c.Now())
		s := r.Base()
		s.URI = c.address(row.ID)
		for _, p := range public {
			if p.ID != row.ID {
				continue
			}
			s.Slug, s.Version, s.PublishedAt = p.Slug, p.Version, moment(p.PublishedAt)
			if p.URI != nil {
				s.URI = *p.URI
			}
			if project, ok := r.(*record.Project); ok {
				if err := showBeside(project, p); err != nil {
					return nil, err
				}
			}
		}
		out[i] = r
	}
	record.NewGroup(c.Reference(), out...)
	return out, nil
}

// Behind gives the working copies of records that the viewer may do something with, by record id; no statement for
// whoever may do so with none.
func (c *Catalog) Behind(ctx context.Context, may policy.Action, ids []string) (map[string]record.Record, error) {
	v := identity.From(ctx)
	if policy.MayAnywhere(v, may) != nil {
		return nil, nil
	}
	rows, err := c.Client.Draft.Query().Where(draft.IDIn(ids...)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read working copies: %w", err)
	}
	rows = slices.DeleteFunc(rows, func(row *ent.Draft) bool {
		return policy.May(v, may, c.on(row.PublisherID, row.ID)) != nil
	})
	rs, err := c.drafts(ctx, rows...)
	if err != nil {
		return nil, err
	}
	out := map[string]record.Record{}
	for _, r := range rs {
		out[r.Base().ID] = r
	}
	return out, nil
}

// Revisions gives the locks of working copies that the viewer may read, by record id. A moderator needs those of what is
// to be withdrawn.
func (c *Catalog) Revisions(ctx context.Context, ids []string) (map[string]int, error) {
	v := identity.From(ctx)
	if policy.MayAnywhere(v, policy.ReadDraft) != nil && policy.May(v, policy.Retract, policy.Node) != nil {
		return nil, nil
	}
	rows, err := c.Client.Draft.Query().Where(draft.IDIn(ids...)).Select(draft.FieldID, draft.FieldRevision, draft.FieldPublisherID).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read revisions: %w", err)
	}
	out := map[string]int{}
	for _, row := range rows {
		on := c.on(row.PublisherID, row.ID)
		if policy.May(v, policy.ReadDraft, on) == nil || policy.May(v, policy.Retract, on) == nil {
			out[row.ID] = row.Revision
		}
	}
	return out, nil
}

// Tombstone is what is left of a record that was public and was withdrawn.
type Tombstone struct {
	ID, URI, Title, Reason string
	At                     time.Time
}

// Tombstone of a record by its id, or nil.
func (c *Catalog) Tombstone(ctx context.Context, id string) (*Tombstone, error) {
	row, err := c.Client.Tombstone.Get(ctx, id)
	if ent.IsNotFound(err) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("read a tombstone: %w", err)
	}
	return c.tombstone(row), nil
}

func (c *Catalog) tombstone(row *ent.Tombstone) *Tombstone {
	t := &Tombstone{ID: row.ID, URI: c.address(row.ID), Title: row.Title, Reason: row.Reason, At: moment(row.At)}
	if row.URI != nil {
		t.URI = *row.URI
	}
	return t
}
