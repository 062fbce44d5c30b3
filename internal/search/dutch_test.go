package search_test

import (
	"log/slog"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
	"github.com/udc-community/plein/internal/search"
)

// shipped is an index on what Plein comes with, vocabularies and starter content, and one project more.
func shipped(t *testing.T) *search.Index {
	t.Helper()
	w := fixture.SQLite(t)
	if err := exchange.LoadReference(t.Context(), w.Catalog); err != nil {
		t.Fatal(err)
	}
	if _, err := exchange.Seed(t.Context(), w.Catalog); err != nil {
		t.Fatal(err)
	}
	p := w.Project("Kinderarmoede in de wijken")
	p.Summary = record.NL("Waar groeien kinderen in armoede op?")
	p.Question = record.NL("Welke gezinnen hebben te weinig geld?")
	w.Publish(t, p)

	x, err := search.Open(t.Context(), search.Config{Dir: filepath.Join(t.TempDir(), "index"), Catalog: w.Catalog, Log: w.Log, Now: w.Clock.Now,
		Logger: slog.New(slog.NewTextHandler(t.Output(), nil)), LookEvery: time.Hour, VerifyEvery: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := x.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	return x
}

func titles(r *search.Result) []string {
	var out []string
	for _, h := range r.Hits {
		out = append(out, h.Record.Base().Title.In(record.Dutch))
	}
	return out
}

func ask(t *testing.T, x *search.Index, text string) *search.Result {
	t.Helper()
	r, err := x.Find(t.Context(), search.Request{Text: text, First: 10})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestDutchIsFoundInTheWordsThatPeopleHaveForIt(t *testing.T) {
	x := shipped(t)
	for first, queries := range map[string][]string{
		"Bereik van minimaregelingen": {"minimaregelingen", "minimaregeling", "regelingen minima", "regelingen voor minima", "regeling voor lage inkomens",
			"inkomensondersteuning", "non-take-up of benefits"},
		"Verkamering":                {"verkamering", "kamerverhuur", "woningsplitsing", "woningen splitsen", "verkamerring", "verkameirng", "verkamering overlast studenten"},
		"Kinderarmoede in de wijken": {"kinderarmoede", "child poverty", "arme kinderen", "poor children", "armoede onder kinderen"},
	} {
		for _, q := range queries {
			r := ask(t, x, q)
			if got := titles(r); len(got) == 0 || got[0] != first {
				t.Errorf("%s finds %q, want %q first", q, got, first)
			}
		}
	}
}

func TestATypoIsSuggestedAwayAndToldOf(t *testing.T) {
	x := shipped(t)
	for typed, meant := range map[string]string{"verkamerring": "verkamering", "verkameirng": "verkamering", "overlsat van studenten": "overlast van studenten"} {
		r := ask(t, x, typed)
		if r.Suggestion != meant || !r.Relaxed || r.Exact != 0 || len(r.NextSteps) == 0 || r.NextSteps[0].Query != meant {
			t.Errorf("%s: suggestion %q, relaxed %v, exact %d, next %+v", typed, r.Suggestion, r.Relaxed, r.Exact, r.NextSteps)
		}
	}
	for _, right := range []string{"verkamering", "minimaregelingen", "kamers studenten overlast"} {
		if r := ask(t, x, right); r.Suggestion != "" || r.Exact == 0 {
			t.Errorf("%s: suggestion %q, exact %d", right, r.Suggestion, r.Exact)
		}
	}
}

func TestOtherWordsThatWereSearchedForAreTold(t *testing.T) {
	r := ask(t, shipped(t), "child poverty")
	i := slices.IndexFunc(r.Expansions, func(e search.Expansion) bool { return e.Says == "kinderarmoede" })
	if i < 0 {
		t.Fatalf("expansions %+v", r.Expansions)
	}
	if e := r.Expansions[i]; e.Typed != "child poverty" || e.Relation != search.Synonym || e.Concept == nil || e.Concept.Notation != "kinderarmoede" {
		t.Errorf("%+v", e)
	}
}
