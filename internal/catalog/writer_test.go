package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

func TestNobodyWritesForAnother(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		id := w.Publish(t, w.Project("Van Leiden")).Base().ID
		draft := create(t, w, w.Project("Concept van Leiden")).Base().ID
		reader := identity.With(t.Context(), identity.Viewer{TokenID: "tok_lezer", OrganizationID: w.Leiden.ID, Scopes: []identity.Scope{identity.ReadOrganization}})
		for _, c := range []struct {
			who string
			ctx context.Context
			// create and change are the answers to a new record and to a change of one that is there.
			create, change error
		}{
			{"a stranger", identity.AsStranger(t.Context()), policy.ErrUnauthenticated, policy.ErrUnauthenticated},
			{"another organisation", fixture.As(t, w.Delft), policy.ErrForbidden, record.NoSuch("id")},
			{"an organisation that is only spoken about", fixture.As(t, w.CBS), policy.ErrForbidden, record.NoSuch("id")},
			{"a program that may only read", reader, policy.ErrForbidden, policy.ErrForbidden},
		} {
			before := len(changes(t, w))
			err := w.Write(c.ctx, func(tx *catalog.Writer) error {
				_, err := tx.Create(c.ctx, w.Project("Namens Leiden"), catalog.Origin{})
				return err
			})
			if !errors.Is(err, c.create) {
				t.Errorf("%s creates: %v", c.who, err)
			}
			for _, id := range []string{id, draft, "prj_bestaat-niet"} {
				want := c.change
				if id == "prj_bestaat-niet" && want == policy.ErrForbidden {
					want = record.NoSuch("id") // to its own organisation it may say that there is none
				}
				_, edited := tryEdit(c.ctx, w, id, 1, func(p *record.Project) { p.Title = record.NL("Gekaapt") })
				_, published := tryPublish(c.ctx, w, id, 1)
				for what, err := range map[string]error{"edits": edited, "publishes": published, "withdraws": tryWithdraw(c.ctx, w, id, 1, "Weg")} {
					if !answers(err, want) {
						t.Errorf("%s %s %s: %v, want %v", c.who, what, id, err, want)
					}
				}
			}
			if len(changes(t, w)) != before {
				t.Errorf("%s changed something", c.who)
			}
			if d, err := w.Draft(c.ctx, draft); err != nil || (d != nil) != (c.who == "a program that may only read") {
				t.Errorf("%s sees the draft: %v, %v", c.who, d, err)
			}
		}
	})
}

// answers tells whether a write was answered with exactly this, so that what is hidden looks like what is not there.
func answers(err, want error) bool {
	var p record.Problem
	if errors.As(want, &p) {
		return err != nil && err.Error() == p.Error() && problem(err) == p.Code
	}
	return errors.Is(err, want)
}

func TestAnOrganisationThatIsOnlySpokenAboutCannotWrite(t *testing.T) {
	w := fixture.SQLite(t)
	p := w.Project("Van het CBS")
	p.PublisherID = w.CBS.ID
	if _, err := w.TryPublish(t, p); !errors.Is(err, policy.ErrForbidden) {
		t.Errorf("got %v", err)
	}
	ctx := fixture.As(t, w.CBS)
	err := w.Write(ctx, func(tx *catalog.Writer) error {
		_, err := tx.EditOrganization(ctx, w.CBS.ID, 1, func(o *record.Organization) error { return nil })
		return err
	})
	if !errors.Is(err, policy.ErrForbidden) {
		t.Errorf("got %v", err)
	}
}

func TestNobodyGivesThemselvesCustody(t *testing.T) {
	w := fixture.SQLite(t)
	ctx := fixture.As(t, w.Leiden)
	err := w.Write(ctx, func(tx *catalog.Writer) error {
		_, err := tx.EditOrganization(ctx, w.Leiden.ID, 1, func(o *record.Organization) error {
			o.Name, o.Custody, o.Kind, o.Slug, o.ID, o.TooiIRI = "UDC Leiden e.o.", record.CustodyReference, record.StatisticsOffice, "cbs", w.CBS.ID, "https://identifier.overheid.nl/tooi/id/gemeente/gm0546"
			return nil
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	got := w.Reference().Organization(w.Leiden.ID)
	if got.Name != "UDC Leiden e.o." || got.Custody != record.CustodyOwn || got.Kind != record.MunicipalUDC || got.Slug != "udc-leiden" || got.TooiIRI != "" || got.Revision != 2 {
		t.Errorf("got %+v", got)
	}
	if w.Reference().Organization(w.CBS.ID).Name != "CBS" {
		t.Error("another organisation was changed")
	}
}

func TestAWriteIsAllOrNothing(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		ctx := fixture.As(t, w.Leiden)
		id := w.Publish(t, w.Project("Blijft")).Base().ID
		before, entries := len(changes(t, w)), len(feed(t, w))
		no := errors.New("no")
		err := w.Write(ctx, func(tx *catalog.Writer) error {
			made, err := tx.Create(ctx, w.Project("Verdwijnt"), catalog.Origin{})
			if err != nil {
				return err
			}
			if _, err := tx.Publish(ctx, made.Base().ID, 1); err != nil {
				return err
			}
			if _, err := tx.Withdraw(ctx, id, 2, "Verdwijnt ook niet."); err != nil {
				return err
			}
			return no
		})
		if !errors.Is(err, no) {
			t.Fatal(err)
		}
		if len(changes(t, w)) != before || len(feed(t, w)) != entries || see(t, w, id) == nil {
			t.Error("a write that failed left something behind")
		}
		w.Publish(t, w.Project("Daarna"))
		cs := changes(t, w)
		for i, c := range cs {
			if c.ID != int64(i+1) {
				t.Fatalf("change %d has number %d", i+1, c.ID)
			}
		}
	})
}

func TestAPanicInAWriteKeepsNobodyOut(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		ctx := fixture.As(t, w.Leiden)
		before := len(changes(t, w))
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			_ = w.Write(ctx, func(tx *catalog.Writer) error { //nolint:errcheck // it panics
				if _, err := tx.Create(ctx, w.Project("Half"), catalog.Origin{}); err != nil {
					return err
				}
				panic("a mistake of ours")
			})
		}()
		bounded, stop := context.WithTimeout(ctx, 5*time.Second)
		defer stop()
		err := w.Write(bounded, func(tx *catalog.Writer) error {
			_, err := tx.Create(bounded, w.Project("Daarna"), catalog.Origin{})
			return err
		})
		if err != nil {
			t.Fatalf("the next write: %v", err)
		}
		if n := len(changes(t, w)) - before; n != 1 {
			t.Errorf("%d changes were made", n)
		}
	})
}

func TestLinksLeadToWhatTheWriterMaySee(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		public := w.Publish(t, w.Project("Openbaar")).Base().ID
		hiddenDraft := w.Project("Concept van Delft")
		hiddenDraft.PublisherID = w.Delft.ID
		draftOfDelft := create(t, w, hiddenDraft).Base().ID
		scheduled := w.Project("Later")
		scheduled.PublisherID = w.Delft.ID
		scheduled.Embargoes = []*record.Embargo{w.Embargo(record.WholeRecord, time.Hour)}
		later := w.Publish(t, scheduled).Base().ID
		own := create(t, w, w.Project("Eigen concept")).Base().ID
		withdrawn := w.Publish(t, w.Project("Ingetrokken")).Base().ID
		withdraw(t, w, withdrawn, "Fout.")
		community := w.Project("Onder ons")
		community.PublisherID, community.Audience = w.Delft.ID, record.Community
		ours := w.Publish(t, community).Base().ID
		lesson := w.Publish(t, w.Lesson("Een les")).Base().ID

		for name, want := range map[string]record.Code{public: "", own: record.IllegalTransition, ours: record.IllegalTransition, draftOfDelft: record.NotFound,
			later: record.NotFound, withdrawn: record.NotFound, lesson: record.NotFound, "prj_bestaat-niet": record.NotFound, "prj_\x00": record.NotFound, "": record.NotFound} {
			_, err := w.TryPublish(t, w.Lesson("Over een project", name))
			if problem(err) != want || want == record.NotFound && err.Error() != record.NoSuch("projects").Error() {
				t.Errorf("a public lesson about %q: %v, want %q", name, err, want)
			}
		}
		// Members may read of what is theirs.
		inside := w.Lesson("Onder ons", ours)
		inside.Audience = record.Community
		if _, err := w.TryPublish(t, inside); err != nil {
			t.Error("a lesson for the community about a project of the community:", err)
		}
		// A link that was there stays when its target goes.
		id := w.Publish(t, w.Lesson("Blijft wijzen", public)).Base().ID
		withdraw(t, w, public, "Fout.")
		edit(t, w, id, func(l *record.Lesson) { l.Consequence = record.NL("Anders gaat het mis.") })
		publish(t, w, id)
	})
}

func TestPublishersNumbersAreDense(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		for i := range 6 {
			p := w.Project(fmt.Sprint("Project ", i))
			p.PublisherID = []string{w.Leiden.ID, w.Delft.ID}[i%2]
			w.Publish(t, p)
		}
		next := map[string]int64{}
		for i, e := range w.Store.Client.FeedEntry.Query().AllX(t.Context()) {
			next[e.PublisherID]++
			if e.ID != int64(i+1) || e.PublisherSeq == nil || *e.PublisherSeq != next[e.PublisherID] {
				t.Errorf("entry %d of %s has numbers %d and %v", i+1, e.PublisherID, e.ID, e.PublisherSeq)
			}
		}
		if next[w.Leiden.ID] != 3 || next[w.Delft.ID] != 3 {
			t.Errorf("got %v", next)
		}
	})
}
