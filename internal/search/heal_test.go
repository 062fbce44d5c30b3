package search

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/fixture"
)

// damages are what disks, people and programs do to files.
var damages = map[string]func(t *testing.T, volume string){
	"the folder is deleted":  func(t *testing.T, p string) { do(t, os.RemoveAll(p)) },
	"root.bolt is deleted":   func(t *testing.T, p string) { do(t, os.Remove(filepath.Join(p, boltFile))) },
	"root.bolt is cut short": func(t *testing.T, p string) { halve(t, filepath.Join(p, boltFile)) },
	"root.bolt is empty":     func(t *testing.T, p string) { do(t, os.Truncate(filepath.Join(p, boltFile), 0)) },
	"root.bolt is zeroed": func(t *testing.T, p string) {
		do(t, os.WriteFile(filepath.Join(p, boltFile), make([]byte, 8192), 0o600))
	},
	"root.bolt is noise":      func(t *testing.T, p string) { flip(t, filepath.Join(p, boltFile), 0, 1) },
	"a segment is deleted":    func(t *testing.T, p string) { do(t, os.Remove(segments(t, p)[0])) },
	"a segment is cut short":  func(t *testing.T, p string) { halve(t, segments(t, p)[0]) },
	"a segment is empty":      func(t *testing.T, p string) { do(t, os.Truncate(segments(t, p)[0], 0)) },
	"bytes of a segment flip": func(t *testing.T, p string) { flip(t, segments(t, p)[0], .3, .4) },
	"a segment is noise":      func(t *testing.T, p string) { flip(t, segments(t, p)[0], 0, 1) },
	"its end is noise":        func(t *testing.T, p string) { flip(t, segments(t, p)[0], .99, 1) },
}

func do(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func halve(t *testing.T, name string) {
	t.Helper()
	info, err := os.Stat(name)
	do(t, err)
	do(t, os.Truncate(name, info.Size()/2))
}

func flip(t *testing.T, name string, from, to float64) {
	t.Helper()
	b, err := os.ReadFile(name)
	do(t, err)
	for i := int(from * float64(len(b))); i < int(to*float64(len(b))); i++ {
		b[i] ^= 0xff
	}
	// In place, as a failing disk does it: an open index sees it at once.
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	do(t, err)
	_, err = f.WriteAt(b, 0)
	do(t, errors.Join(err, f.Close()))
}

func segments(t *testing.T, volume string) []string {
	t.Helper()
	out, err := filepath.Glob(filepath.Join(volume, segmentPattern))
	if err != nil || len(out) == 0 {
		t.Fatalf("no segments in %s: %v", volume, err)
	}
	return out
}

func TestDamageAtRestHealsWhileSearchesAreAnswered(t *testing.T) {
	for name, damage := range damages {
		t.Run(name, func(t *testing.T) {
			w := fixture.SQLite(t)
			starter(t, w)
			dir := filepath.Join(t.TempDir(), "index")
			x := start(t, w, dir)
			ready(t, x)
			path := x.live.Load().path
			do(t, x.Close())
			damage(t, path)

			x = start(t, w, dir)
			for x.State().Mode != Ready {
				want(t, titlesOf(find(t, x, Request{Text: "kamers studenten overlast"})), "Verkamering")
			}
			// A deleted folder leaves nothing to set aside; the lost half of root.bolt may have been empty.
			if aside := healed(t, w, x); aside != 1 && name != "the folder is deleted" && name != "root.bolt is cut short" {
				t.Errorf("%d damaged indexes were set aside", aside)
			}
		})
	}
}

func TestDamageInUseHealsWhileSearchesAreAnswered(t *testing.T) {
	for name, damage := range damages {
		if name == "root.bolt is noise" || name == "root.bolt is zeroed" {
			continue // nothing reads it until the next start; that is the test above
		}
		t.Run(name, func(t *testing.T) {
			w := fixture.SQLite(t)
			starter(t, w)
			x := start(t, w, filepath.Join(t.TempDir(), "index"), func(c *Config) { c.VerifyEvery = 50 * time.Millisecond })
			ready(t, x)
			follow(t, w, x)
			old := x.live.Load()
			damage(t, old.path)
			end := time.Now().Add(30 * time.Second)
			for v := old; v == old || v == nil; v = x.live.Load() {
				if r := find(t, x, Request{Text: "kamers studenten overlast"}); r.Degraded {
					want(t, titlesOf(r), "Verkamering")
				}
				if time.Now().After(end) {
					t.Fatal("it does not heal")
				}
			}
			healed(t, w, x)
			publish(t, w, "Na de schade", "x", "x")
			ready(t, x)
			for x.State().Position != w.Log.Seen() {
				time.Sleep(time.Millisecond)
			}
			want(t, titlesOf(find(t, x, Request{Text: "schade"})), "Na de schade")
		})
	}
}

// healed checks that the index says what the catalogue says, and tells how many damaged ones are kept: at most one.
func healed(t *testing.T, w *fixture.World, x *Index) (aside int) {
	t.Helper()
	r := find(t, x, Request{Text: "kamers studenten overlast"})
	want(t, titlesOf(r), "Verkamering")
	if r.Degraded {
		t.Error("still degraded")
	}
	same(t, w, x)
	eventually(t, "one index to be left on the shelf", func() bool {
		names, err := x.shelf.names()
		do(t, err)
		aside = 0
		for _, n := range names {
			if strings.HasPrefix(n, quarantine) {
				aside++
			}
		}
		return aside <= 1 && len(names)-aside == 1
	})
	return aside
}

func same(t testing.TB, w *fixture.World, x *Index) {
	t.Helper()
	n, hash, err := x.live.Load().fingerprint()
	if err != nil {
		t.Fatal(err)
	}
	wantN, want, err := w.Fingerprint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if n != wantN || hash != want {
		t.Errorf("the index has %d records, the catalogue %d; fingerprints equal: %v", n, wantN, hash == want)
	}
	head, err := w.Log.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if s := x.State(); s.Position != head {
		t.Errorf("the index is at %d, the log at %d", s.Position, head)
	}
}

func TestAnIndexThatOpensWellAndIsWrongIsMadeAgain(t *testing.T) {
	w := fixture.SQLite(t)
	starter(t, w)
	dir := filepath.Join(t.TempDir(), "index")
	x := start(t, w, dir)
	ready(t, x)
	do(t, x.Close())
	// Another database with fewer changes, and one with as many.
	other := fixture.SQLite(t)
	x = start(t, other, dir)
	ready(t, x)
	same(t, other, x)
	if aside, err := filepath.Glob(filepath.Join(dir, quarantine+"*")); err != nil || len(aside) != 1 {
		t.Error("the index of another catalogue was not set aside", err)
	}
	do(t, x.Close())
	third := fixture.SQLite(t)
	starter(t, third)
	x = start(t, third, dir)
	ready(t, x)
	same(t, third, x)
}

func TestASoundIndexIsKeptAndCaughtUp(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		starter(t, w)
		dir := filepath.Join(t.TempDir(), "index")
		x := start(t, w, dir)
		ready(t, x)
		path := x.live.Load().path
		do(t, x.Close())
		publish(t, w, "Terwijl hij dicht was", "x", "x")
		x = start(t, w, dir)
		ready(t, x)
		if x.live.Load().path != path {
			t.Error("a sound index was made again")
		}
		want(t, titlesOf(find(t, x, Request{Text: "dicht"})), "Terwijl hij dicht was")
		same(t, w, x)
	})
}

func TestAnotherLayoutIsBuiltAnewAndTheOldOneRemoved(t *testing.T) {
	w := fixture.SQLite(t)
	starter(t, w)
	dir := filepath.Join(t.TempDir(), "index")
	do(t, os.MkdirAll(filepath.Join(dir, "0123456789ab.1"), 0o700))
	x := start(t, w, dir)
	ready(t, x)
	healed(t, w, x)
	y := &Index{Config: x.Config, languages: newLanguages()}
	if x.shelf.layout != y.layout() {
		t.Error("the layout differs from one start to the next")
	}
	y.languages[0].analyzer.stop["verkamering"] = true
	if x.shelf.layout == y.layout() {
		t.Error("another analysis has the same layout")
	}
}

func TestASecondProcessIsRefused(t *testing.T) {
	w := fixture.SQLite(t)
	x := open(t, w)
	_, err := Open(t.Context(), Config{Dir: x.Dir, Catalog: w.Catalog, Log: w.Log, Now: w.Clock.Now})
	if !errors.Is(err, ErrInUse) {
		t.Errorf("a second process gets %v", err)
	}
}

func TestRebuildingBesideAndSwappingFailsNoSearch(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		starter(t, w)
		x := open(t, w)
		follow(t, w, x)
		ctx, stop := context.WithCancel(t.Context())
		var searches, failures atomic.Int64
		var running sync.WaitGroup
		for range 4 {
			running.Go(func() {
				for ctx.Err() == nil {
					r, err := x.Find(t.Context(), Request{Text: "kamers studenten overlast", First: 5})
					searches.Add(1)
					if err != nil || r.Total != 1 || r.Degraded {
						failures.Add(1)
					}
				}
			})
		}
		for i := range 5 {
			publish(t, w, fmt.Sprintf("Intussen %d", i), "x", "x")
			told := 0
			if err := x.Rebuild(t.Context(), func(done, total int) { told = done }); err != nil {
				t.Fatal(err)
			}
			if told < 5 {
				t.Errorf("progress told of %d records", told)
			}
		}
		stop()
		running.Wait()
		if failures.Load() > 0 || searches.Load() == 0 {
			t.Errorf("%d of %d searches failed", failures.Load(), searches.Load())
		}
		if r := find(t, x, Request{Text: "intussen"}); r.Total != 5 {
			t.Errorf("%d of 5 records written meanwhile are found", r.Total)
		}
		healed(t, w, x)
	})
}

func TestScoresDoNotChangeWhenTheIndexIsMadeAgain(t *testing.T) {
	w := fixture.SQLite(t)
	x := open(t, w)
	for i := range 8 {
		publish(t, w, fmt.Sprintf("Wonen %d", i), strings.Repeat("wonen ", i+1), "Waar?")
		catchUp(t, w, x)
	}
	before := find(t, x, Request{Text: "wonen", First: 3})
	do(t, x.Rebuild(t.Context(), nil))
	after := find(t, x, Request{Text: "wonen", First: 3})
	for i := range before.Hits {
		if before.Hits[i].Cursor != after.Hits[i].Cursor {
			t.Errorf("hit %d had score %v and has %v", i, before.Hits[i].Score, after.Hits[i].Score)
		}
	}
}
