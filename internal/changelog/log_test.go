package changelog_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/feedentry"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/fixture"
)

// write makes some changes with feed entries of some publishers, and says how many changes it made.
func write(ctx context.Context, w *fixture.World, changes int, commit bool) error {
	tx, err := w.Store.Begin(ctx)
	if err != nil {
		return err
	}
	var seq int64
	for i := range changes {
		id := fmt.Sprintf("prj_%d", rand.IntN(50))
		if i%2 == 0 {
			err = changelog.Publish(ctx, tx, fixture.Start, changelog.Entry{Type: changelog.Update, Kind: "PROJECT", RecordID: id,
				PublisherID: fmt.Sprintf("org_%d", rand.IntN(3)), Numbered: rand.IntN(4) > 0, Version: i, Payload: []byte("{}")})
		}
		if err == nil {
			seq, err = changelog.Append(ctx, tx, fixture.Start, changelog.Change{Kind: changelog.Updated, RecordID: id, Actor: "tok_x"})
		}
		if err != nil {
			return errors.Join(err, tx.Rollback())
		}
	}
	if !commit {
		return tx.Rollback()
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	w.Log.Advance(seq)
	return nil
}

// dense checks that the logs have every number from 1 to their head, and gives how many changes there are.
func dense(t *testing.T, w *fixture.World) int64 {
	t.Helper()
	cs, err := w.Log.Since(t.Context(), 0, 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range cs {
		if c.ID != int64(i+1) {
			t.Fatalf("change %d has number %d", i+1, c.ID)
		}
	}
	next := map[string]int64{}
	es := w.Store.Client.FeedEntry.Query().Order(feedentry.ByID()).AllX(t.Context())
	for i, e := range es {
		if e.ID != int64(i+1) {
			t.Fatalf("feed entry %d has number %d", i+1, e.ID)
		}
		if e.PublisherSeq == nil {
			continue
		}
		if next[e.PublisherID]++; *e.PublisherSeq != next[e.PublisherID] {
			t.Fatalf("entry %d of %s has its number %d", next[e.PublisherID], e.PublisherID, *e.PublisherSeq)
		}
	}
	for name, want := range map[string]int64{"head": int64(len(cs)), "feed": int64(len(es))} {
		got, err := w.Log.Head(t.Context())
		if name == "feed" {
			got, err = w.Log.FeedHead(t.Context())
		}
		if err != nil || got != want {
			t.Errorf("%s is at %d of %d: %v", name, got, want, err)
		}
	}
	return int64(len(cs))
}

// reader is a follower that keeps its position in memory and minds every gap.
type reader struct {
	mu    sync.Mutex
	at    int64
	jumps int
	fail  int // how often Apply still fails
	fails int
}

func (r *reader) Position(context.Context) (int64, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.at, nil
}

func (r *reader) Apply(_ context.Context, cs []*ent.Change) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fail > 0 {
		r.fail, r.fails = r.fail-1, r.fails+1
		return errors.New("not now")
	}
	for _, c := range cs {
		if c.ID != r.at+1 {
			r.jumps++
		}
		r.at = c.ID
	}
	return nil
}

func TestTheLogsAreDenseUnderConcurrentWriters(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		replica := w.Replica(t)
		before := dense(t, w)
		ctx, stop := context.WithCancel(t.Context())
		followers := []*reader{{}, {}}
		var following, writing sync.WaitGroup
		for i, on := range []*fixture.World{w, replica} {
			following.Go(func() { on.Log.Follow(ctx, followers[i], func(err error) { t.Error(err) }) })
		}
		var mu sync.Mutex
		made := before
		for g := range 8 {
			on := []*fixture.World{w, replica}[g%2]
			writing.Go(func() {
				for range 15 {
					n, commit := 1+rand.IntN(3), rand.IntN(4) > 0
					if err := write(t.Context(), on, n, commit); err != nil {
						t.Error(err)
						return
					}
					if commit {
						mu.Lock()
						made += int64(n)
						mu.Unlock()
					}
				}
			})
		}
		writing.Wait()
		if n := dense(t, w); n != made {
			t.Errorf("%d changes were written and %d are there", made, n)
		}
		for i, on := range []*fixture.World{w, replica} {
			end := time.After(10 * time.Second)
			for at := int64(0); at < made; {
				wake := on.Log.Changed()
				at, _ = followers[i].Position(ctx)
				if at < made {
					select {
					case <-wake:
					case <-time.After(20 * time.Millisecond):
					case <-end:
						t.Fatalf("follower %d stopped at %d of %d", i, at, made)
					}
				}
			}
		}
		stop()
		following.Wait()
		for i, f := range followers {
			if f.jumps > 0 || f.at != made {
				t.Errorf("follower %d saw %d gaps and is at %d of %d", i, f.jumps, f.at, made)
			}
		}
	})
}

func TestAFollowerThatFailsIsTriedAgainFromWhereItWas(t *testing.T) {
	w := fixture.SQLite(t)
	for range 3 {
		if err := write(t.Context(), w, 3, true); err != nil {
			t.Fatal(err)
		}
	}
	r := &reader{fail: 1}
	if err := w.Log.CatchUp(t.Context(), r); err == nil || r.at != 0 {
		t.Errorf("a follower that failed is at %d: %v", r.at, err)
	}
	r.fail = 1
	ctx, stop := context.WithCancel(t.Context())
	reports := make(chan error, 10)
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.Log.Follow(ctx, r, func(err error) { reports <- err })
	}()
	if err := <-reports; err == nil {
		t.Error("a failure was reported as nothing")
	}
	head, err := w.Log.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for range 1000 {
		if at, _ := r.Position(ctx); at == head {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	stop()
	<-done
	if r.at != head || r.jumps > 0 || len(reports) > 0 {
		t.Errorf("it is at %d of %d with %d gaps", r.at, head, r.jumps)
	}
}

func TestALongLogIsFollowedInParts(t *testing.T) {
	w := fixture.SQLite(t)
	if err := write(t.Context(), w, 1000, true); err != nil {
		t.Fatal(err)
	}
	r := &reader{}
	if err := w.Log.CatchUp(t.Context(), r); err != nil || r.at != dense(t, w) || r.jumps > 0 {
		t.Errorf("it is at %d with %d gaps: %v", r.at, r.jumps, err)
	}
}

func TestADeleteTakesEarlierPayloadsOfItsRecordOnly(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		ctx := t.Context()
		tx, err := w.Store.Begin(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for i, e := range []changelog.Entry{
			{Type: changelog.Create, RecordID: "prj_a", Payload: []byte("a1")}, {Type: changelog.Create, RecordID: "prj_b", Payload: []byte("b1")},
			{Type: changelog.Update, RecordID: "prj_a", Payload: []byte("a2")}, {Type: changelog.Delete, RecordID: "prj_a", Reason: "Fout."},
			{Type: changelog.Create, RecordID: "prj_a", Payload: []byte("a3")},
		} {
			e.Version, e.Kind, e.PublisherID = i, "PROJECT", "org_x"
			if err := changelog.Publish(ctx, tx, fixture.Start, e); err != nil {
				t.Fatal(err)
			}
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range w.Store.Client.FeedEntry.Query().Order(feedentry.ByID()).AllX(ctx) {
			got = append(got, e.RecordID+"="+string(e.Payload)+e.Reason)
		}
		if want := "[prj_a= prj_b=b1 prj_a= prj_a=Fout. prj_a=a3]"; fmt.Sprint(got) != want {
			t.Errorf("got %v, want %s", got, want)
		}
	})
}

func TestWaitersAreWokenByWhatIsNewOnly(t *testing.T) {
	w := fixture.SQLite(t)
	log := changelog.New(w.Store.Client)
	log.Advance(5)
	wake := log.Changed()
	log.Advance(5)
	log.Advance(4)
	select {
	case <-wake:
		t.Error("woken by nothing")
	default:
	}
	if log.Seen() != 5 {
		t.Errorf("it went back to %d", log.Seen())
	}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() { log.Advance(int64(6 + i)) })
	}
	<-wake
	wg.Wait()
	if log.Seen() != 13 {
		t.Errorf("it is at %d", log.Seen())
	}
}

func TestWritesOfOtherProcessesAreNoticed(t *testing.T) {
	w := fixture.SQLite(t)
	log := changelog.New(w.Store.Client)
	ctx, stop := context.WithCancel(t.Context())
	var watching sync.WaitGroup
	watching.Go(func() { log.Watch(ctx, func(err error) { t.Error(err) }) })
	for range 2 {
		wake := log.Changed()
		if err := write(t.Context(), w, 1, true); err != nil {
			t.Fatal(err)
		}
		head, err := w.Log.Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for end := time.After(10 * time.Second); log.Seen() < head; wake = log.Changed() {
			select {
			case <-wake:
			case <-end:
				t.Fatalf("it noticed %d of %d", log.Seen(), head)
			}
		}
	}
	stop()
	watching.Wait()
}

func TestAnEpochIsNewAfterEveryRestore(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		end, err := w.FeedEnd(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for before, times := int64(0), 0; times < 2; times++ {
			tx, err := w.Store.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if err := changelog.NewEpoch(t.Context(), tx.Client(), fixture.Start); err != nil {
				t.Fatal(err)
			}
			if err := tx.Commit(); err != nil {
				t.Fatal(err)
			}
			now, err := w.Log.Epoch(t.Context())
			if err != nil || now <= before {
				t.Fatalf("the epoch is %d after %d: %v", now, before, err)
			}
			before = now
			if _, _, err := w.Feed(t.Context(), catalog.FeedFilter{}, 1, end); err == nil {
				t.Error("a cursor of before the restore is taken")
			}
			if end, err = w.FeedEnd(t.Context()); err != nil {
				t.Fatal(err)
			}
			if _, _, err := w.Feed(t.Context(), catalog.FeedFilter{}, 1, end); err != nil {
				t.Errorf("a cursor of this epoch: %v", err)
			}
		}
	})
}
