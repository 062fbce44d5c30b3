package graph_test

import (
	"testing"
	"time"

	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

func TestADutyToPublishIsAFactOnTheRecord(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		leiden := fixture.As(t, n.Leiden)
		p := n.Project("Tegenvaller")
		p.Outputs = []*record.Output{
			{Key: "o1", KindIRI: record.ConceptIRI(record.OutputKind, "factsheet"), Title: record.NL("Factsheet"), ProducedBy: n.CBS.ID, DeliveredOn: "2026-03-02"},
			{Key: "o2", KindIRI: record.ConceptIRI(record.OutputKind, "rapport"), Title: record.NL("Rapport"), ProducedBy: n.CBS.ID},
			{Key: "o3", KindIRI: record.ConceptIRI(record.OutputKind, "rapport"), Title: record.NL("Eigen nota"), ProducedBy: n.Leiden.ID, DeliveredOn: "2020-01-01"},
		}
		id := n.Publish(t, p).Base().ID
		output := func(state, due any, overdue bool) any {
			return map[string]any{"dutyState": state, "dueOn": due, "isOverdue": overdue}
		}
		same(t, "on the first day", n.ofProject(t, stranger(t), id, "{ outputs { dutyState dueOn isOverdue } }"),
			map[string]any{"outputs": []any{output("DUE", "2026-04-01", false), output("NOT_DELIVERED", nil, false), output(nil, nil, false)}})
		n.Clock.Move(31 * 24 * time.Hour)
		same(t, "on day 31", n.ofProject(t, stranger(t), id, "{ publicVersion outputs { dutyState dueOn isOverdue } }"),
			map[string]any{"publicVersion": 1.0, "outputs": []any{output("DUE", "2026-04-01", true), output("NOT_DELIVERED", nil, false), output(nil, nil, false)}})

		const list = `query($o: ID!, $overdue: Boolean, $after: Cursor) { publicationDuties(organization: $o, overdue: $overdue, first: 1, after: $after) { totalCount pageInfo { hasNextPage hasPreviousPage endCursor }
			edges { cursor } nodes { output { id title dutyState dueOn isOverdue producedBy { name } kind { label } } project { id title state revision embargo { state } } } } }`
		first := n.must(t, leiden, list, map[string]any{"o": n.Leiden.ID})["publicationDuties"]
		node := func(key, title, state string, due any, overdue bool, kind string) any {
			return map[string]any{"output": map[string]any{"id": id + "." + key, "title": title, "dutyState": state, "dueOn": due, "isOverdue": overdue, "producedBy": map[string]any{"name": "CBS"}, "kind": map[string]any{"label": kind}},
				"project": map[string]any{"id": id, "title": "Tegenvaller", "state": "PUBLISHED", "revision": 2.0, "embargo": nil}}
		}
		same(t, "the first", fixture.At(t, first, "nodes.0"), node("o1", "Factsheet", "DUE", "2026-04-01", true, "factsheet"))
		if fixture.At(t, first, "totalCount") != 2.0 || fixture.At(t, first, "pageInfo.hasNextPage") != true {
			t.Error(first)
		}
		second := n.must(t, leiden, list, map[string]any{"o": "udc-leiden", "after": fixture.At(t, first, "pageInfo.endCursor")})["publicationDuties"]
		same(t, "the second", fixture.At(t, second, "nodes.0"), node("o2", "Rapport", "NOT_DELIVERED", nil, false, "rapport"))
		if fixture.At(t, second, "pageInfo.hasNextPage") != false || fixture.At(t, second, "pageInfo.hasPreviousPage") != true {
			t.Error(second)
		}
		for overdue, want := range map[bool]float64{true: 1, false: 1} {
			if got := n.must(t, leiden, list, map[string]any{"o": n.Leiden.ID, "overdue": overdue}); fixture.At(t, got, "publicationDuties.totalCount") != want {
				t.Errorf("overdue %v: %v", overdue, got)
			}
		}
		for _, o := range []string{n.Leiden.ID, n.Delft.ID, "org_x", ""} {
			if got := n.must(t, stranger(t), list, map[string]any{"o": o}); got["publicationDuties"] != nil {
				t.Errorf("a stranger reads the duties of %q: %v", o, got)
			}
		}
		if got := n.must(t, fixture.As(t, n.Delft), list, map[string]any{"o": n.Leiden.ID}); got["publicationDuties"] != nil {
			t.Errorf("another organisation reads %v", got)
		}
		a := n.ask(t, leiden, list, map[string]any{"o": n.Leiden.ID, "after": "x"})
		if len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != badInput {
			t.Errorf("%s", a.bytes)
		}

		n.wrote(t, leiden, "outputUpdate", input{"id": id + ".o1", "revision": 2, "url": "https://example.nl/factsheet"}, "output { dutyState }")
		same(t, "with an address that is not public", n.ofProject(t, stranger(t), id, "{ outputs { isOverdue } }"), map[string]any{"outputs": []any{map[string]any{"isOverdue": true}, map[string]any{"isOverdue": false}, map[string]any{"isOverdue": false}}})
		n.wrote(t, leiden, "recordPublish", input{"id": id, "revision": 3}, "record { id }")
		same(t, "with its address", n.ofProject(t, stranger(t), id, "{ outputs { dutyState isOverdue } }"), map[string]any{"outputs": []any{
			map[string]any{"dutyState": "PUBLIC", "isOverdue": false}, map[string]any{"dutyState": "NOT_DELIVERED", "isOverdue": false}, map[string]any{"dutyState": nil, "isOverdue": false}}})
		n.refused(t, leiden, "outputRemove", input{"id": id + ".o1", "revision": 4}, "ILLEGAL_TRANSITION outputs")
		n.wrote(t, leiden, "outputRemove", input{"id": id + ".o2", "revision": 4}, "project { id }")
	})
}
