package search

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/udc-community/plein/ent/feedentry"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

// fromAfar takes in records that two organisations published on another node, and publishes what was written down here in
// their name as well, and records of Leiden's. It gives the two and all records.
func fromAfar(t *testing.T, w *fixture.World, r *rand.Rand, n int) (publishers []string, all []record.Record) {
	t.Helper()
	far, ctx := fixture.SQLite(t), fixture.System(t)
	far.ServeAt(t, "https://elders.test")
	write := func(w *fixture.World, publisher, title string) record.Record {
		p := w.Project(title)
		p.PublisherID = publisher
		p.PolicyDomainIRIs = []string{record.ConceptIRI(record.PolicyDomain, []string{"wonen", "onderwijs"}[r.IntN(2)])}
		var out record.Record
		do(t, w.Write(ctx, func(tx *catalog.Writer) error {
			made, err := tx.Create(ctx, p, catalog.Origin{})
			if err == nil {
				out, err = tx.Publish(ctx, made.Base().ID, made.Base().Revision)
			}
			return err
		}))
		return out
	}
	for i, o := range []*record.Organization{far.Leiden, far.Delft} {
		var id string
		do(t, w.Write(ctx, func(tx *catalog.Writer) (err error) {
			id, err = tx.AdmitPublisher(ctx, catalog.PublisherCard{IRI: far.BaseURL + "/id/" + o.ID, Name: fmt.Sprint("Elders ", i), Kind: o.Kind, Home: far.BaseURL})
			return err
		}))
		publishers = append(publishers, id)
		for j := range n {
			made := write(far, o.ID, fmt.Sprint("Wonen ver weg ", i, j))
			row, err := far.Store.Client.FeedEntry.Query().Where(feedentry.RecordID(made.Base().ID)).Only(ctx)
			do(t, err)
			object, graph, err := far.WireForm(ctx, far.Store.Client, row.RecordID, row.Payload)
			do(t, err)
			do(t, w.Write(ctx, func(tx *catalog.Writer) error {
				if err := tx.Foresee(ctx, object); err != nil {
					return err
				}
				return tx.Accept(ctx, catalog.Incoming{PublisherID: id, Home: far.BaseURL, Type: changelog.Create, Object: object, Version: row.Version, At: time.UnixMilli(row.At), Graph: graph})
			}))
			rs, err := w.ByURI(ctx, object)
			do(t, err)
			all = append(all, rs[0])
		}
		all = append(all, write(w, id, "Wonen uit de krant"), write(w, w.Leiden.ID, "Wonen hier"))
	}
	return publishers, all
}

// lives is where a record lives; empty where that is not known.
func (h Homes) lives(r record.Record) string {
	if r.Base().Provenance != record.Peer {
		return h.Self
	}
	return h.Elsewhere[r.Base().PublisherID]
}

// valuesIn is what a record has in one of the fields that the model knows.
func (h Homes) valuesIn(r record.Record, f record.Field) []string {
	switch f {
	case record.FieldNode:
		if node := h.lives(r); node != "" {
			return []string{node}
		}
		return nil
	case record.FieldPublisher:
		return []string{r.Base().PublisherID}
	}
	return r.(*record.Project).PolicyDomainIRIs
}

func TestRecordsAreFilteredAndCountedByWhereTheyLive(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		publishers, all := fromAfar(t, w, rand.New(rand.NewPCG(7, 8)), 6)
		x := open(t, w)
		catchUp(t, w, x)
		fields := []record.Field{record.FieldNode, record.FieldPublisher, record.FieldPolicyDomain}
		values := map[record.Field][]string{record.FieldNode: {"nod_self", "nod_a", "nod_b", "nod_unknown"}, record.FieldPublisher: append(publishers, w.Leiden.ID),
			record.FieldPolicyDomain: {record.ConceptIRI(record.PolicyDomain, "wonen"), record.ConceptIRI(record.PolicyDomain, "onderwijs")}}
		rapid.Check(t, func(rt *rapid.T) {
			ask := Request{Homes: Homes{Self: "nod_self", Elsewhere: map[string]string{}}, First: 100, Sort: Title}
			ask.Text = rapid.SampledFrom([]string{"", "wonen"}).Draw(rt, "text")
			for _, o := range publishers {
				// A publisher may be one of whom nothing is known any more.
				if node := rapid.SampledFrom([]string{"", "nod_a", "nod_b"}).Draw(rt, "home"); node != "" {
					ask.Homes.Elsewhere[o] = node
				}
			}
			matches := func(most int, name string) (out []catalog.Match) {
				for range rapid.IntRange(0, most).Draw(rt, name) {
					f := rapid.SampledFrom(fields).Draw(rt, "field")
					out = append(out, catalog.Match{Field: f, Values: rapid.SliceOfNDistinct(rapid.SampledFrom(values[f]), 1, 3, rapid.ID).Draw(rt, "values")})
				}
				return out
			}
			ask.Filter.All, ask.Filter.None = matches(3, "all"), matches(2, "none")
			ask.Facets = rapid.SliceOfNDistinct(rapid.SampledFrom(fields), 0, 3, rapid.ID).Draw(rt, "facets")

			matching := func(without record.Field) (out []record.Record) {
				has := func(r record.Record) func(catalog.Match) bool {
					return func(m catalog.Match) bool {
						return slices.ContainsFunc(ask.Homes.valuesIn(r, m.Field), func(v string) bool { return slices.Contains(m.Values, v) })
					}
				}
				for _, r := range all {
					misses := slices.ContainsFunc(ask.Filter.All, func(m catalog.Match) bool { return m.Field != without && !has(r)(m) })
					if !misses && !slices.ContainsFunc(ask.Filter.None, has(r)) {
						out = append(out, r)
					}
				}
				return out
			}
			p, err := x.newPlan(ask)
			do(t, err)
			var facets []FacetResult
			for _, f := range ask.Facets {
				by := map[string]int{}
				for _, r := range matching(f) {
					for _, v := range ask.Homes.valuesIn(r, f) {
						by[v]++
					}
				}
				var counts []catalog.Count
				for v, n := range by {
					counts = append(counts, catalog.Count{Value: v, N: n})
				}
				sortCounts(counts)
				facets = append(facets, p.facetResult(f, counts))
			}
			fast, err := x.Find(t.Context(), ask)
			do(t, err)
			slow, err := x.fromDatabase(t.Context(), p)
			do(t, err)
			want := len(matching(""))
			for name, got := range map[string]*Result{"index": fast, "database": slow} {
				if got.Degraded != (name == "database") || got.Total != want || len(got.Hits) != want || fmt.Sprint(got.Facets) != fmt.Sprint(facets) {
					rt.Errorf("%s: %d found and %v, want %d and %v", name, got.Total, got.Facets, want, facets)
				}
			}
		})
	})
}

func TestAPublisherThatMovesTakesItsCopiesAlong(t *testing.T) {
	w := fixture.SQLite(t)
	publishers, all := fromAfar(t, w, rand.New(rand.NewPCG(9, 10)), 3)
	x := open(t, w)
	here := Homes{Self: "nod_self", Elsewhere: map[string]string{publishers[0]: "nod_a", publishers[1]: "nod_a"}}
	moved := Homes{Self: "nod_self", Elsewhere: map[string]string{publishers[0]: "nod_b", publishers[1]: "nod_a"}}
	for _, h := range []Homes{here, moved, {Self: "nod_self"}} {
		for _, node := range []string{"nod_a", "nod_b", "nod_self"} {
			want := 0
			for _, r := range all {
				if h.lives(r) == node {
					want++
				}
			}
			r := find(t, x, Request{Homes: h, Filter: catalog.Filter{All: []catalog.Match{{Field: record.FieldNode, Values: []string{node}}}}})
			if r.Total != want {
				t.Errorf("%d on %s, want %d", r.Total, node, want)
			}
		}
	}
}

func TestWithoutOtherNodesEverythingLivesHere(t *testing.T) {
	w := fixture.SQLite(t)
	starter(t, w)
	x := open(t, w)
	r := find(t, x, Request{Homes: Homes{Self: "nod_self"}, Facets: []record.Field{record.FieldNode}})
	if got := fmt.Sprint(r.Facets[0].Buckets); got != fmt.Sprint([]Bucket{{Value: "nod_self", Count: r.Total}}) {
		t.Errorf("%d records, and by node %s", r.Total, got)
	}
}
