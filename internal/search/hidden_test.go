package search

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

const secret = "zeldzaamgeheim"

// hide makes one record of every kind of hidden, all full of the secret.
func hide(t *testing.T, w *fixture.World) {
	t.Helper()
	full := func() *record.Project {
		p := w.Project("Wonen en " + secret)
		p.Summary, p.Question, p.Aliases = record.NL("wonen "+secret), record.NL("wonen wonen "+secret), []string{secret}
		p.PolicyDomainIRIs = []string{record.ConceptIRI(record.PolicyDomain, "onderwijs")}
		return p
	}
	ctx := fixture.As(t, w.Leiden)
	if err := w.Write(ctx, func(tx *catalog.Writer) error {
		_, err := tx.Create(ctx, full(), catalog.Origin{})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	community := full()
	community.Audience = record.Community
	w.Publish(t, community)
	scheduled := full()
	scheduled.Embargoes = []*record.Embargo{w.Embargo(record.WholeRecord, time.Hour)}
	w.Publish(t, scheduled)
}

// open part: its results are hidden, that it exists is not.
func publishUnderEmbargo(t *testing.T, w *fixture.World) record.Record {
	t.Helper()
	return publish(t, w, "Wonen onder embargo", "wonen", "Waar wonen zij?", func(p *record.Project) {
		p.Answer = record.NL("wonen " + secret)
		p.Embargoes = []*record.Embargo{w.Embargo(record.ResultsScope, time.Hour)}
	})
}

func publics(t *testing.T, w *fixture.World, between func()) {
	for i := range 6 {
		publish(t, w, fmt.Sprintf("Wonen %d", i), "wonen en werken "+strings.Repeat("wonen ", i), "Waar wonen zij?")
		between()
	}
}

func TestWhatIsHiddenIsNotInTheIndexAndDoesNotWeighInScores(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		// One world has hidden records and takes changes in one by one, the other has none and is indexed at once.
		x := open(t, w)
		publics(t, w, func() { hide(t, w); catchUp(t, w, x) })
		publishUnderEmbargo(t, w)
		catchUp(t, w, x)

		plainWorld := fixture.SQLite(t)
		publics(t, plainWorld, func() {})
		publish(t, plainWorld, "Wonen onder embargo", "wonen", "Waar wonen zij?")
		y := open(t, plainWorld)

		for _, q := range []string{"wonen", "wonen werken", "waar wonen", `"wonen zij"`, "wonen onbekend"} {
			a, b := find(t, x, Request{Text: q, Facets: []record.Field{record.FieldPolicyDomain}}), find(t, y, Request{Text: q, Facets: []record.Field{record.FieldPolicyDomain}})
			if a.Total != b.Total || len(a.Hits) == 0 || fmt.Sprint(a.Facets) != fmt.Sprint(b.Facets) {
				t.Errorf("%s: %d and %d found, facets %v and %v", q, a.Total, b.Total, a.Facets, b.Facets)
			}
			scores := map[string]float64{}
			for _, h := range b.Hits {
				scores[h.Record.Base().Title.In()] = h.Score
			}
			for _, h := range a.Hits {
				if title := h.Record.Base().Title.In(); math.Float64bits(scores[title]) != math.Float64bits(h.Score) {
					t.Errorf("%s: %s scores %v with hidden records and %v without", q, title, h.Score, scores[title])
				}
			}
		}
		if r := find(t, x, Request{Text: secret}); r.Total != 0 {
			t.Errorf("the secret finds %q", titlesOf(r))
		}
		if got, err := x.Suggest(t.Context(), secret, nil, 8); err != nil || len(got) != 0 {
			t.Errorf("the secret suggests %q, %v", got, err)
		}
		if where := dictionaries(t, x, secret); where != "" {
			t.Error("the secret is in the dictionary of", where)
		}

		// The clock frees the embargo, and then it is found.
		w.Clock.Move(time.Hour)
		if err := w.Due(t.Context()); err != nil {
			t.Fatal(err)
		}
		catchUp(t, w, x)
		if r := find(t, x, Request{Text: secret}); r.Total != 1+6 {
			t.Errorf("after the embargo the secret finds %d records, want the one with results and the six scheduled", r.Total)
		}
	})
}

// dictionaries names the fields that have a term with the text in it.
func dictionaries(t *testing.T, x *Index, text string) string {
	t.Helper()
	var out []string
	n := 0
	err := x.live.Load().read(func(s *scorch.IndexSnapshot) error {
		fields, err := s.Fields()
		if err != nil {
			return err
		}
		for _, f := range fields {
			d, err := s.FieldDict(f)
			if err != nil {
				return err
			}
			for {
				e, err := d.Next()
				if err != nil {
					return err
				}
				if e == nil {
					break
				}
				n++
				if strings.Contains(e.Term, text) {
					out = append(out, f)
				}
			}
			if err := d.Close(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || n == 0 {
		t.Fatalf("%d terms read: %v", n, err)
	}
	return strings.Join(out, ", ")
}

func withdraw(t testing.TB, w *fixture.World, id string) {
	t.Helper()
	ctx := fixture.As(t, w.Leiden)
	d, err := w.Draft(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(ctx, func(tx *catalog.Writer) error {
		_, err := tx.Withdraw(ctx, id, d.Base().Revision, "Het klopt niet.")
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// searches are the statements since the reset, without those of who follows the log for the catalogue: they come when they come.
func searches(w *fixture.World) []string {
	return slices.DeleteFunc(w.Statements.All(), func(q string) bool { return strings.Contains(strings.ReplaceAll(q, `"`, "`"), "FROM `changes`") })
}

func TestAWithdrawnRecordIsGoneFromHitsTotalsAndFacetsWhileTheFollowerStandsStill(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		starter(t, w)
		other := publish(t, w, "Kamers en overlast", "kamers voor studenten, overlast", "x", domain("wonen"))
		x := open(t, w)
		ask := Request{Text: "kamers studenten overlast", Facets: []record.Field{record.FieldPolicyDomain}}
		if r := find(t, x, ask); r.Total != 2 || r.Facets[0].Buckets[0].Count != 2 {
			t.Fatalf("before: %+v", r)
		}
		withdraw(t, w, other.Base().ID)
		r := find(t, x, ask)
		want(t, titlesOf(r), "Verkamering")
		if r.Total != 1 || len(r.Facets[0].Buckets) != 1 || r.Facets[0].Buckets[0].Count != 1 || r.Degraded {
			t.Errorf("after: total %d, facets %+v, degraded %v", r.Total, r.Facets, r.Degraded)
		}
		if got, err := x.Suggest(t.Context(), "kamers en", nil, 8); err != nil || len(got) != 0 {
			t.Errorf("suggests %q, %v", got, err)
		}
		// What costs the lag something is asked once.
		w.Statements.Reset()
		find(t, x, ask)
		if sent := searches(w); len(sent) != 2 {
			t.Errorf("%d statements for a search behind the log, want those that read the records to learn from and to show: %q", len(sent), sent)
		}
		catchUp(t, w, x)
		if r := find(t, x, ask); r.Total != 1 {
			t.Errorf("after catching up: %d", r.Total)
		}
		w.Statements.Reset()
		find(t, x, ask)
		if sent := searches(w); len(sent) != 2 {
			t.Errorf("%d statements for a widened search, want 2: %q", len(sent), sent)
		}
	})
}

func TestAReplicaThatHasNotHeardYetDropsWhatTheDatabaseHides(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		starter(t, w)
		other := publish(t, w, "Kamers en overlast", "kamers voor studenten, overlast", "x", domain("wonen"))
		x := open(t, w)
		// A write behind the log's back: as another process makes one, before this one looks.
		if _, err := w.Store.Client.Publication.Get(t.Context(), other.Base().ID); err != nil {
			t.Fatal(err)
		}
		tx, err := w.Store.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := tx.Publication.DeleteOneID(other.Base().ID).Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		r := find(t, x, Request{Text: "kamers studenten overlast", Facets: []record.Field{record.FieldPolicyDomain}})
		want(t, titlesOf(r), "Verkamering")
		if r.Total != 1 || r.Facets[0].Buckets[0].Count != 1 {
			t.Errorf("total %d, facets %+v", r.Total, r.Facets)
		}
	})
}

func TestAnIndexFarBehindLeavesSearchesToTheDatabase(t *testing.T) {
	w := fixture.SQLite(t)
	x := open(t, w)
	starter(t, w)
	cs := make([]*record.Concept, maxLag)
	for i := range cs {
		n := fmt.Sprint("begrip-", i)
		cs[i] = &record.Concept{ID: record.ConceptID(record.Skill, n), IRI: record.ConceptIRI(record.Skill, n), Scheme: record.Skill, Notation: n, Label: record.NL(n)}
	}
	if err := w.Write(fixture.System(t), func(tx *catalog.Writer) error { return tx.SetConcepts(t.Context(), cs) }); err != nil {
		t.Fatal(err)
	}
	if r := find(t, x, Request{}); !r.Degraded || r.Total != 5 {
		t.Errorf("degraded %v, total %d", r.Degraded, r.Total)
	}
	before := x.Generation()
	catchUp(t, w, x)
	if r := find(t, x, Request{}); r.Degraded || r.Total != 5 {
		t.Errorf("after catching up: degraded %v, total %d", r.Degraded, r.Total)
	}
	if x.Generation() == before {
		t.Error("the answers changed and the generation did not")
	}
}

func TestARecordThatLeavesThePublicLeavesTheIndex(t *testing.T) {
	w := fixture.SQLite(t)
	x := open(t, w)
	r := publish(t, w, "Eerst openbaar", "dan niet meer", "x")
	catchUp(t, w, x)
	want(t, titlesOf(find(t, x, Request{Text: "openbaar"})), "Eerst openbaar")
	ctx := fixture.As(t, w.Leiden)
	err := w.Write(ctx, func(tx *catalog.Writer) error {
		e, err := tx.Edit(ctx, r.Base().ID, r.Base().Revision, func(r record.Record) error {
			r.Base().Audience = record.Community
			return nil
		})
		if err != nil {
			return err
		}
		_, err = tx.Publish(ctx, e.Base().ID, e.Base().Revision)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want(t, titlesOf(find(t, x, Request{Text: "openbaar"}))) // also for its own organisation
	catchUp(t, w, x)
	want(t, titlesOf(find(t, x, Request{Text: "openbaar"})))
	if m := x.Metrics(); m.Documents != 0 || m.Bytes == 0 || m.Position != w.Log.Seen() {
		t.Errorf("metrics %+v", m)
	}
}
