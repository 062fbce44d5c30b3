package comparable_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/udc-community/plein/internal/comparable"
	"github.com/udc-community/plein/internal/record"
)

func said(rs []comparable.Reason, l record.Language) []string {
	out := []string{}
	for _, r := range rs {
		out = append(out, r.Text[l])
	}
	return out
}

func TestReasonsAndDifferencesAreInPlainDutchAndEnglish(t *testing.T) {
	asker := comparable.Asker{Weights: comparable.Usual(), HasText: true, Domains: []*record.Concept{living}, Methods: []*record.Concept{match},
		Sources: []*record.DataSource{brp}, Municipality: city, Department: &no}
	for _, c := range []struct {
		name                string
		with                comparable.Candidate
		reasons, reasonsEN  []string
		differences, differ []string
	}{
		{"much alike",
			comparable.Candidate{Text: .8, OurWords: nl("kamers", "studenten", "overlast"), TheirWords: nl("kamer", "student", "overlast"),
				Domains: []*record.Concept{living}, Methods: []*record.Concept{match}, Sources: []*record.DataSource{brp}, Municipalities: []*record.Municipality{twin}, Department: &no},
			[]string{"Gaat over dezelfde woorden: kamers, studenten, overlast", "Zelfde thema: wonen", "Ook zeer sterk stedelijk",
				"Ongeveer even groot: 131.000 en 124.000 inwoners", "Dezelfde methode: datamatch", "Gebruikt ook: BRP", "Ook geen eigen onderzoeksafdeling"},
			[]string{"About the same words: kamers, studenten, overlast", "Same theme: wonen (en)", "Also very strongly urban",
				"About the same size: 131,000 and 124,000 inhabitants", "The same method: datamatch (en)", "Also uses: BRP", "Neither has a research department of its own"},
			[]string{"In een andere provincie: Groningen"}, []string{"In another province: Groningen"}},
		{"little alike",
			comparable.Candidate{Text: .2, OurWords: nl("kamers"), Domains: []*record.Concept{housing}, Methods: []*record.Concept{survey, concept("kaart", "")},
				Sources: []*record.DataSource{uwv}, Municipalities: []*record.Municipality{village}, Department: &yes},
			[]string{"Verwant thema: huisvesting", "Gaat over hetzelfde woord: kamers"},
			[]string{"Related theme: huisvesting (en)", "About the same word: kamers"},
			[]string{"Veel kleiner: 12.000 inwoners tegen 124.000", "Niet stedelijk, u wel", "Andere methoden: enquête, kaart", "Andere bron: UWV-registratie",
				"In een andere provincie: Drenthe", "Zij hebben een eigen onderzoeksafdeling"},
			[]string{"Much smaller: 12,000 inhabitants against 124,000", "Not urban, and you are", "Other methods: enquête (en), kaart (en)", "Another source: UWV-registratie",
				"In another province: Drenthe", "They have a research department of their own"}},
		{"little told",
			comparable.Candidate{Text: .5, OurWords: nl("kamers", "buren"), Municipalities: []*record.Municipality{place("Elders", "Zuid-Holland", 70_000, 0)}},
			[]string{"Iets kleiner: 70.000 inwoners tegen 124.000", "Gaat over dezelfde woorden: kamers, buren", "Ook in Zuid-Holland", "De stedelijkheid van Elders is niet bekend"},
			[]string{"A little smaller: 70,000 inhabitants against 124,000", "About the same words: kamers, buren", "Also in Zuid-Holland", "The urbanity of Elders is not known"},
			[]string{"Zij noemen geen thema", "Zij noemen geen methode", "Zij noemen geen bronnen"},
			[]string{"They name no theme", "They name no method", "They name no sources"}},
		{"the same municipality",
			comparable.Candidate{Text: .5, OurWords: nl("kamers"), Domains: []*record.Concept{education}, Municipalities: []*record.Municipality{village, city}},
			[]string{"Dezelfde gemeente: Stad", "Gaat over hetzelfde woord: kamers"}, []string{"The same municipality: Stad", "About the same word: kamers"},
			[]string{"Ander thema: onderwijs", "Zij noemen geen methode", "Zij noemen geen bronnen"}, []string{"Another theme: onderwijs (en)", "They name no method", "They name no sources"}},
	} {
		got := asker.Compare(c.with)
		for _, x := range []struct{ got, want []string }{
			{said(got.Reasons, record.Dutch), c.reasons}, {said(got.Reasons, record.English), c.reasonsEN},
			{said(got.Differences, record.Dutch), c.differences}, {said(got.Differences, record.English), c.differ},
		} {
			if !slices.Equal(x.got, x.want) {
				t.Errorf("%s:\n got %q\nwant %q", c.name, x.got, x.want)
			}
		}
	}
}

func TestWhatMunicipalitiesHaveInCommonIsSaid(t *testing.T) {
	for _, c := range []struct {
		name         string
		ours, theirs *record.Municipality
		us, them     *bool
		say, differ  []string
	}{
		{"nearly as urban", city, place("A", "Zuid-Holland", 300_000, 2), nil, nil,
			[]string{"Bijna even stedelijk: sterk stedelijk, u zeer sterk stedelijk", "Ook in Zuid-Holland"}, []string{"Groter: 300.000 inwoners tegen 124.000"}},
		{"two classes apart", city, place("A", "Zuid-Holland", 600_000, 3), nil, nil,
			[]string{"Ook in Zuid-Holland"}, []string{"Veel groter: 600.000 inwoners tegen 124.000", "Matig stedelijk, u zeer sterk stedelijk"}},
		{"a village looks at a city", village, city, &yes, &no,
			[]string{}, []string{"Veel groter: 124.000 inwoners tegen 12.000", "Zeer sterk stedelijk, u niet", "In een andere provincie: Zuid-Holland", "Zij hebben geen eigen onderzoeksafdeling"}},
		{"both have a department", city, place("A", "Zuid-Holland", 110_000, 1), &yes, &yes,
			[]string{"Ook zeer sterk stedelijk", "Ongeveer even groot: 110.000 en 124.000 inwoners", "Ook in Zuid-Holland", "Ook een eigen onderzoeksafdeling"}, []string{}},
		{"nothing known", place("A", "", 0, 0), place("B", "", 0, 0), nil, nil,
			[]string{"Niet bekend is het aantal inwoners van B en A", "De stedelijkheid van B en A is niet bekend"}, []string{}},
		{"small numbers", place("A", "Friesland", 947, 5), place("B", "Friesland", 3_651, 5), nil, nil,
			[]string{"Ook niet stedelijk", "Ook in Friesland"}, []string{"Groter: 3.700 inwoners tegen 947"}},
	} {
		got := comparable.Similar(c.ours, c.theirs, c.us, c.them)
		if !slices.Equal(said(got.Reasons, record.Dutch), c.say) || !slices.Equal(said(got.Differences, record.Dutch), c.differ) {
			t.Errorf("%s: %q and %q", c.name, said(got.Reasons, record.Dutch), said(got.Differences, record.Dutch))
		}
	}
}

func TestWhatSidesHaveIsGivenBesideTheReason(t *testing.T) {
	asker := comparable.Asker{Weights: comparable.Usual(), Domains: []*record.Concept{living}, Municipality: city}
	got := asker.Compare(comparable.Candidate{Domains: []*record.Concept{housing}, Municipalities: []*record.Municipality{twin}})
	for _, want := range [][3]string{
		{"POLICY_DOMAIN", "wonen", "huisvesting"}, {"SIZE_CLASS", "Stad: 124.000 inwoners", "Zusterstad: 131.000 inwoners"},
		{"URBANITY", "zeer sterk stedelijk", "zeer sterk stedelijk"},
	} {
		if !slices.ContainsFunc(got.Reasons, func(r comparable.Reason) bool {
			return string(r.Factor) == want[0] && r.Ours[record.Dutch] == want[1] && r.Theirs[record.Dutch] == want[2]
		}) {
			t.Errorf("no %q in %+v", want, got.Reasons)
		}
	}
}

// Every factor is told once, and what they contribute is the score: nothing is weighed in secret.
func TestContributionsAddUpToTheScore(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(cs ...*record.Concept) (out []*record.Concept) {
		for _, c := range cs {
			if r.IntN(2) == 0 {
				out = append(out, c)
			}
		}
		return out
	}
	sources := func() (out []*record.DataSource) {
		for _, d := range []*record.DataSource{brp, uwv} {
			if r.IntN(2) == 0 {
				out = append(out, d)
			}
		}
		return out
	}
	places := []*record.Municipality{nil, city, twin, village, place("A", "", 0, 0), place("B", "", 0, 3), place("C", "Drenthe", 900, 0), place("D", "Drenthe", 0, 4)}
	somewhere := func() *record.Municipality { return places[r.IntN(len(places))] }
	maybe := func() *bool { return []*bool{nil, &yes, &no}[r.IntN(3)] }
	for range 2_000 {
		a := comparable.Asker{Weights: comparable.Weights{Text: r.Float64(), Domain: r.Float64(), Method: r.Float64(), Source: r.Float64(), Municipality: r.Float64()},
			HasText: r.IntN(4) > 0, Domains: pick(living, housing, education), Methods: pick(match, survey), Sources: sources(), Municipality: somewhere(), Department: maybe()}
		c := comparable.Candidate{Domains: pick(living, building, education), Methods: pick(match, survey), Sources: sources(), Department: maybe()}
		if a.HasText && r.IntN(2) == 0 {
			c.Text, c.OurWords = r.Float64(), nl("kamers")
		}
		if m := somewhere(); m != nil {
			c.Municipalities = []*record.Municipality{m}
		}
		got := a.Compare(c)
		sum, seen := 0.0, map[comparable.Factor]bool{}
		for _, x := range append(slices.Clone(got.Reasons), got.Differences...) {
			sum += x.Contribution
			if seen[x.Factor] || x.Contribution < 0 || x.Text[record.Dutch] == "" || x.Text[record.English] == "" {
				t.Fatalf("%+v is told twice, or badly", x)
			}
			seen[x.Factor] = true
		}
		if math.Abs(sum-got.Score) > 1e-9 || got.Score < 0 || got.Score > 1+1e-9 {
			t.Fatalf("contributions of %+v to %+v add up to %v, the score is %v", a, c, sum, got.Score)
		}
	}
}

func nl(words ...string) map[string][]string { return map[string][]string{record.Dutch: words} }

func TestWordsAreThoseOfTheReadersLanguage(t *testing.T) {
	asker := comparable.Asker{Weights: comparable.Usual(), HasText: true}
	words := map[string][]string{record.Dutch: {"kamers", "buren"}, record.English: {"rooms"}}
	got := asker.Compare(comparable.Candidate{Text: .5, OurWords: words, TheirWords: words})
	if got.Reasons[0].Text[record.Dutch] != "Gaat over dezelfde woorden: kamers, buren" || got.Reasons[0].Text[record.English] != "About the same word: rooms" {
		t.Errorf("the reason says %v", got.Reasons[0].Text)
	}
}
