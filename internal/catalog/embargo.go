package catalog

import (
	"context"
	"fmt"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

// PlaceEmbargo puts a project under an embargo of which scope, ground, reason and end are given; waitsFor says, for the
// project, what it waits for. It holds at once, whatever else of the working copy waits.
func (w *Writer) PlaceEmbargo(ctx context.Context, id string, revision int, e record.Embargo, waitsFor func(*record.Project) record.Text) (record.Record, error) {
	return w.editEmbargo(ctx, id, revision, changelog.EmbargoPlaced, e.Reason, func(p *record.Project) error {
		e.PlacedBy, e.WaitsFor = p.PublisherID, waitsFor(p)
		return p.PlaceEmbargo(w.ref, &e, w.now, w.c.PublicationDays).Err()
	})
}

// ExtendEmbargo moves the end of the embargo that holds.
func (w *Writer) ExtendEmbargo(ctx context.Context, id string, revision int, until time.Time, reason string) (record.Record, error) {
	return w.editEmbargo(ctx, id, revision, changelog.EmbargoExtended, reason, func(p *record.Project) error { return p.ExtendEmbargo(until, reason, w.now).Err() })
}

// LiftEmbargo ends the embargo that holds: what it covered and was approved is shown in the same transaction.
func (w *Writer) LiftEmbargo(ctx context.Context, id string, revision int, reason string) (record.Record, error) {
	return w.editEmbargo(ctx, id, revision, changelog.EmbargoLifted, reason, func(p *record.Project) error { return p.LiftEmbargo(reason, w.now).Err() })
}

func (w *Writer) editEmbargo(ctx context.Context, id string, revision int, kind changelog.Kind, reason string, do func(*record.Project) error) (record.Record, error) {
	return w.edit(ctx, id, revision, kind, reason, func(r record.Record) error {
		p, ok := r.(*record.Project)
		if !ok {
			return record.Problems{record.NoSuch("id")}
		}
		if err := policy.May(w.viewer, policy.Embargo, policy.In(w.ref.Organization(p.PublisherID))); err != nil {
			return err
		}
		if err := w.beside(ctx, p); err != nil {
			return err
		}
		return do(p)
	})
}

// beside tells a working copy what readers see of it.
func (w *Writer) beside(ctx context.Context, p *record.Project) error {
	row, err := w.tx.Publication.Get(ctx, p.ID)
	if ent.IsNotFound(err) {
		return nil
	} else if err != nil {
		return fmt.Errorf("load the publication of %s: %w", p.ID, err)
	}
	return showBeside(p, row)
}

func showBeside(p *record.Project, row *ent.Publication) error {
	public, err := record.Decode(row.ID, row.Body)
	if err == nil {
		p.ShownAs(public.(*record.Project))
	}
	return err
}
