package catalog

import (
	"context"
	"fmt"
	"strings"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/publication"
	"github.com/udc-community/plein/ent/release"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

// Withdraw takes a record back for good. Where it was public, its address answers from then on with its title and the
// reason. A moderator takes back what anybody published.
func (w *Writer) Withdraw(ctx context.Context, id string, revision int, reason string) (record.Record, error) {
	row, err := w.withdrawing(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := w.current(row, revision); err != nil {
		return nil, err
	}
	reason, ps := record.Remark(reason, 1000, "note")
	if reason == "" {
		ps = record.Problems{record.Wrong(record.Required, "Schrijf waarom u dit intrekt. Iedereen kan dit lezen.", "Write why you withdraw this. Everybody can read it.", "note")}
	}
	if len(ps) > 0 {
		return nil, ps
	}
	r, err := w.working(row)
	if err != nil {
		return nil, err
	}
	if approved, err := w.lastSnapshot(ctx, id); err != nil {
		return nil, err
	} else if approved == nil {
		return nil, record.Problems{record.Wrong(record.IllegalTransition, "Dit is nog niet gepubliceerd.", "This has not been published yet.")}
	}
	if err := w.withdrawable(ctx, r); err != nil {
		return nil, err
	}
	ids := []string{id}
	if t, ok := r.(*record.ProcessTemplate); ok {
		for _, v := range t.Versions {
			ids = append(ids, v.ID)
		}
	}
	s := r.Base()
	s.State, s.Revision = record.Withdrawn, row.Revision+1
	if err := w.saveDraft(ctx, r); err != nil {
		return nil, err
	}
	for _, x := range ids {
		if err := w.remove(ctx, x, reason); err != nil {
			return nil, err
		}
		w.log(changelog.Withdrawn, s.PublisherID, x, s.Revision, reason)
	}
	return r, nil
}

// withdrawing finds a draft to be withdrawn. A moderator takes back what readers see, and knows of nothing else.
func (w *Writer) withdrawing(ctx context.Context, id string) (*ent.Draft, error) {
	if policy.May(w.viewer, policy.Retract, policy.Node) != nil {
		return w.find(ctx, id, policy.Withdraw)
	}
	// Asked first, so that what may not be seen takes as many statements as what does not exist.
	seen, err := w.tx.Publication.Query().Where(publication.ID(id), policy.Readable(w.viewer)).Exist(ctx)
	if err != nil {
		return nil, fmt.Errorf("look up the publication of %s: %w", id, err)
	}
	row, err := w.find(ctx, id, policy.Retract)
	if err != nil || seen || policy.May(w.viewer, policy.Withdraw, w.on(row)) == nil {
		return row, err
	}
	return nil, w.notHere(ctx, id)
}

// isPersonal tells whether a record was withdrawn for the sake of somebody's privacy: its title may be what gave them away.
func isPersonal(reason string) bool {
	return strings.Contains(record.Fold(reason), "privacy") || strings.Contains(record.Fold(reason), "persoonsgegeven")
}

// remove takes away what readers see of a record, and what they would have seen.
func (w *Writer) remove(ctx context.Context, id, reason string) error {
	n, err := w.tx.Release.Delete().Where(release.ID(id)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("withdraw %s: %w", id, err)
	}
	w.releasesChanged = w.releasesChanged || n > 0
	before, err := w.tx.Publication.Get(ctx, id)
	if ent.IsNotFound(err) {
		return nil
	} else if err != nil {
		return fmt.Errorf("withdraw %s: %w", id, err)
	}
	if before.Audience == string(record.Public) {
		old, err := record.Decode(id, before.Body)
		if err != nil {
			return err
		}
		title := old.Base().Title.In(old.Base().Language)
		if isPersonal(reason) {
			title = ""
		}
		err = w.tx.Tombstone.Create().SetID(id).SetNillableURI(before.URI).SetTitle(title).
			SetReason(reason).SetAt(w.now.UnixMilli()).Exec(ctx)
		if err != nil {
			return fmt.Errorf("leave a tombstone for %s: %w", id, err)
		}
	}
	return w.replace(ctx, before, nil, reason)
}
