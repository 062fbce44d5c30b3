package search

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

// sunny publishes records in which only the word "zon" stands, so often in each part, beside a domain ("wonen") and a
// municipality ("Leiden"); none of these words is a compound.
func sunny(t *testing.T, w *fixture.World, title, summary, question int) record.Record {
	t.Helper()
	words := func(n int) string { return strings.TrimSpace(strings.Repeat("zon ", n) + "boom") }
	return publish(t, w, words(title), words(summary), words(question))
}

func scoresOf(r *Result) map[string]float64 {
	out := map[string]float64{}
	for _, h := range r.Hits {
		out[h.ID] = h.Score
	}
	return out
}

func TestTheScoreOfAWordIsBM25(t *testing.T) {
	w := fixture.SQLite(t)
	type counts struct{ title, summary, question int }
	made := map[string]counts{}
	for i := range 12 { // enough for a search not to be widened
		c := counts{i % 2, i % 4, i%3 + 1}
		made[sunny(t, w, c.title, c.summary, c.question).Base().ID] = c
	}
	for range 7 {
		sunny(t, w, 0, 0, 0)
	}
	x := open(t, w)
	r := find(t, x, Request{Text: "zon"})
	if r.Total != 12 || r.Exact != 12 || r.Relaxed || r.Notice != nil {
		t.Fatalf("total %d, exact %d, relaxed %v, notice %v", r.Total, r.Exact, r.Relaxed, r.Notice)
	}
	const (
		k1, b, usual = 1.5, .75, 150.
		having, all  = 12., 19.
	)
	rarity := math.Log(1 + (all-having+.5)/(having+.5))
	for id, score := range scoresOf(r) {
		c := made[id]
		times := float64(4*c.title + 2*c.summary + c.question)
		length := times + 4 + 2 + 1 + 2 + 2 // "boom" in each part, and a domain and a municipality in the tags
		want := rarity * times * (k1 + 1) / (times + k1*(1-b+b*length/usual))
		if math.Abs(score-want) > 1e-4 {
			t.Errorf("%+v scores %v, want %v", c, score, want)
		}
	}
	if !slices.IsSortedFunc(r.Hits, func(a, b Hit) int { return int(math.Copysign(1, b.Score-a.Score)) }) {
		t.Error("the best does not come first")
	}
}

// Which records there were before, and how the index happened to be written, is nobody's business.
func TestScoresTellNothingOfHowTheIndexWasWritten(t *testing.T) {
	w := fixture.SQLite(t)
	x := open(t, w)
	var gone []string
	for i := range 30 {
		r := publish(t, w, fmt.Sprintf("Kamers in wijk %d", i), strings.Repeat("overlast van studenten ", i%4+1), strings.Repeat("hinder ", i%5+1))
		switch i % 3 {
		case 0:
			gone = append(gone, r.Base().ID)
		case 1:
			update(t, w, r, func(p *record.Project) { p.Answer = record.NL("kamers zijn er genoeg") })
		}
		if i%4 == 0 {
			catchUp(t, w, x)
		}
	}
	catchUp(t, w, x)
	queries := []string{"kamers", "overlast kamers", "kamers studentenoverlast", `"overlast van studenten"`, "kamers -hinder", "kamerz", "kamers paarden"}
	before := map[string]map[string]float64{}
	for _, q := range queries {
		before[q] = scoresOf(find(t, x, Request{Text: q, First: 50}))
	}
	withdrawAll(t, w, gone)
	catchUp(t, w, x)
	parted := map[string]map[string]float64{}
	for _, q := range queries {
		parted[q] = scoresOf(find(t, x, Request{Text: q, First: 50}))
	}
	do(t, x.Rebuild(t.Context(), nil))
	ready(t, x)
	for _, q := range queries {
		whole := scoresOf(find(t, x, Request{Text: q, First: 50}))
		if len(whole) != len(parted[q]) {
			t.Errorf("%s: %d hits in many pieces, %d in one", q, len(parted[q]), len(whole))
		}
		for id, score := range whole {
			if math.Abs(parted[q][id]-score) > 1e-4 {
				t.Errorf("%s: %s scores %v in many pieces, %v in one", q, id, parted[q][id], score)
			}
		}
	}
	if len(before["kamers"]) != 30 || len(parted["kamers"]) != 20 {
		t.Errorf("%d and then %d records were found", len(before["kamers"]), len(parted["kamers"]))
	}
}

// update changes a published project and publishes it again.
func update(t *testing.T, w *fixture.World, was record.Record, change func(*record.Project)) {
	t.Helper()
	ctx := fixture.As(t, w.Leiden)
	do(t, w.Write(ctx, func(tx *catalog.Writer) error {
		r, err := tx.Edit(ctx, was.Base().ID, was.Base().Revision, func(r record.Record) error { change(r.(*record.Project)); return nil })
		if err != nil {
			return err
		}
		_, err = tx.Publish(ctx, r.Base().ID, r.Base().Revision)
		return err
	}))
}
