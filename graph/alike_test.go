package graph_test

import (
	"fmt"
	"testing"

	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

func TestRecordsThatAreNearlyTheSameCanBeUnfolded(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	for theme := range 3 {
		for i, o := range []*record.Organization{n.Leiden, n.Delft, n.Delft, n.Leiden} {
			p := n.Project(fmt.Sprintf("Regeling %d van %s %d", theme, o.Name, i))
			p.PublisherID = o.ID
			p.Summary = record.NL(fmt.Sprintf("Zo vinden wij huishoudens die recht hebben op regeling%d, en helpen wij hen met aanvragen voordat de termijn sluit", theme))
			n.Publish(t, p)
		}
	}
	n.catchUp(t)
	got, sent := n.counted(t, stranger(t), `{ search(query: "huishoudens", grouped: true, sort: TITLE, first: 2) { totalCount groupCount pageInfo { hasNextPage }
		edges { alikeCount alikePublisherCount alike(first: 2) { ... on Project { title publisher { name } } } node { ... on Project { title } } } } }`, nil)
	if total, groups := fixture.At(t, got, "search.totalCount"), fixture.At(t, got, "search.groupCount"); fmt.Sprint(total, groups) != "12 3" {
		t.Errorf("%v records in %v groups", total, groups)
	}
	edges := fixture.At(t, got, "search.edges").([]any)
	if len(edges) != 2 || fixture.At(t, got, "search.pageInfo.hasNextPage") != true {
		t.Fatalf("%d edges", len(edges))
	}
	for _, e := range edges {
		e := e.(map[string]any)
		if fmt.Sprint(e["alikeCount"], e["alikePublisherCount"], len(e["alike"].([]any))) != "3 2 2" {
			t.Errorf("%v", e)
		}
	}
	if len(sent) != 2 {
		t.Errorf("%d statements, want one for the page and one for all that stand behind it: %q", len(sent), sent)
	}
	flat := n.must(t, stranger(t), `{ search(query: "huishoudens") { groupCount edges { alikeCount alikePublisherCount alike { __typename } } } }`, nil)
	if fixture.At(t, flat, "search.groupCount") != nil {
		t.Error("a flat result has groups")
	}
	for _, e := range fixture.At(t, flat, "search.edges").([]any) {
		e := e.(map[string]any)
		if fmt.Sprint(e["alikeCount"], e["alikePublisherCount"], e["alike"]) != "0 0 []" {
			t.Errorf("%v", e)
		}
	}
}

func TestASearchWithoutWordsThatFindsNothingSaysHowToGoOn(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		n.Publish(t, n.Project("Verkamering"))
		n.catchUp(t)
		got := n.must(t, stranger(t), `{ search(filter: {urbanity: [4], types: [PROJECT]}) { totalCount nextSteps { kind query facet totalCount } } }`, nil)
		steps := fixture.At(t, got, "search.nextSteps").([]any)
		if fixture.At(t, got, "search.totalCount") != 0.0 || len(steps) == 0 || fixture.At(t, steps[0], "query") != nil || fixture.At(t, steps[0], "facet") != "URBANITY" {
			t.Errorf("got %v", got)
		}
	})
}
