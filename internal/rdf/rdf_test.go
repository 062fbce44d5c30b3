package rdf_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/piprate/json-gold/ld"

	"github.com/udc-community/plein/internal/rdf"
	"github.com/udc-community/plein/internal/skos"
)

var prefixes = []rdf.Prefix{{Name: "skos", IRI: "http://www.w3.org/2004/02/skos/core#"}, {Name: "owl", IRI: "http://www.w3.org/2002/07/owl#"},
	{Name: "xsd", IRI: "http://www.w3.org/2001/XMLSchema#"}}

func written(t *testing.T, f rdf.Format, nodes ...rdf.Node) string {
	t.Helper()
	var b bytes.Buffer
	w := rdf.NewWriter(&b, f, prefixes)
	for _, n := range nodes {
		if err := w.Write(n); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// statements are those of a document in JSON-LD, as canonical N-Quads.
func statements(t *testing.T, document string) string {
	t.Helper()
	read, err := ld.DocumentFromReader(strings.NewReader(document))
	if err != nil {
		t.Fatalf("%v: %s", err, document)
	}
	o := ld.NewJsonLdOptions("")
	o.Format, o.Algorithm = "application/n-quads", "URDNA2015"
	out, err := ld.NewJsonLdProcessor().Normalize(read, o)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(out)
}

func TestHostileTextsAreTextsInBothFormats(t *testing.T) {
	for _, text := range []string{`"`, `\`, `\\"`, "a\nb\r\tc", "\" .\n<urn:x> <urn:y> <urn:z> .", "</script>", "é€𝄞", "'''\"\"\"", "\\u0041", "a@nl", "x^^y", "[]{}()#;,."} {
		n := rdf.Node{IRI: "urn:a", Types: []string{"skos:Concept"}}
		n.Say("skos:prefLabel", rdf.Text("naam", "nl"))
		n.Say("skos:definition", rdf.Text(text, "nl"))
		for format, f := range map[rdf.Format]skos.Format{rdf.Turtle: skos.Turtle, rdf.JSONLD: skos.JSONLD} {
			out := written(t, format, n)
			l, err := skos.Read(strings.NewReader(out), f)
			if err != nil || len(l.Concepts) != 1 || l.Broken {
				t.Fatalf("%q as %s: %v %+v\n%s", text, format, err, l, out)
			}
			// A concept has its words on one line.
			if want := strings.Join(strings.Fields(text), " "); l.Concepts[0].Definition["nl"] != want {
				t.Errorf("%q as %s is read as %q", text, format, l.Concepts[0].Definition["nl"])
			}
		}
	}
}

func TestAnAddressCannotEndItsBrackets(t *testing.T) {
	n := rdf.Node{IRI: "https://a.nl/<x> y", Types: []string{"skos:Concept"}}
	n.Say("skos:related", rdf.IRI("https://a.nl/> .\n<urn:x> <urn:y> <urn:z> . <{|}\\^`\"\xff"))
	want := "<https://a.nl/%3E%20.%0A%3Curn:x%3E%20%3Curn:y%3E%20%3Curn:z%3E%20.%20%3C%7B%7C%7D%5C%5E%60%22%FF>"
	if out := written(t, rdf.Turtle, n); !strings.Contains(out, "\n<https://a.nl/%3Cx%3E%20y> a skos:Concept ;\n  skos:related "+want+" .\n") {
		t.Errorf("it is\n%s", out)
	}
	if out := statements(t, written(t, rdf.JSONLD, n)); !strings.Contains(out, want) || strings.Count(out, "\n") != 2 {
		t.Errorf("it is\n%s", out)
	}
}

func TestWhatIsSaidTwiceIsOneProperty(t *testing.T) {
	n := rdf.Node{IRI: "urn:a"}
	n.Say("skos:altLabel", rdf.Text("een", "nl"))
	n.Say("owl:deprecated", rdf.True)
	n.Say("skos:altLabel", rdf.Text("twee", "nl"), rdf.Text("kaal", ""))
	n.Say("skos:notation", rdf.Typed("2017-12", "xsd:gYearMonth"))
	n.Say("skos:broader")
	want := `<urn:a> <http://www.w3.org/2002/07/owl#deprecated> "true"^^<http://www.w3.org/2001/XMLSchema#boolean> .
<urn:a> <http://www.w3.org/2004/02/skos/core#altLabel> "een"@nl .
<urn:a> <http://www.w3.org/2004/02/skos/core#altLabel> "kaal" .
<urn:a> <http://www.w3.org/2004/02/skos/core#altLabel> "twee"@nl .
<urn:a> <http://www.w3.org/2004/02/skos/core#notation> "2017-12"^^<http://www.w3.org/2001/XMLSchema#gYearMonth> .
`
	if got := statements(t, written(t, rdf.JSONLD, n)); got != want {
		t.Errorf("JSON-LD says\n%s", got)
	}
	if got := written(t, rdf.Turtle, n); !strings.HasSuffix(got, "\n<urn:a> skos:altLabel \"een\"@nl , \"twee\"@nl , \"kaal\" ;\n  owl:deprecated true ;\n  skos:notation \"2017-12\"^^xsd:gYearMonth .\n") {
		t.Errorf("Turtle says\n%s", got)
	}
}

func TestAGraphHasTheNameOfItsNode(t *testing.T) {
	inner := rdf.Node{IRI: "urn:b", Types: []string{"skos:Concept"}}
	n := rdf.Node{IRI: "urn:a", Types: []string{"skos:Collection"}, Graph: []rdf.Node{inner}}
	want := `<urn:a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/2004/02/skos/core#Collection> .
<urn:b> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/2004/02/skos/core#Concept> <urn:a> .
`
	if got := statements(t, written(t, rdf.JSONLD, n, rdf.Node{IRI: "urn:c"})); got != want {
		t.Errorf("it says\n%s", got)
	}
	if err := rdf.NewWriter(new(bytes.Buffer), rdf.Turtle, prefixes).Write(n); err == nil {
		t.Error("Turtle was given a graph")
	}
}

func TestADocumentAboutNothingIsOne(t *testing.T) {
	if got := statements(t, written(t, rdf.JSONLD)); got != "" {
		t.Errorf("it says %s", got)
	}
	if l, err := skos.Read(strings.NewReader(written(t, rdf.Turtle)), skos.Turtle); err != nil || l.Broken {
		t.Errorf("%v %+v", err, l)
	}
}
