package catalog_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/ent/snapshot"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

func TestAStaleWriteIsToldTheCurrentRevision(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		ctx := fixture.As(t, w.Leiden)
		id := w.Publish(t, w.Project("Verkamering")).Base().ID // revision 2
		edit(t, w, id, func(p *record.Project) { p.Occasion = record.NL("Klachten.") })
		for _, stale := range []int{0, 1, 2, 4, -1} {
			_, edited := tryEdit(ctx, w, id, stale, func(p *record.Project) { p.Occasion = record.NL("Te laat.") })
			_, published := tryPublish(ctx, w, id, stale)
			withdrawn := tryWithdraw(ctx, w, id, stale, "Te laat.")
			for what, err := range map[string]error{"edit": edited, "publish": published, "withdraw": withdrawn} {
				if problem(err) != record.StaleRevision || !strings.Contains(err.Error(), "current revision is 3:") {
					t.Errorf("%s at revision %d: %v", what, stale, err)
				}
			}
		}
		if got := working(t, w, id).(*record.Project).Occasion.In(); got != "Klachten." {
			t.Errorf("a stale write was written: %q", got)
		}
		// The system takes a draft as it stands.
		if _, err := tryEdit(fixture.System(t), w, id, 0, func(p *record.Project) { p.Occasion = nil }); err != nil {
			t.Error(err)
		}
	})
}

func TestAPublishedRevisionCanBeMadeAgainFromItsSnapshot(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		p := w.Project("Verkamering")
		p.Answer = record.NL("Hier.")
		id := w.Publish(t, p).Base().ID
		bodies := map[int]string{} // by revision
		keep := func(revision int) {
			pub, err := w.Store.Client.Publication.Get(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			bodies[revision] = string(pub.Body)
		}
		keep(2)
		for i := range 3 {
			w.Clock.Move(time.Minute)
			edit(t, w, id, func(p *record.Project) { p.Answer = record.NL(fmt.Sprintf("Daar %d.", i)) })
			keep(publish(t, w, id).Base().Revision)
		}
		rows, err := w.Store.Client.Snapshot.Query().Where(snapshot.RecordID(id)).All(t.Context())
		if err != nil || len(rows) != 4 {
			t.Fatalf("%d snapshots, %v", len(rows), err)
		}
		for i, row := range rows {
			h := sha256.Sum256(row.Body)
			if hex.EncodeToString(h[:]) != row.Hash {
				t.Errorf("the snapshot of revision %d is not what was hashed", row.Revision)
			}
			full, err := record.Decode(id, row.Body)
			if err != nil {
				t.Fatal(err)
			}
			visible, err := record.Visible(full, "")
			if err != nil {
				t.Fatal(err)
			}
			was, err := record.Decode(id, []byte(bodies[row.Revision]))
			if err != nil {
				t.Fatal(err)
			}
			s, old := visible.Base(), was.Base()
			// What the catalogue adds at the moment of publishing is not the author's.
			s.Version, s.PublishedAt, s.UpdatedAt = i+1, old.PublishedAt, old.UpdatedAt
			if b, err := record.Encode(visible); err != nil || string(b) != bodies[row.Revision] {
				t.Errorf("revision %d was\n%s\nits snapshot gives\n%s", row.Revision, bodies[row.Revision], b)
			}
		}
	})
}

func TestTheOldRevisionStaysPublicUntilTheNewOneIsPublished(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		id := w.Publish(t, w.Project("Verkamering")).Base().ID
		made := since(t, w, func() {
			edit(t, w, id, func(p *record.Project) { p.Title, p.Answer = record.NL("Kamerverhuur"), record.NL("Nieuw antwoord") })
		})
		same(t, "the edit", made, []string{"UPDATED " + id})
		if got := see(t, w, id).(*record.Project); got.Title.In() != "Verkamering" || got.Answer != nil || got.Version != 1 {
			t.Errorf("the draft is seen: %+v", got)
		}
		if got := working(t, w, id).Base(); got.State != record.Draft || got.Slug != "verkamering" {
			t.Errorf("the working copy is %s at %s", got.State, got.Slug)
		}
		same(t, "the feed", history(t, w, id), []string{"CREATE 1"})
		publish(t, w, id)
		if got := see(t, w, id).(*record.Project); got.Title.In() != "Kamerverhuur" || got.Version != 2 {
			t.Errorf("got %+v", got.Spine)
		}
		same(t, "the feed", history(t, w, id), []string{"CREATE 1", "UPDATE 2"})
		if _, err := tryPublish(fixture.As(t, w.Leiden), w, id, working(t, w, id).Base().Revision); problem(err) != record.IllegalTransition {
			t.Errorf("there is nothing new to publish: %v", err)
		}
	})
}

func TestAnEditThatIsTakenBackNeedsNoPublishing(t *testing.T) {
	w := fixture.SQLite(t)
	id := w.Publish(t, w.Project("Verkamering")).Base().ID
	edit(t, w, id, func(p *record.Project) { p.Occasion = record.NL("Klachten.") })
	if got := edit(t, w, id, func(p *record.Project) { p.Occasion = nil }); got.State != record.Published {
		t.Errorf("it is %s", got.State)
	}
	if made := since(t, w, func() { edit(t, w, id, func(*record.Project) {}) }); len(made) != 0 {
		t.Errorf("an edit that changes nothing made %v", made)
	}
}

func TestAnIncompleteRecordIsNotPublished(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		p := w.Project("Half")
		p.Question, p.PolicyDomainIRIs = nil, nil
		id := create(t, w, p).Base().ID
		before := len(changes(t, w))
		_, err := tryPublish(fixture.As(t, w.Leiden), w, id, 1)
		if problem(err) != record.Required || !strings.Contains(err.Error(), "question") || !strings.Contains(err.Error(), "policyDomains") {
			t.Errorf("got %v", err)
		}
		if see(t, w, id) != nil || len(changes(t, w)) != before || working(t, w, id).Base().Revision != 1 {
			t.Error("a refused write left something behind")
		}
	})
}

func TestARegistersRecordMayLackWhatItsSourceLacks(t *testing.T) {
	w := fixture.SQLite(t)
	ctx := fixture.System(t)
	p := &record.Project{Spine: record.Spine{PublisherID: w.Elders.ID, Title: record.NL("Uit een register")}, Phase: record.Running}
	var made record.Record
	err := w.Write(ctx, func(tx *catalog.Writer) (err error) {
		if made, err = tx.Create(ctx, p, catalog.Origin{Provenance: record.Register, ExternalID: "register 1"}); err != nil {
			return err
		}
		_, err = tx.Publish(ctx, made.Base().ID, 0)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	row := w.Store.Client.FeedEntry.Query().OnlyX(t.Context())
	if row.PublisherSeq != nil {
		t.Error("what is only spoken about has a number of its publisher")
	}
	if got := see(t, w, made.Base().ID).Base(); got.Provenance != record.Register {
		t.Errorf("its provenance is %s", got.Provenance)
	}
}

func TestACreateThatIsAskedTwiceGivesOneRecord(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		make := func(o *record.Organization, key, title string) (id string) {
			ctx := fixture.As(t, o)
			p := w.Project(title)
			p.PublisherID = o.ID
			err := w.Write(ctx, func(tx *catalog.Writer) error {
				r, err := tx.Create(ctx, p, catalog.Origin{IdempotencyKey: key})
				if err == nil {
					id = r.Base().ID
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return id
		}
		first := make(w.Leiden, "sleutel", "Een")
		before := len(changes(t, w))
		if again := make(w.Leiden, "sleutel", "Een"); again != first || len(changes(t, w)) != before {
			t.Errorf("the same key made %s beside %s", again, first)
		}
		if other := make(w.Delft, "sleutel", "Een"); other == first {
			t.Error("another organisation's key found it")
		}
		if other := make(w.Leiden, "andere sleutel", "Een"); other == first {
			t.Error("another key found it")
		}
	})
}

func TestAForkTakesNoVersionsOfItsOriginalAlong(t *testing.T) {
	w := fixture.SQLite(t)
	original := w.Publish(t, w.Template("Zes stappen", "1.0.0", "vraag")).(*record.ProcessTemplate)
	copied, err := record.Clone(original)
	if err != nil {
		t.Fatal(err)
	}
	fork := copied.(*record.ProcessTemplate)
	fork.PublisherID, fork.ForkedFromID = w.Delft.ID, original.Versions[0].ID
	made := create(t, w, fork).(*record.ProcessTemplate)
	if len(made.Versions) != 0 || made.Version != 0 || !made.PublishedAt.IsZero() || made.Steps[0].IRI != original.Steps[0].IRI {
		t.Errorf("the fork is %+v", made)
	}
}

func TestAVersionOfATemplateNeverChanges(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		tpl := w.Publish(t, w.Template("Zes stappen", "1.0.0", "vraag", "analyse")).(*record.ProcessTemplate)
		first := tpl.Versions[0].ID
		before := see(t, w, first).(*record.TemplateVersion)
		made := since(t, w, func() {
			edit(t, w, tpl.ID, func(p *record.ProcessTemplate) {
				p.Number, p.Steps[0].Title = "1.1.0", record.NL("De vraag")
			})
			publish(t, w, tpl.ID)
		})
		got := see(t, w, tpl.ID).(*record.ProcessTemplate)
		if len(got.Versions) != 2 || got.Versions[0].ID != first {
			t.Fatalf("its versions are %v", got.Versions)
		}
		second := got.Versions[1].ID
		same(t, "changes", made, []string{"UPDATED " + tpl.ID, "PUBLISHED " + second, "PUBLISHED " + tpl.ID})
		same(t, "the first version's feed", history(t, w, first), []string{"CREATE 1"})
		after := see(t, w, first).(*record.TemplateVersion)
		if after.ContentHash != before.ContentHash || after.Steps[0].Title.In() != "Stap vraag" || after.Version != 1 {
			t.Errorf("the first version is now %+v", after)
		}
		if next := see(t, w, second).(*record.TemplateVersion); next.Steps[0].IRI != after.Steps[0].IRI || next.Steps[0].Title.In() != "De vraag" {
			t.Errorf("the second version's step is %+v", next.Steps[0])
		}
		if _, err := tryEdit(fixture.As(t, w.Leiden), w, first, 1, func(*record.TemplateVersion) {}); problem(err) != record.NotFound {
			t.Errorf("a version can be edited: %v", err)
		}
	})
}

func TestProgressShowsAtOnceAndContentWaits(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		id := w.Publish(t, w.Project("Verkamering")).Base().ID
		w.Clock.Move(time.Minute)
		made := since(t, w, func() {
			if got := edit(t, w, id, func(p *record.Project) { p.Phase = record.OnHold }); got.State != record.Published {
				t.Errorf("after progress alone it is %s", got.State)
			}
		})
		same(t, "changes", made, []string{"UPDATED " + id})
		if got := see(t, w, id).(*record.Project); got.Phase != record.OnHold || got.Version != 2 || !got.UpdatedAt.Equal(w.Clock.Now()) || got.PublishedAt.Equal(got.UpdatedAt) {
			t.Errorf("got %+v", got)
		}
		edit(t, w, id, func(p *record.Project) { p.Phase, p.Occasion = record.Running, record.NL("Nog niet.") })
		if got := see(t, w, id).(*record.Project); got.Phase != record.Running || got.Occasion != nil || got.Version != 3 {
			t.Errorf("got %+v", got)
		}
		same(t, "the feed", history(t, w, id), []string{"CREATE 1", "UPDATE 2", "UPDATE 3"})
	})
}

func TestWhatWouldBeIncompleteWaits(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		id := w.Publish(t, w.Project("Verkamering")).Base().ID
		if got := edit(t, w, id, func(p *record.Project) { p.Phase = record.Done }); got.State != record.Draft {
			t.Errorf("a project that is done without an answer is %s", got.State)
		}
		if got := see(t, w, id).(*record.Project); got.Phase != record.Running || got.Version != 1 {
			t.Errorf("a stranger sees %s, version %d", got.Phase, got.Version)
		}
		if _, err := tryPublish(fixture.As(t, w.Leiden), w, id, working(t, w, id).Base().Revision); problem(err) != record.Required || !strings.Contains(err.Error(), "answer") {
			t.Errorf("publishing says %v", err)
		}
		edit(t, w, id, func(p *record.Project) { p.Answer = record.NL("Hier.") })
		publish(t, w, id)
		if got := see(t, w, id).(*record.Project); got.Phase != record.Done || got.Version != 2 {
			t.Errorf("a stranger sees %s, version %d", got.Phase, got.Version)
		}

		// Stopping takes a reason; both are progress, and the second edit makes the first one visible.
		id = w.Publish(t, w.Project("Gestopt")).Base().ID
		edit(t, w, id, func(p *record.Project) { p.Phase = record.Stopped })
		if got := edit(t, w, id, func(p *record.Project) { p.StopReasonIRI = record.ConceptIRI(record.StopReason, "geen-data") }); got.State != record.Published {
			t.Errorf("it is %s", got.State)
		}
		if got := see(t, w, id).(*record.Project); got.Phase != record.Stopped {
			t.Errorf("a stranger sees %s", got.Phase)
		}
	})
}

func TestTheDutyToPublishOutlivesAnEdit(t *testing.T) {
	w := fixture.SQLite(t)
	p := w.Project("Verkamering")
	p.Outputs = []*record.Output{{Key: "o1", KindIRI: record.ConceptIRI(record.OutputKind, "rapport"), Title: record.NL("Rapport"), ProducedBy: w.CBS.ID}}
	id := w.Publish(t, p).Base().ID
	edit(t, w, id, func(p *record.Project) {
		p.Outputs = []*record.Output{{Key: "o1", KindIRI: record.ConceptIRI(record.OutputKind, "rapport"), Title: record.NL("Rapport"), ProducedBy: w.Leiden.ID}}
	})
	publish(t, w, id)
	if got := see(t, w, id).(*record.Project).Outputs[0]; got.ProducedBy != w.Leiden.ID || !got.MustBecomePublic {
		t.Errorf("got %+v", got)
	}
}

func TestEveryWriteIsAnsweredWithOneRevision(t *testing.T) {
	w := fixture.SQLite(t)
	id := create(t, w, w.Project("Tellen")).Base().ID
	var got []int
	got = append(got, working(t, w, id).Base().Revision)
	got = append(got, edit(t, w, id, func(p *record.Project) { p.Occasion = record.NL("a") }).Revision)
	got = append(got, publish(t, w, id).Base().Revision)
	got = append(got, edit(t, w, id, func(p *record.Project) { p.Phase = record.OnHold }).Revision)
	withdraw(t, w, id, "Klaar.")
	got = append(got, working(t, w, id).Base().Revision)
	if !slices.Equal(got, []int{1, 2, 3, 4, 5}) {
		t.Errorf("revisions %v", got)
	}
}
