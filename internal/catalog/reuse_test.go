package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

// repeat lets an organisation build on the project at an address, and publishes that.
func repeat(t testing.TB, w *fixture.World, subject string, o *record.Organization, kind record.ReuseKind) *record.Project {
	t.Helper()
	ctx := fixture.As(t, o)
	var out record.Record
	err := w.Write(ctx, func(tx *catalog.Writer) error {
		made, err := tx.Reuse(ctx, subject, o.ID, kind, catalog.Origin{})
		if err != nil {
			return err
		}
		made, err = tx.Edit(ctx, made.Base().ID, made.Base().Revision, func(r record.Record) error {
			r.Base().Title, r.Base().Summary = record.NL("Ook in "+o.Name), record.NL("Herhaald.")
			return nil
		})
		if err != nil {
			return err
		}
		out, err = tx.Publish(ctx, made.Base().ID, made.Base().Revision)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.(*record.Project)
}

// read is a record as a stranger reads it now.
func read(t testing.TB, w *fixture.World, id string) record.Record {
	t.Helper()
	rs, err := w.ByID(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return rs[0]
}

// reusers are who builds on projects, as a stranger sees it: how many, in how many municipalities, and their titles.
func reusers(t testing.TB, w *fixture.World, subjects ...record.Record) string {
	t.Helper()
	record.NewGroup(w.Reference(), subjects...)
	by, err := w.ReusedBy(t.Context(), subjects, 10)
	if err != nil {
		t.Fatal(err)
	}
	impacts, err := w.Impacts(t.Context(), subjects)
	if err != nil {
		t.Fatal(err)
	}
	out := ""
	for _, s := range subjects {
		id := s.Base().ID
		out += fmt.Sprintf("%d in %d:", impacts[id].Reuses, impacts[id].Municipalities)
		total := 0
		if by[id] != nil {
			total = by[id].Total
			for _, x := range by[id].Reuses {
				out += " " + x.Maker.Title.In() + " (" + string(x.Kind) + ")"
			}
		}
		if total != impacts[id].Reuses {
			t.Errorf("%d and %d build on %s", total, impacts[id].Reuses, id)
		}
		p, page, err := w.ReusedByPage(t.Context(), s.(*record.Project), 10, "")
		if err != nil {
			t.Fatal(err)
		}
		if n, _ := p.Total(t.Context()); n != total || len(page) != total {
			t.Errorf("the page has %d of %d, not %d", len(page), n, total)
		}
		out += "; "
	}
	return out
}

func TestAProjectIsRepeated(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		p := w.Project("Verkamering")
		p.Answer, p.MethodIRIs = record.NL("Vooral in het centrum."), []string{record.ConceptIRI(record.Method, "datamatch")}
		p.Contacts = []*record.Contact{{Label: "Onderzoek"}}
		p.Outputs = []*record.Output{{Key: "o1", KindIRI: record.ConceptIRI(record.OutputKind, "rapport"), Title: record.NL("Rapport"), ProducedBy: w.Leiden.ID, URL: "https://x.test/r"}}
		subject := w.Publish(t, p)
		made := repeat(t, w, w.BaseURL+"/id/"+subject.Base().ID, w.Delft, record.Adapted)
		if made.Question.In() != p.Question.In() || !slices.Equal(made.MethodIRIs, p.MethodIRIs) || !slices.Equal(made.MunicipalityCodes, w.Delft.MunicipalityCodes) {
			t.Errorf("what was asked is not taken over: %+v", made)
		}
		if made.Answer != nil || made.Outputs != nil || made.Contacts != nil || made.PublisherID != w.Delft.ID || made.Provenance != record.Own {
			t.Errorf("what came out is taken over: %+v", made)
		}
		if got := reusers(t, w, read(t, w, subject.Base().ID)); got != "1 in 1: Ook in UDC Delft (ADAPTED); " {
			t.Error(got)
		}
		again := repeat(t, w, w.BaseURL+"/id/"+subject.Base().ID, w.Leiden, record.Repeated)
		if got := reusers(t, w, read(t, w, subject.Base().ID), read(t, w, made.ID)); got != "2 in 2: Ook in UDC Leiden (REPEATED) Ook in UDC Delft (ADAPTED); 0 in 0:; " {
			t.Error(got)
		}
		based, err := w.BasedOn(t.Context(), []record.Record{read(t, w, made.ID), read(t, w, again.ID), read(t, w, subject.Base().ID)})
		if err != nil || len(based) != 2 || based[made.ID][0].Subject.ID != subject.Base().ID || based[made.ID][0].Kind != record.Adapted {
			t.Errorf("what they build on is %v, %v", based, err)
		}
		if uri := based[made.ID][0].URI(); uri != w.BaseURL+"/id/"+made.ID+"#b1" {
			t.Errorf("the reuse is at %s", uri)
		}
	})
}

func TestWhatWasForTheCommunityIsRepeatedForTheCommunity(t *testing.T) {
	w := fixture.SQLite(t)
	p := w.Project("Onder ons")
	p.Audience = record.Community
	subject := w.Publish(t, p)
	if made := repeat(t, w, w.BaseURL+"/id/"+subject.Base().ID, w.Leiden, record.Repeated); made.Audience != record.Community {
		t.Errorf("it is for %s", made.Audience)
	}
}

func TestAReuseIsThereWhileBothProjectsAre(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		subject := w.Publish(t, w.Project("Verkamering"))
		address := w.BaseURL + "/id/" + subject.Base().ID
		made := repeat(t, w, address, w.Delft, record.Repeated)
		withdraw := func(r record.Record) {
			t.Helper()
			ctx := fixture.As(t, w.Reference().Organization(r.Base().PublisherID))
			err := w.Write(ctx, func(tx *catalog.Writer) error {
				_, err := tx.Withdraw(ctx, r.Base().ID, r.Base().Revision, "Het klopte niet.")
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		other := repeat(t, w, address, w.Leiden, record.Inspired)
		withdraw(other)
		if got := reusers(t, w, read(t, w, subject.Base().ID)); got != "1 in 1: Ook in UDC Delft (REPEATED); " {
			t.Error(got)
		}
		withdraw(subject)
		based, err := w.BasedOn(t.Context(), []record.Record{read(t, w, made.ID)})
		if err != nil || len(based[made.ID]) != 0 {
			t.Errorf("what was withdrawn is built on: %v, %v", based, err)
		}
		ctx := fixture.As(t, w.Delft)
		err = w.Write(ctx, func(tx *catalog.Writer) error {
			_, err := tx.Reuse(ctx, address, w.Delft.ID, record.Repeated, catalog.Origin{})
			return err
		})
		if !errors.As(err, new(record.Problems)) {
			t.Errorf("what was withdrawn is repeated: %v", err)
		}
		err = w.Write(ctx, func(tx *catalog.Writer) error {
			p := w.Project("Nog een")
			p.PublisherID = w.Delft.ID
			p.SetReuses([]*record.Reuse{{SubjectID: subject.Base().ID, Kind: record.Repeated}})
			_, err := tx.Create(ctx, p, catalog.Origin{})
			return err
		})
		if !errors.As(err, new(record.Problems)) {
			t.Errorf("what was withdrawn takes a new reuse: %v", err)
		}
		// What named it before goes on.
		err = w.Write(ctx, func(tx *catalog.Writer) error {
			_, err := tx.Edit(ctx, made.ID, made.Revision, func(r record.Record) error { r.Base().Summary = record.NL("Anders."); return nil })
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestThePublisherOfAProjectHidesWhoDoesNotBuildOnIt(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		subject := w.Publish(t, w.Project("Verkamering"))
		made := repeat(t, w, w.BaseURL+"/id/"+subject.Base().ID, w.Delft, record.Repeated)
		hide := func(ctx context.Context, id string, hidden bool) error {
			return w.Write(ctx, func(tx *catalog.Writer) error {
				_, err := tx.HideReuse(ctx, id, hidden, "Dit is een ander onderwerp.")
				return err
			})
		}
		reuse := record.PartID(made.ID, "b1")
		leiden := fixture.As(t, w.Leiden)
		for what, ctx := range map[string]context.Context{"who builds on it": fixture.As(t, w.Delft),
			"an author": identity.With(t.Context(), identity.Viewer{UserID: "usr_a", Memberships: []identity.Membership{{OrganizationID: w.Leiden.ID, Role: identity.Author}}})} {
			if err := hide(ctx, reuse, true); err == nil {
				t.Errorf("%s hides it", what)
			}
		}
		if err := hide(t.Context(), reuse, true); !errors.Is(err, policy.ErrUnauthenticated) {
			t.Errorf("a stranger hides it: %v", err)
		}
		for _, id := range []string{"", made.ID, record.PartID(made.ID, "o1"), record.PartID("prj_x", "b1"), record.PartID(subject.Base().ID, "b1")} {
			if err := hide(leiden, id, true); !errors.As(err, new(record.Problems)) {
				t.Errorf("%q is hidden: %v", id, err)
			}
		}
		if err := hide(leiden, reuse, true); err != nil {
			t.Fatal(err)
		}
		now := read(t, w, subject.Base().ID)
		if got := reusers(t, w, now); got != "0 in 0:; " {
			t.Error(got)
		}
		hidden, err := w.HiddenReuses(t.Context(), []record.Record{now})
		if err != nil || len(hidden[now.Base().ID]) != 1 || hidden[now.Base().ID][0].ID != reuse {
			t.Errorf("what is hidden is %v, %v", hidden, err)
		}
		if err := hide(leiden, reuse, false); err != nil {
			t.Fatal(err)
		}
		if got := reusers(t, w, read(t, w, subject.Base().ID)); got != "1 in 1: Ook in UDC Delft (REPEATED); " {
			t.Error(got)
		}
	})
}

func TestReusesOfAListTakeAsManyStatementsAsOfOne(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		var subjects []record.Record
		for i := range 6 {
			s := w.Publish(t, w.Project(fmt.Sprint("Verkamering ", i)))
			repeat(t, w, w.BaseURL+"/id/"+s.Base().ID, w.Delft, record.Repeated)
			subjects = append(subjects, read(t, w, s.Base().ID))
		}
		for _, n := range []int{1, 6} {
			some := subjects[:n]
			record.NewGroup(w.Reference(), some...)
			w.Statements.Reset()
			if _, err := w.ReusedBy(t.Context(), some, 3); err != nil {
				t.Fatal(err)
			}
			if _, err := w.Impacts(t.Context(), some); err != nil {
				t.Fatal(err)
			}
			if all := w.Statements.About("terms", "publications"); len(all) != 3 {
				t.Errorf("%d projects took %d statements: %v", n, len(all), all)
			}
		}
	})
}

func TestAListOfProjectsThatHideAsMuchAsTheyMayIsCounted(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		made := repeat(t, w, w.BaseURL+"/id/"+w.Publish(t, w.Project("Verkamering")).Base().ID, w.Delft, record.Repeated)
		subjects := []record.Record{read(t, w, made.BasedOn[0].SubjectID)}
		for i := range 400 {
			p := w.Project("Verborgen")
			p.ID, p.Audience, p.Language = fmt.Sprint("prj_", i), record.Public, record.Dutch
			for j := range 100 {
				p.HiddenReuseIDs = append(p.HiddenReuseIDs, fmt.Sprint("prj_", i, "-", j))
			}
			if ps := p.Check(w.Reference()); len(ps) > 0 {
				t.Fatal(ps)
			}
			subjects = append(subjects, p)
		}
		impacts, err := w.Impacts(t.Context(), subjects)
		if err != nil || impacts[made.BasedOn[0].SubjectID].Reuses != 1 {
			t.Errorf("%v, %v", impacts, err)
		}
		by, err := w.ReusedBy(t.Context(), subjects, 3)
		if err != nil || len(by) != 1 {
			t.Errorf("%v, %v", by, err)
		}
	})
}

func TestAProjectOfAnotherNodeIsRepeatedAndCountedThere(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		peer := elsewhere(t, "https://elders.test")
		subject := peer.Publish(t, peer.Project("Verkamering"))
		leiden := admit(t, w, peer, peer.Leiden)
		copied := take(t, w, entry(t, peer, subject.Base().ID, leiden))
		made := repeat(t, w, copied.Base().URI, w.Delft, record.Repeated)
		if made.BasedOn[0].SubjectID != copied.Base().ID {
			t.Errorf("it builds on %s", made.BasedOn[0].SubjectID)
		}
		if got := reusers(t, w, read(t, w, copied.Base().ID)); got != "1 in 1: Ook in UDC Delft (REPEATED); " {
			t.Errorf("here: %s", got)
		}
		// It goes home in the log of whoever repeated it.
		delft := admit(t, peer, w, w.Delft)
		back := take(t, peer, entry(t, w, made.ID, delft)).(*record.Project)
		if back.BasedOn[0].SubjectID != subject.Base().ID {
			t.Errorf("there it builds on %s", back.BasedOn[0].SubjectID)
		}
		if got := reusers(t, peer, read(t, peer, subject.Base().ID)); got != "1 in 1: Ook in UDC Delft (REPEATED); " {
			t.Errorf("there: %s", got)
		}
		// What is hidden there, is hidden here.
		ctx := fixture.As(t, peer.Leiden)
		err := peer.Write(ctx, func(tx *catalog.Writer) error {
			_, err := tx.HideReuse(ctx, record.PartID(back.ID, "b1"), true, "Dit is iets anders.")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		take(t, w, entry(t, peer, subject.Base().ID, leiden))
		if got := reusers(t, w, read(t, w, copied.Base().ID)); got != "0 in 0:; " {
			t.Errorf("here, hidden there: %s", got)
		}
		// And nobody here changes the copy.
		ctx = fixture.As(t, w.Delft)
		err = w.Write(ctx, func(tx *catalog.Writer) error {
			_, err := tx.Edit(ctx, copied.Base().ID, 1, func(record.Record) error { return nil })
			return err
		})
		var ps record.Problems
		if !errors.As(err, &ps) || ps[0].Code != record.NotAllowed {
			t.Errorf("a copy is changed: %v", err)
		}
	})
}

// What is left out is in the document of the project that leaves it out, so it can be shown again when nothing else tells of it.
func TestWhatIsHiddenAndGoneCanBeShownAgain(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		peer := elsewhere(t, "https://elders.test")
		subject := w.Publish(t, w.Project("Verkamering"))
		uri := w.BaseURL + "/id/" + subject.Base().ID
		leiden := fixture.As(t, w.Leiden)
		hide := func(ctx context.Context, id string, hidden bool) error {
			return w.Write(ctx, func(tx *catalog.Writer) error {
				_, err := tx.HideReuse(ctx, id, hidden, "Dit is een ander onderwerp.")
				return err
			})
		}
		// One is withdrawn, one is no longer taken in, one says something else by now, and one is still there.
		withdrawn, changed, there := repeat(t, w, uri, w.Delft, record.Repeated), repeat(t, w, uri, w.Delft, record.Repeated), repeat(t, w, uri, w.Delft, record.Repeated)
		publisher := admit(t, w, peer, peer.Delft)
		far := peer.Project("Ook elders")
		far.PublisherID = peer.Delft.ID
		in := mentioning(t, entry(t, peer, peer.Publish(t, far).Base().ID, publisher), func(g map[string]any) {
			g["basedOn"] = []any{map[string]any{"key": "b1", "subject": uri, "kind": "REPEATED"}}
		})
		copied := take(t, w, in)
		for _, id := range []string{withdrawn.ID, changed.ID, there.ID, copied.Base().ID} {
			if err := hide(leiden, record.PartID(id, "b1"), true); err != nil {
				t.Fatal(err)
			}
		}
		delft := fixture.As(t, w.Delft)
		err := w.Write(delft, func(tx *catalog.Writer) error {
			if _, err := tx.Withdraw(delft, withdrawn.ID, withdrawn.Revision, "Het klopte niet."); err != nil {
				return err
			}
			r, err := tx.Edit(delft, changed.ID, changed.Revision, func(r record.Record) error { r.(*record.Project).SetReuses(nil); return nil })
			if err != nil {
				return err
			}
			_, err = tx.Publish(delft, changed.ID, r.Base().Revision)
			return err
		})
		if err == nil {
			err = w.Write(fixture.System(t), func(tx *catalog.Writer) error {
				_, err := tx.ForgetPublisher(t.Context(), publisher)
				return err
			})
		}
		if err != nil {
			t.Fatal(err)
		}
		gone := func() map[string]string {
			t.Helper()
			all, err := w.HiddenGone(t.Context(), []record.Record{read(t, w, subject.Base().ID)})
			if err != nil {
				t.Fatal(err)
			}
			out := map[string]string{}
			for _, x := range all[subject.Base().ID] {
				out[x.URI] = x.ID
			}
			return out
		}
		found := gone()
		want := []string{w.BaseURL + "/id/" + withdrawn.ID, w.BaseURL + "/id/" + changed.ID, in.Object}
		if len(found) != 3 || slices.ContainsFunc(want, func(uri string) bool { return found[uri] == "" }) {
			t.Fatalf("what is gone is %v, want %v", found, want)
		}
		id := found[in.Object]
		for what, ctx := range map[string]context.Context{"somebody else": delft, "a stranger": t.Context()} {
			if err := hide(ctx, id, false); err == nil {
				t.Errorf("%s shows it again", what)
			}
		}
		for _, wrong := range []string{record.PartID(subject.Base().ID, "prj_x"), record.PartID(subject.Base().ID, subject.Base().ID), record.PartID("prj_x", copied.Base().ID), record.PartID(withdrawn.ID, copied.Base().ID)} {
			if err := hide(leiden, wrong, false); !errors.As(err, new(record.Problems)) {
				t.Errorf("%s is shown again: %v", wrong, err)
			}
		}
		if err := hide(leiden, id, true); !errors.As(err, new(record.Problems)) {
			t.Errorf("what is gone is hidden: %v", err)
		}
		if err := hide(leiden, id, false); err != nil {
			t.Fatal(err)
		}
		if now := gone(); len(now) != 2 || now[in.Object] != "" {
			t.Errorf("what is gone is %v", now)
		}
		in.Version++ // it comes back
		take(t, w, in)
		if got := reusers(t, w, read(t, w, subject.Base().ID)); got != "1 in 1: Ook elders (REPEATED); " {
			t.Error(got)
		}
	})
}
