package catalog

import (
	"context"

	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

// Archive says that a published record is no longer kept up. It stays where it is, and everybody sees that it is so;
// publishing it again ends this.
func (w *Writer) Archive(ctx context.Context, id string, revision int, note string) (record.Record, error) {
	row, err := w.lock(ctx, id, revision, policy.Publish)
	if err != nil {
		return nil, err
	}
	note, ps := record.Remark(note, longestNote, "note")
	if row.State != string(record.Published) {
		ps = append(ps, record.Wrong(record.IllegalTransition, "Alleen wat gepubliceerd is zonder wijzigingen die nog wachten, kan naar het archief.",
			"Only what is published, with no changes that still wait, can be archived."))
	}
	if len(ps) > 0 {
		return nil, ps
	}
	r, err := w.working(row)
	if err != nil {
		return nil, err
	}
	r.Derive(w.ref, w.now)
	s := r.Base()
	s.ArchivedAt, s.UpdatedAt = w.now, w.now
	s.State, s.Revision = record.Archived, row.Revision+1
	if err := w.approve(ctx, r); err != nil {
		return nil, err
	}
	if err := w.saveDraft(ctx, r); err != nil {
		return nil, err
	}
	w.log(changelog.Archived, s.PublisherID, id, s.Revision, note)
	return r, nil
}
