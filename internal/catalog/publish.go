package catalog

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/publication"
	"github.com/udc-community/plein/ent/release"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

// Publish approves the working copy and shows it, without a second pair of eyes: only where nobody else of the
// organisation could have a look, and so it is logged.
func (w *Writer) Publish(ctx context.Context, id string, revision int) (record.Record, error) {
	row, err := w.lock(ctx, id, revision, policy.Publish)
	if err != nil {
		return nil, err
	}
	if row.State == string(record.Published) {
		return nil, record.Problems{nothingNew()}
	}
	if others, err := othersWhoReview(ctx, w.tx.User, w.viewer, row.PublisherID); err != nil {
		return nil, err
	} else if others {
		return nil, record.Problems{record.Wrong(record.IllegalTransition,
			"Iemand anders van uw organisatie kan dit beoordelen. Dien het in: wie het goedkeurt, publiceert het.",
			"Somebody else of your organisation can review this. Submit it: whoever approves it publishes it.")}
	}
	return w.publish(ctx, row, "zonder vierogen")
}

func nothingNew() record.Problem {
	return record.Wrong(record.IllegalTransition, "Er is niets nieuws om te publiceren.", "There is nothing new to publish.")
}

// publish shows a working copy that somebody approved.
func (w *Writer) publish(ctx context.Context, row *ent.Draft, reason string) (record.Record, error) {
	r, err := w.working(row)
	if err != nil {
		return nil, err
	}
	s := r.Base()
	s.ArchivedAt = time.Time{}
	r.Derive(w.ref, w.now)
	if err := w.publishable(ctx, r); err != nil {
		return nil, err
	}
	if t, ok := r.(*record.ProcessTemplate); ok {
		if err := w.showVersionsTo(ctx, t.Audience, t.Versions); err != nil {
			return nil, err
		}
		if err := w.freeze(ctx, t); err != nil {
			return nil, err
		}
	}
	s.State, s.Revision, s.UpdatedAt = record.Published, row.Revision+1, w.now
	if err := w.approve(ctx, r); err != nil {
		return nil, err
	}
	if err := w.saveDraft(ctx, r, withoutAuthor); err != nil {
		return nil, err
	}
	w.log(changelog.Published, s.PublisherID, row.ID, s.Revision, reason)
	return r, nil
}

// publishable lists what keeps a working copy from being published.
func (w *Writer) publishable(ctx context.Context, r record.Record) error {
	hidden, err := hiddenLinks(ctx, w.tx.Client(), r)
	if err != nil {
		return err
	}
	return append(missing(r), hidden...).Err()
}

// missing lists what keeps a record from being published. Records taken from elsewhere may lack what their source
// lacks: nothing is invented to fill it. A demo behaves like the real thing.
func missing(r record.Record) record.Problems {
	if p := r.Base().Provenance; p != record.Own && p != record.Demo {
		return nil
	}
	return r.Complete()
}

// Missing lists what a working copy still needs before it can be published.
func Missing(r record.Record) record.Problems { return missing(r) }

// hiddenLinks refuses to publish a record that points at what its own readers cannot see: that would tell them that it
// exists. What waits for the same moment as the record itself may be pointed at.
func hiddenLinks(ctx context.Context, client *ent.Client, r record.Record) (record.Problems, error) {
	audiences := []string{string(record.Public)}
	if r.Base().Audience == record.Community {
		audiences = append(audiences, string(record.Community))
	}
	if len(newLinks(r, nil)) == 0 {
		return nil, nil
	}
	before, err := lastSnapshot(ctx, client, r.Base().ID)
	if err != nil {
		return nil, err
	}
	var ps record.Problems
	for _, l := range newLinks(r, before) {
		seen, err := client.Publication.Query().Where(publication.ID(l.ID), publication.AudienceIn(audiences...)).Exist(ctx)
		if err != nil {
			return nil, fmt.Errorf("look up a link: %w", err)
		}
		if x, ok := r.(interface{ LearnedIn() []string }); !seen && ok && slices.Contains(x.LearnedIn(), l.ID) {
			if seen, err = client.Release.Query().Where(release.ID(l.ID)).Exist(ctx); err != nil {
				return nil, fmt.Errorf("look up a link: %w", err)
			}
		}
		if !seen {
			ps = append(ps, record.Wrong(record.IllegalTransition, "Dit verwijst naar iets dat de lezers nog niet kunnen zien. Publiceer dat eerst.",
				"This points at something that its readers cannot see yet. Publish that first.", l.Field))
		}
	}
	return ps, nil
}

// approve keeps a document as a snapshot and makes of it what readers see.
func (w *Writer) approve(ctx context.Context, r record.Record) error {
	s := r.Base()
	body, err := record.Encode(r)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	err = w.tx.Snapshot.Create().SetRecordID(s.ID).SetRevision(s.Revision).SetAt(w.now.UnixMilli()).SetBody(body).SetHash(hex.EncodeToString(sum[:])).Exec(ctx)
	if err != nil {
		return fmt.Errorf("keep a snapshot of %s: %w", s.ID, err)
	}
	if err := w.approveFiles(ctx, r); err != nil {
		return err
	}
	return w.put(ctx, r)
}

// freeze makes the immutable version that the template is at.
func (w *Writer) freeze(ctx context.Context, t *record.ProcessTemplate) error {
	v, err := t.Freeze(record.NewID(record.KindOfType(record.TemplateVersionType).Prefix))
	if err != nil || v == nil {
		return err
	}
	v.Revision, v.CreatedAt, v.UpdatedAt = 1, w.now, w.now
	record.NewGroup(w.ref, v)
	if err := w.approve(ctx, v); err != nil {
		return err
	}
	w.log(changelog.Published, v.PublisherID, v.ID, 1, "")
	return nil
}

// showVersionsTo gives the versions of a template the audience that the template has now. What they say stays the same.
func (w *Writer) showVersionsTo(ctx context.Context, audience record.Audience, versions []*record.VersionRef) error {
	for _, ref := range versions {
		v, err := w.lastSnapshot(ctx, ref.ID)
		if err != nil {
			return err
		}
		s := v.Base()
		if s.Audience == audience {
			continue
		}
		s.Audience, s.Revision = audience, s.Revision+1
		record.NewGroup(w.ref, v)
		if err := w.approve(ctx, v); err != nil {
			return err
		}
		w.log(changelog.Published, s.PublisherID, ref.ID, s.Revision, "")
	}
	return nil
}
