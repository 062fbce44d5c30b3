package bench

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/record"
	"github.com/udc-community/plein/internal/search"
)

// facetFields are those of searchQuery.
var facetFields = []record.Field{record.FieldPolicyDomain, record.FieldMethod, record.FieldPublisher, record.FieldProvince}

// plainWords are searches that mean the same to everyone's analysis: no compounds, inflections or synonyms in the
// catalogue. All engines have to find the same.
var plainWords = []string{"forenzen daalt", "mantelzorgers apart", "studenten centrum", "ondernemers apart", "nieuwkomers centrum"}

// errNotAsked is the answer of an engine to a question that it is not compared by.
var errNotAsked = errors.New("this engine is not compared by that")

// plein asks the index as the contract does: what it gives are whole records from the database, with highlights.
type plein struct {
	index *search.Index
	house *house
}

func (p *plein) name() string { return "plein" }

func (p *plein) all(ctx context.Context, words []string) (answer, error) {
	r, err := p.index.Find(ctx, search.Request{Text: strings.Join(words, " "), Facets: facetFields, First: 10})
	if err != nil {
		return answer{}, err
	}
	if r.Degraded || r.Relaxed {
		return answer{}, errAnswer
	}
	out := answer{total: r.Total, hits: len(r.Hits)}
	for _, f := range r.Facets {
		out.counted += f.Other
		for _, b := range f.Buckets {
			out.counted += b.Count
		}
	}
	return out, nil
}

func (p *plein) suggest(ctx context.Context, prefix string) (answer, error) {
	titles, err := p.index.Suggest(ctx, prefix, nil, 8)
	return answer{hits: len(titles)}, err
}

func (p *plein) comparable(ctx context.Context, s subject) (answer, error) {
	rs, err := p.house.catalog.ByID(ctx, s.id)
	if err != nil {
		return answer{}, err
	}
	c := search.ComparisonOf(rs[0].(*record.Project), nil)
	c.First = 10
	out, err := p.index.Comparable(ctx, c)
	if err != nil {
		return answer{}, err
	}
	return answer{hits: len(out[0].Hits)}, nil
}

// BenchmarkSearch asks Plein, bleve as it comes, FTS5 and PostgreSQL the same in turns, and reports the median of each.
// It takes minutes to fill them. FTS5 needs -tags sqlite_fts5, PostgreSQL a server in PLEIN_TEST_POSTGRES.
func BenchmarkSearch(b *testing.B) {
	if os.Getenv("PLEIN_BENCH_DATA") == "" {
		b.Skip("left out: PLEIN_BENCH_DATA names no catalogue; see bench/README.md")
	}
	h := open(b)
	texts, subjects := corpus(b, h)
	var filled *stock
	spent := spending(b, func() { filled = newStock(b, texts) })
	read := spending(b, func() { walk(b, h, func(*catalog.Document) {}) })
	reportIndexes(b, h, filled, len(texts), spent, read)
	var all []engine
	for _, e := range []engine{&plein{h.index, h}, newFTS5(b, texts), newPostgres(b, texts)} {
		if e != nil {
			all = append(all, e)
		}
	}
	withStock := append([]engine{filled}, all...)
	b.Run("two words", func(b *testing.B) {
		turns(b, withStock, len(plainWords), true, func(ctx context.Context, e engine, i int) (answer, error) {
			return e.all(ctx, strings.Fields(plainWords[i]))
		})
	})
	b.Run("two words with compounds", func(b *testing.B) {
		turns(b, withStock, len(twoWords), false, func(ctx context.Context, e engine, i int) (answer, error) {
			return e.all(ctx, strings.Fields(twoWords[i]))
		})
	})
	b.Run("everything", func(b *testing.B) {
		turns(b, withStock, 1, true, func(ctx context.Context, e engine, _ int) (answer, error) { return e.all(ctx, nil) })
	})
	b.Run("suggest", func(b *testing.B) {
		turns(b, all, len(prefixes), true, func(ctx context.Context, e engine, i int) (answer, error) {
			return e.suggest(ctx, prefixes[i])
		})
	})
	b.Run("comparable", func(b *testing.B) {
		turns(b, all, len(subjects), true, func(ctx context.Context, e engine, i int) (answer, error) {
			return e.comparable(ctx, subjects[i])
		})
	})
}

// turns asks all engines the same, one after the other. Where analysis makes no difference their answers have to be the
// same.
func turns(b *testing.B, engines []engine, questions int, equal bool, ask func(context.Context, engine, int) (answer, error)) {
	found := map[string][]int{}
	for i := range questions {
		first, err := ask(b.Context(), engines[0], i)
		for _, e := range engines {
			a, err2 := ask(b.Context(), e, i)
			if err = errors.Join(err, err2); err != nil {
				b.Fatalf("%s: question %d: %v", e.name(), i, err)
			}
			if a.hits == 0 || equal && a != first {
				b.Errorf("question %d: %s has %+v, %s has %+v", i, e.name(), a, engines[0].name(), first)
			}
			found[e.name()] = append(found[e.name()], a.total)
		}
	}
	b.Log("found:", found)
	took := map[string][]time.Duration{}
	for i := 0; b.Loop(); i++ {
		for j := range engines {
			e := engines[(i+j)%len(engines)]
			began := time.Now()
			if _, err := ask(b.Context(), e, i%questions); err != nil {
				b.Fatal(err)
			}
			took[e.name()] = append(took[e.name()], time.Since(began))
		}
	}
	for name, times := range took {
		slices.Sort(times)
		b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, name+"-ms")
	}
	b.ReportMetric(0, "ns/op")
}

// reportIndexes says what the indexes of Plein and of bleve as it comes take.
func reportIndexes(b *testing.B, h *house, s *stock, n int, spent, read time.Duration) {
	b.Helper()
	var size int64
	path := s.index.Name()
	if err := filepath.WalkDir(path, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		i, err := d.Info()
		if err == nil {
			size += i.Size()
		}
		return err
	}); err != nil {
		b.Fatal(err)
	}
	rebuilt := spending(b, func() {
		if err := h.index.Rebuild(b.Context(), nil); err != nil {
			b.Fatal(err)
		}
	})
	m := h.index.Metrics()
	b.Run("index", func(b *testing.B) {
		for b.Loop() {
		}
		b.ReportMetric(0, "ns/op")
		for name, took := range map[string]time.Duration{"plein": rebuilt, "plein-without-reading": rebuilt - read, "bleve": spent} {
			b.ReportMetric(float64(n)/took.Seconds(), name+"-records/cpu-s")
		}
		b.ReportMetric(float64(m.Bytes)/float64(n), "plein-B/record")
		b.ReportMetric(float64(size)/float64(n), "bleve-B/record")
		b.ReportMetric(float64(m.ColumnBytes)/float64(n), "columns-B/record")
	})
}

// spending is the processor time that something takes.
func spending(b *testing.B, do func()) time.Duration {
	b.Helper()
	runtime.GC()
	before := processor(b)
	do()
	return time.Duration(processor(b) - before)
}

// corpus reads the texts that visitors can find, in the order of their ids, and the projects to compare.
func corpus(b *testing.B, h *house) ([]text, []subject) {
	b.Helper()
	var texts []text
	in := map[string]int{}
	walk(b, h, func(d *catalog.Document) {
		t := text{title: joined(d.Words.Title), fields: map[string]any{"title": joined(d.Words.Title), "summary": joined(d.Words.Summary),
			"body": joined(d.Words.Body...), "tags": joined(d.Words.Concepts...) + " " + strings.Join(d.Words.Tags, " ")}}
		t.body = fmt.Sprint(t.fields["summary"], " ", t.fields["body"], " ", t.fields["tags"])
		for _, term := range d.Terms {
			values, _ := t.fields[string(term.Field)].([]string)
			t.fields[string(term.Field)] = append(values, term.Value)
		}
		for _, f := range facetFields {
			var values []string
			for _, term := range d.Terms {
				if term.Field == f && !slices.Contains(values, term.Value) {
					values = append(values, term.Value)
				}
			}
			t.facets = append(t.facets, values)
		}
		for _, w := range different(t.title + " " + t.body) {
			in[w]++
		}
		texts = append(texts, t)

	})
	var out []subject
	for _, id := range h.projects[:min(8, len(h.projects))] {
		rs, err := h.catalog.ByID(b.Context(), id)
		if err != nil {
			b.Fatal(err)
		}
		p := rs[0].(*record.Project)
		words := slices.DeleteFunc(different(joined(p.Title, p.Question, p.Summary)), func(w string) bool { return in[w] > len(texts)/20 })
		slices.SortStableFunc(words, func(a, b string) int { return in[a] - in[b] })
		out = append(out, subject{id, words[:min(15, len(words))]})
	}
	return texts, out
}

// walk gives all records that visitors can find.
func walk(b *testing.B, h *house, each func(*catalog.Document)) {
	b.Helper()
	for after := ""; ; {
		docs, err := h.catalog.DocumentsAfter(b.Context(), after, batch)
		if err != nil {
			b.Fatal(err)
		}
		if len(docs) == 0 {
			return
		}
		for _, d := range docs {
			each(d)
			after = d.ID
		}
	}
}

func joined(ts ...record.Text) string {
	var out []string
	for _, t := range ts {
		for _, code := range t.Languages() {
			out = append(out, t[code])
		}
	}
	return strings.Join(out, " ")
}

// different are the words of a text, each once.
func different(s string) []string {
	words := strings.FieldsFunc(record.Fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	slices.Sort(words)
	return slices.Compact(words)
}
