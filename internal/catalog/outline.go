package catalog

import (
	"context"
	"fmt"
	"time"

	"github.com/udc-community/plein/ent/publication"
	"github.com/udc-community/plein/internal/record"
)

// Entry is what an outline of the catalogue says of a record.
type Entry struct {
	ID string
	// Path of its page in Dutch.
	Path      string
	UpdatedAt time.Time
}

// Outline lists what can be found, by id: at most n entries behind an id, which is empty at the beginning. The work does
// not grow with how far that is. Versions of templates are left out; they are reached from their template. So are copies:
// their pages are where they live.
func (c *Catalog) Outline(ctx context.Context, after string, n int) ([]Entry, error) {
	copies := has(Match{record.FieldProvenance, []string{string(record.Peer)}})
	rows, err := c.published(ctx).
		Where(publication.IDGT(after), publication.KindNEQ(string(record.TemplateVersionType)), publication.Not(copies)).
		Order(publication.ByID()).Limit(n).
		Select(publication.FieldID, publication.FieldKind, publication.FieldPublisherID, publication.FieldSlug, publication.FieldUpdatedAt).
		All(ctx)
	if err != nil {
		return nil, fmt.Errorf("outline the catalogue: %w", err)
	}
	ref := c.Reference()
	out := make([]Entry, 0, len(rows))
	for _, row := range rows {
		publisher := ref.Organization(row.PublisherID)
		if publisher == nil {
			continue // made by another process a moment ago
		}
		out = append(out, Entry{ID: row.ID, Path: record.KindOf(row.ID).PagePath(publisher.Slug, row.Slug), UpdatedAt: moment(row.UpdatedAt)})
	}
	return out, nil
}
