package search

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

func inDomain(notation string) catalog.Filter {
	return catalog.Filter{All: []catalog.Match{{Field: record.FieldPolicyDomain, Values: []string{record.ConceptIRI(record.PolicyDomain, notation)}}}}
}

// heating adds words to the thesaurus: a wider term with two narrower ones, one of them with a related term.
func heating(t *testing.T, w *fixture.World) {
	t.Helper()
	term := func(notation, nl, en string, change func(*record.Concept)) *record.Concept {
		c := &record.Concept{ID: record.ConceptID(record.Thesaurus, notation), IRI: record.ConceptIRI(record.Thesaurus, notation), Scheme: record.Thesaurus,
			Notation: notation, Label: record.Text{record.Dutch: nl, record.English: en}}
		change(c)
		return c
	}
	do(t, w.Write(fixture.System(t), func(tx *catalog.Writer) error {
		return tx.SetConcepts(t.Context(), []*record.Concept{
			term("energie", "energie", "energy", func(*record.Concept) {}),
			term("zonnestroom", "zonnestroom", "solar power", func(c *record.Concept) {
				c.BroaderIRI = record.ConceptIRI(record.Thesaurus, "energie")
				c.Alternatives = map[record.Language][]string{record.Dutch: {"stroom van het dak"}}
			}),
			term("warmtenet", "warmtenet", "district heating", func(c *record.Concept) {
				c.BroaderIRI = record.ConceptIRI(record.Thesaurus, "energie")
				c.RelatedIRIs = []string{record.ConceptIRI(record.Thesaurus, "isolatie")}
			}),
			term("isolatie", "isolatie", "insulation", func(*record.Concept) {}),
			term("turf", "turf", "peat", func(c *record.Concept) {
				c.Alternatives = map[record.Language][]string{record.Dutch: {"warmtenet"}}
				c.Deprecated = true
			}),
		})
	}))
}

func told(es []Expansion) []string {
	out := []string{}
	for _, e := range es {
		notation := "-"
		if e.Concept != nil {
			notation = e.Concept.Notation
		}
		out = append(out, fmt.Sprintf("%s %s %s (%s)", e.Typed, e.Relation, e.Says, notation))
	}
	slices.Sort(out)
	return out
}

func TestTheThesaurusAnswersInOtherWordsAndSaysSo(t *testing.T) {
	w := fixture.SQLite(t)
	heating(t, w)
	publish(t, w, "Zonnestroom in de wijk", "x", "x")
	publish(t, w, "Het warmtenet", "x", "x")
	publish(t, w, "Besparen op energie", "x", "x")
	publish(t, w, "Isolatie van woningen", "x", "x")
	publish(t, w, "Turf steken", "x", "x")
	x := open(t, w)

	r := find(t, x, Request{Text: "solar power"})
	if got := titlesOf(r); r.Exact != 1 || got[0] != "Zonnestroom in de wijk" || !r.Hits[0].Whole {
		t.Errorf("an English label finds %q, %d exact", got, r.Exact)
	}
	want(t, told(r.Expansions), "solar power BROADER energie (energie)", "solar power SYNONYM zonnestroom (zonnestroom)")

	r = find(t, x, Request{Text: "energie"})
	if got := titlesOf(r); r.Exact != 3 || r.Total != 3 || got[0] != "Besparen op energie" {
		t.Errorf("a wider term finds %q, %d exact", got, r.Exact)
	}
	want(t, told(r.Expansions), "energie NARROWER warmtenet (warmtenet)", "energie NARROWER zonnestroom (zonnestroom)")

	// A related and a wider term bring records into sight, and do not make them exact.
	r = find(t, x, Request{Text: "warmtenet"})
	want(t, titlesOf(r), "Het warmtenet", "Isolatie van woningen", "Besparen op energie")
	if r.Exact != 1 || !r.Relaxed || r.Hits[1].Whole {
		t.Errorf("%d exact, relaxed %v", r.Exact, r.Relaxed)
	}

	for _, q := range []string{"solar power", `"solar power"`, `"zonnestroom" solar`} {
		r := find(t, x, Request{Text: q, Literal: !strings.Contains(q, `"`)})
		for _, e := range r.Expansions {
			if e.Concept != nil {
				t.Errorf("%s: literally, %+v is searched for", q, e)
			}
		}
	}
	r = find(t, x, Request{Text: "energie", Literal: true})
	want(t, titlesOf(r), "Besparen op energie")
	if r.Exact != 1 || r.Expansions != nil {
		t.Errorf("literally: %d exact, %v", r.Exact, told(r.Expansions))
	}
	if r := find(t, x, Request{Text: "solar power", Literal: true}); r.Total != 0 || !slices.Equal(r.Missing, []string{"solar", "power"}) {
		t.Errorf("literally: %d found, missing %q", r.Total, r.Missing)
	}
}

func TestAPhraseIsMeantLiterally(t *testing.T) {
	w := fixture.SQLite(t)
	heating(t, w)
	publish(t, w, "Studentenkamers", "over zonnestroom", "x")
	publish(t, w, "Kamers", "in de stad", "x")
	x := open(t, w)
	want(t, titlesOf(find(t, x, Request{Text: `"kamers"`})), "Kamers")
	want(t, titlesOf(find(t, x, Request{Text: "kamers"})), "Kamers", "Studentenkamers")
	want(t, titlesOf(find(t, x, Request{Text: `"kamer in de stad"`})))
	want(t, titlesOf(find(t, x, Request{Text: `"stroom van het dak"`})))
	want(t, titlesOf(find(t, x, Request{Text: "stroom van het dak"})), "Studentenkamers")
}

func TestAMinusWordLeavesOutTheWordAndNotItsCompounds(t *testing.T) {
	w := fixture.SQLite(t)
	heating(t, w)
	publish(t, w, "Studentenkamers", "onderzoek", "x")
	publish(t, w, "Kamer", "onderzoek", "x")
	publish(t, w, "Zonnestroom", "onderzoek", "x")
	x := open(t, w)
	for q, titles := range map[string][]string{
		"onderzoek -kamers": {"Studentenkamers", "Zonnestroom"}, "onderzoek -studentenkamers": {"Kamer", "Zonnestroom"},
		"onderzoek -energie": {"Kamer", "Studentenkamers", "Zonnestroom"}, // nor what the thesaurus has beneath it
		"-kamers":            {"Studentenkamers", "Zonnestroom"},
		"kamers -kamers":     {"Studentenkamers"},
		"studnetenkamers -kamers -studentenkamers": {},
	} {
		if got := titlesOf(find(t, x, Request{Text: q, Sort: Title})); !slices.Equal(got, titles) {
			t.Errorf("%s finds %q, want %q", q, got, titles)
		}
	}
}

// youth publishes one record with both words, one with each, and more with both.
func youth(t *testing.T, w *fixture.World, more int) {
	t.Helper()
	publish(t, w, "Schulden en jeugd", "x", "x")
	publish(t, w, "Schulden", "x", "x")
	publish(t, w, "Jeugd", "x", "x")
	for i := range more {
		publish(t, w, fmt.Sprintf("Jeugd met schulden %d", i), "x", "x")
	}
}

func TestTheNoticeSaysWhatWasFoundInstead(t *testing.T) {
	const below = " Daaronder staan resultaten met een deel van de woorden."
	for _, c := range []struct {
		more         int
		query        string
		exact, total int
		nl, en       string
		missing      []string
	}{
		{0, "schulden jeugd", 1, 3, "Eén resultaat heeft alle woorden en staat bovenaan." + below,
			"One result has all words and comes first. Below it are results with some of them.", nil},
		{1, "schulden jeugd", 2, 4, "2 resultaten hebben alle woorden en staan bovenaan." + below,
			"2 results have all words and come first. Below them are results with some of them.", nil},
		{8, "schulden jeugd", 9, 11, "9 resultaten hebben alle woorden en staan bovenaan." + below,
			"9 results have all words and come first. Below them are results with some of them.", nil},
		{9, "schulden jeugd", 10, 10, "", "", nil}, // enough
		{0, "schulden", 2, 2, "", "", nil},
		{0, "schulden voetbal", 0, 2, "Geen resultaten met alle woorden. Dit zijn resultaten met een deel van de woorden. Niet gevonden: ‘voetbal’.",
			"No results with all words. These results have some of them. Not found: ‘voetbal’.", []string{"voetbal"}},
		{0, `jeugd Voetbal "tafel tennis"`, 0, 2,
			"Geen resultaten met alle woorden. Dit zijn resultaten met een deel van de woorden. Niet gevonden: ‘Voetbal’, ‘tafel tennis’.",
			"No results with all words. These results have some of them. Not found: ‘Voetbal’, ‘tafel tennis’.", []string{"Voetbal", "tafel tennis"}},
		{0, "voetbal tennis", 0, 0, "Niet gevonden: ‘voetbal’, ‘tennis’.", "Not found: ‘voetbal’, ‘tennis’.", []string{"voetbal", "tennis"}},
		{0, "voetbal", 0, 0, "", "", []string{"voetbal"}},
		{0, "jeudg", 0, 2, "Niets gevonden met ‘jeudg’. Dit zijn resultaten met ‘jeugd’.", "Nothing has ‘jeudg’. These results have ‘jeugd’.", []string{"jeudg"}},
		{0, "jeugdigen", 0, 2, "Niets gevonden met ‘jeugdigen’. Dit zijn resultaten met woorden die erop lijken of ermee te maken hebben.",
			"Nothing has ‘jeugdigen’. These results have words that look like it or have to do with it.", []string{"jeugdigen"}},
		{0, "", 3, 3, "", "", nil},
		{0, "de het een", 0, 0, "", "", nil},
	} {
		w := fixture.SQLite(t)
		youth(t, w, c.more)
		x := open(t, w)
		r := find(t, x, Request{Text: c.query})
		if r.Exact != c.exact || r.Total != c.total || r.Relaxed != (c.total > c.exact) {
			t.Errorf("%s: %d exact of %d, relaxed %v, want %d of %d", c.query, r.Exact, r.Total, r.Relaxed, c.exact, c.total)
		}
		if r.Notice[record.Dutch] != c.nl || r.Notice[record.English] != c.en || (r.Notice == nil) != (c.nl == "") {
			t.Errorf("%s: notice %q", c.query, r.Notice)
		}
		if !slices.Equal(r.Missing, c.missing) {
			t.Errorf("%s: missing %q, want %q", c.query, r.Missing, c.missing)
		}
		for i, h := range r.Hits {
			if c.query != "" && h.Whole != (i < c.exact) {
				t.Errorf("%s: hit %d, %q, whole %v", c.query, i, h.Record.Base().Title.In(), h.Whole)
			}
		}
	}
}

func TestCursorsWalkAWidenedResultWithoutGapOrDuplicate(t *testing.T) {
	w := fixture.SQLite(t)
	youth(t, w, 3)
	for i := range 20 {
		publish(t, w, fmt.Sprintf("%s %d", []string{"Schulden", "Jeugd"}[i%2], i), strings.Repeat("over jongeren en geld ", i%3+1), strings.Repeat("jongeren ", i%4+1))
	}
	x := open(t, w)
	all := find(t, x, Request{Text: "schulden jeugd", First: 100})
	if all.Exact != 4 || all.Total != 26 || !all.Relaxed {
		t.Fatalf("%d exact of %d", all.Exact, all.Total)
	}
	for _, s := range []Sort{Relevance, Title, RecentlyUpdated} {
		for first := range 7 {
			r := Request{Text: "schulden jeugd", First: first + 1, Sort: s}
			var walked []string
			for more := true; more && len(walked) <= 26; {
				out := find(t, x, r)
				for _, h := range out.Hits {
					walked = append(walked, h.ID)
				}
				if s == Relevance && (out.Total != 26 || out.Exact != 4 || !out.Relaxed || fmt.Sprint(out.Notice) != fmt.Sprint(all.Notice)) {
					t.Errorf("%d exact of %d, %v", out.Exact, out.Total, out.Notice)
				}
				if more = out.More; more {
					r.After = out.Hits[len(out.Hits)-1].Cursor
				}
			}
			if s == Relevance && !slices.EqualFunc(walked, all.Hits, func(id string, h Hit) bool { return id == h.ID }) {
				t.Errorf("in pages of %d the order is another", first+1)
			}
			total := find(t, x, Request{Text: "schulden jeugd", First: 1, Sort: s}).Total
			slices.Sort(walked)
			if len(walked) != total || len(slices.Compact(walked)) != total {
				t.Errorf("by %s in pages of %d: %d walked of %d", s, first+1, len(walked), total)
			}
		}
	}
}

func TestALeftOutFilterIsOfferedWithWhatIsFoundThen(t *testing.T) {
	w := fixture.SQLite(t)
	youth(t, w, 2)
	x := open(t, w)
	none := Request{Text: "schulden jeugd", Filter: inDomain("onderwijs")}
	none.Filter.All = append(none.Filter.All, catalog.Match{Field: record.FieldMunicipality, Values: []string{"GM0546"}})
	check := func(total int) {
		t.Helper()
		r := find(t, x, none)
		if r.Total != 0 || len(r.NextSteps) != 1 {
			t.Fatalf("%d found, next %+v", r.Total, r.NextSteps)
		}
		s := r.NextSteps[0]
		label := fmt.Sprintf("Laat het filter ‘%s’ weg (%d)", record.FieldPolicyDomain.Label().In(record.Dutch), total)
		if s.Kind != BroadenFilter || s.Field != record.FieldPolicyDomain || s.Total != total || s.Query != none.Text || s.Label.In(record.Dutch) != label {
			t.Errorf("%+v", s)
		}
		wider := none
		wider.Filter.All = none.Filter.All[1:]
		if then := find(t, x, wider); then.Total != s.Total {
			t.Errorf("then %d are found, not %d", then.Total, s.Total)
		}
	}
	check(5)
	for i := range 9 { // so many that the search without the filter is not widened
		publish(t, w, fmt.Sprintf("Over jeugd en over schulden %d", i), "x", "x")
	}
	catchUp(t, w, x)
	check(12)

	none.Text = ""
	check(14)
	if r := find(t, x, Request{}); r.NextSteps != nil {
		t.Errorf("there is enough, and %+v", r.NextSteps)
	}
}

func TestTermsToTryAreOfferedWhereLittleIsFound(t *testing.T) {
	w := fixture.SQLite(t)
	heating(t, w)
	publish(t, w, "Het warmtenet", "x", "x")
	publish(t, w, "Besparen op energie", "x", "x")
	publish(t, w, "Isolatie van woningen", "x", "x")
	x := open(t, w)
	queries := func(text string) []string {
		out := []string{}
		for _, s := range find(t, x, Request{Text: text}).NextSteps {
			if s.Kind != TryTerm || s.Label.In(record.Dutch) != "Zoek op ‘"+s.Query+"’" || s.Label.In(record.English) != "Search for ‘"+s.Query+"’" {
				t.Errorf("%s: %+v", text, s)
			}
			out = append(out, s.Query)
		}
		return out
	}
	want(t, queries("warmtenet"), "isolatie", "energie")
	want(t, queries("warmtenet paarden"), "warmtenet", "isolatie", "energie")
	want(t, queries("warmtente"), "warmtenet")
	want(t, queries("paarden"))
	for i := range 3 {
		publish(t, w, fmt.Sprintf("Nog een warmtenet %d", i), "x", "x")
	}
	catchUp(t, w, x)
	want(t, queries("warmtenet"))
}
