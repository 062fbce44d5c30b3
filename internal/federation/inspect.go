package federation

import (
	"context"
	"fmt"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/udc-community/plein/ent/quarantined"
)

// Quarantine is a member that was not taken in.
type Quarantine struct {
	// Number grows in the order in which they were put aside.
	Number int
	// OrganizationID is what its publisher is here.
	OrganizationID, PeerID string
	Epoch, Seq             int
	// Object is the address of the record, as the member says.
	Object string
	// Reason is a code, Detail says it in words.
	Reason, Detail string
	At             time.Time
}

// maxCounted is how far is counted what strangers can make as long as they like.
const maxCounted = 10_000

// Quarantined lists what was put aside before a number, or from the newest on when that is 0. It is one statement.
func (f *Federation) Quarantined(ctx context.Context, before, limit int) ([]Quarantine, error) {
	if f == nil {
		return nil, nil
	}
	q := f.Catalog.Client.Quarantined.Query()
	if before > 0 {
		q.Where(quarantined.IDLT(before))
	}
	rows, err := q.Order(quarantined.ByID(sql.OrderDesc())).Limit(limit).Select(quarantined.FieldID, quarantined.FieldPublisherID, quarantined.FieldPeerID,
		quarantined.FieldEpoch, quarantined.FieldSeq, quarantined.FieldObject, quarantined.FieldReason, quarantined.FieldDetail, quarantined.FieldAt).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("list what was put aside: %w", err)
	}
	out := make([]Quarantine, len(rows))
	for i, row := range rows {
		out[i] = Quarantine{Number: row.ID, OrganizationID: row.PublisherID, PeerID: row.PeerID, Epoch: int(row.Epoch), Seq: int(row.Seq),
			Object: row.Object, Reason: row.Reason, Detail: row.Detail, At: instant(row.At)}
	}
	return out, nil
}

// CountQuarantined is how much was put aside; 10,000 where it is more.
func (f *Federation) CountQuarantined(ctx context.Context) (int, error) {
	if f == nil {
		return 0, nil
	}
	ids, err := f.Catalog.Client.Quarantined.Query().Limit(maxCounted).IDs(ctx)
	if err != nil {
		return 0, fmt.Errorf("count what was put aside: %w", err)
	}
	return len(ids), nil
}
