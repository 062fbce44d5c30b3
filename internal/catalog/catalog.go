// Package catalog is what may be done with records and how they are read. Every write goes through it, and every write
// that readers can notice ends in one put(); what may not be seen is not in the tables that readers query.
package catalog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/release"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// Config is what a catalogue stands on.
type Config struct {
	// Client reads; Begin starts a write. Only one write runs at a time.
	Client *ent.Client
	Begin  func(context.Context) (*ent.Tx, error)
	Log    *changelog.Log
	Now    func() time.Time
	// BaseURL is where this node is found, such as https://plein.example.nl. Addresses of records are made of it.
	BaseURL string
	// Frozen tells that BaseURL was chosen on purpose: addresses are then stored with the first publication and stay.
	Frozen bool
	Logger *slog.Logger
	// PublicationDays is within how many days of its delivery an output that must become public has to be public. When 0
	// it is what was chosen last for this database, and record.PublicationDays when nobody chose.
	PublicationDays int
	// Provenance is that of what is made here: OWN when empty.
	Provenance record.Provenance
	// Outbox takes mail to the people of an organisation; nil on a node that sends none.
	Outbox *identity.Outbox
	// Known are the kinds in which records of other nodes are taken in whole; what this Plein writes itself when empty.
	Known []record.Kind
}

// Catalog reads and writes records.
type Catalog struct {
	Config
	ref atomic.Pointer[record.Reference]
	// next is the moment of the next release in milliseconds; 0 is none. After a release that could not be written
	// nobody tries again before retry.
	next, retry atomic.Int64
	release     sync.Mutex
	// loading makes whoever reads ref and next again take turns, so that an older look never replaces a newer one.
	loading sync.Mutex
	// seen is the last change that ref and next know of; catching up holds the lock.
	seen    int64
	catchUp sync.Mutex
	// reloads counts how often ref was replaced.
	reloads atomic.Uint64
}

// Version changes with everything that changes an answer from the catalogue: writes, what is kept in memory of writes by
// other processes, and the day, on which something may have become overdue.
func (c *Catalog) Version() string {
	return strconv.FormatInt(c.Log.Seen(), 36) + "." + strconv.FormatUint(c.reloads.Load(), 36) + "." + string(record.DayOf(c.Now()))
}

// Reloads counts how often the reference data were read: 1 when the catalogue was opened.
func (c *Catalog) Reloads() uint64 { return c.reloads.Load() }

// Open reads what a catalogue keeps in memory.
func Open(ctx context.Context, c Config) (*Catalog, error) {
	c.BaseURL = strings.TrimSuffix(c.BaseURL, "/")
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	if len(c.Known) == 0 {
		c.Known = record.Written()
	}
	out := &Catalog{Config: c}
	head, err := c.Log.Head(ctx)
	if err != nil {
		return nil, err
	}
	if err := out.loadReference(ctx, parts{vocabularies: true, steps: true}); err != nil {
		return nil, err
	}
	if err := out.loadNext(ctx); err != nil {
		return nil, err
	}
	if err := out.recountDuties(ctx); err != nil {
		c.Logger.ErrorContext(ctx, "the list of duties to publish is behind", "error", err) // a full disk keeps nobody from reading
	}
	out.seen = head
	c.Log.Advance(head)
	return out, nil
}

// Reference is the small data that records refer to, as it stands now.
func (c *Catalog) Reference() *record.Reference { return c.ref.Load() }

// Writer is one transaction. It ends with Write.
type Writer struct {
	c      *Catalog
	tx     *ent.Tx
	now    time.Time
	viewer identity.Viewer
	// ref is the reference data with what this transaction changed.
	ref *record.Reference
	// changes are what will be logged, touched where in it each record is.
	changes []changelog.Change
	touched map[string]int
	// feed is what of it strangers will read.
	feed []changelog.Entry
	// owing are the projects of which duties to publish may have changed.
	owing     map[string]bool
	elsewhere elsewhere
	// What has to be read again after the commit.
	referenceChanged, releasesChanged bool
	partsChanged                      parts
}

// Write carries out writes in one transaction: all of them or, when do gives an error, none. What it acknowledges is
// durable.
func (c *Catalog) Write(ctx context.Context, do func(*Writer) error) error {
	tx, err := c.Begin(ctx)
	if err != nil {
		return err
	}
	w := &Writer{c: c, tx: tx, now: record.Instant(c.Now()), viewer: identity.From(ctx), ref: c.Reference(), touched: map[string]int{}, owing: map[string]bool{}, elsewhere: newElsewhere()}
	ended := false
	defer func() {
		if !ended { // do panicked: an open transaction would keep every other writer out
			tx.Rollback() //nolint:errcheck // the panic goes on
		}
	}()
	var last int64
	if err = do(w); err == nil {
		err = w.storeDuties(ctx)
	}
	if err == nil {
		last, err = w.appendChanges(ctx)
	}
	ended = true
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	// The write is durable: what follows must not make it look as if it were not.
	after := context.WithoutCancel(ctx)
	if w.referenceChanged || w.partsChanged != (parts{}) {
		if err := c.loadReference(after, w.partsChanged); err != nil {
			c.Logger.ErrorContext(ctx, "reference data is behind", "error", err)
		}
	}
	if w.releasesChanged {
		if err := c.loadNext(after); err != nil {
			c.Logger.ErrorContext(ctx, "releases are behind", "error", err)
		}
	}
	c.Log.Advance(last)
	return nil
}

// log notes what was done with a record of an organisation, or with something that is the node's. However much a write does
// with one record, that is one change: the last thing done names it.
func (w *Writer) log(kind changelog.Kind, publisherID, id string, revision int, reason string) {
	c := changelog.Change{Kind: kind, RecordID: id, PublisherID: publisherID, Revision: revision, Actor: w.viewer.Actor(), Reason: reason}
	if i, ok := w.touched[id]; ok {
		w.changes[i] = c
		return
	}
	w.touched[id] = len(w.changes)
	w.changes = append(w.changes, c)
}

// appendChanges takes the numbers of both logs, last in the transaction, and gives the last one of the changes.
func (w *Writer) appendChanges(ctx context.Context) (seq int64, err error) {
	if err := changelog.Publish(ctx, w.tx, w.now, w.feed...); err != nil {
		return 0, err
	}
	return changelog.Append(ctx, w.tx, w.now, w.changes...)
}

func (c *Catalog) loadNext(ctx context.Context) error {
	c.loading.Lock()
	defer c.loading.Unlock()
	r, err := c.Client.Release.Query().Where(release.ReleaseAtGT(0)).Order(release.ByReleaseAt()).First(ctx)
	switch {
	case ent.IsNotFound(err):
		c.next.Store(0)
	case err != nil:
		return fmt.Errorf("look up the next release: %w", err)
	default:
		c.next.Store(r.ReleaseAt)
	}
	return nil
}

// retryAfter is how long a release that could not be written waits before it is tried again.
const retryAfter = time.Second

// Due carries out the releases whose moment has come. It is called before each read at the edge, so that time alone
// makes things visible, with or without a scheduler. It costs one atomic load when nothing is due. If it cannot write,
// what was to come stays hidden.
func (c *Catalog) Due(ctx context.Context) error {
	if !c.due() {
		return nil
	}
	c.release.Lock()
	defer c.release.Unlock()
	if !c.due() { // whoever had the lock has done it, or has just failed
		return nil
	}
	err := c.Write(identity.AsSystem(ctx), func(w *Writer) error { return w.releaseDue(ctx) })
	if err == nil {
		return nil
	}
	if ctx.Err() == nil { // a reader who hung up makes nobody else wait
		c.retry.Store(c.Now().Add(retryAfter).UnixMilli())
	}
	return fmt.Errorf("release what is due: %w", err)
}

func (c *Catalog) due() bool {
	now, next := c.Now().UnixMilli(), c.next.Load()
	return next != 0 && now >= next && now >= c.retry.Load()
}

// Follow keeps what is in memory up to date with writes of other processes, until the context ends.
func (c *Catalog) Follow(ctx context.Context) {
	for {
		wake := c.Log.Changed()
		if err := c.Refresh(ctx); err != nil && ctx.Err() == nil {
			c.Logger.ErrorContext(ctx, "reference data is behind", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-wake:
		}
	}
}

// Refresh reads again what changes after the last look have touched. It happens by itself a moment after another process
// wrote; whoever cannot wait calls it.
func (c *Catalog) Refresh(ctx context.Context) error {
	c.catchUp.Lock()
	defer c.catchUp.Unlock()
	for {
		cs, err := c.Log.Since(ctx, c.seen, 1000)
		if err != nil || len(cs) == 0 {
			return err
		}
		reference, changed := false, parts{}
		for _, x := range cs {
			kind := record.KindOf(x.RecordID)
			changed.vocabularies = changed.vocabularies || record.IsConceptID(x.RecordID)
			changed.steps = changed.steps || kind.Type == record.ProcessTemplateType
			reference = reference || kind.New == nil && x.Kind != string(changelog.Account) && x.Kind != string(changelog.PeerChanged) || changed.steps
		}
		if reference {
			if err := c.loadReference(ctx, changed); err != nil {
				return err
			}
		}
		if err := c.loadNext(ctx); err != nil {
			return err
		}
		c.seen = cs[len(cs)-1].ID
	}
}

// Viewer is who writes.
func (w *Writer) Viewer() identity.Viewer { return w.viewer }
