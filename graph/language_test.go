package graph_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

// askIn is ask for a client that prefers languages.
func (n *node) askIn(t testing.TB, accept, query string, variables map[string]any) *answer {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(fixture.As(t, n.Leiden), "POST", "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if accept != "" {
		r.Header.Set("Accept-Language", accept)
	}
	w := httptest.NewRecorder()
	n.ServeHTTP(w, r)
	return read(t, w)
}

func TestATextComesInTheLanguageAskedForElseTheClientsElseDutch(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	both := n.Project("Verkamering")
	both.Title[record.English] = "Room conversion"
	english := n.Project("")
	english.Language, english.Title = record.English, record.Text{record.English: "Only English"}
	ids := []string{n.Publish(t, both).Base().ID, n.draft(t, english)}
	for _, c := range []struct{ accept, argument, both, english string }{
		{"", "", "Verkamering", "Only English"},
		{"nl", "", "Verkamering", "Only English"},
		{"en", "", "Room conversion", "Only English"},
		{"en-GB,nl;q=0.5", "", "Room conversion", "Only English"},
		{"fr, en;q=0.8, nl;q=0.5", "", "Room conversion", "Only English"},
		{"nl-NL, en", "", "Verkamering", "Only English"},
		{"fr", "", "Verkamering", "Only English"},
		{"*", "", "Verkamering", "Only English"},
		{"en", "NL", "Verkamering", "Only English"},
		{"nl", "EN", "Room conversion", "Only English"},
		{"\x01;;,,=", "", "Verkamering", "Only English"},
	} {
		argument := ""
		if c.argument != "" {
			argument = "(lang: " + c.argument + ")"
		}
		a := n.askIn(t, c.accept, `query($a: ID!, $b: ID!) { both: node(id: $a) { ... on Project { title`+argument+` } } english: draft(id: $b) { title`+argument+` } }`, map[string]any{"a": ids[0], "b": ids[1]})
		if got := []any{fixture.At(t, a.Data, "both.title"), fixture.At(t, a.Data, "english.title")}; got[0] != c.both || got[1] != c.english {
			t.Errorf("Accept-Language %q and argument %q give %v", c.accept, c.argument, got)
		}
	}
	if a := n.askIn(t, "en", `query($a: ID!) { node(id: $a) { ... on Project { summary summaryNL: summary(lang: NL) } } }`, map[string]any{"a": ids[0]}); fmt.Sprint(a.Data["node"]) != "map[summary:Samenvatting van Verkamering summaryNL:Samenvatting van Verkamering]" {
		t.Errorf("a text that exists in Dutch only: %s", a.bytes)
	}
}

func TestProblemsComeInTheLanguageAskedForElseTheClients(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	in := map[string]any{"i": input{"organization": n.Leiden.ID, "title": "", "question": "Q", "policyDomains": []string{}}}
	const create = `mutation($i: ProjectCreateInput!) { projectCreate(input: $i) { userErrors { message nl: message(lang: NL) en: message(lang: EN) } } }`
	for accept, want := range map[string]string{"": "Vul dit in.", "nl": "Vul dit in.", "en": "This is required."} {
		got := fixture.At(t, n.askIn(t, accept, create, in).Data, "projectCreate.userErrors.0").(map[string]any)
		if got["message"] != want || got["nl"] != "Vul dit in." || got["en"] != "This is required." {
			t.Errorf("Accept-Language %q: %v", accept, got)
		}
	}
	for accept, word := range map[string]string{"nl": "Vraag met", "en": "Ask with"} {
		if a := n.askIn(t, accept, `{ projects(first: 0) { totalCount } }`, nil); !strings.HasPrefix(a.Errors[0].Message, word) {
			t.Errorf("a refusal in %s: %s", accept, a.Errors[0].Message)
		}
	}
	for accept, word := range map[string]string{"nl": "Deze cursor", "en": "This cursor"} {
		if a := n.askIn(t, accept, `{ projects(after: "x") { totalCount } }`, nil); !strings.HasPrefix(a.Errors[0].Message, word) {
			t.Errorf("a bad cursor in %s: %s", accept, a.Errors[0].Message)
		}
	}
}

func TestASummaryIsCutWhereAWordEnds(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	p := n.Project("Verkamering")
	p.Summary = record.Text{"nl": "Wonen in één kamer,\nverdeeld over de stad", "en": "Rooms"}
	id := n.Publish(t, p).Base().ID
	for _, x := range []struct {
		atMost any
		want   any
	}{
		{nil, p.Summary["nl"]}, {1000, p.Summary["nl"]}, {41, p.Summary["nl"]}, {40, "Wonen in één kamer,\nverdeeld over de…"}, {20, "Wonen in één kamer,…"}, {19, "Wonen in één…"},
		{13, "Wonen in één…"}, {12, "Wonen in…"}, {4, "Won…"}, {1, "…"}, {0, nil}, {-1, nil},
	} {
		got := n.must(t, stranger(t), `query($id: ID!, $n: Int) { node(id: $id) { ... on Project { nl: summary(atMost: $n) en: summary(lang: EN, atMost: 100) } } }`,
			map[string]any{"id": id, "n": x.atMost})["node"].(map[string]any)
		same(t, fmt.Sprint("at most ", x.atMost), got["nl"], x.want)
		same(t, "in English", got["en"], "Rooms")
	}
}
