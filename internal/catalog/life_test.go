package catalog_test

import (
	"testing"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

func TestARecordIsSeenOnlyOncePublished(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		ctx := fixture.As(t, w.Leiden)
		var made record.Record
		err := w.Write(ctx, func(tx *catalog.Writer) (err error) {
			made, err = tx.Create(ctx, w.Project("Verkamering"), catalog.Origin{})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		id := made.Base().ID
		if see(t, w, id) != nil {
			t.Error("a stranger sees a draft")
		}
		if d, err := w.Draft(fixture.As(t, w.Delft), id); err != nil || d != nil {
			t.Error("another organisation sees a draft", err)
		}
		if d, err := w.Draft(ctx, id); err != nil || d == nil {
			t.Error("its own organisation does not see its draft", err)
		}
		err = w.Write(ctx, func(tx *catalog.Writer) error {
			_, err := tx.Publish(ctx, id, 1)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		got := see(t, w, id)
		if got == nil || got.Base().Version != 1 || got.Base().URI != fixture.BaseURL+"/id/"+id {
			t.Fatalf("a stranger does not see version 1 of a published record: %+v", got)
		}
		if rs, err := w.ByURI(identity.AsStranger(t.Context()), got.Base().URI); err != nil || rs[0] == nil {
			t.Error("its address does not find it", err)
		}
	})
}

func see(t *testing.T, w *fixture.World, id string) record.Record {
	t.Helper()
	ctx := identity.AsStranger(t.Context())
	if err := w.Due(ctx); err != nil {
		t.Fatal(err)
	}
	rs, err := w.ByID(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	return rs[0]
}

func TestAnEmbargoEndsByTheClock(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		p := w.Project("Onderwijskansen")
		p.Answer = record.NL("In deze wijken.")
		p.Embargoes = []*record.Embargo{w.Embargo(record.ResultsScope, time.Hour)}
		made := w.Publish(t, p)
		l := w.Publish(t, w.Lesson("Vraag het vooraf", made.Base().ID))
		if see(t, w, l.Base().ID) != nil {
			t.Error("a lesson learned under an embargo is public")
		}
		seen := see(t, w, made.Base().ID).(*record.Project)
		if seen.Answer != nil || seen.Embargo().State != record.EmbargoActive || seen.Embargo().Reason != "" {
			t.Errorf("under embargo a stranger sees %+v and %+v", seen.Answer, seen.Embargo())
		}
		w.Clock.Move(time.Hour - time.Millisecond)
		if see(t, w, made.Base().ID).(*record.Project).Answer != nil {
			t.Error("the answer is public a millisecond early")
		}
		w.Clock.Move(time.Millisecond)
		seen = see(t, w, made.Base().ID).(*record.Project)
		if seen.Answer.In() == "" || seen.Embargo().State != record.EmbargoExpired || seen.Version != 2 {
			t.Errorf("after the embargo a stranger sees %+v, %+v, version %d", seen.Answer, seen.Embargo(), seen.Version)
		}
		if see(t, w, l.Base().ID) == nil {
			t.Error("the lesson did not come out with the results")
		}
	})
}
