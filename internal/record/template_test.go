package record

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func steps(afters ...string) []*TemplateStep {
	var out []*TemplateStep
	for _, a := range afters {
		key, rest, _ := strings.Cut(a, "<")
		s := &TemplateStep{Key: key, Title: NL("Stap " + key), Purpose: NL("Omdat het moet.")}
		if rest != "" {
			s.StartsAfter = strings.Split(rest, ",")
		}
		out = append(out, s)
	}
	return out
}

func TestAStepThatWaitsForItselfIsFound(t *testing.T) {
	for _, c := range []struct {
		name  string
		steps []*TemplateStep
		on    []string // the steps that may be named; none when there is no cycle
	}{
		{"none", nil, nil},
		{"a line", steps("a", "b<a", "c<b"), nil},
		{"a line written backwards", steps("c<b", "b<a", "a"), nil},
		{"a diamond", steps("a", "b<a", "c<a", "d<b,c"), nil},
		{"two that wait for each other", steps("a<b", "b<a"), []string{"a", "b"}},
		{"a round of three behind a start", steps("s", "a<s,c", "b<a", "c<b"), []string{"a", "b", "c"}},
		{"a step behind a cycle is not on it", steps("z<a", "a<b", "b<a"), []string{"a", "b"}},
		{"a step that is not there is another problem", steps("a<x", "b<a"), nil},
		{"a cycle beside a step that is not there", steps("a<x", "b<c", "c<b"), []string{"b", "c"}},
		{"the same key twice", steps("a", "a<a", "b<a"), nil},
	} {
		got := findCycle(c.steps)
		if len(c.on) == 0 && got != "" || len(c.on) > 0 && !slices.Contains(c.on, got) {
			t.Errorf("%s: got %q, want one of %v", c.name, got, c.on)
		}
	}
}

func TestALongChainOfStepsIsNoCycle(t *testing.T) {
	chain := steps("s0")
	for i := 1; i < 50; i++ {
		chain = append([]*TemplateStep{{Key: "s" + strings.Repeat("x", i), StartsAfter: []string{chain[0].Key}}}, chain...)
	}
	if got := findCycle(chain); got != "" {
		t.Errorf("found %q", got)
	}
	chain[len(chain)-1].StartsAfter = []string{chain[0].Key}
	if findCycle(chain) == "" {
		t.Error("a cycle of 50 steps was not found")
	}
}

func template(number string, keys ...string) *ProcessTemplate {
	return &ProcessTemplate{Spine: Spine{ID: NewID("tpl"), Slug: "zo", Language: Dutch, Title: NL("Zo"), Version: 3, Revision: 9}, Number: number, Steps: steps(keys...)}
}

func TestAVersionNumberOnlyGrows(t *testing.T) {
	tpl := template("1.2.9", "a", "b<a")
	first, err := tpl.Freeze(NewID("tpv"))
	if err != nil || first == nil || first.Number != "1.2.9" || first.TemplateID != tpl.ID || first.Version != 0 || first.Revision != 0 {
		t.Fatalf("the first version: %+v, %v", first, err)
	}
	if again, err := tpl.Freeze(NewID("tpv")); again != nil || err != nil {
		t.Errorf("the same version is frozen twice: %+v, %v", again, err)
	}
	tpl.ChangeNote = NL("Een andere toelichting")
	if again, err := tpl.Freeze(NewID("tpv")); again != nil || err != nil {
		t.Errorf("a note makes a version: %+v, %v", again, err)
	}
	tpl.Steps[0].Title = NL("Anders")
	for _, number := range []string{"1.2.9", "1.2.8", "1.2.10"[:5], "0.9.9", "1.1.99"} {
		tpl.Number = number
		if v, err := tpl.Freeze(NewID("tpv")); v != nil || err == nil {
			t.Errorf("%s was taken after 1.2.9", number)
		}
	}
	if len(tpl.Versions) != 1 {
		t.Errorf("a refused version is remembered: %d", len(tpl.Versions))
	}
	for _, number := range []string{"1.2.10", "1.10.0", "2.0.0", "10.0.0"} {
		tpl.Number = number
		v, err := tpl.Freeze(NewID("tpv"))
		if err != nil || v == nil || v.Slug != "zo-"+strings.ReplaceAll(number, ".", "-") {
			t.Errorf("%s was refused: %v", number, err)
		}
	}
	if tpl.Versions[0].Hash != first.ContentHash || tpl.Versions[0].ID != first.ID || len(tpl.Versions) != 5 {
		t.Error("the versions are not kept oldest first")
	}
}

func TestTheSameStepsUnderAHigherNumberAreAVersion(t *testing.T) {
	tpl := template("1.0.0", "a")
	first, err := tpl.Freeze(NewID("tpv"))
	if err != nil {
		t.Fatal(err)
	}
	tpl.Number = "1.0.1"
	second, err := tpl.Freeze(NewID("tpv"))
	if err != nil || second == nil || second.ContentHash != first.ContentHash {
		t.Errorf("got %+v, %v", second, err)
	}
}

func TestATemplateWithoutANumberIsAtNoVersion(t *testing.T) {
	if v, err := template("", "a").Freeze(NewID("tpv")); v != nil || err != nil {
		t.Errorf("got %+v, %v", v, err)
	}
}

func TestVersionNumbers(t *testing.T) {
	for s, want := range map[string]bool{
		"0.0.0": true, "1.0.0": true, "12.34.56": true,
		"": false, "1": false, "1.0": false, "1.0.0.0": false, "1.0.x": false, "01.0.0": false, "+1.0.0": false, "-1.0.0": false,
		"1.0.0-beta": false, "1..0": false, "v1.0.0": false, "1.0.99999999999999999999": false, " 1.0.0": false, "１.0.0": false,
	} {
		if _, ok := parseNumber(s); ok != want {
			t.Errorf("%q: %v", s, ok)
		}
	}
}

func addresses(ss []*TemplateStep) map[string]string {
	out := map[string]string{}
	for _, s := range ss {
		out[s.Key] = s.IRI
	}
	return out
}

func TestAStepKeepsItsAddressAcrossVersionsAndForks(t *testing.T) {
	old := template("1.0.0", "a", "b<a")
	old.Keep(nil, time.Time{})
	was := addresses(old.Steps)
	if was["a"] == "" || was["a"] == was["b"] || !strings.HasPrefix(was["a"], "urn:uuid:") {
		t.Fatalf("new steps get %v", was)
	}

	// A new version is written without addresses, in another order and with a new step.
	next := template("2.0.0", "c", "b<c", "a")
	next.ID = old.ID
	next.Keep(old, time.Time{})
	now := addresses(next.Steps)
	if now["a"] != was["a"] || now["b"] != was["b"] || now["c"] == "" || now["c"] == was["a"] {
		t.Errorf("the next version has %v, the first had %v", now, was)
	}

	// Whoever writes the steps cannot give an existing one another meaning.
	next.Steps[1].IRI = "https://elders.example/stap/b"
	next.Keep(old, time.Time{})
	if got := addresses(next.Steps)["b"]; got != was["b"] {
		t.Errorf("b moved to %s", got)
	}

	fork := template("1.0.0")
	for _, s := range old.Steps {
		c := *s
		fork.Steps = append(fork.Steps, &c)
	}
	fork.Steps = append(fork.Steps, steps("eigen")...)
	fork.Keep(nil, time.Time{})
	got := addresses(fork.Steps)
	if got["a"] != was["a"] || got["b"] != was["b"] {
		t.Errorf("the fork has %v, the original %v", got, was)
	}
	if got["eigen"] != StepIRI(fork.ID, "eigen") || got["eigen"] == StepIRI(old.ID, "eigen") {
		t.Errorf("the fork's own step is at %s", got["eigen"])
	}
}

func TestTwoStepsCannotHaveOneAddress(t *testing.T) {
	old := template("1.0.0", "a")
	old.Keep(nil, time.Time{})
	next := template("1.1.0", "a", "b")
	next.ID, next.Steps[1].IRI = old.ID, old.Steps[0].IRI
	next.Keep(old, time.Time{})
	if !has(next.Check(vocabulary()), Duplicate, "steps.key") {
		t.Errorf("got %v", next.Check(vocabulary()))
	}
}

func TestADiffSaysWhatHappenedToEachStep(t *testing.T) {
	older := &TemplateVersion{Steps: steps("a", "b<a", "c", "weg")}
	newer := &TemplateVersion{Steps: steps("a", "c", "b<a", "nieuw")}
	older.bind(vocabulary())
	newer.bind(vocabulary())
	newer.Steps[0].Purpose = NL("Een ander doel")
	var got []string
	for _, d := range newer.Diff(older) {
		if (d.Before == nil) != (d.Kind == StepAdded) || (d.After == nil) != (d.Kind == StepRemoved) {
			t.Errorf("%s is %s with before %v and after %v", d.Key, d.Kind, d.Before, d.After)
		}
		got = append(got, d.Key+" "+string(d.Kind))
	}
	want := []string{"a CHANGED", "c MOVED", "b MOVED", "nieuw ADDED", "weg REMOVED"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	for _, d := range newer.Diff(newer) {
		if d.Kind != StepUnchanged {
			t.Errorf("%s is %s against itself", d.Key, d.Kind)
		}
	}
}
