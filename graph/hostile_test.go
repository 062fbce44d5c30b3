package graph_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/udc-community/plein/graph"
	"github.com/udc-community/plein/internal/fixture"
)

// attack is one hostile request and how it has to be refused.
type attack struct {
	name      string
	query     string
	variables map[string]any
	// body is sent instead of query and variables.
	body string
	// code is empty for what looks hostile and is answered.
	code   string
	status int
}

const (
	badInput  = "BAD_USER_INPUT"
	tooLong   = "QUERY_TOO_LONG"
	tooDeep   = "QUERY_TOO_DEEP"
	tooCostly = "QUERY_TOO_COSTLY"
)

// bomb is n fragments that each spread the next one twice: written out it has 2^n fields.
func bomb(n int, inner string) string {
	var b strings.Builder
	b.WriteString("{ ...f0 }\n")
	for i := range n {
		fmt.Fprintf(&b, "fragment f%d on Query { ...f%d ...f%d }\n", i, i+1, i+1)
	}
	fmt.Fprintf(&b, "fragment f%d on Query { %s }", n, inner)
	return b.String()
}

// nested is a query with this many levels of fields.
func nested(levels int) string {
	inner := "id"
	for range levels - 2 {
		inner = "broader { " + inner + " }"
	}
	return `{ concepts(scheme: METHOD) { ` + inner + ` } }`
}

func aliases(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "a%d: service { name } ", i)
	}
	return "{ " + b.String() + "}"
}

// spreads writes out a fragment several times side by side.
func spreads(n int, fragment string) string {
	return "{ " + strings.Repeat("...f ", n) + "} fragment f on Query { " + fragment + " }"
}

// conflicts has two fields of the same name, each with many fields below, level upon level: comparing them all is what
// makes validation expensive.
func conflicts(levels, width int) string {
	inner := strings.Repeat("id ", width)
	for range levels {
		inner = "broader { " + inner + "} broader { " + inner + "}"
	}
	return "{ concepts(scheme: METHOD) { " + inner + " } }"
}

// pairs is many fragments that are all spread side by side: each is compared with every other one.
func pairs(n int) string {
	var b, f strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "...f%d ", i)
		fmt.Fprintf(&f, "fragment f%d on Query { service { name } }\n", i)
	}
	return "{ " + b.String() + "}\n" + f.String()
}

func list(n int, item string) string {
	return "[" + strings.TrimSuffix(strings.Repeat(item+",", n), ",") + "]"
}

func attacks() []attack {
	long := strings.Repeat("kanarie", 8_500) // just under 60 KB
	return []attack{
		// Fragments.
		{name: "a fragment bomb of 40", query: bomb(40, "service { name }"), code: tooCostly, status: 422},
		{name: "a fragment bomb of 120", query: bomb(120, "service { name }"), code: tooLong, status: 422},
		{name: "a bomb of introspection", query: bomb(40, "__schema { types { name } }"), code: tooCostly, status: 422},
		{name: "a bomb in a fragment that nobody uses", query: strings.Replace(bomb(120, "service { name }"), "...f0", "service { name }", 1), code: tooLong, status: 422},
		{name: "a fragment that holds itself", query: `{ ...f } fragment f on Query { ...f }`, code: tooCostly, status: 422},
		{name: "fragments that hold each other", query: `{ ...f } fragment f on Query { ...g } fragment g on Query { ...h } fragment h on Query { ...f service { name } }`, code: tooCostly, status: 422},
		{name: "a fragment that holds itself deeper down", query: `{ concepts(scheme: METHOD) { ...f } } fragment f on Concept { id broader { ...f } }`, code: tooCostly, status: 422},
		{name: "a cycle that nobody uses", query: `{ service { name } } fragment f on Query { ...g ...g } fragment g on Query { ...f ...f }`, code: tooCostly, status: 422},
		{name: "a fragment that is not there", query: `{ ...nowhere }`, code: badInput, status: 422},
		{name: "the same fragment 140 times side by side", query: spreads(140, "service { name }")},
		{name: "the same fragment 1,000 times", query: spreads(1_000, "service { name }"), code: tooLong, status: 422},
		{name: "the same costly fragment 49 times", query: spreads(49, "projects(first: 100) { nodes { publisher { id } } }"), code: tooCostly, status: 422},
		{name: "140 fragments side by side", query: pairs(71)},
		{name: "151 fragments", query: pairs(151), code: tooLong, status: 422},
		{name: "two fragments of one name", query: `{ ...f } fragment f on Query { service { name } } fragment f on Query { service { name } }`, code: badInput, status: 422},
		// Many fields.
		{name: "20,000 fields", query: "{ service { " + strings.Repeat("name ", 11_000) + "} }", code: tooLong, status: 422},
		{name: "20,000 fields at the top", query: "{" + strings.Repeat("a ", 20_000) + "}", code: tooLong, status: 422},
		{name: "900 identical siblings", query: "{ service { " + strings.Repeat("name ", 900) + "} }", code: tooCostly, status: 422},
		{name: "151 identical siblings", query: "{ service { " + strings.Repeat("name ", 151) + "} }", code: tooCostly, status: 422},
		{name: "900 identical siblings in a fragment that nobody uses", query: "{ service { name } } fragment f on ServiceInfo { " + strings.Repeat("name ", 900) + "}", code: tooCostly, status: 422},
		{name: "siblings in inline fragments", query: "{ service { " + strings.Repeat("... { "+strings.Repeat("name ", 140)+"} ", 6) + "} }", code: tooCostly, status: 422},
		{name: "fields that conflict level upon level", query: conflicts(6, 5)},
		{name: "wide fields that conflict", query: conflicts(2, 140)},
		{name: "31 aliases", query: aliases(31), code: tooCostly, status: 422},
		{name: "30 aliases", query: aliases(30)},
		{name: "31 aliases through a fragment", query: "{ ...f } fragment f on Query " + aliases(31), code: tooCostly, status: 422},
		{name: "31 operations", query: strings.Repeat("query q { service { name } } ", 31), code: tooCostly, status: 422},
		{name: "unknown fields side by side", query: "{ " + strings.Repeat("kanarie ", 140) + "}", code: badInput, status: 422},
		{name: "140 different unknown fields", query: "{ " + numbered("kanarie%d ", 140) + "}", code: badInput, status: 422},
		// Depth.
		{name: "12 levels", query: nested(12)},
		{name: "13 levels", query: nested(13), code: tooDeep, status: 422},
		{name: "400 levels", query: "{" + strings.Repeat("a{", 400) + "a" + strings.Repeat("}", 401), code: tooLong, status: 422},
		{name: "20,000 levels", query: strings.Repeat("{a", 20_000), code: tooLong, status: 422},
		{name: "400 inline fragments in each other", query: "{" + strings.Repeat("...{", 400) + "service{name}" + strings.Repeat("}", 401), code: tooLong, status: 422},
		{name: "introspection of 25 levels", query: "{ __schema { types { " + strings.Repeat("ofType { ", 23) + "name" + strings.Repeat(" }", 23) + " } } }", code: tooDeep, status: 422},
		{name: "introspection that walks in circles", query: "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }", code: badInput, status: 422},
		{name: "introspection 30 times", query: "{ " + numbered("a%d: __schema { types { name description fields { name description args { name description } } } } ", 30) + "}", code: tooCostly, status: 422},
		{name: "depth hidden behind introspection", query: `{ __schema { queryType { name } } ...f } fragment f on Query { concepts(scheme: METHOD) ` + strings.TrimSuffix(strings.TrimPrefix(nested(13), `{ concepts(scheme: METHOD)`), "}") + `}`, code: tooDeep, status: 422},
		{name: "introspection three times", query: `{ a: __schema { types { name } } b: __schema { types { name } } __type(name: "Query") { name } }`, code: tooCostly, status: 422},
		// Directives.
		{name: "10,000 directives", query: "{ service " + strings.Repeat("@a ", 10_000) + "{ name } }", code: tooLong, status: 422},
		{name: "450 directives", query: "{ service " + strings.Repeat("@a ", 450) + "{ name } }", code: badInput, status: 422},
		{name: "100 times skip", query: "{ service " + strings.Repeat("@skip(if: false) ", 100) + "{ name } }", code: badInput, status: 422},
		{name: "defer", query: `{ ... @defer { service { name } } }`, code: badInput, status: 422},
		// Page sizes.
		{name: "first 0", query: `{ projects(first: 0) { totalCount } }`, code: badInput, status: 422},
		{name: "first -1", query: `{ projects(first: -1) { totalCount } }`, code: badInput, status: 422},
		{name: "first 101", query: `{ projects(first: 101) { totalCount } }`, code: badInput, status: 422},
		{name: "first 200,000", query: `{ projects(first: 200000) { totalCount } }`, code: badInput, status: 422},
		{name: "first null", query: `{ projects(first: null) { totalCount } }`, code: badInput, status: 422},
		{name: "first beyond 32 bits", query: `{ projects(first: 4294967297) { totalCount } }`, code: badInput, status: 422},
		{name: "first beyond 64 bits", query: `{ projects(first: 99999999999999999999) { totalCount } }`, code: badInput, status: 422},
		{name: "first with a fraction", query: `{ projects(first: 1.5) { totalCount } }`, code: badInput, status: 422},
		{name: "first as a text", query: `{ projects(first: "20") { totalCount } }`, code: badInput, status: 422},
		{name: "first as a list", query: `{ projects(first: [20]) { totalCount } }`, code: badInput, status: 422},
		{name: "first deep down", query: `{ organizations { nodes { projects(first: 101) { totalCount } } } }`, code: badInput, status: 422},
		{name: "first behind a fragment", query: `{ ...f } fragment f on Query { search(first: 1000) { totalCount } }`, code: badInput, status: 422},
		{name: "first by a variable", query: `query($n: Int) { projects(first: $n) { totalCount } }`, variables: map[string]any{"n": 101}, code: badInput, status: 422},
		{name: "first by a variable that is null", query: `query($n: Int) { projects(first: $n) { totalCount } }`, variables: map[string]any{"n": nil}, code: badInput, status: 422},
		{name: "first by a variable that is missing", query: `query($n: Int) { projects(first: $n) { totalCount } }`},
		{name: "first by a default that is too much", query: `query($n: Int = 1000) { projects(first: $n) { totalCount } }`, code: badInput, status: 422},
		{name: "first by a variable beyond 64 bits", query: `query($n: Int) { projects(first: $n) { totalCount } }`, body: `{"query":"query($n: Int) { projects(first: $n) { totalCount } }","variables":{"n":99999999999999999999}}`, code: badInput, status: 422},
		{name: "first by a variable with an exponent", body: `{"query":"query($n: Int) { projects(first: $n) { totalCount } }","variables":{"n":1e400}}`, code: badInput, status: 422},
		{name: "first by a variable that is a text", query: `query($n: Int) { projects(first: $n) { totalCount } }`, variables: map[string]any{"n": "twintig"}, code: badInput, status: 422},
		{name: "suggest 101", query: `{ suggest(prefix: "ver", first: 101) }`, code: badInput, status: 422},
		{name: "101 ids", query: `query($i: [ID!]!) { nodes(ids: $i) { id } }`, variables: map[string]any{"i": slices.Repeat([]string{"prj_x"}, 101)}, code: badInput, status: 200},
		{name: "10,000 ids", query: `query($i: [ID!]!) { nodes(ids: $i) { id } }`, variables: map[string]any{"i": slices.Repeat([]string{"x"}, 10_000)}, code: badInput, status: 200},
		{name: "ids that are null", query: `query($i: [ID!]!) { nodes(ids: $i) { id } }`, variables: map[string]any{"i": []any{nil}}, code: badInput, status: 422},
		{name: "an id of 60 KB", query: `query($i: ID!) { node(id: $i) { id } }`, variables: map[string]any{"i": long}},
		// Cost.
		{name: "connections in connections", query: `query($n: Int!) { organizations(first: $n) { nodes { projects(first: $n) { nodes { lessons(first: $n) { totalCount } } } } } }`, variables: map[string]any{"n": 100}, code: tooCostly, status: 422},
		{name: "cost beyond 2^30", query: `query($n: Int!) { organizations(first: $n) { nodes { projects(first: $n) { nodes { lessons(first: $n) { nodes { projects(first: $n) { nodes { lessons(first: $n) { totalCount } } } } } } } } } }`, variables: map[string]any{"n": 100}, code: tooCostly, status: 422},
		// Texts.
		{name: "a word of 60 KB to search for", query: `query($q: String) { search(query: $q) { totalCount } }`, variables: map[string]any{"q": long}, code: badInput, status: 200},
		{name: "500 words to search for", query: `query($q: String) { search(query: $q) { totalCount } }`, variables: map[string]any{"q": strings.Repeat("a ", 500)}, code: badInput, status: 200},
		{name: "a literal of 60 KB", query: `{ search(query: "` + long + `") { totalCount } }`, code: badInput, status: 200},
		{name: "a literal of 60 KB for a number", query: `{ projects(first: "` + long + `") { totalCount } }`, code: badInput, status: 422},
		{name: "a literal of 60 KB for an enum", query: `{ concepts(scheme: "` + long + `") { id } }`, code: badInput, status: 422},
		{name: "an enum value of 60 KB", query: `{ concepts(scheme: ` + long + `) { id } }`, code: badInput, status: 422},
		{name: "a field name of 60 KB", query: `{ ` + long + ` }`, code: badInput, status: 422},
		{name: "a type name of 60 KB", query: `{ ... on ` + long + ` { id } }`, code: badInput, status: 422},
		{name: "a fragment on a type name of 60 KB", query: `{ ...f } fragment f on ` + long + ` { id }`, code: badInput, status: 422},
		{name: "a variable type name of 60 KB", query: `query($a: ` + long + `) { concepts(scheme: $a) { id } }`, code: badInput, status: 422},
		{name: "an argument name of 60 KB", query: `{ projects(` + long + `: 1) { totalCount } }`, code: badInput, status: 422},
		{name: "an input field name of 60 KB", query: `{ projects(filter: {` + long + `: 1}) { totalCount } }`, code: badInput, status: 422},
		{name: "a directive name of 60 KB", query: `{ service @` + long + ` { name } }`, code: badInput, status: 422},
		{name: "an alias of 30 KB", query: `{ ` + long[:30_000] + `: service { name } ` + long[:30_000] + `: service { softwareVersion } }`},
		{name: "a variable enum of 60 KB", query: `query($s: ConceptScheme!) { concepts(scheme: $s) { id } }`, variables: map[string]any{"s": long}, code: badInput, status: 422},
		{name: "a variable with an unknown name of 60 KB", query: `query($f: ProjectFilter) { projects(filter: $f) { totalCount } }`, variables: map[string]any{"f": map[string]any{long: 1}}, code: badInput, status: 422},
		{name: "a block of text of 60 KB", query: `{ search(query: """` + long + `""") { totalCount } }`, code: badInput, status: 200},
		{name: "a text that does not end", query: `{ search(query: "` + long, code: badInput, status: 422},
		{name: "300 misspelled arguments", query: `{ projects(` + numbered("fist%d: 1 ", 300) + `) { totalCount } }`, code: badInput, status: 422},
		{name: "300 misspelled input fields", query: `{ projects(filter: {` + numbered("phase%d: 1 ", 300) + `}) { totalCount } }`, code: badInput, status: 422},
		{name: "a list of 900 numbers for texts", query: `{ projects(filter: {phases: ` + list(450, "1") + `}) { totalCount } }`, code: badInput, status: 422},
		{name: "NUL in a literal", query: "{ search(query: \"a\\u0000b\") { totalCount } }", code: badInput, status: 200},
		{name: "a raw NUL in a literal", query: "{ search(query: \"a\x00b\") { totalCount } }", code: badInput, status: 422},
		{name: "a raw NUL between words", query: "{ service\x00{ name } }", code: badInput, status: 422},
		{name: "NUL in a variable", query: `query($q: String) { search(query: $q) { totalCount } }`, variables: map[string]any{"q": "a\x00b"}, code: badInput, status: 200},
		{name: "NUL in an id", query: `query($i: ID!) { node(id: $i) { id } }`, variables: map[string]any{"i": "prj_\x00"}},
		{name: "NUL in ids", query: `query($i: [ID!]!) { nodes(ids: $i) { id } }`, variables: map[string]any{"i": []string{"prj_\x00", "a.b\x00"}}},
		{name: "NUL in a filter", query: `query($i: [ID!]) { projects(filter: {organizations: $i}) { totalCount } }`, variables: map[string]any{"i": []string{"org_\x00"}}},
		{name: "NUL in the search filter", query: `query($i: [String!]) { search(filter: {provinces: $i, stepKeys: $i}) { totalCount } }`, variables: map[string]any{"i": []string{"\x00"}}, code: badInput, status: 200},
		{name: "NUL in an address", query: `query($u: URL!) { record(uri: $u) { id } }`, variables: map[string]any{"u": "https://plein.test/id/\x00"}, code: badInput, status: 200},
		{name: "NUL in a cursor", query: `query($c: Cursor) { projects(after: $c) { totalCount } }`, variables: map[string]any{"c": "\x00"}, code: badInput, status: 200},
		{name: "NUL in the organisation of the feed", query: `query($i: ID) { changes(organization: $i) { nodes { uri } } }`, variables: map[string]any{"i": "\x00"}},
		{name: "NUL in a code", query: `query($c: String!) { municipality(code: $c) { id } }`, variables: map[string]any{"c": "GM\x00"}, code: badInput, status: 200},
		{name: "control characters", query: `query($q: String) { search(query: $q) { totalCount } }`, variables: map[string]any{"q": "a\x07\x1b[31m\x7f"}, code: badInput, status: 200},
		{name: "half a surrogate pair", body: `{"query":"query($q: String) { search(query: $q) { totalCount } }","variables":{"q":"\ud800"}}`},
		{name: "half a surrogate pair in a literal", query: `{ search(query: "\ud800") { totalCount } }`},
		{name: "bytes that are not UTF-8 in a variable", body: "{\"query\":\"query($q: String) { search(query: $q) { totalCount } }\",\"variables\":{\"q\":\"\xff\xfe\"}}"},
		{name: "bytes that are not UTF-8 in the query", body: "{\"query\":\"{ service { \xff\xfe } }\"}", code: badInput, status: 422},
		{name: "an escape that is not one", query: `{ search(query: "\x41") { totalCount } }`, code: badInput, status: 422},
		// Numbers where texts are.
		{name: "an id beyond 64 bits", query: `{ node(id: 99999999999999999999) { id } }`, code: badInput, status: 422},
		{name: "a cursor beyond 64 bits", query: `{ projects(after: 99999999999999999999) { totalCount } }`, code: badInput, status: 422},
		{name: "an address that is a number beyond all", query: `{ record(uri: 1e999) { id } }`, code: badInput, status: 422},
		{name: "a list of cursors beyond 64 bits", query: `{ projects(after: [[99999999999999999999]]) { totalCount } }`, code: badInput, status: 422},
		{name: "an address that is an object", query: `{ record(uri: {a: {b: 99999999999999999999}}) { id } }`, code: badInput, status: 422},
		{name: "a default beyond 64 bits", query: `query($c: Cursor = 99999999999999999999) { projects(after: $c) { totalCount } }`, code: badInput, status: 422},
		{name: "an address that is true", query: `{ record(uri: true) { id } }`, code: badInput, status: 200},
		{name: "a filter that is a text", query: `{ projects(filter: "alles") { totalCount } }`, code: badInput, status: 422},
		// Variables.
		{name: "a variable that is missing", query: `query($i: ID!) { node(id: $i) { id } }`, code: badInput, status: 422},
		{name: "a variable that nobody declared", query: `{ node(id: $i) { id } }`, code: badInput, status: 422},
		{name: "a variable that nobody uses", query: `query($i: ID!) { service { name } }`, variables: map[string]any{"i": "x"}, code: badInput, status: 422},
		{name: "400 variables that nobody uses", query: `query(` + numbered("$a%d: ID ", 240) + `) { service { name } }`, code: badInput, status: 422},
		{name: "a variable of another type", query: `query($i: Int!) { node(id: $i) { id } }`, variables: map[string]any{"i": 1}, code: badInput, status: 422},
		{name: "an object for an id", query: `query($i: ID!) { node(id: $i) { id } }`, variables: map[string]any{"i": map[string]any{"a": 1}}, code: badInput, status: 422},
		{name: "a list in lists for ids", query: `query($i: [ID!]!) { nodes(ids: $i) { id } }`, body: `{"query":"query($i: [ID!]!) { nodes(ids: $i) { id } }","variables":{"i":` + strings.Repeat("[", 5_000) + strings.Repeat("]", 5_000) + `}}`, code: tooDeep, status: 422},
		{name: "objects in objects", body: `{"query":"query($f: SearchFilter) { search(filter: $f) { totalCount } }","variables":{"f":` + strings.Repeat(`{"not":`, 5_000) + `null` + strings.Repeat("}", 5_000) + `}}`, code: tooDeep, status: 422},
		{name: "objects in objects of a literal", query: `{ search(filter: ` + strings.Repeat("{not: ", 300) + "{}" + strings.Repeat("}", 300) + `) { totalCount } }`, code: tooLong, status: 422},
		{name: "lists in lists of a literal", query: `{ projects(filter: {phases: ` + strings.Repeat("[", 450) + strings.Repeat("]", 450) + `}) { totalCount } }`, code: badInput, status: 422},
		{name: "a list type of 400 levels", query: `query($a: ` + strings.Repeat("[", 400) + "ID" + strings.Repeat("]", 400) + `) { nodes(ids: $a) { id } }`, code: badInput, status: 422},
		{name: "5,000 values in a filter", query: `query($i: [ID!]) { search(filter: {organizations: $i}) { totalCount } }`, variables: map[string]any{"i": slices.Repeat([]string{"org_x"}, 5_000)}, code: badInput, status: 200},
		{name: "5,000 values in a filter of a list", query: `query($i: [ID!]) { projects(filter: {organizations: $i}) { totalCount } }`, variables: map[string]any{"i": slices.Repeat([]string{"org_x"}, 5_000)}, code: badInput, status: 200},
		{name: "5,000 kinds in a filter", query: `query($i: [RecordType!]) { changes(types: $i) { nodes { uri } } }`, variables: map[string]any{"i": slices.Repeat([]string{"PROJECT"}, 5_000)}},
		{name: "1,000 facets", query: `query($f: [Facet!]) { search(facets: $f) { totalCount facets { buckets { value } } } }`, variables: map[string]any{"f": slices.Repeat([]string{"TYPE"}, 1_000)}, code: badInput, status: 200},
		{name: "401 values of a facet", query: `{ search(facetSize: 401) { totalCount } }`, code: badInput, status: 422},
		{name: "no values of a facet", query: `query($n: Int) { search(facetSize: $n) { totalCount } }`, variables: map[string]any{"n": 0}, code: badInput, status: 422},
		{name: "an endless address", query: `query($p: String!) { address(path: $p) { path } }`, variables: map[string]any{"p": strings.Repeat("/a", 20_000)}},
		{name: "a facet in small letters", query: `query($f: [Facet!]) { search(facets: $f) { totalCount } }`, variables: map[string]any{"f": []string{"TYPE", "type"}}, code: badInput, status: 422},
		{name: "one facet for a list of them", query: `query($f: [Facet!]) { search(facets: $f) { totalCount } }`, variables: map[string]any{"f": "TYPE"}},
		{name: "one facet in small letters for a list", query: `query($f: [Facet!]) { search(facets: $f) { totalCount } }`, variables: map[string]any{"f": "type"}, code: badInput, status: 422},
		{name: "an order in small letters", query: `query($o: ProjectOrder) { projects(orderBy: $o) { totalCount } }`, variables: map[string]any{"o": map[string]any{"field": "TITLE", "direction": "asc"}}, code: badInput, status: 422},
		{name: "a sort in small letters", query: `query($s: SearchSort) { search(sort: $s) { totalCount } }`, variables: map[string]any{"s": "relevance"}, code: badInput, status: 422},
		{name: "a sort that is null", query: `query($s: SearchSort) { search(sort: $s) { totalCount } }`, variables: map[string]any{"s": nil}},
		{name: "a scheme in small letters", query: `query($s: ConceptScheme!) { concepts(scheme: $s) { id } }`, variables: map[string]any{"s": "method"}, code: badInput, status: 422},
		{name: "a phase in small letters within a filter", query: `query($f: SearchFilter) { search(filter: $f) { totalCount } }`, variables: map[string]any{"f": map[string]any{"not": map[string]any{"phases": []string{"done"}}}}, code: badInput, status: 422},
		{name: "a language in small letters", query: `query($l: Language) { concepts(scheme: METHOD) { label(lang: $l) } }`, variables: map[string]any{"l": "nl"}, code: badInput, status: 422},
		{name: "a number for an enum", query: `query($s: ConceptScheme!) { concepts(scheme: $s) { id } }`, variables: map[string]any{"s": 1}, code: badInput, status: 422},
		{name: "first by a variable that is a number in a text", query: `query($n: Int) { projects(first: $n) { totalCount } }`, variables: map[string]any{"n": "7"}, code: badInput, status: 200},
		{name: "an address that is an object in a variable", query: `query($u: URL!) { record(uri: $u) { id } }`, variables: map[string]any{"u": map[string]any{"a": 1}}, code: badInput, status: 200},
		{name: "a list for a cursor", query: `query($c: Cursor) { projects(after: $c) { totalCount } }`, variables: map[string]any{"c": []string{"a"}}, code: badInput, status: 200},
		// What is no operation at all.
		{name: "an unknown operation", body: `{"query":"query a { service { name } }","operationName":"kanarie"}`, code: badInput, status: 422},
		{name: "an unknown operation of 60 KB", body: `{"query":"query a { service { name } }","operationName":"` + long + `"}`, code: badInput, status: 422},
		{name: "two operations and no name", query: `query a { service { name } } query b { service { name } }`, code: badInput, status: 422},
		{name: "nothing", query: ``, code: badInput, status: 422},
		{name: "white space", query: " \n\t ", code: badInput, status: 422},
		{name: "comments", query: strings.Repeat("# a\n", 1_000), code: badInput, status: 422},
		{name: "one comment of 60 KB", query: "#" + long, code: badInput, status: 422},
		{name: "commas", query: strings.Repeat(",", 60_000), code: badInput, status: 422},
		{name: "a schema", query: `type Query { a: Int }`, code: badInput, status: 422},
		{name: "only a fragment", query: `fragment f on Query { service { name } }`, code: badInput, status: 422},
		{name: "an empty selection", query: `{ }`, code: badInput, status: 422},
		{name: "an object without a selection", query: `{ service }`, code: badInput, status: 422},
		{name: "a leaf with a selection", query: `{ service { name { a } } }`, code: badInput, status: 422},
		{name: "a field that resembles one", query: `{ project { id } }`, code: badInput, status: 422},
		{name: "an argument that resembles one", query: `{ projects(fist: 1) { totalCount } }`, code: badInput, status: 422},
		{name: "a type that resembles one", query: `{ node(id: 1) { ... on Projects { id } } }`, code: badInput, status: 422},
		{name: "an enum value that resembles one", query: `{ concepts(scheme: METHODS) { id } }`, code: badInput, status: 422},
		{name: "an input field that resembles one", query: `{ projects(filter: {phase: [DONE]}) { totalCount } }`, code: badInput, status: 422},
		{name: "an unknown persisted query", body: `{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"` + strings.Repeat("0", 64) + `"}}}`, code: "PERSISTED_QUERY_NOT_FOUND", status: 422},
		{name: "a query that wants to be registered", body: `{"query":"{ service { name } }","extensions":{"persistedQuery":{"version":1,"sha256Hash":"` + strings.Repeat("0", 64) + `"}}}`, code: "PERSISTED_QUERY_NOT_FOUND", status: 422},
		{name: "a persisted query of another shape", body: `{"query":"{ service { name } }","extensions":{"persistedQuery":["kanarie"]}}`},
		{name: "two subscriptions in one", query: `subscription { changes { uri } a: changes { uri } }`, code: badInput, status: 422},
		{name: "a mutation by a stranger", query: `mutation { recordPublish(input: {id: "prj_x", revision: 1}) { userErrors { code } } }`, code: "UNAUTHENTICATED", status: 200},
		{name: "30 mutations by a stranger", query: `mutation { ` + numbered(`a%d: recordPublish(input: {id: "prj_x", revision: 1}) { userErrors { code } } `, 30) + `}`, code: "UNAUTHENTICATED", status: 200},
		// Cursors of one's own making.
		{name: "a cursor that is none", query: `{ projects(after: "kanarie") { totalCount } }`, code: badInput, status: 200},
		{name: "a cursor of 60 KB", query: `query($c: Cursor) { projects(after: $c) { totalCount } }`, variables: map[string]any{"c": long}, code: badInput, status: 200},
		{name: "a cursor of the feed beyond all", query: `{ changes(after: "` + encoded(`["feed",1e300,"0"]`) + `") { nodes { uri } } }`, code: badInput, status: 200},
		{name: "a cursor of the feed before all", query: `{ changes(after: "` + encoded(`["feed",-9,"0"]`) + `") { nodes { uri } } }`},
		{name: "a cursor with NUL in it", query: `{ projects(after: "` + encoded(`["updated_atfalse",1,"\u0000"]`) + `") { totalCount } }`},
		{name: "a cursor by title with NUL in it", query: `{ projects(orderBy: {field: TITLE, direction: ASC}, after: "` + encoded(`["titletrue","\u0000","\u0000"]`) + `") { totalCount } }`},
		{name: "a cursor of organisations beyond all", query: `{ organizations(after: "` + encoded(`organizations 99999999999999999999 x`) + `") { totalCount } }`, code: badInput, status: 200},
		{name: "a cursor of organisations before all", query: `{ organizations(after: "` + encoded(`organizations -5 x`) + `") { totalCount } }`, code: badInput, status: 200},
	}
}

func numbered(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func encoded(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

func (a attack) request(t testing.TB) []byte {
	t.Helper()
	if a.body != "" {
		return []byte(a.body)
	}
	b, err := json.Marshal(map[string]any{"query": a.query, "variables": a.variables})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// raw posts bytes as they are and gives what comes back.
func (n *node) raw(t testing.TB, body []byte) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(stranger(t), "POST", "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	n.ServeHTTP(w, r)
	return w
}

func TestEveryHostileInputIsRefusedShortlyWithACode(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		for _, a := range attacks() {
			t.Run(a.name, func(t *testing.T) {
				body := a.request(t)
				if len(body) > 64<<10 {
					t.Fatalf("the edge lets no %d bytes through", len(body))
				}
				n.refuses(t, a, n.raw(t, body))
			})
		}
	})
}

// refuses checks what every refusal must be.
func (n *node) refuses(t *testing.T, a attack, w *httptest.ResponseRecorder) {
	t.Helper()
	var got answer
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatalf("not JSON: %.300s", w.Body)
	}
	if len(got.Errors) == 0 {
		if a.code != "" {
			t.Errorf("it was answered, want %s: %.300s", a.code, w.Body)
		}
		return
	}
	wellMade(t, w, got)
	if c := got.Errors[0].Extensions["code"]; c != a.code || w.Code != a.status {
		t.Errorf("%v with status %d, want %q with %d: %.300s", c, w.Code, a.code, a.status, w.Body)
	}
}

// maxRefusal is how long, in bytes, an answer is that refuses; maxMessage how long one message of it.
const maxRefusal, maxMessage = 2_048, 301

// wellMade checks what holds for errors of every kind: few, short, with a code and a request id, and without a word about
// how the node is made.
func wellMade(t testing.TB, w *httptest.ResponseRecorder, got answer) {
	t.Helper()
	if w.Code != 200 && w.Code != 422 {
		t.Errorf("status %d: %.300s", w.Code, w.Body)
	}
	if n := w.Body.Len(); n > maxRefusal {
		t.Errorf("%d bytes: %.300s", n, w.Body)
	}
	if len(got.Errors) > 10 {
		t.Errorf("%d errors", len(got.Errors))
	}
	for _, e := range got.Errors {
		if c := e.Extensions["code"]; c == nil || c == "" || c == "INTERNAL" || e.Extensions["requestId"] != "req-1" {
			t.Errorf("%+v", e)
		}
		if len([]rune(e.Message)) > maxMessage {
			t.Errorf("a message of %d characters", len([]rune(e.Message)))
		}
	}
	for _, word := range []string{"Did you mean", "goroutine", "runtime error", ".go:", "SELECT ", "sqlite", "pgx", "SQLSTATE", strings.Repeat("kanarie", 50)} {
		if strings.Contains(w.Body.String(), word) {
			t.Errorf("it tells %q: %.300s", word, w.Body)
		}
	}
	if w.Header().Get(graph.CacheableHeader) != "" {
		t.Error("a refusal can be shared")
	}
}

// maxCPU is the design's hard limit: no input of at most 64 KB costs more.
const maxCPU = 100 * time.Millisecond

func TestNoHostileInputCostsATenthOfASecondOfCPU(t *testing.T) {
	if raceDetector {
		t.Skip("left out: the race detector multiplies the work")
	}
	n := open(t, fixture.SQLite(t))
	for _, a := range attacks() {
		body := a.request(t)
		n.raw(t, body) // warm up
		best := time.Hour
		for range 3 {
			before := cpu(t)
			n.raw(t, body)
			best = min(best, cpu(t)-before)
			if best < maxCPU {
				break
			}
		}
		if best > maxCPU {
			t.Errorf("%s: %v", a.name, best)
		}
		if testing.Verbose() && best > 5*time.Millisecond {
			t.Logf("%s: %v", a.name, best)
		}
	}
}

// cpu is the time that this process worked so far.
func cpu(t testing.TB) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
