package exchange_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

func feedRoot(t testing.TB, w *fixture.World) []byte {
	t.Helper()
	b, err := exchange.DCATFeed{Catalog: w.Catalog}.Root(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func feedPage(t testing.TB, w *fixture.World, n int) []byte {
	t.Helper()
	b, _, err := exchange.DCATFeed{Catalog: w.Catalog}.Page(t.Context(), 0, n)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// told is what a page tells: type and object of each activity, in the order of the members, and whether it has a graph.
func toldOn(t testing.TB, page []byte) (out []string) {
	t.Helper()
	all := quads(t, page)
	say := func(subject, predicate string) string {
		for _, q := range all {
			if rest, ok := strings.CutPrefix(q, "<"+subject+"> <"+predicate+"> <"); ok {
				return strings.TrimSuffix(rest, "> .")
			}
		}
		return ""
	}
	for _, q := range all {
		_, member, ok := strings.Cut(q, "<https://w3id.org/tree#member> <")
		if !ok {
			continue
		}
		member = strings.TrimSuffix(member, "> .")
		kind := strings.TrimPrefix(say(member, rdfNS+"type"), asNS)
		if slices.ContainsFunc(all, func(q string) bool {
			return strings.HasSuffix(q, " <"+member+"> .") && !strings.Contains(q, "tree#member")
		}) {
			kind += " with graph"
		}
		object := say(member, asNS+"object")
		out = append(out, kind+" "+object[strings.Index(object, "#"):])
	}
	return out
}

func TestTheFeedTellsWhatBecameOfEachDataset(t *testing.T) {
	each(t, func(t *testing.T, w *fixture.World) {
		p := w.Publish(t, withOutputs(w, "Kamers")).(*record.Project)
		edit(t, w, p.ID, func(p *record.Project) { p.Outputs[1].URL = "https://leiden.test/rapport" })
		edit(t, w, p.ID, func(p *record.Project) { p.Outputs[0].URL = "" })
		w.Publish(t, w.Lesson("Kijk goed", p.ID)) // is no dataset
		want := []string{"Create with graph #o1", "Update with graph #o1", "Create with graph #o2", "Delete #o1", "Update with graph #o2"}
		if got := toldOn(t, feedPage(t, w, 0)); !slices.Equal(got, want) {
			t.Errorf("it tells %q, want %q", got, want)
		}

		// What is not public any more is taken back, and told no longer.
		edit(t, w, p.ID, func(p *record.Project) { p.Audience = record.Community })
		gone := feedPage(t, w, 0)
		if got := toldOn(t, gone); !slices.Equal(got, []string{"Delete #o1", "Delete #o2"}) || strings.Contains(string(gone), "Kamers") {
			t.Errorf("then it tells %q:\n%s", got, gone)
		}
		edit(t, w, p.ID, func(p *record.Project) { p.Audience = record.Public })
		ctx := fixture.System(t)
		if err := w.Write(ctx, func(tx *catalog.Writer) error {
			_, err := tx.Withdraw(ctx, p.ID, 0, "Op verzoek van de gemeente.")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if got := toldOn(t, feedPage(t, w, 0)); !slices.Equal(got, []string{"Delete #o1", "Delete #o2", "Delete #o2"}) {
			t.Errorf("at last it tells %q", got)
		}
	})
}

func TestAnActivityHasAnAddressATypeAnObjectAndAMoment(t *testing.T) {
	w := small(t)
	p := w.Publish(t, withOutputs(w, "Kamers"))
	all := quads(t, feedPage(t, w, 0))
	lines, err := w.OwnFeed(t.Context(), 0, 10)
	if err != nil || len(lines) != 1 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	activity := fmt.Sprintf("https://plein.test/ldes/dcat#0-%d-o1", lines[0].Number)
	want := []string{
		"rdf:type " + asNS + "Create",
		asNS + "object " + uriOf(p) + "#o1",
		asNS + `published "2026-03-02T09:00:00Z"^^xsd:dateTime`,
	}
	if got := about(all, activity); !slices.Equal(got, want) {
		t.Errorf("it is %q", got)
	}
	graph := 0
	for _, q := range all {
		if strings.HasSuffix(q, " <"+activity+"> .") && strings.HasPrefix(q, "<"+uriOf(p)+"#o1> ") {
			graph++
		}
	}
	if graph < 15 {
		t.Errorf("its graph says %d things of the dataset", graph)
	}
}

func TestAFullPageOfTheFeedStaysAsItIs(t *testing.T) {
	w := small(t)
	feed := exchange.DCATFeed{Catalog: w.Catalog}
	if _, _, err := feed.Page(t.Context(), 0, 0); !errors.Is(err, exchange.ErrNoPage) {
		t.Errorf("an empty feed has a page: %v", err)
	}
	for i := range 100 {
		w.Publish(t, withOutputs(w, fmt.Sprintf("Project %d", i)))
	}
	full, isFull, err := feed.Page(t.Context(), 0, 0)
	if err != nil || !isFull || len(toldOn(t, full)) != 100 {
		t.Fatalf("%v, full: %v", err, isFull)
	}
	w.Publish(t, withOutputs(w, "Nog een"))
	if again := feedPage(t, w, 0); string(again) != string(full) {
		t.Error("a full page changed")
	}
	last, isFull, err := feed.Page(t.Context(), 0, 1)
	if err != nil || isFull || len(toldOn(t, last)) != 1 {
		t.Errorf("%v, full: %v, %q", err, isFull, toldOn(t, last))
	}
	root := string(feedRoot(t, w))
	if strings.Count(root, `"tree:node"`) != 2 || !strings.Contains(root, `{"@id": "https://plein.test/ldes/dcat?page=1"}`) {
		t.Errorf("the root is\n%s", root)
	}
	for _, at := range [][2]int{{0, 2}, {1, 0}} {
		if _, _, err := feed.Page(t.Context(), int64(at[0]), at[1]); !errors.Is(err, exchange.ErrNoPage) {
			t.Errorf("epoch %d page %d: %v", at[0], at[1], err)
		}
	}
	w.Statements.Reset()
	feedPage(t, w, 0)
	if all := w.Statements.About("feed", "publications", "tombstones"); len(all) != 3 {
		t.Errorf("a page costs %d statements: %q", len(all), all)
	}
	w.Statements.Reset()
	feedRoot(t, w)
	if all := w.Statements.About("feed"); len(all) != 1 {
		t.Errorf("the root costs %d statements", len(all))
	}
}

// After a backup was put back everything is told again at other addresses: what a reader remembers may be ahead of it.
func TestTheFeedBeginsAnewAfterARestore(t *testing.T) {
	w := small(t)
	w.Publish(t, withOutputs(w, "Kamers"))
	tx, err := w.Store.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := changelog.NewEpoch(t.Context(), tx.Client(), w.Clock.Now()); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	epoch, err := w.Log.Epoch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if root := string(feedRoot(t, w)); !strings.Contains(root, fmt.Sprintf("https://plein.test/ldes/dcat?epoch=%d&page=0", epoch)) || strings.Contains(root, "dcat?page=0") {
		t.Errorf("the root is\n%s", root)
	}
	old := feedPage(t, w, 0)
	if len(toldOn(t, old)) != 0 || !strings.Contains(string(old), `"tree:node": {"@id": "https://plein.test/ldes/dcat"}`) {
		t.Errorf("the old page is\n%s", old)
	}
	body, _, err := exchange.DCATFeed{Catalog: w.Catalog}.Page(t.Context(), epoch, 0)
	if err != nil || len(toldOn(t, body)) != 1 || !strings.Contains(string(body), fmt.Sprintf("/ldes/dcat#%d-", epoch)) {
		t.Errorf("%v\n%s", err, body)
	}
}
