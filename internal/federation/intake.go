package federation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/member"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/changelog"
)

// intake is the log of one publisher while it is read: verified first, then written.
type intake struct {
	row  *ent.Publisher
	card *Card
	// stored is the place that the database knows, at that of the last member which was verified.
	stored, at Place
	// ready can be written. Those in pending are redacted and have no proof of their own: they wait for a signed one after them.
	ready, pending []*arrival
	// done is how many of ready were written. With braked the first of the others waits for an administrator.
	done   int
	braked bool
	// length is how many members the log has, as far as was asked.
	length int64
}

// arrival is a member that was verified.
type arrival struct {
	*Member
	raw       json.RawMessage
	at        Place
	version   int
	published time.Time
}

// fault is why a log cannot be read further, and what was found there.
type fault struct {
	problem, detail string
	raw             json.RawMessage
}

func openIntake(row *ent.Publisher) (*intake, error) {
	card, err := ReadCard(row.Card)
	if err != nil {
		return nil, fmt.Errorf("read the card of %s: %w", row.Iri, err)
	}
	at := Place{Epoch: row.Epoch, Seq: row.Seq, Hash: row.Hash}
	return &intake{row: row, card: card, stored: at, at: at}, nil
}

// waits tells whether an administrator has to decide first. A fork ends by itself when the publisher's node begins anew, and so do
// withdrawals that wait: in what it says then they count again. The other problems are looked at again each time.
func (l *intake) waits(epoch int64) bool {
	switch l.row.Problem {
	case KeyChanged:
		return true
	case Forked, TooManyDeletes:
		return epoch <= l.row.Epoch
	}
	return false
}

// begin goes to the begin of an epoch.
func (l *intake) begin(epoch int64) { l.at, l.pending = Place{Epoch: epoch}, nil }

// compare looks whether the last member that was taken in is still what it was.
func (l *intake) compare(raw json.RawMessage) *fault {
	return l.differs(raw, l.at.Epoch, l.at.Seq, l.at.Hash)
}

// differs looks whether a member is the one with a hash that was taken in at its number. Nothing is wrong when it is; it is a fork
// when its publisher signed the other one too.
func (l *intake) differs(raw json.RawMessage, epoch, seq int64, known string) *fault {
	m, hash, err := hashOf(raw)
	if err == nil && hash == known {
		return nil
	}
	if err == nil {
		_, err = ReadMember(raw, l.card.Feed, l.card.DID, l.card.KeyAt, Place{Epoch: epoch, Seq: seq - 1, Hash: m.Prev})
	}
	if err == nil && m.Redacted {
		err = fmt.Errorf("%w: it is redacted and not what was taken in", ErrProof)
	}
	if err == nil && !l.card.KeyAt(epoch, seq).Equal(l.card.KeyAt(l.at.Epoch, l.at.Seq)) {
		// The key that came later vouches for what was taken in, by the chain. Whoever has the former one can sign what they like.
		err = fmt.Errorf("%w: it is by a former key and not what was taken in", ErrProof)
	}
	if err != nil {
		return &fault{BadProof, err.Error(), raw}
	}
	return &fault{Forked, fmt.Sprintf("its number %d is another than the one that was taken in", seq), raw}
}

func hashOf(raw json.RawMessage) (*Member, string, error) {
	var m Member
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, "", fmt.Errorf("%w: %w", ErrMember, err)
	}
	hash, err := m.Hash()
	return &m, hash, err
}

// takeAll verifies the members that follow, on all cores, and gives what is wrong with the first that does not hold.
func (l *intake) takeAll(raws []json.RawMessage) *fault {
	read := make([]*arrival, len(raws))
	errs := make([]error, len(raws))
	parallel(len(raws), func(i int) { read[i], errs[i] = l.read(raws[i], l.at.Epoch, l.at.Seq+int64(i)) })
	for i, e := range read {
		err := errs[i]
		if err == nil && e.Prev != l.at.Hash {
			err = fmt.Errorf("%w: number %d", ErrChain, e.at.Seq)
		}
		if err != nil {
			return &fault{problem: problemOfMember(err), detail: err.Error(), raw: raws[i]}
		}
		l.take(e)
	}
	return nil
}

// parallel does something n times, on all cores. A panic is that of the caller, who can bear it.
func parallel(n int, do func(i int)) {
	next := make(chan int)
	var working sync.WaitGroup
	var panicked atomic.Pointer[any]
	for range min(runtime.GOMAXPROCS(0), n) {
		working.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					panicked.Store(&p)
					for range next { // whoever hands out must not wait
					}
				}
			}()
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	working.Wait()
	if p := panicked.Load(); p != nil {
		panic(*p)
	}
}

// read verifies the member with the number after seq, but not yet that it follows the one before it.
func (l *intake) read(raw json.RawMessage, epoch, seq int64) (*arrival, error) {
	claimed, hash, err := hashOf(raw)
	if err != nil {
		return nil, err
	}
	m, err := ReadMember(raw, l.card.Feed, l.card.DID, l.card.KeyAt, Place{Epoch: epoch, Seq: seq, Hash: claimed.Prev})
	if err != nil {
		return nil, err
	}
	version, _ := number(m.Version)
	published, err := time.Parse(milliseconds, m.Published)
	if err != nil {
		return nil, fmt.Errorf("%w: published %q", ErrMember, m.Published)
	}
	return &arrival{Member: m, raw: raw, at: Place{Epoch: epoch, Seq: seq + 1, Hash: hash}, version: int(version), published: published}, nil
}

// take puts a member in its place in the chain.
func (l *intake) take(e *arrival) {
	l.at = e.at
	l.pending = append(l.pending, e)
	if !e.Redacted {
		l.ready, l.pending = append(l.ready, l.pending...), nil
	}
}

func problemOfMember(err error) string {
	if errors.Is(err, ErrChain) {
		return OutOfOrder
	}
	return BadProof
}

// settle tells that what store wrote is durable.
func (l *intake) settle() {
	if l.done > 0 {
		l.stored = l.ready[l.done-1].at
		l.row.Problem = ""
	}
	l.ready, l.done = l.ready[l.done:], 0
	if !l.braked {
		l.ready = nil
	}
}

// store writes what is ready of a log: the records, the members as they came, and the place, in one step.
func (p *puller) store(ctx context.Context, w *catalog.Writer, l *intake) (taken, refused int, err error) {
	if len(l.ready) == 0 {
		return 0, 0, nil
	}
	tx := w.Ent()
	row, err := tx.Publisher.Get(ctx, l.row.ID)
	if err != nil {
		return 0, 0, fmt.Errorf("look up a publisher: %w", err)
	}
	if State(row.State) != Active || (Place{Epoch: row.Epoch, Seq: row.Seq, Hash: row.Hash}) != l.stored {
		return 0, 0, errMoved
	}
	brake := newBrake(row, p.Catalog.Now())
	objects := make([]string, len(l.ready))
	for i, e := range l.ready {
		objects[i] = e.Object
	}
	if err := w.Foresee(ctx, objects...); err != nil {
		return 0, 0, err
	}
	alert := ""
	var batch []*arrival
	l.done, l.braked = 0, false
	for _, e := range l.ready {
		// What a record said before has to be in the table to be erased from it. A hub passes on an epoch and the next in one page.
		if e.Type == Delete || len(batch) > 0 && batch[0].at.Epoch != e.at.Epoch {
			if err := p.storeMembers(ctx, tx, row, batch); err != nil {
				return 0, 0, err
			}
			batch = nil
		}
		if e.Type == Delete {
			if l.braked, err = brake.holds(ctx, tx, e.Object); err != nil {
				return 0, 0, err
			}
			if l.braked {
				break
			}
		}
		if !e.Redacted {
			err := w.Accept(ctx, incoming(row, e))
			var no *catalog.Refusal
			if errors.As(err, &no) {
				refused++
				alert = fmt.Sprintf("%s at number %d: %s", no.Code, e.at.Seq, no.Detail)
				err = p.putAside(ctx, tx, row, e.raw, no.Code, no.Detail)
			}
			if err != nil {
				return 0, 0, fmt.Errorf("take in number %d of %s: %w", e.at.Seq, row.Iri, err)
			}
		}
		batch = append(batch, e)
		l.done++
	}
	if err := p.storeMembers(ctx, tx, row, batch); err != nil {
		return 0, 0, err
	}
	u := tx.Publisher.UpdateOneID(row.ID)
	brake.save(u)
	if l.done > 0 {
		last := l.ready[l.done-1].at
		u.SetEpoch(last.Epoch).SetSeq(last.Seq).SetHash(last.Hash).SetProblem("").SetDetail(alert)
	}
	if l.braked {
		waiting, err := brake.wait(ctx, tx, l.ready[l.done:], true)
		if err != nil {
			return 0, 0, err
		}
		u.SetProblem(TooManyDeletes).SetDetail(fmt.Sprintf("more than %d withdrawals within a day", brake.limit())).SetDeletesWaiting(waiting)
	}
	if err := u.Exec(ctx); err != nil {
		return 0, 0, fmt.Errorf("remember the place in a log: %w", err)
	}
	return l.done, refused, nil
}

func incoming(row *ent.Publisher, e *arrival) catalog.Incoming {
	in := catalog.Incoming{PublisherID: row.OrganizationID, Home: row.Home, Epoch: e.at.Epoch, Type: changelog.Type(strings.ToUpper(string(e.Type))),
		Object: e.Object, Version: e.version, At: e.published, Reason: e.Reason}
	if len(e.Graph) > 0 {
		in.Graph = e.Graph[0]
	}
	return in
}

// storeMembers keeps members of one epoch as they came, so that they can be passed on.
func (p *puller) storeMembers(ctx context.Context, tx *ent.Client, row *ent.Publisher, es []*arrival) error {
	if len(es) == 0 {
		return nil
	}
	epoch, first, last := es[0].at.Epoch, es[0].at.Seq, es[len(es)-1].at.Seq
	// A publisher that was forgotten and is admitted again has its numbers already.
	old, err := tx.Member.Query().Where(member.PublisherID(row.OrganizationID), member.Epoch(epoch), member.SeqGTE(first), member.SeqLTE(last)).Order(member.BySeq()).All(ctx)
	if err != nil {
		return fmt.Errorf("look up members: %w", err)
	}
	var fresh []*arrival
	for _, e := range es {
		i := slices.IndexFunc(old, func(m *ent.Member) bool { return m.Seq == e.at.Seq })
		if i >= 0 && old[i].Hash != e.at.Hash {
			if err := cutOff(ctx, tx, row.OrganizationID, e.at); err != nil {
				return err
			}
			old, i = old[:i], -1
		}
		switch {
		case i < 0:
			fresh = append(fresh, e)
		case !e.Redacted:
			if err := tx.Member.UpdateOneID(old[i].ID).SetRaw(e.raw).Exec(ctx); err != nil {
				return fmt.Errorf("keep a member: %w", err)
			}
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	end, err := changelog.Take(ctx, tx, relayHead, len(fresh))
	if err != nil {
		return err
	}
	rows := make([]*ent.MemberCreate, len(fresh))
	for i, e := range fresh {
		rows[i] = tx.Member.Create().SetPublisherID(row.OrganizationID).SetEpoch(e.at.Epoch).SetSeq(e.at.Seq).SetType(string(e.Type)).SetObject(e.Object).
			SetVersion(e.version).SetPublished(e.published.UnixMilli()).SetPrev(e.Prev).SetDigest(e.Digest).SetHash(e.at.Hash).
			SetRelaySeq(end - int64(len(fresh)-1-i))
		if !e.Redacted {
			rows[i].SetRaw(e.raw)
		}
	}
	if err := tx.Member.CreateBulk(rows...).Exec(ctx); err != nil {
		return fmt.Errorf("keep members: %w", err)
	}
	return nil
}

// cutOff takes the members from a place on out of a log, in which something else stands now: its publisher was forgotten here, and
// its log forked meanwhile. The log that its key vouches for from the begin is the one that is passed on, under new numbers. Those
// of the others stay taken, by members of no epoch that nobody can read as its.
func cutOff(ctx context.Context, tx *ent.Client, organizationID string, from Place) error {
	err := tx.Member.Update().Where(member.PublisherID(organizationID), member.Epoch(from.Epoch), member.SeqGTE(from.Seq), member.RelaySeqNotNil()).ClearRaw().
		Modify(func(u *sql.UpdateBuilder) { u.Set(member.FieldEpoch, sql.Expr("-"+member.FieldRelaySeq)) }).Exec(ctx)
	if err != nil {
		return fmt.Errorf("take members out of a log: %w", err)
	}
	return nil
}

// knownHashes are those of members of a log that were taken in, by their number.
func knownHashes(ctx context.Context, c *ent.Client, row *ent.Publisher, epoch int64, seqs []int64) (map[int64]string, error) {
	rows, err := c.Member.Query().Where(member.PublisherID(row.OrganizationID), member.Epoch(epoch), member.SeqIn(seqs...)).
		Select(member.FieldSeq, member.FieldHash).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("look up members: %w", err)
	}
	out := make(map[int64]string, len(rows))
	for _, m := range rows {
		out[m.Seq] = m.Hash
	}
	return out, nil
}
