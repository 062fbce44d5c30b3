package catalog_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/feedentry"
	"github.com/udc-community/plein/ent/publication"
	"github.com/udc-community/plein/ent/replica"
	"github.com/udc-community/plein/ent/term"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// elsewhere is another node, at an address of its own.
func elsewhere(t testing.TB, base string) *fixture.World {
	t.Helper()
	w := fixture.SQLite(t)
	c := w.Catalog.Config
	c.BaseURL = base
	var err error
	if w.Catalog, err = catalog.Open(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	w.Find()
	return w
}

// admit lets a publisher of another node in, as the organisation that it gives the id of.
func admit(t testing.TB, w, from *fixture.World, o *record.Organization) (id string) {
	t.Helper()
	err := w.Write(fixture.System(t), func(tx *catalog.Writer) (err error) {
		id, err = tx.AdmitPublisher(t.Context(), catalog.PublisherCard{IRI: from.BaseURL + "/id/" + o.ID, Name: o.Name + " van elders", Kind: o.Kind,
			TooiIRI: o.TooiIRI, MunicipalityCodes: o.MunicipalityCodes, Home: from.BaseURL})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// entry is what the last line of the feed of a record says to other nodes.
func entry(t testing.TB, from *fixture.World, recordID, publisherHere string) catalog.Incoming {
	t.Helper()
	row, err := from.Store.Client.FeedEntry.Query().Where(feedentry.RecordID(recordID)).Order(ent.Desc(feedentry.FieldID)).First(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	in := catalog.Incoming{PublisherID: publisherHere, Home: from.BaseURL, Type: changelog.Type(row.Type), Object: from.BaseURL + "/id/" + recordID,
		Version: row.Version, At: time.UnixMilli(row.At), Reason: row.Reason}
	if in.Type != changelog.Delete {
		object, graph, err := from.WireForm(t.Context(), from.Store.Client, recordID, row.Payload)
		if err != nil {
			t.Fatal(err)
		}
		if object != in.Object {
			t.Fatalf("%s is at %s", recordID, object)
		}
		in.Graph = graph
	}
	return in
}

func accept(w *fixture.World, ctx context.Context, ins ...catalog.Incoming) error {
	objects := make([]string, len(ins))
	for i, in := range ins {
		objects[i] = in.Object
	}
	return w.Write(ctx, func(tx *catalog.Writer) error {
		if err := tx.Foresee(ctx, objects...); err != nil {
			return err
		}
		for _, in := range ins {
			if err := tx.Accept(ctx, in); err != nil {
				return err
			}
		}
		return nil
	})
}

// take takes entries in and gives the copy of the last one's record; nil when there is none.
func take(t testing.TB, w *fixture.World, ins ...catalog.Incoming) record.Record {
	t.Helper()
	if err := accept(w, fixture.System(t), ins...); err != nil {
		t.Fatal(err)
	}
	rs, err := w.ByURI(t.Context(), ins[len(ins)-1].Object)
	if err != nil {
		t.Fatal(err)
	}
	return rs[0]
}

// refused is the code with which an entry was refused.
func refused(t testing.TB, w *fixture.World, in catalog.Incoming) string {
	t.Helper()
	err := accept(w, fixture.System(t), in)
	var r *catalog.Refusal
	if err != nil && !errors.As(err, &r) {
		t.Fatal(err)
	}
	if err == nil {
		return ""
	}
	return r.Code
}

func TestACopySaysWhatItsPublisherSaysAndPointsAtWhatIsHere(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		peer := elsewhere(t, "https://elders.test")
		p := peer.Project("Verkamering")
		p.Sources = nil
		p.Team = []*record.TeamMember{{RoleIRI: record.ConceptIRI(record.TeamRole, "cbs"), OrganizationID: peer.CBS.ID}}
		p.Outputs = []*record.Output{{Key: "o1", KindIRI: record.ConceptIRI(record.OutputKind, "factsheet"), Title: record.NL("Factsheet"), ProducedBy: peer.Leiden.ID, URL: "https://leiden.test/x"}}
		made := peer.Publish(t, p).(*record.Project)
		lesson := peer.Publish(t, peer.Lesson("Begin klein", made.ID))
		publisher := admit(t, w, peer, peer.Leiden)

		// The lesson comes first: what it points at keeps its place.
		l := take(t, w, entry(t, peer, lesson.Base().ID, publisher)).(*record.Lesson)
		if got, _ := w.ByID(t.Context(), l.ProjectIDs[0]); got[0] != nil {
			t.Fatal("a record is there that never came")
		}
		c := take(t, w, entry(t, peer, made.ID, publisher)).(*record.Project)
		if c.ID == made.ID || l.ProjectIDs[0] != c.ID {
			t.Errorf("the copy is %s of %s, and the lesson points at %v", c.ID, made.ID, l.ProjectIDs)
		}
		if c.Provenance != record.Peer || c.PublisherID != publisher || c.Version != 1 || !c.PublishedAt.Equal(fixture.Start) || c.URI != peer.BaseURL+"/id/"+made.ID {
			t.Errorf("the copy is %+v", c.Spine)
		}
		if c.Title.In() != "Verkamering" || c.Question.In() != made.Question.In() || c.Outputs[0].ProducedBy != publisher {
			t.Errorf("the copy says %+v", c)
		}
		cbs := w.Reference().Organization(c.Team[0].OrganizationID)
		if cbs == nil || cbs.Name != "CBS" || cbs.ID == w.CBS.ID || cbs.Custody != record.CustodyReference {
			t.Errorf("who was mentioned is %+v", cbs)
		}
		row, err := w.Store.Client.FeedEntry.Query().Where(feedentry.RecordID(c.ID)).Only(t.Context())
		if err != nil || row.PublisherSeq != nil || row.Type != string(changelog.Create) {
			t.Errorf("the feed says %+v, %v", row, err)
		}
		if s := w.Reference().Organization(publisher).Slug; s != "udc-leiden-van-elders" {
			t.Errorf("the publisher is at %s", s)
		}
		at, err := w.At(t.Context(), "/projecten/udc-leiden-van-elders/verkamering")
		if err != nil || at == nil || at.Record == nil {
			t.Errorf("the page is not there: %v, %v", at, err)
		}
	})
}

func TestAWithdrawnRecordIsErasedEverywhereAndMayComeBack(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		peer := elsewhere(t, "https://elders.test")
		made := peer.Publish(t, peer.Project("Verkamering"))
		publisher := admit(t, w, peer, peer.Leiden)
		create := entry(t, peer, made.Base().ID, publisher)
		c := take(t, w, create)
		gone := create
		gone.Type, gone.Version, gone.Graph, gone.Reason = changelog.Delete, 2, nil, "Het klopte niet."
		if take(t, w, gone) != nil {
			t.Error("it is still there")
		}
		ctx, client := t.Context(), w.Store.Client
		if n, _ := client.Term.Query().Where(term.PublicationID(c.Base().ID)).Count(ctx); n != 0 {
			t.Errorf("%d terms are left", n)
		}
		rows, _ := client.FeedEntry.Query().Where(feedentry.RecordID(c.Base().ID)).All(ctx)
		for _, row := range rows {
			if len(row.Payload) > 0 {
				t.Error("the feed still says what it said")
			}
		}
		if last := rows[len(rows)-1]; last.Type != string(changelog.Delete) || last.Reason != gone.Reason {
			t.Errorf("the feed ends with %+v", last)
		}
		stone, err := w.Tombstone(ctx, c.Base().ID)
		if err != nil || stone == nil || stone.URI != create.Object || stone.Reason != gone.Reason {
			t.Errorf("the tombstone is %+v, %v", stone, err)
		}
		told, _, err := w.Feed(ctx, catalog.FeedFilter{}, 10, "")
		if err != nil || told[len(told)-1].URI != create.Object {
			t.Errorf("the feed ends with %+v, %v", told[len(told)-1], err)
		}
		// What came before is passed over, and so is the same again.
		n := len(rows)
		for _, old := range []catalog.Incoming{create, gone, create} {
			if take(t, w, old) != nil {
				t.Error("an old entry brought it back")
			}
		}
		if now, _ := client.FeedEntry.Query().Where(feedentry.RecordID(c.Base().ID)).Count(ctx); now != n {
			t.Errorf("replays made %d entries", now-n)
		}
		again := create
		again.Version = 3
		back := take(t, w, again)
		if back == nil || back.Base().ID != c.Base().ID || back.Base().Version != 3 {
			t.Fatalf("it came back as %+v", back)
		}
		if stone, _ := w.Tombstone(ctx, c.Base().ID); stone != nil {
			t.Error("the tombstone is still there")
		}
	})
}

func TestWhatIsNotThePublishersIsRefused(t *testing.T) {
	w := fixture.SQLite(t)
	peer := elsewhere(t, "https://elders.test")
	made := peer.Publish(t, peer.Project("Verkamering"))
	publisher := admit(t, w, peer, peer.Leiden)
	other := admit(t, w, peer, peer.Delft)
	good := entry(t, peer, made.Base().ID, publisher)
	change := func(do func(map[string]any)) catalog.Incoming {
		var graph map[string]any
		if err := json.Unmarshal(good.Graph, &graph); err != nil {
			t.Fatal(err)
		}
		do(graph)
		in := good
		in.Graph, _ = json.Marshal(graph)
		return in
	}
	with := func(do func(*catalog.Incoming)) catalog.Incoming {
		in := good
		do(&in)
		return in
	}
	long := strings.Repeat("x", 70_000)
	for what, c := range map[string]struct {
		in   catalog.Incoming
		want string
	}{
		"a record at another node":          {with(func(in *catalog.Incoming) { in.Object = "https://ander.test/id/prj_1" }), catalog.NotItsOwn},
		"a record of this node":             {with(func(in *catalog.Incoming) { in.Home, in.Object = fixture.BaseURL, fixture.BaseURL+"/id/prj_1" }), catalog.NotItsOwn},
		"a home that only begins alike":     {with(func(in *catalog.Incoming) { in.Home = "https://elders.te" }), catalog.NotItsOwn},
		"another publisher's record":        {with(func(in *catalog.Incoming) { in.PublisherID = other }), catalog.NotItsOwn},
		"a document about another record":   {with(func(in *catalog.Incoming) { in.Object += "0" }), catalog.NotItsOwn},
		"another publisher in the document": {change(func(g map[string]any) { g["publisher"] = "https://elders.test/id/org_x" }), catalog.NotItsOwn},
		"another kind than the address":     {change(func(g map[string]any) { g["type"] = "LESSON" }), catalog.InvalidRecord},
		"a kind that nobody knows":          {change(func(g map[string]any) { g["type"] = "QUESTION" }), catalog.UnknownType},
		"a newer shape":                     {change(func(g map[string]any) { g["schema"] = 99 }), catalog.UnknownType},
		"no version":                        {with(func(in *catalog.Incoming) { in.Version = 0 }), catalog.InvalidRecord},
		"what is for the community":         {change(func(g map[string]any) { g["audience"] = "COMMUNITY" }), catalog.InvalidRecord},
		"a text that is too long":           {change(func(g map[string]any) { g["question"] = map[string]any{"nl": long} }), catalog.InvalidRecord},
		"no title":                          {change(func(g map[string]any) { delete(g, "title") }), catalog.InvalidRecord},
		"an unknown phase":                  {change(func(g map[string]any) { g["phase"] = "MAYBE" }), catalog.InvalidRecord},
		"a script for an address":           {change(func(g map[string]any) { g["sourceLinks"] = []string{"javascript:alert(1)"} }), catalog.InvalidRecord},
		"a municipality that is not there":  {change(func(g map[string]any) { g["municipalities"] = []string{"GM9999"} }), catalog.InvalidRecord},
		"a concept that nobody explains":    {change(func(g map[string]any) { g["methods"] = []string{"https://x.test/c"} }), catalog.InvalidRecord},
		"an organisation without a name": {change(func(g map[string]any) {
			g["communicationSenders"] = []string{"https://x.test/id/org_1"}
			g["mentions"] = []any{map[string]any{"id": "https://x.test/id/org_1", "type": "ORGANIZATION"}}
		}), catalog.InvalidRecord},
		"an organisation of this node that is not there": {change(func(g map[string]any) {
			g["communicationSenders"] = []string{fixture.BaseURL + "/id/org_1"}
			g["mentions"] = []any{map[string]any{"id": fixture.BaseURL + "/id/org_1", "type": "ORGANIZATION", "name": "X"}}
		}), catalog.InvalidRecord},
		"a lesson where a project should be": {change(func(g map[string]any) {
			g["basedOn"] = []any{map[string]any{"key": "b1", "subject": "https://elders.test/id/les_1", "kind": "REPEATED"}}
		}), catalog.InvalidRecord},
		"a number beyond all bounds": {change(func(g map[string]any) { g["costEuro"] = 1e15 }), catalog.InvalidRecord},
		"a list with nothing in it":  {change(func(g map[string]any) { g["team"] = []any{nil} }), catalog.InvalidRecord},
		"no document":                {with(func(in *catalog.Incoming) { in.Graph = nil }), catalog.InvalidRecord},
		"a file of another node": {change(func(g map[string]any) {
			g["outputs"] = []any{map[string]any{"key": "o1", "kind": record.ConceptIRI(record.OutputKind, "rapport"), "title": map[string]any{"nl": "x"}, "producedBy": g["publisher"],
				"file": map[string]any{"url": "https://x.test/files/1", "name": "x", "mediaType": "text/csv"}}}
		}), catalog.InvalidRecord},
		"an embargo without a state": {change(func(g map[string]any) {
			g["embargoes"] = []any{map[string]any{"key": "e1", "scope": "RESULTS", "ground": record.ConceptIRI(record.EmbargoGround, "bekendmaking"), "placedBy": g["publisher"]}}
		}), catalog.InvalidRecord},
		"two parts under one key": {change(func(g map[string]any) {
			use := map[string]any{"key": "u1", "kind": record.ConceptIRI(record.PolicyUseKind, "geen"), "title": map[string]any{"nl": "x"}}
			g["policyUses"] = []any{use, use}
		}), catalog.InvalidRecord},
	} {
		if got := refused(t, w, c.in); got != c.want {
			t.Errorf("%s: %q, want %q", what, got, c.want)
		}
	}
	if n, _ := w.Store.Client.Publication.Query().Where(publication.PublisherID(publisher)).Count(t.Context()); n != 0 {
		t.Errorf("%d records came in", n)
	}
	if n, _ := w.Store.Client.Replica.Query().Where(replica.VersionGT(0)).Count(t.Context()); n != 0 {
		t.Errorf("%d are remembered", n)
	}
	if got := refused(t, w, good); got != "" {
		t.Errorf("what is its own was refused: %s", got)
	}
	if got := refused(t, w, change(func(g map[string]any) { g["aliases"] = []string{"anders"} })); got != catalog.VersionConflict {
		t.Errorf("two things under one version: %q", got)
	}
	if err := accept(w, fixture.As(t, w.Leiden), good); err == nil {
		t.Error("a program took in what it likes")
	}
}

func TestACopyStaysAsItsPublisherCutItWhateverTheClockSays(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		peer := elsewhere(t, "https://elders.test")
		p := peer.Project("Verkamering")
		p.Answer = record.NL("Vooral in het centrum.")
		p.Embargoes = []*record.Embargo{peer.Embargo(record.ResultsScope, time.Hour)}
		made := peer.Publish(t, p)
		publisher := admit(t, w, peer, peer.Leiden)
		in := entry(t, peer, made.Base().ID, publisher)
		for _, hidden := range []string{"centrum", "ministerie"} {
			if strings.Contains(string(in.Graph), hidden) {
				t.Errorf("%q went out: %s", hidden, in.Graph)
			}
		}
		copied := take(t, w, in).(*record.Project)
		if e := copied.Embargo(); e == nil || e.State != record.EmbargoActive || e.PlacedBy != publisher || e.Reason != "" {
			t.Errorf("the embargo is %+v", e)
		}
		lesson := w.Publish(t, w.Lesson("Begin klein", copied.ID))
		if read(t, w, lesson.Base().ID) == nil {
			t.Error("a lesson learned in a project of another node is not shown")
		}
		w.Clock.Move(2 * time.Hour)
		if err := w.Due(t.Context()); err != nil {
			t.Fatal(err)
		}
		if now := read(t, w, copied.ID).(*record.Project); now.Version != 1 || now.Answer != nil || now.Embargo().State != record.EmbargoActive {
			t.Errorf("the clock here changed it: %+v", now)
		}
		peer.Clock.Move(2 * time.Hour)
		if err := peer.Due(t.Context()); err != nil {
			t.Fatal(err)
		}
		if now := take(t, w, entry(t, peer, made.Base().ID, publisher)).(*record.Project); now.Version != 2 || now.Answer.In() != "Vooral in het centrum." {
			t.Errorf("what its publisher shows did not come: %+v", now)
		}
	})
}

func TestMomentsThatCannotBeTrueAreNow(t *testing.T) {
	w := fixture.SQLite(t)
	peer := elsewhere(t, "https://elders.test")
	peer.Clock.Move(24 * time.Hour)
	p := peer.Project("Verkamering")
	p.StartedOn = "2999"
	made := peer.Publish(t, p)
	c := take(t, w, entry(t, peer, made.Base().ID, admit(t, w, peer, peer.Leiden))).Base()
	if !c.PublishedAt.Equal(fixture.Start) || !c.UpdatedAt.Equal(fixture.Start) || c.CreatedAt.After(fixture.Start) {
		t.Errorf("it was published at %s, updated at %s, made at %s", c.PublishedAt, c.UpdatedAt, c.CreatedAt)
	}
}

func TestACopyIsActedOnWhereItLives(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		peer := elsewhere(t, "https://elders.test")
		steps := peer.Template("Werkwijze", "1.0.0", "vraag")
		steps.Steps[0].IRI = record.Namespace + "step/vraag"
		steps.Steps[0].Title = record.NL("Gekaapt")
		made, sjabloon := peer.Publish(t, peer.Project("Verkamering")), peer.Publish(t, steps)
		publisher := admit(t, w, peer, peer.Leiden)
		c := take(t, w, entry(t, peer, sjabloon.Base().ID, publisher), entry(t, peer, made.Base().ID, publisher))
		ctx := identity.With(t.Context(), identity.Viewer{UserID: "usr_m", Moderator: true, Memberships: []identity.Membership{{OrganizationID: w.Leiden.ID, Role: identity.Coordinator}}})
		for what, do := range map[string]func(*catalog.Writer) error{
			"edited": func(tx *catalog.Writer) error {
				_, err := tx.Edit(ctx, c.Base().ID, 1, func(record.Record) error { return nil })
				return err
			},
			"withdrawn": func(tx *catalog.Writer) error { _, err := tx.Withdraw(ctx, c.Base().ID, 1, "Weg."); return err },
			"published": func(tx *catalog.Writer) error { _, err := tx.Publish(ctx, c.Base().ID, 1); return err },
			"reported":  func(tx *catalog.Writer) error { return tx.Report(ctx, c.Base().ID, "Het klopt niet.") },
		} {
			var ps record.Problems
			if err := w.Write(ctx, do); !errors.As(err, &ps) || ps[0].Code != record.NotAllowed || !strings.Contains(ps[0].Message.In(), c.Base().URI) {
				t.Errorf("it is %s: %v", what, err)
			}
		}
		if acts, err := w.ViewerCan(ctx, []record.Record{read(t, w, c.Base().ID)}); err != nil || len(acts[c.Base().ID]) != 0 {
			t.Errorf("the viewer can %v, %v", acts, err)
		}
		outline, err := w.Outline(t.Context(), "", 10)
		if err != nil || len(outline) != 0 {
			t.Errorf("the outline has %v, %v", outline, err)
		}
		own := w.Template("Eigen werkwijze", "1.0.0", "vraag")
		own.Steps[0].IRI = record.Namespace + "step/vraag"
		w.Clock.Move(time.Minute)
		w.Publish(t, own)
		if title := w.Reference().StepTitle(record.StepRef{IRI: record.Namespace + "step/vraag", Key: "vraag"}); title.In() != "Stap vraag" {
			t.Errorf("the step is called %q", title.In())
		}
	})
}

func TestWhatWasWithdrawnForPrivacyLeavesNoTitle(t *testing.T) {
	w := fixture.SQLite(t)
	peer := elsewhere(t, "https://elders.test")
	made := peer.Publish(t, peer.Project("Verkamering in de Dorpsstraat 1"))
	in := entry(t, peer, made.Base().ID, admit(t, w, peer, peer.Leiden))
	c := take(t, w, in)
	in.Type, in.Version, in.Graph, in.Reason = changelog.Delete, 2, nil, "Privacy: het was te herkennen."
	take(t, w, in)
	if stone, err := w.Tombstone(t.Context(), c.Base().ID); err != nil || stone.Title != "" || stone.Reason != in.Reason {
		t.Errorf("the tombstone says %+v, %v", stone, err)
	}
}

func TestAFileOfACopyIsWhereItLives(t *testing.T) {
	w := fixture.SQLite(t)
	peer := elsewhere(t, "https://elders.test")
	made := peer.Publish(t, peer.Project("Verkamering"))
	publisher := admit(t, w, peer, peer.Leiden)
	in := entry(t, peer, made.Base().ID, publisher)
	at := peer.BaseURL + "/files/fil_1/rapport.pdf"
	in = mentioning(t, in, func(g map[string]any) {
		g["outputs"] = []any{map[string]any{"key": "o1", "kind": record.ConceptIRI(record.OutputKind, "rapport"), "title": map[string]any{"nl": "Rapport"}, "producedBy": g["publisher"],
			"file": map[string]any{"url": at, "name": "rapport.pdf", "mediaType": "application/pdf", "byteSize": 3}}}
	})
	f := take(t, w, in).(*record.Project).Outputs[0].File
	if f == nil || f.Address(w.BaseURL) != at || f.ID == "" || f.Name != "rapport.pdf" {
		t.Errorf("the file is %+v", f)
	}
	if found, err := w.Files.Find(t.Context(), f.ID); err != nil || found[0] != nil {
		t.Errorf("it is here: %v, %v", found, err)
	}
}
