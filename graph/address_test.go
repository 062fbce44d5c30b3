package graph_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/udc-community/plein/graph"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

func TestAPageAsksWhatIsAtItsAddress(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		leiden := fixture.As(t, n.Leiden)
		id := n.Publish(t, n.Project("Verkamering")).Base().ID
		at := func(ctx context.Context, path string) any {
			t.Helper()
			return n.must(t, ctx, `query($p: String!) { address(path: $p) { path record { id slug title ... on Project { phase } } tombstone { title reason at } } }`, map[string]any{"p": path})["address"]
		}
		first := map[string]any{"path": "/projecten/udc-leiden/verkamering", "record": map[string]any{"id": id, "slug": "verkamering", "title": "Verkamering", "phase": "RUNNING"}, "tombstone": nil}
		same(t, "its address", at(stranger(t), "/projecten/udc-leiden/verkamering"), first)
		n.wrote(t, leiden, "projectUpdate", input{"id": id, "revision": 2, "title": "Kamers"}, "project { slug }")
		n.wrote(t, leiden, "recordPublish", input{"id": id, "revision": 3}, "record { slug }")
		second := map[string]any{"path": "/projecten/udc-leiden/kamers", "record": map[string]any{"id": id, "slug": "kamers", "title": "Kamers", "phase": "RUNNING"}, "tombstone": nil}
		same(t, "its old address", at(stranger(t), "/projecten/udc-leiden/verkamering"), second)
		same(t, "its new address", at(stranger(t), "/projecten/udc-leiden/kamers"), second)
		if got := n.must(t, leiden, `query($id: ID!) { draft(id: $id) { slug } }`, map[string]any{"id": id}); fixture.At(t, got, "draft.slug") != "kamers" {
			t.Error("its working copy", got)
		}
		n.wrote(t, leiden, "recordWithdraw", input{"id": id, "revision": 4, "note": "Dubbel."}, "record { id }")
		same(t, "withdrawn", at(stranger(t), "/projecten/udc-leiden/verkamering"), map[string]any{"path": "/projecten/udc-leiden/verkamering", "record": nil,
			"tombstone": map[string]any{"title": "Kamers", "reason": "Dubbel.", "at": "2026-03-02T09:00:00.000Z"}})
		for _, path := range []string{"", "/over", "/projecten/udc-leiden/nergens", "/projecten/x/verkamering", "/sjablonen/udc-leiden/verkamering"} {
			if got := at(stranger(t), path); got != nil {
				t.Errorf("%q: %v", path, got)
			}
		}
	})
}

func TestOrganisationsAndMunicipalitiesFindEachOther(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		n.Publish(t, n.Project("Verkamering"))
		got := n.must(t, stranger(t), `{ organization(slug: "udc-leiden") { name municipalities { code organizations { slug } } } none: organization(slug: "nergens") { id }
			municipality(code: "GM0546") { location { latitude longitude } organizations { slug projects(first: 1) { totalCount } } } }`, nil)
		same(t, "an organisation", fixture.At(t, got, "organization.municipalities.0.organizations"), []any{map[string]any{"slug": "udc-leiden"}})
		same(t, "a municipality", fixture.At(t, got, "municipality.organizations"), []any{map[string]any{"slug": "udc-leiden", "projects": map[string]any{"totalCount": 1.0}}})
		if got["none"] != nil {
			t.Error(got["none"])
		}
		a := n.ask(t, stranger(t), `{ municipalities(first: 2) { nodes { organizations { projects(first: 1) { totalCount } } } } }`, nil)
		if len(a.Errors) == 0 || a.Errors[0].Extensions["code"] != badInput || !strings.Contains(a.Errors[0].Message, "één tegelijk") {
			t.Errorf("projects of the organisations of each municipality: %.300s", a.bytes)
		}
	})
}

func TestAPublisherIsAskedForByIDOrByShortName(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		n.Publish(t, n.Project("Verkamering"))
		n.catchUp(t)
		const query = `query($p: [ID!]) { projects(filter: {organizations: $p}) { totalCount } search(filter: {organizations: $p}) { totalCount } }`
		for _, c := range []struct {
			publisher string
			want      float64
		}{{n.Leiden.ID, 1}, {"udc-leiden", 1}, {"nergens", 0}} {
			got := n.must(t, stranger(t), query, map[string]any{"p": []string{c.publisher}})
			if a, b := fixture.At(t, got, "projects.totalCount"), fixture.At(t, got, "search.totalCount"); a != c.want || b != c.want {
				t.Errorf("%s: %v projects, %v found; want %v", c.publisher, a, b, c.want)
			}
		}
	})
}

func TestOrganisationsAndMunicipalitiesDoNotMultiplyWithoutEnd(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	crowded(t, n)
	n.must(t, stranger(t), `{ municipality(code: "GM0546") { organizations { municipalities { code } } } }`, nil)
	a := n.ask(t, stranger(t), `{ municipality(code: "GM0546") { organizations { municipalities { organizations { name } } } } }`, nil)
	if len(a.Errors) == 0 || a.Errors[0].Extensions["code"] != tooCostly {
		t.Errorf("%.300s", a.bytes)
	}
}

func TestStepsAreCalledAsTheFirstPublicTemplateCallsThem(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		const query = `{ lessons { nodes { stepsInFull { key uri title english: title(lang: EN) } } } search(facets: [STEP], filter: {types: [LESSON]}) { facets { buckets { value label } } } }`
		hidden := n.Template("Besloten werkwijze", "1.0.0", "vraag")
		hidden.Audience = record.Community
		hidden.Steps[0].IRI, hidden.Steps[0].Title = record.Namespace+"step/vraag", record.NL("Geheime stap")
		n.Publish(t, hidden)
		n.Publish(t, n.Lesson("Meet de overlast"))
		n.catchUp(t)
		names := func() []any {
			t.Helper()
			got := n.must(t, stranger(t), query, nil)
			step := fixture.At(t, got, "lessons.nodes.0.stepsInFull.0").(map[string]any)
			if step["key"] != "vraag" || step["uri"] != record.Namespace+"step/vraag" {
				t.Errorf("%v", step)
			}
			return []any{step["title"], step["english"], fixture.At(t, got, "search.facets.0.buckets.0.label")}
		}
		same(t, "without a public template", names(), []any{"vraag", "vraag", "vraag"})
		public := n.Template("Zes stappen", "1.0.0", "vraag")
		public.Steps[0].IRI, public.Steps[0].Title = record.Namespace+"step/vraag", record.Text{"nl": "De vraag", "en": "The question"}
		id := n.Publish(t, public).Base().ID
		same(t, "with one", names(), []any{"De vraag", "The question", "De vraag"})
		n.Clock.Move(1)
		fork := n.Template("Fork", "1.0.0", "vraag")
		fork.Steps[0].IRI, fork.Steps[0].Title = record.Namespace+"step/vraag", record.NL("Anders")
		n.Publish(t, fork)
		same(t, "with another one", names(), []any{"De vraag", "The question", "De vraag"})
		err := n.Write(fixture.System(t), func(w *catalog.Writer) error {
			_, err := w.Withdraw(fixture.System(t), id, 0, "Vervallen.")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		same(t, "when the first is withdrawn", names(), []any{"Anders", "Anders", "Anders"})
	})
}

func TestATextWithMarkupIsGivenAsItIsAsked(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	p := n.Project("Verkamering")
	p.Answer = record.Text{"nl": "# Kop\n\nZie [het rapport](https://example.nl) <script>alert(1)</script> [x](javascript:alert(1))", "en": "*Yes*"}
	id := n.Publish(t, p).Base().ID
	got := n.must(t, stranger(t), `query($id: ID!, $f: TextFormat) { node(id: $id) { ... on Project { answer md: answer(format: MARKDOWN) html: answer(format: HTML) en: answer(lang: EN, format: $f) occasion(format: HTML) } } }`,
		map[string]any{"id": id, "f": "HTML"})["node"].(map[string]any)
	if got["answer"] != p.Answer["nl"] || got["md"] != p.Answer["nl"] || got["occasion"] != nil {
		t.Errorf("%v", got)
	}
	same(t, "as HTML", got["html"], "<h3>Kop</h3>\n<p>Zie <a href=\"https://example.nl\" rel=\"nofollow noopener\">het rapport</a> alert(1) x</p>\n")
	same(t, "in English", got["en"], "<p><em>Yes</em></p>\n")
}

func TestWhatOurOwnPagesAskCostsTheSameHoweverLargeItIs(t *testing.T) {
	n := openTrusting(t, fixture.SQLite(t), map[string]string{
		"small": `{ service { name } }`,
		"page":  `query($n: Int) { projects(first: $n) { nodes { title publisher { name } } } }`,
		"huge":  `query($n: Int) { organizations(first: $n) { nodes { projects(first: $n) { nodes { title } } } } }`,
	})
	for _, x := range []struct {
		hash, variables, code string
		cost                  float64
	}{
		{"small", `{}`, "", 10}, {"page", `{"n": 1}`, "", 10}, {"page", `{"n": 100}`, "", 10},
		{"page", `{"n": 101}`, badInput, 0}, {"huge", `{"n": 100}`, tooCostly, 1}, {"page", `{"n": ` + strings.Repeat("[", 20) + strings.Repeat("]", 20) + `}`, "QUERY_TOO_DEEP", 0},
	} {
		a := n.send(t, stranger(t), fmt.Appendf(nil, `{"variables": %s, "extensions":{"persistedQuery":{"version":1,"sha256Hash":%q}}}`, x.variables, x.hash))
		code := ""
		if len(a.Errors) > 0 {
			code = fmt.Sprint(a.Errors[0].Extensions["code"])
		}
		if code != x.code || code == "" && (fixture.At(t, a.Extensions, "cost.requested") != x.cost || a.header.Get(graph.CostHeader) != fmt.Sprint(x.cost)) {
			t.Errorf("%s with %s: %.300s", x.hash, x.variables, a.bytes)
		}
	}
	if a := n.ask(t, stranger(t), `{ projects(first: 100) { nodes { title publisher { name } } } }`, nil); fixture.At(t, a.Extensions, "cost.requested") != 201.0 {
		t.Errorf("the same from anybody: %v", a.Extensions)
	}
}
