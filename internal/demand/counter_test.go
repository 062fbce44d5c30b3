package demand

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"entgo.io/ent/dialect"

	"github.com/udc-community/plein/ent/miss"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/store"
)

// counter counts as a process of its own.
func counter(w *fixture.World) *Counter {
	return &Counter{Begin: w.Store.BeginAside, Dialect: w.Store.Dialect, Now: w.Clock.Now, Logger: slog.New(slog.DiscardHandler)}
}

func visitor(n int) netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)}), 32)
}

// text is the n-th of many texts, each another.
func text(n int) string {
	letters := make([]byte, 40)
	for i := range letters {
		letters[i] = 'a' + byte(n%26)
		n /= 26
	}
	return string(letters[:20]) + " " + string(letters[20:])
}

func flush(t *testing.T, c *Counter) {
	t.Helper()
	if err := c.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

const march = "2026-03" // the fixture's clock

func report(t *testing.T, w *fixture.World, month string, want ...Unmet) {
	t.Helper()
	got, err := Report(t.Context(), w.Store.Client, month)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %d, such as %v; want %d, such as %v", month, len(got), got[:min(5, len(got))], len(want), want[:min(5, len(want))])
	}
}

// rows counts the rows of a month, without its key.
func rows(t *testing.T, w *fixture.World, month string) int {
	t.Helper()
	n, err := w.Store.Client.Miss.Query().Where(miss.Month(month), miss.VisitorsGT(0)).Count(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// holds tells whether a text lies anywhere in the database: for SQLite in the bytes of its files.
func holds(t *testing.T, w *fixture.World, text string) bool {
	t.Helper()
	if w.Store.Dialect != dialect.SQLite {
		n, err := w.Store.Client.Miss.Query().Where(miss.WordsContains(text)).Count(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return n > 0
	}
	files, err := filepath.Glob(filepath.Join(w.Config.Dir, store.File+"*"))
	if err != nil || len(files) == 0 {
		t.Fatal(err, files)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, []byte(text)) {
			return true
		}
	}
	return false
}

func TestATextIsReadableFromItsThirdVisitorOn(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		c := counter(w)
		for n := 1; n <= 4; n++ {
			c.Count(visitor(n), "Warmtepompen bij Hofjes")
			flush(t, c)
			if n < AtLeast {
				report(t, w, march)
				for _, text := range []string{"warmtepompen", "Warmtepompen", "ofjes", "10.0.0"} {
					if holds(t, w, text) {
						t.Errorf("after %d visitors the database holds %q", n, text)
					}
				}
				if rows(t, w, march) != 1 {
					t.Errorf("%d rows after %d visitors", rows(t, w, march), n)
				}
				continue
			}
			report(t, w, march, Unmet{"warmtepompen bij hofjes", n})
		}
		if !holds(t, w, "warmtepompen bij hofjes") {
			t.Error("the search through the database finds nothing that is there: it shows nothing")
		}
		if holds(t, w, "10.0.0") {
			t.Error("the database holds an address")
		}
	})
}

func TestAVisitorCountsOnceADay(t *testing.T) {
	w := fixture.SQLite(t)
	c := counter(w)
	for range 5 {
		c.Count(visitor(1), "warmtepomp")
		c.Count(visitor(1), "WARMTEPOMP!")
		flush(t, c)
	}
	c.Count(visitor(2), "warmtepomp")
	flush(t, c)
	report(t, w, march)
	c.Count(visitor(3), "warmtepomp")
	c.Count(visitor(3), "warmtepomp")
	flush(t, c)
	report(t, w, march, Unmet{"warmtepomp", 3})
	w.Clock.Move(24 * time.Hour) // told apart for a day, not longer
	c.Count(visitor(1), "warmtepomp")
	flush(t, c)
	report(t, w, march, Unmet{"warmtepomp", 4})
}

func TestVisitorsOfYesterdayAreForgottenEvenWhenNobodyAsks(t *testing.T) {
	w := fixture.SQLite(t)
	c := counter(w)
	c.Count(visitor(1), "warmtepomp")
	flush(t, c)
	if len(c.today.marks) != 1 {
		t.Fatal(c.today.marks)
	}
	key := c.today.key
	w.Clock.Move(24 * time.Hour)
	flush(t, c)
	if len(c.today.marks) != 0 || len(c.today.texts) != 0 || c.today.key == key {
		t.Errorf("still known: %v %v", c.today.marks, c.today.texts)
	}
}

func TestMostVisitorsComeFirst(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		c := counter(w)
		for text, n := range map[string]int{"b": 3, "a": 3, "c": 5, "d": 2} {
			for i := range n {
				c.Count(visitor(i), text)
			}
		}
		flush(t, c)
		report(t, w, march, Unmet{"c", 5}, Unmet{"a", 3}, Unmet{"b", 3})
	})
}

func TestProcessesOnOneDatabaseAddUp(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		other := w.Replica(t)
		one, two := counter(w), counter(other)
		one.Count(visitor(1), "warmtepomp")
		one.Count(visitor(2), "warmtepomp")
		two.Count(visitor(3), "warmtepomp")
		flush(t, one)
		flush(t, two)
		report(t, w, march, Unmet{"warmtepomp", 3})

		// At the same moment, with many texts in common: nothing is lost and nobody locks up.
		var want []Unmet
		for i := range 1_200 {
			want = append(want, Unmet{text(i), 4})
			for n := range 2 {
				// Each visitor has few texts, so that none has too many.
				one.Count(visitor(1_000+10*(i/50)+n), text(i))
				two.Count(visitor(1_000+10*(i/50)+5+n), text(i))
			}
		}
		var both sync.WaitGroup
		for _, c := range []*Counter{one, two} {
			both.Go(func() {
				if err := c.Flush(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		slices.SortFunc(want, func(a, b Unmet) int { return strings.Compare(a.Words, b.Words) })
		report(t, w, march, append(want, Unmet{"warmtepomp", 3})...)
	})
}

func TestWhatTooFewAskedForIsGoneWhenTheMonthIs(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		c := counter(w)
		prune := func() {
			t.Helper()
			if err := c.Prune(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		for n := range 3 {
			c.Count(visitor(n), "warmtepomp")
		}
		c.Count(visitor(1), "hofjes")
		to := func(moment string) {
			t.Helper()
			m, err := time.Parse(time.DateTime, moment)
			if err != nil {
				t.Fatal(err)
			}
			w.Clock.Move(m.Sub(w.Clock.Now()))
		}
		to("2026-03-31 23:59:30")
		flush(t, c)
		prune()
		if rows(t, w, march) != 2 {
			t.Error("a month was pruned that is not over")
		}
		c.Count(visitor(2), "hofjes")
		to("2026-04-01 00:00:30") // what was counted in March is March's
		c.Count(visitor(2), "hofjes")
		prune()
		flush(t, c)
		if rows(t, w, march) != 2 || rows(t, w, "2026-04") != 1 {
			t.Errorf("%d rows in March, %d in April", rows(t, w, march), rows(t, w, "2026-04"))
		}
		report(t, w, march, Unmet{"warmtepomp", 3})

		to("2026-04-02 00:00:30")
		prune()
		report(t, w, march, Unmet{"warmtepomp", 3})
		if rows(t, w, march) != 1 || rows(t, w, "2026-04") != 1 {
			t.Errorf("%d rows in March, %d in April", rows(t, w, march), rows(t, w, "2026-04"))
		}
		if n, _ := w.Store.Client.Miss.Query().Where(miss.ID(march)).Count(t.Context()); n != 0 {
			t.Error("the key of March outlives March")
		}
		if n, _ := w.Store.Client.Miss.Query().Where(miss.ID("2026-04")).Count(t.Context()); n != 1 {
			t.Error("the key of April is gone")
		}

		to("2028-03-31 23:59:30")
		prune()
		report(t, w, march, Unmet{"warmtepomp", 3})
		to("2028-04-01 00:00:30")
		prune()
		report(t, w, march)
		if n, _ := w.Store.Client.Miss.Query().Count(t.Context()); n != 0 {
			t.Errorf("%d rows are left", n)
		}
	})
}

func TestTheSameTextHasAnotherHashEachMonth(t *testing.T) {
	w := fixture.SQLite(t)
	c := counter(w)
	ids := map[string]bool{}
	for range 3 {
		c.Count(visitor(1), "warmtepomp")
		flush(t, c)
		w.Clock.Move(31 * 24 * time.Hour)
	}
	all, err := w.Store.Client.Miss.Query().Where(miss.VisitorsGT(0)).All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		ids[r.ID] = true
		if r.Words != "" || len(r.ID) != 22 {
			t.Error(r)
		}
	}
	if len(ids) != 3 {
		t.Errorf("%d hashes in 3 months", len(ids))
	}
}

func TestWhatCannotBeWrittenWaits(t *testing.T) {
	w := fixture.SQLite(t)
	c := counter(w)
	for n := range 3 {
		c.Count(visitor(n), "warmtepomp")
	}
	ended, stop := context.WithCancel(t.Context())
	stop()
	if err := c.Flush(ended); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	c.Count(visitor(3), "warmtepomp")
	flush(t, c)
	report(t, w, march, Unmet{"warmtepomp", 4})
}

// A process that dies loses what it did not write yet and no more.
func TestACrashLosesOnlyWhatWasNotWrittenYet(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		before := counter(w)
		before.Count(visitor(1), "warmtepomp")
		before.Count(visitor(2), "warmtepomp")
		flush(t, before)
		before.Count(visitor(3), "warmtepomp") // never written
		after := counter(w.Replica(t))
		after.Count(visitor(4), "warmtepomp")
		flush(t, after)
		report(t, w, march, Unmet{"warmtepomp", 3})
	})
}

func TestItIsWrittenEveryMinuteAndAtTheEnd(t *testing.T) {
	w := fixture.SQLite(t)
	synctest.Test(t, func(t *testing.T) {
		c := counter(w)
		ctx, stop := context.WithCancel(context.Background())
		var running sync.WaitGroup
		running.Go(func() { c.Run(ctx) })
		c.Count(visitor(1), "warmtepomp")
		time.Sleep(flushEvery - time.Second)
		if rows(t, w, march) != 0 {
			t.Error("written before its time")
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if rows(t, w, march) != 1 {
			t.Error("not written after a minute")
		}
		c.Count(visitor(2), "warmtepomp")
		c.Count(visitor(3), "warmtepomp")
		stop()
		running.Wait()
		report(t, w, march, Unmet{"warmtepomp", 3})
	})
}

func TestAMillionTextsFillNeitherMemoryNorDatabase(t *testing.T) {
	w := fixture.SQLite(t)
	c := counter(w)
	heap := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before := heap()
	for i := range 1_000_000 {
		c.Count(visitor(i/100), text(i))
	}
	grown := heap() - before
	t.Logf("%d texts wait, %d bytes", len(c.pending), grown)
	if len(c.pending) > mostADay || len(c.today.marks) > mostADay || len(c.today.texts) > mostADay {
		t.Errorf("%d texts, %d marks, %d visitors", len(c.pending), len(c.today.marks), len(c.today.texts))
	}
	if grown > 8<<20 {
		t.Errorf("%d bytes", grown)
	}
	flush(t, c)
	for i := range 1_000 {
		c.Count(visitor(i), text(2_000_000+i))
	}
	flush(t, c)
	if n := rows(t, w, march); n != mostADay {
		t.Errorf("%d rows in a day, want %d", n, mostADay)
	}
	runtime.KeepAlive(c)
}

func TestOneVisitorCannotUseUpTheDayOfTheOthers(t *testing.T) {
	w := fixture.SQLite(t)
	c := counter(w)
	for i := range 2 * mostADay {
		c.Count(visitor(1), text(i))
	}
	for n := range 3 {
		c.Count(visitor(2+n), "warmtepomp")
	}
	flush(t, c)
	report(t, w, march, Unmet{"warmtepomp", 3})
	if n := rows(t, w, march); n != mostOfEach+1 {
		t.Errorf("%d rows", n)
	}
}
