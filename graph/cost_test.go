package graph_test

import (
	"fmt"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/udc-community/plein/graph"
	"github.com/udc-community/plein/internal/fixture"
)

// standardIntrospection is what tools ask to get to know a contract.
const standardIntrospection = `query IntrospectionQuery {
  __schema {
    description queryType { name } mutationType { name } subscriptionType { name }
    types { ...FullType }
    directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } }
  }
}
fragment FullType on __Type {
  kind name description specifiedByURL
  fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
  inputFields(includeDeprecated: true) { ...InputValue }
  interfaces { ...TypeRef }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
  possibleTypes { ...TypeRef }
}
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason }
fragment TypeRef on __Type {
  kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } }
}`

func TestAnOperationCostsWhatTheContractSays(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	ids := map[string]any{"ids": slices.Repeat([]string{"prj_x"}, 10)}
	for _, c := range []struct {
		name, query string
		variables   map[string]any
		want        int
	}{
		{"nothing but values", `{ service { name } }`, nil, 1},
		{"only the rate limit", `{ rateLimit { limit remaining cost } }`, nil, 1},
		{"the rate limit beside something", `{ rateLimit { cost } node(id: "x") { id } concepts(scheme: METHOD) { id } }`, nil, 2},
		{"an object", `{ node(id: "x") { id } }`, nil, 1},
		{"an object in an object", `{ node(id: "x") { ... on Project { title publisher { name } } } }`, nil, 2},
		{"a list counts its objects once", `{ node(id: "x") { ... on Project { policyDomains { label } municipalities { name } } } }`, nil, 3},
		{"ten ids", `query($ids: [ID!]!) { nodes(ids: $ids) { ... on Project { publisher { name } } } }`, ids, 11},
		{"ten pointers", `query($r: [_Any!]!) { _entities(representations: $r) { ... on Project { publisher { name } } } }`, map[string]any{"r": slices.Repeat([]any{map[string]any{"__typename": "Project", "id": "prj_x"}}, 10)}, 11},
		{"the schema for a router", `{ _service { sdl } }`, nil, 2_000},
		{"a page by default", `{ projects { nodes { title } } }`, nil, 21},
		{"a page of one", `{ projects(first: 1) { nodes { title } } }`, nil, 2},
		{"a page by a variable", `query($n: Int) { projects(first: $n) { nodes { title } } }`, map[string]any{"n": 7}, 8},
		{"a total", `{ projects(first: 100) { totalCount } }`, nil, 1},
		{"edges and nodes", `{ projects(first: 10) { nodes { id } edges { node { id } } pageInfo { endCursor } } }`, nil, 1 + 10 + 20 + 1},
		{"the same through a fragment", `{ projects(first: 10) { ...p } } fragment p on ProjectConnection { nodes { id } edges { node { id } } }`, nil, 1 + 10 + 20},
		{"a connection in a connection", `{ organizations(first: 10) { nodes { projects(first: 5) { nodes { lessons(first: 3) { nodes { id } } } } } } }`, nil, 1 + 10*(1+1+5*(1+1+3))},
		{"a fragment twice", `{ a: projects(first: 2) { ...p } b: projects(first: 4) { ...p } } fragment p on ProjectConnection { nodes { publisher { id } } }`, nil, 1 + 2*2 + 1 + 4*2},
		{"search weighs 5", `{ search(query: "x", first: 10) { nodes { ... on Project { id } } } }`, nil, 15},
		{"50 values of a facet", `{ search(first: 1, facets: [MUNICIPALITY], facetSize: 50) { facets { buckets { municipality { name } } } } }`, nil, 5 + 3},
		{"51 values of a facet", `query($n: Int) { search(first: 1, facets: [MUNICIPALITY], facetSize: $n) { facets { buckets { municipality { name } } } } }`, map[string]any{"n": 51}, 5 + 2*3},
		{"400 through a fragment", `{ search(first: 1, facetSize: 400) { ...s } } fragment s on SearchConnection { facets { buckets { count } } }`, nil, 5 + 8*2},
		{"texts as HTML", `query($f: TextFormat) { lessons(first: 10) { nodes { context(format: HTML) recommendation(format: $f) consequence } } }`, map[string]any{"f": "HTML"}, 1 + 10*3},
		{"texts as they stand", `query($f: TextFormat = MARKDOWN) { lessons(first: 10) { nodes { context(format: MARKDOWN) recommendation(format: $f) consequence } } }`, nil, 11},
		{"an address", `{ address(path: "/projecten/x/y") { path record { title } tombstone { reason } } }`, nil, 3},
		{"suggest weighs 2", `{ suggest(prefix: "ver") }`, nil, 2},
		{"what is left out by a directive counts", `{ projects(first: 10) @skip(if: true) { nodes { id } } }`, nil, 11},
		{"introspection is flat", standardIntrospection, nil, 2_000},
		{"__typename is free", `{ __typename node(id: "x") { __typename } }`, nil, 1},
	} {
		a := n.ask(t, stranger(t), c.query, c.variables)
		if len(a.Errors) > 0 {
			t.Errorf("%s: %+v", c.name, a.Errors)
			continue
		}
		cost := fixture.At(t, a.Extensions, "cost.requested")
		if h := a.header.Get(graph.CostHeader); cost != float64(c.want) || h != fmt.Sprint(c.want) {
			t.Errorf("%s costs %v (header %s), want %d", c.name, cost, h, c.want)
		}
		if fixture.At(t, a.Extensions, "cost.limit") != 5_000.0 {
			t.Errorf("%s: %v", c.name, a.Extensions)
		}
	}
}

func TestWhatCostsTooMuchSaysHowMuch(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	const query = `query($n: Int!) { organizations(first: $n) { nodes { projects(first: $n) { nodes { title } } } } }`
	if a := n.ask(t, stranger(t), query, map[string]any{"n": 69}); len(a.Errors) > 0 { // 1 + 69·(2 + 69)
		t.Errorf("4,900 points: %+v", a.Errors)
	}
	a := n.ask(t, stranger(t), query, map[string]any{"n": 100})
	if a.status != 422 || len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != tooCostly {
		t.Fatalf("%d %+v", a.status, a.Errors)
	}
	if e := a.Errors[0].Extensions; e["cost"] != 10_201.0 || e["limit"] != 5_000.0 {
		t.Errorf("it says %v of %v", e["cost"], e["limit"])
	}
}

func TestTheRateLimitIsThatOfTheCaller(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	got := n.must(t, stranger(t), `{ rateLimit { limit remaining used cost } projects(first: 10) { nodes { id } } }`, nil)
	if want := "map[cost:11 limit:60000 remaining:59000 used:1000]"; fmt.Sprint(got["rateLimit"]) != want {
		t.Errorf("%v, want %s", got["rateLimit"], want)
	}
}

func TestOnlyWhatEveryStrangerGetsIsShared(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	for _, c := range []struct {
		name, query string
		token       bool
		want        string
	}{
		{"a query of a stranger", `{ projects { totalCount } }`, false, "1"},
		{"a query with a token", `{ projects { totalCount } }`, true, ""},
		{"the rate limit", `{ projects { totalCount } rateLimit { remaining } }`, false, ""},
		{"an error", `{ projects(after: "x") { totalCount } }`, false, ""},
		{"a refusal", `{ nonsense }`, false, ""},
		{"a mutation", `mutation { recordPublish(input: {id: "prj_x", revision: 1}) { userErrors { code } } }`, true, ""},
		{"a mutation of a stranger", `mutation { recordPublish(input: {id: "prj_x", revision: 1}) { userErrors { code } } }`, false, ""},
	} {
		ctx := stranger(t)
		if c.token {
			ctx = fixture.As(t, n.Leiden)
		}
		if got := n.ask(t, ctx, c.query, nil).header.Get(graph.CacheableHeader); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestTheStandardIntrospectionIsAnswered(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	got := n.must(t, stranger(t), standardIntrospection, nil)
	if types := fixture.At(t, got, "__schema.types").([]any); len(types) < 60 || fixture.At(t, got, "__schema.mutationType.name") != "Mutation" {
		t.Errorf("%d types", len(types))
	}
	body := attack{query: standardIntrospection}.request(t)
	before := cpu(t)
	n.raw(t, body)
	if used := cpu(t) - before; used > maxCPU && !raceDetector {
		t.Errorf("it took %v", used)
	}
}

func TestAnOperationComesInTheMannerOfItsKind(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	get := func(query string) *answer {
		t.Helper()
		r := httptest.NewRequestWithContext(fixture.As(t, n.Leiden), "GET", "/graphql?"+url.Values{"query": {query}}.Encode(), nil)
		w := httptest.NewRecorder()
		n.ServeHTTP(w, r)
		return read(t, w)
	}
	if a := get(`{ service { name } }`); a.status != 200 || fixture.At(t, a.Data, "service.name") != "Plein" {
		t.Errorf("a query by GET: %d %s", a.status, a.bytes)
	}
	for name, a := range map[string]*answer{
		"a mutation by GET":              get(`mutation { recordPublish(input: {id: "prj_x", revision: 1}) { userErrors { code } } }`),
		"a subscription by GET":          get(`subscription { changes { uri } }`),
		"a subscription without events":  n.ask(t, stranger(t), `subscription { changes { uri } }`, nil),
		"a subscription to its typename": n.ask(t, stranger(t), `subscription { __typename }`, nil),
	} {
		if a.status != 422 || len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != badInput || a.Errors[0].Extensions["requestId"] != "req-1" {
			t.Errorf("%s: %d %s", name, a.status, a.bytes)
		}
	}
}

func TestDocumentsOfOurOwnPagesAreKnownByTheirHash(t *testing.T) {
	long := "{ " + strings.Repeat("service { name } ", 400) + "}"
	n := openTrusting(t, fixture.SQLite(t), map[string]string{"abc": long})
	a := n.send(t, stranger(t), []byte(`{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"abc"}}}`))
	if len(a.Errors) > 0 || fixture.At(t, a.Data, "service.name") != "Plein" {
		t.Errorf("%s", a.bytes)
	}
	if a := n.ask(t, stranger(t), long, nil); a.Errors[0].Extensions["code"] != tooLong {
		t.Errorf("the same text from anybody: %s", a.bytes)
	}
}
