package skos

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/piprate/json-gold/ld"

	"github.com/udc-community/plein/internal/record"
)

func read(t testing.TB, f Format, text string) *List {
	t.Helper()
	l, err := Read(strings.NewReader(text), f)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// told is what a list says, in one line a concept.
func told(l *List) (out []string) {
	for _, c := range l.Concepts {
		slices.Sort(c.Broader) // they have no order
		slices.Sort(c.Related)
		out = append(out, fmt.Sprintf("%s %q %v %v %v b%v r%v %v", c.IRI, c.Notation, c.Label, c.Alternatives, c.Definition, c.Broader, c.Related, c.Deprecated))
	}
	slices.Sort(out)
	return out
}

// flaws are the lines and the English words of what could not be taken over.
func flaws(fs []Flaw) (out []string) {
	for _, f := range fs {
		out = append(out, fmt.Sprintf("%d %s %s", f.Line, f.IRI, f.Problem.Message.In(record.English)))
	}
	return out
}

const example = `@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@base <https://voorbeeld.nl/lijst/> .
PREFIX x: <https://voorbeeld.nl/lijst/>
# a list
<> a skos:ConceptScheme ; skos:prefLabel "De lijst"@nl .
x:wonen a skos:Concept ;
  skos:prefLabel "wonen"@nl , "housing"@en , "Wohnen"@de , "huisvesting"@nl-NL ;
  skos:altLabel 'onderdak', """een "dak"
boven het hoofd"""@nl ;
  skos:hiddenLabel "wonnen"@nl ;
  skos:definition "Een plek\tom te \u0077onen."@nl ;
  skos:notation "12"^^x:code ;
  skos:narrower <kamer> ;
  skos:related ( 1 2.5 -3e4 true ) , [ skos:note "x" ] , x:stad ;
  skos:changeNote [ skos:note [ ] ] .
<kamer> skos:prefLabel "kamer" ; owl:deprecated true .
_:zonder a skos:Concept ; skos:prefLabel "zonder adres"@nl .
<stad> a skos:Concept .
x:oud\-stad a skos:Concept ; skos:prefLabel "oude stad"@nl ; skos:broader x:stad ; .
`

func TestTurtleIsReadInAllItsForms(t *testing.T) {
	l := read(t, Turtle, example)
	want := []string{
		`https://voorbeeld.nl/lijst/kamer "" map[nl:kamer] map[] map[] b[https://voorbeeld.nl/lijst/wonen] r[] true`,
		`https://voorbeeld.nl/lijst/oud-stad "" map[nl:oude stad] map[] map[] b[https://voorbeeld.nl/lijst/stad] r[] false`,
		`https://voorbeeld.nl/lijst/wonen "12" map[en:housing nl:wonen] map[nl:[huisvesting een "dak" boven het hoofd wonnen]] map[nl:Een plek om te wonen.] b[] r[https://voorbeeld.nl/lijst/stad] false`,
	}
	if got := told(l); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if got := flaws(l.Bad); !slices.Equal(got, []string{"18  This concept has no address.", "19 https://voorbeeld.nl/lijst/stad This concept has no label in Dutch or English."}) || l.Broken {
		t.Errorf("bad: %q", got)
	}
}

func TestWordsWithoutALanguageAreDutchWhereThereAreNoDutchOnes(t *testing.T) {
	l := read(t, Turtle, `<urn:a> <`+nsSKOS+`prefLabel> "a", "b"@nl . <urn:c> <`+nsSKOS+`prefLabel> "c" ; <`+nsSKOS+`altLabel> "d", "e"@EN-gb .`)
	if got, want := fmt.Sprint(told(l)), `[urn:a "" map[nl:b] map[] map[] b[] r[] false urn:c "" map[nl:c] map[en:[e] nl:[d]] map[] b[] r[] false]`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestTurtleWithAnErrorIsReadUpToThereAndSaysWhere(t *testing.T) {
	label := "<" + nsSKOS + "prefLabel>"
	for text, want := range map[string]string{
		"\n\n<urn:a> " + label + " \"x\"@nl":                         `3  This is no valid Turtle: here should be '.'.`,
		"<urn:a> " + label + " \"x\n\" .":                            `1  This is no valid Turtle: a text goes on after the end of its line.`,
		"<urn:a> " + label + " \"\"\"x":                              `1  This is no valid Turtle: a text does not end.`,
		"<urn:a> " + label + " \"\\q\" .":                            `1  This is no valid Turtle: there is no such escape.`,
		"<urn:a> " + label + " \"\\uD800\" .":                        `1  This is no valid Turtle: there is no character "\\uD800".`,
		"<urn:a b> " + label + " \"x\" .":                            `1  This is no valid Turtle: an address cannot have ' ' in it.`,
		"<urn:a\\u0020b> " + label + " \"x\" .":                      `1  This is no valid Turtle: an address cannot have ' ' in it.`,
		"<a> " + label + " \"x\" .":                                  `1  This is no valid Turtle: "a" is not a full address, and there is no @base.`,
		"\nx:a " + label + " \"x\" .":                                `2  This is no valid Turtle: the prefix "x": is not declared.`,
		"<urn:a> " + label + " 1x .":                                 `1  This is no valid Turtle: "1x" is no number.`,
		"<urn:a> " + label + " ( 1 ":                                 `1  This is no valid Turtle: a list does not end.`,
		"<urn:a> " + label + " " + "[ <urn:p> ":                      `1  This is no valid Turtle: the end comes too soon.`,
		"<urn:a> " + label + " " + strings.Repeat("[ <urn:p> ", 101): `1  This is no valid Turtle: brackets stand more than 100 deep.`,
		"<urn:a> " + label + " " + strings.Repeat("(", 101):          `1  This is no valid Turtle: brackets stand more than 100 deep.`,
		"<urn:a> " + label + " \"x\"@ .":                             `1  This is no valid Turtle: a language has a code.`,
		"<urn:a> \"p\" \"x\" .":                                      `1  This is no valid Turtle: "\"p\" \"x\" ." is not expected here.`,
		"@prefix x <urn:x> .":                                        `1  This is no valid Turtle: a prefix is a name and a colon.`,
		"{ \"een\": \"object\" }":                                    `1  This is no valid Turtle: "{ \"een\": \"object\" }" is not expected here.`,
		"\xff":                                                       `0  This is not UTF-8.`,
	} {
		l := read(t, Turtle, text)
		if got := flaws(l.Bad); len(got) != 1 || got[0] != want || !l.Broken {
			t.Errorf("%q:\n got %q (broken: %v)\nwant %q", text, got, l.Broken, want)
		}
	}
}

func TestABadLineOfNTriplesCostsOnlyItself(t *testing.T) {
	l := read(t, NTriples, `# lines
<urn:a> <`+nsSKOS+`prefLabel> "a"@nl .
<urn:b> <`+nsSKOS+`prefLabel> "b"@nl
`+"\xff"+`
<urn:c> <`+nsSKOS+`prefLabel> "c"@nl . # and more
<urn:c> <`+nsSKOS+`broader> <urn:a> .
@prefix x: <urn:x> .
`)
	if got := told(l); len(got) != 2 || !strings.Contains(got[1], "b[urn:a]") {
		t.Errorf("read: %q", got)
	}
	if got := flaws(l.Bad); len(got) != 3 || !strings.HasPrefix(got[0], "3 ") || got[1] != "4  This is not UTF-8." || !strings.HasPrefix(got[2], "7 ") || l.Broken {
		t.Errorf("bad: %q", got)
	}
}

func TestJSONLDIsReadWithAContextInTheFileOrThatOfSKOS(t *testing.T) {
	want := `[urn:a "" map[en:a thing nl:ding] map[nl:[zaak]] map[] b[urn:b] r[] true urn:b "" map[nl:alles] map[] map[] b[] r[] false]`
	for name, context := range map[string]string{
		"that of SKOS": `"http://www.w3.org/2004/02/skos/core"`,
		"its own": `{"id": "@id", "type": "@type", "@vocab": "http://www.w3.org/2004/02/skos/core#", "prefLabel": {"@container": "@language"}, "altLabel": {"@container": "@language"},
			"broader": {"@type": "@id"}, "deprecated": "http://www.w3.org/2002/07/owl#deprecated"}`,
	} {
		l := read(t, JSONLD, `{"@context": `+context+`, "@graph": [
			{"id": "urn:a", "type": "Concept", "prefLabel": {"nl": "ding", "en": "a thing"}, "altLabel": {"nl": ["zaak"]}, "broader": "urn:b", "deprecated": true},
			{"id": "urn:b", "type": "Concept", "prefLabel": {"nl": "alles"}}]}`)
		if got := fmt.Sprint(told(l)); got != want || len(l.Bad) > 0 {
			t.Errorf("%s:\n got %s %q\nwant %s", name, got, flaws(l.Bad), want)
		}
	}
}

func TestJSONLDIsReadInAllItsForms(t *testing.T) {
	l := read(t, JSONLD, `[{"@context": {"@vocab": "http://www.w3.org/2004/02/skos/core#", "onder": {"@reverse": "broader", "@type": "@id"}},
		"@id": "urn:lijst", "@type": "ConceptScheme", "prefLabel": "de lijst",
		"@graph": [{"@id": "urn:a", "prefLabel": {"@value": "a", "@language": "nl"}, "notation": 12, "onder": ["urn:b"], "related": {"@id": "urn:c", "prefLabel": "c"}}],
		"@included": [{"@id": "urn:b", "prefLabel": {"@value": "b", "@language": "NL-be"}, "altLabel": {"@list": ["geen"]}}]},
		{"@type": ["http://www.w3.org/2004/02/skos/core#Concept"], "http://www.w3.org/2004/02/skos/core#prefLabel": "zonder adres"},
		{"@id": "_:x", "http://www.w3.org/2004/02/skos/core#prefLabel": "ook zonder"}]`)
	want := `[urn:a "12" map[nl:a] map[] map[] b[] r[urn:c] false urn:b "" map[nl:b] map[] map[] b[urn:a] r[] false urn:c "" map[nl:c] map[] map[] b[] r[] false]`
	if got := fmt.Sprint(told(l)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := flaws(l.Bad); len(got) != 2 || l.Broken {
		t.Errorf("bad: %q", got)
	}
}

func TestJSONLDThatCannotBeReadSaysWhyAndNothingIsFetched(t *testing.T) {
	for text, want := range map[string]string{
		"{\n\n x": `3  This is not JSON.`,
		`{"@context": "http://127.0.0.1:1/context"}`:                                                `0  This points at an @context elsewhere. Plein fetches nothing: put the @context into the file itself.`,
		`{"@context": {"@import": "file:///etc/passwd"}}`:                                           `0  This points at an @context elsewhere. Plein fetches nothing: put the @context into the file itself.`,
		`{"@context": {"x": {"@id": "urn:x", "@context": "http://127.0.0.1:1/"}}, "x": {"x": "y"}}`: `0  This points at an @context elsewhere. Plein fetches nothing: put the @context into the file itself.`,
		`{"@context": {"a": {"@id": "b"}, "b": {"@id": "a"}}}`:                                      `0  This is no valid JSON-LD (cyclic IRI mapping).`,
	} {
		l := read(t, JSONLD, text)
		if got := flaws(l.Bad); len(got) != 1 || got[0] != want || !l.Broken {
			t.Errorf("%s:\n got %q\nwant %q", text, got, want)
		}
	}
}

func TestLinesOfCBSAreRead(t *testing.T) {
	l := read(t, CBSLines, `{"uri": "urn:alleen-genoemd"}
{"uri": "urn:a", "pref_nl": ["a"], "pref_en": "a in English", "alt_nl": ["b", "b", "c"], "broader": ["urn:b"], "related": ["urn:z"], "scope_nl": ["anders"]}

{"uri": "urn:b", "pref_en": ["b"], "narrower": ["urn:c"]}
{"uri": "urn:c", "pref_nl": [3]}
["geen object"]
{"pref_nl": ["zonder adres"]}
{"uri": "geen adres", "pref_nl": ["x"]}
`)
	want := `[urn:a "" map[en:a in English nl:a] map[nl:[b c]] map[] b[urn:b] r[urn:z] false urn:b "" map[en:b] map[] map[] b[] r[] false]`
	if got := fmt.Sprint(told(l)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := flaws(l.Bad); len(got) != 4 || !strings.HasPrefix(got[0], "5 ") || !strings.HasPrefix(got[1], "6 ") || !strings.HasPrefix(got[2], "7 ") || got[3] != "8 geen adres This is not a full address." {
		t.Errorf("bad: %q", got)
	}
}

func TestWhatIsTooMuchOfAConceptIsLeftOutAndTold(t *testing.T) {
	var b strings.Builder
	fmt.Fprintf(&b, "<urn:a> <%sprefLabel> \"a\"@nl ; <%saltLabel> \"%s\"@nl", nsSKOS, nsSKOS, strings.Repeat("é", record.MaxTerm+1))
	const many = 1_000_000
	for i := range many {
		fmt.Fprintf(&b, ",\"%d\"@nl", i)
	}
	b.WriteString(" .")
	l := read(t, Turtle, b.String())
	if len(l.Concepts) != 1 || len(l.Concepts[0].Alternatives[record.Dutch]) != record.MaxAlternatives || len(l.Bad) > 0 {
		t.Errorf("read: %.300q, bad: %q", told(l), flaws(l.Bad))
	}
	want := []string{"1 urn:a A text is too long: at most 200 characters.", fmt.Sprintf("1 urn:a %d too many (nl): at most 50.", many-record.MaxAlternatives)}
	if got := flaws(l.LeftOut); !slices.Equal(got, want) {
		t.Errorf("left out: %q", got)
	}
}

func TestAMillionLabelsInJSONLDAreReadInOneGo(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"@context": {"@vocab": "` + nsSKOS + `"}, "@id": "urn:a", "prefLabel": "a", "altLabel": ["w"`)
	const many = 1_000_000
	for i := range many {
		fmt.Fprintf(&b, `,"%d"`, i)
	}
	b.WriteString("]}")
	if l := read(t, JSONLD, b.String()); len(l.Concepts) != 1 || len(l.Concepts[0].Alternatives[record.Dutch]) != record.MaxAlternatives || len(l.LeftOut) != 1 {
		t.Errorf("%.300q", told(l))
	}
}

func TestReadingEndsWhereAFileIsNoListOrTooLarge(t *testing.T) {
	l := read(t, CBSLines, strings.Repeat("nee\n", 5_000))
	if len(l.Bad) != maxFlaws || !l.Broken {
		t.Errorf("%d bad lines, broken: %v", len(l.Bad), l.Broken)
	}
	var b strings.Builder
	for i := range MaxConcepts + 1 {
		fmt.Fprintf(&b, "{\"uri\":\"urn:%d\",\"pref_nl\":\"x\"}\n", i)
	}
	l = read(t, CBSLines, b.String())
	if len(l.Concepts) != MaxConcepts || !l.Broken {
		t.Errorf("%d concepts, broken: %v", len(l.Concepts), l.Broken)
	}
	if _, err := Read(io.LimitReader(endless{}, MaxBytes+1), Turtle); err == nil || !strings.Contains(err.Error(), "too large") {
		t.Errorf("a file above the limit: %v", err)
	}
}

type endless struct{}

func (endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = '\n'
	}
	return len(b), nil
}

func schemes() []Scheme {
	return []Scheme{{IRI: "https://voorbeeld.nl/lijst", Label: record.Text{"nl": "De lijst", "en": "The list"}, Concepts: []Concept{
		{IRI: "https://voorbeeld.nl/lijst/wonen", Notation: "wonen", Label: record.Text{"nl": "wonen", "en": "housing"}, Alternatives: map[string][]string{"nl": {"onderdak", `een "dak" \ hoofd`}, "en": {"shelter"}},
			Definition: record.NL("Waar je slaapt – en eet."), Related: []string{"https://voorbeeld.nl/lijst/stad"}},
		{IRI: "https://voorbeeld.nl/lijst/kamer", Notation: "kamer", Label: record.NL("kamer"), Broader: []string{"https://voorbeeld.nl/lijst/wonen"}, Deprecated: true},
		{IRI: "https://voorbeeld.nl/lijst/stad", Label: record.NL("stad"), Related: []string{"https://voorbeeld.nl/lijst/wonen"}},
	}}, {IRI: "urn:leeg", Label: record.NL("leeg")}}
}

func write(t *testing.T, f Format, ss []Scheme) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, f, ss); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWhatIsWrittenIsReadBackTheSame(t *testing.T) {
	want := told(&List{Concepts: schemes()[0].Concepts})
	for _, f := range []Format{Turtle, JSONLD} {
		l := read(t, f, string(write(t, f, schemes())))
		if got := told(l); !slices.Equal(got, want) || len(l.Bad)+len(l.LeftOut) > 0 {
			t.Errorf("%s:\n got %q %q\nwant %q", f, got, flaws(l.Bad), want)
		}
	}
	if err := Write(io.Discard, CBSLines, schemes()); err == nil {
		t.Error("lines of CBS were written")
	}
}

func nodeOf(n ld.Node) node {
	switch x := n.(type) {
	case ld.IRI:
		return node{kind: isIRI, value: x.Value}
	case ld.Literal:
		return node{kind: isLiteral, value: x.Value, language: x.Language}
	}
	return node{kind: isBlank, value: "_:" + n.GetValue()}
}

// statements are all those of a document, in one form.
func statements(t *testing.T, f Format, b []byte) []string {
	t.Helper()
	set := map[string]bool{}
	if f == JSONLD {
		document, err := ld.DocumentFromReader(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		options := ld.NewJsonLdOptions("")
		options.DocumentLoader = offline{}
		out, err := ld.NewJsonLdProcessor().ToRDF(document, options)
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range out.(*ld.RDFDataset).Graphs["@default"] {
			set[fmt.Sprint(q.Subject.GetValue(), " ", q.Predicate.GetValue(), " ", nodeOf(q.Object))] = true
		}
	} else {
		r := &turtleReader{in: string(b), prefixes: map[string]string{}, full: func() bool { return false },
			take: func(s node, p string, o node, _ int) { set[fmt.Sprint(s.value, " ", p, " ", o)] = true }}
		if err := r.document(); err != nil {
			t.Fatal(err)
		}
	}
	return slices.Sorted(maps.Keys(set))
}

func TestWhatIsDeprecatedIsABooleanInJSONLD(t *testing.T) {
	document, err := ld.DocumentFromReader(bytes.NewReader(write(t, JSONLD, schemes())))
	if err != nil {
		t.Fatal(err)
	}
	out, err := ld.NewJsonLdProcessor().ToRDF(document, nil)
	if err != nil {
		t.Fatal(err)
	}
	datatypes := map[string]int{}
	for _, q := range out.(*ld.RDFDataset).Graphs["@default"] {
		if l, ok := q.Object.(ld.Literal); ok {
			datatypes[l.Datatype]++
		}
	}
	if datatypes[nsXSD+"boolean"] != 1 || datatypes[nsXSD+"string"] != 2 || datatypes[nsRDF+"langString"] != 11 || len(datatypes) != 3 {
		t.Errorf("the literals are %v", datatypes)
	}
}

func TestTurtleAndJSONLDMakeTheSameStatements(t *testing.T) {
	turtle, jsonLD := statements(t, Turtle, write(t, Turtle, schemes())), statements(t, JSONLD, write(t, JSONLD, schemes()))
	if len(turtle) != 26 || !slices.Equal(turtle, jsonLD) {
		t.Errorf("%d statements in Turtle, %d in JSON-LD:\n%s\n\n%s", len(turtle), len(jsonLD), strings.Join(turtle, "\n"), strings.Join(jsonLD, "\n"))
	}
}

func TestTheTaxonomyOfCBSIsReadWhole(t *testing.T) {
	folder := os.Getenv("PLEIN_TESTDATA")
	if folder == "" {
		t.Skip("PLEIN_TESTDATA is not set: the taxonomy of CBS is not there")
	}
	f, err := os.Open(filepath.Join(folder, "thesauri/cbs_taxonomie.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	l, err := Read(f, CBSLines)
	if err != nil {
		t.Fatal(err)
	}
	labels := map[string]int{}
	for _, c := range l.Concepts {
		for language := range c.Label {
			labels[language]++
		}
	}
	if labels["nl"] != 3203 || labels["en"] != 3166 || len(l.Concepts) != 3204 || len(l.Bad)+len(l.LeftOut) > 0 {
		t.Errorf("%d concepts with labels %v; bad: %q, left out: %q", len(l.Concepts), labels, flaws(l.Bad), flaws(l.LeftOut))
	}
	// Through every format and back it stays what it is.
	for _, f := range []Format{Turtle, JSONLD} {
		back := read(t, f, string(write(t, f, []Scheme{{IRI: "urn:cbs", Concepts: l.Concepts}})))
		if got, want := told(back), told(l); !slices.Equal(got, want) {
			t.Errorf("%s gives %d concepts, not the same", f, len(got))
		}
	}
}

func FuzzReading(f *testing.F) {
	f.Add(example, 0)
	f.Add(`<urn:a> <urn:p> "x"@nl .`, 1)
	f.Add(`{"@context": {"@vocab": "http://www.w3.org/2004/02/skos/core#"}, "@id": "urn:a", "prefLabel": "x"}`, 2)
	f.Add(`{"uri": "urn:a", "pref_nl": ["x"]}`, 3)
	f.Fuzz(func(t *testing.T, text string, which int) {
		formats := []Format{Turtle, NTriples, JSONLD, CBSLines}
		l, err := Read(strings.NewReader(text), formats[uint(which)%4])
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range l.Concepts {
			if !record.IsIRI(c.IRI) || c.Label.In() == "" {
				t.Errorf("%+v is no concept", c)
			}
		}
		// Turtle that was read can be written and read again.
		s := []Scheme{{IRI: "urn:s", Concepts: l.Concepts}}
		for i := range s[0].Concepts {
			s[0].Concepts[i].Notation, s[0].Concepts[i].Broader, s[0].Concepts[i].Related = "", nil, nil
		}
		var b bytes.Buffer
		if err := Write(&b, Turtle, s); err != nil {
			t.Fatal(err)
		}
		back, err := Read(&b, Turtle)
		if err != nil || !slices.Equal(told(back), told(l)) {
			t.Errorf("read back %q %q\nwas %q", told(back), flaws(back.Bad), told(l))
		}
	})
}
