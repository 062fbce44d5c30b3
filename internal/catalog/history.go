package catalog

import (
	"context"
	"fmt"

	"entgo.io/ent/dialect/sql"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/snapshot"
	"github.com/udc-community/plein/internal/record"
)

// Approval is one publication of a record: its working copy at a revision.
type Approval struct {
	RecordID string
	Revision int
}

// Changed tells what publications changed against the ones before, in two statements for all of them. It shows what is
// under embargo as well: callers ask policy who may read the working copies.
func (c *Catalog) Changed(ctx context.Context, as []Approval) (map[Approval][]record.Difference, error) {
	out := map[Approval][]record.Difference{}
	if len(as) == 0 {
		return out, nil
	}
	rows, err := c.Client.Snapshot.Query().Where(func(s *sql.Selector) {
		var any []*sql.Predicate
		for _, a := range as {
			earlier := sql.Table(snapshot.Table).As("earlier")
			last := sql.Dialect(s.Dialect()).Select(sql.Max(earlier.C(snapshot.FieldRevision))).From(earlier).
				Where(sql.And(sql.EQ(earlier.C(snapshot.FieldRecordID), a.RecordID), sql.LT(earlier.C(snapshot.FieldRevision), a.Revision)))
			any = append(any, sql.And(sql.EQ(s.C(snapshot.FieldRecordID), a.RecordID),
				sql.Or(sql.EQ(s.C(snapshot.FieldRevision), a.Revision), sql.In(s.C(snapshot.FieldRevision), last))))
		}
		s.Where(sql.Or(any...))
	}).Order(snapshot.ByRecordID(), snapshot.ByRevision()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read snapshots: %w", err)
	}
	all, err := c.approved(rows)
	if err != nil {
		return nil, err
	}
	titles, err := c.titles(ctx, all...)
	if err != nil {
		return nil, err
	}
	for i, r := range all {
		var before record.Record
		if i > 0 && rows[i-1].RecordID == rows[i].RecordID {
			before = all[i-1]
		}
		out[Approval{rows[i].RecordID, rows[i].Revision}] = record.Differences(before, r, titles)
	}
	return out, nil
}

func (c *Catalog) approved(rows []*ent.Snapshot) ([]record.Record, error) {
	out := make([]record.Record, len(rows))
	for i, row := range rows {
		r, err := record.Decode(row.RecordID, row.Body)
		if err != nil {
			return nil, err
		}
		out[i] = r
	}
	record.NewGroup(c.Reference(), out...)
	return out, nil
}

// titles are those of the records that documents point at, as far as the viewer may read them, in one statement.
func (c *Catalog) titles(ctx context.Context, rs ...record.Record) (map[string]record.Text, error) {
	ids := record.Mentioned(rs...)
	found, err := c.ByID(ctx, ids...)
	if err != nil {
		return nil, err
	}
	out := map[string]record.Text{}
	for i, id := range ids {
		switch r := found[i].(type) {
		case nil:
		case *record.TemplateVersion:
			out[id] = record.NL(r.Title.In() + " " + r.Number)
		default:
			out[id] = r.Base().Title
		}
	}
	return out, nil
}
