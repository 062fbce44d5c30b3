package evaluate

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Where the measures look.
const (
	topRanks    = 10
	recallRanks = 20
	// relevant is the lowest grade that counts as found, for measures that only know found or not.
	relevant = 1
)

// Measures are those of one query, or the means of several; all between 0 and 1.
type Measures struct {
	// NDCG10 is what the first ten are worth, as a share of what the best ten would be: grades, divided by the binary
	// logarithm of rank + 1 (trec_eval's ndcg_cut).
	NDCG10 float64 `json:"ndcg10"`
	// Recall20 is the share of relevant documents among the first twenty.
	Recall20 float64 `json:"recall20"`
	// MRR is 1 divided by the rank of the first relevant document, 0 without one.
	MRR float64 `json:"mrr"`
	// P1 tells whether the first document is relevant.
	P1 float64 `json:"p1"`
}

// measure scores a ranking of groups. A query without relevant documents scores 0.
func measure(ranked []int, grades map[int]int) Measures {
	var m Measures
	best := make([]int, 0, len(grades))
	total := 0
	for _, g := range grades {
		best = append(best, g)
		if g >= relevant {
			total++
		}
	}
	if total == 0 {
		return m
	}
	slices.SortFunc(best, func(a, b int) int { return b - a })
	found := make([]int, len(ranked))
	for i, g := range ranked {
		found[i] = grades[g]
	}
	m.NDCG10 = gain(found) / gain(best)
	hits := 0
	for i, grade := range found {
		if grade < relevant {
			continue
		}
		if m.MRR == 0 {
			m.MRR = 1 / float64(i+1)
		}
		if i < recallRanks {
			hits++
		}
	}
	m.Recall20 = float64(hits) / float64(total)
	if m.MRR == 1 {
		m.P1 = 1
	}
	return m
}

func gain(grades []int) float64 {
	sum := 0.0
	for i, g := range grades[:min(topRanks, len(grades))] {
		sum += float64(max(g, 0)) / math.Log2(float64(i+2))
	}
	return sum
}

// Summary is how a set of queries went.
type Summary struct {
	// Kind is empty for all queries together.
	Kind    string `json:"kind,omitempty"`
	Queries int    `json:"queries"`
	Measures
	// Fewer is how many queries found fewer than ten different documents, None how many found nothing.
	Fewer int `json:"fewerThan10"`
	None  int `json:"none"`
	// Unjudged10 is the share of the first ten that nobody judged, JudgedNDCG10 what nDCG@10 is when such documents are
	// taken out of the rankings.
	Unjudged10   float64 `json:"unjudged10"`
	JudgedNDCG10 float64 `json:"judgedNdcg10"`
}

func summarise(kind string, as []Answer) Summary {
	s := Summary{Kind: kind, Queries: len(as)}
	shown, unjudged := 0, 0
	for _, a := range as {
		s.NDCG10 += a.NDCG10
		s.Recall20 += a.Recall20
		s.MRR += a.MRR
		s.P1 += a.P1
		s.JudgedNDCG10 += a.JudgedNDCG10
		if a.Found < topRanks {
			s.Fewer++
		}
		if a.Found == 0 {
			s.None++
		}
		shown += len(a.Top)
		for _, t := range a.Top {
			if t.Grade == nil {
				unjudged++
			}
		}
	}
	n := float64(max(1, len(as)))
	s.NDCG10, s.Recall20, s.MRR, s.P1, s.JudgedNDCG10 = s.NDCG10/n, s.Recall20/n, s.MRR/n, s.P1/n, s.JudgedNDCG10/n
	if shown > 0 {
		s.Unjudged10 = float64(unjudged) / float64(shown)
	}
	return s
}

// Answer is what one engine makes of one query.
type Answer struct {
	Query
	Measures
	// JudgedNDCG10 is nDCG@10 of the ranking without the documents that nobody judged.
	JudgedNDCG10 float64 `json:"judgedNdcg10"`
	// Found is how many different documents came back, of the 100 that were asked for.
	Found int `json:"found"`
	// Top are the first ten, Missed the relevant documents that are not among the first twenty, best first.
	Top    []Graded `json:"top"`
	Missed []Graded `json:"missed"`
	// ranked is everything that came back, copies too.
	ranked []string
}

// Graded is a document with its judgment.
type Graded struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	// Grade is nil for a document that nobody judged.
	Grade *int `json:"grade"`
}

// answer scores what an engine gave.
func (c *corpus) answer(q Query, ranked []string, j Judgments) (Answer, error) {
	groups, err := c.collapse(q, ranked)
	if err != nil {
		return Answer{}, err
	}
	grades, err := c.grades(q, j)
	if err != nil {
		return Answer{}, err
	}
	a := Answer{Query: q, Measures: measure(groups, grades), Found: len(groups), Top: []Graded{}, Missed: []Graded{}, ranked: ranked}
	judged := slices.DeleteFunc(slices.Clone(groups), func(g int) bool { _, ok := grades[g]; return !ok })
	a.JudgedNDCG10 = measure(judged, grades).NDCG10
	graded := func(group int) Graded {
		g := Graded{ID: c.documents[group].id, Title: c.documents[group].title}
		if grade, ok := grades[group]; ok {
			g.Grade = &grade
		}
		return g
	}
	for _, g := range groups[:min(topRanks, len(groups))] {
		a.Top = append(a.Top, graded(g))
	}
	near := groups[:min(recallRanks, len(groups))]
	for g, grade := range grades {
		if grade >= relevant && !slices.Contains(near, g) {
			a.Missed = append(a.Missed, graded(g))
		}
	}
	slices.SortFunc(a.Missed, func(x, y Graded) int { return cmp.Or(*y.Grade-*x.Grade, strings.Compare(x.ID, y.ID)) })
	return a, nil
}
