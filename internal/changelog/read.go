package changelog

import (
	"context"
	"fmt"
	"slices"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/change"
	"github.com/udc-community/plein/ent/membership"
	"github.com/udc-community/plein/ent/predicate"
)

// Line is a change in its place.
type Line struct {
	Change
	// Number is dense: the next line has the next number.
	Number int64
	At     time.Time
}

// Selection says which lines of the private log are read: all of them, where nothing is said.
type Selection struct {
	// RecordID is for what was done with one record.
	RecordID string
	// OrganizationID is for what was done with what is an organisation's, and with the accounts of those who belong to it.
	OrganizationID string
	// Kinds are those that are wanted; all when there is none.
	Kinds []Kind
}

// Newest reads lines before a number, the newest first; from the end when the number is 0. It costs one statement, or two
// for an organisation.
func (l *Log) Newest(ctx context.Context, which Selection, before int64, limit int) ([]Line, error) {
	var both []predicate.Change
	switch {
	case which.RecordID != "":
		both = append(both, change.RecordID(which.RecordID))
	case which.OrganizationID != "":
		both = append(both, change.PublisherID(which.OrganizationID), accountsOf(which.OrganizationID))
	default:
		both = append(both, func(*sql.Selector) {})
	}
	var rows []*ent.Change
	for _, where := range both {
		q := l.client.Change.Query().Where(where).Order(ent.Desc(change.FieldID)).Limit(limit)
		if before > 0 {
			q.Where(change.IDLT(before))
		}
		if len(which.Kinds) > 0 {
			q.Where(change.KindIn(texts(which.Kinds)...))
		}
		some, err := q.All(ctx)
		if err != nil {
			return nil, fmt.Errorf("read the log: %w", err)
		}
		rows = append(rows, some...)
	}
	slices.SortFunc(rows, func(a, b *ent.Change) int { return int(b.ID - a.ID) })
	rows = rows[:min(limit, len(rows))]
	out := make([]Line, len(rows))
	for i, r := range rows {
		out[i] = line(r)
	}
	return out, nil
}

func line(r *ent.Change) Line {
	return Line{Number: r.ID, At: time.UnixMilli(r.At).UTC(), Change: Change{Kind: Kind(r.Kind), RecordID: r.RecordID,
		PublisherID: r.PublisherID, Revision: r.Revision, Actor: r.Actor, Reason: r.Reason}}
}

// NewestOf reads the last lines of each of some records, the newest first, in one statement.
func (l *Log) NewestOf(ctx context.Context, recordIDs []string, limit int) (map[string][]Line, error) {
	out := map[string][]Line{}
	if len(recordIDs) == 0 {
		return out, nil
	}
	rows, err := l.client.Change.Query().Where(func(s *sql.Selector) {
		t := sql.Table(change.Table)
		in := make([]any, len(recordIDs))
		for i, id := range recordIDs {
			in[i] = id
		}
		ranked := sql.Dialect(s.Dialect()).Select(t.C(change.FieldID)).From(t).Where(sql.In(t.C(change.FieldRecordID), in...))
		ranked.AppendSelectExprAs(sql.RowNumber().PartitionBy(t.C(change.FieldRecordID)).OrderExpr(sql.Expr(t.C(change.FieldID)+" DESC")), "n")
		last := ranked.As("ranked")
		s.Where(sql.In(s.C(change.FieldID), sql.Dialect(s.Dialect()).Select(last.C(change.FieldID)).From(last).Where(sql.LTE(last.C("n"), limit))))
	}).Order(ent.Desc(change.FieldID)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the log of records: %w", err)
	}
	for _, r := range rows {
		out[r.RecordID] = append(out[r.RecordID], line(r))
	}
	return out, nil
}

// accountsOf are changes of accounts of those who belong to an organisation, without what they are elsewhere.
func accountsOf(organizationID string) predicate.Change {
	return change.And(change.Kind(string(Account)), change.PublisherID(""), func(s *sql.Selector) {
		members := sql.Table(membership.Table)
		s.Where(sql.In(s.C(change.FieldRecordID), sql.Select(members.C(membership.FieldUserID)).From(members).
			Where(sql.EQ(members.C(membership.FieldOrganizationID), organizationID))))
	})
}

func texts(ks []Kind) []string {
	out := make([]string, len(ks))
	for i, k := range ks {
		out[i] = string(k)
	}
	return out
}
