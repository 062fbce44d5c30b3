package catalog_test

import (
	"context"
	"errors"
	"testing"

	"github.com/udc-community/plein/ent/change"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

const tooiGroningen = "https://identifier.overheid.nl/tooi/id/gemeente/gm0014"

// joining makes an organisation that speaks for itself, and gives what the catalogue says to it.
func joining(w *fixture.World, ctx context.Context, o *record.Organization) error {
	return w.Write(ctx, func(tx *catalog.Writer) error {
		return tx.CreateOrganizations(ctx, []*record.Organization{o})
	})
}

// mentioned lets another node's document name somebody by a TOOI address, and gives its copy.
func mentioned(t *testing.T, w *fixture.World, m record.Mention) *record.Project {
	t.Helper()
	peer := elsewhere(t, "https://elders.test")
	made := peer.Publish(t, peer.Project("Verkamering"))
	publisher := admit(t, w, peer, peer.Leiden)
	m.Type = record.OrganizationMention
	return take(t, w, mentioning(t, entry(t, peer, made.Base().ID, publisher), senders(m.ID), m)).(*record.Project)
}

func TestWhoWasOnlyMentionedSpeaksForItselfWhenItJoins(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		ctx, client := fixture.System(t), w.Store.Client
		copied := mentioned(t, w, record.Mention{ID: tooiGroningen, Name: "Gemeente Groningen", Kind: record.OtherPublicBody, MunicipalityCodes: []string{"GM0014"}})
		before := w.Reference().Organization(copied.CommunicationSenderIDs[0])
		changes, feed := client.Change.Query().CountX(ctx), client.FeedEntry.Query().CountX(ctx)

		if err := joining(w, fixture.As(t, w.Leiden), &record.Organization{Name: "UDC Groningen", Kind: record.MunicipalUDC, Custody: record.CustodyOwn, TooiIRI: tooiGroningen}); !errors.Is(err, policy.ErrForbidden) {
			t.Errorf("a program makes an organisation: %v", err)
		}
		o := &record.Organization{Slug: "udc-groningen", Name: "UDC Groningen", Kind: record.MunicipalUDC, Custody: record.CustodyOwn, TooiIRI: tooiGroningen}
		if err := joining(w, ctx, o); err != nil {
			t.Fatal(err)
		}
		now := w.Reference().OrganizationByTooi(tooiGroningen)
		if now.ID != before.ID || o.ID != before.ID || now.Custody != record.CustodyOwn || now.Name != "UDC Groningen" || now.Kind != record.MunicipalUDC ||
			now.Slug != "udc-groningen" || now.Revision != 2 || len(now.MunicipalityCodes) != 1 || w.Reference().OrganizationBySlug(before.Slug) != nil {
			t.Errorf("it was %+v and is %+v", before, now)
		}
		told := client.Change.Query().Order(change.ByID()).Offset(changes).AllX(ctx)
		if len(told) != 1 || told[0].RecordID != before.ID || told[0].PublisherID != before.ID || told[0].Kind != string(changelog.Updated) || told[0].Actor == "" {
			t.Errorf("the log says %v", told)
		}
		if n := client.FeedEntry.Query().CountX(ctx); n != feed {
			t.Errorf("the feed says %d more", n-feed)
		}
		// What it publishes goes to other nodes, and it is not made twice.
		p := w.Project("Leegstand")
		p.PublisherID = now.ID
		w.Publish(t, p)
		if got := read(t, w, copied.ID).(*record.Project).CommunicationSenderIDs[0]; got != now.ID {
			t.Errorf("the copy names %s", got)
		}
		var ps record.Problems
		if err := joining(w, ctx, &record.Organization{Name: "Weer", Kind: record.MunicipalUDC, Custody: record.CustodyOwn, TooiIRI: tooiGroningen}); !errors.As(err, &ps) || ps[0].Code != record.Duplicate {
			t.Errorf("it joins twice: %v", err)
		}
	})
}

func TestWhoJoinsKeepsTheShortNameOfItsPagesAndTakesNobodyElses(t *testing.T) {
	w := fixture.SQLite(t)
	ctx := fixture.System(t)
	o := &record.Organization{Name: "Gemeente Groningen", Kind: record.OtherPublicBody, Custody: record.CustodyReference, TooiIRI: tooiGroningen, Approach: record.NL("Zij aan zij.")}
	if err := joining(w, ctx, o); err != nil {
		t.Fatal(err)
	}
	var ps record.Problems
	if err := joining(w, ctx, &record.Organization{Slug: "udc-leiden", Name: "UDC Groningen", Kind: record.MunicipalUDC, Custody: record.CustodyOwn, TooiIRI: tooiGroningen}); !errors.As(err, &ps) || ps[0].Code != record.Duplicate {
		t.Errorf("it takes the short name of another: %v", err)
	}
	err := w.Write(ctx, func(tx *catalog.Writer) error { // a register spoke about it
		p := w.Project("Leegstand")
		p.PublisherID = o.ID
		made, err := tx.Create(ctx, p, catalog.Origin{Provenance: record.Register})
		if err != nil {
			return err
		}
		_, err = tx.Publish(ctx, made.Base().ID, made.Base().Revision)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := joining(w, ctx, &record.Organization{Slug: "udc-groningen", Name: "UDC Groningen", Kind: record.MunicipalUDC, Custody: record.CustodyOwn, TooiIRI: tooiGroningen}); err != nil {
		t.Fatal(err)
	}
	now := w.Reference().Organization(o.ID)
	if now.Slug != "gemeente-groningen" || now.Name != "UDC Groningen" || now.Approach.In(record.Dutch) != "Zij aan zij." || now.Custody != record.CustodyOwn {
		t.Errorf("it is %+v", now)
	}
}

func TestNobodyTakesThePlaceOfAPublisherOfAnotherNode(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		copied := mentioned(t, w, record.Mention{ID: tooiGroningen, Name: "Gemeente Groningen"})
		id := admit(t, w, &fixture.World{Catalog: other(w, "https://groningen.test")}, &record.Organization{ID: "org_1", Name: "Groningen", Kind: record.MunicipalUDC, TooiIRI: tooiGroningen})
		if id != copied.CommunicationSenderIDs[0] {
			t.Fatalf("it publishes as %s", id)
		}
		err := w.Write(fixture.System(t), func(tx *catalog.Writer) error {
			return tx.Ent().Publisher.Create().SetID("pub_1").SetIri("https://groningen.test/id/org_1").SetName("Groningen").SetHome("https://groningen.test").SetDid("did:web:groningen.test").
				SetFeed("https://groningen.test/ldes/org_1").SetOrganizationID(id).SetPeerID("").SetState("BLOCKED").SetCard([]byte("{}")).SetKey("").SetNext("").Exec(t.Context())
		})
		if err != nil {
			t.Fatal(err)
		}
		var ps record.Problems
		if err := joining(w, fixture.System(t), &record.Organization{Name: "UDC Groningen", Kind: record.MunicipalUDC, Custody: record.CustodyOwn, TooiIRI: tooiGroningen}); !errors.As(err, &ps) || ps[0].Code != record.Duplicate {
			t.Errorf("it speaks here too: %v", err)
		}
		if now := w.Reference().Organization(id); now.Custody != record.CustodyReference || now.Revision != 1 {
			t.Errorf("it is %+v", now)
		}
	})
}
