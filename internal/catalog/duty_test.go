package catalog_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// factsheet is something that the statistics office delivered.
func factsheet(w *fixture.World, key string, on record.Date) *record.Output {
	return &record.Output{Key: key, KindIRI: record.ConceptIRI(record.OutputKind, "factsheet"), Title: record.NL("Factsheet " + key), ProducedBy: w.CBS.ID, DeliveredOn: on}
}

// owed lists what Leiden has to make public, as "Factsheet o1 DUE 2026-04-01".
func owed(t *testing.T, w *fixture.World, c *catalog.Catalog, overdue *bool) []string {
	t.Helper()
	d, err := c.Duties(fixture.As(t, w.Leiden), w.Leiden.ID, overdue, 100, "")
	if err != nil || d == nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, o := range d.Outputs {
		state := string(o.Duty(w.Clock.Now()))
		if o.IsOverdue(w.Clock.Now(), c.PublicationDays) {
			state = "OVERDUE"
		}
		out = append(out, strings.TrimSpace(fmt.Sprintln(o.Title.In(), state, o.DueOn(c.PublicationDays))))
	}
	if n, err := d.Total(t.Context()); n != len(out) || err != nil {
		t.Errorf("a total of %d, want %d: %v", n, len(out), err)
	}
	return out
}

// Invariant 1.
func TestWhatMustBecomePublicNeverStopsHavingTo(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		p := w.Project("Verkamering")
		p.Outputs = []*record.Output{factsheet(w, "o1", "2026-03-01"), factsheet(w, "o2", "")}
		id := w.Publish(t, p).Base().ID
		refused := func(what string, do func(*record.Project)) {
			t.Helper()
			before := working(t, w, id)
			_, err := tryEdit(fixture.As(t, w.Leiden), w, id, before.Base().Revision, do)
			if problem(err) != record.IllegalTransition || !strings.Contains(err.Error(), "Factsheet o1") {
				t.Errorf("%s: %v", what, err)
			}
			if working(t, w, id).Base().Revision != before.Base().Revision {
				t.Errorf("%s was refused and written", what)
			}
		}
		refused("taking it out", func(p *record.Project) { p.Outputs = p.Outputs[1:] })
		refused("taking its delivery back", func(p *record.Project) { p.Outputs[0].DeliveredOn = "" })
		edit(t, w, id, func(p *record.Project) {
			p.Outputs[0].ProducedBy, p.Outputs[0].MustBecomePublic = w.Leiden.ID, false
		})
		refused("taking it out under another producer", func(p *record.Project) { p.Outputs = p.Outputs[1:] })
		edit(t, w, id, func(p *record.Project) { p.Outputs = p.Outputs[:1] }) // what was never delivered may go
		publish(t, w, id)
		if got := see(t, w, id).(*record.Project).Outputs; len(got) != 1 || !got[0].MustBecomePublic || got[0].ProducedBy != w.Leiden.ID {
			t.Errorf("a stranger sees %+v", got)
		}
		if err := tryWithdraw(fixture.As(t, w.Leiden), w, id, working(t, w, id).Base().Revision, "Liever niet."); problem(err) != record.IllegalTransition || !strings.Contains(err.Error(), "Factsheet o1") {
			t.Errorf("withdrawn with the duty open: %v", err)
		}
		same(t, "what is owed", owed(t, w, w.Catalog, nil), []string{"Factsheet o1 DUE 2026-03-31"})
		edit(t, w, id, func(p *record.Project) { p.Outputs[0].URL = "https://example.nl/factsheet" })
		same(t, "what is owed while its address is a draft", owed(t, w, w.Catalog, nil), []string{"Factsheet o1 DUE 2026-03-31"})
		publish(t, w, id)
		same(t, "what is owed once it is public", owed(t, w, w.Catalog, nil), nil)
		withdraw(t, w, id, "Klaar.")
	})
}

func TestADisappointingFactsheetIsOverdueOnDayThirtyOne(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		yes, no := true, false
		disappointing := w.Project("Tegenvaller")
		disappointing.Phase, disappointing.Answer = record.Done, record.NL("Er is geen verband gevonden.")
		disappointing.Outputs = []*record.Output{factsheet(w, "o1", "2026-03-02")}
		id := w.Publish(t, disappointing).Base().ID
		stopped := w.Project("Gestopt")
		stopped.Phase, stopped.StopReasonIRI = record.Stopped, record.ConceptIRI(record.StopReason, "geen-data")
		stopped.Outputs = []*record.Output{factsheet(w, "o2", "2026-03-04")}
		stoppedID := w.Publish(t, stopped).Base().ID
		draft := w.Project("Alleen een concept")
		draft.Outputs = []*record.Output{factsheet(w, "o3", "2026-03-03")}
		create(t, w, draft)

		duty := func() record.DutyState { return see(t, w, id).(*record.Project).Outputs[0].Duty(w.Clock.Now()) }
		w.Clock.Move(30*24*time.Hour + 14*time.Hour - time.Nanosecond) // the last moment of day 30 in the Netherlands: summer has come
		w.Clock.Move(-time.Hour)
		version := w.Version()
		if o := see(t, w, id).(*record.Project).Outputs[0]; duty() != record.DutyDue || o.IsOverdue(w.Clock.Now(), w.PublicationDays) {
			t.Errorf("on day 30 it is %s", duty())
		}
		same(t, "overdue on day 30", owed(t, w, w.Catalog, &yes), nil)
		w.Clock.Move(time.Nanosecond)
		if o := see(t, w, id).(*record.Project).Outputs[0]; !o.IsOverdue(w.Clock.Now(), w.PublicationDays) {
			t.Error("on day 31 it is not overdue")
		}
		same(t, "overdue on day 31", owed(t, w, w.Catalog, &yes), []string{"Factsheet o1 OVERDUE 2026-04-01"})
		same(t, "not overdue", owed(t, w, w.Catalog, &no), []string{"Factsheet o3 DUE 2026-04-02", "Factsheet o2 DUE 2026-04-03"})
		if w.Version() == version {
			t.Error("answers of yesterday are given again")
		}
		same(t, "the feed", history(t, w, id, stoppedID), []string{"CREATE 1", "CREATE 1"})

		edit(t, w, id, func(p *record.Project) { p.Outputs[0].PublishedOn = "2026-04-05" })
		publish(t, w, id)
		if duty() != record.DutyDue {
			t.Errorf("announced for later it is %s", duty())
		}
		w.Clock.Move(3 * 24 * time.Hour)
		if duty() != record.DutyDone {
			t.Errorf("on the day of its publication it is %s", duty())
		}
		same(t, "overdue after it", owed(t, w, w.Catalog, &yes), []string{"Factsheet o3 OVERDUE 2026-04-02", "Factsheet o2 OVERDUE 2026-04-03"})
	})
}

func TestAnEmbargoMovesTheDayThatAnOutputIsDue(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		p := w.Project("Onderwijskansen")
		p.Answer = record.NL("In deze wijken.")
		p.Outputs = []*record.Output{factsheet(w, "o1", "2026-03-02")}
		p.Outputs[0].URL = "https://example.nl/factsheet"
		id := create(t, w, p).Base().ID
		same(t, "owed", owed(t, w, w.Catalog, nil), []string{"Factsheet o1 DUE 2026-04-01"})
		place(t, w, id, record.ResultsScope, w.Clock.Now().AddDate(0, 2, 0))
		publish(t, w, id)
		same(t, "owed under embargo", owed(t, w, w.Catalog, nil), []string{"Factsheet o1 UNDER_EMBARGO 2026-05-11"})
		extend(t, w, id, w.Clock.Now().AddDate(0, 3, 0))
		same(t, "owed under a longer one", owed(t, w, w.Catalog, nil), []string{"Factsheet o1 UNDER_EMBARGO 2026-06-09"})
		if err := tryWithdraw(fixture.As(t, w.Leiden), w, id, working(t, w, id).Base().Revision, "Liever niet."); problem(err) != record.IllegalTransition {
			t.Errorf("withdrawn under embargo: %v", err)
		}
		w.Clock.Move(w.Clock.Now().AddDate(0, 3, 0).Sub(w.Clock.Now()))
		see(t, w, id)
		same(t, "owed when the clock has shown it", owed(t, w, w.Catalog, nil), nil)
	})
}

func TestDutiesAreForTheOrganisationAlone(t *testing.T) {
	w := fixture.SQLite(t)
	p := w.Project("Verkamering")
	p.Outputs = []*record.Output{factsheet(w, "o1", "2026-03-02")}
	w.Publish(t, p)
	for who, ctx := range map[string]context.Context{"a stranger": identity.AsStranger(t.Context()), "another organisation": fixture.As(t, w.Delft)} {
		w.Statements.Reset()
		d, err := w.Duties(ctx, w.Leiden.ID, nil, 10, "")
		if d != nil || err != nil || len(w.Statements.All()) > 0 {
			t.Errorf("%s: %v %v, after %v", who, d, err, w.Statements.All())
		}
	}
}

func TestDutiesAreWalkedPageByPage(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		var want []string
		for i := range 7 {
			p := w.Project(fmt.Sprint("Project ", i))
			on := record.Date(fmt.Sprintf("2026-02-%02d", 20-i/2))
			p.Outputs = []*record.Output{factsheet(w, "o1", on), factsheet(w, "o2", ""), factsheet(w, "o3", on)}
			id := create(t, w, p).Base().ID
			for _, key := range []string{"o1", "o3"} {
				want = append(want, string(on)+" "+id+"."+key)
			}
			want = append(want, string(record.NoDay)+" "+id+".o2")
		}
		slices.Sort(want)
		var got []string
		for after, more := "", true; more; {
			d, err := w.Duties(fixture.As(t, w.Leiden), w.Leiden.ID, nil, 4, after)
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range d.Outputs {
				on := o.DeliveredOn
				if on == "" {
					on = record.NoDay
				}
				got = append(got, string(on)+" "+o.ID)
			}
			more, after = d.More, d.Cursors[len(d.Cursors)-1]
		}
		same(t, "the list", got, want)
		for _, cursor := range []string{"x", "WyJkdWVzIl0"} {
			if _, err := w.Duties(fixture.As(t, w.Leiden), w.Leiden.ID, nil, 4, cursor); err == nil || err.Error() != catalog.ErrCursor.Error() {
				t.Errorf("%q: %v", cursor, err)
			}
		}
	})
}

func TestDutiesAreCountedAnewByAnotherRule(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		p := w.Project("Verkamering")
		p.Outputs = []*record.Output{factsheet(w, "o1", "2026-03-02")}
		w.Publish(t, p)
		gone := w.Project("Ingetrokken")
		gone.Outputs = []*record.Output{factsheet(w, "o2", "2026-03-02")}
		id := w.Publish(t, gone).Base().ID
		if err := tryWithdraw(fixture.System(t), w, id, 0, "Hier stond een naam."); err != nil {
			t.Fatal(err)
		}
		head := len(changes(t, w))
		tx, err := w.Store.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		tx.Duty.Delete().ExecX(t.Context()) // as in a catalogue of before there were duties
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		for _, days := range []int{10, 0, 30, 0} { // 0 keeps what was chosen last
			c, err := catalog.Open(t.Context(), catalog.Config{Client: w.Store.Client, Begin: w.Store.Begin, Log: w.Log, Now: w.Clock.Now,
				BaseURL: fixture.BaseURL, Frozen: true, Logger: slog.New(slog.DiscardHandler), PublicationDays: days})
			if err != nil {
				t.Fatal(err)
			}
			want := map[int]string{10: "Factsheet o1 DUE 2026-03-12", 30: "Factsheet o1 DUE 2026-04-01"}[c.PublicationDays]
			if days != 0 && c.PublicationDays != days {
				t.Errorf("%d were chosen, it takes %d", days, c.PublicationDays)
			}
			same(t, fmt.Sprint("within ", days), owed(t, w, c, nil), []string{want})
		}
		rows := w.Store.Client.Duty.Query().AllX(t.Context())
		if len(rows) != 1 || rows[0].DueOn != "2026-04-01" || rows[0].PublicOn != string(record.NoDay) {
			t.Errorf("the table holds %v", rows)
		}
		if now := len(changes(t, w)); now != head {
			t.Errorf("counting was logged as %d changes", now-head)
		}
	})
}
