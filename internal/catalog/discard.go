package catalog

import (
	"context"
	"fmt"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/draft"
	"github.com/udc-community/plein/ent/draftshare"
	"github.com/udc-community/plein/ent/duty"
	"github.com/udc-community/plein/ent/guest"
	"github.com/udc-community/plein/ent/predicate"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

const (
	// keepDiscarded is how long a working copy that was thrown away can be taken back.
	keepDiscarded = 30 * 24 * time.Hour
	// forgottenAtOnce is how many of them one transaction removes for good.
	forgottenAtOnce = 100
)

// Discard throws away a working copy that was never published. What was delivered in it and must become public keeps it
// from that: it would be a way out of the duty.
func (w *Writer) Discard(ctx context.Context, id string, revision int) (record.Record, error) {
	row, err := w.lock(ctx, id, revision, policy.WriteDraft)
	if err != nil {
		return nil, err
	}
	if approved, err := w.lastSnapshot(ctx, id); err != nil {
		return nil, err
	} else if approved != nil {
		return nil, record.Problems{record.Wrong(record.IllegalTransition, "Dit is gepubliceerd en kan niet weg. Trek het in, met een reden.",
			"This was published and cannot be thrown away. Withdraw it, with a reason.")}
	}
	r, err := w.working(row)
	if err != nil {
		return nil, err
	}
	if p, ok := r.(*record.Project); ok {
		if err := p.Discardable(w.now).Err(); err != nil {
			return nil, err
		}
	}
	s := r.Base()
	s.State, s.Revision = record.Draft, row.Revision+1
	err = w.saveDraft(ctx, r, func(q *ent.DraftUpdate) {
		// The import or the program that made it may make another.
		q.SetDiscardedAt(w.now.UnixMilli()).SetSubmittedBy("").ClearIdempotencyKey().ClearExternalID().ClearExternalHash()
	})
	if err != nil {
		return nil, err
	}
	w.log(changelog.Discarded, s.PublisherID, id, s.Revision, "")
	return r, nil
}

// Restore takes back a working copy that was thrown away, for as long as that is kept.
func (w *Writer) Restore(ctx context.Context, id string, revision int) (record.Record, error) {
	row, err := w.find(ctx, id, policy.WriteDraft)
	switch {
	case err != nil:
		return nil, err
	case row.DiscardedAt == 0:
		return nil, record.Problems{record.Wrong(record.IllegalTransition, "Dit is niet weggegooid.", "This was not thrown away.")}
	case row.DiscardedAt <= w.now.Add(-keepDiscarded).UnixMilli():
		return nil, w.unknown()
	case row.Revision != revision:
		return nil, record.Problems{record.Stale(row.Revision)}
	}
	r, err := w.working(row)
	if err != nil {
		return nil, err
	}
	s := r.Base()
	s.Revision++
	if err := w.saveDraft(ctx, r, func(q *ent.DraftUpdate) { q.SetDiscardedAt(0) }); err != nil {
		return nil, err
	}
	w.log(changelog.Restored, s.PublisherID, id, s.Revision, "")
	return r, nil
}

// ForgetDiscarded removes for good what was thrown away and is kept no longer, with all that hangs on it.
func (c *Catalog) ForgetDiscarded(ctx context.Context) error {
	ended := []predicate.Draft{draft.DiscardedAtGT(0), draft.DiscardedAtLTE(c.Now().Add(-keepDiscarded).UnixMilli())}
	for {
		ids, err := c.Client.Draft.Query().Where(ended...).Limit(forgottenAtOnce).IDs(ctx)
		if err != nil {
			return fmt.Errorf("look for what was thrown away: %w", err)
		}
		if len(ids) == 0 {
			return nil
		}
		err = c.Write(identity.AsSystem(ctx), func(w *Writer) error {
			rows, err := w.tx.Draft.Query().Where(append(ended, draft.IDIn(ids...))...).All(ctx)
			if err != nil {
				return err
			}
			for _, row := range rows {
				if err := w.forget(ctx, row); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("remove what was thrown away: %w", err)
		}
	}
}

func (w *Writer) forget(ctx context.Context, row *ent.Draft) error {
	for _, drop := range []interface {
		Exec(context.Context) (int, error)
	}{
		w.tx.Duty.Delete().Where(duty.RecordID(row.ID)),
		w.tx.DraftShare.Delete().Where(draftshare.RecordID(row.ID)),
		w.tx.Guest.Delete().Where(guest.ProjectID(row.ID)),
		w.tx.Draft.Delete().Where(draft.ID(row.ID)),
	} {
		if _, err := drop.Exec(ctx); err != nil {
			return err
		}
	}
	w.log(changelog.Discarded, row.PublisherID, row.ID, row.Revision, "voorgoed verwijderd")
	return nil
}
