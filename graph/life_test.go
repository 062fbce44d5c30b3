package graph_test

import (
	"testing"

	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

func TestAProjectIsWrittenPublishedFoundAndWithdrawn(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		leiden := fixture.As(t, n.Leiden)
		made := n.must(t, leiden, `mutation($o: ID!, $d: [ID!]!) { projectCreate(input: {organization: $o, idempotencyKey: "k1",
			title: "Verkamering", summary: "Splitsen van woningen in kamers voor studenten geeft overlast.", question: "Waar gebeurt het?", policyDomains: $d}) {
			project { id revision state uri publisher { name } municipalities { name province sizeClass urbanity } policyDomains { label } } warnings { code } userErrors { code field message } } }`,
			map[string]any{"o": n.Leiden.ID, "d": []string{record.ConceptID(record.PolicyDomain, "wonen")}})
		if errs := fixture.At(t, made, "projectCreate.userErrors").([]any); len(errs) > 0 {
			t.Fatal(errs)
		}
		id := fixture.At(t, made, "projectCreate.project.id").(string)
		if fixture.At(t, made, "projectCreate.project.municipalities.0.name") != "Leiden" || fixture.At(t, made, "projectCreate.project.municipalities.0.urbanity") != nil {
			t.Error(made)
		}
		if got := n.must(t, stranger(t), `query($id: ID!) { node(id: $id) { id } draft(id: $id) { id } }`, map[string]any{"id": id}); got["node"] != nil || got["draft"] != nil {
			t.Error("a stranger sees a draft", got)
		}
		changed := n.must(t, leiden, `mutation($id: ID!, $m: ID!) { projectUpdate(input: {id: $id, revision: 1, methods: [$m], goodFirstProject: true, answer: "In drie wijken.", phase: DONE}) {
			project { revision complexity methods { notation } } userErrors { code field message } } }`,
			map[string]any{"id": id, "m": record.ConceptID(record.Method, "datamatch")})
		if fixture.At(t, changed, "projectUpdate.project.complexity") != "SIMPLE" || fixture.At(t, changed, "projectUpdate.project.revision") != 2.0 {
			t.Error(changed)
		}
		stale := n.must(t, leiden, `mutation($id: ID!) { projectUpdate(input: {id: $id, revision: 1, title: "X"}) { project { id } userErrors { code message(lang: EN) } } }`, map[string]any{"id": id})
		if fixture.At(t, stale, "projectUpdate.userErrors.0.code") != "STALE_REVISION" || fixture.At(t, stale, "projectUpdate.project") != nil {
			t.Error(stale)
		}
		added := n.must(t, leiden, `mutation($id: ID!, $k: ID!, $by: ID!) { outputAdd(input: {project: $id, revision: 2, kind: $k, title: "Factsheet", producedBy: $by}) { output { id mustBecomePublic } project { revision } userErrors { code field } } }`,
			map[string]any{"id": id, "k": record.ConceptID(record.OutputKind, "factsheet"), "by": n.CBS.ID})
		if fixture.At(t, added, "outputAdd.output.mustBecomePublic") != true {
			t.Error("what the statistics office made must become public", added)
		}
		n.must(t, leiden, `mutation($id: ID!) { recordPublish(input: {id: $id, revision: 3}) { record { state publicVersion } userErrors { code field } } }`, map[string]any{"id": id})
		n.catchUp(t)

		found := n.must(t, stranger(t), `{ search(query: "kamers studenten overlast", facets: [POLICY_DOMAIN]) { totalCount
			edges { score node { ... on Project { id title revision publisher { name projects { totalCount } } outputs { id title kind { label } producedBy { name } } } } highlights { field fragments { text hit } } }
			facets { facet label buckets { value label count selected concept { uri } } } } }`, nil)
		if fixture.At(t, found, "search.totalCount") != 1.0 || fixture.At(t, found, "search.edges.0.node.id") != id || fixture.At(t, found, "search.edges.0.node.revision") != nil {
			t.Fatal(found)
		}
		if fixture.At(t, found, "search.facets.0.buckets.0.label") != "wonen" || fixture.At(t, found, "search.facets.0.buckets.0.value") != record.ConceptID(record.PolicyDomain, "wonen") {
			t.Error(found)
		}
		part := n.must(t, stranger(t), `query($id: ID!) { node(id: $id) { ... on Output { title } } }`, map[string]any{"id": fixture.At(t, found, "search.edges.0.node.outputs.0.id")})
		if fixture.At(t, part, "node.title") != "Factsheet" {
			t.Error(part)
		}
		n.must(t, leiden, `mutation($id: ID!) { recordWithdraw(input: {id: $id, revision: 4, note: "Dubbel."}) { userErrors { code field } } }`, map[string]any{"id": id})
		gone := n.must(t, stranger(t), `query($id: ID!) { node(id: $id) { id } search(query: "verkamering") { totalCount } changes { nodes { kind recordId reason record { id } } } }`, map[string]any{"id": id})
		if gone["node"] != nil || fixture.At(t, gone, "search.totalCount") != 0.0 {
			t.Error("what was withdrawn is still there", gone)
		}
		if fixture.At(t, gone, "changes.nodes.1.kind") != "DELETE" || fixture.At(t, gone, "changes.nodes.1.reason") != "Dubbel." {
			t.Error(gone)
		}
	})
}
