// Package changelog is the two logs. Every write makes one line of changes (private) for each record it touches;
// whenever what an anonymous visitor may see of a record changes, the same transaction also makes one line of the feed
// (public). Both are numbered densely, without gaps, in the order in which they become visible. Nothing else announces
// a write: whoever has to know follows a log from the position that it remembers.
package changelog

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/change"
	"github.com/udc-community/plein/ent/feedentry"
	"github.com/udc-community/plein/ent/head"
)

// Kind says what a write did.
type Kind string

// Kinds of changes.
const (
	Created Kind = "CREATED"
	Updated Kind = "UPDATED"
	// Submitted and ChangesRequested are steps on the way to a publication.
	Submitted        Kind = "SUBMITTED"
	ChangesRequested Kind = "CHANGES_REQUESTED"
	Published        Kind = "PUBLISHED"
	Archived         Kind = "ARCHIVED"
	Withdrawn        Kind = "WITHDRAWN"
	// Discarded and Restored are of working copies that were never published.
	Discarded Kind = "DISCARDED"
	Restored  Kind = "RESTORED"
	// Shared is a link to a working copy, given or ended.
	Shared Kind = "SHARED"
	// Reported is a mistake that a reader reported, or what was done about it.
	Reported Kind = "REPORTED"
	// Released is the clock's: what waited for a moment is shown.
	Released Kind = "RELEASED"
	// What was decided about an embargo, with its reason.
	EmbargoPlaced   Kind = "EMBARGO_PLACED"
	EmbargoExtended Kind = "EMBARGO_EXTENDED"
	EmbargoLifted   Kind = "EMBARGO_LIFTED"
	// Account is a change of who somebody is or what they may do; the record is the user.
	Account Kind = "ACCOUNT"
)

// Change is one line of the private log.
type Change struct {
	Kind     Kind
	RecordID string
	// PublisherID is the organisation whose it is; empty for what is the node's.
	PublisherID string
	Revision    int
	// Actor is who did it, without personal data.
	Actor  string
	Reason string
}

// Type says what happened to the anonymous view of a record.
type Type string

// Nothing became something, something became something else, something became nothing.
const (
	Create Type = "CREATE"
	Update Type = "UPDATE"
	Delete Type = "DELETE"
)

// Entry is one line of the public log.
type Entry struct {
	Type        Type
	Kind        string
	RecordID    string
	PublisherID string
	// Numbered entries also get a dense number of their publisher: those of records in own custody.
	Numbered bool
	Version  int
	Payload  []byte
	Reason   string
}

const (
	changesHead   = "changes"
	feedHead      = "feed"
	publisherHead = "feed/"
	epochHead     = "epoch"
)

// Log reads the logs and wakes who follows them.
type Log struct {
	client *ent.Client
	head   atomic.Int64
	mu     sync.Mutex
	woken  chan struct{}
}

// New makes a log of the database behind client.
func New(client *ent.Client) *Log { return &Log{client: client, woken: make(chan struct{})} }

// Append writes one change and gives its number. It belongs at the end of the transaction.
func Append(ctx context.Context, tx *ent.Tx, at time.Time, c Change) (int64, error) {
	seq, err := next(ctx, tx, changesHead)
	if err != nil {
		return 0, err
	}
	err = tx.Change.Create().SetID(seq).SetAt(at.UnixMilli()).SetKind(string(c.Kind)).SetRecordID(c.RecordID).
		SetPublisherID(c.PublisherID).SetRevision(c.Revision).SetActor(c.Actor).SetReason(c.Reason).Exec(ctx)
	if err != nil {
		return 0, fmt.Errorf("log the change of %s: %w", c.RecordID, err)
	}
	return seq, nil
}

// Publish writes one feed entry. A delete takes the payloads of the record's earlier entries with it: what was
// withdrawn is not to be had from the log either.
func Publish(ctx context.Context, tx *ent.Tx, at time.Time, e Entry) error {
	if e.Type == Delete {
		if err := tx.FeedEntry.Update().Where(feedentry.RecordID(e.RecordID)).ClearPayload().Exec(ctx); err != nil {
			return fmt.Errorf("redact the feed of %s: %w", e.RecordID, err)
		}
	}
	seq, err := next(ctx, tx, feedHead)
	if err != nil {
		return err
	}
	q := tx.FeedEntry.Create().SetID(seq).SetAt(at.UnixMilli()).SetType(string(e.Type)).SetKind(e.Kind).SetRecordID(e.RecordID).
		SetPublisherID(e.PublisherID).SetVersion(e.Version).SetPayload(e.Payload).SetReason(e.Reason)
	if e.Numbered {
		n, err := next(ctx, tx, publisherHead+e.PublisherID)
		if err != nil {
			return err
		}
		q.SetPublisherSeq(n)
	}
	if err := q.Exec(ctx); err != nil {
		return fmt.Errorf("feed %s: %w", e.RecordID, err)
	}
	return nil
}

// next takes a number. A rollback gives it back, so there are no gaps.
func next(ctx context.Context, tx *ent.Tx, name string) (int64, error) {
	err := tx.Head.Create().SetID(name).SetSeq(1).OnConflictColumns(head.FieldID).Update(func(u *ent.HeadUpsert) { u.AddSeq(1) }).Exec(ctx)
	if err != nil {
		return 0, fmt.Errorf("take a number of %s: %w", name, err)
	}
	h, err := tx.Head.Get(ctx, name)
	if err != nil {
		return 0, fmt.Errorf("take a number of %s: %w", name, err)
	}
	return h.Seq, nil
}

// NewEpoch marks that the log went back to an earlier state, as after a restore: cursors of the old epoch may be ahead
// of it and have to begin again.
func NewEpoch(ctx context.Context, tx *ent.Tx) error {
	_, err := next(ctx, tx, epochHead)
	return err
}

// Epoch is 0 until a backup is restored.
func (l *Log) Epoch(ctx context.Context) (int64, error) { return l.number(ctx, epochHead) }

// Head is the number of the last change.
func (l *Log) Head(ctx context.Context) (int64, error) { return l.number(ctx, changesHead) }

// Began tells whether a record was ever written; accounts alone are no beginning.
func (l *Log) Began(ctx context.Context) (bool, error) {
	began, err := l.client.Change.Query().Where(change.KindNEQ(string(Account))).Exist(ctx)
	if err != nil {
		return false, fmt.Errorf("look for a first change: %w", err)
	}
	return began, nil
}

// FeedHead is the number of the last feed entry.
func (l *Log) FeedHead(ctx context.Context) (int64, error) { return l.number(ctx, feedHead) }

func (l *Log) number(ctx context.Context, name string) (int64, error) {
	h, err := l.client.Head.Get(ctx, name)
	if ent.IsNotFound(err) {
		return 0, nil
	} else if err != nil {
		return 0, fmt.Errorf("read the head of %s: %w", name, err)
	}
	return h.Seq, nil
}

// Since gives the changes after a position, in order.
func (l *Log) Since(ctx context.Context, after int64, limit int) ([]*ent.Change, error) {
	out, err := l.client.Change.Query().Where(change.IDGT(after)).Order(change.ByID()).Limit(limit).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read changes after %d: %w", after, err)
	}
	return out, nil
}

// Seen is the number of the last change that this process knows of: a version of everything that can be read.
func (l *Log) Seen() int64 { return l.head.Load() }

// Advance tells that changes up to this number can be read, and wakes who waits.
func (l *Log) Advance(seq int64) {
	for {
		old := l.head.Load()
		if seq <= old {
			return
		}
		if l.head.CompareAndSwap(old, seq) {
			break
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	close(l.woken)
	l.woken = make(chan struct{})
}

// Changed is closed at the next change after the call.
func (l *Log) Changed() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.woken
}

// pollEvery is how soon writes of other processes are noticed. Looking costs one read of one row.
const pollEvery = 200 * time.Millisecond

// Watch notices writes of other processes until the context ends. It reports what goes wrong and goes on.
func (l *Log) Watch(ctx context.Context, report func(error)) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		if seq, err := l.Head(ctx); err == nil {
			l.Advance(seq)
		} else if ctx.Err() == nil {
			report(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
