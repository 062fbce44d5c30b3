package identity

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/throttle"
)

// Attempts are counted in the database, so that replicas share the count. After a few that failed, each next one makes
// the account, or the address, wait twice as long, up to a bound. Strangers can make an account wait for strangers and
// nobody else: an address from which its owner signed in lately has a count of its own, and a link by mail always works.
const (
	freeForAccount = 5
	freeForAddress = 20 // an office has one address
	firstWait      = time.Second
	longestWait    = 15 * time.Minute
	// forgetAfter is how long a failure counts.
	forgetAfter = 24 * time.Hour
	// knownFor is how long an address is known after somebody signed in from it.
	knownFor = 30 * 24 * time.Hour
)

// ThrottledError says when there may be another attempt.
type ThrottledError struct{ RetryAfter time.Duration }

func (e ThrottledError) Error() string {
	return fmt.Sprintf("too many attempts: try again in %s", e.RetryAfter.Round(time.Second))
}

// wait after so many failures, of which some are free.
func wait(failures, free int) time.Duration {
	if failures <= free {
		return 0
	}
	return min(firstWait<<min(failures-free-1, 20), longestWait)
}

// gate is one count that an attempt has to pass.
type gate struct {
	key  string
	free int
	// row is the count with this attempt in it; before is as it was.
	row, before *ent.Throttle
}

// attempt is an attempt that was let in.
type attempt struct {
	pair  string
	gates []*gate
}

func accountKey(email string) string      { return hash("account\x00" + email) }
func addressKey(from netip.Prefix) string { return hash("address\x00" + from.String()) }
func pairKey(email string, f netip.Prefix) string {
	return hash("pair\x00" + email + "\x00" + f.String())
}

// admit counts an attempt as failed before it is known to be, so that many at once are not free; or it refuses.
func (a *Accounts) admit(ctx context.Context, email string, from netip.Prefix) (*attempt, error) {
	out := &attempt{pair: pairKey(email, from)}
	err := a.write(ctx, "count an attempt to sign in", func(tx *ent.Tx) error {
		rows, err := throttles(ctx, tx, out.pair, accountKey(email), addressKey(from))
		if err != nil {
			return err
		}
		out.gates = []*gate{{key: accountKey(email), free: freeForAccount}, {key: addressKey(from), free: freeForAddress}}
		if known := rows[out.pair]; known != nil && known.KnownUntil > a.Now().UnixMilli() {
			out.gates = []*gate{{key: out.pair, free: freeForAccount}}
		}
		return a.count(ctx, tx, rows, out.gates)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// admitAddress counts something that strangers ask for, by their address alone.
func (a *Accounts) admitAddress(ctx context.Context, tx *ent.Tx, purpose string, from netip.Prefix) error {
	key := purposeKey(purpose, from)
	rows, err := throttles(ctx, tx, key)
	if err != nil {
		return err
	}
	return a.count(ctx, tx, rows, []*gate{{key: key, free: freeForAddress}})
}

// forgiveAddress forgets that count: somebody who may was among them.
func (a *Accounts) forgiveAddress(ctx context.Context, tx *ent.Tx, purpose string, from netip.Prefix) error {
	_, err := tx.Throttle.Delete().Where(throttle.ID(purposeKey(purpose, from))).Exec(ctx)
	return err
}

func purposeKey(purpose string, from netip.Prefix) string {
	return hash(purpose + "\x00" + from.String())
}

func throttles(ctx context.Context, tx *ent.Tx, keys ...string) (map[string]*ent.Throttle, error) {
	rows, err := tx.Throttle.Query().Where(throttle.IDIn(keys...)).All(ctx)
	if err != nil {
		return nil, err
	}
	out := map[string]*ent.Throttle{}
	for _, r := range rows {
		out[r.ID] = r
	}
	return out, nil
}

// count refuses when one of the gates is closed, and writes the attempt down otherwise.
func (a *Accounts) count(ctx context.Context, tx *ent.Tx, rows map[string]*ent.Throttle, gates []*gate) error {
	now := a.Now()
	var shut time.Duration
	for _, g := range gates {
		g.before = rows[g.key]
		if g.before == nil {
			g.before = &ent.Throttle{ID: g.key}
		}
		shut = max(shut, time.UnixMilli(g.before.BlockedUntil).Sub(now))
	}
	if shut > 0 {
		return ThrottledError{shut}
	}
	var counted []*ent.ThrottleCreate
	for _, g := range gates {
		row := *g.before
		if now.Sub(time.UnixMilli(row.LastAt)) > forgetAfter {
			row.Failures = 0
		}
		row.Failures++
		row.LastAt = now.UnixMilli()
		row.BlockedUntil = now.Add(wait(row.Failures, g.free)).UnixMilli()
		g.row = &row
		counted = append(counted, keep(tx, &row))
	}
	return tx.Throttle.CreateBulk(counted...).OnConflict(sql.ConflictColumns(throttle.FieldID), sql.ResolveWithNewValues()).Exec(ctx)
}

func keep(tx *ent.Tx, r *ent.Throttle) *ent.ThrottleCreate {
	return tx.Throttle.Create().SetID(r.ID).SetUserID(r.UserID).SetFailures(r.Failures).SetLastAt(r.LastAt).
		SetBlockedUntil(r.BlockedUntil).SetKnownUntil(r.KnownUntil)
}

// passed gives the counts back after a success, and remembers the address as one of the account's. An address that
// others failed from meanwhile keeps its count.
func (a *Accounts) passed(ctx context.Context, tx *ent.Tx, at *attempt, userID string) error {
	for _, g := range at.gates {
		if g.key == at.pair {
			continue // written anew below
		}
		err := tx.Throttle.Update().Where(throttle.ID(g.key), throttle.Failures(g.row.Failures), throttle.BlockedUntil(g.row.BlockedUntil)).
			SetFailures(g.row.Failures - 1).SetBlockedUntil(g.before.BlockedUntil).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return a.know(ctx, tx, at.pair, userID)
}

// know remembers an address as one from which the account's owner signs in.
func (a *Accounts) know(ctx context.Context, tx *ent.Tx, pair, userID string) error {
	now := a.Now()
	return keep(tx, &ent.Throttle{ID: pair, UserID: userID, LastAt: now.UnixMilli(), KnownUntil: now.Add(knownFor).UnixMilli()}).
		OnConflict(sql.ConflictColumns(throttle.FieldID), sql.ResolveWithNewValues()).Exec(ctx)
}

// forgetThrottles takes away what no longer counts.
func forgetThrottles(ctx context.Context, tx *ent.Tx, now time.Time) error {
	_, err := tx.Throttle.Delete().Where(throttle.LastAtLT(now.Add(-forgetAfter).UnixMilli()), throttle.KnownUntilLTE(now.UnixMilli())).Exec(ctx)
	return err
}
