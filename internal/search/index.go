// Package search finds public records by their words and terms. It follows the log of changes and keeps an index of
// its own on disk, with bleve's engine; one snapshot of it answers the hits, the total and the facets of a search, and
// tells how far it is.
//
// The index only ever holds what an anonymous visitor may see. What was hidden since the index's position is left out
// of every search. Whatever happens to the index, searches go on: from the database, more plainly, until it is healed.
package search

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	index "github.com/blevesearch/bleve_index_api"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/record"
)

// Config is what an index stands on.
type Config struct {
	// Dir is the folder of the index. It holds nothing that cannot be made again from the catalogue.
	Dir     string
	Catalog *catalog.Catalog
	Log     *changelog.Log
	Now     func() time.Time
	Logger  *slog.Logger
	// LookEvery is how often the files are looked at: are they there, and as long as they were. 2 seconds when zero.
	LookEvery time.Duration
	// VerifyEvery is how often all of the index is compared with its checksums and with the catalogue. 5 minutes when
	// zero.
	VerifyEvery time.Duration
}

// Index answers searches and follows the log. It is safe for concurrent use.
type Index struct {
	Config
	languages languages
	queue     *index.AnalysisQueue
	shelf     *shelf
	// live answers searches; nil while they go to the database.
	live atomic.Pointer[volume]
	// writing is held by who writes to the live volume or puts another in its place; building by who makes one.
	writing, building sync.Mutex
	generation        atomic.Uint64
	failed            atomic.Bool
	hidden            atomic.Pointer[hidden]
	meaning           atomic.Pointer[thesaurus]
	names             atomic.Pointer[names]
	// suspected and lost wake the keeper: a search failed, there is no live volume any more.
	suspected, lost chan struct{}

	mu sync.Mutex
	// changed is closed when a volume goes live; retired are those to close.
	changed chan struct{}
	retired []*volume

	stop    context.CancelFunc
	done    chan struct{}
	once    sync.Once
	closers sync.WaitGroup
}

var _ changelog.Follower = (*Index)(nil)

// errClosed is the answer to who waits for an index that was closed.
var errClosed = errors.New("the search index is closed")

// Open takes the folder and brings the index to life in the background: searches are answered from the database until
// it has been checked, or made. It answers ErrInUse when another process has the folder. Close it.
func Open(ctx context.Context, c Config) (*Index, error) {
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	if c.LookEvery == 0 {
		c.LookEvery = 2 * time.Second
	}
	if c.VerifyEvery == 0 {
		c.VerifyEvery = 5 * time.Minute
	}
	x := &Index{Config: c, languages: newLanguages(), suspected: make(chan struct{}, 1), lost: make(chan struct{}, 1), changed: make(chan struct{}), done: make(chan struct{})}
	var err error
	if x.shelf, err = openShelf(c.Dir, x.layout()); err != nil {
		return nil, err
	}
	x.queue = index.NewAnalysisQueue(runtime.NumCPU())
	ctx, x.stop = context.WithCancel(context.WithoutCancel(ctx))
	go x.keep(ctx)
	return x, nil
}

// Close stops the upkeep and closes the index. The log must not be followed any more. Closing again does nothing.
func (x *Index) Close() error {
	var err error
	x.once.Do(func() {
		x.stop()
		<-x.done
		x.writing.Lock()
		defer x.writing.Unlock()
		if v := x.live.Swap(nil); v != nil {
			x.mu.Lock()
			x.retired = append(x.retired, v)
			x.mu.Unlock()
		}
		x.closeRetired()
		x.closers.Wait()
		x.queue.Close()
		err = x.shelf.close()
	})
	return err
}

// Wait returns when the index answers searches, or with the error of the context.
func (x *Index) Wait(ctx context.Context) error {
	_, err := x.serving(ctx)
	return err
}

// serving waits for a live volume.
func (x *Index) serving(ctx context.Context) (*volume, error) {
	for {
		x.mu.Lock()
		changed := x.changed
		x.mu.Unlock()
		if v := x.live.Load(); v != nil {
			return v, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-x.done:
			return nil, errClosed
		case <-changed:
		}
	}
}

// Position is the number of the last change that searches know of. While there is no index to write to it waits: who
// makes one takes in all changes anyway.
func (x *Index) Position(ctx context.Context) (int64, error) {
	for {
		v, err := x.serving(ctx)
		if err != nil {
			return 0, err
		}
		if !v.enter() {
			continue
		}
		m, _, err := v.mark()
		v.leave()
		if err == nil {
			return m.Position, nil
		}
		x.retire(v, err)
	}
}

// Apply takes in changes, and remembers the last one in the same batch as the records. An index that cannot be written
// to does not answer any more: searches go to the database until it can.
func (x *Index) Apply(ctx context.Context, cs []*ent.Change) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	v := x.live.Load()
	if v == nil {
		return errors.New("the search index is being made again")
	}
	err := v.look()
	if err == nil {
		err = x.takeIn(ctx, v, cs)
	}
	if isDamage(err) {
		x.retire(v, err)
	}
	return err
}

// errGap refuses changes that do not follow on what was taken in: another volume went live meanwhile.
var errGap = errors.New("the search index is at another position")

// takeIn writes what became of the records that changed.
func (x *Index) takeIn(ctx context.Context, v *volume, cs []*ent.Change) error {
	m, _, err := v.mark()
	if err != nil {
		return err
	}
	if cs[0].ID > m.Position+1 {
		return errGap
	}
	b := index.NewBatch()
	var ids []string
	for _, c := range cs {
		if record.KindOf(c.RecordID).Searched {
			if _, seen := b.IndexOps[c.RecordID]; !seen {
				ids = append(ids, c.RecordID)
			}
			b.Delete(c.RecordID)
		}
	}
	if len(ids) > 0 {
		docs, err := x.Catalog.Documents(ctx, ids)
		if err != nil {
			return err
		}
		for _, d := range docs {
			b.Update(x.entry(d))
			m.shows(d)
		}
	}
	m.Position = max(m.Position, cs[len(cs)-1].ID)
	b.SetInternal(markKey, m.bytes())
	if err := v.write(b); err != nil {
		return fmt.Errorf("write the index: %w", err)
	}
	x.generation.Add(1)
	return nil
}

// Generation changes whenever answers could: with every batch, and when another volume or the database answers.
func (x *Index) Generation() uint64 { return x.generation.Load() }

// Mode says what searches are answered from.
type Mode string

// Ready answers from the index. Rebuilding answers from the database while an index is checked or made. Degraded does
// the same, and the last attempt to make one failed; the next follows by itself.
const (
	Ready      Mode = "ready"
	Rebuilding Mode = "rebuilding"
	Degraded   Mode = "degraded"
)

// State is how the index is doing.
type State struct {
	Mode Mode
	// Position is the number of the last change that searches know of, UpTo when the last visible one was made; zero
	// unless Ready.
	Position int64
	UpTo     time.Time
}

// State tells how the index is doing.
func (x *Index) State() State {
	if m, ok := x.liveMark(); ok {
		return State{Mode: Ready, Position: m.Position, UpTo: moment(m.At)}
	}
	if x.failed.Load() {
		return State{Mode: Degraded}
	}
	return State{Mode: Rebuilding}
}

func (x *Index) liveMark() (mark, bool) {
	v := x.live.Load()
	if v == nil || !v.enter() {
		return mark{}, false
	}
	defer v.leave()
	m, ok, err := v.mark()
	return m, ok && err == nil
}

func moment(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// Metrics are figures about the index; all zero while there is none.
type Metrics struct {
	Documents uint64
	Position  int64
	// Bytes on disk, and those of the columns in memory.
	Bytes, ColumnBytes int64
}

// Metrics reads the figures, at the cost of listing a folder.
func (x *Index) Metrics() Metrics {
	v := x.live.Load()
	if v == nil || !v.enter() {
		return Metrics{}
	}
	defer v.leave()
	m, _, err := v.mark()
	if err != nil {
		return Metrics{}
	}
	n, err := v.count()
	if err != nil {
		return Metrics{}
	}
	return Metrics{Documents: n, Position: m.Position, Bytes: v.bytes(), ColumnBytes: v.held.Load().bytes()}
}
