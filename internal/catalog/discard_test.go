package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/udc-community/plein/ent/duty"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

// listedFor are the titles of the working copies that a viewer is shown.
func listedFor(ctx context.Context, t *testing.T, w *fixture.World, f catalog.DraftFilter) []string {
	t.Helper()
	p, err := w.Drafts(ctx, f, 100, "")
	if err != nil {
		t.Fatal(err)
	}
	if n, err := p.Total(ctx); err != nil || n != len(p.Records) {
		t.Errorf("%d in all, %d listed, %v", n, len(p.Records), err)
	}
	out := []string{}
	for _, r := range p.Records {
		out = append(out, r.Base().Title.In())
	}
	return out
}

var thrownAway = catalog.DraftFilter{Discarded: true}

func TestAWorkingCopyIsThrownAwayAndTakenBack(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		author := person(t, w, w.Leiden, identity.Author)
		p := w.Project("Verkamering")
		p.Outputs = []*record.Output{factsheet(w, "o1", "")}
		id := create(t, w, p).Base().ID
		must(author, t, w, id, submits)
		made := since(t, w, func() { must(author, t, w, id, discards) })
		same(t, "changes", made, []string{"DISCARDED " + id})
		for who, ctx := range map[string]context.Context{"an author": author, "a program": fixture.As(t, w.Leiden), "the system": fixture.System(t)} {
			if d, err := w.Draft(ctx, id); d != nil || err != nil {
				t.Errorf("%s still reads it: %v", who, err)
			}
		}
		same(t, "drafts", listedFor(author, t, w, catalog.DraftFilter{}), []string{})
		same(t, "thrown away", listedFor(author, t, w, thrownAway), []string{"Verkamering"})
		if n := w.Store.Client.Duty.Query().Where(duty.RecordID(id)).CountX(t.Context()); n != 0 {
			t.Errorf("%d of its duties are listed", n)
		}
		for name, do := range map[string]step{"edited": newTitle, "submitted": submits, "published": publishes, "thrown away again": discards} {
			if _, err := try(author, t, w, id, do); problem(err) != record.NotFound {
				t.Errorf("it is %s: %v", name, err)
			}
		}
		lesson := w.Lesson("Vraag het vooraf", id)
		err := w.Write(author, func(tx *catalog.Writer) error { _, err := tx.Create(author, lesson, catalog.Origin{}); return err })
		if problem(err) != record.NotFound {
			t.Errorf("a lesson points at it: %v", err)
		}
		for who, ctx := range map[string]context.Context{"a member": person(t, w, w.Leiden, identity.Member), "another organisation": fixture.As(t, w.Delft), "a guest": guestOf(t, w, id)} {
			if _, err := try(ctx, t, w, id, restores); problem(err) != record.NotFound {
				t.Errorf("%s takes it back: %v", who, err)
			}
			same(t, "thrown away, to "+who, listedFor(ctx, t, w, thrownAway), []string{})
		}
		w.Clock.Move(30*24*time.Hour - time.Millisecond)
		if got := must(author, t, w, id, restores); got != record.Draft || working(t, w, id).Base().Title.In() != "Verkamering" {
			t.Errorf("taken back it is %s", got)
		}
		if n := w.Store.Client.Duty.Query().Where(duty.RecordID(id)).CountX(t.Context()); n != 1 {
			t.Errorf("%d duties came back", n)
		}
		if _, err := try(author, t, w, id, restores); problem(err) != record.IllegalTransition {
			t.Errorf("it is taken back twice: %v", err)
		}
	})
}

func TestWhatWasPublishedOrIsOwedIsNotThrownAway(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		ctx := fixture.As(t, w.Leiden)
		public := w.Publish(t, w.Project("Verkamering")).Base().ID
		p := w.Project("Later")
		p.Embargoes = []*record.Embargo{w.Embargo(record.WholeRecord, time.Hour)}
		scheduled := w.Publish(t, p).Base().ID
		owes := w.Project("Opgeleverd")
		owes.Outputs = []*record.Output{factsheet(w, "o1", "2026-03-02")}
		for _, id := range []string{public, scheduled, create(t, w, owes).Base().ID} {
			if _, err := try(ctx, t, w, id, discards); problem(err) != record.IllegalTransition {
				t.Errorf("%s is thrown away: %v", id, err)
			}
		}
		id := create(t, w, w.Project("Gast")).Base().ID
		if _, err := try(guestOf(t, w, id), t, w, id, discards); !errors.Is(err, policy.ErrForbidden) {
			t.Errorf("a guest throws it away: %v", err)
		}
		err := w.Write(ctx, func(tx *catalog.Writer) error { _, err := tx.Discard(ctx, id, 7); return err })
		if problem(err) != record.StaleRevision {
			t.Errorf("at a revision that is not its own: %v", err)
		}
	})
}

func TestWhatMadeAWorkingCopyMakesAnotherOnceItIsThrownAway(t *testing.T) {
	w := fixture.SQLite(t)
	ctx := fixture.As(t, w.Leiden)
	make := func() (id string) {
		err := w.Write(ctx, func(tx *catalog.Writer) error {
			made, err := tx.Create(ctx, w.Project("Uit een tabel"), catalog.Origin{IdempotencyKey: "imp_1/2", ExternalID: "register/1", ExternalHash: "x"})
			if err == nil {
				id = made.Base().ID
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	first := make()
	if make() != first {
		t.Fatal("the key made another one")
	}
	must(ctx, t, w, first, discards)
	if make() == first {
		t.Error("the key gives what was thrown away")
	}
	must(ctx, t, w, first, restores)
}

func TestWhatWasThrownAwayIsGoneForGoodAfterThirtyDays(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		ctx := fixture.As(t, w.Leiden)
		gone, kept := create(t, w, w.Project("Weg")).Base().ID, create(t, w, w.Project("Nog even")).Base().ID
		if err := w.Write(person(t, w, w.Leiden, identity.Author), func(tx *catalog.Writer) error {
			_, _, err := tx.Share(t.Context(), gone, "Voor de GGD", 30)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		must(ctx, t, w, gone, discards)
		w.Clock.Move(time.Hour)
		must(ctx, t, w, kept, discards)
		w.Clock.Move(30*24*time.Hour - time.Hour)
		same(t, "thrown away", listedFor(ctx, t, w, thrownAway), []string{"Nog even"})
		if _, err := try(ctx, t, w, gone, restores); problem(err) != record.NotFound {
			t.Errorf("after thirty days it is taken back: %v", err)
		}
		made := since(t, w, func() {
			for range 2 {
				if err := w.ForgetDiscarded(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
		})
		same(t, "changes", made, []string{"DISCARDED " + gone})
		if n := w.Store.Client.DraftShare.Query().CountX(t.Context()); n != 0 {
			t.Errorf("%d links to it are left", n)
		}
		if n := w.Store.Client.Draft.Query().CountX(t.Context()); n != 1 {
			t.Errorf("%d working copies are left", n)
		}
		must(ctx, t, w, kept, restores)
	})
}

func TestWorkingCopiesOfAllOnesOrganisationsAreListedTogether(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		leiden, delft := create(t, w, w.Project("Van Leiden")), w.Project("Van Delft")
		delft.PublisherID = w.Delft.ID
		create(t, w, delft)
		w.Clock.Move(time.Minute)
		review := create(t, w, w.Project("Ter beoordeling")).Base().ID
		must(fixture.As(t, w.Leiden), t, w, review, submits)
		as := func(ms ...identity.Membership) context.Context {
			return identity.With(t.Context(), identity.Viewer{UserID: "usr_x", OrganizationID: ms[0].OrganizationID, Memberships: ms})
		}
		member := func(o *record.Organization, r identity.Role) identity.Membership {
			return identity.Membership{OrganizationID: o.ID, Role: r}
		}
		both := as(member(w.Delft, identity.Author), member(w.Leiden, identity.Coordinator))
		same(t, "of both", listedFor(both, t, w, catalog.DraftFilter{}), []string{"Ter beoordeling", "Van Delft", "Van Leiden"})
		same(t, "of Leiden", listedFor(both, t, w, catalog.DraftFilter{OrganizationID: w.Leiden.ID}), []string{"Ter beoordeling", "Van Leiden"})
		same(t, "in review", listedFor(both, t, w, catalog.DraftFilter{States: []record.State{record.InReview, record.ChangesRequested}}), []string{"Ter beoordeling"})
		same(t, "of where one only reads", listedFor(as(member(w.Delft, identity.Author), member(w.Leiden, identity.Member)), t, w, catalog.DraftFilter{}), []string{"Van Delft"})
		same(t, "of another", listedFor(as(member(w.Delft, identity.Author)), t, w, catalog.DraftFilter{OrganizationID: w.Leiden.ID}), []string{})
		guest := guestOf(t, w, leiden.Base().ID)
		same(t, "of a guest", listedFor(guest, t, w, catalog.DraftFilter{}), []string{"Van Leiden"})
		same(t, "of a guest, by organisation", listedFor(guest, t, w, catalog.DraftFilter{OrganizationID: w.Leiden.ID}), []string{"Van Leiden"})
		if rs, err := w.Revisions(both, []string{leiden.Base().ID, delft.ID}); err != nil || len(rs) != 2 {
			t.Errorf("the locks of both are %v, %v", rs, err)
		}
		if d, err := w.Draft(guest, review); d != nil || err != nil {
			t.Errorf("a guest reads another project: %v", err)
		}
		for i, ctx := range []context.Context{identity.AsStranger(t.Context()), as(member(w.Leiden, identity.Member)), moderator(t)} {
			n := statements(t, w, func() error {
				p, err := w.Drafts(ctx, catalog.DraftFilter{}, 10, "")
				d, err2 := w.Draft(ctx, review)
				if err == nil && len(p.Records) > 0 || d != nil {
					t.Errorf("viewer %d: %v %v", i, p, d)
				}
				return errors.Join(err, err2)
			})
			if n > 0 {
				t.Errorf("viewer %d: %d statements", i, n)
			}
		}
		for first := 1; first <= 3; first++ {
			if n := statements(t, w, func() error { _, err := w.Drafts(both, catalog.DraftFilter{}, first, ""); return err }); n != 2 {
				t.Errorf("a page of %d takes %d statements", first, n)
			}
		}
	})
}

func TestAGuestChangesTheOutputsAndNothingElse(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		p := w.Project("Verkamering")
		// A delivery on a day that has come since, and an embargo that has ended since: the clock changes both.
		p.Outputs = []*record.Output{factsheet(w, "o1", "2026-03-03")}
		p.Embargoes = []*record.Embargo{w.Embargo(record.ResultsScope, time.Hour)}
		id := create(t, w, p).Base().ID
		other := create(t, w, w.Project("Ander")).Base().ID
		guest := guestOf(t, w, id)
		w.Clock.Move(48 * time.Hour)
		if d, err := w.Draft(guest, id); err != nil || d == nil {
			t.Fatalf("a guest does not read the project: %v", err)
		}
		outputs := editing(func(p *record.Project) { p.Outputs = append(p.Outputs, factsheet(w, "o2", "")) })
		must(guest, t, w, id, outputs)
		for name, do := range map[string]step{
			"content": newTitle, "progress": editing(func(p *record.Project) { p.Phase = record.Done }),
			"both":                 editing(func(p *record.Project) { p.Outputs, p.Answer = nil, record.NL("x") }),
			"a delivery back":      editing(func(p *record.Project) { p.Outputs = p.Outputs[1:] }),
			"an embargo by itself": editing(func(p *record.Project) { p.Embargoes = nil }),
		} {
			if _, err := try(guest, t, w, id, do); problem(err) != record.NotAllowed && problem(err) != record.IllegalTransition {
				t.Errorf("a guest changes %s: %v", name, err)
			}
		}
		for name, do := range map[string]step{"submits": submits, "publishes": publishes, "reviews": approves, "archives": archives, "throws away": discards} {
			if _, err := try(guest, t, w, id, do); !errors.Is(err, policy.ErrForbidden) {
				t.Errorf("a guest %s: %v", name, err)
			}
		}
		if _, err := try(guest, t, w, other, outputs); problem(err) != record.NotFound {
			t.Errorf("a guest of one project changes another: %v", err)
		}
		if got := len(working(t, w, id).(*record.Project).Outputs); got != 2 {
			t.Errorf("it has %d outputs", got)
		}
	})
}

func TestWhatAViewerCanFollowsRoleAndState(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		author, coordinator := person(t, w, w.Leiden, identity.Author), person(t, w, w.Leiden, identity.Coordinator)
		second := person(t, w, w.Leiden, identity.Administrator)
		member, elsewhere := person(t, w, w.Leiden, identity.Member), person(t, w, w.Delft, identity.Administrator)
		owes := w.Project("Opgeleverd")
		owes.Outputs = []*record.Output{factsheet(w, "o1", "2026-03-02")}
		ids := map[string]string{"draft": create(t, w, w.Project("a")).Base().ID, "owes": create(t, w, owes).Base().ID}
		for _, name := range []string{"review", "changes", "gone"} {
			ids[name] = create(t, w, w.Project(name)).Base().ID
		}
		sys := fixture.System(t)
		for _, name := range []string{"public", "edited", "archived", "withdrawn"} {
			ids[name] = create(t, w, w.Project(name)).Base().ID
			must(sys, t, w, ids[name], publishes)
		}
		lesson := create(t, w, w.Lesson("Les")).Base().ID
		ids["lesson"] = lesson
		must(author, t, w, ids["review"], submits)
		must(author, t, w, ids["changes"], submits)
		must(coordinator, t, w, ids["changes"], asksForChanges)
		must(author, t, w, ids["gone"], discards)
		must(coordinator, t, w, ids["edited"], newTitle)
		must(sys, t, w, ids["archived"], archives)
		withdrawn := func(tx *catalog.Writer, ctx context.Context, id string, revision int) (record.Record, error) {
			return tx.Withdraw(ctx, id, revision, "Weg.")
		}
		must(sys, t, w, ids["withdrawn"], withdrawn)
		guest := guestOf(t, w, ids["draft"])
		for _, c := range []struct {
			who  string
			ctx  context.Context
			name string
			want string
		}{
			{"author", author, "draft", "[UPDATE SUBMIT DISCARD SHARE]"},
			{"author", author, "owes", "[UPDATE SUBMIT SHARE]"},
			{"author", author, "review", "[UPDATE DISCARD SHARE]"},
			{"author", author, "changes", "[UPDATE SUBMIT DISCARD SHARE]"},
			{"author", author, "gone", "[RESTORE]"},
			{"author", author, "public", "[UPDATE SHARE REPORT]"},
			{"author", author, "edited", "[UPDATE SUBMIT SHARE REPORT]"},
			{"author", author, "archived", "[UPDATE SUBMIT SHARE REPORT]"},
			{"author", author, "withdrawn", "[]"},
			{"author", author, "lesson", "[UPDATE SUBMIT DISCARD SHARE]"},
			{"coordinator", coordinator, "draft", "[UPDATE SUBMIT DISCARD EMBARGO SHARE INVITE]"},
			{"coordinator", coordinator, "review", "[UPDATE REVIEW DISCARD EMBARGO SHARE INVITE]"},
			{"coordinator", coordinator, "public", "[UPDATE ARCHIVE WITHDRAW EMBARGO SHARE INVITE REPORT]"},
			{"coordinator", coordinator, "archived", "[UPDATE SUBMIT WITHDRAW EMBARGO SHARE INVITE REPORT]"},
			{"coordinator", coordinator, "lesson", "[UPDATE SUBMIT DISCARD SHARE]"},
			{"second", second, "edited", "[UPDATE SUBMIT WITHDRAW EMBARGO SHARE INVITE REPORT]"},
			{"guest", guest, "draft", "[UPDATE]"},
			{"guest", guest, "public", "[REPORT]"},
			{"member", member, "draft", "[]"},
			{"member", member, "public", "[REPORT]"},
			{"elsewhere", elsewhere, "draft", "[]"},
			{"elsewhere", elsewhere, "public", "[REPORT]"},
			{"moderator", moderator(t), "draft", "[]"},
			{"moderator", moderator(t), "public", "[WITHDRAW]"},
			{"a program", fixture.As(t, w.Leiden), "draft", "[UPDATE SUBMIT DISCARD EMBARGO]"},
		} {
			acts, err := w.ViewerCan(c.ctx, []record.Record{asShown(t, w, ids[c.name])})
			if got := fmt.Sprint(acts[ids[c.name]]); err != nil || got != c.want {
				t.Errorf("%s, %s: %s, want %s, %v", c.who, c.name, got, c.want, err)
			}
		}
		if acts, _ := w.ViewerCan(fixture.As(t, w.Delft), []record.Record{asShown(t, w, ids["draft"])}); len(acts[ids["draft"]]) > 0 {
			t.Errorf("a program of another organisation may %v", acts)
		}
		var all []record.Record
		for _, id := range ids {
			all = append(all, asShown(t, w, id))
		}
		for who, x := range map[string]struct {
			ctx  context.Context
			most int
		}{"a stranger": {identity.AsStranger(t.Context()), 0}, "a member": {member, 0}, "a moderator": {moderator(t), 0}, "an author": {author, 3}, "a coordinator": {coordinator, 4}} {
			if n := statements(t, w, func() error { _, err := w.ViewerCan(x.ctx, all); return err }); n != x.most {
				t.Errorf("%s: %d statements, want %d", who, n, x.most)
			}
		}
	})
}

// asShown is a record as readers see it, else its working copy.
func asShown(t *testing.T, w *fixture.World, id string) record.Record {
	t.Helper()
	if r := see(t, w, id); r != nil {
		return r
	}
	row, err := w.Store.Client.Draft.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	r, err := record.Decode(id, row.Body)
	if err != nil {
		t.Fatal(err)
	}
	r.Base().Revision = row.Revision
	return r
}
