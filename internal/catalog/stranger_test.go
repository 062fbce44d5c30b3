package catalog_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/concept"
	"github.com/udc-community/plein/ent/datasource"
	"github.com/udc-community/plein/ent/organization"
	"github.com/udc-community/plein/ent/replica"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

const tooiCBS = "https://identifier.overheid.nl/tooi/id/zbo/zb000131"

// mentioning is an entry of which the document names more than it did.
func mentioning(t *testing.T, in catalog.Incoming, do func(graph map[string]any), mentions ...record.Mention) catalog.Incoming {
	t.Helper()
	var graph map[string]any
	if err := json.Unmarshal(in.Graph, &graph); err != nil {
		t.Fatal(err)
	}
	do(graph)
	graph["mentions"] = mentions
	in.Graph, _ = json.Marshal(graph)
	in.Version++
	return in
}

func senders(iris ...string) func(map[string]any) {
	return func(g map[string]any) { g["communicationSenders"] = iris }
}

func TestWhoIsMentionedIsWhoIsKnownOrSomebodyNew(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		peer := elsewhere(t, "https://elders.test")
		made := peer.Publish(t, peer.Project("Verkamering"))
		publisher := admit(t, w, peer, peer.Leiden)
		delft := admit(t, w, peer, peer.Delft)
		in := entry(t, peer, made.Base().ID, publisher)
		who := func(m ...record.Mention) []string {
			t.Helper()
			var iris []string
			for _, x := range m {
				iris = append(iris, x.ID)
			}
			in = mentioning(t, in, senders(iris...), m...)
			return take(t, w, in).(*record.Project).CommunicationSenderIDs
		}
		organisation := func(iri, name string) record.Mention {
			return record.Mention{ID: iri, Type: record.OrganizationMention, Name: name, Kind: "A_KIND_OF_LATER"}
		}
		got := who(organisation(tooiCBS, "CBS"), organisation(fixture.BaseURL+"/id/"+w.Leiden.ID, "Wij"), organisation(peer.BaseURL+"/id/"+peer.Delft.ID, "Delft"),
			organisation("https://derde.test/id/org_1", "Derde"), organisation(peer.BaseURL+"/id/"+peer.Leiden.ID, "Zelf"))
		cbs, derde := w.Reference().Organization(got[0]), w.Reference().Organization(got[3])
		if cbs == nil || cbs.TooiIRI != tooiCBS || cbs.Custody != record.CustodyReference || cbs.Kind != record.OtherPublicBody {
			t.Errorf("CBS is %+v", cbs)
		}
		if got[1] != w.Leiden.ID || got[2] != delft || got[4] != publisher || derde == nil || derde.Name != "Derde" {
			t.Errorf("those who are known are %v", got)
		}
		// Mentioned again under other names, they are the same and keep theirs.
		again := who(organisation(tooiCBS, "Anders"), organisation("https://derde.test/id/org_1", "Anders"))
		if again[0] != cbs.ID || again[1] != derde.ID || w.Reference().Organization(derde.ID).Name != "Derde" {
			t.Errorf("the second time they are %v", again)
		}
		// Who was mentioned and publishes later is the same as well.
		if id := admit(t, w, &fixture.World{Catalog: other(w, "https://derde.test")}, &record.Organization{ID: "org_1", Name: "Derde", Kind: record.MunicipalUDC}); id != derde.ID {
			t.Errorf("it publishes as %s and was mentioned as %s", id, derde.ID)
		}
		if id := admit(t, w, &fixture.World{Catalog: other(w, "https://vierde.test")}, &record.Organization{ID: "org_4", Name: "CBS", Kind: record.StatisticsOffice, TooiIRI: tooiCBS}); id != cbs.ID {
			t.Errorf("it publishes as %s and is known as %s", id, cbs.ID)
		}
	})
}

func other(w *fixture.World, base string) *catalog.Catalog {
	c := w.Catalog.Config
	c.BaseURL = base
	return &catalog.Catalog{Config: c}
}

func TestWhatADocumentBringsIsShownAndNotOffered(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		peer := elsewhere(t, "https://elders.test")
		made := peer.Publish(t, peer.Project("Verkamering"))
		publisher := admit(t, w, peer, peer.Leiden)
		method, source := record.ConceptIRI(record.Method, "van-later"), "urn:uuid:een-register"
		in := mentioning(t, entry(t, peer, made.Base().ID, publisher), func(g map[string]any) {
			g["methods"] = []string{method}
			g["sources"] = []any{map[string]any{"source": source, "accessRoute": record.ConceptIRI(record.AccessRoute, "udc")}}
		},
			record.Mention{ID: method, Type: record.ConceptMention, Scheme: record.Method, Notation: "van-later", Label: record.Text{"nl": "Van later", "en": "Of later", "fr": "Plus tard"}, Level: 2},
			record.Mention{ID: source, Type: record.DataSourceMention, Name: "Een register", Holder: "CBS", IsMicrodata: true},
			record.Mention{ID: "https://x.test/nobody-points-at-this", Type: record.ConceptMention, Scheme: record.Method, Label: record.NL("Zomaar")})
		p := take(t, w, in).(*record.Project)
		if ms := p.Methods(); len(ms) != 1 || ms[0].Label.In() != "Van later" || !ms[0].Deprecated || ms[0].Level != 2 {
			t.Errorf("the methods are %+v", p.Methods())
		}
		if s := p.Sources[0].Source(); s == nil || s.Name != "Een register" || !s.IsMicrodata {
			t.Errorf("the source is %+v", s)
		}
		if n, _ := w.Store.Client.Concept.Query().Where(concept.Deprecated(true)).Count(t.Context()); n != 1 {
			t.Errorf("%d concepts came in", n)
		}
		// A newer Plein ships the concept: what was mentioned makes way for it.
		shipped := &record.Concept{ID: record.ConceptID(record.Method, "van-later"), IRI: method, Scheme: record.Method, Notation: "van-later", Label: record.NL("Van nu"), Level: 1}
		err := w.Write(fixture.System(t), func(tx *catalog.Writer) error { return tx.SetConcepts(t.Context(), []*record.Concept{shipped}) })
		if err != nil {
			t.Fatal(err)
		}
		if c := w.Reference().Concept(method); c == nil || c.ID != shipped.ID || c.Deprecated {
			t.Errorf("the concept is %+v", c)
		}
	})
}

func TestAPublisherBringsAHundredNewNamesAndNotThousands(t *testing.T) {
	w := fixture.SQLite(t)
	peer := elsewhere(t, "https://elders.test")
	made := peer.Publish(t, peer.Project("Verkamering"))
	publisher := admit(t, w, peer, peer.Leiden)
	in := entry(t, peer, made.Base().ID, publisher)
	crowd := func(of string, from, to int) (string, catalog.Incoming) {
		var ms []record.Mention
		var iris []string
		for i := from; i < to; i++ {
			iri := fmt.Sprintf("https://derde.test/id/%s_%d", of, i)
			iris = append(iris, iri)
			ms = append(ms, record.Mention{ID: iri, Type: record.OrganizationMention, Name: fmt.Sprint("Derde ", i)})
		}
		in.Version++
		next := mentioning(t, in, func(g map[string]any) {
			g["communicationSenders"] = iris[:min(20, len(iris))]
			var team []any
			for _, iri := range iris[min(20, len(iris)):] {
				team = append(team, map[string]any{"role": record.ConceptIRI(record.TeamRole, "cbs"), "organization": iri})
			}
			g["team"] = team
		}, ms...)
		return refused(t, w, next), next
	}
	for i := range 4 {
		if code, _ := crowd("org", i*50, i*50+50); code != "" {
			t.Fatalf("the first %d were refused: %s", i*50+50, code)
		}
	}
	if code, _ := crowd("org", 200, 201); code != catalog.TooManyNew {
		t.Errorf("one more is %q", code)
	}
	if code, _ := crowd("org", 0, 20); code != "" {
		t.Errorf("those who are known are refused: %s", code)
	}
	if n, _ := w.Store.Client.Organization.Query().Where(organization.ExternalIDHasPrefix("https://derde.test/")).Count(t.Context()); n != 200 {
		t.Errorf("%d came in", n)
	}
	if n, _ := w.Store.Client.DataSource.Query().Where(datasource.OrganizationID(publisher)).Count(t.Context()); n != 0 {
		t.Errorf("%d data sources came in", n)
	}
}

func TestARefusedEntryLeavesNothing(t *testing.T) {
	w := fixture.SQLite(t)
	peer := elsewhere(t, "https://elders.test")
	made := peer.Publish(t, peer.Project("Verkamering"))
	publisher := admit(t, w, peer, peer.Leiden)
	count := func() string {
		c, ctx := w.Store.Client, t.Context()
		return fmt.Sprint(c.Organization.Query().CountX(ctx), c.Replica.Query().CountX(ctx), c.Publication.Query().CountX(ctx), c.FeedEntry.Query().CountX(ctx), c.Change.Query().CountX(ctx))
	}
	before := count()
	in := mentioning(t, entry(t, peer, made.Base().ID, publisher), func(g map[string]any) {
		g["communicationSenders"] = []string{"https://derde.test/id/org_1"}
		g["basedOn"] = []any{map[string]any{"key": "b1", "subject": "https://derde.test/id/prj_1", "kind": "REPEATED"}}
		g["phase"] = "MAYBE"
	}, record.Mention{ID: "https://derde.test/id/org_1", Type: record.OrganizationMention, Name: "Derde"})
	err := w.Write(fixture.System(t), func(tx *catalog.Writer) error {
		var r *catalog.Refusal
		if err := tx.Accept(t.Context(), in); !errors.As(err, &r) || r.Code != catalog.InvalidRecord {
			return fmt.Errorf("it was refused with %w", err)
		}
		return nil // the page goes on
	})
	if err != nil {
		t.Fatal(err)
	}
	if after := count(); after != before {
		t.Errorf("there were %s rows and are %s", before, after)
	}
}

func TestNobodySpeaksForAnOrganisationOfThisNode(t *testing.T) {
	w := fixture.SQLite(t)
	const tooi = "https://identifier.overheid.nl/tooi/id/gemeente/gm0546"
	err := w.Write(fixture.System(t), func(tx *catalog.Writer) error {
		_, err := tx.EditOrganization(t.Context(), w.Leiden.ID, 1, func(o *record.Organization) error { o.TooiIRI = tooi; return nil })
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	card := catalog.PublisherCard{IRI: "https://elders.test/id/org_1", Name: "UDC Leiden", Kind: record.MunicipalUDC, Home: "https://elders.test"}
	for what, change := range map[string]func(*catalog.PublisherCard){
		"its TOOI address":       func(c *catalog.PublisherCard) { c.TooiIRI = tooi },
		"its own address":        func(c *catalog.PublisherCard) { c.IRI = w.BaseURL + "/id/" + w.Leiden.ID },
		"an address of its node": func(c *catalog.PublisherCard) { c.IRI = w.BaseURL + "/id/org_1" },
		"no name":                func(c *catalog.PublisherCard) { c.Name = "" },
		"no address":             func(c *catalog.PublisherCard) { c.IRI = "" },
	} {
		c := card
		change(&c)
		err := w.Write(fixture.System(t), func(tx *catalog.Writer) error {
			_, err := tx.AdmitPublisher(t.Context(), c)
			return err
		})
		if !errors.As(err, new(record.Problems)) {
			t.Errorf("somebody with %s was let in: %v", what, err)
		}
	}
	err = w.Write(fixture.As(t, w.Leiden), func(tx *catalog.Writer) error {
		_, err := tx.AdmitPublisher(t.Context(), card)
		return err
	})
	if !errors.Is(err, policy.ErrForbidden) {
		t.Errorf("a program let somebody in: %v", err)
	}
	// Two publishers are not one organisation.
	first := admit(t, w, &fixture.World{Catalog: other(w, "https://een.test")}, &record.Organization{ID: "org_1", Name: "CBS", Kind: record.StatisticsOffice, TooiIRI: tooiCBS})
	err = w.Write(fixture.System(t), func(tx *catalog.Writer) error {
		return tx.Ent().Publisher.Create().SetID("pub_1").SetIri("https://een.test/id/org_1").SetName("CBS").SetHome("https://een.test").SetDid("did:web:een.test").
			SetFeed("https://een.test/ldes/org_1").SetOrganizationID(first).SetPeerID("").SetState("ACTIVE").SetCard([]byte("{}")).SetKey("").SetNext("").Exec(t.Context())
	})
	if err != nil {
		t.Fatal(err)
	}
	card.TooiIRI = tooiCBS
	err = w.Write(fixture.System(t), func(tx *catalog.Writer) error {
		_, err := tx.AdmitPublisher(t.Context(), card)
		return err
	})
	if !errors.As(err, new(record.Problems)) {
		t.Errorf("two publishers are one organisation: %v", err)
	}
}

func TestAForgottenPublisherLeavesNoCopies(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		peer := elsewhere(t, "https://elders.test")
		made := peer.Publish(t, peer.Project("Verkamering"))
		lesson := peer.Publish(t, peer.Lesson("Begin klein", made.Base().ID))
		publisher := admit(t, w, peer, peer.Leiden)
		ins := []catalog.Incoming{entry(t, peer, made.Base().ID, publisher), entry(t, peer, lesson.Base().ID, publisher)}
		l := take(t, w, ins...).(*record.Lesson)
		forget := func() (n int) {
			t.Helper()
			err := w.Write(fixture.System(t), func(tx *catalog.Writer) (err error) {
				n, err = tx.ForgetPublisher(t.Context(), publisher)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if n := forget(); n != 2 {
			t.Errorf("%d copies were forgotten", n)
		}
		if n := forget(); n != 0 {
			t.Errorf("%d copies were forgotten twice", n)
		}
		ctx, client := t.Context(), w.Store.Client
		if n := client.Publication.Query().CountX(ctx) + client.Term.Query().CountX(ctx) + client.Tombstone.Query().CountX(ctx); n != 0 {
			t.Errorf("%d rows are left", n)
		}
		for _, row := range client.FeedEntry.Query().AllX(ctx) {
			if len(row.Payload) > 0 {
				t.Error("the feed still says what they said")
			}
		}
		// Taken in again, they are what they were.
		back := take(t, w, ins...).(*record.Lesson)
		if back.ID != l.ID || back.ProjectIDs[0] != l.ProjectIDs[0] {
			t.Errorf("the lesson is %s and points at %v", back.ID, back.ProjectIDs)
		}
	})
}

func TestAPublisherPointsAtSoManyRecordsThatNeverCame(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		peer := elsewhere(t, "https://elders.test")
		made := peer.Publish(t, peer.Project("Verkamering"))
		publisher, delft := admit(t, w, peer, peer.Leiden), admit(t, w, peer, peer.Delft)
		in := entry(t, peer, made.Base().ID, publisher)
		pointing := func(uris ...string) catalog.Incoming {
			in = mentioning(t, in, func(g map[string]any) { g["hiddenReuses"] = uris })
			return in
		}
		places := func(prefix string, n int) (uris []string) {
			for i := range n {
				uris = append(uris, fmt.Sprintf("%s/id/prj_%s%d", peer.BaseURL, prefix, i))
			}
			return uris
		}
		// It was the first to point at all but the last twenty.
		for i := range 20 {
			err := w.Write(fixture.System(t), func(tx *catalog.Writer) error {
				rows := make([]*ent.ReplicaCreate, 499)
				for j := range rows {
					rows[j] = tx.Ent().Replica.Create().SetID(fmt.Sprintf("prj_x%d-%d", i, j)).SetURI(fmt.Sprintf("https://weg.test/id/prj_x%d-%d", i, j)).SetNamedBy(publisher)
				}
				return tx.Ent().Replica.CreateBulk(rows...).Exec(t.Context())
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		all := places("a", 20)
		w.Statements.Reset()
		if err := accept(w, fixture.System(t), pointing(all[:10]...), pointing(all[:15]...), pointing(all...)); err != nil {
			t.Fatal(err)
		}
		counts := 0
		for _, s := range w.Statements.About("replicas") {
			if strings.Contains(s, "COUNT") {
				counts++
			}
		}
		if counts != 1 {
			t.Errorf("three records took %d counts", counts)
		}
		if code := refused(t, w, pointing(places("b", 1)...)); code != catalog.TooManyNew {
			t.Errorf("one more is %q", code)
		}
		if code := refused(t, w, pointing(all[:5]...)); code != "" {
			t.Errorf("those that are known are refused: %s", code)
		}
		// Another publisher has its own, and what comes makes room.
		theirs := peer.Project("Leegstand")
		theirs.PublisherID = peer.Delft.ID
		came := entry(t, peer, peer.Publish(t, theirs).Base().ID, delft)
		came.Graph = []byte(strings.ReplaceAll(string(came.Graph), came.Object, all[0]))
		came.Object = all[0]
		if code := refused(t, w, mentioning(t, came, func(g map[string]any) { g["hiddenReuses"] = places("c", 50) })); code != "" {
			t.Errorf("another publisher is refused: %s", code)
		}
		if code := refused(t, w, pointing(places("b", 1)...)); code != "" {
			t.Errorf("with room for one it is refused: %s", code)
		}
		if code := refused(t, w, pointing(places("b", 2)...)); code != catalog.TooManyNew {
			t.Errorf("with room for none it is %q", code)
		}
	})
}

// Two publishers of one node are two: what the one had stays its own while nothing is taken in of it.
func TestTheAddressesOfAForgottenPublisherStayItsOwn(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		peer := elsewhere(t, "https://elders.test")
		made, gone := peer.Publish(t, peer.Project("Verkamering")), peer.Publish(t, peer.Project("Leegstand"))
		leiden, delft := admit(t, w, peer, peer.Leiden), admit(t, w, peer, peer.Delft)
		in, deleted := entry(t, peer, made.Base().ID, leiden), entry(t, peer, gone.Base().ID, leiden)
		take(t, w, in, deleted)
		deleted.Type, deleted.Version, deleted.Graph = changelog.Delete, 2, nil
		take(t, w, deleted)
		err := w.Write(fixture.System(t), func(tx *catalog.Writer) error {
			_, err := tx.ForgetPublisher(t.Context(), leiden)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		iri := func(o *record.Organization) string { return peer.BaseURL + "/id/" + o.ID }
		claim := in
		claim.PublisherID, claim.Version = delft, 5
		claim.Graph = []byte(strings.ReplaceAll(string(in.Graph), iri(peer.Leiden), iri(peer.Delft)))
		if code := refused(t, w, claim); code != catalog.NotItsOwn {
			t.Errorf("another publisher claims it: %q", code)
		}
		claim = deleted
		claim.PublisherID, claim.Version = delft, 5
		if code := refused(t, w, claim); code != catalog.NotItsOwn {
			t.Errorf("another publisher withdraws what was withdrawn: %q", code)
		}
		rows := w.Store.Client.Replica.Query().Where(replica.PublisherID(leiden)).AllX(t.Context())
		if len(rows) != 2 || rows[0].Version+rows[1].Version != 0 || rows[0].Hash+rows[1].Hash != "" || rows[0].Deleted || rows[1].Deleted {
			t.Errorf("what is remembered is %v", rows)
		}
		if take(t, w, in) == nil {
			t.Error("its publisher cannot take it back")
		}
	})
}
