package graph_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

// pointed asks for what another subgraph points at, as a router does.
const pointed = `query($r: [_Any!]!) { _entities(representations: $r) { __typename
	... on Project { id uri title } ... on ProcessTemplate { id uri title } ... on Lesson { id uri title } ... on OtherRecord { id uri title }
	... on Organization { id uri tooiIri } ... on Municipality { id code tooiIri } ... on Concept { id uri } ... on DataSource { id address: uri } } }`

func pointers(all ...map[string]any) map[string]any { return map[string]any{"r": all} }

func TestARouterFindsEveryTypeByEachOfItsKeys(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		project := n.Publish(t, n.Project("Overlast")).Base().ID
		organization, source := n.registered(t)
		other, _ := n.other(t, "Wie weet het?")
		samples := map[string]string{
			"Project": project, "OtherRecord": other, "Lesson": n.Publish(t, n.Lesson("Meet het", project)).Base().ID,
			"ProcessTemplate": n.Publish(t, n.Template("Zo doen wij het", "1.0.0", "vraag")).Base().ID,
			"Organization":    organization, "Municipality": "mun_GM0546", "Concept": record.ConceptID(record.PolicyDomain, "wonen"), "DataSource": source,
		}
		var all []map[string]any
		var want []any
		for typename, id := range samples {
			keys := contractSchema().Types[typename].Directives.ForNames("key")
			if len(keys) < 2 {
				t.Errorf("%s has %d keys", typename, len(keys))
			}
			a := n.must(t, stranger(t), pointed, pointers(map[string]any{"__typename": typename, "id": id}))
			found := fixture.At(t, a, "_entities.0").(map[string]any)
			for _, key := range keys {
				name := key.Arguments.ForName("fields").Value.Raw
				value, _ := found[name].(string)
				if typename == "DataSource" && name == "uri" {
					value, _ = found["address"].(string) // of another type than the others, so it needs another name
				}
				if value == "" {
					t.Fatalf("%s has no %s: %v", typename, name, found)
				}
				all, want = append(all, map[string]any{"__typename": typename, name: value}), append(want, found)
			}
		}
		got := fixture.At(t, n.must(t, stranger(t), pointed, pointers(all...)), "_entities").([]any)
		for i := range want {
			if fmt.Sprint(got[i]) != fmt.Sprint(want[i]) {
				t.Errorf("%v finds %v, want %v", all[i], got[i], want[i])
			}
		}
	})
}

func TestWhatOthersPointAtIsOfTheTypeThatTheySay(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	project := n.Publish(t, n.Project("Overlast"))
	template := n.Publish(t, n.Template("Zo doen wij het", "1.0.0", "vraag")).Base().ID
	version := n.version(t, template, 0)
	got := n.must(t, stranger(t), pointed, pointers(
		map[string]any{"__typename": "Lesson", "id": project.Base().ID},
		map[string]any{"__typename": "Lesson", "uri": fixture.BaseURL + "/id/" + project.Base().ID},
		map[string]any{"__typename": "Project", "id": fixture.BaseURL + "/id/" + project.Base().ID},
		map[string]any{"__typename": "Project", "id": n.Leiden.ID},
		map[string]any{"__typename": "Organization", "id": project.Base().ID},
		map[string]any{"__typename": "Organization", "id": n.Leiden.URI},
		map[string]any{"__typename": "Municipality", "code": "mun_GM0546"},
		map[string]any{"__typename": "Concept", "id": record.ConceptIRI(record.PolicyDomain, "wonen")},
		map[string]any{"__typename": "ProcessTemplate", "id": version},
		map[string]any{"__typename": "ProcessTemplate", "uri": fixture.BaseURL + "/id/" + version},
		map[string]any{"__typename": "Project", "id": unknown},
		map[string]any{"__typename": "Project", "id": nil, "uri": fixture.BaseURL + "/id/" + project.Base().ID, "title": "of another subgraph"},
	))
	found := fixture.At(t, got, "_entities").([]any)
	for i, x := range found[:len(found)-1] {
		if x != nil {
			t.Errorf("number %d is %v", i, x)
		}
	}
	if fixture.At(t, found[len(found)-1], "title") != "Overlast" {
		t.Error(found)
	}
}

func TestARouterSeesNoMoreThanWhoAsksThroughIt(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		p := n.Project("Geheim onderzoek")
		p.Audience = record.Community
		hidden := n.Publish(t, p).Base()
		later := n.Project("Geheim tot later")
		later.Embargoes = []*record.Embargo{n.Embargo(record.WholeRecord, time.Hour)}
		waiting := n.Publish(t, later).Base()
		draft := n.draft(t, n.Project("Geheime versie"))
		ask := func(id string) map[string]any {
			return pointers(map[string]any{"__typename": "Project", "id": id}, map[string]any{"__typename": "Project", "uri": fixture.BaseURL + "/id/" + id})
		}
		none := n.ask(t, stranger(t), pointed, ask(unknown))
		for _, id := range []string{hidden.ID, waiting.ID, draft} {
			if a := n.ask(t, stranger(t), pointed, ask(id)); string(a.bytes) != string(none.bytes) || fmt.Sprint(a.header) != fmt.Sprint(none.header) {
				t.Errorf("%s: %s, and for nothing: %s", id, a.bytes, none.bytes)
			}
		}
		got := n.must(t, fixture.As(t, n.Delft), pointed, ask(hidden.ID))
		for _, x := range fixture.At(t, got, "_entities").([]any) {
			if fixture.At(t, x, "title") != "Geheim onderzoek" {
				t.Errorf("a member of the community is given %v", x)
			}
		}
	})
}

func TestARepresentationThatCannotBeReadIsRefused(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		deep := any("x")
		for range 40 {
			deep = map[string]any{"x": deep}
		}
		many := slices.Repeat([]any{map[string]any{"__typename": "Project", "id": "prj_x"}}, 101)
		for _, c := range []struct {
			name string
			r    any
			code string
		}{
			{"nothing", map[string]any{}, badInput},
			{"no type", map[string]any{"id": "prj_x"}, badInput},
			{"no key", map[string]any{"__typename": "Project"}, badInput},
			{"an empty key", map[string]any{"__typename": "Organization", "tooiIri": ""}, badInput},
			{"a field that is no key", map[string]any{"__typename": "Project", "slug": "overlast"}, badInput},
			{"a key of another type", map[string]any{"__typename": "Project", "code": "GM0546"}, badInput},
			{"a type that is no entity", map[string]any{"__typename": "User", "id": "usr_x"}, badInput},
			{"a type that is not there", map[string]any{"__typename": "Nobody", "id": "x"}, badInput},
			{"the union itself", map[string]any{"__typename": "_Entity", "id": "x"}, badInput},
			{"a type that is a number", map[string]any{"__typename": 1, "id": "x"}, badInput},
			{"an id that is a number", map[string]any{"__typename": "Project", "id": 1}, badInput},
			{"an id that is a list", map[string]any{"__typename": "Project", "id": []string{"prj_x"}}, badInput},
			{"an id that is an object", map[string]any{"__typename": "Project", "id": map[string]any{"x": "y"}}, badInput},
			{"a text", "Project", badInput},
			{"a number", 7, badInput},
			{"null", nil, badInput},
			{"a list", []any{[]any{map[string]any{"__typename": "Project", "id": "x"}}}, badInput},
			{"deep", map[string]any{"__typename": "Project", "id": "x", "y": deep}, tooDeep},
			{"101", many, badInput},
		} {
			r, isList := c.r.([]any)
			if !isList {
				r = []any{c.r}
			}
			a := n.ask(t, stranger(t), pointed, map[string]any{"r": r})
			if len(a.Errors) == 0 || a.Errors[0].Extensions["code"] != c.code {
				t.Errorf("%s: %.300s", c.name, a.bytes)
			}
		}
		// NUL and half a character find nothing, on any database.
		for _, value := range []string{"\x00", "prj_\x00", "\xff", strings.Repeat("x", 100_000)} {
			b, err := json.Marshal(map[string]any{"query": pointed, "variables": pointers(map[string]any{"__typename": "Project", "id": value}, map[string]any{"__typename": "Lesson", "uri": value},
				map[string]any{"__typename": "Project", "uri": fixture.BaseURL + "/id/" + value}, map[string]any{"__typename": "Concept", "uri": value}, map[string]any{"__typename": "Organization", "tooiIri": value})})
			if err != nil {
				t.Fatal(err)
			}
			if a := n.send(t, stranger(t), b); string(a.bytes[:35]) != `{"data":{"_entities":[null,null,nul` {
				t.Errorf("%.20q: %.300s", value, a.bytes)
			}
		}
	})
}

// A router reads the schema from the node itself. What a composition makes of it is tested with a program of others.
func TestTheSchemaForARouterHasKeysAndNoneOfItsOwnWords(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	sdl := fixture.At(t, n.must(t, stranger(t), `{ _service { sdl } }`, nil), "_service.sdl").(string)
	doc, err := parser.ParseSchema(&ast.Source{Input: sdl})
	if err != nil {
		t.Fatal(err)
	}
	if len(doc.SchemaExtension) != 1 || !strings.HasPrefix(doc.SchemaExtension[0].Directives.ForName("link").Arguments.ForName("url").Value.Raw, "https://specs.apollo.dev/federation/v2.") {
		t.Error("it does not link to the second version of the specification")
	}
	for _, d := range doc.Definitions {
		if strings.Contains(d.Name, "_") {
			t.Errorf("it defines %s", d.Name)
		}
		for _, f := range d.Fields {
			if strings.HasPrefix(f.Name, "_") {
				t.Errorf("it has %s.%s", d.Name, f.Name)
			}
		}
	}
	entities := contractSchema().Types["_Entity"].Types
	for _, d := range doc.Definitions {
		if keys := d.Directives.ForNames("key"); (len(keys) > 0) != slices.Contains(entities, d.Name) {
			t.Errorf("%s has %d keys", d.Name, len(keys))
		}
	}
	if doc.Definitions.ForName("PageInfo").Directives.ForName("shareable") == nil {
		t.Error("no other subgraph can have pages")
	}
}

// pointersTo is a record as other subgraphs may point at it.
func pointersTo(id string) []any {
	var out []any
	for _, typename := range []string{"Project", "ProcessTemplate", "Lesson", "OtherRecord"} {
		out = append(out, map[string]any{"__typename": typename, "id": id}, map[string]any{"__typename": typename, "uri": fixture.BaseURL + "/id/" + id})
	}
	return out
}

// registered is the id of an organisation that is in the government's register, and that of a data source.
func (n *node) registered(t testing.TB) (organization, source string) {
	t.Helper()
	ctx := fixture.System(t)
	err := n.Write(ctx, func(w *catalog.Writer) error {
		o := &record.Organization{Slug: "tooi", Name: "Tooi", Kind: record.OtherPublicBody, Custody: record.CustodyReference, TooiIRI: "https://identifier.overheid.nl/tooi/id/oorg/oorg10103"}
		if err := w.CreateOrganizations(ctx, []*record.Organization{o}); err != nil {
			return err
		}
		d, err := w.SaveDataSource(ctx, n.Leiden.ID, record.DataSource{Name: "Bron", Holder: "Gemeente"})
		if err != nil {
			return err
		}
		organization, source = o.ID, d.ID
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return organization, source
}
