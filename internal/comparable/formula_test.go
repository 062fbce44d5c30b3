package comparable_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/udc-community/plein/internal/comparable"
	"github.com/udc-community/plein/internal/record"
)

func concept(iri, broader string) *record.Concept {
	return &record.Concept{IRI: iri, BroaderIRI: broader, Label: record.Text{record.Dutch: iri, record.English: iri + " (en)"}}
}

var (
	living    = concept("wonen", "")
	housing   = concept("huisvesting", "wonen")
	building  = concept("bouwen", "wonen")
	education = concept("onderwijs", "")
	match     = concept("datamatch", "")
	survey    = concept("enquête", "")
	brp       = &record.DataSource{IRI: "brp", Name: "BRP"}
	uwv       = &record.DataSource{IRI: "uwv", Name: "UWV-registratie"}
)

// place is a municipality with what matters to the formula.
func place(name, province string, population, urbanity int) *record.Municipality {
	return &record.Municipality{Code: "GM-" + name, Name: name, Province: province, Population: population, Urbanity: urbanity}
}

var (
	yes, no = true, false
	city    = place("Stad", "Zuid-Holland", 124_000, 1)
	twin    = place("Zusterstad", "Groningen", 131_000, 1)
	village = place("Dorp", "Drenthe", 12_000, 5)
)

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-9 {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestTheTopicIsWhatTheAskerStatesAndTheOtherHas(t *testing.T) {
	type concepts = []*record.Concept
	full := comparable.Asker{Weights: comparable.Usual(), HasText: true, Domains: concepts{housing}, Methods: concepts{match}, Sources: []*record.DataSource{brp}}
	words := comparable.Asker{Weights: comparable.Usual(), HasText: true}
	domains := comparable.Asker{Weights: comparable.Usual(), Domains: concepts{living, education}}
	chosen := full
	chosen.Weights = comparable.Weights{Method: 1}
	for _, c := range []struct {
		name  string
		asker comparable.Asker
		with  comparable.Candidate
		want  float64
	}{
		{"everything", full, comparable.Candidate{Text: 1, Domains: concepts{housing}, Methods: concepts{match}, Sources: []*record.DataSource{brp}}, 1},
		{"nothing", full, comparable.Candidate{}, 0},
		{"words alone", full, comparable.Candidate{Text: 1}, .45},
		{"half of the words", full, comparable.Candidate{Text: .5}, .225},
		{"the domain alone", full, comparable.Candidate{Domains: concepts{housing}}, .25},
		{"its main theme", full, comparable.Candidate{Domains: concepts{living}}, .125},
		{"another part of its main theme", full, comparable.Candidate{Domains: concepts{building}}, .125},
		{"another theme", full, comparable.Candidate{Domains: concepts{education}}, 0},
		{"the better of two themes", full, comparable.Candidate{Domains: concepts{building, housing}}, .25},
		{"the method alone", full, comparable.Candidate{Methods: concepts{survey, match}}, .15},
		{"another method", full, comparable.Candidate{Methods: concepts{survey}}, 0},
		{"the sources alone", full, comparable.Candidate{Sources: []*record.DataSource{uwv, brp}}, .15},
		{"what is not stated drops out", words, comparable.Candidate{Text: .4, Domains: concepts{housing}, Methods: concepts{match}}, .4},
		{"one of two themes", domains, comparable.Candidate{Text: 1, Domains: concepts{education}}, .5},
		{"one theme whole and one half", domains, comparable.Candidate{Domains: concepts{education, housing}}, .75},
		{"chosen weights", chosen, comparable.Candidate{Methods: concepts{match}}, 1},
		{"who states nothing", comparable.Asker{Weights: comparable.Usual()}, comparable.Candidate{Text: 1, Domains: concepts{living}}, 0},
	} {
		got := c.asker.Compare(c.with)
		near(t, c.name, got.Topic, c.want)
		near(t, c.name+": score without a municipality", got.Score, c.want)
		if got.Municipality != nil {
			t.Errorf("%s: the municipality is %v", c.name, *got.Municipality)
		}
	}
}

func TestTheMunicipalityIsWhatIsKnownOfBoth(t *testing.T) {
	size := func(a, b float64) float64 { return 1 - math.Abs(math.Log(a/b))/math.Log(8) }
	for _, c := range []struct {
		name         string
		ours, theirs *record.Municipality
		us, them     *bool
		want         float64
	}{
		{"the same size, urbanity and province", city, place("Buur", "Zuid-Holland", 124_000, 1), nil, nil, 1},
		{"another province", city, place("Ver", "Drenthe", 124_000, 1), nil, nil, .8 / .9},
		{"everything, with the departments", city, place("Buur", "Zuid-Holland", 124_000, 1), &yes, &yes, 1},
		{"departments that differ", city, place("Buur", "Zuid-Holland", 124_000, 1), &yes, &no, .9},
		{"neither has a department", city, place("Ver", "Drenthe", 124_000, 5), &no, &no, .5},
		{"half the size", city, place("Kleiner", "Zuid-Holland", 62_000, 1), nil, nil, (.4*size(124, 62) + .5) / .9},
		{"as much larger", place("Kleiner", "Zuid-Holland", 62_000, 1), city, nil, nil, (.4*size(124, 62) + .5) / .9},
		{"eight times smaller", city, place("Klein", "Zuid-Holland", 15_500, 1), nil, nil, .5 / .9},
		{"a hundred times smaller", city, place("Gehucht", "Zuid-Holland", 1_240, 1), nil, nil, .5 / .9},
		{"one class of urbanity less", city, place("Buur", "Zuid-Holland", 124_000, 2), nil, nil, (.4 + .4*.75 + .1) / .9},
		{"opposite urbanity", city, place("Buur", "Zuid-Holland", 124_000, 5), nil, nil, .5 / .9},
		{"unknown urbanity of theirs", city, place("Buur", "Zuid-Holland", 124_000, 0), nil, nil, 1},
		{"unknown urbanity of ours", place("Buur", "Drenthe", 124_000, 0), city, nil, nil, .8},
		{"unknown size", city, place("Buur", "Zuid-Holland", 0, 2), nil, nil, (.4*.75 + .1) / .5},
		{"only the province known", place("Iets", "Drenthe", 0, 0), place("Anders", "Drenthe", 0, 0), nil, nil, 1},
	} {
		got := comparable.Similar(c.ours, c.theirs, c.us, c.them)
		near(t, c.name, got.Score, c.want)
		a := comparable.Asker{Weights: comparable.Usual(), HasText: true, Municipality: c.ours, Department: c.us}
		both := a.Compare(comparable.Candidate{Text: .5, Municipalities: []*record.Municipality{c.theirs}, Department: c.them})
		near(t, c.name+": in the score", both.Score, .7*.5+.3*c.want)
		if both.Municipality == nil {
			t.Errorf("%s: the municipality is unknown", c.name)
			continue
		}
		near(t, c.name+": in the comparison", *both.Municipality, c.want)
	}
}

func TestWhereNothingIsKnownOfTheMunicipalityTheTopicDecides(t *testing.T) {
	a := comparable.Asker{Weights: comparable.Usual(), HasText: true, Municipality: &record.Municipality{Code: "GM0001", Name: "Onbekend"}}
	for _, ms := range [][]*record.Municipality{nil, {city}} {
		got := a.Compare(comparable.Candidate{Text: .6, Municipalities: ms})
		if near(t, fmt.Sprint(ms), got.Score, .6); got.Municipality != nil {
			t.Errorf("a likeness of %v with what is unknown", *got.Municipality)
		}
	}
}

func TestAProjectOfSeveralMunicipalitiesIsAsComparableAsTheNearest(t *testing.T) {
	a := comparable.Asker{Weights: comparable.Usual(), HasText: true, Municipality: city}
	several := a.Compare(comparable.Candidate{Text: 1, Municipalities: []*record.Municipality{village, twin}})
	alone := a.Compare(comparable.Candidate{Text: 1, Municipalities: []*record.Municipality{twin}})
	near(t, "several", several.Score, alone.Score)
}

func TestOnlyTheWeightsOfTheTopicMakeProjectsComparable(t *testing.T) {
	for _, c := range []struct {
		w    comparable.Weights
		want bool
	}{
		{comparable.Usual(), true},
		{comparable.Weights{Text: 1}, true},
		{comparable.Weights{Source: 1, Municipality: 1}, true},
		{comparable.Weights{}, false},
		{comparable.Weights{Municipality: 1}, false},
		{comparable.Weights{Text: 1.01}, false},
		{comparable.Weights{Text: 1, Municipality: -.1}, false},
		{comparable.Weights{Text: math.NaN()}, false},
		{comparable.Weights{Text: math.Inf(1)}, false},
	} {
		if ps := c.w.Check(); (len(ps) == 0) != c.want {
			t.Errorf("%+v: %v", c.w, ps)
		}
	}
}
