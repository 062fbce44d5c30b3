package record

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func thesaurusOf(cs ...*Concept) *Vocabularies {
	for _, c := range cs {
		if c.Scheme == "" {
			c.Scheme = Thesaurus
		}
		c.IRI, c.ID = "urn:"+c.Notation, ConceptID(c.Scheme, c.Notation)
		if c.Label == nil {
			c.Label = NL(c.Notation)
		}
	}
	return NewVocabularies(cs)
}

func notations(cs []*Concept) (out []string) {
	for _, c := range cs {
		out = append(out, c.Notation)
	}
	return out
}

func TestConceptsAreBoundToEachOtherFromBothSides(t *testing.T) {
	a, b, c := &Concept{Notation: "a", RelatedIRIs: []string{"urn:c", "urn:nergens"}}, &Concept{Notation: "b", BroaderIRI: "urn:a"}, &Concept{Notation: "c", BroaderIRI: "urn:a", RelatedIRIs: []string{"urn:a", "urn:d"}}
	other := &Concept{Notation: "d", BroaderIRI: "urn:a", Scheme: Taxonomy}
	vs := thesaurusOf(a, b, c, other)
	if got := notations(a.Narrower()); !slices.Equal(got, []string{"b", "c"}) || b.Broader() != a || other.Broader() != nil {
		t.Errorf("below a are %q", got)
	}
	if got := fmt.Sprint(notations(a.Related()), notations(c.Related()), notations(other.Related())); got != "[c] [a d] [c]" {
		t.Errorf("related are %s", got)
	}
	if vs.Concept(a.ID) != a || vs.Concept("urn:a") != a || vs.Concept("urn:nergens") != nil {
		t.Error("a concept is not found by its id and its address")
	}
}

func TestTermsAreFoundByTheBeginningOfAnyNameInTheOrderOfTheirLabels(t *testing.T) {
	vs := thesaurusOf(
		&Concept{Notation: "3", Label: Text{Dutch: "wonen", English: "Housing"}},
		&Concept{Notation: "1", Label: NL("Één woning"), Scheme: Taxonomy},
		&Concept{Notation: "2", Label: NL("dak"), Alternatives: map[Language][]string{English: {"HOME"}}, Scheme: Taxonomy},
		&Concept{Notation: "4", Label: NL("huis"), Scheme: Skill})
	for _, c := range []struct {
		prefix  string
		schemes []Scheme
		want    string
	}{
		{"", []Scheme{Thesaurus, Taxonomy}, "[2 1 3]"},
		{"HO", []Scheme{Thesaurus, Taxonomy}, "[2 3]"},
		{" ho", []Scheme{Thesaurus}, "[3]"},
		{"een w", []Scheme{Taxonomy}, "[1]"},
		{"huis", []Scheme{Thesaurus, Taxonomy, Skill}, "[]"},
	} {
		if got := fmt.Sprint(notations(vs.TermsFrom(c.prefix, c.schemes...))); got != c.want {
			t.Errorf("%q in %v gives %s, want %s", c.prefix, c.schemes, got, c.want)
		}
	}
}

func TestWhatIsWrongWithAConceptIsTold(t *testing.T) {
	many := make([]string, MaxAlternatives+1)
	for i := range many {
		many[i] = fmt.Sprint("woord ", i)
	}
	for _, c := range []struct {
		what  string
		spoil func(*Concept)
		code  Code
		field string
	}{
		{"no label", func(c *Concept) { c.Label = nil }, Required, "label"},
		{"a long label", func(c *Concept) { c.Label = NL(strings.Repeat("é", MaxTerm+1)) }, TooLong, "label"},
		{"another language", func(c *Concept) { c.Label = Text{Dutch: "x", "de": "x"} }, Invalid, "label"},
		{"an unreadable label", func(c *Concept) { c.Label = NL("a\x00b") }, Invalid, "label"},
		{"a long definition", func(c *Concept) { c.Definition = NL(strings.Repeat("a", MaxDefinition+1)) }, TooLong, "definition"},
		{"a long alternative", func(c *Concept) {
			c.Alternatives = map[Language][]string{English: {strings.Repeat("a", MaxTerm+1)}}
		}, TooLong, "alternatives"},
		{"many alternatives", func(c *Concept) { c.Alternatives = map[Language][]string{Dutch: many} }, TooMany, "alternatives"},
		{"alternatives in another language", func(c *Concept) { c.Alternatives = map[Language][]string{"de": {"x"}} }, Invalid, "alternatives"},
		{"an unknown wider concept", func(c *Concept) { c.BroaderIRI = "urn:nergens" }, UnknownConcept, "broader"},
		{"a wider concept of another vocabulary", func(c *Concept) { c.BroaderIRI = "urn:thema" }, UnknownConcept, "broader"},
		{"itself as wider concept", func(c *Concept) { c.BroaderIRI = c.IRI }, Invalid, "broader"},
		{"a circle", func(c *Concept) { c.BroaderIRI = "urn:onder" }, Invalid, "broader"},
		{"too many levels", func(c *Concept) { c.BroaderIRI = fmt.Sprint("urn:laag", maxLevels) }, TooMany, "broader"},
		{"an unknown related concept", func(c *Concept) { c.RelatedIRIs = []string{"urn:nergens"} }, UnknownConcept, "related"},
		{"a related concept that searches do not use", func(c *Concept) { c.RelatedIRIs = []string{"urn:r"} }, UnknownConcept, "related"},
		{"its narrower concept as related", func(c *Concept) { c.RelatedIRIs = []string{"urn:onder"} }, Invalid, "related"},
		{"its wider concept as related", func(c *Concept) { c.BroaderIRI, c.RelatedIRIs = "urn:boven", []string{"urn:boven"} }, Invalid, "related"},
		{"many related concepts", func(c *Concept) { c.RelatedIRIs = many }, TooMany, "related"},
	} {
		x := &Concept{Notation: "x", Alternatives: map[Language][]string{Dutch: {"y"}}, BroaderIRI: "urn:boven", RelatedIRIs: []string{"urn:thema", "urn:elders"}}
		all := []*Concept{x, {Notation: "boven"}, {Notation: "onder", BroaderIRI: "urn:x"}, {Notation: "thema", Scheme: PolicyDomain}, {Notation: "elders", Scheme: Taxonomy}, {Notation: "r", Scheme: Skill}}
		for i := range maxLevels + 1 {
			level := &Concept{Notation: fmt.Sprint("laag", i)}
			if i > 0 {
				level.BroaderIRI = fmt.Sprint("urn:laag", i-1)
			}
			all = append(all, level)
		}
		vs := thesaurusOf(all...)
		if ps := x.Check(vs); len(ps) > 0 {
			t.Fatalf("a good concept: %v", ps)
		}
		c.spoil(x)
		if ps := x.Check(vs); !has(ps, c.code, c.field) {
			t.Errorf("%s: %v", c.what, ps)
		}
	}
}

func TestATidyConceptSaysNothingTwice(t *testing.T) {
	c := &Concept{IRI: "urn:x", Label: Text{Dutch: "  Een \n naam ", English: " "}, Definition: Text{Dutch: "", English: " a\nb "},
		Alternatives: map[Language][]string{Dutch: {"Een naam", "a  b", "", "a b", "c"}, English: {" "}}, RelatedIRIs: []string{"urn:x", "urn:y", "urn:y"}}
	c.Tidy()
	if got, want := fmt.Sprintf("%q %q %q %q", c.Label, c.Definition, c.Alternatives, c.RelatedIRIs), `map["nl":"Een naam"] map["en":"a\nb"] map["nl":["a b" "c"]] ["urn:y"]`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestOnlyTheThesaurusIsEditedFreely(t *testing.T) {
	change := func(scheme Scheme, do func(*Concept)) (fields string) {
		old := Concept{Scheme: scheme, Label: NL("x")}
		c := old
		do(&c)
		for _, p := range Fixed(&old, &c) {
			fields += string(p.Code) + " " + p.Field[0] + " "
		}
		return fields
	}
	everything := func(c *Concept) {
		c.Label, c.Definition, c.BroaderIRI, c.Deprecated = NL("y"), NL("z"), "urn:b", true
		c.Alternatives, c.RelatedIRIs = map[Language][]string{Dutch: {"a"}}, []string{"urn:r"}
	}
	names := func(c *Concept) {
		c.Alternatives, c.RelatedIRIs = map[Language][]string{Dutch: {"a"}}, []string{"urn:r"}
	}
	for _, c := range []struct {
		scheme Scheme
		do     func(*Concept)
		want   string
	}{
		{Thesaurus, everything, ""},
		{PolicyDomain, names, ""},
		{PolicyDomain, everything, "NOT_ALLOWED label NOT_ALLOWED definition NOT_ALLOWED broader NOT_ALLOWED isDeprecated "},
		{Taxonomy, names, "NOT_ALLOWED id "},
		{Method, names, "NOT_ALLOWED id "},
	} {
		if got := change(c.scheme, c.do); got != c.want {
			t.Errorf("%s: %q, want %q", c.scheme, got, c.want)
		}
	}
}

func TestImportedNotationsDoNotCollideAndStay(t *testing.T) {
	a, b := ImportedNotation("https://x.nl/1"), ImportedNotation("https://y.nl/1")
	if a == b || len(a) != 26 || Slug(a) != a || a != "r4aascuku4jz3qg5ifjlynjapu" {
		t.Errorf("%s and %s", a, b)
	}
}
