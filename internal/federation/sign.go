package federation

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/feedentry"
	"github.com/udc-community/plein/ent/member"
	"github.com/udc-community/plein/internal/changelog"
)

// signBatch is how many members are made in one write: few enough that no other writer waits for long.
const signBatch = 50

// signer makes the members of the logs of this node out of the public feed.
type signer struct {
	// mu makes passes take turns. signed is how far each publisher's log was made in an epoch, as far as this process knows.
	mu     sync.Mutex
	epoch  int64
	signed map[string]int64
	// reloads is the state of the organisations for which keys were made.
	reloads uint64

	made    atomic.Int64
	problem atomic.Pointer[error]
}

// sign makes members as the feed grows, until the context ends. What keeps it from signing is logged once, and tried again
// with a growing pause of at most 30 seconds.
func (f *Federation) sign(ctx context.Context) {
	tick := time.NewTicker(lookEvery) // a claim or a rotation of another process is in no log
	defer tick.Stop()
	pause, said := time.Duration(0), ""
	if err := f.Check(ctx); err != nil && ctx.Err() == nil { // also where there is nothing to sign
		f.signer.problem.Store(&err)
		f.Logger.ErrorContext(ctx, "nothing is signed", "error", err)
		said = err.Error()
	}
	for ctx.Err() == nil {
		wake, changed := f.Catalog.Log.Changed(), f.Changed()
		err := f.SignAll(ctx)
		if err == nil {
			pause, said = 0, ""
			select {
			case <-ctx.Done():
			case <-wake:
			case <-changed:
			case <-tick.C:
			}
			continue
		}
		if ctx.Err() != nil {
			return
		}
		if err.Error() != said {
			f.Logger.ErrorContext(ctx, "nothing is signed", "error", err)
			said = err.Error()
		}
		pause = min(max(2*pause, 250*time.Millisecond), 30*time.Second)
		select {
		case <-ctx.Done():
		case <-changed:
		case <-time.After(pause):
		}
	}
}

// SignAll makes the members that are missing now. It may run in several processes at once: writers take turns, and each
// begins where the one before it ended.
func (f *Federation) SignAll(ctx context.Context) (err error) {
	f.signer.mu.Lock()
	defer f.signer.mu.Unlock()
	defer func() { f.signer.problem.Store(&err) }()
	away, err := elsewhere(ctx, f.Catalog.Client, f.Place)
	if err != nil {
		return err
	} else if away {
		return ErrElsewhere
	}
	epoch, err := f.Catalog.Log.Epoch(ctx)
	if err != nil {
		return err
	}
	if f.signer.signed == nil || epoch != f.signer.epoch {
		f.signer.epoch, f.signer.signed = epoch, map[string]int64{}
	}
	if f.signer.reloads != f.Catalog.Reloads() {
		reloads := f.Catalog.Reloads()
		if err := f.MakeKeys(ctx); err != nil {
			return err
		}
		f.signer.reloads = reloads
	}
	heads, err := f.Catalog.Log.PublisherHeads(ctx)
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(heads)) {
		for f.signer.signed[id] < heads[id] {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := f.signSome(ctx, id); err != nil {
				return fmt.Errorf("sign the log of %s: %w", id, err)
			}
		}
	}
	return nil
}

// Problem is what keeps this node from signing; nil when nothing does.
func (f *Federation) Problem() error {
	if err := f.signer.problem.Load(); err != nil {
		return *err
	}
	return nil
}

// Signed is how many members this process made.
func (f *Federation) Signed() int64 { return f.signer.made.Load() }

// signSome makes the next members of a publisher's log, all of them or none.
func (f *Federation) signSome(ctx context.Context, publisherID string) error {
	var at end
	made := 0
	err := f.write(ctx, func(tx *ent.Client) (err error) {
		if at, err = logEnd(ctx, tx, publisherID); err != nil {
			return err
		}
		rows, err := tx.FeedEntry.Query().Where(feedentry.PublisherID(publisherID), feedentry.PublisherSeqGT(at.Seq)).
			Order(feedentry.ByPublisherSeq()).Limit(signBatch).All(ctx)
		if err != nil {
			return fmt.Errorf("read what is to be signed: %w", err)
		}
		if len(rows) == 0 { // another process made them
			return nil
		}
		if at.Seq == 0 { // an epoch begins: nobody reads the one before it any more
			if _, err := tx.Member.Delete().Where(member.PublisherID(publisherID), member.EpochNEQ(at.Epoch), member.RelaySeqIsNil()).Exec(ctx); err != nil {
				return fmt.Errorf("remove the log of the epoch before: %w", err)
			}
		}
		private, err := f.signingKey(ctx, tx, publisherID)
		if err != nil {
			return err
		}
		news := make([]*ent.MemberCreate, len(rows))
		for i, row := range rows {
			if news[i], err = f.newMember(ctx, tx, private, row, &at); err != nil {
				return fmt.Errorf("number %d: %w", *row.PublisherSeq, err)
			}
		}
		made = len(news)
		if err := tx.Member.CreateBulk(news...).Exec(ctx); err != nil {
			return fmt.Errorf("store members: %w", err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	f.signer.signed[publisherID] = at.Seq
	f.signer.made.Add(int64(made))
	if made > 0 {
		f.ring()
	}
	return nil
}

// signingKey is the key of a publisher that signs, made when there is none yet.
func (f *Federation) signingKey(ctx context.Context, tx *ent.Client, publisherID string) (ed25519.PrivateKey, error) {
	keys, err := keysOf(ctx, tx, publisherID)
	if err != nil {
		return nil, err
	}
	k := keys[publisherID]
	if k == nil {
		if k, err = f.makeKeys(ctx, tx, publisherID); err != nil {
			return nil, err
		}
	}
	return f.open(k.current)
}

// newMember makes the member of one line of the feed, which has the number after at, and moves at there.
func (f *Federation) newMember(ctx context.Context, tx *ent.Client, private ed25519.PrivateKey, row *ent.FeedEntry, at *end) (*ent.MemberCreate, error) {
	if *row.PublisherSeq != at.Seq+1 {
		return nil, fmt.Errorf("the feed has a gap after number %d", at.Seq)
	}
	t := map[changelog.Type]Type{changelog.Create: Create, changelog.Update: Update, changelog.Delete: Delete}[changelog.Type(row.Type)]
	object, graph, err := f.content(ctx, tx, row)
	if err != nil {
		return nil, err
	}
	at.published = max(at.published, row.At) // a clock that is put back does not turn the log around
	m, err := NewMember(feedOf(f.Base(), row.PublisherID), at.Epoch, at.Seq+1, t, object, row.Version, time.UnixMilli(at.published), at.Hash, graph, row.Reason)
	if err != nil {
		return nil, err
	}
	hash, err := m.Hash()
	if err != nil {
		return nil, err
	}
	q := tx.Member.Create().SetPublisherID(row.PublisherID).SetEpoch(at.Epoch).SetSeq(at.Seq + 1).SetType(string(t)).SetObject(object).
		SetVersion(row.Version).SetPublished(at.published).SetPrev(at.Hash).SetDigest(m.Digest).SetHash(hash)
	if !m.Redacted {
		raw, err := m.Sign(private, didOf(f.Base(), row.PublisherID), f.Catalog.Now())
		if err != nil {
			return nil, err
		}
		q.SetRaw(raw)
	}
	at.Seq, at.Hash = at.Seq+1, hash
	return q, nil
}

// content is the address of a record and what a line of the feed says of it: nothing once it was withdrawn.
func (f *Federation) content(ctx context.Context, tx *ent.Client, row *ent.FeedEntry) (object string, graph json.RawMessage, err error) {
	if len(row.Payload) > 0 {
		return f.Catalog.WireForm(ctx, tx, row.RecordID, row.Payload)
	}
	object, err = f.Catalog.Address(ctx, tx, row.RecordID)
	return object, nil, err
}

// end is the last member of an own log, and its moment in milliseconds.
type end struct {
	Place
	published int64
}

// logEnd is where an own log ends in the present epoch.
func logEnd(ctx context.Context, client *ent.Client, publisherID string) (end, error) {
	epoch, err := changelog.Epoch(ctx, client)
	if err != nil {
		return end{}, err
	}
	last, err := client.Member.Query().Where(ownMembers(publisherID, epoch)).Order(member.BySeq(sql.OrderDesc())).First(ctx)
	if ent.IsNotFound(err) {
		return end{Place: Place{Epoch: epoch}}, nil
	} else if err != nil {
		return end{}, fmt.Errorf("look up the end of a log: %w", err)
	}
	return end{Place{Epoch: epoch, Seq: last.Seq, Hash: last.Hash}, last.Published}, nil
}
