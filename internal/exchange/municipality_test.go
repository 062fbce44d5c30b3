package exchange_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

func importFigures(t *testing.T, w *fixture.World, text string) *exchange.MunicipalityReport {
	t.Helper()
	report, err := exchange.ImportMunicipalities(t.Context(), w.Catalog, strings.NewReader(text), false)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestATableOfUrbanityIsBroughtInOnce(t *testing.T) {
	each(t, func(t *testing.T, w *fixture.World) {
		const table = "\ufeffGemeentecode;Gemeentenaam;Stedelijkheid\r\nGM0546 ;Leiden;2\r\nGM0503;Delft;1\r\n"
		before := head(t, w)
		trial, err := exchange.ImportMunicipalities(t.Context(), w.Catalog, strings.NewReader(table), true)
		if err != nil || trial.Updated != 2 || head(t, w) != before || w.Reference().Municipality("GM0546").Urbanity != 0 {
			t.Fatalf("a trial: %+v %v", trial, err)
		}
		if r := importFigures(t, w, table); r.Updated != 2 || r.Unchanged != 0 || len(r.Bad) != 0 {
			t.Errorf("%+v", r)
		}
		leiden := w.Reference().Municipality("GM0546")
		if leiden.Urbanity != 2 || leiden.Population == 0 || leiden.Density == 0 || leiden.ReferenceYear != 2022 || w.Reference().Municipality("GM0503").Urbanity != 1 {
			t.Errorf("Leiden is %+v", leiden)
		}
		after := head(t, w)
		if r := importFigures(t, w, table); r.Updated != 0 || r.Unchanged != 2 || head(t, w) != after {
			t.Errorf("the second time: %+v", r)
		}
		// What comes with Plein leaves it alone.
		if err := exchange.LoadReference(t.Context(), w.Catalog); err != nil || head(t, w) != after || w.Reference().Municipality("GM0546").Urbanity != 2 {
			t.Error("the table that comes with Plein changed it", err)
		}
	})
}

func TestFiguresOfALaterYearReplaceThoseThatAreHere(t *testing.T) {
	w := small(t)
	old := *w.Reference().Municipality("GM0546")
	for _, c := range []struct {
		table                string
		population, density  int
		urbanity, year, done int
	}{
		{"code,inwoners,jaar\nGM0546,1,2021", old.Population, old.Density, 0, 2022, 0},
		{"code,inwoners,jaar\nGM0546,1,2022", old.Population, old.Density, 0, 2022, 0},
		{"code,inwoners,jaar\nGM0546,.,.", old.Population, old.Density, 0, 2022, 0},
		{"CODE,Urbanity,Population,Year\nGM0546,1,128000,2025", 128_000, 0, 1, 2025, 1},
		{"code,urbanity,year\nGM0546,2,2026", 128_000, 0, 2, 2025, 1},
	} {
		if r := importFigures(t, w, c.table); r.Updated != c.done || len(r.Bad) > 0 {
			t.Errorf("%q: %+v", c.table, r)
		}
		m := w.Reference().Municipality("GM0546")
		if m.Population != c.population || m.Density != c.density || m.Urbanity != c.urbanity || m.ReferenceYear != c.year {
			t.Errorf("%q: %+v", c.table, m)
		}
	}
}

func TestBadLinesOfATableAreNamedAndTheOthersComeIn(t *testing.T) {
	w := small(t)
	r := importFigures(t, w, `code,urbanity
GM0546,0
GM0503,2
Leiden,1
,1
GM0001,1
GM0503,3
GM0014,1,2
546,4
GM0599,stedelijk
GM99999,1
`)
	want := []string{
		"regel 2 (GM0546): urbanity: Geef een heel getal van 1 tot en met 5.",
		"regel 4: code: Dit is geen code van een gemeente, zoals GM0546.",
		"regel 5: code: Dit is geen code van een gemeente, zoals GM0546.",
		"regel 6 (GM0001): code: Hier is geen gemeente met deze code: zij is nieuw of opgeheven.",
		"regel 7 (GM0503): code: Deze gemeente staat ook op regel 3.",
		"regel 8: Deze regel heeft niet evenveel kolommen als de kopregel.",
		"regel 10 (GM0599): urbanity: Geef een heel getal van 1 tot en met 5.",
		"regel 11: code: Dit is geen code van een gemeente, zoals GM0546.",
	}
	var got []string
	for _, b := range r.Bad {
		got = append(got, b.In(record.Dutch))
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if r.Lines != 10 || r.Updated != 2 || w.Reference().Municipality("GM0546").Urbanity != 4 || w.Reference().Municipality("GM0503").Urbanity != 2 {
		t.Errorf("%+v", r)
	}
}

func TestATableThatCannotBeUsedIsRefused(t *testing.T) {
	w := small(t)
	before := head(t, w)
	for _, text := range []string{
		"naam,stedelijkheid\nLeiden,1", "code\nGM0546", "code,gemeentecode,urbanity\nGM0546,GM0546,1", "code,inwoners\nGM0546,128000",
		"code,urbanity\nGM0546,1\n\"GM0503,1\nGM0014,1",
	} {
		_, err := exchange.ImportMunicipalities(t.Context(), w.Catalog, strings.NewReader(text), false)
		var ps record.Problems
		if err == nil || !errors.As(err, &ps) && !strings.Contains(err.Error(), "line") {
			t.Errorf("%q: %v", text, err)
		}
	}
	if head(t, w) != before {
		t.Error("something was written")
	}
	var b strings.Builder
	for i := range 5_000 {
		fmt.Fprintf(&b, "GM%04d,1\n", i)
	}
	if r := importFigures(t, w, "code,urbanity\n"+b.String()); r.Updated != 342 || len(r.Bad) != 5_000-342 {
		t.Errorf("%d updated, %d bad", r.Updated, len(r.Bad))
	}
	if r := importFigures(t, w, ""); r.Lines != 0 {
		t.Errorf("an empty table: %+v", r)
	}
}
