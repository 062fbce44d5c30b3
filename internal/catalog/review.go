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

// longestNote is how many characters somebody writes beside a submission or a review.
const longestNote = 5_000

// Review approves what was submitted, which publishes it, or asks for changes with a note that says which. Who changed or
// submitted it last does not review it, and neither does who made the program that did.
func (w *Writer) Review(ctx context.Context, id string, revision int, approve bool, note string) (record.Record, error) {
	row, err := w.lock(ctx, id, revision, policy.Review)
	if err != nil {
		return nil, err
	}
	makers, err := identity.Makers(ctx, w.tx.Change, row.EditedBy, row.SubmittedBy)
	if err != nil {
		return nil, err
	}
	note, ps := record.Remark(note, longestNote, "note")
	switch {
	case row.State != string(record.InReview):
		ps = append(ps, record.Wrong(record.IllegalTransition, "Dit wacht niet op een beoordeling.", "This does not wait for a review."))
	case wrote(row, w.viewer.Actor(), makers):
		ps = append(ps, record.Wrong(record.NotAllowed, "U hebt dit zelf als laatste gewijzigd of ingediend. Iemand anders moet het beoordelen.",
			"You changed or submitted this last yourself. Somebody else has to review it."))
	case !approve && note == "":
		ps = append(ps, record.Wrong(record.Required, "Schrijf wat er moet veranderen.", "Write what has to change.", "note"))
	}
	if len(ps) > 0 {
		return nil, ps
	}
	if approve {
		return w.publish(ctx, row, note)
	}
	r, err := w.working(row)
	if err != nil {
		return nil, err
	}
	s := r.Base()
	s.State, s.Revision = record.ChangesRequested, row.Revision+1
	if err := w.saveDraft(ctx, r); err != nil {
		return nil, err
	}
	w.log(changelog.ChangesRequested, s.PublisherID, id, s.Revision, note)
	return r, nil
}

// wrote tells whether an actor changed or submitted a working copy last, or made the program that did.
func wrote(row *ent.Draft, actor string, makers map[string]string) bool {
	return slices.ContainsFunc([]string{row.EditedBy, row.SubmittedBy}, func(who string) bool { return who == actor || makers[who] == actor })
}
