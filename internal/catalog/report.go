package catalog

import (
	"context"
	"fmt"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/draft"
	"github.com/udc-community/plein/ent/mistakereport"
	"github.com/udc-community/plein/ent/predicate"
	"github.com/udc-community/plein/ent/publication"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

const (
	longestReport = 2_000
	// mostOpenReports is how many reports of one record are kept that nobody has looked at yet.
	mostOpenReports = 100
)

// Report tells the owner of a record that something is wrong in it. Anybody may. For a record that the viewer cannot see
// it does nothing and says nothing: that would tell whether it exists.
func (w *Writer) Report(ctx context.Context, recordID, message string) error {
	message, ps := record.Remark(message, longestReport, "message")
	if message == "" {
		ps = append(ps, record.Wrong(record.Required, "Schrijf wat er niet klopt.", "Write what is wrong.", "message"))
	}
	if len(ps) > 0 {
		return ps
	}
	seen, err := w.tx.Publication.Query().Where(publication.ID(recordID), policy.Readable(w.viewer)).Only(ctx)
	if ent.IsNotFound(err) {
		return nil
	} else if err != nil {
		return fmt.Errorf("look up what is reported: %w", err)
	}
	if r, err := record.Decode(seen.ID, seen.Body); err != nil {
		return err
	} else if isCopy(r) { // nobody here can mend it
		return record.Problems{isACopy(w.ref.Organization(seen.PublisherID), *seen.URI)}
	}
	open, err := w.tx.MistakeReport.Query().Where(mistakereport.RecordID(recordID), mistakereport.ClosedAt(0)).Count(ctx)
	if err != nil {
		return fmt.Errorf("count reports: %w", err)
	}
	if open >= mostOpenReports {
		return nil
	}
	err = w.tx.MistakeReport.Create().SetID(record.NewID("rep")).SetRecordID(recordID).SetPublisherID(seen.PublisherID).SetMessage(message).
		SetReporter(w.viewer.Actor()).SetAt(w.now.UnixMilli()).Exec(ctx)
	if err != nil {
		return fmt.Errorf("store a report: %w", err)
	}
	if err := w.logReport(ctx, seen.PublisherID, recordID, ""); err != nil {
		return err
	}
	return w.tellOwner(ctx, seen)
}

// logReport notes a report without its words: they may hold personal data, and the log is for ever.
func (w *Writer) logReport(ctx context.Context, publisherID, recordID, reason string) error {
	revisions, err := w.tx.Draft.Query().Where(draft.ID(recordID)).Select(draft.FieldRevision).Ints(ctx)
	if err != nil {
		return fmt.Errorf("read the revision of %s: %w", recordID, err)
	}
	revision := 0 // a version of a template has no working copy
	if len(revisions) > 0 {
		revision = revisions[0]
	}
	w.log(changelog.Reported, publisherID, recordID, revision, reason)
	return nil
}

// tellOwner sends the coordinators of a record's owner a message, one a day about each record.
func (w *Writer) tellOwner(ctx context.Context, p *ent.Publication) error {
	if w.c.Outbox == nil {
		return nil
	}
	who, err := identity.Holders(ctx, w.tx.User, identity.Coordinator, p.PublisherID)
	if err != nil {
		return err
	}
	r, err := record.Decode(p.ID, p.Body)
	if err != nil {
		return err
	}
	title := r.Base().Title.In(r.Base().Language)
	for _, id := range who[p.PublisherID] {
		err := w.c.Outbox.Put(ctx, w.tx, identity.Mail{RecipientID: id, Kind: "MISTAKE_REPORTED", Period: p.ID + " " + string(record.DayOf(w.now)),
			Subject: "Een lezer meldt een fout in Plein",
			Body: "Goedendag,\n\nEen lezer meldt een fout in “" + title + "”. Lees de melding in Plein:\n" + w.c.BaseURL + "/mijn\n\n" +
				"Over dit record krijgt u hierover vandaag geen ander bericht.\n"})
		if err != nil {
			return err
		}
	}
	return nil
}

// CloseReport says what was done about a report.
func (w *Writer) CloseReport(ctx context.Context, id, outcome string) error {
	row, err := w.tx.MistakeReport.Get(ctx, id)
	if err != nil && !ent.IsNotFound(err) {
		return fmt.Errorf("load a report: %w", err)
	}
	if err != nil || policy.May(w.viewer, policy.WriteDraft, policy.In(w.ref.Organization(row.PublisherID))) != nil {
		return w.unknown()
	}
	outcome, ps := record.Remark(outcome, longestReport, "outcome")
	switch {
	case row.ClosedAt > 0:
		ps = append(ps, record.Wrong(record.IllegalTransition, "Deze melding is al afgehandeld.", "This report was closed already."))
	case outcome == "":
		ps = append(ps, record.Wrong(record.Required, "Schrijf wat ermee is gedaan.", "Write what was done about it.", "outcome"))
	}
	if len(ps) > 0 {
		return ps
	}
	err = w.tx.MistakeReport.UpdateOne(row).SetClosedAt(w.now.UnixMilli()).SetClosedBy(w.viewer.Actor()).SetOutcome(outcome).Exec(ctx)
	if err != nil {
		return fmt.Errorf("close a report: %w", err)
	}
	return w.logReport(ctx, row.PublisherID, row.RecordID, "afgehandeld")
}

// MistakeReport is what a reader says is wrong in a record.
type MistakeReport struct {
	ID, RecordID, Message string
	// Reporter is the actor; nobody's name.
	Reporter string
	At       time.Time
	// ClosedAt is zero while it is open.
	ClosedAt time.Time
	Outcome  string
	// Record as the viewer may see it now; nil when it is gone.
	Record record.Record
}

// MistakeReports is a part of a list of reports.
type MistakeReports struct {
	Reports []*MistakeReport
	// Cursors are one for each report: the place after it.
	Cursors []string
	More    bool

	total func(context.Context) (int, error)
}

// Total counts the whole list, in a statement of its own.
func (m *MistakeReports) Total(ctx context.Context) (int, error) {
	n, err := m.total(ctx)
	if err != nil {
		return 0, fmt.Errorf("count reports: %w", err)
	}
	return n, nil
}

// Reports lists what readers reported in the records of an organisation, or of all of the viewer's when it is empty, the
// newest first: those that are open, or all. It is nil for whoever may not read working copies there.
func (c *Catalog) Reports(ctx context.Context, organizationID string, closed bool, first int, after string) (*MistakeReports, error) {
	os := c.organizations(identity.From(ctx), policy.ReadDraft)
	where := []predicate.MistakeReport{mistakereport.PublisherIDIn(os...)}
	if organizationID != "" {
		where = append(where, mistakereport.PublisherID(organizationID))
	}
	if len(os) == 0 {
		return nil, nil
	}
	if !closed {
		where = append(where, mistakereport.ClosedAt(0))
	}
	q := c.Client.MistakeReport.Query().Where(where...)
	total := q.Clone()
	if after != "" {
		at, id, err := parseCursor(after, "reports")
		if err != nil {
			return nil, err
		}
		q.Where(mistakereport.Or(mistakereport.AtLT(at), mistakereport.And(mistakereport.At(at), mistakereport.IDLT(id))))
	}
	rows, err := q.Order(mistakereport.ByAt(descending), mistakereport.ByID(descending)).Limit(first + 1).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("list reports: %w", err)
	}
	out := &MistakeReports{More: len(rows) > first, total: total.Count}
	rows = rows[:min(first, len(rows))]
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.RecordID
	}
	rs, err := c.ByID(ctx, ids...)
	if err != nil {
		return nil, err
	}
	for i, row := range rows {
		m := &MistakeReport{ID: row.ID, RecordID: row.RecordID, Message: row.Message, Reporter: row.Reporter, At: moment(row.At), Outcome: row.Outcome, Record: rs[i]}
		if row.ClosedAt > 0 {
			m.ClosedAt = moment(row.ClosedAt)
		}
		out.Reports, out.Cursors = append(out.Reports, m), append(out.Cursors, cursor("reports", row.At, row.ID))
	}
	return out, nil
}
