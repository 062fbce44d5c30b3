package catalog_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/ent/mail"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

func report(ctx context.Context, w *fixture.World, id, message string) error {
	return w.Write(ctx, func(tx *catalog.Writer) error { return tx.Report(ctx, id, message) })
}

// reported lists reports as "message by reporter".
func reported(ctx context.Context, t *testing.T, w *fixture.World, organization string, closed bool) []string {
	t.Helper()
	out := []string{}
	for after := ""; ; {
		p, err := w.Reports(ctx, organization, closed, 2, after)
		if err != nil {
			t.Fatal(err)
		}
		if p == nil {
			return nil
		}
		for _, m := range p.Reports {
			out = append(out, m.Message+" by "+m.Reporter)
		}
		if !p.More {
			if n, err := p.Total(ctx); err != nil || n != len(out) {
				t.Errorf("%d in all, %v", n, err)
			}
			return out
		}
		after = p.Cursors[len(p.Cursors)-1]
	}
}

func TestAReaderReportsAMistakeToItsOwner(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		w.Catalog.Outbox = &identity.Outbox{Client: w.Store.Client, Begin: w.Store.BeginAside, Now: w.Clock.Now, BaseURL: fixture.BaseURL}
		id, other := w.Publish(t, w.Project("Verkamering")).Base().ID, w.Publish(t, w.Project("Ander")).Base().ID
		author, coordinator, second := person(t, w, w.Leiden, identity.Author), person(t, w, w.Leiden, identity.Coordinator), person(t, w, w.Leiden, identity.Administrator)
		elsewhere := person(t, w, w.Delft, identity.Member)
		person(t, w, w.Delft, identity.Coordinator)
		stranger := identity.AsStranger(t.Context())
		made := since(t, w, func() {
			if err := report(stranger, w, id, "  Het jaartal klopt niet.  "); err != nil {
				t.Fatal(err)
			}
		})
		same(t, "changes", made, []string{"REPORTED " + id})
		cs := changes(t, w)
		if last := cs[len(cs)-1]; strings.Contains(fmt.Sprint(last), "jaartal") || last.Revision != 2 || last.PublisherID != w.Leiden.ID {
			t.Errorf("it is logged as %v", last)
		}
		w.Clock.Move(time.Minute)
		for _, x := range []string{id, other} {
			if err := report(elsewhere, w, x, "Link werkt niet."); err != nil {
				t.Fatal(err)
			}
		}
		by := identity.From(elsewhere).UserID
		for who, ctx := range map[string]context.Context{"an author": author, "a coordinator": coordinator} {
			got := reported(ctx, t, w, "", false)
			if len(got) != 3 || got[2] != "Het jaartal klopt niet. by stranger" || got[0] != "Link werkt niet. by "+by {
				t.Errorf("%s reads %q", who, got)
			}
			same(t, "of another organisation", reported(ctx, t, w, w.Delft.ID, true), []string{})
		}
		for who, ctx := range map[string]context.Context{"a stranger": stranger, "a member": person(t, w, w.Leiden, identity.Member)} {
			n := statements(t, w, func() error {
				p, err := w.Reports(ctx, w.Leiden.ID, true, 10, "")
				if p != nil {
					t.Errorf("%s reads %v", who, p)
				}
				return err
			})
			if n > 0 {
				t.Errorf("%s: %d statements", who, n)
			}
		}
		same(t, "another organisation reads", reported(person(t, w, w.Delft, identity.Author), t, w, "", true), []string{})
		mails := func() (out []string) {
			for _, m := range w.Store.Client.Mail.Query().Order(mail.ByID()).AllX(t.Context()) {
				if strings.Contains(m.Body, "jaartal") || m.Kind != "MISTAKE_REPORTED" {
					t.Errorf("a mail says %s", m.Body)
				}
				out = append(out, m.RecipientID)
			}
			return out
		}
		if got := mails(); len(got) != 4 || strings.Count(strings.Join(got, " "), identity.From(coordinator).UserID) != 2 || strings.Count(strings.Join(got, " "), identity.From(second).UserID) != 2 {
			t.Errorf("mail went to %v", got)
		}
		w.Clock.Move(24 * time.Hour)
		if err := report(stranger, w, id, "Nog steeds."); err != nil || len(mails()) != 6 {
			t.Errorf("the next day mail went to %v, %v", mails(), err)
		}
	})
}

func TestAReportOfWhatOneCannotSeeSaysNothing(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		community := w.Project("Onder ons")
		community.Audience = record.Community
		ids := []string{create(t, w, w.Project("Concept")).Base().ID, w.Publish(t, community).Base().ID, "prj_x", "", "\x00"}
		made := since(t, w, func() {
			for _, id := range ids {
				if err := report(identity.AsStranger(t.Context()), w, id, "Klopt niet."); err != nil {
					t.Errorf("%q: %v", id, err)
				}
			}
		})
		same(t, "changes", made, []string{})
		if n := w.Store.Client.MistakeReport.Query().CountX(t.Context()); n != 0 {
			t.Errorf("%d reports", n)
		}
		if err := report(person(t, w, w.Delft, identity.Member), w, community.ID, "Klopt niet."); err != nil || len(reported(fixture.As(t, w.Leiden), t, w, "", false)) != 1 {
			t.Errorf("a member cannot report what is for the community: %v", err)
		}
		for message, want := range map[string]record.Code{"": record.Required, " ": record.Required, strings.Repeat("é", 2001): record.TooLong, "a\x00": record.Invalid} {
			if err := report(identity.AsStranger(t.Context()), w, "prj_x", message); problem(err) != want {
				t.Errorf("%.5q: %v", message, err)
			}
		}
	})
}

func TestAReportIsClosedByAnAuthorWithWhatWasDone(t *testing.T) {
	w := fixture.SQLite(t)
	author := person(t, w, w.Leiden, identity.Author)
	id := w.Publish(t, w.Project("Verkamering")).Base().ID
	if err := report(identity.AsStranger(t.Context()), w, id, "Klopt niet."); err != nil {
		t.Fatal(err)
	}
	p, err := w.Reports(author, "", false, 10, "")
	if err != nil {
		t.Fatal(err)
	}
	closes := func(ctx context.Context, outcome string) error {
		return w.Write(ctx, func(tx *catalog.Writer) error { return tx.CloseReport(ctx, p.Reports[0].ID, outcome) })
	}
	for who, ctx := range map[string]context.Context{"a member": person(t, w, w.Leiden, identity.Member), "another organisation": person(t, w, w.Delft, identity.Author)} {
		if err := closes(ctx, "Klaar."); problem(err) != record.NotFound {
			t.Errorf("%s closes it: %v", who, err)
		}
	}
	if err := closes(author, " "); problem(err) != record.Required {
		t.Errorf("without an outcome: %v", err)
	}
	same(t, "changes", since(t, w, func() {
		if err := closes(author, "Aangepast."); err != nil {
			t.Fatal(err)
		}
	}), []string{"REPORTED " + id})
	if err := closes(author, "Nog eens."); problem(err) != record.IllegalTransition {
		t.Errorf("it is closed twice: %v", err)
	}
	same(t, "open", reported(author, t, w, "", false), []string{})
	all, err := w.Reports(author, "", true, 10, "")
	if err != nil || len(all.Reports) != 1 || all.Reports[0].Outcome != "Aangepast." || !all.Reports[0].ClosedAt.Equal(w.Clock.Now()) || all.Reports[0].Record == nil {
		t.Errorf("closed are %v, %v", all, err)
	}
}

func TestSoManyReportsAreKeptThatNobodyLookedAt(t *testing.T) {
	w := fixture.SQLite(t)
	id := w.Publish(t, w.Project("Verkamering")).Base().ID
	for i := range 105 {
		if err := report(identity.AsStranger(t.Context()), w, id, fmt.Sprint("Fout ", i)); err != nil {
			t.Fatal(err)
		}
	}
	if n := w.Store.Client.MistakeReport.Query().CountX(t.Context()); n != 100 {
		t.Errorf("%d reports are kept", n)
	}
}
