package catalog_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// urbanity gives municipalities their class, as an import does.
func urbanity(t *testing.T, w *fixture.World, classes map[string]int) {
	t.Helper()
	err := w.Write(fixture.System(t), func(tx *catalog.Writer) error {
		var ms []*record.Municipality
		for code, class := range classes {
			m := *tx.Reference().Municipality(code)
			m.Urbanity = class
			ms = append(ms, &m)
		}
		return tx.SetMunicipalities(t.Context(), ms)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// of are the titles of the records with a term.
func of(t *testing.T, w *fixture.World, f record.Field, value string) []string {
	t.Helper()
	p, err := w.Page(identity.AsStranger(t.Context()), catalog.Filter{Types: []record.Type{record.ProjectType}, All: []catalog.Match{{Field: f, Values: []string{value}}}}, catalog.Order{By: catalog.ByTitle, Ascending: true}, 500, "")
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, r := range p.Records {
		out = append(out, r.Base().Title.In())
	}
	return out
}

func TestRecordsFollowWhatBecomesKnownOfTheirMunicipalities(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		project := func(title string, codes ...string) record.Record {
			p := w.Project(title)
			p.MunicipalityCodes = codes
			return w.Publish(t, p)
		}
		leiden, both := project("Leiden alleen", "GM0546"), project("Leiden en Delft", "GM0546", "GM0503")
		project("Delft alleen", "GM0503")
		position, err := w.Log.Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		feed := feedLength(t, w)

		urbanity(t, w, map[string]int{"GM0546": 1})
		if got := of(t, w, record.FieldUrbanity, "1"); !slices.Equal(got, []string{"Leiden alleen", "Leiden en Delft"}) {
			t.Errorf("very strongly urban are %q", got)
		}
		// Each of them is logged, once, and nothing else: the documents are as they were.
		cs, err := w.Log.Since(t.Context(), position, 100)
		if err != nil {
			t.Fatal(err)
		}
		var logged []string
		for _, c := range cs {
			logged = append(logged, c.RecordID)
		}
		want := []string{"mun_GM0546", leiden.Base().ID, both.Base().ID}
		slices.Sort(want)
		if slices.Sort(logged); !slices.Equal(logged, want) {
			t.Errorf("logged are %v, want %v", logged, want)
		}
		if n := feedLength(t, w); n != feed {
			t.Errorf("%d entries in the feed, want %d: no document changed", n, feed)
		}
		rs, err := w.ByID(identity.AsStranger(t.Context()), leiden.Base().ID)
		if err != nil || rs[0].Base().Version != 1 {
			t.Fatal(rs, err)
		}
		docs, err := w.Documents(t.Context(), []string{both.Base().ID})
		if err != nil || !slices.Contains(docs[0].Terms, record.Term{Field: record.FieldUrbanity, Value: "1"}) {
			t.Fatal(docs, err)
		}

		// A second municipality adds its own; another class replaces the first.
		urbanity(t, w, map[string]int{"GM0503": 2})
		urbanity(t, w, map[string]int{"GM0546": 2})
		if got := of(t, w, record.FieldUrbanity, "2"); len(got) != 3 {
			t.Errorf("strongly urban are %q", got)
		}
		if got := of(t, w, record.FieldUrbanity, "1"); len(got) != 0 {
			t.Errorf("very strongly urban are still %q", got)
		}
		if got := of(t, w, record.FieldProvince, "Zuid-Holland"); len(got) != 3 {
			t.Errorf("in Zuid-Holland are %q", got)
		}
	})
}

func TestWhatIsForTheCommunityFollowsItsMunicipalityToo(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		p := w.Project("Voor leden")
		p.Audience = record.Community
		w.Publish(t, p)
		urbanity(t, w, map[string]int{"GM0546": 1})
		f := catalog.Filter{All: []catalog.Match{{Field: record.FieldUrbanity, Values: []string{"1"}}}}
		for who, want := range map[*record.Organization]int{w.Delft: 1, nil: 0} {
			ctx := identity.AsStranger(t.Context())
			if who != nil {
				ctx = fixture.As(t, who)
			}
			if page, err := w.Page(ctx, f, catalog.Order{}, 10, ""); err != nil || len(page.Records) != want {
				t.Errorf("%d records, want %d: %v", len(page.Records), want, err)
			}
		}
	})
}

func TestRefilingTakesStatementsByTheHundred(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		ctx := fixture.As(t, w.Leiden)
		const many = 230
		err := w.Write(ctx, func(tx *catalog.Writer) error {
			for i := range many {
				r, err := tx.Create(ctx, w.Project(fmt.Sprintf("Project %03d", i)), catalog.Origin{})
				if err != nil {
					return err
				}
				if _, err := tx.Publish(ctx, r.Base().ID, 1); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		urbanity(t, w, map[string]int{"GM0546": 3})
		if got := of(t, w, record.FieldUrbanity, "3"); len(got) != many {
			t.Errorf("%d records, want %d", len(got), many)
		}
		before, err := w.Log.Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		// What is the same again touches no record.
		urbanity(t, w, map[string]int{"GM0546": 3})
		if after, err := w.Log.Head(t.Context()); err != nil || after != before+1 {
			t.Errorf("%d changes, want the municipality's alone: %v", after-before, err)
		}
	})
}

func feedLength(t *testing.T, w *fixture.World) int {
	t.Helper()
	es, _, err := w.Feed(t.Context(), catalog.FeedFilter{}, 1_000, "")
	if err != nil {
		t.Fatal(err)
	}
	return len(es)
}
