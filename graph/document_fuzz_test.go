package graph_test

import (
	"encoding/json"
	"testing"

	"github.com/udc-community/plein/internal/fixture"
)

// FuzzDocument asks anything of a node: it answers, or refuses in the manner of every refusal.
func FuzzDocument(f *testing.F) {
	for _, a := range attacks() {
		if a.query != "" && len(a.query) < 2_000 {
			variables, err := json.Marshal(a.variables)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(a.query, string(variables))
		}
	}
	f.Add(standardIntrospection, "{}")
	f.Add(`query($q: String, $n: Int) { search(query: $q, first: $n, facets: [TYPE], filter: {not: {types: [LESSON]}}) { edges { cursor node { ... on Project { title } } } } }`, `{"q":"-\"kamers studenten\" overlast","n":3}`)
	f.Add(`mutation($i: ProjectUpdateInput!) { projectUpdate(input: $i) { userErrors { code } } }`, `{"i":{"id":"prj_x","revision":1,"sources":[{"source":"a","accessRoute":"b"}],"team":[null]}}`)
	n := open(f, fixture.SQLite(f))
	f.Fuzz(func(t *testing.T, query, variables string) {
		vars := json.RawMessage(variables)
		if !json.Valid(vars) || len(query)+len(variables) > 60_000 {
			return // the edge lets neither through
		}
		body, err := json.Marshal(map[string]any{"query": query, "variables": vars})
		if err != nil {
			t.Fatal(err)
		}
		w := n.raw(t, body)
		a := read(t, w)
		if w.Code == 400 { // variables that are no object: the edge answers these itself
			return
		}
		if len(a.Errors) > 0 && a.Data == nil {
			wellMade(t, w, *a)
		}
		for _, e := range a.Errors {
			if c := e.Extensions["code"]; c == nil || c == "INTERNAL" {
				t.Errorf("%v %s", c, e.Message)
			}
		}
	})
}
