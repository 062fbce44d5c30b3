package catalog_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

// What is decided about embargoes.

const because = "Wacht op de bekendmaking door het ministerie."

func tryDecide(ctx context.Context, w *fixture.World, do func(*catalog.Writer) (record.Record, error)) error {
	return w.Write(ctx, func(tx *catalog.Writer) error {
		_, err := do(tx)
		return err
	})
}

func tryPlace(ctx context.Context, t *testing.T, w *fixture.World, id string, scope record.Scope, until time.Time) error {
	t.Helper()
	return tryDecide(ctx, w, func(tx *catalog.Writer) (record.Record, error) {
		return tx.PlaceEmbargo(ctx, id, working(t, w, id).Base().Revision, record.Embargo{Scope: scope, GroundIRI: record.ConceptIRI(record.EmbargoGround, "bekendmaking"),
			Reason: because, Until: until}, func(*record.Project) record.Text { return record.NL("Het besluit.") })
	})
}

func place(t *testing.T, w *fixture.World, id string, scope record.Scope, until time.Time) {
	t.Helper()
	if err := tryPlace(fixture.As(t, w.Leiden), t, w, id, scope, until); err != nil {
		t.Fatal(err)
	}
}

func extend(t *testing.T, w *fixture.World, id string, until time.Time) {
	t.Helper()
	ctx, revision := fixture.As(t, w.Leiden), working(t, w, id).Base().Revision
	if err := tryDecide(ctx, w, func(tx *catalog.Writer) (record.Record, error) {
		return tx.ExtendEmbargo(ctx, id, revision, until, "Het besluit komt later.")
	}); err != nil {
		t.Fatal(err)
	}
}

func lift(t *testing.T, w *fixture.World, id string) {
	t.Helper()
	ctx, revision := fixture.As(t, w.Leiden), working(t, w, id).Base().Revision
	if err := tryDecide(ctx, w, func(tx *catalog.Writer) (record.Record, error) {
		return tx.LiftEmbargo(ctx, id, revision, "Het besluit is bekend.")
	}); err != nil {
		t.Fatal(err)
	}
}

// Invariants 2 and 3.
func TestAPlacedEmbargoEndsAtItsNanosecondAndMovesNothingBefore(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		p := w.Project("Onderwijskansen")
		id := w.Publish(t, p).Base().ID
		until := w.Clock.Now().Add(time.Hour)
		place(t, w, id, record.ResultsScope, until)
		open := see(t, w, id).(*record.Project)
		if e := open.Embargo(); open.Version != 2 || e.State != record.EmbargoActive || !e.Until.Equal(until) || e.WaitsFor.In() != "Het besluit." || e.Reason != "" || e.Log != nil {
			t.Errorf("a stranger sees %+v", open.Embargo())
		}
		edit(t, w, id, func(p *record.Project) {
			p.Answer, p.Outputs = record.NL("In deze wijken."), []*record.Output{factsheet(w, "o1", "2026-03-02")}
			p.Outputs[0].URL = "https://example.nl/factsheet"
			p.PolicyUses = []*record.PolicyUse{{Key: "u1", KindIRI: record.ConceptIRI(record.PolicyUseKind, "beleidsstuk"), Title: record.NL("Nota")}}
		})
		publish(t, w, id)
		w.Clock.Move(time.Hour - time.Nanosecond)
		n, hash, err := w.Fingerprint(identity.AsStranger(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		if got := see(t, w, id).(*record.Project); got.Answer != nil || got.Outputs != nil || got.PolicyUses != nil || got.Version != 2 || !got.UpdatedAt.Equal(open.UpdatedAt) {
			t.Errorf("a nanosecond early a stranger sees %+v", got)
		}
		if m, h, err := w.Fingerprint(identity.AsStranger(t.Context())); m != n || h != hash || err != nil {
			t.Errorf("what is hidden moves the fingerprint: %v", err)
		}
		same(t, "the feed", history(t, w, id), []string{"CREATE 1", "UPDATE 2"})
		w.Clock.Move(time.Nanosecond)
		if got := see(t, w, id).(*record.Project); got.Answer == nil || len(got.Outputs) != 1 || len(got.PolicyUses) != 1 || got.Version != 3 || got.Embargo().State != record.EmbargoExpired || got.Outputs[0].Duty(w.Clock.Now()) != record.DutyDone {
			t.Errorf("at its nanosecond a stranger sees %+v", got)
		}
		same(t, "the feed", history(t, w, id), []string{"CREATE 1", "UPDATE 2", "UPDATE 3"})
	})
}

// Invariant 4.
func TestWhatWasDecidedAboutAnEmbargoIsKeptForEver(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		id := create(t, w, w.Project("Onderwijskansen")).Base().ID
		place(t, w, id, record.WholeRecord, w.Clock.Now().Add(time.Hour))
		publish(t, w, id)
		if see(t, w, id) != nil {
			t.Error("a scheduled publication is seen")
		}
		w.Clock.Move(time.Minute)
		extend(t, w, id, w.Clock.Now().Add(2*time.Hour))
		w.Clock.Move(time.Hour)
		if see(t, w, id) != nil {
			t.Error("it is seen at its old end")
		}
		lift(t, w, id)
		if got := see(t, w, id); got == nil || got.Base().Version != 1 {
			t.Errorf("after lifting a stranger sees %+v", got)
		}
		place(t, w, id, record.ResultsScope, w.Clock.Now().Add(time.Hour))
		w.Clock.Move(time.Hour)
		see(t, w, id)

		kept := func(p *record.Project) []string {
			var out []string
			for _, e := range p.Embargoes {
				for _, x := range e.History() {
					out = append(out, e.Key+" "+string(x.Kind)+" "+x.At.Format("15:04")+" "+x.Reason)
				}
			}
			return out
		}
		want := []string{"e1 PLACED 09:00 " + because, "e1 EXTENDED 09:01 Het besluit komt later.", "e1 LIFTED 10:01 Het besluit is bekend.",
			"e2 PLACED 10:01 " + because, "e2 EXPIRED 11:01 "}
		same(t, "the history", kept(working(t, w, id).(*record.Project)), want)
		edit(t, w, id, func(p *record.Project) { p.Title, p.Phase = record.NL("Nog eens"), record.OnHold })
		publish(t, w, id)
		same(t, "the history after an edit", kept(working(t, w, id).(*record.Project)), want)
		if _, err := tryEdit(fixture.System(t), w, id, 0, func(p *record.Project) { p.Embargoes = p.Embargoes[1:] }); problem(err) != record.IllegalTransition {
			t.Errorf("the system takes an embargo away: %v", err)
		}
		withdraw(t, w, id, "Dubbel.")
		same(t, "the history after withdrawal", kept(working(t, w, id).(*record.Project)), want)
		var logged []string
		for _, c := range changes(t, w) {
			if strings.HasPrefix(c.Kind, "EMBARGO_") {
				logged = append(logged, c.Kind+" "+c.Reason)
			}
		}
		same(t, "the log", logged, []string{string(changelog.EmbargoPlaced) + " " + because, string(changelog.EmbargoExtended) + " Het besluit komt later.",
			string(changelog.EmbargoLifted) + " Het besluit is bekend.", string(changelog.EmbargoPlaced) + " " + because})
	})
}

// Invariant 14, for what is decided about embargoes.
func TestADecisionAboutAnEmbargoIsOneChangeAndOneEntryWhenItShows(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		id := w.Publish(t, w.Project("Onderwijskansen")).Base().ID
		for i, do := range []func(){
			func() { place(t, w, id, record.ResultsScope, w.Clock.Now().Add(time.Hour)) },
			func() { extend(t, w, id, w.Clock.Now().Add(2*time.Hour)) },
			func() { lift(t, w, id) },
		} {
			kinds := []string{"EMBARGO_PLACED", "EMBARGO_EXTENDED", "EMBARGO_LIFTED"}
			same(t, "changes", since(t, w, do), []string{kinds[i] + " " + id})
			if got := see(t, w, id).Base().Version; got != 2+i {
				t.Errorf("after %s it is at version %d", kinds[i], got)
			}
			if got := working(t, w, id).Base().State; got != record.Published {
				t.Errorf("after %s the working copy is %s", kinds[i], got)
			}
		}
		same(t, "the feed", history(t, w, id), []string{"CREATE 1", "UPDATE 2", "UPDATE 3", "UPDATE 4"})
	})
}

func TestWhatIsPublicIsNamedWhenAnEmbargoIsRefused(t *testing.T) {
	w := fixture.SQLite(t)
	p := w.Project("Verkamering")
	p.Answer, p.Outputs = record.NL("Hier."), []*record.Output{factsheet(w, "o1", "")}
	id := w.Publish(t, p).Base().ID
	for scope, want := range map[record.Scope]string{record.ResultsScope: "the answer, the outputs", record.OutputsScope: ": the outputs", record.WholeRecord: "the whole record"} {
		err := tryPlace(fixture.As(t, w.Leiden), t, w, id, scope, w.Clock.Now().Add(time.Hour))
		if problem(err) != record.IllegalTransition || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "scope: ") {
			t.Errorf("%s: %v", scope, err)
		}
	}
	if got := working(t, w, id).(*record.Project); got.Embargo() != nil || got.Revision != 2 {
		t.Errorf("what was refused changed %+v", got)
	}
}

func TestOnlyItsOrganisationDecidesAboutAnEmbargo(t *testing.T) {
	w := fixture.SQLite(t)
	id := w.Publish(t, w.Project("Verkamering")).Base().ID
	reader := identity.With(t.Context(), identity.Viewer{TokenID: "tok_r", OrganizationID: w.Leiden.ID, Scopes: []identity.Scope{identity.ReadOrganization}})
	author := identity.With(t.Context(), identity.Viewer{UserID: "usr_a", OrganizationID: w.Leiden.ID, Memberships: []identity.Membership{{OrganizationID: w.Leiden.ID, Role: identity.Author}}})
	for who, ctx := range map[string]context.Context{"a stranger": identity.AsStranger(t.Context()), "another organisation": fixture.As(t, w.Delft), "a token that reads": reader, "an author": author} {
		err := tryPlace(ctx, t, w, id, record.ResultsScope, w.Clock.Now().Add(time.Hour))
		refused := []string{policy.ErrUnauthenticated.Error(), policy.ErrForbidden.Error(), record.NoSuch("id").Error()}
		if err == nil || !slices.Contains(refused, err.Error()) {
			t.Errorf("%s: %v", who, err)
		}
	}
}
