package exchange_test

import (
	"testing"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

func TestLoadingTheReferenceTablesAgainWritesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *fixture.World) {
		before := head(t, w)
		if err := exchange.LoadReference(t.Context(), w.Catalog); err != nil {
			t.Fatal(err)
		}
		if after := head(t, w); after != before {
			t.Errorf("loading again wrote %d changes", after-before)
		}
	})
}

func TestTheReferenceTablesAreComplete(t *testing.T) {
	w := small(t)
	ref := w.Reference()
	if n := len(ref.AllMunicipalities()); n != 342 {
		t.Errorf("%d municipalities", n)
	}
	for _, m := range ref.AllMunicipalities() {
		if m.Population == 0 || m.Density == 0 || m.ReferenceYear != 2022 || m.Province == "" || m.TooiIRI == "" || m.Lon == 0 || m.Lat == 0 || m.Urbanity != 0 {
			t.Errorf("%s lacks something: %+v", m.Code, m)
		}
	}
	main, sub := 0, 0
	for _, c := range ref.Scheme(record.PolicyDomain) {
		switch {
		case c.IRI == record.ConceptIRI(record.PolicyDomain, c.Notation): // the fixture's own
		case c.BroaderIRI == "":
			main++
			if c.Label[record.English] == "" {
				t.Errorf("theme %s has no English name", c.Label.In())
			}
		default:
			sub++
			if c.Broader() == nil || c.Broader().BroaderIRI != "" {
				t.Errorf("theme %s does not belong to a main theme", c.Label.In())
			}
		}
	}
	if main != 16 || sub != 76 {
		t.Errorf("%d themes and %d subthemes", main, sub)
	}
	for _, s := range record.Schemes {
		if len(ref.Scheme(s)) == 0 && s != record.Taxonomy { // nothing of others comes with Plein
			t.Errorf("vocabulary %s is empty", s)
		}
		for _, c := range ref.Scheme(s) {
			if s == record.Method && (c.Level < 1 || c.Level > 3) {
				t.Errorf("method %s has level %d", c.Notation, c.Level)
			}
		}
	}
	if c := ref.Concept(record.CCBY); c == nil || c.Scheme != record.License {
		t.Error("the default licence is not in its vocabulary")
	}
}

func TestWhatAnAdministratorLoadedStays(t *testing.T) {
	each(t, func(t *testing.T, w *fixture.World) {
		leiden, delft := *w.Reference().Municipality("GM0546"), *w.Reference().Municipality("GM0503")
		leiden.Urbanity = 1
		delft.ReferenceYear, delft.Population = 2025, 110_000
		err := w.Write(fixture.System(t), func(tx *catalog.Writer) error {
			return tx.SetMunicipalities(t.Context(), []*record.Municipality{&leiden, &delft})
		})
		if err != nil {
			t.Fatal(err)
		}
		before := head(t, w)
		if err := exchange.LoadReference(t.Context(), w.Catalog); err != nil {
			t.Fatal(err)
		}
		ref := w.Reference()
		if head(t, w) != before || ref.Municipality("GM0546").Urbanity != 1 || ref.Municipality("GM0503").Population != 110_000 {
			t.Error("the table that comes with Plein overwrote newer figures")
		}
	})
}

func TestATermThatWasChangedHereIsPutBackInItsPlace(t *testing.T) {
	each(t, func(t *testing.T, w *fixture.World) {
		c := *w.Reference().Concept(record.ConceptIRI(record.GeoLevel, "provincie"))
		c.Label = record.NL("gewest")
		err := w.Write(fixture.System(t), func(tx *catalog.Writer) error { return tx.SetConcepts(t.Context(), []*record.Concept{&c}) })
		if err != nil {
			t.Fatal(err)
		}
		if err := exchange.LoadReference(t.Context(), w.Catalog); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range w.Reference().Scheme(record.GeoLevel) {
			got = append(got, c.Label.In())
		}
		if len(got) != 6 || got[0] != "buurt" || got[4] != "provincie" || got[5] != "heel Nederland" {
			t.Errorf("the levels are now %q", got)
		}
	})
}
