package search

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/nl" // the analyzer "nl"
	index "github.com/blevesearch/bleve_index_api"

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
		{"two words, grouped", Request{Text: "gemeente inwoners", Grouped: true}},
		{"everything, grouped", Request{Grouped: true}},
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

// BenchmarkAnalyze takes the real descriptions through the analysis of the index and through bleve's own for Dutch.
func BenchmarkAnalyze(b *testing.B) {
	f, err := os.Open(fixture.Data(b, "texts", "algoritmeregister.jsonl"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // only read
	var texts [][]byte
	size := 0
	for in := bufio.NewScanner(f); in.Scan(); {
		var l struct{ Title, Description string }
		if err := json.Unmarshal(in.Bytes(), &l); err != nil {
			b.Fatal(err)
		}
		texts = append(texts, []byte(l.Title+" "+l.Description))
		size += len(l.Title) + 1 + len(l.Description)
	}
	stock := bleve.NewIndexMapping().AnalyzerNamed("nl")
	for _, c := range []struct {
		name string
		a    analysis.Analyzer
	}{{"own", dutchAnalyzer()}, {"bleve's", stock}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(size))
			for b.Loop() {
				for _, t := range texts {
					c.a.Analyze(t)
				}
			}
		})
	}
}

// BenchmarkColumns reads all columns of the index of the catalogue that PLEIN_BENCH_DATA names, which nobody may have open.
func BenchmarkColumns(b *testing.B) {
	dirs, err := filepath.Glob(filepath.Join(os.Getenv("PLEIN_BENCH_DATA"), "index", "*.*"))
	if err != nil || len(dirs) == 0 {
		b.Skip("left out: PLEIN_BENCH_DATA names no catalogue with an index; see bench/README.md")
	}
	queue := index.NewAnalysisQueue(1)
	defer queue.Close()
	v, err := openVolume(dirs[0], queue)
	if err != nil {
		b.Fatal(err)
	}
	defer v.close() //nolint:errcheck // only read
	n, err := v.count()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		v.held.Store(nil)
		if err := v.warm(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(v.held.Load().bytes())/float64(n), "bytes/record")
}
