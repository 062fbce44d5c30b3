package federation

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/quarantined"
)

const (
	// maxAside is how many members are put aside of one publisher. Who sends more shows nothing new by it.
	maxAside = 1000
	// maxAsideBytes is how much of each is kept, for an administrator to look at.
	maxAsideBytes = 16 << 10
)

// putAside keeps a member that was not taken in. What it says of itself is not believed, only shown.
func (p *puller) putAside(ctx context.Context, tx *ent.Client, row *ent.Publisher, raw json.RawMessage, reason, detail string) error {
	n, err := tx.Quarantined.Query().Where(quarantined.PublisherID(row.OrganizationID)).Count(ctx)
	if err != nil {
		return fmt.Errorf("count what was put aside: %w", err)
	}
	if n >= maxAside {
		return nil
	}
	var m Member
	if err := json.Unmarshal(raw, &m); err != nil {
		m = Member{}
	}
	epoch, _ := number(m.Epoch)
	seq, _ := number(m.Seq)
	same, err := tx.Quarantined.Query().Where(quarantined.PublisherID(row.OrganizationID), quarantined.Epoch(epoch), quarantined.Seq(seq), quarantined.Reason(reason)).Exist(ctx)
	if err != nil || same {
		return err
	}
	err = tx.Quarantined.Create().SetPublisherID(row.OrganizationID).SetPeerID(p.peer.ID).SetEpoch(epoch).SetSeq(seq).SetObject(shown(m.Object)).
		SetReason(reason).SetDetail(shown(detail)).SetRaw(raw[:min(len(raw), maxAsideBytes)]).SetAt(p.Catalog.Now().UnixMilli()).Exec(ctx)
	if err != nil {
		return fmt.Errorf("put a member aside: %w", err)
	}
	return nil
}

// clearQuarantine throws away what was put aside of a publisher.
func clearQuarantine(ctx context.Context, tx *ent.Client, organizationID string) error {
	if _, err := tx.Quarantined.Delete().Where(quarantined.PublisherID(organizationID)).Exec(ctx); err != nil {
		return fmt.Errorf("clear what was put aside: %w", err)
	}
	return nil
}
