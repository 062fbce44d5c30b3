package graph_test

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/udc-community/plein/graph"
)

var update = flag.Bool("update", false, "write the golden files again")

// golden is the contract as clients know it.
var golden = filepath.Join("testdata", "schema.golden.graphql")

func TestTheContractIsTheOneThatClientsKnow(t *testing.T) {
	if *update {
		if err := os.WriteFile(golden, graph.SDL(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	known, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(known, graph.SDL()) {
		return
	}
	breaking := broken(schema(t, string(known)), schema(t, string(graph.SDL())))
	if len(breaking) > 0 {
		t.Fatalf("the contract breaks its clients, which is announced a year ahead:\n%s", strings.Join(breaking, "\n"))
	}
	t.Fatalf("the contract grew: look at the difference and run this test with -update")
}

// contractSchema is the contract, read once.
var contractSchema = sync.OnceValue(func() *ast.Schema {
	return gqlparser.MustLoadSchema(&ast.Source{Input: string(graph.SDL())})
})

func schema(t testing.TB, sdl string) *ast.Schema {
	t.Helper()
	s, err := gqlparser.LoadSchema(&ast.Source{Input: sdl})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// broken lists what clients of the older contract can no longer rely on.
func broken(older, newer *ast.Schema) []string {
	var out []string
	report := func(format string, values ...any) { out = append(out, fmt.Sprintf(format, values...)) }
	for _, name := range slices.Sorted(maps.Keys(older.Types)) {
		was, is := older.Types[name], newer.Types[name]
		if is == nil || is.Kind != was.Kind {
			report("%s %s is gone", was.Kind, name)
			continue
		}
		for _, v := range was.EnumValues {
			if is.EnumValues.ForName(v.Name) == nil {
				report("%s.%s is gone", name, v.Name)
			}
		}
		for _, i := range was.Interfaces {
			if !slices.Contains(is.Interfaces, i) {
				report("%s is no %s any more", name, i)
			}
		}
		for _, m := range was.Types {
			if !slices.Contains(is.Types, m) {
				report("%s holds no %s any more", name, m)
			}
		}
		for _, f := range was.Fields {
			brokenField(report, name+"."+f.Name, was.Kind == ast.InputObject, f, is.Fields.ForName(f.Name))
		}
		for _, f := range is.Fields {
			if was.Kind == ast.InputObject && was.Fields.ForName(f.Name) == nil && required(f.Type, f.DefaultValue) {
				report("%s.%s is new and required", name, f.Name)
			}
		}
	}
	return out
}

func brokenField(report func(string, ...any), path string, input bool, was, is *ast.FieldDefinition) {
	switch {
	case is == nil:
		report("%s is gone", path)
		return
	case input && !takes(is.Type, was.Type), !input && !takes(was.Type, is.Type):
		report("%s was %s and is %s", path, was.Type, is.Type)
	case fmt.Sprint(was.DefaultValue) != fmt.Sprint(is.DefaultValue):
		report("%s was %s when left out and is %s", path, was.DefaultValue, is.DefaultValue)
	}
	for _, a := range was.Arguments {
		b := is.Arguments.ForName(a.Name)
		switch {
		case b == nil:
			report("%s(%s) is gone", path, a.Name)
		case !takes(b.Type, a.Type):
			report("%s(%s) was %s and is %s", path, a.Name, a.Type, b.Type)
		case fmt.Sprint(a.DefaultValue) != fmt.Sprint(b.DefaultValue):
			report("%s(%s) was %s when left out and is %s", path, a.Name, a.DefaultValue, b.DefaultValue)
		}
	}
	for _, b := range is.Arguments {
		if was.Arguments.ForName(b.Name) == nil && required(b.Type, b.DefaultValue) {
			report("%s(%s) is new and required", path, b.Name)
		}
	}
}

func required(t *ast.Type, otherwise *ast.Value) bool { return t.NonNull && otherwise == nil }

// takes tells whether everything that fits the narrow type fits the wide one too.
func takes(wide, narrow *ast.Type) bool {
	if wide.NonNull && !narrow.NonNull || wide.NamedType != narrow.NamedType || (wide.Elem == nil) != (narrow.Elem == nil) {
		return false
	}
	return wide.Elem == nil || takes(wide.Elem, narrow.Elem)
}

func TestWhatBreaksClientsIsToldFromWhatDoesNot(t *testing.T) {
	const base = `
		interface Node { id: ID! }
		type Query { a(x: Int, y: Int = 1): A b: E u: U i(in: I): [A!]! }
		type A implements Node { id: ID! name: String! note: String }
		type B { c: Int }
		union U = A | B
		enum E { ONE TWO }
		input I { p: Int q: Int! r: Int = 1 }`
	for _, c := range []struct{ from, to, want string }{
		{`note: String }`, `note: String more: Int }`, ""},
		{`note: String }`, `note: String! }`, ""},
		{`name: String!`, `name: String`, "A.name was String! and is String"},
		{`note: String }`, `}`, "A.note is gone"},
		{`note: String }`, `note: Int }`, "A.note was String and is Int"},
		{`[A!]!`, `[A]!`, "Query.i was [A!]! and is [A]!"},
		{`[A!]!`, `A`, "Query.i was [A!]! and is A"},
		{`ONE TWO`, `ONE TWO THREE`, ""},
		{`ONE TWO`, `ONE`, "E.TWO is gone"},
		{`x: Int,`, ``, "Query.a(x) is gone"},
		{`x: Int,`, `x: Int!,`, "Query.a(x) was Int and is Int!"},
		{`x: Int,`, `x: Int, z: Int,`, ""},
		{`x: Int,`, `x: Int, z: Int!,`, "Query.a(z) is new and required"},
		{`x: Int,`, `x: Int, z: Int! = 3,`, ""},
		{`y: Int = 1`, `y: Int = 2`, "Query.a(y) was 1 when left out and is 2"},
		{`q: Int!`, `q: Int`, ""},
		{`p: Int q`, `p: Int! q`, "I.p was Int and is Int!"},
		{`p: Int q`, `q`, "I.p is gone"},
		{`p: Int q`, `p: Int s: Int! q`, "I.s is new and required"},
		{`r: Int = 1`, `r: Int = 2`, "I.r was 1 when left out and is 2"},
		{`A | B`, `A`, "U holds no B any more"},
		{`A implements Node`, `A`, "A is no Node any more"},
		{`enum E { ONE TWO }`, `scalar E`, "ENUM E is gone"},
		{`type B { c: Int } union U = A | B`, `union U = A`, "OBJECT B is gone"},
	} {
		text := strings.Join(strings.Fields(base), " ")
		if !strings.Contains(text, c.from) {
			t.Fatalf("no %q", c.from)
		}
		got := broken(schema(t, text), schema(t, strings.Replace(text, c.from, c.to, 1)))
		if c.want == "" && len(got) > 0 || c.want != "" && !slices.Contains(got, c.want) {
			t.Errorf("%q to %q: %q, want %q", c.from, c.to, got, c.want)
		}
	}
}
