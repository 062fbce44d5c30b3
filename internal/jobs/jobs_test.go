package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/jobs"
)

// queue is a queue of its own on the database of a world; more than one share the work.
func queue(t *testing.T, w *fixture.World, handlers map[string]jobs.Handler) *jobs.Queue {
	return &jobs.Queue{Client: w.Store.Client, Begin: w.Store.BeginAside, Dialect: w.Store.Dialect, Now: w.Clock.Now, Handlers: handlers,
		Lease: time.Minute, Report: func(key string, err error) { t.Errorf("%s: %v", key, err) }}
}

func enqueue(t *testing.T, w *fixture.World, js ...jobs.Job) {
	t.Helper()
	tx, err := w.Store.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range js {
		if err := jobs.Enqueue(t.Context(), tx, j); err != nil {
			t.Fatal(errors.Join(err, tx.Rollback()))
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}

// log keeps what was run.
type log struct {
	mu   sync.Mutex
	keys []string
}

func (l *log) handle(_ context.Context, j jobs.Job) (time.Time, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.keys = append(l.keys, j.Key+string(j.Args))
	return time.Time{}, nil
}

func (l *log) want(t *testing.T, what string, keys ...string) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	if fmt.Sprint(l.keys) != fmt.Sprint(keys) {
		t.Errorf("%s: ran %v, want %v", what, l.keys, keys)
	}
}

func left(t *testing.T, w *fixture.World) int {
	t.Helper()
	return w.Store.Client.Job.Query().CountX(t.Context())
}

func TestJobsRunWhenTheyAreDueAndAreGone(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		l := &log{}
		q := queue(t, w, map[string]jobs.Handler{"mail": l.handle})
		enqueue(t, w, jobs.Job{Key: "later", Kind: "mail", RunAt: w.Clock.Now().Add(time.Hour)},
			jobs.Job{Key: "b", Kind: "mail", RunAt: w.Clock.Now(), Args: []byte("!")}, jobs.Job{Key: "a", Kind: "mail"})
		if n := q.Work(t.Context()); n != 2 {
			t.Errorf("%d jobs ran", n)
		}
		l.want(t, "what was due, oldest first", "a", "b!")
		w.Clock.Move(time.Hour)
		q.Work(t.Context())
		l.want(t, "an hour later", "a", "b!", "later")
		if n := left(t, w); n != 0 {
			t.Errorf("%d jobs are left", n)
		}
		w.Statements.Reset()
		if q.Work(t.Context()) != 0 {
			t.Error("something ran twice")
		}
	})
}

func TestAJobIsThereOnlyWithItsTransaction(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		tx, err := w.Store.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := jobs.Enqueue(t.Context(), tx, jobs.Job{Key: "a", Kind: "mail"}); err != nil {
			t.Fatal(err)
		}
		if err := tx.Rollback(); err != nil {
			t.Fatal(err)
		}
		if n := left(t, w); n != 0 {
			t.Errorf("%d jobs are left", n)
		}
	})
}

func TestAKeyIsOneJobAtTheEarlierMoment(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		l := &log{}
		q := queue(t, w, map[string]jobs.Handler{"mail": l.handle})
		at := func(d time.Duration) jobs.Job {
			return jobs.Job{Key: "a", Kind: "mail", RunAt: w.Clock.Now().Add(d), Args: []byte(d.String())}
		}
		enqueue(t, w, at(2*time.Hour), at(time.Hour), at(3*time.Hour), at(time.Hour))
		w.Clock.Move(time.Hour - time.Second)
		q.Work(t.Context())
		l.want(t, "early")
		w.Clock.Move(time.Second)
		q.Work(t.Context())
		l.want(t, "on time", "a2h0m0s")
		w.Clock.Move(5 * time.Hour)
		q.Work(t.Context())
		l.want(t, "afterwards", "a2h0m0s")
	})
}

func TestWhatIsAskedDuringARunIsNotLost(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		for _, later := range []time.Duration{0, 24 * time.Hour} { // before and after the end of the lease
			runs := 0
			q := queue(t, w, map[string]jobs.Handler{"mail": func(context.Context, jobs.Job) (time.Time, error) {
				if runs++; runs == 1 {
					enqueue(t, w, jobs.Job{Key: "a", Kind: "mail", RunAt: w.Clock.Now().Add(later)})
				}
				return time.Time{}, nil
			}})
			enqueue(t, w, jobs.Job{Key: "a", Kind: "mail"})
			q.Work(t.Context())
			w.Clock.Move(time.Minute)
			q.Work(t.Context())
			if runs != 2 || left(t, w) != 0 {
				t.Errorf("asked again for %v later: ran %d times, %d left", later, runs, left(t, w))
			}
		}
	})
}

func TestWhoOutlivesTheLeaseFinishesNothing(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		enqueue(t, w, jobs.Job{Key: "a", Kind: "mail"})
		started, goOn := make(chan bool), make(chan bool)
		slow := queue(t, w, map[string]jobs.Handler{"mail": func(context.Context, jobs.Job) (time.Time, error) {
			started <- true
			<-goOn
			return time.Time{}, nil
		}})
		var running sync.WaitGroup
		running.Go(func() { slow.Work(t.Context()) })
		<-started
		l := &log{}
		quick := queue(t, w, map[string]jobs.Handler{"mail": l.handle})
		quick.Work(t.Context())
		l.want(t, "while another has it")
		w.Clock.Move(time.Minute)
		quick.Work(t.Context())
		l.want(t, "after the lease", "a")
		// The key is asked for again and claimed again: it is another's now, with the same number of attempts.
		enqueue(t, w, jobs.Job{Key: "a", Kind: "mail"})
		third := queue(t, w, map[string]jobs.Handler{"mail": func(context.Context, jobs.Job) (time.Time, error) {
			goOn <- true
			running.Wait()
			return time.Time{}, errors.New("not yet")
		}})
		third.Report = nil
		if third.Work(t.Context()) != 1 || left(t, w) != 1 {
			t.Error("the slow one took away a job that was another's")
		}
	})
}

func TestAJobThatFailsIsTriedAgainAfterAGrowingPause(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		fails, runs, reported := 5, 0, 0
		q := queue(t, w, map[string]jobs.Handler{"mail": func(context.Context, jobs.Job) (time.Time, error) {
			if runs++; runs == 2 {
				panic("a mistake of ours")
			}
			if runs <= fails {
				return time.Time{}, errors.New("no answer")
			}
			return time.Time{}, nil
		}})
		q.Report = func(key string, err error) {
			if reported++; key != "a" || err == nil {
				t.Errorf("%s: %v", key, err)
			}
		}
		enqueue(t, w, jobs.Job{Key: "a", Kind: "mail"})
		for i := range fails {
			if q.Work(t.Context()) != 1 {
				t.Fatalf("attempt %d was not made", i+1)
			}
			row := w.Store.Client.Job.GetX(t.Context(), "a")
			pause, about := time.UnixMilli(row.RunAt).Sub(w.Clock.Now()), time.Second<<i
			if pause < about/2 || pause > about*3/2 || row.Attempts != i+1 {
				t.Errorf("after %d failures it waits %v, with %d attempts", i+1, pause, row.Attempts)
			}
			w.Clock.Move(pause)
		}
		if q.Work(t.Context()) != 1 || left(t, w) != 0 || reported != fails {
			t.Errorf("%d runs, %d reports, %d left", runs, reported, left(t, w))
		}
	})
}

func TestAPauseIsNeverMuchLongerThanAnHour(t *testing.T) {
	w := fixture.SQLite(t)
	q := queue(t, w, map[string]jobs.Handler{"mail": func(context.Context, jobs.Job) (time.Time, error) { return time.Time{}, errors.New("never") }})
	q.Report = nil
	enqueue(t, w, jobs.Job{Key: "a", Kind: "mail"})
	var last time.Duration
	for range 100 {
		if q.Work(t.Context()) != 1 {
			t.Fatal("it was given up")
		}
		last = time.UnixMilli(w.Store.Client.Job.GetX(t.Context(), "a").RunAt).Sub(w.Clock.Now())
		if last > 90*time.Minute {
			t.Fatalf("it waits %v", last)
		}
		w.Clock.Move(last)
	}
	if last < 30*time.Minute {
		t.Errorf("after a hundred failures it waits only %v", last)
	}
}

func TestPeriodicWorkSchedulesItselfAgain(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		runs, fail := 0, false
		q := queue(t, w, nil)
		q.Report = nil
		q.Handlers = map[string]jobs.Handler{"tidy": q.Every(24*time.Hour, func(ctx context.Context) error {
			if runs++; fail {
				return errors.New("not now")
			}
			return w.Store.Tidy(ctx)
		})}
		for range 3 { // each start asks for it
			enqueue(t, w, jobs.Job{Key: "tidy", Kind: "tidy"})
			q.Work(t.Context())
		}
		if runs != 3 || left(t, w) != 1 {
			t.Errorf("it ran %d times, %d jobs", runs, left(t, w))
		}
		w.Clock.Move(23 * time.Hour)
		q.Work(t.Context())
		if runs != 3 {
			t.Error("it ran too early")
		}
		w.Clock.Move(time.Hour)
		fail = true
		q.Work(t.Context())
		if row := w.Store.Client.Job.GetX(t.Context(), "tidy"); runs != 4 || row.RunAt > w.Clock.Now().Add(2*time.Second).UnixMilli() {
			t.Errorf("a failure waits for the next period: %d runs, %+v", runs, row)
		}
		fail = false
		w.Clock.Move(2 * time.Second)
		q.Work(t.Context())
		if row := w.Store.Client.Job.GetX(t.Context(), "tidy"); runs != 5 || row.Attempts != 0 || row.RunAt != w.Clock.Now().Add(24*time.Hour).UnixMilli() {
			t.Errorf("after a success: %d runs, %+v", runs, row)
		}
	})
}

func TestAKindThatIsNotKnownIsLeftForOthers(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		l := &log{}
		enqueue(t, w, jobs.Job{Key: "new", Kind: "of a newer Plein"}, jobs.Job{Key: "old", Kind: "mail"})
		queue(t, w, map[string]jobs.Handler{"mail": l.handle}).Work(t.Context())
		l.want(t, "known", "old")
		queue(t, w, nil).Work(t.Context())
		if n := left(t, w); n != 1 {
			t.Errorf("%d jobs are left", n)
		}
	})
}

func TestManyWorkersRunEachJobOnce(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		replica := w.Replica(t)
		var js []jobs.Job
		for i := range 60 {
			js = append(js, jobs.Job{Key: fmt.Sprint("job ", i), Kind: "mail"})
		}
		enqueue(t, w, js...)
		var runs atomic.Int64
		handlers := map[string]jobs.Handler{"mail": func(context.Context, jobs.Job) (time.Time, error) {
			runs.Add(1)
			return time.Time{}, nil
		}}
		var working sync.WaitGroup
		for i := range 6 {
			working.Go(func() { queue(t, []*fixture.World{w, replica}[i%2], handlers).Work(t.Context()) })
		}
		working.Wait()
		// A worker that finds the last one taken stops; nothing is left behind by that.
		queue(t, w, handlers).Work(t.Context())
		if runs.Load() != 60 || left(t, w) != 0 {
			t.Errorf("%d runs, %d left", runs.Load(), left(t, w))
		}
	})
}

func TestStoppingWaitsForWhatIsUnderWay(t *testing.T) {
	w := fixture.SQLite(t)
	started, goOn := make(chan bool), make(chan bool)
	q := queue(t, w, map[string]jobs.Handler{"mail": func(ctx context.Context, _ jobs.Job) (time.Time, error) {
		started <- true
		<-goOn
		return time.Time{}, ctx.Err()
	}})
	enqueue(t, w, jobs.Job{Key: "a", Kind: "mail"}, jobs.Job{Key: "b", Kind: "mail"})
	ctx, stop := context.WithCancel(t.Context())
	stopped := make(chan bool)
	go func() {
		q.Run(ctx, 1)
		close(stopped)
	}()
	<-started
	stop()
	select {
	case <-stopped:
		t.Fatal("it did not wait")
	default:
	}
	goOn <- true
	<-stopped
	if row := w.Store.Client.Job.Query().OnlyX(t.Context()); row.ID != "b" || row.Attempts != 0 {
		t.Errorf("left is %+v", row)
	}
}

func TestAJobThatIsInterruptedIsPutBackAtOnce(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		ctx, stop := context.WithCancel(t.Context())
		q := queue(t, w, map[string]jobs.Handler{"mail": func(ctx context.Context, _ jobs.Job) (time.Time, error) {
			stop()
			<-ctx.Done()
			return time.Time{}, ctx.Err()
		}})
		enqueue(t, w, jobs.Job{Key: "a", Kind: "mail"})
		q.Work(ctx)
		row := w.Store.Client.Job.GetX(t.Context(), "a")
		if row.RunAt > w.Clock.Now().UnixMilli() || row.Attempts != 0 {
			t.Errorf("it waits as %+v", row)
		}
		l := &log{}
		queue(t, w, map[string]jobs.Handler{"mail": l.handle}).Work(t.Context())
		l.want(t, "another", "a")
	})
}

func TestRunNoticesWhatComes(t *testing.T) {
	w := fixture.SQLite(t)
	ran := make(chan string)
	q := queue(t, w, map[string]jobs.Handler{"mail": func(_ context.Context, j jobs.Job) (time.Time, error) {
		ran <- j.Key
		return time.Time{}, nil
	}})
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { q.Run(ctx, 2) })
	enqueue(t, w, jobs.Job{Key: "a", Kind: "mail"})
	select {
	case <-ran:
	case <-time.After(20 * time.Second):
		t.Error("not noticed")
	}
	stop()
	running.Wait()
}

func TestAWriteThatCannotBeginIsReported(t *testing.T) {
	w := fixture.SQLite(t)
	enqueue(t, w, jobs.Job{Key: "a", Kind: "mail"})
	q := queue(t, w, map[string]jobs.Handler{"mail": (&log{}).handle})
	full := errors.New("the disk is full")
	q.Begin = func(context.Context) (*ent.Tx, error) { return nil, full }
	var got error
	q.Report = func(_ string, err error) { got = err }
	if q.Work(t.Context()) != 0 || !errors.Is(got, full) || left(t, w) != 1 {
		t.Errorf("got %v", got)
	}
}
