package search

import "context"

// fewResults is below how many records with all words a search widens.
const fewResults = 10

// leastShare is the part of what was asked for, by weight of the words, that a record must have in a wide search.
const leastShare = .2

// wholeFirst is added to the score of a record with all words in a wide search. No sum of clauses comes near it.
const wholeFirst = 1_000

// interpret reads the question in this snapshot and finds the records that answer it.
func (r *run) interpret(ctx context.Context, x *Index, v *volume) error {
	if len(r.units)+len(r.excluded) == 0 {
		return nil
	}
	var err error
	if r.matcher, err = newMatcher(r.reader, &v.spaces); err != nil {
		return err
	}
	if r.reading, err = x.read(r.matcher, &r.question, r.Literal); err != nil {
		return err
	}
	if len(r.units) == 0 {
		return nil // what is excluded is left out of everything
	}
	if r.relaxed {
		return r.widen(ctx, x, v)
	}
	return r.match(ctx, 0)
}

// few tells whether so few records have all words that the search widens.
func (r *run) few(exact int) bool {
	return exact == 0 || exact < fewResults && r.Sort == Relevance
}

// widen takes in records that have only some of the words, or words like them.
func (r *run) widen(ctx context.Context, x *Index, v *volume) error {
	r.relaxed = true
	if err := x.widen(r.matcher, r.reading, viewed{&v.words, r.reader}); err != nil {
		return err
	}
	if err := r.match(ctx, leastShare); err != nil {
		return err
	}
	return r.feedback(ctx, x)
}

func (r *run) match(ctx context.Context, share float64) error {
	mass := make([]float64, len(r.reading.clauses))
	for i, c := range r.reading.clauses {
		mass[i] = c.mass
	}
	var err error
	r.candidates, err = r.matcher.match(ctx, len(mass), r.reading.alternatives, r.reading.excluded, mass, share)
	return err
}

// rank is what candidates are sorted by.
func (c candidate) rank() float64 {
	if c.whole {
		return float64(c.score) + wholeFirst
	}
	return float64(c.score)
}
