package graph_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

// walk goes through a connection a few at a time and gives what it saw.
func (n *node) walk(t *testing.T, ctx context.Context, name, query, path string, vars map[string]any) []string {
	t.Helper()
	const few = 7
	var seen []string
	vars["n"], vars["c"] = few, nil
	for page := range 200 {
		c := fixture.At(t, n.must(t, ctx, query, vars), path).(map[string]any)
		edges, nodes, info := c["edges"].([]any), c["nodes"].([]any), c["pageInfo"].(map[string]any)
		more := info["hasNextPage"] == true
		if len(nodes) != len(edges) || len(nodes) > few || more && len(nodes) < few || info["hasPreviousPage"] != (page > 0) {
			t.Fatalf("%s, page %d: %d nodes, %d edges, %v", name, page, len(nodes), len(edges), info)
		}
		for i, e := range edges {
			edge := e.(map[string]any)
			if fmt.Sprint(edge["node"]) != fmt.Sprint(nodes[i]) || edge["cursor"] == "" {
				t.Fatalf("%s: %v beside %v", name, edge, nodes[i])
			}
			seen = append(seen, fmt.Sprint(nodes[i]))
		}
		if len(edges) == 0 && (info["startCursor"] != nil || info["endCursor"] != nil) ||
			len(edges) > 0 && (info["startCursor"] != edges[0].(map[string]any)["cursor"] || info["endCursor"] != edges[len(edges)-1].(map[string]any)["cursor"]) {
			t.Fatalf("%s, page %d: %v", name, page, info)
		}
		if total, counted := c["totalCount"]; counted && !more && total != float64(len(seen)) {
			t.Errorf("%s: %v in all, walked %d", name, total, len(seen))
		}
		if !more {
			break
		}
		vars["c"] = info["endCursor"]
	}
	sorted := slices.Sorted(slices.Values(seen))
	if len(slices.Compact(sorted)) != len(seen) {
		t.Errorf("%s: something came twice among %d", name, len(seen))
	}
	return seen
}

const parts = ` totalCount edges { cursor node { ... on Node { id } } } nodes { ... on Node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } `

func TestEveryListIsWalkedToItsEndWithoutGapsOrDoubles(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		c := crowded(t, n)
		leiden := fixture.As(t, n.Leiden)
		err := n.Write(leiden, func(w *catalog.Writer) error {
			for i := range 15 {
				if _, err := w.Create(leiden, n.Project(fmt.Sprintf("Kladje %d", i)), catalog.Origin{}); err != nil {
					return err
				}
				if _, err := w.SaveDataSource(leiden, n.Leiden.ID, record.DataSource{Name: fmt.Sprintf("Bron %02d", i), Holder: "H"}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		// Some changed later than the rest, which all changed at the same moment.
		n.Clock.Move(time.Hour)
		for i := 0; i < 30; i += 3 {
			n.edit(t, c.projects[i], func(r record.Record) { r.(*record.Project).StartedOn = record.Date(fmt.Sprintf("20%02d-05", i)) })
		}
		last := n.Publish(t, n.Lesson("Van overal", c.projects[:20]...)).Base().ID
		n.catchUp(t)
		for _, l := range []struct {
			name, query, path string
			vars              map[string]any
			want              int
			member            bool
		}{
			{"projects", `query($n: Int, $c: Cursor) { projects(first: $n, after: $c) {` + parts + `} }`, "projects", nil, many, false},
			{"projects by title", `query($n: Int, $c: Cursor) { projects(first: $n, after: $c, orderBy: {field: TITLE, direction: ASC}) {` + parts + `} }`, "projects", nil, many, false},
			{"projects by title downwards", `query($n: Int, $c: Cursor) { projects(first: $n, after: $c, orderBy: {field: TITLE, direction: DESC}) {` + parts + `} }`, "projects", nil, many, false},
			{"projects by start", `query($n: Int, $c: Cursor) { projects(first: $n, after: $c, orderBy: {field: STARTED_ON, direction: DESC}) {` + parts + `} }`, "projects", nil, many, false},
			{"projects by publication", `query($n: Int, $c: Cursor) { projects(first: $n, after: $c, orderBy: {field: PUBLISHED_AT, direction: ASC}) {` + parts + `} }`, "projects", nil, many, false},
			{"projects upwards", `query($n: Int, $c: Cursor) { projects(first: $n, after: $c, orderBy: {field: UPDATED_AT, direction: ASC}) {` + parts + `} }`, "projects", nil, many, false},
			{"projects of one theme", `query($n: Int, $c: Cursor) { projects(first: $n, after: $c, filter: {policyDomains: ["con_policy-domain.wonen"]}) {` + parts + `} }`, "projects", nil, many / 3, false},
			{"projects of two themes", `query($n: Int, $c: Cursor) { projects(first: $n, after: $c, filter: {policyDomains: ["con_policy-domain.wonen", "con_policy-domain.inkomen"]}) {` + parts + `} }`, "projects", nil, many / 3 * 2, false},
			{"projects of nobody", `query($n: Int, $c: Cursor) { projects(first: $n, after: $c, filter: {organizations: ["org_x"]}) {` + parts + `} }`, "projects", nil, 0, false},
			{"lessons", `query($n: Int, $c: Cursor) { lessons(first: $n, after: $c) {` + parts + `} }`, "lessons", nil, 2*many + 1, false},
			{"lessons of a step", `query($n: Int, $c: Cursor) { lessons(stepKey: "vraag", first: $n, after: $c) {` + parts + `} }`, "lessons", nil, 2*many + 1, false},
			{"templates", `query($n: Int, $c: Cursor) { processTemplates(first: $n, after: $c) {` + parts + `} }`, "processTemplates", nil, 20, false},
			{"organisations", `query($n: Int, $c: Cursor) { organizations(first: $n, after: $c) {` + parts + `} }`, "organizations", nil, many + 4, false},
			{"organisations that are spoken about", `query($n: Int, $c: Cursor) { organizations(custody: REFERENCE, first: $n, after: $c) {` + parts + `} }`, "organizations", nil, many + 2, false},
			{"municipalities", `query($n: Int, $c: Cursor) { municipalities(first: $n, after: $c) {` + parts + `} }`, "municipalities", nil, 3, false},
			{"data sources", `query($n: Int, $c: Cursor) { dataSources(first: $n, after: $c) {` + parts + `} }`, "dataSources", nil, 15, false},
			{"an organisation's projects", `query($id: ID!, $n: Int, $c: Cursor) { node(id: $id) { ... on Organization { projects(first: $n, after: $c) {` + parts + `} } } }`, "node.projects", map[string]any{"id": n.Leiden.ID}, many, false},
			{"a project's lessons", `query($id: ID!, $n: Int, $c: Cursor) { node(id: $id) { ... on Project { lessons(first: $n, after: $c) {` + parts + `} } } }`, "node.lessons", map[string]any{"id": c.projects[5]}, 3, false},
			{"a lesson's projects", `query($id: ID!, $n: Int, $c: Cursor) { node(id: $id) { ... on Lesson { projects(first: $n, after: $c) {` + parts + `} } } }`, "node.projects", map[string]any{"id": last}, 20, false},
			{"a template's projects", `query($id: ID!, $n: Int, $c: Cursor) { node(id: $id) { ... on ProcessTemplate { usedBy(first: $n, after: $c) {` + parts + `} } } }`, "node.usedBy", map[string]any{"id": c.templates[3]}, 6, false},
			{"a template's versions", `query($id: ID!, $n: Int, $c: Cursor) { node(id: $id) { ... on ProcessTemplate { versions(first: $n, after: $c) {` + parts + `} } } }`, "node.versions", map[string]any{"id": c.templates[3]}, 2, false},
			{"working copies", `query($n: Int, $c: Cursor) { drafts(first: $n, after: $c) {` + parts + `} }`, "drafts", nil, 15 + 3*many + 20 + 1, true},
			{"search", `query($n: Int, $c: Cursor) { search(query: "overlast", first: $n, after: $c) {` + parts + `} }`, "search", nil, many, false},
			{"search without words", `query($n: Int, $c: Cursor) { search(first: $n, after: $c) {` + parts + `} }`, "search", nil, 3*many + 20 + 1, false},
			{"search by title", `query($n: Int, $c: Cursor) { search(sort: TITLE, filter: {types: [PROJECT]}, first: $n, after: $c) {` + parts + `} }`, "search", nil, many, false},
			{"search by publication", `query($n: Int, $c: Cursor) { search(query: "overlast", sort: NEWEST, first: $n, after: $c) {` + parts + `} }`, "search", nil, many, false},
			{"search by change", `query($n: Int, $c: Cursor) { search(query: "overlast", sort: RECENTLY_UPDATED, first: $n, after: $c) {` + parts + `} }`, "search", nil, many, false},
		} {
			ctx := stranger(t)
			if l.member {
				ctx = leiden
			}
			vars := map[string]any{}
			for k, v := range l.vars {
				vars[k] = v
			}
			if got := n.walk(t, ctx, l.name, l.query, l.path, vars); len(got) != l.want {
				t.Errorf("%s: walked %d, want %d", l.name, len(got), l.want)
			}
		}
		up := n.walk(t, stranger(t), "", `query($n: Int, $c: Cursor) { projects(first: $n, after: $c, orderBy: {field: TITLE, direction: ASC}) {`+parts+`} }`, "projects", map[string]any{})
		down := n.walk(t, stranger(t), "", `query($n: Int, $c: Cursor) { projects(first: $n, after: $c, orderBy: {field: TITLE, direction: DESC}) {`+parts+`} }`, "projects", map[string]any{})
		slices.Reverse(down)
		if !slices.Equal(up, down) {
			t.Error("downwards is not upwards the other way round")
		}
	})
}

func TestACursorOfAnotherListIsRefused(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		for i := range 3 {
			n.Publish(t, n.Project(fmt.Sprintf("Overlast %d", i)))
			n.Publish(t, n.Template(fmt.Sprintf("Sjabloon %d", i), "1.0.0", "vraag"))
		}
		n.catchUp(t)
		leiden := fixture.As(t, n.Leiden)
		lists := map[string]string{
			"changed":        `projects(first: 1%s)`,
			"upwards":        `projects(orderBy: {field: UPDATED_AT, direction: ASC}, first: 1%s)`,
			"title":          `projects(orderBy: {field: TITLE, direction: ASC}, first: 1%s)`,
			"started":        `projects(orderBy: {field: STARTED_ON, direction: ASC}, first: 1%s)`,
			"search":         `search(query: "overlast", first: 1%s)`,
			"other search":   `search(query: "sjabloon", first: 1%s)`,
			"plain search":   `search(first: 1%s)`,
			"by title":       `search(sort: TITLE, first: 1%s)`,
			"filtered":       `search(query: "overlast", filter: {phases: [RUNNING]}, first: 1%s)`,
			"changes":        `changes(first: 1%s)`,
			"organizations":  `organizations(first: 1%s)`,
			"municipalities": `municipalities(first: 1%s)`,
			"drafts":         `drafts(first: 1%s)`,
		}
		cursors := map[string]string{}
		for name, l := range lists {
			got := n.must(t, leiden, "{ l: "+fmt.Sprintf(l, "")+" { pageInfo { endCursor } } }", nil)
			cursors[name] = fixture.At(t, got, "l.pageInfo.endCursor").(string)
		}
		for of, cursor := range cursors {
			for name, l := range lists {
				a := n.ask(t, leiden, "{ l: "+fmt.Sprintf(l, `, after: "`+cursor+`"`)+" { pageInfo { endCursor } } }", nil)
				if refused := len(a.Errors) > 0; refused != (of != name) {
					t.Errorf("a cursor of %s in %s: %.200s", of, name, a.bytes)
				} else if refused && a.Errors[0].Extensions["code"] != badInput {
					t.Errorf("a cursor of %s in %s: %v", of, name, a.Errors[0])
				}
			}
			for _, broken := range []string{cursor[:len(cursor)-3], cursor + "AAAA", strings.ToLower(cursor), "x" + cursor} {
				if a := n.ask(t, leiden, `query($c: Cursor) { projects(orderBy: {field: TITLE, direction: DESC}, after: $c) { totalCount } }`, map[string]any{"c": broken}); len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != badInput {
					t.Errorf("a broken cursor of %s: %.200s", of, a.bytes)
				}
			}
		}
	})
}

func TestTheSameQuestionGivesTheSameBytes(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		public(t, n)
		p := secret(n)
		p.Title = record.Text{record.Dutch: "Geheim", record.English: "Secret"}
		id := n.Publish(t, p).Base().ID
		n.catchUp(t)
		for _, q := range append(slices.Clone(surfaces), standardIntrospection) {
			vars := map[string]any{}
			for name, v := range map[string]string{"id": id, "part": id + ".o1", "uri": fixture.BaseURL + "/id/" + id, "o": n.Leiden.ID} {
				if strings.Contains(q, "$"+name+":") {
					vars[name] = v
				}
			}
			first := n.ask(t, stranger(t), q, vars)
			for range 3 {
				if again := n.ask(t, stranger(t), q, vars); string(again.bytes) != string(first.bytes) || fmt.Sprint(again.header) != fmt.Sprint(first.header) {
					t.Errorf("%s:\n%s\n%s", q, first.bytes, again.bytes)
				}
			}
		}
	})
}
