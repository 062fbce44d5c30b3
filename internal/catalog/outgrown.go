package catalog

import (
	"context"
	"fmt"
	"strings"

	"entgo.io/ent/dialect/sql"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/address"
	"github.com/udc-community/plein/ent/predicate"
	"github.com/udc-community/plein/ent/publication"
	"github.com/udc-community/plein/ent/replica"
	"github.com/udc-community/plein/ent/tombstone"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/record"
)

// A record of a kind that a newer Plein has is kept as one of kind Other. Once this Plein knows the kind the copy is
// outgrown: the same entry is taken in again, whole, and the copy gives way to it in the same step. The id of a record says
// of what kind it is, so that changes with it; the rest of the id does not, so what points at it can know the new one before.

// idFor is the id of a copy under the kind that its record is known to be of now.
func (w *Writer) idFor(r *ent.Replica) string {
	_, rest, _ := strings.Cut(r.ID, "_")
	return record.KindOfURI(r.URI, w.c.Known).Prefix + "_" + rest
}

// isCopyOf tells whether a copy is of the version that an entry is about, and no other was seen.
func isCopyOf(r *ent.Replica, in Incoming) bool {
	return r.Epoch == in.Epoch && r.Version == in.Version && r.PublisherID == in.PublisherID && !r.Deleted
}

// Outgrown lists copies, in the order of their ids and behind one, that were taken in before the kind of their record was
// known. Each is to be accepted again.
func (w *Writer) Outgrown(ctx context.Context, after string, limit int) ([]*ent.Replica, error) {
	var known []predicate.Replica
	for _, k := range w.c.Known {
		known = append(known, replica.URIContains("/id/"+k.Prefix+"_"))
	}
	other := func(s *sql.Selector) {
		s.Where(sql.HasPrefix(s.C(replica.FieldID), record.KindOfType(record.OtherType).Prefix+"_"))
	}
	rows, err := w.tx.Replica.Query().Where(other, replica.IDGT(after), replica.VersionGT(0), replica.Deleted(false), replica.Or(known...)).
		Order(replica.ByID()).Limit(limit).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("look up copies of kinds that were not known: %w", err)
	}
	return rows, nil
}

// outgrow takes away a copy that gives way to the one with another id: nobody withdrew it. Its pages lead to that one's.
func (w *Writer) outgrow(ctx context.Context, old *ent.Replica, id string) error {
	shown, err := w.tx.Publication.Query().Where(publication.ID(old.ID)).All(ctx)
	if err != nil {
		return fmt.Errorf("look up the copy of %s: %w", old.URI, err)
	}
	for _, row := range shown {
		if err := w.unpublish(ctx, row, ""); err != nil {
			return err
		}
		w.log(changelog.Updated, row.PublisherID, row.ID, row.Version, "")
	}
	// Those under its earlier titles and, of what was withdrawn and comes back, those of the tombstone as well.
	had := address.And(address.Kind(string(record.OtherType)), address.PublisherID(old.PublisherID), address.RecordID(old.ID))
	err = w.tx.Address.Update().Where(had).Modify(func(u *sql.UpdateBuilder) { u.Set(address.FieldRecordID, id) }).Exec(ctx)
	if err != nil {
		return fmt.Errorf("keep the addresses of %s: %w", old.URI, err)
	}
	if _, err := w.tx.Tombstone.Delete().Where(tombstone.ID(old.ID)).Exec(ctx); err != nil {
		return fmt.Errorf("take away the tombstone of %s: %w", old.URI, err)
	}
	if err := w.tx.Replica.DeleteOneID(old.ID).Exec(ctx); err != nil {
		return fmt.Errorf("replace the copy of %s: %w", old.URI, err)
	}
	return nil
}
