package federation

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/predicate"
	"github.com/udc-community/plein/ent/publisher"
	"github.com/udc-community/plein/ent/replica"
	"github.com/udc-community/plein/ent/tombstone"
)

// A publisher of which more than one in brakeShare of its records, and more than brakeFloor, go within whichever brakeWindow waits for
// an administrator: that is more often a mistake, or a key in wrong hands, than what somebody meant.
const (
	brakeShare  = 20
	brakeFloor  = 20
	brakeWindow = 24 * time.Hour
	// aheadPages is how many pages are read to tell the administrator how many withdrawals wait.
	aheadPages = 8
)

// brake counts the withdrawals of one publisher that erase something here.
type brake struct {
	organizationID string
	// allowed is how many an administrator still lets through, of those that waited.
	allowed int
	now     time.Time

	counted bool
	// deletes are the records that went within the window before now and did not come back, records those and what is here.
	deletes, records int
}

func newBrake(row *ent.Publisher, now time.Time) *brake {
	b := &brake{organizationID: row.OrganizationID, now: now}
	if at := time.UnixMilli(row.AllowedAt); now.Sub(at) < brakeWindow {
		b.allowed = row.DeletesAllowed
	}
	return b
}

// count looks up once what is here and what went. What an administrator let through counts as well: who looked today is asked
// again, rather than that as much again goes unseen.
func (b *brake) count(ctx context.Context, tx *ent.Client) error {
	if b.counted {
		return nil
	}
	live, err := tx.Replica.Query().Where(b.live()).Count(ctx)
	if err != nil {
		return fmt.Errorf("count the copies: %w", err)
	}
	gone := func(s *sql.Selector) {
		r := sql.Table(replica.Table)
		s.Where(sql.In(s.C(tombstone.FieldID), sql.Dialect(s.Dialect()).Select(r.C(replica.FieldID)).From(r).Where(sql.And(
			sql.EQ(r.C(replica.FieldPublisherID), b.organizationID), sql.EQ(r.C(replica.FieldDeleted), true)))))
	}
	b.deletes, err = tx.Tombstone.Query().Where(tombstone.AtGT(b.now.Add(-brakeWindow).UnixMilli()), gone).Count(ctx)
	if err != nil {
		return fmt.Errorf("count the withdrawals of a day: %w", err)
	}
	b.counted, b.records = true, live+b.deletes
	return nil
}

// live are the records of the publisher that are here and can be read.
func (b *brake) live() predicate.Replica {
	return replica.And(replica.PublisherID(b.organizationID), replica.VersionGT(0), replica.Deleted(false))
}

// limit is how many withdrawals are believed without asking.
func (b *brake) limit() int { return max(brakeFloor, b.records/brakeShare) }

// holds tells whether the withdrawal of a record has to wait, and counts it otherwise. One of a record that is not here does no
// harm.
func (b *brake) holds(ctx context.Context, tx *ent.Client, object string) (bool, error) {
	here, err := tx.Replica.Query().Where(b.live(), replica.URI(object)).Select(replica.FieldWithdrawalWaits).Only(ctx)
	if ent.IsNotFound(err) {
		return false, nil
	} else if err != nil {
		return false, fmt.Errorf("look up a copy: %w", err)
	}
	if err := b.count(ctx, tx); err != nil {
		return false, err
	}
	switch {
	case b.allowed > 0 && here.WithdrawalWaits: // not another one, which the administrator did not see
		b.allowed--
	case b.deletes >= b.limit():
		return true, nil
	}
	b.deletes++
	return false, nil
}

// wait marks the records that the withdrawals among members would erase, and counts those that are marked. Where the members are all
// that is known, no others stay marked.
func (b *brake) wait(ctx context.Context, tx *ent.Client, es []*arrival, all bool) (int, error) {
	objects := map[string]bool{}
	for _, e := range es {
		if e.Type == Delete {
			objects[e.Object] = true
		}
	}
	if all {
		err := tx.Replica.Update().Where(replica.PublisherID(b.organizationID), replica.WithdrawalWaits(true)).SetWithdrawalWaits(false).Exec(ctx)
		if err != nil {
			return 0, fmt.Errorf("forget which withdrawals waited: %w", err)
		}
	}
	err := tx.Replica.Update().Where(b.live(), replica.URIIn(slices.Collect(maps.Keys(objects))...)).SetWithdrawalWaits(true).Exec(ctx)
	if err != nil {
		return 0, fmt.Errorf("mark the withdrawals that wait: %w", err)
	}
	n, err := tx.Replica.Query().Where(b.live(), replica.WithdrawalWaits(true)).Count(ctx)
	if err != nil {
		return 0, fmt.Errorf("count the withdrawals that wait: %w", err)
	}
	return n, nil
}

func (b *brake) save(u *ent.PublisherUpdateOne) {
	u.SetDeletesAllowed(b.allowed)
}

// endAllowances takes back what is left of letting withdrawals through, where the log was read to its end since: those that waited
// have passed.
func (p *puller) endAllowances(ctx context.Context, tx *ent.Client) error {
	if len(p.seen) == 0 {
		return nil
	}
	rows, err := tx.Publisher.Query().Where(publisher.IDIn(slices.Collect(maps.Keys(p.seen))...), publisher.DeletesAllowedGT(0)).
		Select(publisher.FieldID, publisher.FieldAllowedAt).All(ctx)
	if err != nil {
		return fmt.Errorf("look up who may withdraw more: %w", err)
	}
	for _, row := range rows {
		if p.seen[row.ID].UnixMilli() < row.AllowedAt {
			continue // the peer had not yet read what waits here
		}
		if err := tx.Publisher.UpdateOneID(row.ID).SetDeletesAllowed(0).Exec(ctx); err != nil {
			return fmt.Errorf("let no more withdrawals through: %w", err)
		}
	}
	return nil
}

// lookAhead finds the withdrawals that wait behind a number on page n, so that an administrator decides once about all of them. It
// takes in nothing.
func (p *puller) lookAhead(ctx context.Context, l *intake, n, after int64) error {
	brokeOff := false
	for range aheadPages {
		if after == (n+1)*PageSize {
			n++
		}
		page, err := p.page(ctx, l.row.Feed, l.at, n, after)
		if brokeOff = err != nil || page.epoch != l.at.Epoch || l.takeAll(page.members) != nil; brokeOff {
			break // what is known will do, with what was known before
		}
		after += int64(len(page.members))
		if !page.goesOn && after < (n+1)*PageSize {
			break
		}
	}
	return p.write(ctx, func(tx *ent.Client) error {
		b := &brake{organizationID: l.row.OrganizationID}
		count, err := b.wait(ctx, tx, l.ready, !brokeOff)
		if err != nil {
			return err
		}
		err = tx.Publisher.Update().Where(publisher.ID(l.row.ID), publisher.Problem(TooManyDeletes)).SetDeletesWaiting(count).Exec(ctx)
		if err != nil {
			return fmt.Errorf("note how many withdrawals wait: %w", err)
		}
		return nil
	})
}

// lookAgain finds what waits now in logs in which withdrawals waited already: who withdraws much does not do it at one moment. It comes
// last, because it must not use up what others need.
func (p *puller) lookAgain(ctx context.Context) error {
	for _, l := range p.waiting {
		if err := p.lookAhead(ctx, l, l.at.Seq/PageSize, l.at.Seq); err != nil {
			return err
		}
	}
	return nil
}
