package search

import (
	"cmp"
	"context"
	"slices"

	"github.com/udc-community/plein/internal/record"
)

// How a wide search learns from what it found: from so many records it takes so many of the words that they have in
// common and that few others have, and lets those count for so much beside what was typed.
const (
	feedbackRecords = 5
	feedbackTerms   = 15
	feedbackWeight  = .8
	// A word that more than this share of all records has tells nothing.
	tooCommon = .1
	// looksAt is how many records are read to find some that differ: many are copies.
	looksAt = 20
)

// feedback ranks the candidates of a wide search again: those that have the words of the best ones come higher (the
// relevance model of Lavrenko and Croft, simplified). It brings in nothing new, so that every hit has something that
// was asked for. It costs one statement.
func (r *run) feedback(ctx context.Context, x *Index) error {
	if len(r.candidates) == 0 {
		return nil
	}
	best := slices.Clone(r.candidates)
	slices.SortFunc(best, func(a, b candidate) int { return cmp.Or(cmp.Compare(b.rank(), a.rank()), cmp.Compare(a.doc, b.doc)) })
	best = best[:min(len(best), looksAt)]
	ids := make([]string, len(best))
	for i, c := range best {
		ids[i] = r.columns.id(uint64(c.doc))
	}
	records, err := x.Catalog.ByID(ctx, ids...)
	if err != nil {
		return err
	}
	most := float32(0)
	for _, c := range r.candidates {
		most = max(most, c.score)
	}
	learned := map[termOf]float64{}
	seen := map[string]bool{}
	for i, rec := range records {
		if rec == nil {
			continue
		}
		ws := rec.Words()
		same := ws.Summary.In(record.Dutch)
		if seen[same] || len(seen) == feedbackRecords {
			continue
		}
		seen[same] = true
		times, length := x.terms(ws)
		for t, n := range times {
			learned[t] += float64(best[i].score/most) * saturated(n, length)
		}
	}
	sets, weights, err := r.telling(x, learned)
	if err != nil || len(sets) == 0 {
		return err
	}
	sum := make([]float32, r.matcher.room)
	highest := 0.0
	var one scores
	for i, set := range sets {
		one.reset(r.matcher.room)
		if err := r.matcher.any(set, &one); err != nil {
			return err
		}
		highest += weights[i] * r.matcher.rarity(set.frequency)
		for _, d := range one.touched {
			sum[d] += float32(weights[i]) * one.by[d]
		}
	}
	for i := range r.candidates {
		c := &r.candidates[i]
		c.score += feedbackWeight * most * sum[c.doc] / float32(highest)
	}
	return nil
}

// termOf is a term of a language.
type termOf struct{ language, term string }

// terms are how often each term counts in a record, parts as words of their own, and all together.
func (x *Index) terms(ws record.Words) (times map[termOf]float64, length float64) {
	times = map[termOf]float64{}
	add := func(part string, ts ...record.Text) {
		weight := float64(weightOf[part])
		for _, t := range ts {
			for code, text := range t {
				l := x.languages.of(code)
				for _, of := range l.analyzer.all(text) {
					times[termOf{l.code, string(of.whole)}] += weight
					for _, p := range of.parts {
						times[termOf{l.code, string(p[1:])}] += weight
					}
					length += weight
				}
			}
		}
	}
	add(titleField, ws.Title)
	add(summaryField, ws.Summary)
	add(bodyField, ws.Body...)
	add(tagsField, ws.Concepts...)
	return times, length
}

// telling are the terms that say most of the records that they were learned from, and how much each counts, at most 1.
func (r *run) telling(x *Index, learned map[termOf]float64) (sets []anyOf, weights []float64, err error) {
	type scored struct {
		termOf
		set    anyOf
		weight float64
	}
	var all []scored
	for t, w := range learned {
		if len(t.term) < shortestLookalike {
			continue
		}
		set, err := r.matcher.set(x.languages.of(t.language).leaves([]byte(t.term)))
		if err != nil {
			return nil, nil, err
		}
		if set.frequency > 1 && float64(set.frequency) <= tooCommon*float64(r.matcher.alive) {
			all = append(all, scored{t, set, w * r.matcher.rarity(set.frequency)})
		}
	}
	slices.SortFunc(all, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.term, b.term), cmp.Compare(a.language, b.language))
	})
	for _, s := range all[:min(len(all), feedbackTerms)] {
		sets = append(sets, s.set)
		weights = append(weights, s.weight/all[0].weight)
	}
	return sets, weights, nil
}
