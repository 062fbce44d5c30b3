package evaluate

import (
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/fixture"
)

var update = flag.Bool("update", false, "write the figures of this run to testdata")

// figures of a run that later runs are held against, by kind of query; "all" is every query.
type figures map[string]figuresOfKind

type figuresOfKind struct {
	Queries  int     `json:"queries"`
	NDCG10   float64 `json:"ndcg10"`
	Recall20 float64 `json:"recall20"`
}

const all = "all"

func figuresOf(e Engine) figures {
	out := figures{all: figureOf(e.Overall)}
	for _, k := range e.Kinds {
		out[k.Kind] = figureOf(k)
	}
	return out
}

func figureOf(s Summary) figuresOfKind {
	return figuresOfKind{Queries: s.Queries, NDCG10: rounded(s.NDCG10), Recall20: rounded(s.Recall20)}
}

func rounded(f float64) float64 { return math.Round(f*10_000) / 10_000 }

// A figure may drop by this much: a change that helps many queries may cost one of them a little.
const slack = .01

// enough is how many queries a kind has when its own figure says something.
const enough = 5

// drops lists what became worse.
func drops(before, now figures) (out []string) {
	compare := func(what string, before, now float64) {
		if now < before-slack-1e-9 {
			out = append(out, fmt.Sprintf("%s dropped from %.4f to %.4f", what, before, now))
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(before)) {
		if was, is := before[kind], now[kind]; was.Queries != is.Queries {
			out = append(out, fmt.Sprintf("%s: there are %d queries now, there were %d", kind, is.Queries, was.Queries))
		} else if kind == all || was.Queries >= enough {
			compare("nDCG@10 of "+kind, was.NDCG10, is.NDCG10)
		}
	}
	compare("recall@20", before[all].Recall20, now[all].Recall20)
	return out
}

func TestTheJudgedQueriesAreAnsweredAsWellAsBefore(t *testing.T) {
	dir := fixture.Data(t, "judged", "dev")
	setup := Setup{Dir: t.TempDir(), Format: exchange.NDJSON, Logger: slog.New(slog.DiscardHandler)}
	var err error
	if setup.Queries, err = ReadQueries(open(t, filepath.Join(dir, "queries.tsv"))); err != nil {
		t.Fatal(err)
	}
	if setup.Judgments, err = ReadJudgments(open(t, filepath.Join(dir, "qrels.tsv"))); err != nil {
		t.Fatal(err)
	}
	if setup.Mapping, err = exchange.ReadMapping(open(t, filepath.Join("..", "..", "examples", "import", "algoritmeregister.yml"))); err != nil {
		t.Fatal(err)
	}
	setup.Corpus = open(t, fixture.Data(t, "texts", "algoritmeregister.jsonl"))
	report, err := Run(t.Context(), setup)
	if err != nil {
		t.Fatal(err)
	}
	now := figuresOf(report.Engines[0])
	file := filepath.Join("testdata", "dev.json")
	if *update {
		b, err := json.MarshalIndent(now, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, append(b, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var before figures
	if err := json.Unmarshal(b, &before); err != nil || before[all].Queries == 0 {
		t.Fatalf("%s holds no figures: %v", file, err)
	}
	for _, d := range drops(before, now) {
		t.Error(d, "(if that is meant: go test ./internal/evaluate -update)")
	}
	t.Logf("nDCG@10 %.4f, recall@20 %.4f on %d queries over %d documents", now[all].NDCG10, now[all].Recall20, now[all].Queries, report.Documents)
}

func open(t *testing.T, name string) *os.File {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestADropOfAFigureIsSeen(t *testing.T) {
	read := func(s string) (f figures) {
		if err := json.Unmarshal([]byte(s), &f); err != nil {
			t.Fatal(err)
		}
		return f
	}
	before := read(`{"all": {"queries": 8, "ndcg10": 0.7, "recall20": 0.6}, "typo": {"queries": 5, "ndcg10": 0.5}, "english": {"queries": 3, "ndcg10": 0.5}}`)
	for now, want := range map[string]int{
		`{"all": {"queries": 8, "ndcg10": 0.69, "recall20": 0.59}, "typo": {"queries": 5, "ndcg10": 0.49}, "english": {"queries": 3, "ndcg10": 0.1}}`: 0,
		`{"all": {"queries": 8, "ndcg10": 0.9, "recall20": 0.9}, "typo": {"queries": 5, "ndcg10": 0.9}, "english": {"queries": 3, "ndcg10": 0.9}}`:    0,
		`{"all": {"queries": 8, "ndcg10": 0.689, "recall20": 0.6}, "typo": {"queries": 5, "ndcg10": 0.5}, "english": {"queries": 3, "ndcg10": 0.5}}`:  1,
		`{"all": {"queries": 8, "ndcg10": 0.7, "recall20": 0.58}, "typo": {"queries": 5, "ndcg10": 0.48}, "english": {"queries": 3, "ndcg10": 0.5}}`:  2,
		`{"all": {"queries": 7, "ndcg10": 0.7, "recall20": 0.6}, "typo": {"queries": 5, "ndcg10": 0.5}, "english": {"queries": 2, "ndcg10": 0.5}}`:    2,
	} {
		if got := drops(before, read(now)); len(got) != want {
			t.Errorf("%s: %q, want %d", now, got, want)
		}
	}
}
