package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/feedentry"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

func TestAScheduledRecordIsAbsentEverywhereUntilItsMoment(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		stranger := identity.AsStranger(t.Context())
		filter := catalog.Filter{Types: []record.Type{record.ProjectType}, All: []catalog.Match{{Field: record.FieldMunicipality, Values: []string{"GM0503"}}}}
		n, hash, err := w.Fingerprint(stranger)
		if err != nil {
			t.Fatal(err)
		}
		p := w.Project("Onderwijskansen")
		p.MunicipalityCodes = []string{"GM0503"}
		p.Embargoes = []*record.Embargo{w.Embargo(record.WholeRecord, time.Hour)}
		id := w.Publish(t, p).Base().ID
		lesson := w.Publish(t, w.Lesson("Vraag het vooraf", id)).Base().ID

		absent := func(who string, ctx context.Context) {
			t.Helper()
			if err := w.Due(ctx); err != nil {
				t.Fatal(err)
			}
			for _, id := range []string{id, lesson} {
				if r := seenBy(ctx, t, w, id); r != nil {
					t.Errorf("%s: by id", who)
				}
				if rs, err := w.ByURI(ctx, fixture.BaseURL+"/id/"+id); err != nil || rs[0] != nil {
					t.Errorf("%s: by address %v", who, err)
				}
				if x, err := w.Tombstone(ctx, id); x != nil || err != nil {
					t.Errorf("%s: a tombstone %v", who, err)
				}
				if ds, err := w.Documents(ctx, []string{id}); len(ds) > 0 || err != nil {
					t.Errorf("%s: for the index %v", who, err)
				}
			}
			for _, o := range []catalog.OrderBy{catalog.ByUpdated, catalog.ByTitle, catalog.ByStarted, catalog.ByPublished} {
				for _, f := range []catalog.Filter{{}, filter, {Words: []string{"onderwijskansen"}}} {
					p, err := w.Page(ctx, f, catalog.Order{By: o}, 10, "")
					if err != nil || len(p.Records) > 0 {
						t.Errorf("%s: in a list %v", who, err)
					}
					if n, err := p.Total(ctx); n > 0 || err != nil {
						t.Errorf("%s: in a total %v", who, err)
					}
				}
			}
			if m, err := w.Related(ctx, record.LessonType, record.FieldProject, []string{id}, 5); len(m) > 0 || err != nil {
				t.Errorf("%s: by relation %v", who, err)
			}
			if m, err := w.Related(ctx, record.ProjectType, record.FieldMunicipality, []string{"GM0503"}, 5); len(m) > 0 || err != nil {
				t.Errorf("%s: by relation %v", who, err)
			}
			if es, _, err := w.Feed(ctx, catalog.FeedFilter{}, 10, ""); len(es) > 0 || err != nil {
				t.Errorf("%s: in the feed %v", who, err)
			}
			if ds, err := w.DocumentsAfter(ctx, "", 10); len(ds) > 0 || err != nil {
				t.Errorf("%s: for the index %v", who, err)
			}
			if m, h, err := w.Fingerprint(ctx); m != n || h != hash || err != nil {
				t.Errorf("%s: in the fingerprint %v", who, err)
			}
		}
		absent("a stranger", stranger)
		absent("a member", fixture.As(t, w.Delft))
		absent("its own organisation, among what is published", fixture.As(t, w.Leiden))
		delft := w.Lesson("Namens Delft", id)
		delft.PublisherID = w.Delft.ID
		if _, err := w.TryPublish(t, delft); problem(err) != record.NotFound {
			t.Errorf("another organisation can point at it: %v", err)
		}
		w.Clock.Move(time.Hour - time.Millisecond)
		absent("a millisecond early", stranger)

		w.Clock.Move(time.Millisecond)
		made := since(t, w, func() {
			if got := see(t, w, id); got == nil || got.Base().Version != 1 || !got.Base().PublishedAt.Equal(w.Clock.Now()) {
				t.Errorf("at its moment a stranger sees %+v", got)
			}
		})
		slices.Sort(made)
		same(t, "changes", made, []string{"RELEASED " + lesson, "RELEASED " + id})
		same(t, "the feed", history(t, w, id), []string{"CREATE 1"})
		if see(t, w, lesson) == nil {
			t.Error("its lesson did not come out with it")
		}
		if w.Store.Client.Release.Query().CountX(t.Context()) != 0 {
			t.Error("something is still sealed")
		}
	})
}

func TestSeveralEmbargoesEndOneByOne(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		p := w.Project("Onderwijskansen")
		p.Answer = record.NL("In deze wijken.")
		p.Outputs = []*record.Output{{Key: "o1", KindIRI: record.ConceptIRI(record.OutputKind, "rapport"), Title: record.NL("Rapport"), ProducedBy: w.CBS.ID}}
		short, long := w.Embargo(record.ResultsScope, time.Hour), w.Embargo(record.OutputsScope, 3*time.Hour)
		long.Key = "e2"
		p.Embargoes = []*record.Embargo{short, long}
		id := w.Publish(t, p).Base().ID
		lesson := w.Publish(t, w.Lesson("Geleerd", id)).Base().ID
		for _, c := range []struct {
			after                    time.Duration
			answer, outputs, learned bool
			states                   string
		}{
			{0, false, false, false, "ACTIVE ACTIVE"},
			{time.Hour, true, false, true, "EXPIRED ACTIVE"},
			{2 * time.Hour, true, true, true, "EXPIRED EXPIRED"},
		} {
			w.Clock.Move(c.after)
			got := see(t, w, id).(*record.Project)
			states := string(got.Embargoes[0].State) + " " + string(got.Embargoes[1].State)
			if (got.Answer != nil) != c.answer || (got.Outputs != nil) != c.outputs || (see(t, w, lesson) != nil) != c.learned || states != c.states {
				t.Errorf("after %v: answer %v, outputs %v, %s", c.after, got.Answer, got.Outputs, states)
			}
		}
		same(t, "the feed", history(t, w, id), []string{"CREATE 1", "UPDATE 2", "UPDATE 3"})
	})
}

func TestAnEmbargoIsExtendedAndLiftedAtOnce(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		for _, incomplete := range []bool{false, true} {
			p := w.Project("Onderwijskansen")
			p.Answer = nil
			p.Outputs = []*record.Output{{Key: "o1", KindIRI: record.ConceptIRI(record.OutputKind, "rapport"), Title: record.NL("Rapport"), ProducedBy: w.Leiden.ID}}
			p.Embargoes = []*record.Embargo{w.Embargo(record.ResultsScope, time.Hour)}
			id := w.Publish(t, p).Base().ID
			lesson := w.Publish(t, w.Lesson("Geleerd", id)).Base().ID
			if incomplete {
				// Done without an answer waits. The embargo does not.
				edit(t, w, id, func(p *record.Project) { p.Phase = record.Done })
			}
			edit(t, w, id, func(p *record.Project) { p.Embargoes[0].Until = w.Clock.Now().Add(3 * time.Hour) })
			w.Clock.Move(2 * time.Hour)
			if got := see(t, w, id).(*record.Project); got.Outputs != nil || got.Phase != record.Running || see(t, w, lesson) != nil {
				t.Fatalf("incomplete %v: a longer embargo ended at its old end: %s", incomplete, got.Phase)
			}
			made := since(t, w, func() {
				edit(t, w, id, func(p *record.Project) { p.Embargoes[0].LiftedAt = w.Clock.Now() })
			})
			slices.Sort(made)
			same(t, "changes", made, []string{"RELEASED " + lesson, "UPDATED " + id})
			if got := see(t, w, id).(*record.Project); got.Outputs == nil || got.Embargo().State != record.EmbargoLifted || got.Phase != record.Running || see(t, w, lesson) == nil {
				t.Errorf("incomplete %v: after lifting a stranger sees %+v", incomplete, got)
			}
			w.Clock.Move(2 * time.Hour)
			if more := since(t, w, func() { see(t, w, id) }); len(more) > 0 {
				t.Errorf("the old end still made %v", more)
			}
		}
	})
}

func TestWhatIsPublicCannotBePutUnderEmbargo(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		p := w.Project("Verkamering")
		p.Answer = record.NL("Hier.")
		id := w.Publish(t, p).Base().ID
		place := func(scope record.Scope) error {
			_, err := tryEdit(fixture.As(t, w.Leiden), w, id, working(t, w, id).Base().Revision, func(p *record.Project) {
				p.Embargoes = append(p.Embargoes, w.Embargo(scope, time.Hour))
			})
			return err
		}
		for _, scope := range []record.Scope{record.ResultsScope, record.WholeRecord} {
			if err := place(scope); problem(err) != record.IllegalTransition || !strings.Contains(err.Error(), "public already") {
				t.Errorf("%s: %v", scope, err)
			}
		}
		if got := see(t, w, id).(*record.Project); got.Answer == nil || got.Version != 1 || got.Embargo() != nil {
			t.Errorf("a refused embargo changed %+v", got)
		}
		// Outputs are still to come, so they can be.
		if err := place(record.OutputsScope); err != nil {
			t.Error(err)
		}
	})
}

func TestAReleaseShowsWhatWasSealedAndNeverTheDraft(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		p := w.Project("Onderwijskansen")
		p.Answer = record.NL("Goedgekeurd.")
		p.Embargoes = []*record.Embargo{w.Embargo(record.ResultsScope, time.Hour)}
		id := w.Publish(t, p).Base().ID
		edit(t, w, id, func(p *record.Project) { p.Answer = record.NL("Concept.") })
		w.Clock.Move(time.Hour)
		if got := see(t, w, id).(*record.Project).Answer.In(); got != "Goedgekeurd." {
			t.Errorf("a stranger reads %q", got)
		}
	})
}

func TestALessonWaitsForAllItsProjects(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		under := func(d time.Duration) string {
			p := w.Project("Onderwijskansen")
			p.Embargoes = []*record.Embargo{w.Embargo(record.ResultsScope, d)}
			return w.Publish(t, p).Base().ID
		}
		first, second := under(time.Hour), under(2*time.Hour)
		open := w.Publish(t, w.Project("Open")).Base().ID
		lesson := w.Publish(t, w.Lesson("Geleerd", first, open, second)).Base().ID
		w.Clock.Move(90 * time.Minute)
		if see(t, w, lesson) != nil {
			t.Error("it came out with the first project")
		}
		w.Clock.Move(30 * time.Minute)
		if see(t, w, lesson) == nil {
			t.Error("it did not come out with the last")
		}
		outputs := w.Project("Alleen uitkomsten")
		outputs.Embargoes = []*record.Embargo{w.Embargo(record.OutputsScope, time.Hour)}
		if see(t, w, w.Publish(t, w.Lesson("Vrij", w.Publish(t, outputs).Base().ID)).Base().ID) == nil {
			t.Error("an embargo on outputs holds back what was learned")
		}
	})
}

func TestANewRevisionOfALessonWaitsWhileTheOldOneStays(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		project := w.Publish(t, w.Project("Onderwijskansen")).Base().ID
		lesson := w.Publish(t, w.Lesson("Geleerd", project)).Base().ID
		edit(t, w, project, func(p *record.Project) { p.Embargoes = []*record.Embargo{w.Embargo(record.ResultsScope, time.Hour)} })
		edit(t, w, lesson, func(l *record.Lesson) { l.Consequence = record.NL("Wat de cijfers leren.") })
		publish(t, w, lesson)
		if got := see(t, w, lesson); got == nil || got.(*record.Lesson).Consequence != nil || got.Base().Version != 1 {
			t.Errorf("under embargo a stranger sees %+v", got)
		}
		w.Clock.Move(time.Hour)
		if got := see(t, w, lesson).(*record.Lesson); got.Consequence == nil || got.Version != 2 {
			t.Errorf("after it a stranger sees %+v", got)
		}
		same(t, "the feed", history(t, w, lesson), []string{"CREATE 1", "UPDATE 2"})
	})
}

func TestALessonDoesNotComeOutEarlyWhenItsProjectIsWithdrawn(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		p := w.Project("Onderwijskansen")
		results, outputs := w.Embargo(record.ResultsScope, 3*time.Hour), w.Embargo(record.OutputsScope, time.Hour)
		outputs.Key = "e2"
		p.Embargoes = []*record.Embargo{results, outputs}
		id := w.Publish(t, p).Base().ID
		lesson := w.Publish(t, w.Lesson("Geleerd", id)).Base().ID
		edit(t, w, id, func(p *record.Project) { p.Phase = record.OnHold })
		withdraw(t, w, id, "Fout.")
		w.Clock.Move(2 * time.Hour)
		if see(t, w, lesson) != nil {
			t.Error("it came out before the results would have")
		}
		edit(t, w, lesson, func(l *record.Lesson) { l.Consequence = record.Text{record.Dutch: "Het gaf het antwoord weg."} })
		publish(t, w, lesson)
		if see(t, w, lesson) != nil {
			t.Error("it came out early with a change of its own")
		}
		w.Clock.Move(time.Hour)
		if see(t, w, lesson) == nil {
			t.Error("it did not come out at all")
		}
	})
}

func TestReplicasThatRaceReleaseEachEmbargoOnce(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		var ids []string
		for i := range 30 {
			p := w.Project(fmt.Sprintf("Project %d", i))
			p.Answer = record.NL("Uitkomst.")
			p.Embargoes = []*record.Embargo{w.Embargo(record.ResultsScope, time.Duration(1+i/3)*time.Minute)}
			ids = append(ids, w.Publish(t, p).Base().ID)
		}
		replicas := []*fixture.World{w, w.Replica(t), w.Replica(t), w.Replica(t)}
		for range 10 {
			w.Clock.Move(time.Minute)
			var wg sync.WaitGroup
			for _, r := range replicas {
				for range 3 {
					wg.Go(func() {
						if err := r.Due(t.Context()); err != nil {
							t.Error(err)
						}
					})
				}
			}
			wg.Wait()
		}
		released := map[string]int{}
		for _, c := range changes(t, w) {
			if c.Kind == string(changelog.Released) {
				released[c.RecordID]++
			}
		}
		for _, id := range ids {
			if released[id] != 1 {
				t.Errorf("%s was released %d times", id, released[id])
			}
			same(t, "the feed", history(t, w, id), []string{"CREATE 1", "UPDATE 2"})
		}
		for i, r := range replicas {
			for _, x := range ids {
				if got := see(t, r, x).(*record.Project); got.Answer == nil {
					t.Errorf("replica %d still hides %s", i, x)
				}
			}
		}
	})
}

// stubborn is a database that can be told not to write.
type stubborn struct {
	begin   func(context.Context) (*ent.Tx, error)
	refuses atomic.Bool
	asked   atomic.Int64
}

func (s *stubborn) Begin(ctx context.Context) (*ent.Tx, error) {
	s.asked.Add(1)
	if s.refuses.Load() {
		return nil, errors.Join(errors.New("the disk is full"), ctx.Err())
	}
	return s.begin(ctx)
}

func TestWhatCannotBeReleasedStaysHiddenAndIsTriedAgain(t *testing.T) {
	w := fixture.SQLite(t)
	p := w.Project("Onderwijskansen")
	p.Answer = record.NL("In deze wijken.")
	p.Embargoes = []*record.Embargo{w.Embargo(record.ResultsScope, time.Hour)}
	id := w.Publish(t, p).Base().ID
	disk := &stubborn{begin: w.Store.Begin}
	c, err := catalog.Open(t.Context(), catalog.Config{Client: w.Store.Client, Begin: disk.Begin, Log: w.Log, Now: w.Clock.Now,
		BaseURL: fixture.BaseURL, Frozen: true, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	hidden := func() bool {
		rs, err := c.ByID(identity.AsStranger(t.Context()), id)
		if err != nil {
			t.Fatal(err)
		}
		return rs[0].(*record.Project).Answer == nil
	}
	w.Clock.Move(time.Hour)
	disk.refuses.Store(true)

	gone, hangUp := context.WithCancel(t.Context())
	hangUp()
	if err := c.Due(gone); err == nil {
		t.Error("a reader who hung up was told that all is well")
	}
	if err := c.Due(t.Context()); err == nil || disk.asked.Load() != 2 {
		t.Errorf("a reader who hung up keeps others waiting: %v", err)
	}
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if err := c.Due(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := disk.asked.Load(); n != 2 {
		t.Errorf("the database was asked %d times within a second", n)
	}
	if !hidden() {
		t.Error("it is shown without being released")
	}
	w.Clock.Move(time.Second)
	if err := c.Due(t.Context()); err == nil || disk.asked.Load() != 3 {
		t.Errorf("it was not tried again after a second: %v", err)
	}
	disk.refuses.Store(false)
	w.Clock.Move(time.Second)
	if err := c.Due(t.Context()); err != nil || hidden() {
		t.Errorf("it is hidden still: %v", err)
	}
	if n := w.Store.Client.FeedEntry.Query().Where(feedentry.RecordID(id)).CountX(t.Context()); n != 2 {
		t.Errorf("%d feed entries", n)
	}
}

func TestACatalogueThatFollowsNothingStillReleasesWhatItSealed(t *testing.T) {
	w := fixture.SQLite(t)
	c, err := catalog.Open(t.Context(), catalog.Config{Client: w.Store.Client, Begin: w.Store.Begin, Log: changelog.New(w.Store.Client), Now: w.Clock.Now,
		BaseURL: fixture.BaseURL, Frozen: true, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	alone := *w
	alone.Catalog = c
	p := w.Project("Onderwijskansen")
	p.Answer = record.NL("In deze wijken.")
	p.Embargoes = []*record.Embargo{w.Embargo(record.ResultsScope, time.Hour)}
	id := alone.Publish(t, p).Base().ID
	w.Clock.Move(time.Hour)
	if see(t, &alone, id).(*record.Project).Answer == nil {
		t.Error("it is hidden still")
	}
}

func TestNothingIsAskedOfTheDatabaseWhileNothingIsDue(t *testing.T) {
	w := fixture.SQLite(t)
	p := w.Project("Onderwijskansen")
	p.Embargoes = []*record.Embargo{w.Embargo(record.ResultsScope, time.Hour)}
	w.Publish(t, p)
	w.Statements.Reset()
	for range 100 {
		if err := w.Due(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for _, q := range w.Statements.All() {
		if strings.Contains(q, "UPDATE") || strings.Contains(q, "INSERT") || strings.Contains(q, "started") {
			t.Errorf("asked %s", q)
		}
	}
}
