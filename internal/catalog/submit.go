package catalog

import (
	"context"
	"slices"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

// Submit offers a working copy for review by somebody else; the note is for whoever reviews it.
func (w *Writer) Submit(ctx context.Context, id string, revision int, note string) (record.Record, error) {
	row, err := w.lock(ctx, id, revision, policy.Submit)
	if err != nil {
		return nil, err
	}
	note, ps := record.Remark(note, longestNote, "note")
	switch record.State(row.State) {
	case record.Published:
		ps = append(ps, nothingNew())
	case record.InReview:
		ps = append(ps, record.Wrong(record.IllegalTransition, "Dit wacht al op een beoordeling.", "This waits for a review already."))
	}
	if len(ps) > 0 {
		return nil, ps
	}
	r, err := w.working(row)
	if err != nil {
		return nil, err
	}
	r.Derive(w.ref, w.now)
	if err := w.publishable(ctx, r); err != nil {
		return nil, err
	}
	if t, ok := r.(*record.ProcessTemplate); ok {
		if err := t.Freezable(); err != nil {
			return nil, err
		}
	}
	s := r.Base()
	s.State, s.Revision = record.InReview, row.Revision+1
	if err := w.saveDraft(ctx, r, func(q *ent.DraftUpdate) { q.SetSubmittedBy(w.viewer.Actor()) }); err != nil {
		return nil, err
	}
	w.log(changelog.Submitted, s.PublisherID, id, s.Revision, note)
	return r, nil
}

// mayChange refuses a guest of a project what is not among its results.
func (w *Writer) mayChange(row *ent.Draft, before, after record.Record) error {
	if policy.May(w.viewer, policy.WriteDraft, w.on(row)) == nil {
		return nil
	}
	refused := record.Problems{record.Wrong(record.NotAllowed, "Als gast in dit project kunt u alleen de resultaten wijzigen.",
		"As a guest in this project you can change its outputs only.")}
	was, err := w.untouched(before)
	if err != nil {
		return err
	}
	p, ok := was.(*record.Project)
	if !ok {
		return refused
	}
	p.Outputs = after.(*record.Project).Outputs
	if same, err := equal(p, after); err != nil || same {
		return err
	}
	return refused
}

// untouched is a working copy as it would be now if nobody had changed anything: the clock may have.
func (w *Writer) untouched(before record.Record) (record.Record, error) {
	out, err := record.Clone(before)
	if err == nil {
		w.derive(out, before)
	}
	return out, err
}

// changesContent tells whether an edit changed something that is reviewed: more than the progress.
func (w *Writer) changesContent(before, after record.Record) (bool, error) {
	was, err := w.untouched(before)
	if err != nil {
		return false, err
	}
	record.TakeProgress(was, after)
	same, err := equal(was, after)
	return !same, err
}

// stateAfterEdit is where a working copy stands after an edit. Shown is its state by what readers see: DRAFT when it
// differs from that. What waits for a reviewer waits until its content changes, and what a reviewer asked for stands until
// it is submitted again.
func stateAfterEdit(before, shown record.State, content bool) record.State {
	public := []record.State{record.Published, record.Archived}
	switch {
	case before == record.InReview && !content:
		return before
	case before == record.ChangesRequested && (!content || !slices.Contains(public, shown)):
		return before
	}
	return shown
}

// lastAuthor notes who changed the content last since the last publication, and that what was submitted is no longer.
func (w *Writer) lastAuthor(row *ent.Draft, state record.State, content bool) func(*ent.DraftUpdate) {
	return func(q *ent.DraftUpdate) {
		if content {
			q.SetEditedBy(w.viewer.Actor())
		}
		if state != record.State(row.State) {
			q.SetSubmittedBy("")
		}
	}
}

// withoutAuthor forgets who wrote what is published.
func withoutAuthor(q *ent.DraftUpdate) { q.SetEditedBy("").SetSubmittedBy("") }

// othersWhoReview tells whether somebody else of the organisation could review what the viewer publishes. A program is
// nobody: the one person who could review speaks through it.
func othersWhoReview(ctx context.Context, users *ent.UserClient, v identity.Viewer, organizationID string) (bool, error) {
	if v.System {
		return false, nil
	}
	who, err := identity.Holders(ctx, users, identity.Coordinator, organizationID)
	return others(who[organizationID], v), err
}

// others tells whether there is somebody among these who is not the viewer.
func others(who []string, v identity.Viewer) bool {
	if v.UserID == "" {
		return len(who) > 1
	}
	return slices.ContainsFunc(who, func(id string) bool { return id != v.UserID })
}
