package search

import (
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	bsearch "github.com/blevesearch/bleve/v2/search"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/udc-community/plein/internal/fixture"
)

// A searcher that is used directly falls back to another scoring model when its context lacks something.
func TestScoresAreThoseOfBlevesOwnSearch(t *testing.T) {
	w := fixture.SQLite(t)
	for i := range 12 {
		publish(t, w, fmt.Sprintf("Wonen en werken %d", i), "Over "+strings.Repeat("kamers wonen ", i%4), "Waar is overlast? "+strings.Repeat("overlast ", i%3))
	}
	x := open(t, w)

	m := bleve.NewIndexMapping()
	m.ScoringModel = index.BM25Scoring
	own, err := bleve.NewUsing(filepath.Join(t.TempDir(), "own"), m, scorch.Name, scorch.Name, nil)
	do(t, err)
	defer own.Close() //nolint:errcheck // a temporary index
	docs, err := w.DocumentsAfter(t.Context(), "", 100)
	do(t, err)
	b := own.NewBatch()
	for _, d := range docs {
		do(t, b.IndexAdvanced(x.entry(d)))
	}
	do(t, own.Batch(b))

	for _, q := range []string{"wonen", "kamers overlast", `"wonen werken"`, "werken -kamers", "kamers onbekend"} {
		p, err := x.newPlan(Request{Text: q, First: 50, Sort: Relevance})
		do(t, err)
		do(t, x.live.Load().read(func(s *scorch.IndexSnapshot) error {
			r := &run{plan: p, languages: x.languages, reader: s}
			f, err := r.strictThenRelaxed(t.Context())
			if err != nil {
				return err
			}
			bq, err := r.build("", true)
			if err != nil {
				return err
			}
			req := bleve.NewSearchRequestOptions(bq, 50, 0, false)
			req.SortByCustom(r.order())
			req.PreSearchData = map[string]any{bsearch.BM25PreSearchDataKey: r.statistics(len(docs))}
			res, err := own.Search(req)
			if err != nil {
				return err
			}
			if len(f.hits) == 0 || len(f.hits) != len(res.Hits) || f.total != int(res.Total) {
				t.Fatalf("%s: %d hits, bleve has %d", q, len(f.hits), len(res.Hits))
			}
			for i, h := range f.hits {
				if h.ID != res.Hits[i].ID || math.Float64bits(h.Score) != math.Float64bits(res.Hits[i].Score) {
					t.Errorf("%s: hit %d is %s with %v, bleve has %s with %v", q, i, h.ID, h.Score, res.Hits[i].ID, res.Hits[i].Score)
				}
			}
			return nil
		}))
	}
}
