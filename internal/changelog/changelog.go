// Package changelog is the two logs. Every write makes one line of changes (private) for each record it touches;
// whenever what an anonymous visitor may see of a record changes, the same transaction also makes one line of the feed
// (public). Both are numbered densely, without gaps, in the order in which they become visible. Nothing else announces
// a write: whoever has to know follows a log from the position that it remembers.
package changelog

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/change"
	"github.com/udc-community/plein/ent/feedentry"
	"github.com/udc-community/plein/ent/head"
	"github.com/udc-community/plein/ent/member"
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
	// PeerChanged is a decision about with whom this node exchanges, or about a key; the record is the other node, who
	// publishes there, or the organisation whose key it is.
	PeerChanged Kind = "PEER_CHANGED"
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
	// Object is the canonical address of a record of this node; empty for a copy.
	Object string
	// Numbered entries also get a dense number of their publisher: those of records in own custody.
	Numbered bool
	Version  int
	Payload  []byte
	// Datasets tells what became of the datasets that the record is catalogued as, by the keys of its outputs.
	Datasets map[string]Type
	Reason   string
}

// Heads that others look at with [Log.Numbers].
const (
	FeedHead  = "feed"
	EpochHead = "epoch"
)

const (
	changesHead   = "changes"
	publisherHead = "feed/"
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

// linesAtOnce is how many lines go into the database in one statement.
const linesAtOnce = 100

// Append writes changes and gives the number of the last one. It belongs at the end of the transaction.
func Append(ctx context.Context, tx *ent.Tx, at time.Time, cs ...Change) (int64, error) {
	if len(cs) == 0 {
		return 0, nil
	}
	last, err := Take(ctx, tx.Client(), changesHead, len(cs))
	if err != nil {
		return 0, err
	}
	rows := make([]*ent.ChangeCreate, len(cs))
	for i, c := range cs {
		rows[i] = tx.Change.Create().SetID(last - int64(len(cs)-1-i)).SetAt(at.UnixMilli()).SetKind(string(c.Kind)).SetRecordID(c.RecordID).
			SetPublisherID(c.PublisherID).SetRevision(c.Revision).SetActor(c.Actor).SetReason(c.Reason)
	}
	for some := range slices.Chunk(rows, linesAtOnce) {
		if err := tx.Change.CreateBulk(some...).Exec(ctx); err != nil {
			return 0, fmt.Errorf("log the change of %s: %w", cs[0].RecordID, err)
		}
	}
	return last, nil
}

// Publish writes feed entries, in their order. A delete takes the payloads of the record's earlier entries with it, those
// that were signed too: what was withdrawn is not to be had from the log either.
func Publish(ctx context.Context, tx *ent.Tx, at time.Time, es ...Entry) error {
	if len(es) == 0 {
		return nil
	}
	es = slices.Clone(es)
	if err := redact(ctx, tx, es); err != nil {
		return err
	}
	last, err := Take(ctx, tx.Client(), FeedHead, len(es))
	if err != nil {
		return err
	}
	numbers, err := publisherNumbers(ctx, tx, es)
	if err != nil {
		return err
	}
	rows := make([]*ent.FeedEntryCreate, len(es))
	for i, e := range es {
		rows[i] = tx.FeedEntry.Create().SetID(last - int64(len(es)-1-i)).SetAt(at.UnixMilli()).SetType(string(e.Type)).SetKind(e.Kind).SetRecordID(e.RecordID).
			SetPublisherID(e.PublisherID).SetVersion(e.Version).SetPayload(e.Payload).SetReason(e.Reason).SetNillablePublisherSeq(numbers[i])
		if len(e.Datasets) > 0 {
			became := make(map[string]string, len(e.Datasets))
			for key, t := range e.Datasets {
				became[key] = string(t)
			}
			rows[i].SetDatasets(became)
		}
	}
	for some := range slices.Chunk(rows, linesAtOnce) {
		if err := tx.FeedEntry.CreateBulk(some...).Exec(ctx); err != nil {
			return fmt.Errorf("feed %s: %w", es[0].RecordID, err)
		}
	}
	return nil
}

// redact takes the payloads of what is deleted: from the entries that stand before the delete, from the log, and from the
// members of this node's own publishers. Those of others are erased when their delete is taken in.
func redact(ctx context.Context, tx *ent.Tx, es []Entry) error {
	gone := map[string]bool{}
	var records, objects []string
	for i, e := range slices.Backward(es) {
		if gone[e.RecordID] {
			es[i].Payload = nil
		}
		if e.Type == Delete && !gone[e.RecordID] {
			gone[e.RecordID] = true
			records = append(records, e.RecordID)
			if e.Object != "" {
				objects = append(objects, e.Object)
			}
		}
	}
	for some := range slices.Chunk(records, linesAtOnce) {
		if err := tx.FeedEntry.Update().Where(feedentry.RecordIDIn(some...)).ClearPayload().Exec(ctx); err != nil {
			return fmt.Errorf("redact the feed of %s: %w", some[0], err)
		}
	}
	for some := range slices.Chunk(objects, linesAtOnce) {
		if err := tx.Member.Update().Where(member.ObjectIn(some...), member.TypeNEQ("Delete")).ClearRaw().Exec(ctx); err != nil {
			return fmt.Errorf("redact the members of %s: %w", some[0], err)
		}
	}
	return nil
}

// publisherNumbers gives entries the next numbers of their publishers; nil for those that have none.
func publisherNumbers(ctx context.Context, tx *ent.Tx, es []Entry) ([]*int64, error) {
	by := map[string][]int{}
	for i, e := range es {
		if e.Numbered {
			by[e.PublisherID] = append(by[e.PublisherID], i)
		}
	}
	out := make([]*int64, len(es))
	for _, publisher := range slices.Sorted(maps.Keys(by)) {
		places := by[publisher]
		last, err := Take(ctx, tx.Client(), publisherHead+publisher, len(places))
		if err != nil {
			return nil, err
		}
		for i, place := range places {
			n := last - int64(len(places)-1-i)
			out[place] = &n
		}
	}
	return out, nil
}

// Take takes the next n numbers of a head in a write, and gives the last one. A rollback gives them back, so there are no
// gaps.
func Take(ctx context.Context, tx *ent.Client, name string, n int) (int64, error) {
	err := tx.Head.Create().SetID(name).SetSeq(int64(n)).OnConflictColumns(head.FieldID).Update(func(u *ent.HeadUpsert) { u.AddSeq(int64(n)) }).Exec(ctx)
	if err != nil {
		return 0, fmt.Errorf("take a number of %s: %w", name, err)
	}
	h, err := tx.Head.Get(ctx, name)
	if err != nil {
		return 0, fmt.Errorf("take a number of %s: %w", name, err)
	}
	return h.Seq, nil
}

// firstEpoch is the moment from which epochs count in seconds, the beginning of 2020: they fit in 32 bits until 2088.
const firstEpoch = 1_577_836_800

// NewEpoch marks that the log went back to an earlier state, as after a restore: cursors of the old epoch may be ahead
// of it and have to begin again. An epoch is named after its moment, so that one backup that is restored twice gives two
// epochs.
func NewEpoch(ctx context.Context, tx *ent.Client, at time.Time) error {
	before, err := Epoch(ctx, tx)
	if err != nil {
		return err
	}
	err = tx.Head.Create().SetID(EpochHead).SetSeq(max(before+1, at.Unix()-firstEpoch)).OnConflictColumns(head.FieldID).UpdateNewValues().Exec(ctx)
	if err != nil {
		return fmt.Errorf("begin a new epoch: %w", err)
	}
	return nil
}

// Epoch is 0 until a backup is restored.
func (l *Log) Epoch(ctx context.Context) (int64, error) { return Epoch(ctx, l.client) }

// Epoch is Log.Epoch in a transaction.
func Epoch(ctx context.Context, client *ent.Client) (int64, error) {
	return number(ctx, client, EpochHead)
}

// PublisherHeads are the numbers of the last numbered feed entries of each publisher.
func (l *Log) PublisherHeads(ctx context.Context) (map[string]int64, error) {
	// The character after / is 0.
	rows, err := l.client.Head.Query().Where(head.IDGT(publisherHead), head.IDLT("feed0")).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the heads of publishers: %w", err)
	}
	out := map[string]int64{}
	for _, h := range rows {
		out[strings.TrimPrefix(h.ID, publisherHead)] = h.Seq
	}
	return out, nil
}

// Head is the number of the last change.
func (l *Log) Head(ctx context.Context) (int64, error) { return l.Number(ctx, changesHead) }

// Began tells whether a record was ever written; accounts alone are no beginning.
func (l *Log) Began(ctx context.Context) (bool, error) {
	began, err := l.client.Change.Query().Where(change.KindNEQ(string(Account))).Exist(ctx)
	if err != nil {
		return false, fmt.Errorf("look for a first change: %w", err)
	}
	return began, nil
}

// FeedHead is the number of the last feed entry.
func (l *Log) FeedHead(ctx context.Context) (int64, error) { return l.Number(ctx, FeedHead) }

// Number is the last number that was taken of a head; 0 when none was.
func (l *Log) Number(ctx context.Context, name string) (int64, error) {
	return number(ctx, l.client, name)
}

// Numbers are the last numbers that were taken of some heads.
func (l *Log) Numbers(ctx context.Context, names ...string) (map[string]int64, error) {
	rows, err := l.client.Head.Query().Where(head.IDIn(names...)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read heads: %w", err)
	}
	out := map[string]int64{}
	for _, h := range rows {
		out[h.ID] = h.Seq
	}
	return out, nil
}

func number(ctx context.Context, client *ent.Client, name string) (int64, error) {
	h, err := client.Head.Get(ctx, name)
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
