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

// input of a mutation.
type input = map[string]any

// mutate carries out a mutation and gives its payload, its user errors as "CODE path.to.field", and its warnings likewise.
func (n *node) mutate(t testing.TB, ctx context.Context, name string, in input, selection string) (payload map[string]any, problems, warnings []string) {
	t.Helper()
	f := contractSchema().Mutation.Fields.ForName(name)
	warns := ""
	if contractSchema().Types[f.Type.Name()].Fields.ForName("warnings") != nil {
		warns = "warnings { code field message }"
	}
	got := n.must(t, ctx, fmt.Sprintf(`mutation($i: %s) { %s(input: $i) { %s %s userErrors { code field message(lang: EN) } } }`, f.Arguments[0].Type, name, selection, warns), input{"i": in})
	payload = got[name].(map[string]any)
	problems = told(t, payload["userErrors"].([]any))
	if warns != "" {
		warnings = told(t, payload["warnings"].([]any))
	}
	return payload, problems, warnings
}

func told(t testing.TB, list []any) (out []string) {
	t.Helper()
	for _, x := range list {
		e := x.(map[string]any)
		line := e["code"].(string)
		if e["field"] != nil {
			var path []string
			for _, p := range e["field"].([]any) {
				path = append(path, p.(string))
			}
			line += " " + strings.Join(path, ".")
		}
		if e["message"] == "" {
			t.Errorf("%s says nothing", line)
		}
		out = append(out, line)
	}
	return out
}

// wrote is mutate for what has to succeed.
func (n *node) wrote(t testing.TB, ctx context.Context, name string, in input, selection string) map[string]any {
	t.Helper()
	payload, problems, _ := n.mutate(t, ctx, name, in, selection)
	if len(problems) > 0 {
		t.Fatalf("%s: %v", name, problems)
	}
	return payload
}

// refused is mutate for what has to be refused, and changes nothing.
func (n *node) refused(t testing.TB, ctx context.Context, name string, in input, want ...string) {
	t.Helper()
	before, err := n.Log.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, problems, _ := n.mutate(t, ctx, name, in, "__typename")
	if !slices.Equal(problems, want) {
		t.Errorf("%s(%.200v): %q, want %q", name, in, problems, want)
	}
	if after, err := n.Log.Head(t.Context()); after != before || err != nil {
		t.Errorf("%s was refused and wrote something", name)
	}
}

func same(t testing.TB, what string, got, want any) {
	t.Helper()
	if g, w := fmt.Sprint(got), fmt.Sprint(want); g != w {
		t.Errorf("%s:\n got %s\nwant %s", what, g, w)
	}
}

var (
	wonen     = record.ConceptID(record.PolicyDomain, "wonen")
	onderwijs = record.ConceptID(record.PolicyDomain, "onderwijs")
	inkomen   = record.ConceptID(record.PolicyDomain, "inkomen")
	rapport   = record.ConceptID(record.OutputKind, "rapport")
	factsheet = record.ConceptID(record.OutputKind, "factsheet")
)

// project makes a working copy through the contract.
func (n *node) project(t testing.TB, ctx context.Context, title string) string {
	t.Helper()
	o := identity.From(ctx).OrganizationID
	got := n.wrote(t, ctx, "projectCreate", input{"organization": o, "title": title, "question": "Waar?", "policyDomains": []string{wonen}}, "project { id }")
	return fixture.At(t, got, "project.id").(string)
}

func TestAProjectIsCreatedWithWhatIsGivenAndWarnsOfWhatIsMissing(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		leiden := fixture.As(t, n.Leiden)
		got, problems, warnings := n.mutate(t, leiden, "projectCreate", input{"organization": n.Leiden.ID, "title": "Verkamering", "question": "", "policyDomains": []string{}},
			"project { state revision publicVersion phase audience provenance contentLanguage slug license { notation } municipalities { name } publishedAt }")
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		same(t, "the working copy", got["project"], map[string]any{"audience": "PUBLIC", "contentLanguage": "NL", "license": map[string]any{"notation": "cc-by-4.0"}, "municipalities": []any{map[string]any{"name": "Leiden"}},
			"phase": "IDEA", "provenance": "OWN", "publicVersion": 0.0, "publishedAt": nil, "revision": 1.0, "slug": "verkamering", "state": "DRAFT"})
		same(t, "warnings", warnings, []string{"REQUIRED summary", "REQUIRED question", "REQUIRED policyDomains"})

		got = n.wrote(t, leiden, "projectCreate", input{"organization": n.Leiden.ID, "title": "Rooms", "question": "Where?", "summary": "About rooms.", "policyDomains": []string{wonen, onderwijs},
			"municipalities": []string{"GM0503", "mun_GM0014"}, "phase": "RUNNING", "contentLanguage": "EN", "audience": "COMMUNITY"},
			"project { title(lang: NL) summary contentLanguage languages phase audience municipalities { code } policyDomains { notation } }")
		same(t, "an English one", got["project"], map[string]any{"audience": "COMMUNITY", "contentLanguage": "EN", "languages": []any{"EN"}, "municipalities": []any{map[string]any{"code": "GM0503"}, map[string]any{"code": "GM0014"}},
			"phase": "RUNNING", "policyDomains": []any{map[string]any{"notation": "wonen"}, map[string]any{"notation": "onderwijs"}}, "summary": "About rooms.", "title": "Rooms"})
	})
}

func TestACreateThatIsRetriedMakesOneRecord(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		leiden := fixture.As(t, n.Leiden)
		key := func(k string) input {
			return input{"organization": n.Leiden.ID, "title": "X", "question": "Q", "policyDomains": []string{wonen}, "idempotencyKey": k}
		}
		a := n.wrote(t, leiden, "projectCreate", key("a"), "project { id slug }")
		again := n.wrote(t, leiden, "projectCreate", key("a"), "project { id slug }")
		other := n.wrote(t, leiden, "projectCreate", key("b"), "project { id slug }")
		same(t, "the second answer", again, a)
		if fixture.At(t, other, "project.id") == fixture.At(t, a, "project.id") || fixture.At(t, other, "project.slug") != "x" {
			t.Error("another key gives", other)
		}
		delft := n.wrote(t, fixture.As(t, n.Delft), "projectCreate", input{"organization": n.Delft.ID, "title": "X", "question": "Q", "policyDomains": []string{wonen}, "idempotencyKey": "a"}, "project { id }")
		if fixture.At(t, delft, "project.id") == fixture.At(t, a, "project.id") {
			t.Error("a key of another organisation gives our record")
		}
		for name, in := range map[string]input{
			"lessonCreate":   {"kind": "DO", "context": "C", "recommendation": "R", "steps": []string{}, "template": n.Publish(t, n.Template("S", "1.0.0", "vraag")).Base().ID},
			"templateCreate": {},
		} {
			in["organization"], in["title"], in["idempotencyKey"] = n.Leiden.ID, "X", "k-"+name
			field := strings.TrimSuffix(name, "Create")
			one, two := n.wrote(t, leiden, name, in, field+" { id }"), n.wrote(t, leiden, name, in, field+" { id }")
			same(t, name+" twice", two, one)
		}
		n.refused(t, leiden, "projectCreate", key(strings.Repeat("k", 201)), "TOO_LONG idempotencyKey")
	})
}

func TestAnUpdateLeavesWhatIsLeftOutClearsWhatIsNullAndReplacesLists(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		leiden := fixture.As(t, n.Leiden)
		source := n.wrote(t, leiden, "dataSourceCreate", input{"organization": n.Leiden.ID, "name": "BRP", "holder": "Gemeenten", "isMicrodata": true}, "dataSource { id }")
		src := fixture.At(t, source, "dataSource.id")
		tpl := n.Publish(t, n.Template("Zes stappen", "1.0.0", "vraag")).(*record.ProcessTemplate)
		id := n.project(t, leiden, "Verkamering")
		const all = `project { revision title question occasion answer summary phase complexity goodFirstProject startedOn finishedOn durationWeeks effortDays costEuro pressRelease aliases sourceLinks
			policyDomains { notation } methods { notation } geoLevel { notation } municipalities { code } stopReason { notation }
			sources { source { name } accessRoute { notation } linkedWith { name } note } team { role { notation } organization { name } unit label } contacts { label email isAmbassador willingToPresent }
			communicationSenders { name } template { number } }`
		full := n.wrote(t, leiden, "projectUpdate", input{"id": id, "revision": 1, "summary": "S", "occasion": "O", "answer": "A", "phase": "STOPPED", "policyDomains": []string{onderwijs, inkomen},
			"methods": []string{record.ConceptID(record.Method, "datamatch")}, "geoLevel": record.ConceptID(record.GeoLevel, "wijk"), "stopReason": record.ConceptID(record.StopReason, "geen-data"),
			"municipalities": []string{"GM0503"}, "goodFirstProject": true, "startedOn": "2024-01-01", "finishedOn": "2024-03-01", "effortDays": 12.5, "costEuro": 1000, "pressRelease": false,
			"aliases": []string{"Kamers"}, "sourceLinks": []string{"https://example.nl/a"}, "communicationSenders": []string{n.CBS.ID}, "templateVersion": tpl.Versions[0].ID,
			"sources":  []input{{"source": src, "accessRoute": record.ConceptID(record.AccessRoute, "udc"), "linkedWith": []any{src}, "note": "N"}},
			"team":     []input{{"role": record.ConceptID(record.TeamRole, "cbs"), "organization": n.CBS.ID, "unit": "U", "label": "L"}},
			"contacts": []input{{"label": "Onderzoek", "email": "onderzoek@leiden.example", "isAmbassador": true}}}, all)
		was := full["project"].(map[string]any)
		same(t, "everything at once", was, map[string]any{"revision": 2.0, "title": "Verkamering", "question": "Waar?", "occasion": "O", "answer": "A", "summary": "S", "phase": "STOPPED", "complexity": "SIMPLE", "goodFirstProject": true,
			"startedOn": "2024-01-01", "finishedOn": "2024-03-01", "durationWeeks": 8.0, "effortDays": 12.5, "costEuro": 1000.0, "pressRelease": false, "aliases": []any{"Kamers"}, "sourceLinks": []any{"https://example.nl/a"},
			"policyDomains": []any{map[string]any{"notation": "onderwijs"}, map[string]any{"notation": "inkomen"}}, "methods": []any{map[string]any{"notation": "datamatch"}}, "geoLevel": map[string]any{"notation": "wijk"},
			"municipalities": []any{map[string]any{"code": "GM0503"}}, "stopReason": map[string]any{"notation": "geen-data"},
			"sources":              []any{map[string]any{"source": map[string]any{"name": "BRP"}, "accessRoute": map[string]any{"notation": "udc"}, "linkedWith": []any{map[string]any{"name": "BRP"}}, "note": "N"}},
			"team":                 []any{map[string]any{"role": map[string]any{"notation": "cbs"}, "organization": map[string]any{"name": "CBS"}, "unit": "U", "label": "L"}},
			"contacts":             []any{map[string]any{"label": "Onderzoek", "email": "onderzoek@leiden.example", "isAmbassador": true, "willingToPresent": false}},
			"communicationSenders": []any{map[string]any{"name": "CBS"}}, "template": map[string]any{"number": "1.0.0"}})

		nothing := n.wrote(t, leiden, "projectUpdate", input{"id": id, "revision": 2}, all)
		same(t, "an update without fields", nothing["project"], was)

		cleared := n.wrote(t, leiden, "projectUpdate", input{"id": id, "revision": 2, "summary": nil, "occasion": nil, "answer": nil, "policyDomains": nil, "methods": []string{}, "geoLevel": nil, "stopReason": nil,
			"goodFirstProject": nil, "complexity": nil, "startedOn": nil, "finishedOn": nil, "effortDays": nil, "costEuro": nil, "pressRelease": nil, "aliases": nil, "sourceLinks": nil, "communicationSenders": nil,
			"templateVersion": nil, "sources": nil, "team": []input{}, "contacts": nil}, all)["project"].(map[string]any)
		for field, v := range cleared {
			if list, isList := v.([]any); v == nil || isList && len(list) == 0 || v == false {
				continue
			}
			if !slices.Contains([]string{"revision", "title", "question", "phase", "municipalities"}, field) {
				t.Errorf("%s was cleared and is %v", field, v)
			}
		}
		replaced := n.wrote(t, leiden, "projectUpdate", input{"id": id, "revision": 3, "municipalities": []string{"GM0014"}, "policyDomains": []string{wonen}}, "project { municipalities { code } policyDomains { notation } }")
		same(t, "lists", replaced["project"], map[string]any{"municipalities": []any{map[string]any{"code": "GM0014"}}, "policyDomains": []any{map[string]any{"notation": "wonen"}}})
	})
}

func TestATextIsWrittenInOneLanguageAtATime(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		leiden := fixture.As(t, n.Leiden)
		id := n.project(t, leiden, "Verkamering")
		both := n.wrote(t, leiden, "projectUpdate", input{"id": id, "revision": 1, "lang": "EN", "title": "Room conversion", "summary": "Houses split into rooms."},
			"project { nl: title(lang: NL) en: title(lang: EN) languages contentLanguage revision }")
		same(t, "after English was added", both["project"], map[string]any{"contentLanguage": "NL", "en": "Room conversion", "languages": []any{"EN", "NL"}, "nl": "Verkamering", "revision": 2.0})
		one := n.wrote(t, leiden, "projectUpdate", input{"id": id, "revision": 2, "lang": "EN", "title": nil, "summary": nil}, "project { en: title(lang: EN) languages }")
		same(t, "after English was cleared", one["project"], map[string]any{"en": "Verkamering", "languages": []any{"NL"}})
		n.refused(t, leiden, "projectUpdate", input{"id": id, "revision": 3, "title": nil}, "REQUIRED title")
	})
}

func TestWhatIsWrongWithAProjectIsToldByFieldAndChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		leiden := fixture.As(t, n.Leiden)
		id := n.project(t, leiden, "Verkamering")
		for _, c := range []struct {
			field string
			value any
			want  string
		}{
			{"title", "", "REQUIRED title"},
			{"title", "  ", "REQUIRED title"},
			{"title", strings.Repeat("a", 301), "TOO_LONG title"},
			{"summary", strings.Repeat("a", 5_001), "TOO_LONG summary"},
			{"answer", strings.Repeat("a", 64_001), "TOO_LONG answer"},
			{"policyDomains", []string{"con_policy-domain.nergens"}, "UNKNOWN_CONCEPT policyDomains"},
			{"policyDomains", []string{record.ConceptID(record.Method, "datamatch")}, "UNKNOWN_CONCEPT policyDomains"},
			{"policyDomains", []string{wonen, onderwijs, inkomen, wonen}, "TOO_MANY policyDomains"},
			{"methods", []string{"x"}, "UNKNOWN_CONCEPT methods"},
			{"geoLevel", "x", "UNKNOWN_CONCEPT geoLevel"},
			{"stopReason", "x", "UNKNOWN_CONCEPT stopReason"},
			{"license", "x", "UNKNOWN_CONCEPT license"},
			{"municipalities", []string{"GM9999"}, "NOT_FOUND municipalities"},
			{"startedOn", "2024-13-01", "INVALID startedOn"},
			{"startedOn", "gisteren", "INVALID startedOn"},
			{"finishedOn", "2023-02-29", "INVALID finishedOn"},
			{"effortDays", -1, "INVALID effortDays"},
			{"costEuro", -1, "INVALID costEuro"},
			{"phase", nil, "INVALID phase"},
			{"sourceLinks", []string{"javascript:alert(1)"}, "INVALID sourceLinks"},
			{"sourceLinks", slices.Repeat([]string{"https://example.nl"}, 21), "TOO_MANY sourceLinks"},
			{"aliases", slices.Repeat([]string{"a"}, 21), "TOO_MANY aliases"},
			{"communicationSenders", []string{"org_x"}, "NOT_FOUND communicationSenders"},
			{"templateVersion", "tpv_x", "NOT_FOUND templateVersion"},
			{"team", []input{{"role": "x"}}, "UNKNOWN_CONCEPT team.role"},
			{"team", []input{{"role": ""}}, "REQUIRED team.role"},
			{"team", slices.Repeat([]input{{"role": record.ConceptID(record.TeamRole, "cbs")}}, 51), "TOO_MANY team"},
			{"contacts", []input{{"label": "X", "email": "geen adres"}}, "INVALID contacts.email"},
			{"sources", []input{{"source": "x", "accessRoute": record.ConceptID(record.AccessRoute, "udc")}}, "NOT_FOUND sources.source"},
		} {
			n.refused(t, leiden, "projectUpdate", input{"id": id, "revision": 1, c.field: c.value}, c.want)
		}
		n.refused(t, leiden, "projectUpdate", input{"id": id, "revision": 1, "title": "", "startedOn": "x", "policyDomains": []string{"y"}}, "REQUIRED title", "UNKNOWN_CONCEPT policyDomains", "INVALID startedOn")
		n.refused(t, leiden, "projectUpdate", input{"id": id, "revision": 0, "title": "X"}, "INVALID revision")
		n.refused(t, leiden, "projectUpdate", input{"id": id, "revision": 7, "title": "X"}, "STALE_REVISION revision")
		n.refused(t, leiden, "projectUpdate", input{"id": unknown, "revision": 1, "title": "X"}, "NOT_FOUND id")
		n.refused(t, leiden, "lessonUpdate", input{"id": id, "revision": 1, "title": "X"}, "NOT_FOUND id")
		n.refused(t, leiden, "projectCreate", input{"organization": n.Leiden.ID, "title": strings.Repeat("a", 301), "question": "Q", "policyDomains": []string{"x"}}, "TOO_LONG title", "UNKNOWN_CONCEPT policyDomains")
		n.refused(t, leiden, "projectCreate", input{"organization": "org_x", "title": "X", "question": "Q", "policyDomains": []string{wonen}}, "NOT_FOUND organization")
	})
}

func TestValuesThatAreNoneNeverReachTheDatabase(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		leiden := fixture.As(t, n.Leiden)
		id := n.project(t, leiden, "Verkamering")
		for _, c := range []struct{ name, id, field, value string }{
			{"projectUpdate", id, "effortDays", `"NaN"`}, {"projectUpdate", id, "effortDays", `"Inf"`}, {"projectUpdate", id, "effortDays", `1e400`},
			{"projectUpdate", id, "costEuro", `3000000000`}, {"projectUpdate", id, "costEuro", `9e99`}, {"projectUpdate", id, "costEuro", `"12"`},
			{"projectUpdate", id, "title", `"a\u0000b"`}, {"projectUpdate", id, "title", `{"nl":"x"}`}, {"projectUpdate", id, "title", `7`},
			{"projectUpdate", id, "aliases", `[null]`}, {"projectUpdate", id, "phase", `"running"`}, {"projectUpdate", id, "goodFirstProject", `"true"`},
			{"projectUpdate", id, "startedOn", `2024`}, {"projectUpdate", id, "sourceLinks", `[{"a":1}]`}, {"projectUpdate", id, "sources", `[{}]`}, {"projectUpdate", id, "contacts", `[{"label":"\u0007"}]`},
			{"organizationUpdate", n.Leiden.ID, "cbsDaysPerWeek", `"NaN"`}, {"organizationUpdate", n.Leiden.ID, "researcherCount", `1.5`}, {"organizationUpdate", n.Leiden.ID, "name", `"\u001b[31m"`},
		} {
			body := fmt.Sprintf(`{"query":"mutation($i: %s) { %s(input: $i) { userErrors { code } } }","variables":{"i":{"id":%q,"revision":1,%q:%s}}}`,
				contractSchema().Mutation.Fields.ForName(c.name).Arguments[0].Type, c.name, c.id, c.field, c.value)
			if a := n.send(t, leiden, []byte(body)); len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != badInput || len(a.bytes) > maxRefusal {
				t.Errorf("%s %s: %s", c.field, c.value, a.bytes)
			}
		}
		n.refused(t, leiden, "organizationUpdate", input{"id": n.Leiden.ID, "revision": 1, "researcherCount": -5, "wipLimit": 1_000_000, "cbsDaysPerWeek": 8, "sourceLinks": []string{"javascript:alert(1)"}},
			"INVALID researcherCount", "INVALID wipLimit", "INVALID cbsDaysPerWeek", "INVALID sourceLinks")
		n.refused(t, leiden, "projectUpdate", input{"id": id, "revision": 1, "communicationSenders": slices.Repeat([]string{n.CBS.ID}, 21)}, "TOO_MANY communicationSenders")
		same(t, "half a surrogate pair", fixture.At(t, n.send(t, leiden, []byte(fmt.Sprintf(`{"query":"mutation($i: ProjectUpdateInput!) { projectUpdate(input: $i) { project { title } } }","variables":{"i":{"id":%q,"revision":1,"title":"\ud800"}}}`, id))).Data, "projectUpdate.project.title"), "\ufffd")
	})
}

func TestAMillionMistakesGiveAShortAnswer(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	leiden := fixture.As(t, n.Leiden)
	id := n.project(t, leiden, "Verkamering")
	a := n.ask(t, leiden, `mutation($i: ProjectUpdateInput!) { projectUpdate(input: $i) { userErrors { code message } } }`,
		input{"i": input{"id": id, "revision": 1, "methods": slices.Repeat([]string{"x"}, 10_000), "geoLevel": strings.Repeat("kanarie", 50_000)}})
	if len(a.bytes) > 16_000 || len(a.Errors) > 0 {
		t.Errorf("%d bytes: %.300s", len(a.bytes), a.bytes)
	}
}

func TestOutputsAreAddedChangedAndRemoved(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		leiden := fixture.As(t, n.Leiden)
		id := n.project(t, leiden, "Verkamering")
		const fields = `output { id title description url mediaType kind { notation } license { notation } producedBy { name } mustBecomePublic deliveredOn publishedOn } project { revision outputs { id } }`
		added := n.wrote(t, leiden, "outputAdd", input{"project": id, "revision": 1, "kind": rapport, "title": "Rapport", "description": "Alles.", "url": "https://example.nl/r.pdf", "mediaType": "application/pdf",
			"license": record.ConceptID(record.License, "cc-by-4.0"), "producedBy": n.CBS.ID, "deliveredOn": "2024-05", "publishedOn": "2024-06-01"}, fields)
		same(t, "an output", added["output"], map[string]any{"id": id + ".o1", "title": "Rapport", "description": "Alles.", "url": "https://example.nl/r.pdf", "mediaType": "application/pdf", "kind": map[string]any{"notation": "rapport"},
			"license": map[string]any{"notation": "cc-by-4.0"}, "producedBy": map[string]any{"name": "CBS"}, "mustBecomePublic": true, "deliveredOn": "2024-05", "publishedOn": "2024-06-01"})
		// The duty to publish stays, whoever is named as the maker afterwards.
		changed := n.wrote(t, leiden, "outputUpdate", input{"id": id + ".o1", "revision": 2, "kind": factsheet, "title": "Factsheet", "url": nil, "license": nil, "producedBy": n.Leiden.ID, "lang": "NL"}, fields)
		same(t, "a changed output", changed["output"], map[string]any{"id": id + ".o1", "title": "Factsheet", "description": "Alles.", "url": nil, "mediaType": "application/pdf", "kind": map[string]any{"notation": "factsheet"},
			"license": nil, "producedBy": map[string]any{"name": "UDC Leiden"}, "mustBecomePublic": true, "deliveredOn": "2024-05", "publishedOn": "2024-06-01"})
		second := n.wrote(t, leiden, "outputAdd", input{"project": id, "revision": 3, "kind": rapport, "title": "Tweede", "producedBy": n.Leiden.ID}, fields)
		n.refused(t, leiden, "outputRemove", input{"id": id + ".o1", "revision": 4}, "ILLEGAL_TRANSITION outputs")
		removed := n.wrote(t, leiden, "outputRemove", input{"id": id + ".o2", "revision": 4}, "project { revision outputs { id title mustBecomePublic } }")
		same(t, "what is left", removed["project"], map[string]any{"outputs": []any{map[string]any{"id": id + ".o1", "mustBecomePublic": true, "title": "Factsheet"}}, "revision": 5.0})
		if fixture.At(t, second, "output.id") != id+".o2" {
			t.Error(second)
		}
		add := func(in input) input {
			for k, v := range map[string]any{"project": id, "revision": 5, "kind": rapport, "title": "X", "producedBy": n.Leiden.ID} {
				if _, given := in[k]; !given {
					in[k] = v
				}
			}
			return in
		}
		n.refused(t, leiden, "outputAdd", add(input{"kind": "x"}), "UNKNOWN_CONCEPT outputs.kind")
		n.refused(t, leiden, "outputAdd", add(input{"producedBy": "org_x"}), "NOT_FOUND outputs.producedBy")
		n.refused(t, leiden, "outputAdd", add(input{"title": " "}), "REQUIRED outputs.title")
		n.refused(t, leiden, "outputAdd", add(input{"url": "ftp://x"}), "INVALID outputs.url")
		n.refused(t, leiden, "outputAdd", add(input{"deliveredOn": "morgen"}), "INVALID outputs.deliveredOn")
		n.refused(t, leiden, "outputAdd", add(input{"revision": 4}), "STALE_REVISION revision")
		n.refused(t, leiden, "outputUpdate", input{"id": id + ".o9", "revision": 5, "title": "X"}, "NOT_FOUND id")
		n.refused(t, leiden, "outputUpdate", input{"id": "zomaar", "revision": 5, "title": "X"}, "NOT_FOUND id")
		n.refused(t, leiden, "outputRemove", input{"id": id + ".o2", "revision": 5}, "NOT_FOUND id")
		n.refused(t, leiden, "outputUpdate", input{"id": id + ".o1", "revision": 5, "deliveredOn": nil}, "ILLEGAL_TRANSITION outputs.deliveredOn")
		n.refused(t, leiden, "policyUseRemove", input{"id": id + ".o2", "revision": 5}, "NOT_FOUND id")
	})
}

func TestUsesInPolicyAreAddedChangedAndRemoved(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		leiden := fixture.As(t, n.Leiden)
		id := n.project(t, leiden, "Verkamering")
		const fields = `policyUse { id title description documentUrl decidedOn body kind { notation } } project { revision policyUses { id } }`
		added := n.wrote(t, leiden, "policyUseAdd", input{"project": id, "revision": 1, "kind": record.ConceptID(record.PolicyUseKind, "beleidsstuk"), "title": "Nota", "description": "Meer.",
			"documentUrl": "https://example.nl/nota", "decidedOn": "2024-02-03", "body": "Gemeenteraad"}, fields)
		same(t, "a use", added["policyUse"], map[string]any{"id": id + ".u1", "title": "Nota", "description": "Meer.", "documentUrl": "https://example.nl/nota", "decidedOn": "2024-02-03", "body": "Gemeenteraad", "kind": map[string]any{"notation": "beleidsstuk"}})
		changed := n.wrote(t, leiden, "policyUseUpdate", input{"id": id + ".u1", "revision": 2, "kind": record.ConceptID(record.PolicyUseKind, "geen"), "documentUrl": nil, "body": nil, "lang": "EN", "title": "Memo"}, fields+` `)
		same(t, "a changed use", changed["policyUse"], map[string]any{"id": id + ".u1", "title": "Nota", "description": "Meer.", "documentUrl": nil, "decidedOn": "2024-02-03", "body": nil, "kind": map[string]any{"notation": "geen"}})
		n.refused(t, leiden, "policyUseAdd", input{"project": id, "revision": 3, "kind": rapport, "title": "X"}, "UNKNOWN_CONCEPT policyUses.kind")
		n.refused(t, leiden, "policyUseUpdate", input{"id": id + ".u1", "revision": 3, "decidedOn": "ooit"}, "INVALID policyUses.decidedOn")
		n.refused(t, leiden, "policyUseUpdate", input{"id": id + ".u1", "revision": 3, "documentUrl": "geen"}, "INVALID policyUses.documentUrl")
		n.refused(t, leiden, "policyUseUpdate", input{"id": id + ".u7", "revision": 3}, "NOT_FOUND id")
		removed := n.wrote(t, leiden, "policyUseRemove", input{"id": id + ".u1", "revision": 3}, "project { policyUses { id } }")
		same(t, "what is left", removed["project"], map[string]any{"policyUses": []any{}})
	})
}

func TestADataSourceIsChangedByWhoAddedIt(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		leiden, delft := fixture.As(t, n.Leiden), fixture.As(t, n.Delft)
		const fields = `dataSource { id uri name holder catalogueUri isMicrodata revision }`
		made := n.wrote(t, leiden, "dataSourceCreate", input{"organization": n.Leiden.ID, "name": "BAG", "holder": "Kadaster", "catalogueUri": "https://data.example.nl/bag"}, fields)
		id := fixture.At(t, made, "dataSource.id")
		same(t, "a source", made["dataSource"], map[string]any{"id": id, "uri": "https://data.example.nl/bag", "name": "BAG", "holder": "Kadaster", "catalogueUri": "https://data.example.nl/bag", "isMicrodata": false, "revision": 1.0})
		changed := n.wrote(t, leiden, "dataSourceUpdate", input{"id": id, "revision": 1, "name": "Basisregistratie", "isMicrodata": true, "catalogueUri": nil}, fields)
		same(t, "a changed source keeps its IRI", changed["dataSource"], map[string]any{"id": id, "uri": "https://data.example.nl/bag", "name": "Basisregistratie", "holder": "Kadaster", "catalogueUri": nil, "isMicrodata": true, "revision": 2.0})
		n.refused(t, leiden, "dataSourceUpdate", input{"id": id, "revision": 1, "name": "X"}, "STALE_REVISION revision")
		n.refused(t, leiden, "dataSourceUpdate", input{"id": id, "revision": 2, "name": nil}, "REQUIRED name")
		n.refused(t, leiden, "dataSourceUpdate", input{"id": "src_x", "revision": 2, "name": "X"}, "NOT_FOUND id")
		n.refused(t, delft, "dataSourceUpdate", input{"id": id, "revision": 2, "name": "X"}, "NOT_FOUND id")
		n.refused(t, leiden, "dataSourceCreate", input{"organization": n.Leiden.ID, "name": "", "holder": ""}, "REQUIRED name", "REQUIRED holder")
		n.refused(t, leiden, "dataSourceCreate", input{"organization": n.Leiden.ID, "name": "X", "holder": "Y", "catalogueUri": "x"}, "INVALID catalogueUri")
		n.refused(t, leiden, "dataSourceCreate", input{"organization": n.Leiden.ID, "name": "X", "holder": "Y", "catalogueUri": "https://data.example.nl/bag"}, "DUPLICATE catalogueUri")
	})
}

func TestAnOrganisationTellsAboutItself(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		leiden := fixture.As(t, n.Leiden)
		const fields = `organization { revision name slug kind custody activeSince activeUntil approach researcherCount cbsColleagueCount cbsDaysPerWeek hasResearchDepartment wipLimit contactEmail sourceLinks municipalities { code } }`
		got := n.wrote(t, leiden, "organizationUpdate", input{"id": n.Leiden.ID, "revision": 1, "approach": "Samen.", "activeSince": "2017-12", "researcherCount": 4, "cbsColleagueCount": 2, "cbsDaysPerWeek": 1.5,
			"hasResearchDepartment": true, "wipLimit": 3, "contactEmail": "udc@leiden.example", "sourceLinks": []string{"https://example.nl"}, "municipalities": []string{"GM0546", "GM0503"}}, fields)
		same(t, "an organisation", got["organization"], map[string]any{"revision": 2.0, "name": "UDC Leiden", "slug": "udc-leiden", "kind": "MUNICIPAL_UDC", "custody": "OWN", "activeSince": "2017-12", "activeUntil": nil, "approach": "Samen.",
			"researcherCount": 4.0, "cbsColleagueCount": 2.0, "cbsDaysPerWeek": 1.5, "hasResearchDepartment": true, "wipLimit": 3.0, "contactEmail": "udc@leiden.example", "sourceLinks": []any{"https://example.nl"},
			"municipalities": []any{map[string]any{"code": "GM0546"}, map[string]any{"code": "GM0503"}}})
		cleared := n.wrote(t, leiden, "organizationUpdate", input{"id": n.Leiden.ID, "revision": 2, "approach": nil, "activeSince": nil, "researcherCount": nil, "hasResearchDepartment": nil, "wipLimit": nil, "contactEmail": nil},
			"organization { approach activeSince researcherCount hasResearchDepartment wipLimit contactEmail cbsColleagueCount }")
		same(t, "after some was cleared", cleared["organization"], map[string]any{"approach": nil, "activeSince": nil, "researcherCount": nil, "hasResearchDepartment": nil, "wipLimit": nil, "contactEmail": nil, "cbsColleagueCount": 2.0})
		n.refused(t, leiden, "organizationUpdate", input{"id": n.Leiden.ID, "revision": 0, "name": "X"}, "INVALID revision")
		n.refused(t, leiden, "organizationUpdate", input{"id": n.Leiden.ID, "revision": 1, "name": "X"}, "STALE_REVISION revision")
		n.refused(t, leiden, "organizationUpdate", input{"id": n.Leiden.ID, "revision": 3, "name": nil, "contactEmail": "x", "activeSince": "x", "municipalities": []string{"GM9"}},
			"REQUIRED name", "NOT_FOUND municipalities", "INVALID activeSince", "INVALID contactEmail")
		n.refused(t, leiden, "organizationUpdate", input{"id": "org_x", "revision": 1, "name": "X"}, "NOT_FOUND id")
		if a := n.ask(t, leiden, `mutation($i: OrganizationUpdateInput!) { organizationUpdate(input: $i) { organization { name } } }`, input{"i": input{"id": n.Delft.ID, "revision": 1, "name": "X"}}); len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != "FORBIDDEN" {
			t.Errorf("another organisation: %s", a.bytes)
		}
		if a := n.ask(t, stranger(t), `{ organizations { nodes { name revision } } }`, nil); strings.Contains(string(a.bytes), `"revision":3`) {
			t.Errorf("a stranger sees a lock: %s", a.bytes)
		}
	})
}

func TestPublishingTellsWhatIsMissingAndChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		leiden := fixture.As(t, n.Leiden)
		id := n.project(t, leiden, "Verkamering")
		n.refused(t, leiden, "recordPublish", input{"id": id, "revision": 1}, "REQUIRED summary")
		n.wrote(t, leiden, "projectUpdate", input{"id": id, "revision": 1, "question": nil, "policyDomains": nil, "municipalities": nil, "phase": "DONE"}, "__typename")
		n.refused(t, leiden, "recordPublish", input{"id": id, "revision": 2}, "REQUIRED summary", "REQUIRED question", "REQUIRED policyDomains", "REQUIRED municipalities", "REQUIRED answer")
		if n.must(t, stranger(t), `query($id: ID!) { node(id: $id) { id } }`, input{"id": id})["node"] != nil {
			t.Error("it is public")
		}
		n.wrote(t, leiden, "projectUpdate", input{"id": id, "revision": 2, "summary": "S", "question": "Q", "policyDomains": []string{wonen}, "municipalities": []string{"GM0546"}, "phase": "RUNNING"}, "__typename")
		n.refused(t, leiden, "recordPublish", input{"id": id, "revision": 0}, "INVALID revision")
		n.refused(t, leiden, "recordPublish", input{"id": id, "revision": 1}, "STALE_REVISION revision")
		got := n.wrote(t, leiden, "recordPublish", input{"id": id, "revision": 3}, "record { id state revision publicVersion publishedAt }")
		same(t, "a published record", got["record"], map[string]any{"id": id, "state": "PUBLISHED", "revision": 4.0, "publicVersion": 1.0, "publishedAt": "2026-03-02T09:00:00.000Z"})
		n.refused(t, leiden, "recordPublish", input{"id": id, "revision": 4}, "ILLEGAL_TRANSITION")

		// A new revision of a published record: the old one stays public until the new one is.
		n.wrote(t, leiden, "projectUpdate", input{"id": id, "revision": 4, "title": "Kamers"}, "__typename")
		see := func() map[string]any {
			return n.must(t, stranger(t), `query($id: ID!) { node(id: $id) { ... on Project { title state publicVersion phase } } }`, input{"id": id})["node"].(map[string]any)
		}
		same(t, "a stranger meanwhile", see(), map[string]any{"title": "Verkamering", "state": "PUBLISHED", "publicVersion": 1.0, "phase": "RUNNING"})
		n.wrote(t, leiden, "projectUpdate", input{"id": id, "revision": 5, "phase": "ON_HOLD"}, "__typename")
		same(t, "progress shows at once", see(), map[string]any{"title": "Verkamering", "state": "PUBLISHED", "publicVersion": 2.0, "phase": "ON_HOLD"})
		same(t, "the working copy", n.must(t, leiden, `query($id: ID!) { draft(id: $id) { title state revision } drafts { totalCount nodes { title } } }`, input{"id": id}),
			map[string]any{"draft": map[string]any{"title": "Kamers", "state": "DRAFT", "revision": 6.0}, "drafts": map[string]any{"totalCount": 1.0, "nodes": []any{map[string]any{"title": "Kamers"}}}})
		n.wrote(t, leiden, "recordPublish", input{"id": id, "revision": 6}, "__typename")
		same(t, "a stranger afterwards", see(), map[string]any{"title": "Kamers", "state": "PUBLISHED", "publicVersion": 3.0, "phase": "ON_HOLD"})
	})
}

func TestWithdrawingTakesAReasonAndIsForGood(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		leiden := fixture.As(t, n.Leiden)
		id := n.project(t, leiden, "Verkamering")
		n.refused(t, leiden, "recordWithdraw", input{"id": id, "revision": 1, "note": "Dubbel."}, "ILLEGAL_TRANSITION")
		n.wrote(t, leiden, "projectUpdate", input{"id": id, "revision": 1, "summary": "S"}, "__typename")
		n.wrote(t, leiden, "recordPublish", input{"id": id, "revision": 2}, "__typename")
		n.refused(t, leiden, "recordWithdraw", input{"id": id, "revision": 3}, "REQUIRED note")
		n.refused(t, leiden, "recordWithdraw", input{"id": id, "revision": 3, "note": " "}, "REQUIRED note")
		n.refused(t, leiden, "recordWithdraw", input{"id": id, "revision": 3, "note": strings.Repeat("a", 1_001)}, "TOO_LONG note")
		n.refused(t, leiden, "recordWithdraw", input{"id": id, "revision": 2, "note": "Dubbel."}, "STALE_REVISION revision")
		got := n.wrote(t, leiden, "recordWithdraw", input{"id": id, "revision": 3, "note": "Dubbel."}, "record { state revision }")
		same(t, "a withdrawn record", got["record"], map[string]any{"state": "WITHDRAWN", "revision": 4.0})
		for _, name := range []string{"projectUpdate", "recordPublish", "recordWithdraw"} {
			n.refused(t, leiden, name, input{"id": id, "revision": 4}, "ILLEGAL_TRANSITION")
		}
	})
}

func TestATokenMayDoWhatItsScopesSay(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	id := n.project(t, fixture.As(t, n.Leiden), "Verkamering")
	with := func(o *record.Organization, scopes ...identity.Scope) context.Context {
		return identity.With(t.Context(), identity.Viewer{TokenID: "tok_s", OrganizationID: o.ID, Scopes: scopes})
	}
	create := func(o *record.Organization) input {
		return input{"organization": o.ID, "title": "X", "question": "Q", "policyDomains": []string{wonen}}
	}
	code := func(ctx context.Context, in input) any {
		a := n.ask(t, ctx, `mutation($i: ProjectCreateInput!) { projectCreate(input: $i) { project { id } userErrors { code } } }`, input{"i": in})
		if len(a.Errors) == 0 {
			return "done"
		}
		if a.status != 200 || fixture.At(t, a.Data, "projectCreate") != nil && len(a.Errors) > 0 {
			t.Errorf("%d %s", a.status, a.bytes)
		}
		return a.Errors[0].Extensions["code"]
	}
	for _, c := range []struct {
		name string
		ctx  context.Context
		in   input
		want string
	}{
		{"a stranger", stranger(t), create(n.Leiden), "UNAUTHENTICATED"},
		{"a stranger for nobody", stranger(t), input{"organization": "org_x", "title": "X", "question": "Q", "policyDomains": []string{}}, "UNAUTHENTICATED"},
		{"a token without scopes", with(n.Leiden), create(n.Leiden), "FORBIDDEN"},
		{"a token that reads", with(n.Leiden, identity.ReadOrganization), create(n.Leiden), "FORBIDDEN"},
		{"a token that writes", with(n.Leiden, identity.WriteRecords), create(n.Leiden), "done"},
		{"a token for another organisation", with(n.Leiden, identity.Scopes...), create(n.Delft), "FORBIDDEN"},
		{"an organisation that is only spoken about", with(n.Elders, identity.Scopes...), create(n.Elders), "FORBIDDEN"},
	} {
		if got := code(c.ctx, c.in); got != c.want {
			t.Errorf("%s: %v, want %s", c.name, got, c.want)
		}
	}
	for _, c := range []struct {
		name string
		ctx  context.Context
		want string
	}{
		{"a stranger", stranger(t), "map[draft:<nil> drafts:<nil>]"},
		{"a token without scopes", with(n.Leiden), "map[draft:<nil> drafts:<nil>]"},
		{"a token that reads", with(n.Leiden, identity.ReadOrganization), "map[draft:map[title:Verkamering] drafts:map[totalCount:2]]"},
		{"another organisation", with(n.Delft, identity.Scopes...), "map[draft:<nil> drafts:map[totalCount:0]]"},
	} {
		if got := fmt.Sprint(n.must(t, c.ctx, `query($id: ID!) { draft(id: $id) { title } drafts { totalCount } }`, input{"id": id})); got != c.want {
			t.Errorf("working copies for %s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestStrangersDoNotQueueForTheWriter(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		// While somebody writes, a stranger who may not is told so without waiting for a turn.
		err := n.Write(fixture.System(t), func(*catalog.Writer) error {
			n.Statements.Reset()
			for _, q := range writes {
				vars := input{}
				for _, name := range []string{"id", "part", "x"} {
					if strings.Contains(q, "$"+name+":") {
						vars[name] = unknown
					}
				}
				if a := n.ask(t, stranger(t), q, vars); len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != "UNAUTHENTICATED" {
					t.Errorf("%s", a.bytes)
				}
			}
			if sent := n.sent(); len(sent) > 0 {
				t.Errorf("it took %q", sent)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
