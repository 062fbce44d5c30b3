package search

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	index "github.com/blevesearch/bleve_index_api"
)

const (
	// batchSize is how many records are written at a time, and changes taken in.
	batchSize = 500
	// firstPause and longestPause bound the wait before a failed index is tried again.
	firstPause   = 250 * time.Millisecond
	longestPause = 30 * time.Second
	// calm is how long an index that a search complained of and that was found sound is left alone: a query that
	// fails for a reason of its own must not keep the node busy.
	calm = 10 * time.Second
)

// keep sees to it that there is a sound index, until the context ends.
func (x *Index) keep(ctx context.Context) {
	defer close(x.done)
	looks, verifies := time.NewTicker(x.LookEvery), time.NewTicker(x.VerifyEvery)
	defer looks.Stop()
	defer verifies.Stop()
	var pause time.Duration
	suspected, calmed := x.suspected, (<-chan time.Time)(nil)
	for ctx.Err() == nil {
		if err := x.restore(ctx); err != nil && ctx.Err() == nil {
			x.failed.Store(true)
			x.Logger.ErrorContext(ctx, "the search index cannot be restored; searches go to the database", "error", err)
			pause = min(max(2*pause, firstPause), longestPause)
			select {
			case <-ctx.Done():
			case <-time.After(pause):
			}
			continue
		}
		pause = 0
		select {
		case <-ctx.Done():
		case <-looks.C:
			x.check(ctx, func(v *volume) error {
				if err := v.look(); err != nil {
					return err
				}
				return v.warm() // segments may have been merged
			})
		case <-verifies.C:
			x.check(ctx, func(v *volume) error { return x.verify(ctx, v) })
		case <-x.lost:
		case <-suspected:
			if x.check(ctx, func(v *volume) error { return x.verify(ctx, v) }) {
				suspected, calmed = nil, time.After(calm)
			}
		case <-calmed:
			suspected, calmed = x.suspected, nil
		}
	}
}

// check examines the live volume and retires it when it is damaged.
func (x *Index) check(ctx context.Context, examine func(*volume) error) (sound bool) {
	v := x.live.Load()
	if v == nil {
		return false
	}
	err := examine(v)
	if isDamage(err) && !isShortage(err) {
		x.retire(v, err)
		return false
	}
	if err != nil && ctx.Err() == nil {
		x.Logger.WarnContext(ctx, "the search index could not be checked", "error", err)
	}
	return true
}

// retire takes a volume out of use. Searches go to the database until there is another.
func (x *Index) retire(v *volume, because error) {
	// Whoever sees that there is no volume finds this one among the retired: it is closed before it is opened again.
	x.mu.Lock()
	was := x.live.CompareAndSwap(v, nil)
	if was {
		x.retired = append(x.retired, v)
	}
	x.mu.Unlock()
	if !was {
		return
	}
	x.Logger.Error("the search index is out of use", "index", filepath.Base(v.path), "error", because)
	x.generation.Add(1)
	signal(x.lost)
}

// signal wakes who waits, and tells whether this is news.
func signal(c chan struct{}) bool {
	select {
	case c <- struct{}{}:
		return true
	default:
		return false
	}
}

// closeRetired closes volumes in the background: a damaged one may take its time.
func (x *Index) closeRetired() {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, v := range x.retired {
		x.closers.Go(func() {
			if err := v.close(); err != nil {
				x.Logger.Warn("a retired search index did not close well", "index", filepath.Base(v.path), "error", err)
			}
		})
	}
	x.retired = nil
}

// restore brings an index to life when there is none: the one on disk if it is sound, else a new one.
func (x *Index) restore(ctx context.Context) error {
	x.building.Lock()
	defer x.building.Unlock()
	if x.live.Load() != nil {
		return nil
	}
	x.closeRetired()
	x.closers.Wait() // the volume may be opened again
	paths, err := x.shelf.volumes()
	if err != nil {
		return err
	}
	for _, path := range paths {
		err := x.reopen(ctx, path)
		if err == nil {
			return nil
		}
		if errors.Is(err, errUnfinished) {
			if err := os.RemoveAll(path); err != nil {
				return fmt.Errorf("remove an unfinished search index: %w", err)
			}
			continue
		}
		if !isDamage(err) || isShortage(err) {
			return err // the database's fault, or the machine's: the volume may be sound
		}
		x.Logger.WarnContext(ctx, "the search index is damaged and is made again", "index", filepath.Base(path), "error", err)
		if err := x.shelf.setAside(path, x.Now()); err != nil {
			return err
		}
	}
	return x.rebuild(ctx, func(int, int) {})
}

// errUnfinished tells of a volume that was never finished: the process ended while it was made.
var errUnfinished = errors.New("it was never finished")

// reopen puts a volume on disk into use if, brought up to date, it says what the catalogue says.
func (x *Index) reopen(ctx context.Context, path string) error {
	v, err := openVolume(path, x.queue)
	if err != nil {
		return err
	}
	err = func() error {
		m, finished, err := v.mark()
		if err != nil {
			return err
		}
		if !finished && v.wasFinished() {
			return damage{errors.New("it has lost its records")}
		}
		if !finished {
			return errUnfinished
		}
		head, err := x.Log.Head(ctx)
		if err != nil {
			return err
		}
		epoch, err := x.Log.Epoch(ctx)
		if err != nil {
			return err
		}
		if m.Position > head || m.Epoch != epoch {
			return damage{fmt.Errorf("it is at change %d of epoch %d, the catalogue at %d of %d", m.Position, m.Epoch, head, epoch)}
		}
		return x.adopt(ctx, v)
	}()
	if err != nil {
		return errors.Join(err, v.close())
	}
	return nil
}

// Rebuild makes a new index from the catalogue beside the one in use and puts it in its place. Searches go on
// meanwhile. progress, which may be nil, is told how many of about how many records are done.
func (x *Index) Rebuild(ctx context.Context, progress func(done, total int)) error {
	if progress == nil {
		progress = func(int, int) {}
	}
	x.building.Lock()
	defer x.building.Unlock()
	return x.rebuild(ctx, progress)
}

func (x *Index) rebuild(ctx context.Context, progress func(done, total int)) error {
	path, err := x.shelf.next()
	if err != nil {
		return err
	}
	v, err := openVolume(path, x.queue)
	if err != nil {
		return err
	}
	if err = x.fill(ctx, v, progress); err == nil {
		err = x.adopt(ctx, v)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("make the search index: %w", err), v.close(), os.RemoveAll(path))
	}
	return nil
}

// fill writes all public records. The last batch marks the volume as finished, at the position that the log had before
// the first record was read: what changed since is taken in again.
func (x *Index) fill(ctx context.Context, v *volume, progress func(done, total int)) error {
	var m mark
	var err error
	if m.Position, err = x.Log.Head(ctx); err != nil {
		return err
	}
	if m.Epoch, err = x.Log.Epoch(ctx); err != nil {
		return err
	}
	total, _, err := x.Catalog.Fingerprint(ctx)
	if err != nil {
		return err
	}
	after, done := "", 0
	for {
		docs, err := x.Catalog.DocumentsAfter(ctx, after, batchSize)
		if err != nil {
			return err
		}
		if len(docs) == 0 {
			break
		}
		b := index.NewBatch()
		for _, d := range docs {
			b.Update(x.entry(d))
			m.shows(d)
		}
		if err := v.write(b); err != nil {
			return err
		}
		after, done = docs[len(docs)-1].ID, done+len(docs)
		progress(done, max(done, total))
	}
	if done > batchSize {
		if err := v.merge(ctx); err != nil {
			return err
		}
	}
	b := index.NewBatch()
	b.SetInternal(markKey, m.bytes())
	if err := v.write(b); err != nil {
		return err
	}
	return v.finish()
}

// adopt brings a volume up to date, checks it, and puts it into use.
func (x *Index) adopt(ctx context.Context, v *volume) error {
	if err := x.catchUp(ctx, v); err != nil {
		return err
	}
	if err := v.checksums(); err != nil {
		return err
	}
	if err := v.warm(); err != nil {
		return err
	}
	if err := x.swap(ctx, v); err != nil {
		return err
	}
	x.closeRetired()
	if err := x.shelf.keepOnly(v.path); err != nil {
		x.Logger.WarnContext(ctx, "an old search index was not removed", "error", err)
	}
	return nil
}

// swap puts a volume into use that says what the catalogue says. Nobody writes meanwhile.
func (x *Index) swap(ctx context.Context, v *volume) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	if err := x.compare(ctx, v); err != nil {
		return err
	}
	// A change after this moment wakes the follower, which goes on from the position of this volume.
	if err := x.catchUp(ctx, v); err != nil {
		return err
	}
	if err := v.look(); err != nil {
		return err
	}
	old := x.live.Swap(v)
	x.failed.Store(false)
	x.generation.Add(1)
	x.mu.Lock()
	defer x.mu.Unlock()
	close(x.changed)
	x.changed = make(chan struct{})
	if old != nil {
		x.retired = append(x.retired, old)
	}
	return nil
}

// catchUp takes in all changes that there are now.
func (x *Index) catchUp(ctx context.Context, v *volume) error {
	for {
		m, _, err := v.mark()
		if err != nil {
			return err
		}
		cs, err := x.Log.Since(ctx, m.Position, batchSize)
		if err != nil || len(cs) == 0 {
			return err
		}
		if err := x.takeIn(ctx, v, cs); err != nil {
			return err
		}
	}
}

// verify reads all of the live volume and compares it with the catalogue.
func (x *Index) verify(ctx context.Context, v *volume) error {
	if err := v.look(); err != nil {
		return err
	}
	if err := v.checksums(); err != nil {
		return err
	}
	x.writing.Lock()
	defer x.writing.Unlock()
	if x.live.Load() != v {
		return nil
	}
	return x.compare(ctx, v)
}

// comparisons is how often a comparison is begun again because the catalogue changed under it. On a node that is
// written to without a pause the next one comes when the next check does.
const comparisons = 5

// compare tells whether a volume holds the records, in the versions, that the catalogue shows to strangers.
func (x *Index) compare(ctx context.Context, v *volume) error {
	for range comparisons {
		if err := x.catchUp(ctx, v); err != nil {
			return err
		}
		m, _, err := v.mark()
		if err != nil {
			return err
		}
		n, hash, err := v.fingerprint()
		if err != nil {
			return err
		}
		wantN, want, err := x.Catalog.Fingerprint(ctx)
		if err != nil {
			return err
		}
		head, err := x.Log.Head(ctx)
		if err != nil {
			return err
		}
		if head != m.Position {
			continue
		}
		if n != wantN || hash != want {
			return damage{fmt.Errorf("it has %d records and the catalogue %d, or other versions of them", n, wantN)}
		}
		return nil
	}
	return nil
}
