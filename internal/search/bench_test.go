package search

import (
	"testing"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

var benchmarkFacets = []record.Field{record.FieldPolicyDomain, record.FieldMunicipality, record.FieldPublisher, record.FieldProvince}

func BenchmarkFind(b *testing.B) {
	w := fixture.SQLite(b)
	register(b, w, 1)
	x := open(b, w)
	is := func(f record.Field, v string) []catalog.Match {
		return []catalog.Match{{Field: f, Values: []string{v}}}
	}
	for _, c := range []struct {
		name string
		ask  Request
	}{
		{"one word", Request{Text: "schuldhulpverlening"}},
		{"two words", Request{Text: "gemeente inwoners"}},
		{"two words, 4 facets", Request{Text: "gemeente inwoners", Facets: benchmarkFacets}},
		{"two words, filter, 4 facets", Request{Text: "gemeente inwoners", Facets: benchmarkFacets, Filter: catalog.Filter{All: is(record.FieldProvince, "Groningen")}}},
		{"phrase", Request{Text: `"sociaal domein"`}},
		{"everything", Request{}},
		{"everything, 4 facets", Request{Facets: benchmarkFacets}},
	} {
		b.Run(c.name, func(b *testing.B) {
			c.ask.First = 10
			b.ReportAllocs()
			for b.Loop() {
				r, err := x.Find(b.Context(), c.ask)
				if err != nil || r.Total == 0 {
					b.Fatal(r, err)
				}
			}
		})
	}
}

func BenchmarkSuggest(b *testing.B) {
	w := fixture.SQLite(b)
	register(b, w, 1)
	x := open(b, w)
	b.ReportAllocs()
	for b.Loop() {
		if out, err := x.Suggest(b.Context(), "schuld", nil, 8); err != nil || len(out) == 0 {
			b.Fatal(out, err)
		}
	}
}

// BenchmarkRebuild reports records per second as ns/op divided by the records of the register.
func BenchmarkRebuild(b *testing.B) {
	w := fixture.SQLite(b)
	n := register(b, w, 1)
	x := open(b, w)
	b.ReportAllocs()
	for b.Loop() {
		if err := x.Rebuild(b.Context(), nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "records/s")
	b.ReportMetric(float64(x.Metrics().Bytes)/float64(n), "bytes/record")
}

func BenchmarkAnalyze(b *testing.B) {
	a := dutchAnalyzer()
	text := []byte("Het splitsen van woningen in kamers voor studenten geeft in sommige wijken overlast, zegt de gemeente.")
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		a.Analyze(text)
	}
}
