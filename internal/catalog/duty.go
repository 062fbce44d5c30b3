package catalog

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/draft"
	"github.com/udc-community/plein/ent/duty"
	"github.com/udc-community/plein/ent/head"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

// duties notes that what a project has to make public may have changed.
func (w *Writer) duties(r record.Record) {
	p, ok := r.(*record.Project)
	if ok && slices.ContainsFunc(p.Outputs, func(o *record.Output) bool { return o.MustBecomePublic }) {
		w.owing[p.ID] = true
	}
}

// storeDuties lists anew what the projects of this transaction have to make public, once all else is written.
func (w *Writer) storeDuties(ctx context.Context) error {
	for _, id := range slices.Sorted(maps.Keys(w.owing)) {
		if err := w.storeDutiesOf(ctx, id); err != nil {
			return fmt.Errorf("list what %s has to make public: %w", id, err)
		}
	}
	return nil
}

func (w *Writer) storeDutiesOf(ctx context.Context, id string) error {
	if _, err := w.tx.Duty.Delete().Where(duty.RecordID(id)).Exec(ctx); err != nil {
		return err
	}
	row, err := w.tx.Draft.Get(ctx, id)
	if err != nil || row.State == string(record.Withdrawn) || row.DiscardedAt > 0 {
		return err
	}
	r, err := fromDraft(row)
	if err != nil {
		return err
	}
	p := r.(*record.Project)
	if err := w.beside(ctx, p); err != nil {
		return err
	}
	var rows []*ent.DutyCreate
	for _, d := range p.Duties(w.c.PublicationDays) {
		rows = append(rows, w.tx.Duty.Create().SetID(d.OutputID).SetRecordID(id).SetPublisherID(row.PublisherID).
			SetDueOn(string(d.DueOn)).SetPublicOn(string(d.PublicOn)))
	}
	return w.tx.Duty.CreateBulk(rows...).Exec(ctx)
}

// withdrawable refuses to withdraw what still has to become public: for its organisation that would be a way out of the
// duty. A moderator may have reasons that come first, about the records of others.
func (w *Writer) withdrawable(ctx context.Context, r record.Record) error {
	p, ok := r.(*record.Project)
	if !ok || retractsOthers(w.viewer, policy.Target{OrganizationID: r.Base().PublisherID}) {
		return nil
	}
	if err := w.beside(ctx, p); err != nil {
		return err
	}
	return p.Withdrawable(w.now).Err()
}

// retractsOthers tells whether somebody withdraws this as a moderator: of their own organisation nobody is that.
func retractsOthers(v identity.Viewer, on policy.Target) bool {
	return policy.May(v, policy.Retract, on) == nil && v.RoleIn(on.OrganizationID) == ""
}

const (
	// dutiesHead holds the rules by which duties were counted last: the version of the rules, and the days.
	dutiesHead = "duties"
	// dutyRules is higher when a new version of Plein counts days in another way.
	dutyRules = 1
	// recountAtOnce is how many projects one transaction counts anew.
	recountAtOnce = 200
)

// recountDuties lists all duties anew when they were counted by other rules, or never.
func (c *Catalog) recountDuties(ctx context.Context) error {
	known, err := c.Client.Head.Query().Where(head.ID(dutiesHead)).All(ctx)
	if len(known) > 0 && c.PublicationDays == 0 {
		c.PublicationDays = int(int32(known[0].Seq)) // the lower half
	}
	c.PublicationDays = cmp.Or(c.PublicationDays, record.PublicationDays)
	if err != nil {
		return fmt.Errorf("read how duties were counted: %w", err)
	}
	rules := dutyRules<<32 | int64(c.PublicationDays)
	if len(known) > 0 && known[0].Seq == rules {
		return nil
	}
	for after := ""; ; {
		ids, err := c.Client.Draft.Query().Where(draft.Kind(string(record.ProjectType)), draft.IDGT(after)).Order(draft.ByID()).Limit(recountAtOnce).IDs(ctx)
		if err != nil {
			return fmt.Errorf("list projects: %w", err)
		}
		err = c.Write(identity.AsSystem(ctx), func(w *Writer) error {
			for _, id := range ids {
				w.owing[id] = true
			}
			if len(ids) == recountAtOnce {
				return nil
			}
			return w.tx.Head.Create().SetID(dutiesHead).SetSeq(rules).OnConflictColumns(head.FieldID).UpdateNewValues().Exec(ctx)
		})
		if err != nil {
			return fmt.Errorf("count duties: %w", err)
		}
		if len(ids) < recountAtOnce {
			return nil
		}
		after = ids[len(ids)-1]
	}
}

// Duties is a part of the list of what an organisation has to make public.
type Duties struct {
	// Outputs are those of working copies, with what is known of their publications.
	Outputs []*record.Output
	// Cursors are one for each output: the place after it.
	Cursors []string
	More    bool

	total func(context.Context) (int, error)
}

// Total counts the whole list, in a statement of its own.
func (d *Duties) Total(ctx context.Context) (int, error) {
	n, err := d.total(ctx)
	if err != nil {
		return 0, fmt.Errorf("count duties: %w", err)
	}
	return n, nil
}

// Duties lists what an organisation has to make public and has not, what is due first in front; nil for whoever may not
// read its working copies. With overdue it is only what is overdue, or only what is not. It takes three statements.
func (c *Catalog) Duties(ctx context.Context, organizationID string, overdue *bool, first int, after string) (*Duties, error) {
	if !policy.MayReadDrafts(identity.From(ctx), organizationID) {
		return nil, nil
	}
	today := string(record.DayOf(c.Now()))
	q := c.Client.Duty.Query().Where(duty.PublisherID(organizationID), duty.PublicOnGT(today))
	if overdue != nil && *overdue {
		q.Where(duty.DueOnLT(today))
	} else if overdue != nil {
		q.Where(duty.DueOnGTE(today))
	}
	total := q.Clone()
	list := fmt.Sprint("duties ", organizationID)
	if after != "" {
		on, id, err := parseDutyCursor(after, list)
		if err != nil {
			return nil, err
		}
		q.Where(duty.Or(duty.DueOnGT(on), duty.And(duty.DueOn(on), duty.IDGT(id))))
	}
	rows, err := q.Order(duty.ByDueOn(), duty.ByID()).Limit(first + 1).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("list duties: %w", err)
	}
	out := &Duties{More: len(rows) > first, total: total.Count}
	rows = rows[:min(first, len(rows))]
	projects, err := c.projectsOf(ctx, rows)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		_, key, _ := record.SplitPartID(row.ID)
		p := projects[row.RecordID]
		if p == nil {
			continue // it was taken away between the two statements
		}
		if o, ok := p.Part(key).(*record.Output); ok {
			out.Outputs, out.Cursors = append(out.Outputs, o), append(out.Cursors, cursor(list, row.DueOn, row.ID))
		}
	}
	return out, nil
}

func parseDutyCursor(s, list string) (on, id string, err error) {
	parts, err := readCursor(s, list)
	if err != nil {
		return "", "", err
	}
	if json.Unmarshal(parts[1], &on) != nil || json.Unmarshal(parts[2], &id) != nil {
		return "", "", ErrCursor
	}
	return on, id, nil
}

// projectsOf are the working copies of the projects that have these duties.
func (c *Catalog) projectsOf(ctx context.Context, rows []*ent.Duty) (map[string]*record.Project, error) {
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.RecordID
	}
	found, err := c.Client.Draft.Query().Where(draft.IDIn(ids...)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read projects with duties: %w", err)
	}
	rs, err := c.drafts(ctx, found...)
	if err != nil {
		return nil, err
	}
	out := map[string]*record.Project{}
	for _, r := range rs {
		out[r.Base().ID] = r.(*record.Project)
	}
	return out, nil
}
