package compound_test

import (
	"os"
	"strings"
	"testing"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/dutch"

	"github.com/udc-community/plein/internal/compound"
	"github.com/udc-community/plein/internal/fixture"
)

func stem(word string) string {
	env := snowballstem.NewEnv(word)
	dutch.Stem(env)
	return env.Current()
}

func TestCompoundsOfATreebankAreTakenApart(t *testing.T) {
	words, err := os.Open(fixture.Data(t, "compounds", "dev.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer words.Close()
	r, err := compound.New().Judge(words, stem)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d compounds: precision %.3f, recall %.3f, F1 %.3f; %.3f of %d simple words are taken apart", r.Compounds, r.Precision, r.Recall, r.F1, r.SimpleSplit, r.Simple)
	if r.Compounds < 1000 || r.Simple < 2000 {
		t.Errorf("%d compounds and %d simple words are too few", r.Compounds, r.Simple)
	}
	// What was reached, less .01.
	if r.F1 < .932 {
		t.Errorf("F1 is %.3f, want .932 at least", r.F1)
	}
	if r.SimpleSplit > .114 {
		t.Errorf("%.3f of simple words are taken apart, want .114 at most", r.SimpleSplit)
	}
}

func TestAReportCountsPartsAsSetsOfStems(t *testing.T) {
	r, err := compound.New().Judge(strings.NewReader("form\tlemma_parts\n"+
		"Minimaregelingen\tminima|regeling\n"+ // right, in another inflection
		"gemeenteraad\tgemeenteraads|lid\n"+ // two parts wrong, two missing
		"samenwerking\tsamen|werking\n"+ // two missing
		"verkamering\t-\n"+ // right
		"kamerverhuur\t-\n"), stem) // taken apart
	if err != nil {
		t.Fatal(err)
	}
	if r.Compounds != 3 || r.Simple != 2 || r.Precision != .5 || r.Recall != 2./6 || r.F1 != .4 || r.CompoundsSplit != 2./3 || r.SimpleSplit != .5 {
		t.Errorf("the report is %+v", r)
	}
	var wrong []string
	for _, m := range r.Mistakes {
		wrong = append(wrong, m.Word)
	}
	if got := strings.Join(wrong, " "); got != "gemeenteraad samenwerking kamerverhuur" {
		t.Errorf("mistakes are %s", got)
	}
}

func TestATableWithoutTabsIsRefused(t *testing.T) {
	if _, err := compound.New().Judge(strings.NewReader("form\tparts\nminimaregelingen\n"), stem); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("the error is %v, want it to name line 2", err)
	}
	if r, err := compound.New().Judge(strings.NewReader(""), stem); err != nil || r.F1 != 0 {
		t.Errorf("of nothing: %+v, %v", r, err)
	}
}
