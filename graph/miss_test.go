package graph_test

import (
	"slices"
	"testing"

	"github.com/udc-community/plein/graph"
	"github.com/udc-community/plein/internal/fixture"
)

func TestOnlyASearchForWordsAloneIsAMiss(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	n.Publish(t, n.Project("Verkamering in de stad"))
	n.Publish(t, n.Project("Verkamering op het dorp"))
	n.catchUp(t)
	misses := func(query string, variables map[string]any) []string {
		t.Helper()
		a := n.ask(t, stranger(t), query, variables)
		if len(a.Errors) > 0 {
			t.Fatalf("%s: %+v", query, a.Errors)
		}
		return a.header.Values(graph.MissHeader)
	}
	const counted = "{ totalCount relaxed isDegraded }"
	for query, want := range map[string][]string{
		`{ search(query: "warmtepomp") ` + counted + ` }`:                                       {"warmtepomp"},
		`{ search(query: " Warmtepomp  hofje", facets: [PHASE]) ` + counted + ` }`:              {" Warmtepomp  hofje"},
		`{ search(query: "verkamering warmtepomp", sort: TITLE) ` + counted + ` }`:              {"verkamering warmtepomp"},
		`{ search(query: "warmtepomp", filter: {}) ` + counted + ` }`:                           {"warmtepomp"},
		`{ a: search(query: "zon") ` + counted + ` b: search(query: "wind") { took: tookMs } }`: {"wind", "zon"},

		`{ search(query: "verkamering") ` + counted + ` }`:                                           nil,
		`{ search(query: "verkamering stad") ` + counted + ` }`:                                      nil,
		`{ search ` + counted + ` }`:                                                                 nil,
		`{ search(query: "  ") ` + counted + ` }`:                                                    nil,
		`{ search(query: "warmtepomp", filter: {phases: [RUNNING]}) ` + counted + ` }`:               nil,
		`{ search(query: "warmtepomp", filter: {types: [LESSON]}) ` + counted + ` }`:                 nil,
		`{ search(query: "warmtepomp", filter: {not: {provinces: ["Groningen"]}}) ` + counted + ` }`: nil,
		`{ suggest(prefix: "warmtepomp") }`:                                                          nil,
		`{ projects { totalCount } }`:                                                                nil,
	} {
		if got := misses(query, nil); !slices.Equal(got, want) {
			t.Errorf("%s: missed %q, want %q", query, got, want)
		}
	}

	const page = `query($after: Cursor) { search(query: "verkamering warmtepomp", first: 1, after: $after) { totalCount relaxed pageInfo { endCursor } } }`
	first := n.must(t, stranger(t), page, nil)
	if fixture.At(t, first, "search.relaxed") != true || fixture.At(t, first, "search.totalCount") != 2.0 {
		t.Fatal(first)
	}
	if got := misses(page, map[string]any{"after": fixture.At(t, first, "search.pageInfo.endCursor")}); got != nil {
		t.Errorf("the second page counts as well: %q", got)
	}

	// Without its index the node cannot tell what the catalogue does not have.
	if err := n.index.Close(); err != nil {
		t.Fatal(err)
	}
	const query = `{ search(query: "warmtepomp") { totalCount isDegraded } }`
	if d := n.must(t, stranger(t), query, nil); fixture.At(t, d, "search.isDegraded") != true || fixture.At(t, d, "search.totalCount") != 0.0 {
		t.Fatal(d)
	}
	if got := misses(query, nil); got != nil {
		t.Errorf("a degraded answer counts: %q", got)
	}
}
