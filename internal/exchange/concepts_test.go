package exchange_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
	"github.com/udc-community/plein/internal/skos"
)

func importConcepts(t testing.TB, w *fixture.World, text string, o exchange.ConceptOptions) *exchange.ConceptReport {
	t.Helper()
	r, err := exchange.ImportConcepts(t.Context(), w.Catalog, strings.NewReader(text), skos.CBSLines, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// leftOut are the English words of what was left out, with line and address.
func leftOut(r *exchange.ConceptReport) (out []string) {
	for _, b := range r.LeftOut {
		out = append(out, b.In(record.English))
	}
	return out
}

const small3 = `{"uri": "https://x.nl/id/1", "pref_nl": "wonen", "pref_en": "housing", "alt_nl": ["onderdak"]}
{"uri": "https://x.nl/id/2", "pref_nl": "kamers", "broader": "https://x.nl/id/1", "related": ["https://x.nl/id/3"]}
{"uri": "https://x.nl/id/3", "pref_nl": "studenten"}
`

func TestImportedConceptsAreMergedByTheirAddress(t *testing.T) {
	each(t, func(t *testing.T, w *fixture.World) {
		before := head(t, w)
		if r := importConcepts(t, w, small3, exchange.ConceptOptions{DryRun: true}); r.Created != 3 || head(t, w) != before || len(w.Reference().Scheme(record.Taxonomy)) > 0 {
			t.Fatalf("a trial: %+v", r)
		}
		if r := importConcepts(t, w, small3, exchange.ConceptOptions{}); r.Created != 3 || head(t, w) != before+3 {
			t.Fatalf("%+v", r)
		}
		kamers := w.Reference().Concept("https://x.nl/id/2")
		if kamers.Broader().Label.In() != "wonen" || len(kamers.Related()) != 1 || kamers.Related()[0].Related()[0] != kamers || len(kamers.Broader().Narrower()) != 1 || kamers.Broader().Alternatives["nl"][0] != "onderdak" {
			t.Errorf("%+v", kamers)
		}
		if w.Reference().Concept(kamers.ID) != kamers || kamers.Scheme != record.Taxonomy || kamers.Notation != record.ImportedNotation(kamers.IRI) {
			t.Errorf("%+v", kamers)
		}
		before = head(t, w)
		if r := importConcepts(t, w, small3, exchange.ConceptOptions{Replace: true}); r.Unchanged != 3 || head(t, w) != before {
			t.Errorf("again: %+v", r)
		}
		// Another list stays out of it, and what is gone from this one is only deprecated when that is asked.
		importConcepts(t, w, `{"uri": "https://y.nl/id/1", "pref_nl": "iets anders"}`, exchange.ConceptOptions{})
		less := strings.Join(strings.SplitAfter(small3, "\n")[1:], "")
		if r := importConcepts(t, w, less, exchange.ConceptOptions{}); r.Unchanged != 2 || r.Deprecated != 0 {
			t.Errorf("less: %+v", r)
		}
		before = head(t, w)
		r := importConcepts(t, w, less, exchange.ConceptOptions{Replace: true})
		ref := w.Reference()
		if r.Deprecated != 1 || head(t, w) != before+1 || !ref.Concept("https://x.nl/id/1").Deprecated || ref.Concept("https://y.nl/id/1").Deprecated {
			t.Errorf("replaced: %+v", r)
		}
		if r := importConcepts(t, w, small3, exchange.ConceptOptions{}); r.Updated != 1 || w.Reference().Concept("https://x.nl/id/1").Deprecated {
			t.Errorf("back again: %+v", r)
		}
	})
}

func TestConceptsOfPleinItselfAreNotTakenOverByAnImport(t *testing.T) {
	w := small(t)
	before := head(t, w)
	var b bytes.Buffer
	if err := exchange.ExportConcepts(&b, w.Reference(), skos.Turtle); err != nil {
		t.Fatal(err)
	}
	r, err := exchange.ImportConcepts(t.Context(), w.Catalog, &b, skos.Turtle, exchange.ConceptOptions{Replace: true})
	if err != nil || r.Created+r.Updated+r.Unchanged+r.Deprecated+len(r.Bad) > 0 || r.Left < 150 || head(t, w) != before {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestLinksThatDoNotFitAreLeftOutAndTold(t *testing.T) {
	w := small(t)
	text := `{"uri": "urn:a", "pref_nl": "a", "broader": "urn:b"}
{"uri": "urn:b", "pref_nl": "b", "broader": "urn:c"}
{"uri": "urn:c", "pref_nl": "c", "broader": "urn:a"}
{"uri": "urn:d", "pref_nl": "d", "broader": ["urn:f", "urn:e", "urn:nergens"], "related": ["urn:e", "urn:f", "urn:nergens"]}
{"uri": "urn:e", "pref_nl": "e"}
{"uri": "urn:f", "pref_nl": "f"}
`
	r := importConcepts(t, w, text, exchange.ConceptOptions{})
	want := []string{
		"line 1 (urn:a): broader: The concept would be below itself this way.",
		"line 2 (urn:b): broader: The concept would be below itself this way.",
		"line 3 (urn:c): broader: The concept would be below itself this way.",
		"line 4 (urn:d): broader: 1 further wider concepts: Plein keeps one.",
		"line 4 (urn:d): broader: 1 wider concepts that are not here.",
		"line 4 (urn:d): related: 1 related concepts that are not here.",
		"line 4 (urn:d): related: A concept cannot be related to its own wider or narrower concept: “e”.",
	}
	if got := leftOut(r); !slices.Equal(got, want) || r.Created != 6 || len(r.Bad) > 0 {
		t.Errorf("%+v\n%s", r.Counts, strings.Join(got, "\n"))
	}
	d := w.Reference().Concept("urn:d")
	if d.BroaderIRI != "urn:e" || !slices.Equal(d.RelatedIRIs, []string{"urn:f"}) || w.Reference().Concept("urn:a").BroaderIRI != "" {
		t.Errorf("%+v", d)
	}
	before := head(t, w)
	if r := importConcepts(t, w, text, exchange.ConceptOptions{}); r.Unchanged != 6 || head(t, w) != before {
		t.Errorf("again: %+v", r.Counts)
	}
}

func TestAFileThatBreaksOffImportsNothing(t *testing.T) {
	w := small(t)
	before := head(t, w)
	r, err := exchange.ImportConcepts(t.Context(), w.Catalog, strings.NewReader(`<urn:a> <http://www.w3.org/2004/02/skos/core#prefLabel> "a"@nl . <urn:b`), skos.Turtle, exchange.ConceptOptions{})
	if err != nil || !r.Refused || len(r.Bad) != 1 || r.Bad[0].Line != 1 || head(t, w) != before {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestWhatIsExportedIsReadBack(t *testing.T) {
	w := small(t)
	importConcepts(t, w, small3, exchange.ConceptOptions{})
	for _, f := range []skos.Format{skos.Turtle, skos.JSONLD} {
		var b bytes.Buffer
		if err := exchange.ExportConcepts(&b, w.Reference(), f); err != nil {
			t.Fatal(err)
		}
		list, err := skos.Read(&b, f)
		if err != nil {
			t.Fatal(err)
		}
		count := 0
		for _, s := range record.Schemes {
			if s != record.Taxonomy {
				count += len(w.Reference().Scheme(s))
			}
		}
		if len(list.Concepts) != count || len(list.Bad)+len(list.LeftOut) > 0 {
			t.Errorf("%s has %d concepts of %d, bad: %v", f, len(list.Concepts), count, list.Bad)
		}
		for _, c := range list.Concepts {
			if own := w.Reference().Concept(c.IRI); own == nil || own.Scheme == record.Taxonomy || own.Label.In() != c.Label.In() || len(own.Related()) != len(c.Related) || len(c.Broader) > 0 && c.Broader[0] != own.BroaderIRI {
				t.Errorf("%s: %+v", f, c)
			}
		}
	}
}

func TestAnEditedConceptSurvivesTheNextStart(t *testing.T) {
	each(t, func(t *testing.T, w *fixture.World) {
		shipped := w.Reference().Scheme(record.Thesaurus)
		first, last := shipped[0], shipped[len(shipped)-1]
		ctx := fixture.As(t, w.Leiden)
		err := w.Write(ctx, func(tx *catalog.Writer) error {
			_, err := tx.EditConcept(ctx, first.ID, first.Revision, func(c *record.Concept) error {
				c.Label, c.Deprecated = record.NL("door ons veranderd"), true
				return nil
			})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		// Another one differs from what this Plein ships, but nobody edited it.
		old := *w.Reference().Concept(last.ID)
		old.Alternatives = map[record.Language][]string{record.Dutch: {"van een eerdere Plein"}}
		if err := w.Write(fixture.System(t), func(tx *catalog.Writer) error { return tx.SetConcepts(t.Context(), []*record.Concept{&old}) }); err != nil {
			t.Fatal(err)
		}
		if err := exchange.LoadReference(t.Context(), w.Catalog); err != nil {
			t.Fatal(err)
		}
		edited, restored := w.Reference().Concept(first.ID), w.Reference().Concept(last.ID)
		if edited.Label.In() != "door ons veranderd" || !edited.Deprecated || edited.Revision != 2 {
			t.Errorf("the edited concept is now %+v", edited)
		}
		if !slices.Equal(restored.Alternatives[record.Dutch], last.Alternatives[record.Dutch]) || restored.Revision != 1 {
			t.Errorf("the other is now %+v", restored)
		}
		if now := w.Reference().Scheme(record.Thesaurus); now[0].ID != first.ID || now[len(now)-1].ID != last.ID {
			t.Error("they are no longer in their places")
		}
		before := head(t, w)
		if err := exchange.LoadReference(t.Context(), w.Catalog); err != nil || head(t, w) != before {
			t.Errorf("loading again wrote something: %v", err)
		}
	})
}

func TestTheTaxonomyOfCBSComesInWhole(t *testing.T) {
	folder := os.Getenv("PLEIN_TESTDATA")
	if folder == "" {
		t.Skip("PLEIN_TESTDATA is not set: the taxonomy of CBS is not there")
	}
	text, err := os.ReadFile(filepath.Join(folder, "thesauri/cbs_taxonomie.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	each(t, func(t *testing.T, w *fixture.World) {
		start := time.Now()
		r := importConcepts(t, w, string(text), exchange.ConceptOptions{})
		t.Logf("first import: %v; left out %d", time.Since(start).Round(time.Millisecond), len(r.LeftOut))
		if r.Created != 3204 || len(r.Bad) > 0 || len(w.Reference().Scheme(record.Taxonomy)) != 3204 {
			t.Errorf("%+v, bad: %v", r.Counts, r.Bad)
		}
		labels := map[string]int{}
		for _, c := range w.Reference().Scheme(record.Taxonomy) {
			for l := range c.Label {
				labels[l]++
			}
		}
		if labels["nl"] != 3203 || labels["en"] != 3166 {
			t.Errorf("labels: %v", labels)
		}
		before := head(t, w)
		start = time.Now()
		if r := importConcepts(t, w, string(text), exchange.ConceptOptions{Replace: true}); r.Unchanged != 3204 || r.Deprecated > 0 || head(t, w) != before {
			t.Errorf("again: %+v", r.Counts)
		}
		t.Logf("second import: %v", time.Since(start).Round(time.Millisecond))
		if c := w.Reference().Concept("https://taxonomie.cbs.nl/vocab/id/1003"); c.Label.In() != "koopwoningen" || c.Broader() == nil || len(c.Narrower()) == 0 || len(c.Related()) < 2 {
			t.Errorf("%+v", c)
		}
	})
}

func BenchmarkReadingTheReferenceWithTheTaxonomyOfCBS(b *testing.B) {
	folder := os.Getenv("PLEIN_TESTDATA")
	if folder == "" {
		b.Skip("PLEIN_TESTDATA is not set: the taxonomy of CBS is not there")
	}
	text, err := os.ReadFile(filepath.Join(folder, "thesauri/cbs_taxonomie.jsonl"))
	if err != nil {
		b.Fatal(err)
	}
	w := fixture.SQLite(b)
	if err := exchange.LoadReference(b.Context(), w.Catalog); err != nil {
		b.Fatal(err)
	}
	importConcepts(b, w, string(text), exchange.ConceptOptions{})
	n := 0
	for b.Loop() {
		n++
		c := *w.Reference().Concept(record.ConceptIRI(record.GeoLevel, "wijk"))
		c.Definition = record.NL(strings.Repeat("x", n%100))
		err := w.Write(fixture.System(b), func(tx *catalog.Writer) error { return tx.SetConcepts(b.Context(), []*record.Concept{&c}) })
		if err != nil {
			b.Fatal(err)
		}
	}
}
