package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
)

// The figures here do not depend on the machine, so they may fail a build. Times are never tested.

// sample is how many records the figures are taken on.
const sample = 300

// The figures stand in docs/performance.md as well. Of writes it is what stands in the transaction, without the
// two statements for each number that is taken from a log.
var mostStatements = map[string]int{"record": 3, "list": 3, "list deep": 3, "list two filters": 3, "search": 1, "browse": 1,
	"suggest": 1, "comparable": 2, "changes": 2, "create": 2, "publish": 13}

const mostInAList = 6

func TestStatementsFollowTheShapeOfAnOperation(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		fill(t, w.Catalog, sample)
		h := build(t, w.Store, w.Catalog, w.Log, filepath.Join(t.TempDir(), "index"))
		sent := func(do func()) []string {
			w.Statements.Reset()
			do()
			return w.Statements.All()
		}
		list := operation{"list", listQuery, nil}
		before := 0
		for _, first := range []int{1, 20, 100} {
			list.variables = func(int) map[string]any { return map[string]any{"first": first} }
			var rows int
			all := sent(func() { rows = rowsOf(t, full(t, h.graphql, list)) })
			if rows != first {
				t.Fatalf("%d rows, want %d", rows, first)
			}
			if n := len(all); n > mostInAList || before != 0 && n != before {
				t.Errorf("%d rows: %d statements, %d before: %s", first, n, before, shorten(all))
			}
			before = len(all)
		}
		for _, o := range h.reads() {
			atMost(t, o.name, sent(func() { full(t, h.graphql, o) }))
		}
		var id string
		var revision int
		atMost(t, "create", written(sent(func() { id, revision = created(t, h, 0) })))
		atMost(t, "publish", written(sent(func() {
			if err := good(ask(h.as(t.Context()), h.graphql, publishing(id, revision).body(t, 0))); err != nil {
				t.Fatal(err)
			}
		})))
	})
}

func atMost(t *testing.T, name string, all []string) {
	t.Helper()
	if len(all) > mostStatements[name] {
		t.Errorf("%s: %d statements, want at most %d: %s", name, len(all), mostStatements[name], shorten(all))
	}
}

// written are the statements of a transaction, without PostgreSQL's lock: others follow the log in the background.
func written(all []string) (out []string) {
	for _, q := range all {
		if strings.HasPrefix(q, "Tx(") && strings.Contains(q, "query=") && !strings.Contains(q, "pg_advisory") {
			out = append(out, q)
		}
	}
	return out
}

func shorten(all []string) (out string) {
	for _, q := range all {
		out += fmt.Sprintf("\n\t%.160s", q)
	}
	return out
}

// An import is one transaction: 15 statements for each description, two for each organisation, and some more.
func TestStatementsOfAnImportGrowWithItsLines(t *testing.T) {
	file, err := os.Open(fixture.Data(t, "texts", "algoritmeregister.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rules, err := os.Open("../examples/import/algoritmeregister.yml")
	if err != nil {
		t.Fatal(err)
	}
	defer rules.Close()
	mapping, err := exchange.ReadMapping(rules)
	if err != nil {
		t.Fatal(err)
	}
	w := fixture.SQLite(t)
	if err := exchange.LoadReference(t.Context(), w.Catalog); err != nil {
		t.Fatal(err)
	}
	w.Statements.Reset()
	report, err := exchange.Import(t.Context(), w.Catalog, file, exchange.NDJSON, mapping, exchange.Options{})
	if err != nil || report.Created != 1_530 {
		t.Fatal(err, report.Counts)
	}
	all := written(w.Statements.All())
	const perLine, perOrganization = 15, 3
	if most := report.Created*perLine + report.NewOrganizations*perOrganization; len(all) > most {
		t.Errorf("%d statements for %d descriptions of %d organisations, want at most %d", len(all), report.Created, report.NewOrganizations, most)
	}
	t.Logf("%d statements for %d descriptions of %d organisations", len(all), report.Created, report.NewOrganizations)
}

// Each limit is about a tenth above what was counted; the difference is the runtime's, which is not the same each time.
// The figures hold request and recorder of the test too, about 20.
func TestAllocationsOfEachOperation(t *testing.T) {
	limits := map[string]float64{"record": 2_000, "list": 11_800, "list deep": 8_350, "list two filters": 5_150, "search": 28_100,
		"browse": 12_500, "suggest": 2_400, "comparable": 13_100, "changes": 33_600}
	h := generated(t, sample)
	ctx := identity.AsStranger(t.Context())
	for _, o := range h.reads() {
		body := o.body(t, 0)
		full(t, h.graphql, o)
		got := testing.AllocsPerRun(20, func() { ask(ctx, h.graphql, body) })
		t.Logf("%s: %.0f allocations", o.name, got)
		if got > limits[o.name] {
			t.Errorf("%s: %.0f allocations, want at most %.0f", o.name, got, limits[o.name])
		}
	}
}

// Bytes are of the JSON before compression; each limit is a twentieth above what was counted.
func TestBytesOfEachAnswer(t *testing.T) {
	limits := map[string]int{"record": 2_350, "list": 14_850, "list deep": 11_600, "list two filters": 6_250, "search": 33_900,
		"browse": 16_000, "suggest": 600, "comparable": 12_350, "changes": 27_500}
	h := generated(t, sample)
	for _, o := range h.reads() {
		w := full(t, h.graphql, o)
		t.Logf("%s: %d bytes", o.name, w.Body.Len())
		if w.Body.Len() > limits[o.name] {
			t.Errorf("%s: %d bytes, want at most %d", o.name, w.Body.Len(), limits[o.name])
		}
	}
}
