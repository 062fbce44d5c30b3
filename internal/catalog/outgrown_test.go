package catalog_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/feedentry"
	"github.com/udc-community/plein/ent/publication"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

// question makes of an entry about a lesson one of a kind that no Plein has yet.
func question(in catalog.Incoming) catalog.Incoming {
	in.Object = strings.Replace(in.Object, "/id/les_", "/id/qst_", 1)
	in.Graph = bytes.ReplaceAll(bytes.ReplaceAll(in.Graph, []byte("/id/les_"), []byte("/id/qst_")), []byte(`"type":"LESSON"`), []byte(`"type":"QUESTION"`))
	return in
}

// with changes a field of the document of an entry.
func with(t testing.TB, in catalog.Incoming, field string, value any) catalog.Incoming {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal(in.Graph, &doc); err != nil {
		t.Fatal(err)
	}
	doc[field] = value
	b, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	in.Graph = b
	return in
}

func withoutLessons() []record.Kind {
	return slices.DeleteFunc(record.Written(), func(k record.Kind) bool { return k.Type == record.LessonType })
}

func TestARecordOfAnUnknownKindIsACopyOfWhatEveryRecordHas(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		peer := elsewhere(t, "https://elders.test")
		made := peer.Publish(t, peer.Lesson("Wie meet de hitte?"))
		publisher := admit(t, w, peer, peer.Leiden)
		create := question(entry(t, peer, made.Base().ID, publisher))
		create = with(t, create, "summary", map[string]string{"nl": "Een vraag aan andere gemeenten."})
		create = with(t, create, "schema", record.Schema+3)
		create = with(t, create, "typeName", 5)
		create = with(t, create, "answers", []any{nil, map[string]any{"by": 7}})

		o := take(t, w, create).(*record.Other)
		if o.TypeName != "QUESTION" || o.Title.In() != "Wie meet de hitte?" || o.Provenance != record.Peer || o.PublisherID != publisher || o.URI != create.Object ||
			o.Schema != record.Schema || o.License() == nil || !o.PublishedAt.Equal(fixture.Start) || !strings.HasPrefix(o.ID, "oth_") {
			t.Fatalf("the copy is %+v", o)
		}
		row, err := w.Store.Client.Publication.Get(t.Context(), o.ID)
		if err != nil || strings.Contains(string(row.Body), "answers") || strings.Contains(string(row.Body), "Bij de start") {
			t.Errorf("it holds %s, %v", row.Body, err)
		}
		at, err := w.At(t.Context(), "/overig/udc-leiden-van-elders/wie-meet-de-hitte")
		if err != nil || at == nil || at.Record == nil {
			t.Errorf("its page is not there: %v, %v", at, err)
		}
		if docs, err := w.DocumentsAfter(t.Context(), "", 10); err != nil || len(docs) != 1 || docs[0].ID != o.ID {
			t.Errorf("the index takes in %v, %v", docs, err)
		}
		feed, _, err := w.Feed(t.Context(), catalog.FeedFilter{Kinds: []record.Type{record.OtherType}}, 10, "")
		if err != nil || len(feed) != 1 || feed[0].Type != changelog.Create || feed[0].URI != create.Object {
			t.Errorf("the feed says %v, %v", feed, err)
		}

		update := with(t, create, "title", map[string]string{"nl": "Wie meet de hitte in de wijk?"})
		update.Version = 2
		if got := take(t, w, update).Base(); got.ID != o.ID || got.Version != 2 || got.Title.In() != "Wie meet de hitte in de wijk?" {
			t.Errorf("after an update it is %+v", got)
		}
		other := with(t, update, "title", map[string]string{"nl": "Iets anders"})
		if code := refused(t, w, other); code != catalog.VersionConflict {
			t.Errorf("another version 2 is %q", code)
		}
		gone := update
		gone.Type, gone.Version, gone.Graph, gone.Reason = changelog.Delete, 3, nil, "Het klopte niet."
		if take(t, w, gone) != nil {
			t.Error("it is still there")
		}
		if stone, err := w.Tombstone(t.Context(), o.ID); err != nil || stone == nil || stone.Reason != gone.Reason {
			t.Errorf("the tombstone is %+v, %v", stone, err)
		}
		if n, err := w.Store.Client.FeedEntry.Query().Where(feedentry.PayloadNotNil()).Count(t.Context()); err != nil || n != 0 {
			t.Errorf("the feed still says what it said %d times, %v", n, err)
		}
	})
}

func TestARecordOfAnUnknownKindIsRefusedWhereAnyOtherWouldBe(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		peer := elsewhere(t, "https://elders.test")
		made := peer.Publish(t, peer.Lesson("Wie meet de hitte?"))
		publisher := admit(t, w, peer, peer.Leiden)
		lesson := entry(t, peer, made.Base().ID, publisher)
		good := question(lesson)
		at := func(in catalog.Incoming, prefix string) catalog.Incoming {
			uri := strings.Replace(in.Object, "/id/qst_", "/id/"+prefix+"_", 1)
			in = with(t, in, "id", uri)
			in.Object = uri
			return in
		}
		elsewhere := good
		elsewhere.Home = "https://nog-elders.test"
		for name, x := range map[string]struct {
			in   catalog.Incoming
			want string
		}{
			"not public":                  {with(t, good, "audience", "COMMUNITY"), catalog.InvalidRecord},
			"no audience":                 {with(t, good, "audience", ""), catalog.InvalidRecord},
			"no title":                    {with(t, good, "title", nil), catalog.InvalidRecord},
			"a huge title":                {with(t, good, "title", map[string]string{"nl": strings.Repeat("x", 1<<20)}), catalog.InvalidRecord},
			"no licence":                  {with(t, good, "license", nil), catalog.InvalidRecord},
			"a licence that nobody knows": {with(t, good, "license", "https://x.test/licence"), catalog.InvalidRecord},
			"a name that is none":         {with(t, good, "type", "QUES\x00TION"), catalog.InvalidRecord},
			"another publisher":           {with(t, good, "publisher", "https://elders.test/id/org_1"), catalog.NotItsOwn},
			"another record":              {with(t, good, "id", good.Object+"0"), catalog.NotItsOwn},
			"another home":                {elsewhere, catalog.NotItsOwn},
			"at the address of a lesson":  {at(good, "les"), catalog.UnknownType},
			"a lesson at its address":     {with(t, good, "type", "LESSON"), catalog.InvalidRecord},
			"at that of an organisation":  {at(good, "org"), catalog.UnknownType},
			"at that of a copy":           {at(good, "oth"), catalog.UnknownType},
			"at no address of a record":   {at(good, "q2"), catalog.UnknownType},
			"a lesson of a newer shape":   {with(t, lesson, "schema", record.Schema+1), catalog.UnknownType},
		} {
			if got := refused(t, w, x.in); got != x.want {
				t.Errorf("%s is %q, want %q", name, got, x.want)
			}
		}
		if n, err := w.Store.Client.Publication.Query().Count(t.Context()); err != nil || n != 0 {
			t.Errorf("%d are here, %v", n, err)
		}
		if got := refused(t, w, good); got != "" {
			t.Errorf("the good one is %q", got)
		}
	})
}

func TestOnceAKindIsKnownItsCopiesAreTakenInWholeAndNothingIsWithdrawn(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		peer := elsewhere(t, "https://elders.test")
		first, second := peer.Publish(t, peer.Lesson("Begin klein")), peer.Publish(t, peer.Lesson("Vraag het na"))
		template := peer.Template("Zo doen wij het", "1.0.0", "vraag")
		template.Steps[0].Checklist = []*record.TemplateCheck{{Key: "a", Text: record.NL("Lees de les."), LessonID: second.Base().ID}}
		pointing := peer.Publish(t, template)
		publisher := admit(t, w, peer, peer.Leiden)
		one, two := entry(t, peer, first.Base().ID, publisher), entry(t, peer, second.Base().ID, publisher)

		w.Known = withoutLessons()
		w.ServeAt(t, fixture.BaseURL)
		withdrawn := one
		withdrawn.Type, withdrawn.Version, withdrawn.Graph = changelog.Delete, 2, nil
		old := []record.Record{take(t, w, one), take(t, w, two)}
		if old[1].(*record.Other).TypeName != "LESSON" {
			t.Fatalf("it is taken in as %+v", old[1])
		}
		if take(t, w, withdrawn) != nil {
			t.Fatal("it is still there")
		}
		page := record.PagePath(old[1])

		w.Known = nil
		w.ServeAt(t, fixture.BaseURL)
		// What points at one that is not taken in again yet knows its id all the same.
		tpl := take(t, w, entry(t, peer, pointing.Base().ID, publisher)).(*record.ProcessTemplate)
		var rows []*ent.Replica
		err := w.Write(fixture.System(t), func(tx *catalog.Writer) (err error) {
			rows, err = tx.Outgrown(t.Context(), "", 10)
			return err
		})
		if err != nil || len(rows) != 1 || rows[0].URI != two.Object {
			t.Fatalf("outgrown are %v, %v", rows, err)
		}
		l := take(t, w, two).(*record.Lesson)
		if l.Context.In() != "Bij de start." || l.Version != 1 || l.ID != strings.Replace(old[1].Base().ID, "oth_", "les_", 1) || tpl.Steps[0].Checklist[0].LessonID != l.ID {
			t.Errorf("it is %+v, and the template points at %s", l, tpl.Steps[0].Checklist[0].LessonID)
		}
		if got, _ := w.ByID(t.Context(), old[1].Base().ID); got[0] != nil {
			t.Error("the old copy is still there")
		}
		if stone, err := w.Tombstone(t.Context(), old[1].Base().ID); err != nil || stone != nil {
			t.Errorf("it left a tombstone: %+v, %v", stone, err)
		}
		at, err := w.At(t.Context(), page)
		if err != nil || at == nil || at.Record == nil || at.Path != record.PagePath(l) || !strings.HasPrefix(at.Path, "/lessen/") {
			t.Errorf("%s leads to %+v, %v", page, at, err)
		}
		if n, err := w.Store.Client.Publication.Query().Where(publication.URI(two.Object)).Count(t.Context()); err != nil || n != 1 {
			t.Errorf("%d are at its address, %v", n, err)
		}
		// Who follows the feed ends with one record, at its address.
		feed, _, err := w.Feed(t.Context(), catalog.FeedFilter{}, 100, "")
		if err != nil {
			t.Fatal(err)
		}
		shown := map[string]string{}
		for _, e := range feed {
			if shown[e.RecordID] = e.URI; e.Type == changelog.Delete {
				delete(shown, e.RecordID)
			}
		}
		if shown[l.ID] != two.Object || len(shown) != 2 { // the template and the lesson
			t.Errorf("the feed leaves %v", shown)
		}
		if again := take(t, w, two).Base(); again.ID != l.ID {
			t.Errorf("taken in once more it is %s", again.ID)
		}
		// What was withdrawn stays so, and comes back as what it is.
		if take(t, w, one) != nil {
			t.Error("an old entry brought it back")
		}
		back := one
		back.Version = 3
		if got := take(t, w, back).(*record.Lesson); got.Version != 3 || !strings.HasPrefix(got.ID, "les_") {
			t.Errorf("it came back as %+v", got)
		}
	})
}

func TestEveryPageThatAnOutgrownCopyHadLeadsToTheRecord(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		peer := elsewhere(t, "https://elders.test")
		renamed, withdrawn := peer.Publish(t, peer.Lesson("Begin klein")), peer.Publish(t, peer.Lesson("Vraag het na"))
		publisher := admit(t, w, peer, peer.Leiden)
		one, two := entry(t, peer, renamed.Base().ID, publisher), entry(t, peer, withdrawn.Base().ID, publisher)
		w.Known = withoutLessons()
		w.ServeAt(t, fixture.BaseURL)
		pages := []string{record.PagePath(take(t, w, one)), "", record.PagePath(take(t, w, two))}
		one = with(t, one, "title", map[string]string{"nl": "Begin heel klein"})
		one.Version = 2
		pages[1] = record.PagePath(take(t, w, one))
		gone := two
		gone.Type, gone.Version, gone.Graph = changelog.Delete, 2, nil
		take(t, w, gone)

		w.Known = nil
		w.ServeAt(t, fixture.BaseURL)
		two.Version = 3
		first, second := take(t, w, one), take(t, w, two)
		for i, want := range []record.Record{first, first, second} {
			if at, err := w.At(t.Context(), pages[i]); err != nil || at == nil || at.Path != record.PagePath(want) {
				t.Errorf("%s leads to %+v, %v", pages[i], at, err)
			}
		}
	})
}
