package catalog

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/draft"
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
		s.State, s.URI = record.Published, c.address(row.ID)
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

// ByURI finds a record by its canonical address; nil when it is not there or may not be seen.
func (c *Catalog) ByURI(ctx context.Context, uri string) (record.Record, error) {
	where := publication.URI(uri)
	if id, ok := strings.CutPrefix(uri, c.BaseURL+"/id/"); ok {
		where = publication.Or(where, publication.And(publication.ID(id), publication.URIIsNil()))
	}
	row, err := c.published(ctx).Where(where).Select(shown...).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("read the record at an address: %w", err)
	}
	rs, err := c.records([]*ent.Publication{row})
	if err != nil {
		return nil, err
	}
	return rs[0], nil
}

// Draft is the working copy of a record, for its own organisation; nil for everybody else.
func (c *Catalog) Draft(ctx context.Context, id string) (record.Record, error) {
	row, err := c.Client.Draft.Get(ctx, id)
	if ent.IsNotFound(err) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("read a working copy: %w", err)
	}
	if !policy.MayReadDrafts(identity.From(ctx), row.PublisherID) {
		return nil, nil
	}
	rs, err := c.drafts(ctx, row)
	if err != nil {
		return nil, err
	}
	return rs[0], nil
}

// Drafts is a page of the working copies of the viewer's organisation, last changed first.
func (c *Catalog) Drafts(ctx context.Context, first int, after string) (*Page, error) {
	v := identity.From(ctx)
	if !policy.MayReadDrafts(v, v.OrganizationID) {
		return &Page{}, nil
	}
	q := c.Client.Draft.Query().Where(draft.PublisherID(v.OrganizationID))
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

// drafts decodes working copies, with what is known of their publications.
func (c *Catalog) drafts(ctx context.Context, rows ...*ent.Draft) ([]record.Record, error) {
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	public, err := c.Client.Publication.Query().Where(publication.IDIn(ids...)).
		Select(publication.FieldID, publication.FieldURI, publication.FieldSlug, publication.FieldVersion, publication.FieldPublishedAt).All(ctx)
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
		}
		out[i] = r
	}
	record.NewGroup(c.Reference(), out...)
	return out, nil
}

// Revisions gives the locks of working copies that the viewer may write, by record id.
func (c *Catalog) Revisions(ctx context.Context, ids []string) (map[string]int, error) {
	v := identity.From(ctx)
	if v.OrganizationID == "" {
		return nil, nil
	}
	rows, err := c.Client.Draft.Query().Where(draft.IDIn(ids...), draft.PublisherID(v.OrganizationID)).
		Select(draft.FieldID, draft.FieldRevision, draft.FieldPublisherID).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read revisions: %w", err)
	}
	out := map[string]int{}
	for _, row := range rows {
		if policy.MayReadDrafts(v, row.PublisherID) {
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
