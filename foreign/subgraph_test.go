package foreign

import (
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// ratings is a subgraph of others that adds a field to our projects.
const ratings = `
	extend schema @link(url: "https://specs.apollo.dev/federation/v2.0", import: ["@key", "@shareable"])
	type Query { ratings(first: Int): RatingConnection! }
	type Project @key(fields: "uri") { uri: URL! rating: Float }
	type Rating { stars: Int! project: Project! municipality: Municipality }
	type Municipality @key(fields: "code", resolvable: false) { code: String! }
	type RatingConnection { nodes: [Rating!]! pageInfo: PageInfo! }
	type PageInfo @shareable { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: Cursor endCursor: Cursor }
	scalar URL
	scalar Cursor`

type subgraph struct {
	Name string `json:"name"`
	SDL  string `json:"sdl"`
}

// supergraph is what becomes of subgraphs.
type supergraph struct {
	Errors                   []struct{ Code, Message string }
	PublicSDL, SupergraphSDL string
}

func TestOthersReadTheSchemaFile(t *testing.T) {
	n := start(t, "Delft")
	var read struct{ Problems, Types []string }
	script(t, "schema.mjs", string(n.get(t, "/graphql/schema.graphql")), &read)
	if len(read.Problems) > 0 || !slices.Contains(read.Types, "Project") || !slices.Contains(read.Types, "_Entity") {
		t.Errorf("%q in %d types", read.Problems, len(read.Types))
	}
}

func TestOthersComposeUsIntoTheirOwnGraph(t *testing.T) {
	n := start(t, "Delft")
	var asked struct {
		Service struct{ SDL string } `json:"_service"`
	}
	n.ask(t, `{ _service { sdl } }`, nil, &asked)
	broken := []struct{ name, from, to, code string }{
		{"a field that we have as well", "rating: Float }", "rating: Float title: String! }", "INVALID_FIELD_SHARING"},
		{"a key of no field", `Project @key(fields: "uri")`, `Project @key(fields: "isbn")`, "KEY_INVALID_FIELDS"},
		{"a key of another type", "uri: URL! rating", "uri: Int! rating", "FIELD_TYPE_MISMATCH"},
		{"no key", `type Project @key(fields: "uri")`, "type Project", "INVALID_FIELD_SHARING"},
		{"a key that we do not have", `type Project @key(fields: "uri") { uri: URL! rating: Float }`, `type Project @key(fields: "isbn") { isbn: ID! rating: Float }`, "SATISFIABILITY_ERROR"},
		{"pages that are not shared", "PageInfo @shareable", "PageInfo", "INVALID_FIELD_SHARING"},
	}
	all := [][]subgraph{{{"plein", asked.Service.SDL}, {"ratings", ratings}}}
	for _, c := range broken {
		if !strings.Contains(ratings, c.from) {
			t.Fatalf("no %q", c.from)
		}
		all = append(all, []subgraph{{"plein", asked.Service.SDL}, {"ratings", strings.Replace(ratings, c.from, c.to, 1)}})
	}
	var composed []supergraph
	script(t, "compose.mjs", all, &composed)

	s := composed[0]
	if len(s.Errors) > 0 {
		t.Fatalf("%+v", s.Errors)
	}
	public, err := gqlparser.LoadSchema(&ast.Source{Input: s.PublicSDL})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"Project.rating": "Float", "Project.title": "String!", "Project.uri": "URL!", "Rating.project": "Project!", "Municipality.name": "String!", "Query.ratings": "RatingConnection!", "Query.search": "SearchConnection!"} {
		typename, field, _ := strings.Cut(path, ".")
		if f := public.Types[typename].Fields.ForName(field); f == nil || f.Type.String() != want {
			t.Errorf("%s of the whole is %v, want %s", path, f, want)
		}
	}
	for _, key := range []string{`@join__type(graph: PLEIN, key: "id")`, `@join__type(graph: PLEIN, key: "uri")`, `@join__type(graph: RATINGS, key: "uri")`} {
		if _, project, _ := strings.Cut(s.SupergraphSDL, "type Project "); !strings.Contains(strings.Join(strings.Fields(project), " "), key) {
			t.Errorf("a router is not told %s", key)
		}
	}

	for i, c := range broken {
		codes := map[string]bool{}
		for _, e := range composed[i+1].Errors {
			codes[e.Code] = true
		}
		if !codes[c.code] || composed[i+1].SupergraphSDL != "" {
			t.Errorf("%s: %.600v, want %s", c.name, composed[i+1].Errors, c.code)
		}
	}
}
