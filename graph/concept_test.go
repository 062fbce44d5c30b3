package graph_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

const conceptFields = `concept { id uri scheme notation label(lang: NL) en: label(lang: EN) alternatives(lang: NL) enAlternatives: alternatives(lang: EN) definition(lang: NL)
	broader { notation } narrower { notation } related { notation } isDeprecated revision }`

func TestAConceptIsMadeAndChangedThroughTheContract(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		leiden := fixture.As(t, n.Leiden)
		n.wrote(t, leiden, "conceptCreate", input{"label": "Wonen in een kamer"}, "concept { id }")
		made := n.wrote(t, leiden, "conceptCreate", input{"notation": "kamers", "label": "kamers", "alternatives": []string{"kamerbewoning", " kamerbewoning ", "kamers"}, "definition": "Delen van een huis.",
			"broader": record.ConceptID(record.Thesaurus, "wonen-in-een-kamer"), "related": []string{wonen}}, conceptFields)
		same(t, "the new concept", made["concept"], map[string]any{"id": "con_thesaurus.kamers", "uri": record.ConceptIRI(record.Thesaurus, "kamers"), "scheme": "THESAURUS", "notation": "kamers",
			"label": "kamers", "en": "kamers", "alternatives": []any{"kamerbewoning"}, "enAlternatives": []any{}, "definition": "Delen van een huis.",
			"broader": map[string]any{"notation": "wonen-in-een-kamer"}, "narrower": []any{}, "related": []any{map[string]any{"notation": "wonen"}}, "isDeprecated": false, "revision": 2.0})

		changed := n.wrote(t, leiden, "conceptUpdate", input{"id": "con_thesaurus.kamers", "revision": 2, "lang": "EN", "label": "rooms", "alternatives": []string{"room letting"}}, conceptFields)
		same(t, "with English words", changed["concept"].(map[string]any)["enAlternatives"], []any{"room letting"})
		same(t, "the Dutch ones", changed["concept"].(map[string]any)["alternatives"], []any{"kamerbewoning"})

		changed = n.wrote(t, leiden, "conceptUpdate", input{"id": record.ConceptIRI(record.Thesaurus, "kamers"), "revision": 3, "alternatives": []string{}, "definition": nil, "broader": nil, "related": []string{}, "isDeprecated": true}, conceptFields)
		same(t, "the cleared concept", changed["concept"], map[string]any{"id": "con_thesaurus.kamers", "uri": record.ConceptIRI(record.Thesaurus, "kamers"), "scheme": "THESAURUS", "notation": "kamers",
			"label": "kamers", "en": "rooms", "alternatives": []any{}, "enAlternatives": []any{"room letting"}, "definition": nil, "broader": nil, "narrower": []any{}, "related": []any{}, "isDeprecated": true, "revision": 4.0})
		if got := n.must(t, stranger(t), `{ node(id: "con_thesaurus.kamers") { ... on Concept { label isDeprecated revision } } }`, nil); fmt.Sprint(got) != "map[node:map[isDeprecated:true label:kamers revision:<nil>]]" {
			t.Errorf("a deprecated concept, for a stranger: %v", got)
		}

		theme := n.wrote(t, leiden, "conceptUpdate", input{"id": wonen, "revision": 1, "alternatives": []string{"huisvesting"}}, "concept { label alternatives revision }")
		same(t, "a theme", theme["concept"], map[string]any{"label": "wonen", "alternatives": []any{"huisvesting"}, "revision": 2.0})
	})
}

func TestAConceptThatIsWrongIsTold(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		leiden := fixture.As(t, n.Leiden)
		n.wrote(t, leiden, "conceptCreate", input{"label": "a"}, "concept { id }")
		n.wrote(t, leiden, "conceptCreate", input{"label": "b", "broader": "con_thesaurus.a"}, "concept { id }")
		n.refused(t, leiden, "conceptCreate", input{"label": "a"}, "DUPLICATE notation")
		n.refused(t, leiden, "conceptCreate", input{"label": "x", "notation": "X!"}, "INVALID notation")
		n.refused(t, leiden, "conceptCreate", input{"label": strings.Repeat("a", 201), "broader": "x", "related": []string{"y"}}, "TOO_LONG label", "UNKNOWN_CONCEPT broader", "UNKNOWN_CONCEPT related")
		n.refused(t, leiden, "conceptCreate", input{"label": "x", "alternatives": func() (out []string) {
			for i := range 51 {
				out = append(out, fmt.Sprint("w", i))
			}
			return out
		}()}, "TOO_MANY alternatives")
		n.refused(t, leiden, "conceptUpdate", input{"id": "con_thesaurus.a", "revision": 2, "broader": "con_thesaurus.b"}, "INVALID broader")
		n.refused(t, leiden, "conceptUpdate", input{"id": "con_thesaurus.a", "revision": 1, "label": "x"}, "STALE_REVISION revision")
		n.refused(t, leiden, "conceptUpdate", input{"id": "con_thesaurus.a", "revision": 0, "label": "x"}, "INVALID revision")
		n.refused(t, leiden, "conceptUpdate", input{"id": "con_thesaurus.x", "revision": 1, "label": "x"}, "NOT_FOUND id")
		n.refused(t, leiden, "conceptUpdate", input{"id": wonen, "revision": 1, "label": "x", "isDeprecated": true}, "NOT_ALLOWED label", "NOT_ALLOWED isDeprecated")
		n.refused(t, leiden, "conceptUpdate", input{"id": rapport, "revision": 1, "alternatives": []string{"x"}}, "NOT_ALLOWED id")
	})
}

func TestTheThesaurusTakesATokenWithItsScope(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	n.wrote(t, fixture.As(t, n.Leiden), "conceptCreate", input{"label": "a"}, "concept { id }")
	with := func(scopes ...identity.Scope) context.Context {
		return identity.With(t.Context(), identity.Viewer{TokenID: "tok_x", OrganizationID: n.Leiden.ID, Scopes: scopes})
	}
	for who, c := range map[string]struct {
		ctx            context.Context
		code, revision string
	}{
		"a stranger":             {stranger(t), "UNAUTHENTICATED", "<nil>"},
		"a token without scopes": {with(), "FORBIDDEN", "<nil>"},
		"an author":              {with(identity.ReadOrganization, identity.WriteRecords), "FORBIDDEN", "<nil>"},
		"an editor":              {with(identity.WriteThesaurus), "", "2"},
	} {
		for _, q := range []string{`mutation { conceptUpdate(input: {id: "con_thesaurus.zo", revision: 1}) { userErrors { code } } }`, `mutation { conceptCreate(input: {label: "a"}) { userErrors { code } } }`} {
			a := n.ask(t, c.ctx, q, nil)
			if c.code == "" && len(a.Errors) == 0 {
				continue
			}
			if len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != c.code {
				t.Errorf("%s: %s", who, a.bytes)
			}
		}
		got := n.must(t, c.ctx, `{ node(id: "con_thesaurus.a") { ... on Concept { revision } } }`, nil)
		if r := fmt.Sprint(fixture.At(t, got, "node.revision")); r != c.revision {
			t.Errorf("%s sees revision %s, want %s", who, r, c.revision)
		}
	}
	// What is not edited has no revision for an editor either.
	if got := n.must(t, with(identity.WriteThesaurus), `{ concepts(scheme: METHOD) { revision } }`, nil); fmt.Sprint(got) != "map[concepts:[map[revision:<nil>]]]" {
		t.Errorf("a method: %v", got)
	}
	if a := n.ask(t, with(identity.WriteThesaurus), `mutation($o: ID!) { projectCreate(input: {organization: $o, title: "X", question: "Q", policyDomains: []}) { userErrors { code } } }`, input{"o": n.Leiden.ID}); len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != "FORBIDDEN" {
		t.Errorf("an editor makes a project: %s", a.bytes)
	}
}

// taxonomy brings in concepts of somebody else, the first above all others.
func (n *node) taxonomy(t *testing.T, count int) {
	t.Helper()
	cs := make([]*record.Concept, count)
	for i := range cs {
		iri := fmt.Sprintf("https://x.nl/%04d", i)
		notation := record.ImportedNotation(iri)
		cs[i] = &record.Concept{ID: record.ConceptID(record.Taxonomy, notation), IRI: iri, Scheme: record.Taxonomy, Notation: notation, Label: record.Text{"nl": fmt.Sprintf("Term %04d", i), "en": "Word"}}
		if i > 0 {
			cs[i].BroaderIRI = cs[0].IRI
		}
	}
	if err := n.Write(fixture.System(t), func(tx *catalog.Writer) error { return tx.SetConcepts(t.Context(), cs) }); err != nil {
		t.Fatal(err)
	}
}

func TestTermsAreReadPageByPage(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		n.taxonomy(t, 1_001)
		n.wrote(t, fixture.As(t, n.Leiden), "conceptCreate", input{"label": "Kamers", "alternatives": []string{"térmen"}}, "concept { id }")
		var labels []string
		var after any
		for range 20 {
			got := n.must(t, stranger(t), `query($after: Cursor) { terms(first: 100, after: $after) { nodes { label(lang: NL) } pageInfo { hasNextPage endCursor } totalCount } }`, input{"after": after})
			for _, x := range fixture.At(t, got, "terms.nodes").([]any) {
				labels = append(labels, x.(map[string]any)["label"].(string))
			}
			if fixture.At(t, got, "terms.totalCount") != 1_002.0 {
				t.Fatalf("%v", fixture.At(t, got, "terms.totalCount"))
			}
			if after = fixture.At(t, got, "terms.pageInfo.endCursor"); fixture.At(t, got, "terms.pageInfo.hasNextPage") == false {
				break
			}
		}
		if len(labels) != 1_002 || labels[0] != "Kamers" || !slices.IsSorted(labels) {
			t.Errorf("%d terms: %.200q", len(labels), labels)
		}
		count := func(arguments string) any {
			return fixture.At(t, n.must(t, stranger(t), `{ terms(`+arguments+`) { totalCount } }`, nil), "terms.totalCount")
		}
		for arguments, want := range map[string]float64{`prefix: "term"`: 1_002, `prefix: "TERM 000"`: 10, `prefix: "wor"`: 1_001, `prefix: "term", schemes: [THESAURUS]`: 1, `schemes: [TAXONOMY, TAXONOMY]`: 1_001, `prefix: "niets"`: 0} {
			if got := count(arguments); got != want {
				t.Errorf("%s gives %v, want %v", arguments, got, want)
			}
		}
		for query, want := range map[string][2]string{
			`{ terms(schemes: [METHOD]) { totalCount } }`:                     {"BAD_USER_INPUT", "Kies uit THESAURUS en TAXONOMY"},
			`{ terms(after: "x") { totalCount } }`:                            {"BAD_USER_INPUT", ""},
			`{ concepts(scheme: TAXONOMY) { id } }`:                           {"BAD_USER_INPUT", "Deze lijst heeft 1001 begrippen. Vraag ze per bladzijde met `terms`."},
			`{ terms(first: 101) { totalCount } }`:                            {"BAD_USER_INPUT", "1 tot en met 100"},
			`{ terms(first: 100) { nodes { broader { narrower { id } } } } }`: {"QUERY_TOO_COSTLY", "meer dan 10000 dingen"},
		} {
			a := n.ask(t, stranger(t), query, nil)
			if len(a.Errors) == 0 || a.Errors[0].Extensions["code"] != want[0] || !strings.Contains(a.Errors[0].Message, want[1]) {
				t.Errorf("%s: %.500s", query, a.bytes)
			}
		}
		// Two levels fit, also in the same operation twice.
		n.must(t, stranger(t), `{ terms(prefix: "Term 0000") { nodes { narrower { label } } } }`, nil)
		n.must(t, stranger(t), `{ terms(prefix: "Term 0000") { nodes { narrower { label broader { id } } } } }`, nil)
	})
}
