package evaluate

import (
	"math"
	"testing"
)

// near compares with figures that were computed by hand to five decimals.
func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > .000_01 {
		t.Errorf("%s is %.5f, want %.5f", what, got, want)
	}
}

func TestMeasuresAreThoseComputedByHand(t *testing.T) {
	grades := map[int]int{1: 3, 2: 2, 3: 2, 4: 1, 5: 0}
	// What comes back has the grades 3, 0, 2 and 0: 3/log2(2) + 2/log2(4) = 4.
	// The best order is 3, 2, 2, 1: 3/log2(2) + 2/log2(3) + 2/log2(4) + 1/log2(5) = 3 + 1.26186 + 1 + .43068 = 5.69254.
	m := measure([]int{1, 9, 3, 5}, grades)
	near(t, "nDCG@10", m.NDCG10, .70267)
	near(t, "recall@20", m.Recall20, 2./4)
	near(t, "MRR", m.MRR, 1)
	near(t, "P@1", m.P1, 1)

	// Grades 0, 0, 1: 1/log2(4) = .5, and .5/5.69254.
	m = measure([]int{5, 9, 4}, grades)
	near(t, "nDCG@10", m.NDCG10, .08783)
	near(t, "recall@20", m.Recall20, 1./4)
	near(t, "MRR", m.MRR, 1./3)
	near(t, "P@1", m.P1, 0)

	if m := measure([]int{1, 2, 3, 4}, grades); m != (Measures{NDCG10: 1, Recall20: 1, MRR: 1, P1: 1}) {
		t.Errorf("the best order scores %+v", m)
	}
	if m := measure(nil, grades); m != (Measures{}) {
		t.Errorf("nothing scores %+v", m)
	}
}

func TestMeasuresLookNoFurtherThanTheirRanks(t *testing.T) {
	at := func(rank int) Measures {
		ranked := make([]int, rank)
		for i := range ranked {
			ranked[i] = -1 - i
		}
		ranked[rank-1] = 1
		return measure(ranked, map[int]int{1: 1})
	}
	near(t, "nDCG@10 of rank 10", at(10).NDCG10, 1/math.Log2(11))
	near(t, "nDCG@10 of rank 11", at(11).NDCG10, 0)
	near(t, "recall@20 of rank 20", at(20).Recall20, 1)
	near(t, "recall@20 of rank 21", at(21).Recall20, 0)
	near(t, "MRR of rank 50", at(50).MRR, .02)
}

func TestCopiesCountOnce(t *testing.T) {
	c := newCorpus([]document{
		{id: "a", title: "Een", text: "Telt fietsen."},
		{id: "b", title: "Twee", text: "telt\n  FIËTSEN."},
		{id: "c", title: "Drie", text: "Telt auto's."},
		{id: "d", title: "Zonder tekst"},
		{id: "e", title: "zonder  tekst"},
		{id: "f", title: "Ook zonder tekst"},
	})
	if n := c.different(); n != 4 {
		t.Errorf("%d different documents, want 4: a and b say the same, and so do d and e", n)
	}
	judged := Judgments{"q": {"a": 0, "b": 3, "c": 1, "e": 2}}
	// Found are b (with a: grade 3), f (nobody judged it) and c (1). Best is 3, 2, 1.
	a, err := c.answer(Query{ID: "q"}, []string{"b", "a", "f", "c"}, judged)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "nDCG@10", a.NDCG10, (3+1/2.)/(3+2/math.Log2(3)+1/2.))
	near(t, "recall@20", a.Recall20, 2./3)
	near(t, "nDCG@10 without f", a.JudgedNDCG10, (3+1/math.Log2(3))/(3+2/math.Log2(3)+1/2.))
	if a.Found != 3 || len(a.Top) != 3 || a.Top[1].Grade != nil || *a.Top[0].Grade != 3 || *a.Top[2].Grade != 1 {
		t.Errorf("the answer is %+v", a)
	}
	if len(a.Missed) != 1 || a.Missed[0].ID != "d" || *a.Missed[0].Grade != 2 {
		t.Errorf("missed are %+v", a.Missed)
	}

	s := summarise("", []Answer{a, {Query: Query{ID: "none"}}})
	near(t, "the mean nDCG@10", s.NDCG10, a.NDCG10/2)
	near(t, "the share that nobody judged", s.Unjudged10, 1./3)
	if s.Queries != 2 || s.Fewer != 2 || s.None != 1 {
		t.Errorf("the summary is %+v", s)
	}
}

func TestATextIsNoAnswerToItself(t *testing.T) {
	c := newCorpus([]document{{id: "a", text: "Telt fietsen."}, {id: "b", text: "telt fietsen."}, {id: "c", text: "Telt auto's."}})
	a, err := c.answer(Query{ID: "a", Document: "a"}, []string{"a", "b", "c"}, Judgments{"a": {"b": 1, "c": 1}})
	if err != nil {
		t.Fatal(err)
	}
	if a.Found != 1 || a.Measures != (Measures{NDCG10: 1, Recall20: 1, MRR: 1, P1: 1}) {
		t.Errorf("the answer is %+v", a)
	}
}

func TestADocumentThatTheCorpusDoesNotHaveIsRefused(t *testing.T) {
	c := newCorpus([]document{{id: "a", text: "Telt fietsen."}})
	if _, err := c.answer(Query{}, []string{"z"}, nil); err == nil {
		t.Error("an engine found what is not there")
	}
	if _, err := c.answer(Query{}, nil, Judgments{"": {"z": 1}}); err == nil {
		t.Error("a judgment of what is not there is taken")
	}
}
