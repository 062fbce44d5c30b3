package search

import (
	"fmt"
	"testing"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

func TestTheDatabaseCountsFacetsAsTheIndexDoes(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		starter(t, w)
		for i := range 12 {
			publish(t, w, fmt.Sprint("Onderzoek ", i), "Over kamers in de stad.", "Waar?", domain([]string{"wonen", "onderwijs", "inkomen"}[i%3]))
		}
		x := open(t, w)
		catchUp(t, w, x)
		is := func(f record.Field, values ...string) []catalog.Match {
			return []catalog.Match{{Field: f, Values: values}}
		}
		facets := []record.Field{record.FieldKind, record.FieldPolicyDomain, record.FieldProvince, record.FieldPhase}
		for name, f := range map[string]catalog.Filter{
			"everything":         {},
			"one value":          {All: is(record.FieldPolicyDomain, record.ConceptIRI(record.PolicyDomain, "wonen"))},
			"two values":         {All: is(record.FieldPolicyDomain, record.ConceptIRI(record.PolicyDomain, "wonen"), record.ConceptIRI(record.PolicyDomain, "inkomen"))},
			"a kind":             {Types: []record.Type{record.ProjectType}},
			"without a value":    {None: is(record.FieldPolicyDomain, record.ConceptIRI(record.PolicyDomain, "wonen"))},
			"a value nobody has": {All: is(record.FieldProvince, "Drenthe")},
		} {
			ask := Request{Filter: f, Facets: facets, First: 5}
			fast := find(t, x, ask)
			p, err := x.newPlan(ask)
			if err != nil {
				t.Fatal(err)
			}
			slow, err := x.fromDatabase(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			if !slow.Degraded || slow.Total != fast.Total || fmt.Sprint(slow.Facets) != fmt.Sprint(fast.Facets) {
				t.Errorf("%s:\nindex    %d %v\ndatabase %d %v", name, fast.Total, fast.Facets, slow.Total, slow.Facets)
			}
		}
	})
}
