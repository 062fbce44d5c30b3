package search

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/comparable"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// comparedText compares with a text, from nowhere.
func comparedText(t testing.TB, x *Index, text string) *Compared {
	t.Helper()
	c, err := Described(x.Catalog.Reference(), text, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return compared(t, x, c)
}

func compared(t testing.TB, x *Index, c Comparison) *Compared {
	t.Helper()
	c.First = 100
	out, err := x.Comparable(identity.AsStranger(t.Context()), c)
	if err != nil {
		t.Fatal(err)
	}
	return out[0]
}

func comparedTitles(c *Compared) []string {
	out := []string{}
	for _, h := range c.Hits {
		out = append(out, h.Project.Title.In())
	}
	return out
}

// motley publishes projects with themes, methods, municipalities and words drawn by lot.
func motley(t testing.TB, w *fixture.World, n int) []*record.Project {
	t.Helper()
	r := rand.New(rand.NewPCG(7, 11))
	words := strings.Fields("kamers studenten overlast huur buurt wijk fiets school leerling armoede schulden zorg ouderen energie afval groen water verkeer winkel station")
	var out []*record.Project
	for i := range n {
		var said []string
		for range 3 + r.IntN(8) {
			said = append(said, words[r.IntN(len(words))])
		}
		out = append(out, publish(t, w, fmt.Sprintf("%s %03d", said[0], i), strings.Join(said, " "), "Waar is "+said[1]+"?", func(p *record.Project) {
			for _, d := range []string{"wonen", "onderwijs", "inkomen"}[:1+r.IntN(3)] {
				p.PolicyDomainIRIs = append(p.PolicyDomainIRIs, record.ConceptIRI(record.PolicyDomain, d))
			}
			p.PolicyDomainIRIs = p.PolicyDomainIRIs[1:]
			if r.IntN(2) == 0 {
				p.MethodIRIs = []string{record.ConceptIRI(record.Method, "datamatch")}
			}
			p.MunicipalityCodes = []string{"GM0546", "GM0503", "GM0014"}[r.IntN(3):]
		}).(*record.Project))
	}
	return out
}

func TestComparisonsFromColumnsAreThoseOfTheDocuments(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		ps := motley(t, w, 60)
		x := open(t, w)
		ctx := identity.AsStranger(t.Context())
		for _, p := range ps[:5] {
			rs, err := w.ByID(ctx, p.ID)
			do(t, err)
			c := ComparisonOf(rs[0].(*record.Project), w.Reference().Municipality("GM0503"))
			got := compared(t, x, c)
			if got.Total < 20 || len(got.Hits) != got.Total {
				t.Fatalf("%d of %d projects", len(got.Hits), got.Total)
			}
			for i, h := range got.Hits {
				at, err := (&plan{Request: Request{Sort: Relevance}, list: listOf(t, c)}).parseCursor(h.Cursor)
				do(t, err)
				// The cursor holds what the columns said, the comparison what the documents say.
				if want := fmt.Sprint(h.Score); at.Values[0] != want || at.Values[1] != h.Project.ID {
					t.Errorf("%s is ranked by %s, and its reasons say %s", h.Project.Title.In(), at.Values[0], want)
				}
				if h.Project.ID == p.ID || h.Topic < comparable.Gate || i > 0 && h.Score > got.Hits[i-1].Score {
					t.Errorf("%s with %v is in place %d", h.Project.Title.In(), h.Score, i)
				}
			}
		}
	})
}

func listOf(t *testing.T, c Comparison) string {
	t.Helper()
	c.First = 100
	p, err := c.plan()
	do(t, err)
	return p.list
}

func TestComparisonsDoNotDependOnHowTheIndexWasWritten(t *testing.T) {
	w := fixture.SQLite(t)
	x := open(t, w)
	for range 4 { // as many segments, and some records written twice
		motley(t, w, 15)
		catchUp(t, w, x)
	}
	ask := func() string {
		var b strings.Builder
		for _, h := range comparedText(t, x, "overlast van studenten in kamers").Hits {
			fmt.Fprintln(&b, h.Project.ID, math.Float64bits(h.Score), h.Reasons)
		}
		return b.String()
	}
	before := ask()
	do(t, x.Rebuild(t.Context(), nil))
	ready(t, x)
	if after := ask(); before == "" || after != before {
		t.Errorf("it was\n%sand is\n%s", before, after)
	}
}

func TestWordsThatManyProjectsHaveSayNothingAboutATopic(t *testing.T) {
	w := fixture.SQLite(t)
	ctx := fixture.As(t, w.Leiden)
	do(t, w.Write(ctx, func(tx *catalog.Writer) error {
		for i := range 240 {
			p := w.Project(fmt.Sprintf("Overlast %03d", i))
			p.Question = record.NL("Waar komt dit voor?")
			if i%8 == 0 {
				p.Question = record.NL("Waar staan woonwagens?")
			}
			if i%20 == 0 {
				p.Question = record.NL("Waar staan caravans en tenten?")
			}
			r, err := tx.Create(ctx, p, catalog.Origin{})
			if err == nil {
				_, err = tx.Publish(ctx, r.Base().ID, 1)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}))
	x := open(t, w)
	if got := comparedText(t, x, "overlast"); got.Total != 0 {
		t.Errorf("a word of all projects finds %d", got.Total)
	}
	for _, c := range []struct {
		text, says string
		total      int
	}{
		// In 12 of 240: just 5 %.
		{"overlast van caravans", "Gaat over hetzelfde woord: caravans", 12},
		// In 24: more than that. It counts where there is nothing better, and not beside two words that tell more.
		{"overlast van woonwagens", "Gaat over hetzelfde woord: woonwagens", 24},
		{"caravans, tenten, woonwagens", "Gaat over dezelfde woorden: caravans, tenten", 12},
	} {
		got := comparedText(t, x, c.text)
		if got.Total != c.total || len(got.Hits[0].Reasons) != 1 || got.Hits[0].Reasons[0].Text[record.Dutch] != c.says {
			t.Errorf("%s finds %d projects: %+v", c.text, got.Total, got.Hits)
		}
	}
}

func TestACompoundIsComparableToItsParts(t *testing.T) {
	w := fixture.SQLite(t)
	publish(t, w, "Kamerverhuur", "Wie verhuurt aan studenten?", "Hoe vaak?")
	publish(t, w, "Kamers voor studenten", "Waar zijn ze?", "Hoe vaak?")
	for i := range 12 {
		publish(t, w, fmt.Sprintf("Bomen in park %d", i), "Welke bomen zijn ziek?", "Hoe vaak?")
	}
	x := open(t, w)
	for text, want := range map[string][]string{
		"kamerverhuur": {"Kamerverhuur", "Kamers voor studenten"},
		"een kamer":    {"Kamers voor studenten", "Kamerverhuur"},
	} {
		got := comparedTitles(comparedText(t, x, text))
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s finds %q", text, got)
		}
	}
	h := comparedText(t, x, "kamerverhuur aan een student").Hits[0]
	if r := h.Reasons[0]; r.Ours[record.Dutch] != "kamerverhuur, student" || r.Theirs[record.Dutch] != "kamerverhuur, studenten" {
		t.Errorf("%s: %+v", h.Project.Title.In(), r)
	}
}

func TestAnotherWordForTheSameIsComparableToo(t *testing.T) {
	w := fixture.SQLite(t)
	do(t, w.Write(fixture.System(t), func(tx *catalog.Writer) error {
		return tx.SetConcepts(t.Context(), []*record.Concept{{ID: record.ConceptID(record.Thesaurus, "groen"), IRI: record.ConceptIRI(record.Thesaurus, "groen"),
			Scheme: record.Thesaurus, Notation: "groen", Label: record.Text{record.Dutch: "plantsoen", record.English: "shrubbery"},
			Alternatives: map[record.Language][]string{record.Dutch: {"perkjes"}}}})
	}))
	publish(t, w, "Onderhoud van plantsoenen", "Wat kost dat?", "Hoe vaak?")
	publish(t, w, "Lantaarns", "Wat kost dat?", "Hoe vaak?")
	x := open(t, w)
	for _, text := range []string{"perkjes", "shrubbery", "plantsoenen"} {
		if got := comparedTitles(comparedText(t, x, text)); !slices.Equal(got, []string{"Onderhoud van plantsoenen"}) {
			t.Errorf("%s finds %q", text, got)
		}
	}
}

func TestTheNameOfAMunicipalityIsNoTopic(t *testing.T) {
	w := fixture.SQLite(t)
	asks := publish(t, w, "Vuurwerk in Leiden", "Waar is het?", "Waar in Leiden?", domain("wonen"))
	publish(t, w, "Parkeren in Leiden", "Hoeveel auto’s staan er in Leiden?", "Waar?", domain("onderwijs"))
	publish(t, w, "Vuurwerk en kinderen", "Wie raken gewond?", "Hoe?", domain("inkomen"))
	x := open(t, w)
	rs, err := w.ByID(identity.AsStranger(t.Context()), asks.Base().ID)
	do(t, err)
	if got := comparedTitles(compared(t, x, ComparisonOf(rs[0].(*record.Project), nil))); !slices.Equal(got, []string{"Vuurwerk en kinderen"}) {
		t.Errorf("comparable are %q", got)
	}
}

func TestManyComparisonsReadTheirProjectsInOneStatement(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		motley(t, w, 30)
		x := open(t, w)
		var asked []Comparison
		for _, text := range []string{"kamers", "fiets", "zorg", "overlast van studenten", "niets daarvan"} {
			c, err := Described(w.Reference(), text, nil, nil)
			do(t, err)
			c.First = 10
			asked = append(asked, c)
		}
		w.Statements.Reset()
		got, err := x.Comparable(identity.AsStranger(t.Context()), asked...)
		do(t, err)
		if n := len(searches(w)); n != 1 || len(got) != 5 {
			t.Errorf("%d statements for %d comparisons", n, len(got))
		}
		for i, c := range asked {
			alone := compared(t, x, c)
			if len(alone.Hits) < len(got[i].Hits) || got[i].Total != alone.Total || got[i].Total > 0 && got[i].Hits[0].Project.ID != alone.Hits[0].Project.ID {
				t.Errorf("comparison %d differs from the same alone", i)
			}
		}
	})
}

func BenchmarkComparable(b *testing.B) {
	w := fixture.SQLite(b)
	register(b, w, 1)
	x := open(b, w)
	page, err := w.Page(identity.AsStranger(b.Context()), catalog.Filter{Types: []record.Type{record.ProjectType}}, catalog.Order{}, 50, "")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		c := ComparisonOf(page.Records[i%50].(*record.Project), nil)
		c.First = 10
		if _, err := x.Comparable(identity.AsStranger(b.Context()), c); err != nil {
			b.Fatal(err)
		}
	}
}
