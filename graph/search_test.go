package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/federation"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

const byNode = `query($filter: SearchFilter) { search(query: "overlast", filter: $filter, facets: [NODE, ORGANIZATION], sort: TITLE) {
	nodes { ... on Project { title origin { node { id } } } } facets { label buckets { value label count selected } } } }`

// foundByNode is the titles, and the buckets of the facet NODE as value, label, count and whether it is selected.
func (n *node) foundByNode(t testing.TB, filter any) string {
	t.Helper()
	n.catchUp(t)
	got := n.must(t, stranger(t), byNode, map[string]any{"filter": filter})
	out := ""
	for _, x := range fixture.At(t, got, "search.nodes").([]any) {
		out += fmt.Sprint(fixture.At(t, x, "title"), " ")
	}
	for _, x := range fixture.At(t, got, "search.facets.0.buckets").([]any) {
		out += fmt.Sprint("| ", fixture.At(t, x, "value"), " ", fixture.At(t, x, "label"), " ", fixture.At(t, x, "count"), " ", fixture.At(t, x, "selected"), " ")
	}
	return out
}

func TestSearchFiltersAndCountsByNode(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		far := another(t, "Assen")
		far.shows(t, "Overlast in Assen", nil)
		far.shows(t, "Overlast ver weg", nil)
		n.published(t, n.Project("Overlast hier"))
		self, there := federation.NodeID(fixture.BaseURL), federation.NodeID(far.Base())
		own := func(selected bool) string { return fmt.Sprint("| ", self, " plein.test 1 ", selected, " ") }
		if got, want := n.foundByNode(t, nil), "Overlast hier "+own(false); got != want {
			t.Errorf("one node: %s, want %s", got, want)
		}
		silent := n.peer(t, "Zwijger")
		n.trusts(t, far)
		// What was written down here in its name stays here.
		assen := n.Catalog.Reference().OrganizationBySlug("udc-assen")
		if assen == nil {
			t.Fatal("nobody was admitted")
		}
		ctx := fixture.System(t)
		err := n.Write(ctx, func(tx *catalog.Writer) error {
			p := n.Project("Overlast uit de krant")
			p.PublisherID = assen.ID
			made, err := tx.Create(ctx, p, catalog.Origin{Provenance: record.Starter})
			if err == nil {
				_, err = tx.Publish(ctx, made.Base().ID, made.Base().Revision)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}

		name := strings.TrimPrefix(far.Base(), "http://") // it has several publishers
		here := fmt.Sprint("| ", self, " plein.test 2 %v ")
		elsewhere := fmt.Sprint("| ", there, " ", name, " 2 %v ")
		both := func(a, b bool) string {
			if self < there {
				return fmt.Sprintf(here+elsewhere, a, b)
			}
			return fmt.Sprintf(elsewhere+here, b, a)
		}
		for _, c := range []struct {
			filter any
			want   string
		}{
			{nil, "Overlast hier Overlast in Assen Overlast uit de krant Overlast ver weg " + both(false, false)},
			{input{"nodes": []string{there}}, "Overlast in Assen Overlast ver weg " + both(false, true)},
			{input{"nodes": []string{self}}, "Overlast hier Overlast uit de krant " + both(true, false)},
			{input{"nodes": []string{self, there}}, "Overlast hier Overlast in Assen Overlast uit de krant Overlast ver weg " + both(true, true)},
			{input{"not": input{"nodes": []string{there}}}, "Overlast hier Overlast uit de krant | " + self + " plein.test 2 false "},
			{input{"nodes": []string{there}, "organizations": []string{"udc-leiden"}}, "| " + self + " plein.test 1 false | " + there + " " + name + " 0 true "},
			// Of a node that nobody may know nothing is told, as of one that there never was.
			{input{"nodes": []string{silent}}, both(false, false) + "| " + silent + " " + silent + " 0 true "},
			{input{"nodes": []string{"nod_x"}}, both(false, false) + "| nod_x nod_x 0 true "},
		} {
			if got := n.foundByNode(t, c.filter); got != c.want {
				t.Errorf("%v:\n%s, want\n%s", c.filter, got, c.want)
			}
		}
	})
}

func TestSearchPutsFirstWhatMostMunicipalitiesRepeated(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		ids := map[string]string{}
		for _, title := range []string{"Een", "Twee", "Drie"} {
			ids[title] = n.published(t, n.Project(title))
		}
		repeat := func(title string, places ...string) {
			p := n.Project("Ook " + title)
			p.PublisherID, p.MunicipalityCodes = n.Delft.ID, places
			p.SetReuses([]*record.Reuse{{SubjectID: ids[title], Kind: record.Repeated}})
			n.published(t, p)
		}
		repeat("Twee", "GM0503", "GM0014")
		repeat("Drie", "GM0503")
		repeat("Drie", "GM0503")
		n.catchUp(t)
		const first = `{ search(sort: MOST_REUSED, first: 2) { nodes { ... on Project { title impact { reuseMunicipalityCount } } } } }`
		got := n.must(t, stranger(t), first, nil)
		if said := fmt.Sprint(fixture.At(t, got, "search.nodes")); said != "[map[impact:map[reuseMunicipalityCount:2] title:Twee] map[impact:map[reuseMunicipalityCount:1] title:Drie]]" {
			t.Error(said)
		}
	})
}
