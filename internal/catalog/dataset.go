package catalog

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/feedentry"
	"github.com/udc-community/plein/ent/publication"
	"github.com/udc-community/plein/ent/tombstone"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// becameOf tells what becomes of the datasets of a record when everybody sees after in the place of before; nil is
// nothing. What a dataset says also comes from the project around it, so one that stays is updated.
func becameOf(before, after record.Record) map[string]changelog.Type {
	out := map[string]changelog.Type{}
	for _, o := range record.Datasets(before) {
		out[o.Key] = changelog.Delete
	}
	for _, o := range record.Datasets(after) {
		if _, was := out[o.Key]; was {
			out[o.Key] = changelog.Update
		} else {
			out[o.Key] = changelog.Create
		}
	}
	return out
}

// ownProjects are those that everybody may read and that organisations of this node made themselves: not what was
// brought in from a register, taken over from another node, or invented.
func (c *Catalog) ownProjects(ctx context.Context) *ent.PublicationQuery {
	var own []string
	for _, o := range c.Reference().AllOrganizations() {
		if o.Custody == record.CustodyOwn {
			own = append(own, o.ID)
		}
	}
	return c.published(identity.AsStranger(ctx)).Where(publication.Kind(string(record.ProjectType)), publication.PublisherIDIn(own...),
		has(Match{Field: record.FieldProvenance, Values: []string{string(record.Own)}}))
}

// OwnProjects walks the public projects of the organisations in own custody in the order of their ids: at most n of them
// behind an id, which is empty at the beginning.
func (c *Catalog) OwnProjects(ctx context.Context, after string, n int) ([]*record.Project, error) {
	rows, err := c.ownProjects(ctx).Where(publication.IDGT(after)).Order(publication.ByID()).Limit(n).Select(shown...).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the projects in own custody: %w", err)
	}
	rs, err := c.records(rows)
	if err != nil {
		return nil, err
	}
	out := make([]*record.Project, 0, len(rs))
	for _, r := range rs {
		if p, ok := r.(*record.Project); ok {
			out = append(out, p)
		}
	}
	return out, nil
}

// OwnFingerprint is a hash of the ids and versions of those projects: it changes when one of them does, and with nothing
// that is not public. It costs one statement.
func (c *Catalog) OwnFingerprint(ctx context.Context) (string, error) {
	var rows []struct {
		ID      string `sql:"id"`
		Version int    `sql:"version"`
	}
	err := c.ownProjects(ctx).Order(publication.ByID()).Select(publication.FieldID, publication.FieldVersion).Scan(ctx, &rows)
	if err != nil {
		return "", fmt.Errorf("fingerprint the projects in own custody: %w", err)
	}
	h := sha256.New()
	for _, r := range rows {
		WriteFingerprint(h, r.ID, r.Version)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// OwnEntry is a line of the public log about a project in own custody.
type OwnEntry struct {
	// Number is that of the line on this node.
	Number int64
	At     time.Time
	// URI of the project.
	URI string
	// Project as it was then; nil for a withdrawal, and when it was withdrawn since.
	Project *record.Project
	// Datasets tells what became of the datasets of the project, by the keys of its outputs.
	Datasets map[string]changelog.Type
}

// ownEntries are the lines that are about projects in own custody. Lines are never taken away, so each keeps its place
// among them.
func (c *Catalog) ownEntries() *ent.FeedEntryQuery {
	return c.Client.FeedEntry.Query().Where(feedentry.Kind(string(record.ProjectType)), feedentry.PublisherSeqNotNil())
}

// OwnEntries counts them.
func (c *Catalog) OwnEntries(ctx context.Context) (int, error) {
	n, err := c.ownEntries().Count(ctx)
	if err != nil {
		return 0, fmt.Errorf("count the log of own custody: %w", err)
	}
	return n, nil
}

// OwnFeed gives at most n of them behind the first so many, in order.
func (c *Catalog) OwnFeed(ctx context.Context, skip, n int) ([]*OwnEntry, error) {
	rows, err := c.ownEntries().Order(feedentry.ByID()).Offset(skip).Limit(n).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the log of own custody: %w", err)
	}
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.RecordID
	}
	uris, err := c.urisOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]*OwnEntry, len(rows))
	for i, row := range rows {
		e := &OwnEntry{Number: row.ID, At: moment(row.At), URI: uris[row.RecordID], Datasets: map[string]changelog.Type{}}
		for key, became := range row.Datasets {
			e.Datasets[key] = changelog.Type(became)
		}
		out[i] = e
		if len(row.Payload) == 0 {
			continue
		}
		r, err := record.Decode(row.RecordID, row.Payload)
		if err != nil {
			return nil, err
		}
		r.Base().URI = e.URI
		record.NewGroup(c.Reference(), r)
		e.Project, _ = r.(*record.Project)
		if row.Datasets == nil { // written by a Plein that knew of no datasets
			for _, o := range record.Datasets(r) {
				e.Datasets[o.Key] = changelog.Type(row.Type)
			}
		}
	}
	return out, nil
}

// urisOf are the addresses of records that are or were public, also of those that may not be seen any more.
func (c *Catalog) urisOf(ctx context.Context, ids []string) (map[string]string, error) {
	out := make(map[string]string, len(ids))
	for _, id := range ids {
		out[id] = c.address(id)
	}
	public, err := c.Client.Publication.Query().Where(publication.IDIn(ids...), publication.URINotNil()).Select(publication.FieldID, publication.FieldURI).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the addresses of records: %w", err)
	}
	for _, row := range public {
		out[row.ID] = *row.URI
	}
	gone, err := c.Client.Tombstone.Query().Where(tombstone.IDIn(ids...), tombstone.URINotNil()).Select(tombstone.FieldID, tombstone.FieldURI).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the addresses of what was withdrawn: %w", err)
	}
	for _, row := range gone {
		out[row.ID] = *row.URI
	}
	return out, nil
}
