package search

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

// builds makes and publishes a project that builds on others.
func builds(t *testing.T, w *fixture.World, o *record.Organization, places []string, change func(*record.Project), subjects ...string) record.Record {
	t.Helper()
	p := w.Project("Herhaald")
	p.PublisherID, p.MunicipalityCodes = o.ID, places
	for _, s := range subjects {
		p.SetReuses(append(p.BasedOn, &record.Reuse{SubjectID: s, Kind: record.Repeated}))
	}
	if change != nil {
		change(p)
	}
	return w.Publish(t, p)
}

func hideReuse(t *testing.T, w *fixture.World, subject, maker record.Record, hidden bool) {
	t.Helper()
	ctx := fixture.As(t, w.Reference().Organization(subject.Base().PublisherID))
	do(t, w.Write(ctx, func(tx *catalog.Writer) error {
		_, err := tx.HideReuse(ctx, record.PartID(maker.Base().ID, "b1"), hidden, "Het lijkt er niet op.")
		return err
	}))
}

// mostReused walks all pages of a search by how often projects were repeated.
func mostReused(t *testing.T, x *Index) (ids []string) {
	t.Helper()
	ask := Request{Sort: MostReused, First: 4}
	for {
		r := find(t, x, ask)
		for _, h := range r.Hits {
			ids = append(ids, h.ID)
		}
		if !r.More {
			return ids
		}
		ask.After = r.Hits[len(r.Hits)-1].Cursor
	}
}

// asCounted is the order in which the catalogue's own counts put what a stranger sees.
func asCounted(t *testing.T, w *fixture.World) (ids []string, highest int) {
	t.Helper()
	docs, err := w.DocumentsAfter(t.Context(), "", 1000)
	do(t, err)
	for _, d := range docs {
		ids = append(ids, d.ID)
	}
	rs, err := w.ByID(t.Context(), ids...)
	do(t, err)
	impacts, err := w.Impacts(t.Context(), rs)
	do(t, err)
	slices.SortFunc(ids, func(a, b string) int {
		highest = max(highest, impacts[a].Municipalities, impacts[b].Municipalities)
		return cmp.Or(cmp.Compare(impacts[b].Municipalities, impacts[a].Municipalities), cmp.Compare(a, b))
	})
	return ids, highest
}

func TestTheOrderByReuseIsThatOfTheCountsOfTheCatalogue(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		x := open(t, w)
		r := rand.New(rand.NewPCG(11, 12))
		var makers, all []record.Record
		some := func(rs []record.Record) record.Record { return rs[r.IntN(len(rs))] }
		for range 6 {
			all = append(all, w.Publish(t, w.Project("Eerst")))
		}
		w.Publish(t, w.Lesson("Begin klein"))
		places, highest := []string{"GM0546", "GM0503", "GM0014"}, 0
		for step := range 60 {
			switch n := r.IntN(8); {
			case n < 4 || len(makers) == 0:
				o := []*record.Organization{w.Leiden, w.Delft}[r.IntN(2)]
				where := places[r.IntN(3):]
				now, err := w.ByID(t.Context(), record.IDs(all)...)
				do(t, err)
				seen := slices.DeleteFunc(now, func(r record.Record) bool { return r == nil })
				made := builds(t, w, o, where, func(p *record.Project) {
					switch r.IntN(5) {
					case 0:
						p.Audience = record.Community
					case 1:
						p.Embargoes = []*record.Embargo{w.Embargo(record.WholeRecord, time.Hour)}
					}
				}, some(seen).Base().ID)
				makers, all = append(makers, made), append(all, made)
			case n < 6:
				maker := some(makers).(*record.Project)
				i := slices.IndexFunc(all, func(r record.Record) bool { return r.Base().ID == maker.BasedOn[0].SubjectID })
				if now, _ := w.ByID(fixture.System(t), maker.ID, all[max(i, 0)].Base().ID); i >= 0 && now[0] != nil && now[1] != nil {
					hideReuse(t, w, all[i], maker, n == 4)
				}
			case n == 6:
				i := r.IntN(len(makers))
				if now, _ := w.ByID(fixture.System(t), makers[i].Base().ID); now[0] != nil {
					withdrawAll(t, w, []string{makers[i].Base().ID})
				}
				all = slices.DeleteFunc(all, func(r record.Record) bool { return r == makers[i] })
				makers = slices.Delete(makers, i, i+1)
			default:
				w.Clock.Move(20 * time.Minute)
				do(t, w.Due(t.Context()))
			}
			catchUp(t, w, x)
			want, most := asCounted(t, w)
			if got := mostReused(t, x); !slices.Equal(got, want) {
				t.Fatalf("step %d: %v, want %v", step, got, want)
			}
			highest = max(highest, most)
		}
		if highest < 2 {
			t.Errorf("nothing was repeated in more than %d municipalities", highest)
		}
		// Made at once it says the same.
		want, _ := asCounted(t, w)
		if got := mostReused(t, open(t, w)); !slices.Equal(got, want) {
			t.Errorf("made anew: %v, want %v", got, want)
		}
	})
}

func TestAReuseThatCannotBeSeenMovesNothing(t *testing.T) {
	w := fixture.SQLite(t)
	first, second := w.Publish(t, w.Project("Een")), w.Publish(t, w.Project("Twee"))
	if first.Base().ID > second.Base().ID {
		first, second = second, first
	}
	ids := func(rs ...record.Record) []string { return record.IDs(rs) }
	x := open(t, w)
	builds(t, w, w.Delft, []string{"GM0503"}, func(p *record.Project) { p.Audience = record.Community }, second.Base().ID)
	builds(t, w, w.Delft, []string{"GM0014"}, func(p *record.Project) {
		p.Embargoes = []*record.Embargo{w.Embargo(record.WholeRecord, time.Hour)}
	}, second.Base().ID)
	catchUp(t, w, x)
	want(t, mostReused(t, x), ids(first, second)...)
	seen := builds(t, w, w.Delft, []string{"GM0503"}, nil, second.Base().ID)
	catchUp(t, w, x)
	if got := mostReused(t, x); got[0] != second.Base().ID {
		t.Errorf("a reuse that can be seen: %v", got)
	}
	// From the moment that it cannot be seen, before the index has taken that in.
	withdrawAll(t, w, []string{seen.Base().ID})
	want(t, mostReused(t, x), ids(first, second)...)
}

func TestAReuseThatIsLeftOutOfTheResultsStillCounts(t *testing.T) {
	w := fixture.SQLite(t)
	first, second := w.Publish(t, w.Project("Wonen")), w.Publish(t, w.Project("Wonen"))
	if first.Base().ID > second.Base().ID {
		first, second = second, first
	}
	builds(t, w, w.Delft, []string{"GM0503"}, nil, second.Base().ID)
	x := open(t, w)
	for _, ask := range []Request{{Text: "-herhaald"}, {Text: "wonen -herhaald"}, {Filter: catalog.Filter{All: []catalog.Match{{Field: record.FieldPublisher, Values: []string{w.Leiden.ID}}}}}} {
		ask.Sort = MostReused
		var got []string
		for _, h := range find(t, x, ask).Hits {
			got = append(got, h.ID)
		}
		if !slices.Equal(got, []string{second.Base().ID, first.Base().ID}) {
			t.Errorf("%+v: %v", ask, got)
		}
	}
}

func TestWithoutTheIndexWhatWasRepeatedMostComesByItsLastChange(t *testing.T) {
	w := fixture.SQLite(t)
	first := w.Publish(t, w.Project("Een"))
	w.Clock.Move(time.Minute)
	w.Publish(t, w.Project("Twee"))
	w.Clock.Move(time.Minute)
	builds(t, w, w.Delft, []string{"GM0503"}, nil, first.Base().ID)
	x := open(t, w)
	p, err := x.newPlan(Request{Sort: MostReused, First: 2})
	do(t, err)
	r, err := x.fromDatabase(t.Context(), p)
	do(t, err)
	want(t, titlesOf(r), "Herhaald", "Twee")
	next, err := x.Find(t.Context(), Request{Sort: MostReused, First: 2, After: r.Hits[1].Cursor})
	do(t, err)
	if !next.Degraded || fmt.Sprint(titlesOf(next)) != "[Een]" {
		t.Errorf("the walk goes on with %v", titlesOf(next))
	}
}
