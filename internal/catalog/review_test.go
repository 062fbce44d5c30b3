package catalog_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

var newTitle = editing(func(p *record.Project) { p.Title = record.NL("Een andere titel") })

func TestWhatIsSubmittedIsPublishedBySomebodyElse(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		author, coordinator := person(t, w, w.Leiden, identity.Author), person(t, w, w.Leiden, identity.Coordinator)
		var id string
		if err := w.Write(author, func(tx *catalog.Writer) error {
			made, err := tx.Create(author, w.Project("Verkamering"), catalog.Origin{})
			id = made.Base().ID
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := try(coordinator, t, w, id, approves); problem(err) != record.IllegalTransition {
			t.Errorf("a draft is reviewed: %v", err)
		}
		if got := must(author, t, w, id, submits); got != record.InReview {
			t.Errorf("submitted it is %s", got)
		}
		if see(t, w, id) != nil {
			t.Error("what waits for a review is public")
		}
		if _, err := try(author, t, w, id, submits); problem(err) != record.IllegalTransition {
			t.Errorf("it is submitted twice: %v", err)
		}
		if _, err := try(author, t, w, id, approves); !errors.Is(err, policy.ErrForbidden) {
			t.Errorf("an author reviews: %v", err)
		}
		if got := must(coordinator, t, w, id, asksForChanges); got != record.ChangesRequested {
			t.Errorf("with changes asked for it is %s", got)
		}
		if got := must(author, t, w, id, newTitle); got != record.ChangesRequested {
			t.Errorf("what a reviewer asked for no longer stands: %s", got)
		}
		must(author, t, w, id, submits)
		if got := must(coordinator, t, w, id, approves); got != record.Published || see(t, w, id) == nil {
			t.Errorf("approved it is %s", got)
		}
		var kinds []string
		for _, c := range changes(t, w) {
			if c.RecordID == id {
				kinds = append(kinds, c.Kind+" "+c.Reason)
			}
		}
		same(t, "the log", kinds, []string{"CREATED ", "SUBMITTED ", "CHANGES_REQUESTED Noem de bron.", "UPDATED ", "SUBMITTED ", "PUBLISHED "})
		same(t, "the feed", history(t, w, id), []string{"CREATE 1"})
	})
}

func TestNobodyReviewsWhatTheyWroteOrSubmittedLast(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		anna, bram, carl := person(t, w, w.Leiden, identity.Coordinator), person(t, w, w.Leiden, identity.Coordinator), person(t, w, w.Leiden, identity.Administrator)
		id := create(t, w, w.Project("Verkamering")).Base().ID
		must(anna, t, w, id, newTitle)
		must(bram, t, w, id, submits)
		for who, ctx := range map[string]context.Context{"the last author": anna, "who submitted": bram} {
			if _, err := try(ctx, t, w, id, approves); problem(err) != record.NotAllowed {
				t.Errorf("%s approves: %v", who, err)
			}
			if _, err := try(ctx, t, w, id, asksForChanges); problem(err) != record.NotAllowed {
				t.Errorf("%s asks for changes: %v", who, err)
			}
			if _, err := try(ctx, t, w, id, publishes); problem(err) != record.IllegalTransition {
				t.Errorf("%s publishes without review: %v", who, err)
			}
		}
		must(bram, t, w, id, editing(func(p *record.Project) { p.Phase = record.OnHold }))
		if _, err := try(anna, t, w, id, approves); problem(err) != record.NotAllowed {
			t.Errorf("progress made the last author somebody else: %v", err)
		}
		must(carl, t, w, id, approves)
		must(bram, t, w, id, editing(func(p *record.Project) { p.Title = record.NL("Weer anders") }))
		must(bram, t, w, id, submits)
		must(anna, t, w, id, approves) // what she wrote was published since
	})
}

func TestNobodyReviewsWhatTheirOwnProgramWrote(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		maker, other := person(t, w, w.Leiden, identity.Administrator), person(t, w, w.Leiden, identity.Coordinator)
		_, token, err := w.Tokens.Create(maker, w.Leiden.ID, "koppeling", []identity.Scope{identity.WriteRecords}, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Tokens.Revoke(other, token.ID); err != nil {
			t.Fatal(err)
		}
		program := identity.With(t.Context(), identity.Viewer{TokenID: token.ID, OrganizationID: w.Leiden.ID, Scopes: token.Scopes})
		mayReview := func(ctx context.Context, id string) bool {
			acts, err := w.ViewerCan(ctx, []record.Record{working(t, w, id)})
			if err != nil {
				t.Fatal(err)
			}
			return slices.Contains(acts[id], catalog.MayReview)
		}
		for what, by := range map[string][2]context.Context{"changed": {program, person(t, w, w.Leiden, identity.Author)}, "submitted": {person(t, w, w.Leiden, identity.Author), program}} {
			id := create(t, w, w.Project("Verkamering")).Base().ID
			must(by[0], t, w, id, newTitle)
			must(by[1], t, w, id, submits)
			if _, err := try(maker, t, w, id, approves); problem(err) != record.NotAllowed || mayReview(maker, id) {
				t.Errorf("%s by a program, its maker approves: %v", what, err)
			}
			if !mayReview(other, id) {
				t.Errorf("%s by a program, nobody else may approve", what)
			}
			must(other, t, w, id, approves)
		}
	})
}

func TestAProgramReviewsNothing(t *testing.T) {
	w := fixture.SQLite(t)
	id := create(t, w, w.Project("Verkamering")).Base().ID
	must(person(t, w, w.Leiden, identity.Author), t, w, id, submits)
	if _, err := try(fixture.As(t, w.Leiden), t, w, id, approves); !errors.Is(err, policy.ErrForbidden) {
		t.Errorf("a program reviews: %v", err)
	}
}

func TestWithoutReviewIsPublishedOnlyWhereNobodyElseCould(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		publishesAs := func(who string, ctx context.Context, may bool) {
			t.Helper()
			id := create(t, w, w.Project("Project van "+who)).Base().ID
			_, err := try(ctx, t, w, id, publishes)
			if (err == nil) != may || err != nil && problem(err) != record.IllegalTransition {
				t.Errorf("%s publishes: %v", who, err)
			}
			cs := changes(t, w)
			if last := cs[len(cs)-1]; may && last.Reason != "zonder vierogen" {
				t.Errorf("%s: it is logged as %q", who, last.Reason)
			}
		}
		program := fixture.As(t, w.Leiden)
		publishesAs("a program where there are no people", program, true)
		person(t, w, w.Leiden, identity.Author)
		person(t, w, w.Delft, identity.Coordinator)
		publishesAs("a program among authors", program, true)
		me := person(t, w, w.Leiden, identity.Coordinator)
		publishesAs("a program of the one coordinator", program, true)
		publishesAs("the one coordinator", me, true)
		person(t, w, w.Leiden, identity.Administrator)
		publishesAs("a program of one of two", program, false)
		publishesAs("one of two", me, false)
		publishesAs("the node itself", fixture.System(t), true)
	})
}

func TestAnAccountThatCannotSignInIsNoReviewer(t *testing.T) {
	w := fixture.SQLite(t)
	me, other := person(t, w, w.Leiden, identity.Coordinator), person(t, w, w.Leiden, identity.Coordinator)
	id := create(t, w, w.Project("Verkamering")).Base().ID
	if _, err := try(me, t, w, id, publishes); problem(err) != record.IllegalTransition {
		t.Fatal(err)
	}
	tx, err := w.Store.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tx.User.UpdateOneID(identity.From(other).UserID).SetState(string(identity.Disabled)).ExecX(t.Context())
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	must(me, t, w, id, publishes)
}

func TestAnEditOfContentEndsAReviewAndProgressDoesNot(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		author, coordinator := person(t, w, w.Leiden, identity.Author), person(t, w, w.Leiden, identity.Coordinator)
		progress := editing(func(p *record.Project) { p.Phase = record.OnHold })
		back := editing(func(p *record.Project) { p.Title, p.Phase = record.NL("Verkamering"), record.Running })
		fresh := create(t, w, w.Project("Verkamering")).Base().ID
		public := w.Publish(t, w.Project("Verkamering")).Base().ID
		for _, id := range []string{fresh, public} {
			must(author, t, w, id, newTitle)
			must(author, t, w, id, submits)
			if got := must(author, t, w, id, progress); got != record.InReview {
				t.Errorf("after progress %s is %s", id, got)
			}
			if got := must(author, t, w, id, editing(func(p *record.Project) { p.Summary = record.NL("Anders") })); got != record.Draft {
				t.Errorf("after an edit %s is %s", id, got)
			}
			if _, err := try(coordinator, t, w, id, approves); problem(err) != record.IllegalTransition {
				t.Errorf("what is no longer submitted is approved: %v", err)
			}
		}
		must(author, t, w, public, editing(func(p *record.Project) { p.Summary = record.NL("Samenvatting van Verkamering") }))
		if got := must(author, t, w, public, back); got != record.Published {
			t.Errorf("put back as it was it is %s", got)
		}
		must(author, t, w, public, newTitle)
		must(author, t, w, public, submits)
		must(coordinator, t, w, public, asksForChanges)
		if got := must(author, t, w, public, back); got != record.Published {
			t.Errorf("put back after changes were asked for it is %s", got)
		}
	})
}

func TestWhatIsIncompleteIsNotSubmitted(t *testing.T) {
	w := fixture.SQLite(t)
	p := w.Project("Verkamering")
	p.PolicyDomainIRIs = nil
	hidden := create(t, w, w.Lesson("Vraag het vooraf", create(t, w, w.Project("Geheim")).Base().ID)).Base().ID
	tpl := w.Publish(t, w.Template("Zes stappen", "1.0.0", "vraag")).Base().ID
	edit(t, w, tpl, func(p *record.ProcessTemplate) { p.Steps[0].Purpose = record.NL("Anders") })
	for id, want := range map[string]record.Code{create(t, w, p).Base().ID: record.Required, hidden: record.IllegalTransition, tpl: record.Invalid} {
		if _, err := try(fixture.As(t, w.Leiden), t, w, id, submits); problem(err) != want {
			t.Errorf("%s is submitted: %v", id, err)
		}
	}
}

func TestTheNoteOfAReviewerIsChecked(t *testing.T) {
	w := fixture.SQLite(t)
	author, coordinator := person(t, w, w.Leiden, identity.Author), person(t, w, w.Leiden, identity.Coordinator)
	id := create(t, w, w.Project("Verkamering")).Base().ID
	must(author, t, w, id, submits)
	for note, want := range map[string]record.Code{"": record.Required, " \n": record.Required, strings.Repeat("é", 5001): record.TooLong, "a\x00": record.Invalid} {
		_, err := try(coordinator, t, w, id, func(w *catalog.Writer, ctx context.Context, id string, revision int) (record.Record, error) {
			return w.Review(ctx, id, revision, false, note)
		})
		if problem(err) != want {
			t.Errorf("%.10q: %v", note, err)
		}
	}
}

func TestOfTwoReviewersOneDecides(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		reviewers := []context.Context{person(t, w, w.Leiden, identity.Coordinator), person(t, w, w.Leiden, identity.Coordinator)}
		for range 5 {
			id := create(t, w, w.Project("Verkamering")).Base().ID
			must(fixture.As(t, w.Leiden), t, w, id, submits)
			revision := working(t, w, id).Base().Revision
			errs := make([]error, 3)
			var both sync.WaitGroup
			for i, ctx := range reviewers {
				both.Go(func() {
					errs[i] = w.Write(ctx, func(tx *catalog.Writer) error {
						_, err := tx.Review(ctx, id, revision, i == 0, "Noem de bron.")
						return err
					})
				})
			}
			both.Go(func() { // and an author who is still at it
				_, errs[2] = tryEdit(fixture.As(t, w.Leiden), w, id, revision, func(p *record.Project) { p.Title = record.NL("Ander") })
			})
			both.Wait()
			decided := 0
			for _, err := range errs {
				if err == nil {
					decided++
				} else if problem(err) != record.StaleRevision {
					t.Errorf("refused as %v", err)
				}
			}
			want := map[bool]record.State{errs[0] == nil: record.Published, errs[1] == nil: record.ChangesRequested, errs[2] == nil: record.Draft}[true]
			if got := working(t, w, id).Base(); decided != 1 || got.State != want || got.Revision != revision+1 {
				t.Errorf("%d decided, it is %s at %d", decided, got.State, got.Revision)
			}
			if public := see(t, w, id); (public != nil) != (errs[0] == nil) {
				t.Errorf("public: %v, approved: %v", public != nil, errs[0])
			}
		}
	})
}

func TestWhatIsArchivedStaysPublicAndSaysSo(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		ctx := fixture.As(t, w.Leiden)
		p := w.Project("Verkamering")
		p.Answer = record.NL("In deze wijken.")
		p.Embargoes = []*record.Embargo{w.Embargo(record.ResultsScope, time.Hour)}
		id := w.Publish(t, p).Base().ID
		made := since(t, w, func() {
			if got := must(ctx, t, w, id, archives); got != record.Archived {
				t.Errorf("archived it is %s", got)
			}
		})
		same(t, "changes", made, []string{"ARCHIVED " + id})
		same(t, "the feed", history(t, w, id), []string{"CREATE 1", "UPDATE 2"})
		if got := see(t, w, id).Base(); got.State != record.Archived || got.Version != 2 {
			t.Errorf("readers see it as %s, version %d", got.State, got.Version)
		}
		if got := must(ctx, t, w, id, editing(func(p *record.Project) { p.Phase = record.OnHold })); got != record.Archived {
			t.Errorf("with other progress it is %s", got)
		}
		w.Clock.Move(time.Hour)
		if got := see(t, w, id).(*record.Project); got.State != record.Archived || got.Answer == nil {
			t.Errorf("after the embargo readers see it as %s, answer %v", got.State, got.Answer)
		}
		if _, err := try(ctx, t, w, id, archives); problem(err) != record.IllegalTransition {
			t.Errorf("it is archived twice: %v", err)
		}
		if got := must(ctx, t, w, id, publishes); got != record.Published || see(t, w, id).Base().State != record.Published {
			t.Errorf("published again it is %s", got)
		}
		must(ctx, t, w, id, archives)
		must(ctx, t, w, id, newTitle)
		if got := see(t, w, id).Base().State; got != record.Archived {
			t.Errorf("while it is edited readers see it as %s", got)
		}
		if _, err := try(ctx, t, w, id, archives); problem(err) != record.IllegalTransition {
			t.Errorf("with changes that wait it is archived: %v", err)
		}
		coordinator := person(t, w, w.Leiden, identity.Coordinator)
		must(ctx, t, w, id, submits)
		if got := must(coordinator, t, w, id, approves); got != record.Published || see(t, w, id).Base().State != record.Published {
			t.Errorf("approved again it is %s", got)
		}
		must(ctx, t, w, id, archives)
		withdraw(t, w, id, "Verouderd.")
		if see(t, w, id) != nil {
			t.Error("what is archived cannot be withdrawn")
		}
	})
}

func TestAModeratorWithdrawsWhatAnybodyPublished(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		mod := moderator(t)
		withdraws := func(w *catalog.Writer, ctx context.Context, id string, revision int) (record.Record, error) {
			return w.Withdraw(ctx, id, revision, "Er stond een naam in.")
		}
		owes := w.Project("Verkamering")
		owes.Outputs = []*record.Output{factsheet(w, "o1", "2026-03-02")}
		id := w.Publish(t, owes).Base().ID
		_, err := try(fixture.As(t, w.Leiden), t, w, id, withdraws)
		if problem(err) != record.IllegalTransition || !strings.Contains(err.Error(), "must become public and is not yet") {
			t.Errorf("its publisher withdraws what must become public: %v", err)
		}
		own := identity.From(person(t, w, w.Leiden, identity.Coordinator))
		own.Moderator = true
		if _, err := try(identity.With(t.Context(), own), t, w, id, withdraws); problem(err) != record.IllegalTransition {
			t.Errorf("a moderator withdraws what their own organisation must make public: %v", err)
		}
		draft := create(t, w, w.Project("Nog niet")).Base().ID
		p := w.Project("Later")
		p.Embargoes = []*record.Embargo{w.Embargo(record.WholeRecord, time.Hour)}
		scheduled := w.Publish(t, p).Base().ID
		for _, hidden := range []string{draft, scheduled} {
			for _, revision := range []int{1, 2, 99} {
				err := w.Write(mod, func(tx *catalog.Writer) error { _, err := withdraws(tx, mod, hidden, revision); return err })
				if problem(err) != record.NotFound {
					t.Errorf("a moderator learns of what is not public: %v", err)
				}
			}
		}
		if rs, err := w.Revisions(mod, []string{id}); err != nil || rs[id] == 0 {
			t.Errorf("a moderator does not know the lock: %v, %v", rs, err)
		}
		must(mod, t, w, id, withdraws)
		if see(t, w, id) != nil {
			t.Error("it is still there")
		}
		if _, err := try(mod, t, w, w.Publish(t, w.Project("Ander")).Base().ID, newTitle); problem(err) != record.NotFound {
			t.Errorf("a moderator edits: %v", err)
		}
	})
}

func TestNegativeAndStoppedResultsAreReviewedAndPublished(t *testing.T) {
	w := fixture.SQLite(t)
	author, coordinator := person(t, w, w.Leiden, identity.Author), person(t, w, w.Leiden, identity.Coordinator)
	stopped, negative := w.Project("Gestopt"), w.Project("Geen verschil")
	stopped.Phase, stopped.StopReasonIRI = record.Stopped, record.ConceptIRI(record.StopReason, "geen-data")
	negative.Phase, negative.Answer = record.Done, record.NL("Er is geen verschil gevonden.")
	for _, p := range []*record.Project{stopped, negative} {
		p.Outputs = []*record.Output{factsheet(w, "o1", "2026-03-02")}
		id := create(t, w, p).Base().ID
		must(author, t, w, id, submits)
		must(coordinator, t, w, id, approves)
		if see(t, w, id) == nil {
			t.Errorf("%s is not public", p.Title.In())
		}
	}
}
