package catalog_test

import (
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/ent/term"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

func TestAWithdrawnRecordLeavesATombstone(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		id := w.Publish(t, w.Project("Verkamering")).Base().ID
		edit(t, w, id, func(p *record.Project) { p.Phase = record.OnHold })
		w.Clock.Move(time.Minute)
		made := since(t, w, func() { withdraw(t, w, id, "  De cijfers kloppen niet.  ") })
		same(t, "changes", made, []string{"WITHDRAWN " + id})
		if see(t, w, id) != nil {
			t.Error("it is still there")
		}
		got, err := w.Tombstone(t.Context(), id)
		if err != nil || got == nil || got.Title != "Verkamering" || got.Reason != "De cijfers kloppen niet." || got.URI != fixture.BaseURL+"/id/"+id || !got.At.Equal(w.Clock.Now()) {
			t.Errorf("the tombstone is %+v, %v", got, err)
		}
		same(t, "the feed", history(t, w, id), []string{"CREATE 1", "UPDATE 2", "DELETE 3"})
		for _, e := range feed(t, w) {
			if e.RecordID == id && (len(e.Payload) > 0 || e.Record != nil) {
				t.Errorf("the feed still has what was withdrawn: %s %s", e.Type, e.Payload)
			}
			if e.Type == changelog.Delete && e.Reason != got.Reason {
				t.Errorf("the feed says %q", e.Reason)
			}
		}
		if n := w.Store.Client.Term.Query().Where(term.PublicationID(id)).CountX(t.Context()); n != 0 {
			t.Errorf("%d of its terms are left", n)
		}
		if got := working(t, w, id).Base(); got.State != record.Withdrawn {
			t.Errorf("its working copy is %s", got.State)
		}
		ctx := fixture.As(t, w.Leiden)
		_, edited := tryEdit(ctx, w, id, 4, func(*record.Project) {})
		_, published := tryPublish(ctx, w, id, 4)
		for _, err := range []error{edited, published, tryWithdraw(ctx, w, id, 4, "Nog eens.")} {
			if problem(err) != record.IllegalTransition {
				t.Errorf("what was withdrawn can change: %v", err)
			}
		}
	})
}

func TestOnlyWhatWasPublicLeavesATombstone(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		community := w.Project("Onder ons")
		community.Audience = record.Community
		scheduled := w.Project("Later")
		scheduled.Embargoes = []*record.Embargo{w.Embargo(record.WholeRecord, time.Hour)}
		for _, p := range []*record.Project{community, scheduled} {
			id := w.Publish(t, p).Base().ID
			withdraw(t, w, id, "Toch niet.")
			if got, err := w.Tombstone(t.Context(), id); got != nil || err != nil {
				t.Errorf("%s left %+v, %v", p.Title.In(), got, err)
			}
			same(t, "the feed of "+p.Title.In(), history(t, w, id), []string{})
		}
		w.Clock.Move(2 * time.Hour)
		if see(t, w, scheduled.ID) != nil {
			t.Error("what was withdrawn before its moment came out all the same")
		}
		draft := create(t, w, w.Project("Nooit af")).Base().ID
		if err := tryWithdraw(fixture.As(t, w.Leiden), w, draft, 1, "Weg."); problem(err) != record.IllegalTransition {
			t.Errorf("a draft can be withdrawn: %v", err)
		}
	})
}

func TestAReasonIsNeededToWithdraw(t *testing.T) {
	w := fixture.SQLite(t)
	id := w.Publish(t, w.Project("Verkamering")).Base().ID
	for reason, want := range map[string]record.Code{"": record.Required, " \n ": record.Required, strings.Repeat("é", 1001): record.TooLong, "a\x00b": record.Invalid} {
		if err := tryWithdraw(fixture.As(t, w.Leiden), w, id, 2, reason); problem(err) != want {
			t.Errorf("%.10q: %v", reason, err)
		}
	}
	if err := tryWithdraw(fixture.As(t, w.Leiden), w, id, 2, strings.Repeat("é", 1000)); err != nil {
		t.Error(err)
	}
}

func TestAWithdrawnTemplateTakesItsVersionsAlong(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		tpl := w.Publish(t, w.Template("Zes stappen", "1.0.0", "vraag")).Base().ID
		edit(t, w, tpl, func(p *record.ProcessTemplate) { p.Number = "1.0.1" })
		versions := publish(t, w, tpl).(*record.ProcessTemplate).Versions
		made := since(t, w, func() { withdraw(t, w, tpl, "Verouderd.") })
		same(t, "changes", made, []string{"WITHDRAWN " + tpl, "WITHDRAWN " + versions[0].ID, "WITHDRAWN " + versions[1].ID})
		for _, id := range []string{tpl, versions[0].ID, versions[1].ID} {
			if got, err := w.Tombstone(t.Context(), id); see(t, w, id) != nil || got == nil || err != nil {
				t.Errorf("%s: %+v, %v", id, got, err)
			}
			want := []string{"CREATE 1", "DELETE 2"}
			if id == tpl {
				want = []string{"CREATE 1", "UPDATE 2", "DELETE 3"}
			}
			same(t, "the feed of "+id, history(t, w, id), want)
		}
	})
}
