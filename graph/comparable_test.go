package graph_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

// classes is a made-up table in the form of CBS's: what is true of these municipalities does not matter here.
const classes = `Gemeentecode;Stedelijkheid
GM0599 ;1
GM0344 ;1
GM0546 ;2
GM1701 ;5
GM1690 ;5
`

const comparableQuery = `query($id: ID!, $from: ID, $weights: ComparableWeights, $filter: ProjectFilter, $first: Int = 10, $after: Cursor) {
	node(id: $id) { ... on Project { comparable(perspective: $from, weights: $weights, filter: $filter, first: $first, after: $after) {
		totalCount perspective { name } pageInfo { hasNextPage endCursor } edges { score topicScore municipalityScore node { title }
			reasons { factor contribution text ours theirs } differences { factor contribution text } } } } } }`

// neighbours is a node with the starter content, one project about rooms in a city and one in the country, and one about
// something else in a city.
func neighbours(t *testing.T, w *fixture.World) (n *node, verkamering string) {
	t.Helper()
	n = open(t, w)
	if err := exchange.LoadReference(t.Context(), w.Catalog); err != nil {
		t.Fatal(err)
	}
	if _, err := exchange.Seed(t.Context(), w.Catalog); err != nil {
		t.Fatal(err)
	}
	p, err := w.Page(stranger(t), catalog.Filter{Types: []record.Type{record.ProjectType}}, catalog.Order{}, 10, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range p.Records {
		if r.Base().Title.In() == "Verkamering" {
			verkamering = r.Base().ID
		}
	}
	rooms := n.somewhere(t, "Kamerverhuur in de stad", "Waar wonen studenten in kamers, en waar geeft dat overlast?", "GM0344")
	rooms.MethodIRIs = []string{record.ConceptIRI(record.Method, "datamatch")}
	w.Publish(t, rooms)
	w.Publish(t, n.somewhere(t, "Kamers in oude boerderijen", "Waar worden boerderijen in kamers verdeeld, en waar geeft dat overlast voor studenten?", "GM1701"))
	other := n.somewhere(t, "Drukte op het fietspad", "Hoe druk is het op fietspaden rond het station?", "GM0599")
	other.PolicyDomainIRIs = []string{theme(t, n, "verkeer")}
	w.Publish(t, other)
	n.catchUp(t)
	return n, verkamering
}

func (n *node) somewhere(t *testing.T, title, question, municipality string) *record.Project {
	t.Helper()
	p := n.Project(title)
	p.PublisherID, p.MunicipalityCodes, p.Question = n.Delft.ID, []string{municipality}, record.NL(question)
	p.PolicyDomainIRIs = []string{theme(t, n, "wonen")}
	return p
}

// theme is the IRI of a policy theme by its label.
func theme(t *testing.T, n *node, label string) string {
	t.Helper()
	for _, c := range n.Reference().Scheme(record.PolicyDomain) {
		if c.Label.In() == label && strings.HasPrefix(c.Notation, "c_") {
			return c.IRI
		}
	}
	t.Fatalf("no theme %q", label)
	return ""
}

func urban(t *testing.T, n *node) {
	t.Helper()
	if _, err := exchange.ImportMunicipalities(t.Context(), n.Catalog, strings.NewReader(classes), false); err != nil {
		t.Fatal(err)
	}
	n.catchUp(t)
}

// like is one edge of an answer.
type like struct {
	title                string
	score                float64
	reasons, differences []string
}

func likes(t *testing.T, connection any) []like {
	t.Helper()
	var out []like
	texts := func(v any) []string {
		s := []string{}
		for _, r := range v.([]any) {
			s = append(s, fixture.At(t, r, "text").(string))
		}
		return s
	}
	for _, e := range fixture.At(t, connection, "edges").([]any) {
		out = append(out, like{fixture.At(t, e, "node.title").(string), fixture.At(t, e, "score").(float64), texts(fixture.At(t, e, "reasons")), texts(fixture.At(t, e, "differences"))})
	}
	return out
}

func titlesOf(ls []like) []string {
	out := []string{}
	for _, l := range ls {
		out = append(out, l.title)
	}
	return out
}

func (n *node) comparable(t *testing.T, variables map[string]any) (any, []like) {
	t.Helper()
	c := fixture.At(t, n.must(t, stranger(t), comparableQuery, variables), "node.comparable")
	return c, likes(t, c)
}

func TestWhatIsComparableDependsOnFromWhereOneLooks(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		n, verkamering := neighbours(t, w)
		urban(t, n)

		c, city := n.comparable(t, map[string]any{"id": verkamering, "from": "GM0599"})
		_, village := n.comparable(t, map[string]any{"id": verkamering, "from": "mun_GM1690"})
		if fixture.At(t, c, "perspective.name") != "Rotterdam" || len(city) != 2 || len(village) != 2 {
			t.Fatalf("%+v\n%+v", city, village)
		}
		if got := titlesOf(city); !slices.Equal(got, []string{"Kamerverhuur in de stad", "Kamers in oude boerderijen"}) {
			t.Errorf("from a city: %q", got)
		}
		if got := titlesOf(village); !slices.Equal(got, []string{"Kamers in oude boerderijen", "Kamerverhuur in de stad"}) {
			t.Errorf("from a village: %q", got)
		}
		for _, x := range []struct {
			in   []string
			want string
		}{
			{city[0].reasons, "Ook zeer sterk stedelijk"}, {city[1].differences, "Niet stedelijk, u wel"}, {city[1].differences, "Veel kleiner: "},
			{village[0].reasons, "Ook niet stedelijk"}, {village[0].reasons, "Ook in Drenthe"}, {village[1].differences, "Zeer sterk stedelijk, u niet"},
			{city[0].reasons, "Gaat over dezelfde woorden: "}, {city[0].reasons, "Zelfde thema: wonen"}, {city[0].reasons, "Dezelfde methode: bestanden vergelijken (datamatch)"},
			{city[1].differences, "Zij noemen geen methode"},
		} {
			if !slices.ContainsFunc(x.in, func(s string) bool { return strings.HasPrefix(s, x.want) }) {
				t.Errorf("%q is not said in %q", x.want, x.in)
			}
		}
		// The words are those that people wrote.
		i := slices.IndexFunc(city[0].reasons, func(s string) bool { return strings.HasPrefix(s, "Gaat over") })
		for _, word := range []string{"kamers", "studenten"} {
			if !strings.Contains(city[0].reasons[i], word) {
				t.Errorf("%q does not name %s", city[0].reasons[i], word)
			}
		}

		// What became known of municipalities is in the index too.
		found := n.must(t, stranger(t), `{ search(filter: {urbanity: [5]}, facets: [URBANITY]) { nodes { ... on Project { title } } facets { buckets { value label count } } } }`, nil)
		if got := fmt.Sprint(fixture.At(t, found, "search.nodes")); got != "[map[title:Kamers in oude boerderijen]]" {
			t.Errorf("not urban: %s", got)
		}
		if got := fmt.Sprint(fixture.At(t, found, "search.facets.0.buckets")); !strings.Contains(got, "zeer sterk stedelijk") {
			t.Errorf("facets: %s", got)
		}

		// Contributions add up to the score.
		for _, e := range fixture.At(t, c, "edges").([]any) {
			sum := 0.0
			for _, list := range []string{"reasons", "differences"} {
				for _, r := range fixture.At(t, e, list).([]any) {
					sum += fixture.At(t, r, "contribution").(float64)
				}
			}
			if score := fixture.At(t, e, "score").(float64); sum < score-1e-9 || sum > score+1e-9 {
				t.Errorf("contributions of %v add up to %v, not %v", fixture.At(t, e, "node.title"), sum, score)
			}
		}
	})
}

func TestWithoutClassesTheReasonsSayThatUrbanityIsUnknown(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		n, verkamering := neighbours(t, w)
		c, got := n.comparable(t, map[string]any{"id": verkamering})
		if fixture.At(t, c, "perspective.name") != "Leiden" || len(got) != 2 {
			t.Fatalf("%+v", got)
		}
		for _, l := range got {
			if !slices.ContainsFunc(l.reasons, func(s string) bool {
				return strings.HasPrefix(s, "De stedelijkheid van ") && strings.HasSuffix(s, " en Leiden is niet bekend")
			}) {
				t.Errorf("%s: %q", l.title, l.reasons)
			}
		}
		a := n.ask(t, stranger(t), `query($id: ID!) { node(id: $id) { ... on Project { comparable(first: 1) { nodes { title } edges { reasons { factor contribution text(lang: EN) } } } } } }`, map[string]any{"id": verkamering})
		if !strings.Contains(string(a.bytes), "The urbanity of ") || !strings.Contains(string(a.bytes), `"factor":"URBANITY","contribution":0`) {
			t.Errorf("%s", a.bytes)
		}
	})
}

func TestADescriptionFindsProjectsBeforeThereIsOne(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		const query = `query($text: String!, $from: ID, $domains: [ID!], $weights: ComparableWeights) { comparable(text: $text, municipality: $from, policyDomains: $domains, weights: $weights) {
			totalCount perspective { code } nodes { title } edges { score node { title } reasons { text } differences { text } } } }`
		empty := open(t, w)
		ask := func(n *node, variables map[string]any) []like {
			return likes(t, fixture.At(t, n.must(t, stranger(t), query, variables), "comparable"))
		}
		if got := ask(empty, map[string]any{"text": "kamers voor studenten"}); len(got) != 0 {
			t.Fatalf("an empty catalogue gives %v", got)
		}
		n, _ := neighbours(t, w)
		for text, want := range map[string]string{
			"Klachten over kamers voor studenten":           "Verkamering",
			"Hoe druk is het op de fiets naar het station?": "Drukte op het fietspad",
			"boerderijen": "Kamers in oude boerderijen",
			"Nuisance of homes that are split into rooms":     "Verkamering",
			"gemiddelde stikstofuitstoot van luchtvaartuigen": "",
			"de het een van": "",
			"12 345 6":       "",
		} {
			got := titlesOf(ask(n, map[string]any{"text": text}))
			if want == "" && len(got) != 0 || want != "" && (len(got) == 0 || !slices.Contains(got[:min(2, len(got))], want)) {
				t.Errorf("%q finds %q, want %q", text, got, want)
			}
		}
		// A municipality moves what is near forward; a theme finds what has no word in common.
		if got := titlesOf(ask(n, map[string]any{"text": "kamers overlast", "from": "GM1690"})); len(got) == 0 || got[0] != "Kamers in oude boerderijen" {
			t.Errorf("from the country: %q", got)
		}
		got := ask(n, map[string]any{"text": "", "domains": []string{theme(t, n, "verkeer")}})
		if want := []string{"Drukte op het fietspad"}; !slices.Equal(titlesOf(got), want) {
			t.Errorf("by theme: %q", titlesOf(got))
		}
	})
}

func TestAWorkingCopyFindsWhatIsComparableForItsOwnOrganisation(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		n, _ := neighbours(t, w)
		draft := n.Project("Kamers boven winkels")
		draft.Question, draft.PolicyDomainIRIs = record.NL("Waar wonen studenten in geheimzinnige kamers boven winkels, met overlast?"), []string{theme(t, n, "wonen")}
		var id string
		ctx := fixture.As(t, n.Leiden)
		if err := n.Write(ctx, func(tx *catalog.Writer) error {
			r, err := tx.Create(ctx, draft, catalog.Origin{})
			if err == nil {
				id = r.Base().ID
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		n.catchUp(t)
		const query = `query($id: ID!) { draft(id: $id) { ... on Project { comparable { totalCount edges { score node { title publisher { name } } reasons { text } differences { text } } } } } }`
		got := likes(t, fixture.At(t, n.must(t, ctx, query, map[string]any{"id": id}), "draft.comparable"))
		if len(got) != 3 || slices.Contains(titlesOf(got), "Kamers boven winkels") || got[0].title == "Drukte op het fietspad" {
			t.Errorf("%+v", got)
		}
		for who, ctx := range map[string]context.Context{"a stranger": stranger(t), "another organisation": fixture.As(t, n.Delft)} {
			if data := n.must(t, ctx, query, map[string]any{"id": id}); data["draft"] != nil {
				t.Errorf("%s asks with it: %v", who, data)
			}
		}
		// Nobody finds it, and its words change nothing for others.
		a := n.ask(t, stranger(t), `{ comparable(text: "geheimzinnige kamers winkels") { nodes { title } edges { reasons { text ours theirs } } } }`, nil)
		if strings.Contains(string(a.bytes), "boven winkels") || strings.Contains(string(a.bytes), "geheimzinnige") {
			t.Errorf("%s", a.bytes)
		}

		// What is for the community asks, and is not found.
		p := n.Project("Kamers voor leden")
		p.Audience, p.Question, p.PolicyDomainIRIs = record.Community, draft.Question, draft.PolicyDomainIRIs
		community := n.Publish(t, p).Base().ID
		n.catchUp(t)
		data := n.must(t, fixture.As(t, n.Delft), comparableQuery, map[string]any{"id": community})
		if got := titlesOf(likes(t, fixture.At(t, data, "node.comparable"))); len(got) != 3 {
			t.Errorf("%q", got)
		}
		data = n.must(t, ctx, query, map[string]any{"id": id})
		if slices.Contains(titlesOf(likes(t, fixture.At(t, data, "draft.comparable"))), "Kamers voor leden") {
			t.Error("what is for the community is found")
		}
	})
}

func TestWhatWasWithdrawnIsComparableNoMore(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		n, verkamering := neighbours(t, w)
		_, before := n.comparable(t, map[string]any{"id": verkamering})
		gone := before[0].title
		p, err := w.Page(stranger(t), catalog.Filter{Types: []record.Type{record.ProjectType}}, catalog.Order{}, 10, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range p.Records {
			if r.Base().Title.In() == gone {
				err := w.Write(fixture.As(t, n.Delft), func(tx *catalog.Writer) error {
					_, err := tx.Withdraw(t.Context(), r.Base().ID, 2, "Dit klopte niet.")
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		// The index does not know yet.
		c, after := n.comparable(t, map[string]any{"id": verkamering})
		if slices.Contains(titlesOf(after), gone) || len(after) != len(before)-1 || fixture.At(t, c, "totalCount") != float64(len(after)) {
			t.Errorf("%q is there still: %+v", gone, after)
		}
	})
}

func TestComparisonsAreFilteredWeighedAndPaged(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	ctx := fixture.As(t, n.Leiden)
	var first string
	if err := n.Write(ctx, func(tx *catalog.Writer) error {
		for i := range 260 {
			p := n.Project(fmt.Sprintf("Overlast %03d", i))
			p.MunicipalityCodes = []string{[]string{"GM0546", "GM0503", "GM0014"}[i%3]}
			if i%2 == 0 {
				p.MethodIRIs = []string{record.ConceptIRI(record.Method, "datamatch")}
			}
			r, err := tx.Create(ctx, p, catalog.Origin{})
			if err == nil {
				r, err = tx.Publish(ctx, r.Base().ID, 1)
			}
			if err != nil {
				return err
			}
			if i == 0 {
				first = r.Base().ID
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	n.catchUp(t)

	// Every project once, the best first, never itself, and no more than 200.
	seen, last, after := map[string]bool{}, 2.0, any(nil)
	for {
		c, got := n.comparable(t, map[string]any{"id": first, "first": 64, "after": after})
		if fixture.At(t, c, "totalCount") != 200.0 {
			t.Fatalf("%v comparable", fixture.At(t, c, "totalCount"))
		}
		for _, l := range got {
			if seen[l.title] || l.title == "Overlast 000" || l.score > last {
				t.Fatalf("%s comes after a score of %v", l.title, last)
			}
			seen[l.title], last = true, l.score
		}
		if after = fixture.At(t, c, "pageInfo.endCursor"); fixture.At(t, c, "pageInfo.hasNextPage") == false {
			break
		}
	}
	if len(seen) != 200 {
		t.Errorf("%d projects", len(seen))
	}

	_, got := n.comparable(t, map[string]any{"id": first, "first": 100, "filter": map[string]any{"municipalities": []string{"GM0014"}}})
	if len(got) != 87 && len(got) != 86 {
		t.Errorf("%d in Groningen", len(got))
	}
	c, got := n.comparable(t, map[string]any{"id": first, "weights": map[string]any{"text": 0, "domain": 0, "source": 0, "method": 1, "municipality": 0}})
	if fixture.At(t, c, "totalCount") != 129.0 || got[0].score != 1 || !slices.Equal(got[0].reasons[:1], []string{"Dezelfde methode: datamatch"}) {
		t.Errorf("by method: %v %+v", fixture.At(t, c, "totalCount"), got[0])
	}

	for _, x := range []struct {
		query, says string
		variables   map[string]any
	}{
		{comparableQuery, "gemeente is hier niet bekend", map[string]any{"id": first, "from": "GM9999"}},
		{comparableQuery, "gewicht van 0 tot en met 1", map[string]any{"id": first, "weights": map[string]any{"text": 1.5}}},
		{comparableQuery, "gewicht van 0 tot en met 1", map[string]any{"id": first, "weights": map[string]any{"municipality": -0.1}}},
		{comparableQuery, "maakt een project niet vergelijkbaar", map[string]any{"id": first, "weights": map[string]any{"text": 0, "domain": 0, "method": 0, "source": 0}}},
		{comparableQuery, "hoort niet bij deze lijst", map[string]any{"id": first, "after": "onzin"}},
		{comparableQuery, "hoort niet bij deze lijst", map[string]any{"id": first, "after": after, "from": "GM0014"}},
		{comparableQuery, "1 tot en met 100", map[string]any{"id": first, "first": 101}},
		{`{ comparable(text: "` + strings.Repeat("kamers ", 200) + `") { totalCount } }`, "hooguit 1.000 tekens", nil},
		{`{ comparable(text: "  ") { totalCount } }`, "Omschrijf de vraag", nil},
		{`{ comparable(text: "kamers", policyDomains: ["con_method.datamatch"]) { totalCount } }`, "geen thema", nil},
		{`{ comparable(text: "kamers", policyDomains: ["con_policy-domain.wonen", "con_policy-domain.onderwijs", "con_policy-domain.inkomen", "con_policy-domain.wonen"]) { totalCount } }`, "hooguit drie", nil},
		{`{ projects(first: 2) { nodes { comparable(after: "x") { totalCount } } } }`, "één tegelijk", nil},
		{`query($c: Cursor) { comparable(text: "overlast", after: $c) { totalCount } }`, "hoort niet bij deze lijst", map[string]any{"c": after}},
	} {
		a := n.ask(t, stranger(t), x.query, x.variables)
		if len(a.Errors) == 0 || a.Errors[0].Extensions["code"] != badInput || !strings.Contains(a.Errors[0].Message, x.says) {
			t.Errorf("%.80s %v: %.300s", x.query, x.variables, a.bytes)
		}
	}
}

func TestWithoutAnIndexComparisonsSayThatTheyMustWait(t *testing.T) {
	n, verkamering := neighbours(t, fixture.SQLite(t))
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
	defer stop()
	if err := n.index.Close(); err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{`{ comparable(text: "kamers") { totalCount } }`, `{ node(id: "` + verkamering + `") { ... on Project { comparable { totalCount } } } }`} {
		a := n.ask(t, ctx, q, nil)
		if len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != "INDEX_UNAVAILABLE" {
			t.Errorf("%s: %s", q, a.bytes)
		}
	}
}

func TestMunicipalitiesMostLikeOneAreGivenWithReasons(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		n, _ := neighbours(t, w)
		const query = `query($n: Int!) { municipality(code: "GM0599") { similar(first: $n) { score municipality { code name } reasons { factor contribution text } } } }`
		all := fixture.At(t, n.must(t, stranger(t), query, map[string]any{"n": 100}), "municipality.similar").([]any)
		if len(all) != 100 {
			t.Fatalf("%d municipalities", len(all))
		}
		last := 1.0
		for _, m := range all {
			if s := fixture.At(t, m, "score").(float64); s > last || fixture.At(t, m, "municipality.code") == "GM0599" {
				t.Fatalf("%v after %v", m, last)
			} else {
				last = s
			}
		}
		if got := fixture.At(t, all[0], "municipality.name"); got != "'s-Gravenhage" {
			t.Errorf("most like Rotterdam is %v", got)
		}
		if !strings.Contains(fmt.Sprint(all[0]), "De stedelijkheid van 's-Gravenhage en Rotterdam is niet bekend") {
			t.Errorf("%v", all[0])
		}
		urban(t, n)
		first := fixture.At(t, n.must(t, stranger(t), query, map[string]any{"n": 5}), "municipality.similar").([]any)
		if !strings.Contains(fmt.Sprint(first), "Ook zeer sterk stedelijk") {
			t.Errorf("%v", first)
		}
		again := fixture.At(t, n.must(t, stranger(t), query, map[string]any{"n": 5}), "municipality.similar").([]any)
		if fmt.Sprint(again) != fmt.Sprint(first) {
			t.Error("another order the second time")
		}
	})
}
