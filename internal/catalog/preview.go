package catalog

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/internal/record"
)

// Preview is exactly what becomes public when a working copy is published, and when.
type Preview struct {
	// Working is the working copy itself.
	Working record.Record
	// Record is what its audience sees at once; nil when nothing is public before VisibleAt.
	Record record.Record
	// VisibleAt is when the record becomes visible; zero when that is at once.
	VisibleAt time.Time
	// Hidden is what stays hidden for now.
	Hidden []record.HiddenPart
	// Differences are those between what is public now and what will be, at once or at VisibleAt.
	Differences []record.Difference
	// Missing is what keeps it from being published.
	Missing record.Problems
}

// Preview of a working copy for those who may read it; nil for everybody else.
func (c *Catalog) Preview(ctx context.Context, id string) (*Preview, error) {
	working, err := c.Draft(ctx, id)
	if err != nil || working == nil || working.Base().State == record.Withdrawn {
		return nil, err
	}
	ref, now := c.Reference(), record.Instant(c.Now())
	full, err := record.Clone(working)
	if err != nil {
		return nil, err
	}
	full.Base().ArchivedAt = time.Time{}
	out := &Preview{Working: working, Hidden: record.HiddenParts(full, now)}
	o, err := c.outlook(ctx, c.Client, ref, full, now)
	if err != nil {
		return nil, err
	}
	row, err := c.Client.Publication.Get(ctx, id)
	if err != nil && !ent.IsNotFound(err) {
		return nil, fmt.Errorf("read the publication of %s: %w", id, err)
	}
	if out.Missing, err = c.obstacles(ctx, full, row, o.scope); err != nil {
		return nil, err
	}
	var public record.Record
	if row != nil {
		if public, err = record.Decode(id, row.Body); err != nil {
			return nil, err
		}
		record.NewGroup(ref, public)
	}
	shown := o.visible
	if out.Record = shown; shown == nil {
		if out.VisibleAt = o.next; o.heldBy == "" {
			out.VisibleAt = record.WholeUntil(full, now)
		}
		if o.heldBy != "" && public != nil {
			out.Record = c.asSeen(public, row)
		}
		if shown, err = c.later(ctx, full, out.VisibleAt); err != nil {
			return nil, err
		}
	} else {
		c.asSeen(shown, row)
	}
	if shown == nil {
		return out, nil
	}
	record.NewGroup(ref, shown)
	titles, err := c.titles(ctx, public, shown)
	if err != nil {
		return nil, err
	}
	out.Differences = record.Differences(public, shown, titles)
	return out, nil
}

// obstacles are all that keeps a working copy from being published.
func (c *Catalog) obstacles(ctx context.Context, full record.Record, public *ent.Publication, scope record.Scope) (record.Problems, error) {
	ps := missing(full)
	hidden, err := hiddenLinks(ctx, c.Client, full)
	if err != nil {
		return nil, err
	}
	ps = append(ps, hidden...)
	var more record.Problems
	if err := takesBack(public, scope); errors.As(err, &more) {
		ps = append(ps, more...)
	} else if err != nil {
		return nil, err
	}
	if t, ok := full.(*record.ProcessTemplate); ok {
		if err := t.Freezable(); errors.As(err, &more) {
			ps = append(ps, more...)
		} else if err != nil {
			return nil, err
		}
	}
	return ps, nil
}

// later is what readers see of a document at a moment to come; nil when that is nothing even then.
func (c *Catalog) later(ctx context.Context, full record.Record, at time.Time) (record.Record, error) {
	o, err := c.outlook(ctx, c.Client, c.Reference(), full, at)
	return o.visible, err
}

// asSeen gives a public document what the catalogue knows of it.
func (c *Catalog) asSeen(r record.Record, row *ent.Publication) record.Record {
	s := r.Base()
	s.State, s.Revision, s.URI = record.Published, 0, c.address(s.ID)
	s.PublishedAt, s.Version = record.Instant(c.Now()), 1
	if row != nil {
		s.PublishedAt, s.Version = moment(row.PublishedAt), row.Version+1
		if row.URI != nil {
			s.URI = *row.URI
		}
	}
	return r
}
