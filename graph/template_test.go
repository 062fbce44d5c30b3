package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

func step(key string, more ...any) input {
	out := input{"key": key, "title": "Stap " + key, "purpose": "Omdat " + key + " nodig is."}
	for i := 0; i < len(more); i += 2 {
		out[more[i].(string)] = more[i+1]
	}
	return out
}

func TestATemplateIsCreatedChangedPublishedAndFrozen(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		leiden := fixture.As(t, n.Leiden)
		cbs := record.ConceptID(record.TeamRole, "cbs")
		lesson := n.Publish(t, n.Lesson("Vraag door")).Base().ID
		const steps = `steps { key uri position title purpose startsAfter parallelWith iterative optional guideDays raci { role { notation } raci } checklist { key text required lesson { id } } deliverables { notation } }`
		made, problems, warnings := n.mutate(t, leiden, "templateCreate", input{"organization": n.Leiden.ID, "title": "Zes stappen", "steps": []input{
			step("vraag", "checklist", []input{{"key": "scherp", "text": "Is de vraag scherp?", "required": true, "lesson": lesson}}, "raci", []input{{"role": cbs, "raci": "CONSULTED"}}, "guideDays", 5),
			step("analyse", "startsAfter", []string{"vraag"}, "iterative", true, "deliverables", []string{rapport}),
			step("gebruik", "startsAfter", []string{"vraag"}, "parallelWith", []string{"analyse"}, "optional", true),
		}, "roles": []input{{"role": cbs, "minimum": 1}}}, "template { id state number revision roles { role { notation } minimum } current { number } versions { totalCount } "+steps+" }")
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		same(t, "warnings", warnings, []string{"REQUIRED summary"})
		id := fixture.At(t, made, "template.id").(string)
		_, uuid, _ := strings.Cut(id, "_")
		address := func(key string) string { return "urn:uuid:" + uuid + "#" + key }
		same(t, "the template", made["template"], map[string]any{"id": id, "state": "DRAFT", "number": "1.0.0", "revision": 1.0, "current": nil, "versions": map[string]any{"totalCount": 0.0},
			"roles": []any{map[string]any{"role": map[string]any{"notation": "cbs"}, "minimum": 1.0}},
			"steps": []any{
				map[string]any{"key": "vraag", "uri": address("vraag"), "position": 1.0, "title": "Stap vraag", "purpose": "Omdat vraag nodig is.", "startsAfter": []any{}, "parallelWith": []any{}, "iterative": false, "optional": false, "guideDays": 5.0,
					"raci":      []any{map[string]any{"role": map[string]any{"notation": "cbs"}, "raci": "CONSULTED"}},
					"checklist": []any{map[string]any{"key": "scherp", "text": "Is de vraag scherp?", "required": true, "lesson": map[string]any{"id": lesson}}}, "deliverables": []any{}},
				map[string]any{"key": "analyse", "uri": address("analyse"), "position": 2.0, "title": "Stap analyse", "purpose": "Omdat analyse nodig is.", "startsAfter": []any{"vraag"}, "parallelWith": []any{}, "iterative": true, "optional": false, "guideDays": nil,
					"raci": []any{}, "checklist": []any{}, "deliverables": []any{map[string]any{"notation": "rapport"}}},
				map[string]any{"key": "gebruik", "uri": address("gebruik"), "position": 3.0, "title": "Stap gebruik", "purpose": "Omdat gebruik nodig is.", "startsAfter": []any{"vraag"}, "parallelWith": []any{"analyse"}, "iterative": false, "optional": true, "guideDays": nil,
					"raci": []any{}, "checklist": []any{}, "deliverables": []any{}},
			}})
		n.refused(t, leiden, "recordPublish", input{"id": id, "revision": 1}, "REQUIRED summary")
		n.wrote(t, leiden, "templateUpdate", input{"id": id, "revision": 1, "summary": "Zo werken wij."}, "__typename")
		n.wrote(t, leiden, "recordPublish", input{"id": id, "revision": 2}, "record { id }")

		// A changed template under an old number is refused; text that is not frozen may change under it.
		n.wrote(t, leiden, "templateUpdate", input{"id": id, "revision": 3, "steps": []input{step("analyse"), step("vraag"), step("delen")}}, "__typename")
		n.refused(t, leiden, "recordPublish", input{"id": id, "revision": 4}, "INVALID number")
		n.wrote(t, leiden, "templateUpdate", input{"id": id, "revision": 4, "number": "1.1.0", "changeNote": "Delen erbij."}, "__typename")
		n.wrote(t, leiden, "recordPublish", input{"id": id, "revision": 5}, "__typename")
		got := n.must(t, stranger(t), `query($id: ID!) { node(id: $id) { ... on ProcessTemplate { number changeNote current { number }
			versions { totalCount nodes { id number changeNote contentHash publishedAt template { id } steps { key uri } } } version(number: "1.0.0") { id number steps { key } } none: version(number: "9.9.9") { id } nameless: version(number: "") { id } } } }`, input{"id": id})["node"].(map[string]any)
		same(t, "the published template", []any{got["number"], got["changeNote"], fixture.At(t, got, "current.number"), fixture.At(t, got, "versions.totalCount"), got["none"], got["nameless"]}, []any{"1.1.0", "Delen erbij.", "1.1.0", 2.0, nil, nil})
		newer, older := fixture.At(t, got, "versions.nodes.0").(map[string]any), fixture.At(t, got, "versions.nodes.1").(map[string]any)
		same(t, "the old version is as it was", fixture.At(t, got, "version.steps"), []any{map[string]any{"key": "vraag"}, map[string]any{"key": "analyse"}, map[string]any{"key": "gebruik"}})
		same(t, "steps keep their addresses", newer["steps"], []any{map[string]any{"key": "analyse", "uri": address("analyse")}, map[string]any{"key": "vraag", "uri": address("vraag")}, map[string]any{"key": "delen", "uri": address("delen")}})
		if newer["contentHash"] == older["contentHash"] || fixture.At(t, newer, "template.id") != id || newer["publishedAt"] == nil {
			t.Error(got)
		}
		diff := func(of, against any) string {
			t.Helper()
			list := fixture.At(t, n.must(t, stranger(t), `query($v: ID!, $a: ID!) { node(id: $v) { ... on ProcessTemplateVersion { diff(against: $a) { key kind before { title position } after { title position } } } } }`, input{"v": of, "a": against}), "node.diff").([]any)
			var out []string
			for _, x := range list {
				d := x.(map[string]any)
				out = append(out, fmt.Sprint(d["key"], " ", d["kind"], " ", d["before"] != nil, " ", d["after"] != nil))
			}
			return strings.Join(out, ", ")
		}
		same(t, "what 1.1.0 changed", diff(newer["id"], older["id"]), "analyse CHANGED true true, vraag CHANGED true true, delen ADDED false true, gebruik REMOVED true false")
		same(t, "what it changed against itself", diff(newer["id"], newer["id"]), "analyse UNCHANGED true true, vraag UNCHANGED true true, delen UNCHANGED true true")
		same(t, "the same by its number", diff(newer["id"], "1.0.0"), diff(newer["id"], older["id"]))
		for _, nothing := range []string{"tpv_x", "9.9.9", ""} {
			if a := n.ask(t, stranger(t), `query($v: ID!, $a: ID!) { node(id: $v) { ... on ProcessTemplateVersion { diff(against: $a) { key } } } }`, input{"v": newer["id"], "a": nothing}); len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != badInput {
				t.Errorf("against %q: %s", nothing, a.bytes)
			}
		}
	})
}

func TestAVersionIsPublishedInOneStepOrNotAtAll(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		leiden := fixture.As(t, n.Leiden)
		const fields = `template { id state revision number } version { id number steps { key title(lang: EN) } }`
		n.refused(t, leiden, "templateVersionPublish", input{"organization": n.Leiden.ID, "title": "Vijf stappen", "number": "1.0.0", "steps": []input{step("vraag")}}, "REQUIRED summary")
		n.refused(t, leiden, "templateVersionPublish", input{"title": "Vijf stappen", "number": "1.0.0", "steps": []input{}}, "NOT_FOUND organization")
		made := n.wrote(t, leiden, "templateVersionPublish", input{"organization": n.Leiden.ID, "title": "Vijf stappen", "summary": "S", "number": "1.0.0", "steps": []input{step("vraag"), step("analyse")}}, fields)
		id := fixture.At(t, made, "template.id").(string)
		same(t, "the template", made["template"], map[string]any{"id": id, "state": "PUBLISHED", "revision": 2.0, "number": "1.0.0"})
		if fixture.At(t, made, "version.number") != "1.0.0" {
			t.Error(made)
		}
		n.refused(t, leiden, "templateVersionPublish", input{"template": id, "number": "1.1.0", "steps": []input{step("vraag")}}, "INVALID revision")
		n.refused(t, leiden, "templateVersionPublish", input{"template": id, "revision": 1, "number": "1.1.0", "steps": []input{step("vraag")}}, "STALE_REVISION revision")
		for _, number := range []string{"1.0.0", "0.9.0"} {
			n.refused(t, leiden, "templateVersionPublish", input{"template": id, "revision": 2, "number": number, "steps": []input{step("anders")}}, "INVALID number")
		}
		n.refused(t, leiden, "templateVersionPublish", input{"template": id, "revision": 2, "number": "twee", "steps": []input{step("vraag")}}, "INVALID number")
		second := n.wrote(t, leiden, "templateVersionPublish", input{"template": id, "revision": 2, "number": "1.10.0", "changeNote": "Korter.", "steps": []input{step("vraag")}}, fields)
		if fixture.At(t, second, "version.number") != "1.10.0" || fixture.At(t, second, "version.id") == fixture.At(t, made, "version.id") {
			t.Error(second)
		}
		third := n.wrote(t, leiden, "templateVersionPublish", input{"template": id, "revision": 4, "number": "1.11.0", "title": "Eén stap", "steps": []input{step("vraag"), step("delen")}}, fields)
		if fixture.At(t, third, "version.number") != "1.11.0" {
			t.Error("1.11.0 does not follow 1.10.0", third)
		}
	})
}

func TestWhatIsWrongWithStepsIsTold(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	leiden := fixture.As(t, n.Leiden)
	var fifty []input
	for i := range 51 {
		fifty = append(fifty, step(fmt.Sprintf("s-%d", i)))
	}
	for _, c := range []struct {
		steps []input
		want  string
	}{
		{[]input{step("Vraag!")}, "INVALID steps.key"},
		{[]input{step("vraag"), step("vraag")}, "DUPLICATE steps.key"},
		{[]input{step("vraag", "startsAfter", []string{"nergens"})}, "INVALID steps.startsAfter"},
		{[]input{step("vraag", "parallelWith", []string{"vraag"})}, "INVALID steps.startsAfter"},
		{[]input{step("a", "startsAfter", []string{"b"}), step("b", "startsAfter", []string{"a"})}, "INVALID steps.startsAfter"},
		{[]input{step("vraag", "title", " ")}, "REQUIRED steps.title"},
		{[]input{step("vraag", "raci", []input{{"role": "x", "raci": "INFORMED"}})}, "UNKNOWN_CONCEPT steps.raci"},
		{[]input{step("vraag", "checklist", []input{{"key": "", "text": "T"}})}, "REQUIRED steps.checklist"},
		{[]input{step("vraag", "checklist", []input{{"key": "k", "text": "T", "lesson": "les_x"}})}, "NOT_FOUND steps"},
		{[]input{step("vraag", "deliverables", []string{"x"})}, "UNKNOWN_CONCEPT steps"},
		{fifty, "TOO_MANY steps"},
	} {
		n.refused(t, leiden, "templateCreate", input{"organization": n.Leiden.ID, "title": "T", "steps": c.steps}, c.want)
	}
	n.refused(t, leiden, "templateCreate", input{"organization": n.Leiden.ID, "title": "T", "number": "1"}, "INVALID number")
	n.refused(t, leiden, "templateCreate", input{"organization": n.Leiden.ID, "title": "T", "roles": []input{{"role": "x", "minimum": -1}}}, "UNKNOWN_CONCEPT roles.role", "INVALID roles.minimum")
}

func TestAForkKeepsTheAddressesOfItsSteps(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		original := n.Publish(t, n.Template("Zes stappen", "1.0.0", "vraag", "analyse")).(*record.ProcessTemplate)
		delft := fixture.As(t, n.Delft)
		forked := n.wrote(t, delft, "templateFork", input{"version": original.Versions[0].ID, "organization": n.Delft.ID, "title": "Zo doet Delft het", "idempotencyKey": "f"},
			"template { id title number publisher { name } sourceLinks forkedFrom { id number template { title } } steps { uri key } versions { totalCount } }")
		fork := forked["template"].(map[string]any)
		same(t, "the fork", []any{fork["title"], fork["number"], fixture.At(t, fork, "publisher.name"), fixture.At(t, fork, "forkedFrom.id"), fixture.At(t, fork, "forkedFrom.template.title"), fixture.At(t, fork, "versions.totalCount")},
			[]any{"Zo doet Delft het", "1.0.0", "UDC Delft", original.Versions[0].ID, "Zes stappen", 0.0})
		same(t, "its steps", fork["steps"], []any{map[string]any{"key": "vraag", "uri": record.StepIRI(original.ID, "vraag")}, map[string]any{"key": "analyse", "uri": record.StepIRI(original.ID, "analyse")}})
		same(t, "its source", fork["sourceLinks"], []any{fixture.BaseURL + "/id/" + original.Versions[0].ID})
		again := n.wrote(t, delft, "templateFork", input{"version": original.Versions[0].ID, "organization": n.Delft.ID, "title": "Nog eens", "idempotencyKey": "f"}, "template { id }")
		if fixture.At(t, again, "template.id") != fork["id"] {
			t.Error("a retry made another fork")
		}
		n.wrote(t, delft, "templateUpdate", input{"id": fork["id"], "revision": 1, "steps": []input{step("vraag"), step("nieuw")}}, "__typename")
		n.wrote(t, delft, "recordPublish", input{"id": fork["id"], "revision": 2}, "__typename")
		got := n.must(t, stranger(t), `query($id: ID!, $o: ID!) { fork: node(id: $id) { ... on ProcessTemplate { steps { key uri } forkedFrom { number } } } original: node(id: $o) { ... on ProcessTemplate { steps { key } } } }`, input{"id": fork["id"], "o": original.ID})
		same(t, "its steps after a change", fixture.At(t, got, "fork.steps"), []any{map[string]any{"key": "vraag", "uri": record.StepIRI(original.ID, "vraag")}, map[string]any{"key": "nieuw", "uri": record.StepIRI(fork["id"].(string), "nieuw")}})
		same(t, "the original", fixture.At(t, got, "original.steps"), []any{map[string]any{"key": "vraag"}, map[string]any{"key": "analyse"}})
		n.refused(t, delft, "templateFork", input{"version": original.ID, "organization": n.Delft.ID, "title": "X"}, "NOT_FOUND templateVersion")
	})
}

func TestAProjectFollowsAVersionAndStaysWithIt(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		leiden := fixture.As(t, n.Leiden)
		tpl := n.Publish(t, n.Template("Zes stappen", "1.0.0", "vraag")).(*record.ProcessTemplate)
		got := n.wrote(t, leiden, "projectCreate", input{"organization": n.Leiden.ID, "title": "X", "question": "Q", "summary": "S", "policyDomains": []string{wonen}, "templateVersion": tpl.Versions[0].ID}, "project { id template { number template { title } } }")
		same(t, "its template", fixture.At(t, got, "project.template"), map[string]any{"number": "1.0.0", "template": map[string]any{"title": "Zes stappen"}})
		n.wrote(t, leiden, "recordPublish", input{"id": fixture.At(t, got, "project.id"), "revision": 1}, "__typename")
		n.wrote(t, leiden, "templateVersionPublish", input{"template": tpl.ID, "revision": 2, "number": "2.0.0", "steps": []input{step("anders")}}, "__typename")
		seen := n.must(t, stranger(t), `query($id: ID!, $t: ID!) { node(id: $id) { ... on Project { template { number steps { key } } } } t: node(id: $t) { ... on ProcessTemplate { usedBy { totalCount nodes { title } } } } }`, input{"id": fixture.At(t, got, "project.id"), "t": tpl.ID})
		same(t, "after a new version", seen, map[string]any{"node": map[string]any{"template": map[string]any{"number": "1.0.0", "steps": []any{map[string]any{"key": "vraag"}}}}, "t": map[string]any{"usedBy": map[string]any{"nodes": []any{map[string]any{"title": "X"}}, "totalCount": 1.0}}})
	})
}

func TestAWriteThatMayNotBeReadStands(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	writer := identity.With(t.Context(), identity.Viewer{TokenID: "tok_w", OrganizationID: n.Leiden.ID, Scopes: []identity.Scope{identity.WriteRecords}})
	tpl := n.Template("Onder ons", "1.0.0", "vraag")
	tpl.Audience = record.Community
	id := n.draft(t, tpl)
	n.wrote(t, fixture.As(t, n.Leiden), "recordPublish", input{"id": id, "revision": 1}, "__typename")
	got := n.wrote(t, writer, "templateVersionPublish", input{"template": id, "revision": 2, "number": "1.1.0", "steps": []input{step("vraag")}}, "template { number state } version { number }")
	same(t, "what the token gets", got, map[string]any{"template": map[string]any{"number": "1.1.0", "state": "PUBLISHED"}, "version": nil, "userErrors": []any{}, "warnings": []any{}})
}

func TestALessonNamesTheStepsInWhichItBites(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		leiden := fixture.As(t, n.Leiden)
		lesson := func(more ...any) input {
			in := input{"organization": n.Leiden.ID, "kind": "DO", "title": "Vraag door", "context": "Bij de start.", "recommendation": "Stel vragen.", "steps": []string{"vraag"}}
			for i := 0; i < len(more); i += 2 {
				in[more[i].(string)] = more[i+1]
			}
			return in
		}
		n.refused(t, leiden, "lessonCreate", lesson(), "REQUIRED template")
		tpl := n.Publish(t, n.Template("Zes stappen", "1.0.0", "vraag", "analyse")).Base().ID
		project := n.Publish(t, n.Project("Verkamering")).Base().ID
		const fields = `lesson { id kind title context recommendation consequence steps roles { notation } projects { totalCount nodes { title } } reviewBy state revision }`
		made := n.wrote(t, leiden, "lessonCreate", lesson("template", tpl, "steps", []string{"vraag", "analyse"}, "consequence", "Anders mislukt het.", "roles", []string{record.ConceptID(record.TeamRole, "cbs")}, "projects", []string{project}), fields)
		id := fixture.At(t, made, "lesson.id").(string)
		same(t, "a lesson", made["lesson"], map[string]any{"id": id, "kind": "DO", "title": "Vraag door", "context": "Bij de start.", "recommendation": "Stel vragen.", "consequence": "Anders mislukt het.", "steps": []any{"vraag", "analyse"},
			"roles": []any{map[string]any{"notation": "cbs"}}, "projects": map[string]any{"totalCount": 1.0, "nodes": []any{map[string]any{"title": "Verkamering"}}}, "reviewBy": "2028-03-02", "state": "DRAFT", "revision": 1.0})
		changed := n.wrote(t, leiden, "lessonUpdate", input{"id": id, "revision": 1, "kind": "AVOID", "title": "Vraag niet door", "context": "Later.", "recommendation": "Zwijg.", "consequence": nil, "steps": []string{"analyse"}, "template": tpl,
			"roles": nil, "projects": []string{}, "reviewBy": "2030", "sourceLinks": []string{"https://example.nl"}}, fields)
		same(t, "a changed lesson", changed["lesson"], map[string]any{"id": id, "kind": "AVOID", "title": "Vraag niet door", "context": "Later.", "recommendation": "Zwijg.", "consequence": nil, "steps": []any{"analyse"},
			"roles": []any{}, "projects": map[string]any{"totalCount": 0.0, "nodes": []any{}}, "reviewBy": "2030", "state": "DRAFT", "revision": 2.0})
		n.wrote(t, leiden, "recordPublish", input{"id": id, "revision": 2}, "__typename")
		got := n.must(t, stranger(t), `{ a: lessons(stepKey: "analyse") { totalCount } b: lessons(stepKey: "vraag") { totalCount } c: processTemplates { nodes { steps { key lessons { totalCount } } } } }`, nil)
		same(t, "where it bites", got, map[string]any{"a": map[string]any{"totalCount": 1.0}, "b": map[string]any{"totalCount": 0.0}, "c": map[string]any{"nodes": []any{map[string]any{"steps": []any{
			map[string]any{"key": "vraag", "lessons": map[string]any{"totalCount": 0.0}}, map[string]any{"key": "analyse", "lessons": map[string]any{"totalCount": 1.0}}}}}}})

		n.refused(t, leiden, "lessonCreate", lesson("template", tpl, "steps", []string{"nergens"}), "NOT_FOUND steps")
		payload, _, _ := n.mutate(t, leiden, "lessonCreate", lesson("template", tpl, "steps", []string{strings.Repeat("nergens", 100)}), "__typename")
		if m := fixture.At(t, payload, "userErrors.0.message").(string); !strings.Contains(m, "[vraag analyse]") || len([]rune(m)) > maxMessage {
			t.Errorf("it does not name the steps there are: %s", m)
		}
		n.refused(t, leiden, "lessonCreate", lesson("template", "tpl_x"), "NOT_FOUND template")
		n.refused(t, leiden, "lessonCreate", lesson("template", tpl, "projects", []string{"prj_x"}), "NOT_FOUND projects")
		n.refused(t, leiden, "lessonCreate", lesson("template", tpl, "roles", []string{"x"}), "UNKNOWN_CONCEPT roles")
		n.refused(t, leiden, "lessonCreate", lesson("template", tpl, "reviewBy", "ooit"), "INVALID reviewBy")
		n.refused(t, leiden, "lessonUpdate", input{"id": id, "revision": 3, "kind": nil}, "INVALID kind")
		n.refused(t, leiden, "lessonUpdate", input{"id": id, "revision": 3, "steps": []string{"nergens"}, "template": tpl}, "NOT_FOUND steps")
		_, problems, warnings := n.mutate(t, leiden, "lessonCreate", lesson("template", tpl, "steps", []string{}, "context", ""), "__typename")
		same(t, "warnings", append(problems, warnings...), []string{"REQUIRED context", "REQUIRED steps"})
	})
}
