package search

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
	bleve "github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/collector"
	"github.com/blevesearch/bleve/v2/search/facet"
	"github.com/blevesearch/bleve/v2/search/query"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

// ownWay answers a plan as bleve would: a query for the filter, its collector for the order, its facets, and the query
// again for each facet with a selection. Only what the words match and how well is given.
type ownWay struct {
	*run
	hits   []*bleve.DocumentMatch
	total  int
	facets []FacetResult
}

func newOwnWay(t *testing.T, r *run) *ownWay {
	t.Helper()
	o := &ownWay{run: r}
	o.hits, o.total, o.facets = o.search(t, "", nil)
	for i, f := range r.Facets {
		_, _, fs := o.search(t, f, []record.Field{f})
		if i == 0 {
			o.facets = nil
		}
		o.facets = append(o.facets, fs[0])
	}
	return o
}

func (o *ownWay) search(t *testing.T, without record.Field, facets []record.Field) ([]*bleve.DocumentMatch, int, []FacetResult) {
	t.Helper()
	anyOf := func(m catalog.Match) query.Query {
		var out []query.Query
		for _, v := range m.Values {
			q := query.NewTermQuery(v)
			q.SetField(string(m.Field))
			out = append(out, q)
		}
		return query.NewDisjunctionQuery(out)
	}
	must, not := []query.Query{query.NewMatchAllQuery()}, []query.Query{}
	for _, m := range o.matches {
		if m.Field != without {
			must = append(must, anyOf(m))
		}
	}
	for _, m := range o.Filter.None {
		not = append(not, anyOf(m))
	}
	if len(o.hidden) > 0 {
		not = append(not, query.NewDocIDQuery(o.hidden))
	}
	s, err := query.NewBooleanQuery(must, nil, not).Searcher(t.Context(), o.reader, nil, bleve.SearcherOptions{Score: "none"})
	do(t, err)
	defer s.Close() //nolint:errcheck // gives memory back
	if len(o.units) > 0 {
		s = &among{Searcher: s, candidates: o.candidates}
	}
	order := bleve.SortOrder{&bleve.SortField{Field: updatedField, Type: bleve.SortFieldAsString, Desc: true}, &bleve.SortDocID{}}
	switch o.Sort {
	case Relevance:
		order = bleve.SortOrder{&bleve.SortScore{Desc: true}, &bleve.SortDocID{}}
	case Newest:
		order = bleve.SortOrder{&bleve.SortField{Field: publishedField, Type: bleve.SortFieldAsString, Desc: true}, &bleve.SortDocID{}}
	case Title:
		order = bleve.SortOrder{&bleve.SortField{Field: sortedField, Type: bleve.SortFieldAsString}, &bleve.SortDocID{}}
	}
	top := collector.NewTopNCollector(10_000, 0, order)
	b := bleve.NewFacetsBuilder(o.reader)
	for _, f := range facets {
		b.Add(string(f), facet.NewTermsFacetBuilder(string(f), 1<<30))
	}
	top.SetFacetsBuilder(b)
	do(t, top.Collect(t.Context(), s, o.reader))
	var out []FacetResult
	for _, f := range facets {
		var counts []catalog.Count
		for _, c := range top.FacetResults()[string(f)].Terms.Terms() {
			counts = append(counts, catalog.Count{Value: c.Term, N: c.Count})
		}
		out = append(out, o.facetResult(f, counts))
	}
	return top.Results(), int(top.Total()), out
}

// among are those that a searcher finds of the candidates, with their scores.
type among struct {
	bleve.Searcher
	candidates []candidate
}

func (a *among) Next(ctx *bleve.SearchContext) (*bleve.DocumentMatch, error) {
	for len(a.candidates) > 0 {
		d, err := a.Advance(ctx, index.NewIndexInternalID(nil, uint64(a.candidates[0].doc)))
		if d == nil || err != nil {
			return d, err
		}
		at := uint32(d.IndexInternalID.Value())
		for len(a.candidates) > 0 && a.candidates[0].doc < at {
			a.candidates = a.candidates[1:]
		}
		if len(a.candidates) > 0 && a.candidates[0].doc == at {
			d.Score = a.candidates[0].rank()
			a.candidates = a.candidates[1:]
			return d, nil
		}
		ctx.DocumentMatchPool.Put(d)
	}
	return nil, nil
}

// agree compares the answers to a request, all pages of it, with bleve's own way. It tells whether there are hits.
func agree(t *testing.T, x *Index, ask Request) bool {
	t.Helper()
	about := fmt.Sprintf("%q %v %v %s", ask.Text, ask.Filter.All, ask.Filter.None, ask.Sort)
	p, err := x.newPlan(ask)
	do(t, err)
	var own *ownWay
	do(t, x.usingIndex(t.Context(), func(v *volume, s *scorch.IndexSnapshot) error {
		c, err := v.columns(s)
		if err != nil {
			return err
		}
		m, _ := markOf(s)
		gone, err := x.hiddenSince(t.Context(), m)
		if err != nil {
			return err
		}
		r := &run{plan: p, reader: s, columns: c, hidden: gone}
		if _, err := x.strictThenRelaxed(t.Context(), r, v); err != nil {
			return err
		}
		own = newOwnWay(t, r)
		return nil
	}))
	var ids []string
	for {
		got, err := x.Find(t.Context(), ask)
		do(t, err)
		if got.Total != own.total || got.Degraded {
			t.Fatalf("%s: %d found, bleve has %d; degraded %v", about, got.Total, own.total, got.Degraded)
		}
		if fmt.Sprint(got.Facets) != fmt.Sprint(own.facets) {
			t.Fatalf("%s: facets\n%v, bleve has\n%v", about, got.Facets, own.facets)
		}
		for _, h := range got.Hits {
			if len(ids) >= len(own.hits) {
				t.Fatalf("%s: more hits than bleve has", about)
			}
			want := own.hits[len(ids)]
			score := h.Score
			if h.Whole {
				score += wholeFirst
			}
			if h.ID != want.ID || p.Sort == Relevance && math.Abs(score-want.Score) > 1e-9 {
				t.Fatalf("%s: hit %d is %s with %v, bleve has %s with %v", about, len(ids), h.ID, score, want.ID, want.Score)
			}
			ids = append(ids, h.ID)
		}
		if !got.More {
			break
		}
		ask.After = got.Hits[len(got.Hits)-1].Cursor
	}
	if len(ids) != own.total {
		t.Fatalf("%s: %d of %d were walked", about, len(ids), own.total)
	}
	return own.total > 0
}

// requests are for these texts in every order, with filters on and off the facets.
func requests(texts []string, fields map[record.Field][]string, first int) []Request {
	var out []Request
	r := rand.New(rand.NewPCG(1, 2))
	names := columnFields()
	names = slices.DeleteFunc(names, func(f record.Field) bool { return len(fields[f]) == 0 })
	match := func() catalog.Match {
		f := names[r.IntN(len(names))]
		m := catalog.Match{Field: f}
		for range 1 + r.IntN(2) {
			m.Values = append(m.Values, fields[f][r.IntN(len(fields[f]))])
		}
		return m
	}
	for _, text := range texts {
		for _, s := range []Sort{Relevance, RecentlyUpdated, Newest, Title} {
			for kind := range 6 {
				ask := Request{Text: text, Sort: s, First: first}
				for range 1 + r.IntN(4) {
					ask.Facets = append(ask.Facets, names[r.IntN(len(names))])
				}
				for range kind % 4 {
					ask.Filter.All = append(ask.Filter.All, match())
				}
				if kind > 1 {
					f := ask.Facets[0]
					ask.Filter.All = append(ask.Filter.All, catalog.Match{Field: f, Values: []string{fields[f][r.IntN(len(fields[f]))]}})
				}
				if kind > 3 {
					ask.Filter.None = append(ask.Filter.None, match())
				}
				out = append(out, ask)
			}
		}
	}
	return out
}

// valuesOf are the values of every field that the index has.
func valuesOf(t *testing.T, x *Index) map[record.Field][]string {
	t.Helper()
	out := map[record.Field][]string{}
	do(t, x.usingIndex(t.Context(), func(v *volume, s *scorch.IndexSnapshot) error {
		c, err := v.columns(s)
		if err != nil {
			return err
		}
		for _, f := range columnFields() {
			for n := range c.distinct(f) {
				out[f] = append(out[f], c.value(f, int32(n)))
			}
		}
		return nil
	}))
	return out
}

const enough = 50

func allAgree(t *testing.T, x *Index, asks []Request) {
	t.Helper()
	hits := 0
	for _, ask := range asks {
		if agree(t, x, ask) {
			hits++
		}
	}
	if hits < enough {
		t.Errorf("only %d of %d requests have hits", hits, len(asks))
	}
	t.Logf("%d of %d requests have hits", hits, len(asks))
}

var someWords = strings.Fields("wonen kamers overlast studenten inkomen minima schulden jeugd onderwijs verkeer groen energie zorg wijken buurten")

// someRecords publishes records with words and terms drawn at random, in one transaction.
func someRecords(t *testing.T, w *fixture.World, r *rand.Rand, n int) (ids []string) {
	t.Helper()
	ctx := fixture.System(t)
	words := func(n int) record.Text {
		var out []string
		for range n {
			out = append(out, someWords[r.IntN(len(someWords))])
		}
		return record.NL(strings.Join(out, " "))
	}
	some := func(s record.Scheme, most int) []string {
		var out []string
		all := w.Reference().Scheme(s)
		for _, i := range r.Perm(len(all))[:min(len(all), r.IntN(most+1))] {
			out = append(out, all[i].IRI)
		}
		return out
	}
	do(t, w.Write(ctx, func(tx *catalog.Writer) error {
		for range n {
			p := w.Project(words(1+r.IntN(2)).In() + " in de stad")
			p.Summary, p.Question = words(3+r.IntN(8)), words(r.IntN(20)+1)
			p.PublisherID = []string{w.Leiden.ID, w.Delft.ID, w.Elders.ID}[r.IntN(3)]
			p.PolicyDomainIRIs, p.MethodIRIs, p.TargetGroupIRIs = some(record.PolicyDomain, 3), some(record.Method, 3), some(record.TargetGroup, 2)
			p.MunicipalityCodes = [][]string{{"GM0546"}, {"GM0503", "GM0014"}, {"GM0014"}}[r.IntN(3)]
			p.GoodFirstProject = r.IntN(2) == 0
			if r.IntN(4) == 0 {
				p.Title = p.Title.With(record.English, "Living in the city")
			}
			rec, err := tx.Create(ctx, p, catalog.Origin{Provenance: record.Register})
			if err != nil {
				return err
			}
			if _, err := tx.Publish(ctx, rec.Base().ID, rec.Base().Revision); err != nil {
				return err
			}
			ids = append(ids, rec.Base().ID)
		}
		return nil
	}))
	return ids
}

func TestColumnsSayWhatBlevesOwnFacetsSay(t *testing.T) {
	w := fixture.SQLite(t)
	starter(t, w)
	r := rand.New(rand.NewPCG(3, 4))
	ids := someRecords(t, w, r, 120)
	x := open(t, w)
	for i := range 6 { // more segments, with deleted records in the older ones
		w.Clock.Move(time.Minute)
		ids = append(ids, someRecords(t, w, r, 10)...)
		withdrawAll(t, w, ids[i*7:i*7+4])
		catchUp(t, w, x)
	}
	withdrawAll(t, w, ids[60:63]) // hidden, and still in the index
	texts := []string{"", "wonen", "wonen kamers", "overlast -minima", `"groen energie"`, "stad city", "onderwijs verkeer zorg", "wonen onbekendwoord"}
	allAgree(t, x, requests(texts, valuesOf(t, x), 7))
}

func withdrawAll(t *testing.T, w *fixture.World, ids []string) {
	t.Helper()
	ctx := fixture.System(t)
	do(t, w.Write(ctx, func(tx *catalog.Writer) error {
		for _, id := range ids {
			if _, err := tx.Withdraw(ctx, id, 0, "Het klopt niet."); err != nil {
				return err
			}
		}
		return nil
	}))
}

func TestColumnsSayWhatBlevesOwnFacetsSayOfTheRealDescriptions(t *testing.T) {
	w := fixture.SQLite(t)
	register(t, w, 1)
	x := open(t, w)
	texts := []string{"", "gemeente inwoners", "schuldhulpverlening", "parkeren vergunning", `"sociaal domein"`, "camera", "uitkering -fraude", "model voorspellen risico"}
	allAgree(t, x, requests(texts, valuesOf(t, x), 100))
}

func TestAWriteReadsOnlyTheColumnsOfWhatItAdds(t *testing.T) {
	w := fixture.SQLite(t)
	someRecords(t, w, rand.New(rand.NewPCG(5, 6)), 50)
	x := open(t, w)
	find(t, x, Request{})
	v := x.live.Load()
	before := v.held.Load()
	find(t, x, Request{})
	if v.held.Load() != before {
		t.Error("the columns of a snapshot were read twice")
	}
	publish(t, w, "Nieuw", "s", "b")
	catchUp(t, w, x)
	if r := find(t, x, Request{}); r.Total != 51 {
		t.Errorf("%d records", r.Total)
	}
	after := v.held.Load()
	for id, s := range after.strips {
		if was := before.strips[id]; was != nil && was != s {
			t.Errorf("segment %d was read again", id)
		}
	}
	if after == before || after.bytes() == 0 || x.Metrics().ColumnBytes != after.bytes() {
		t.Errorf("%d bytes of columns", after.bytes())
	}
}

func TestValuesThatNoRecordHasAnyMoreAreForgotten(t *testing.T) {
	w := fixture.SQLite(t)
	starter(t, w)
	x := open(t, w)
	ask := Request{Facets: []record.Field{record.FieldPolicyDomain, record.FieldKind}}
	want := find(t, x, ask).Facets
	h := x.live.Load().held.Load()
	for i := range slack + 1000 {
		h.terms.number(0, fmt.Sprint("vroeger ", i))
	}
	publish(t, w, "Nieuw", "s", "b", domain("wonen"))
	catchUp(t, w, x)
	got := find(t, x, ask).Facets
	if n := x.live.Load().held.Load().terms.size.Load(); n > 100 {
		t.Errorf("%d values are remembered", n)
	}
	if len(got[0].Buckets) != len(want[0].Buckets) || got[1].Buckets[0].Count != want[1].Buckets[0].Count+1 {
		t.Errorf("facets %v, before %v", got, want)
	}
}
