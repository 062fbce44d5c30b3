package skos

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/udc-community/plein/internal/record"
)

// Scheme is a vocabulary to write: its own address and name, and its concepts.
type Scheme struct {
	IRI      string
	Label    record.Text
	Concepts []Concept
}

// Write writes vocabularies as Turtle or JSON-LD; both say the same. The same vocabularies give the same bytes.
func Write(w io.Writer, f Format, schemes []Scheme) error {
	b := bufio.NewWriter(w)
	switch f {
	case Turtle:
		writeTurtle(b, schemes)
	case JSONLD:
		e := json.NewEncoder(b)
		e.SetIndent("", " ")
		e.SetEscapeHTML(false)
		if err := e.Encode(map[string]any{"@context": context(), "@graph": graphOf(schemes)}); err != nil {
			return fmt.Errorf("write the concepts: %w", err)
		}
	default:
		return fmt.Errorf("write the concepts: %q is not a format to write", f)
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("write the concepts: %w", err)
	}
	return nil
}

// entry is a concept or a scheme in JSON-LD, in the order in which a person reads it.
type entry struct {
	ID         string              `json:"id"`
	Type       string              `json:"type"`
	Notation   string              `json:"notation,omitempty"`
	PrefLabel  record.Text         `json:"prefLabel,omitempty"`
	AltLabel   map[string][]string `json:"altLabel,omitempty"`
	Definition record.Text         `json:"definition,omitempty"`
	InScheme   string              `json:"inScheme,omitempty"`
	Broader    []string            `json:"broader,omitempty"`
	Narrower   []string            `json:"narrower,omitempty"`
	Related    []string            `json:"related,omitempty"`
	Deprecated bool                `json:"deprecated,omitempty"`
}

func graphOf(schemes []Scheme) []entry {
	var out []entry
	for _, s := range schemes {
		out = append(out, entry{ID: s.IRI, Type: "ConceptScheme", PrefLabel: s.Label})
		narrower := narrowerIn(s)
		for _, c := range s.Concepts {
			out = append(out, entry{ID: c.IRI, Type: "Concept", Notation: c.Notation, PrefLabel: c.Label, AltLabel: c.Alternatives, Definition: c.Definition,
				InScheme: s.IRI, Broader: c.Broader, Narrower: narrower[c.IRI], Related: c.Related, Deprecated: c.Deprecated})
		}
	}
	return out
}

func narrowerIn(s Scheme) map[string][]string {
	out := map[string][]string{}
	for _, c := range s.Concepts {
		for _, b := range c.Broader {
			out[b] = append(out[b], c.IRI)
		}
	}
	return out
}

func writeTurtle(w *bufio.Writer, schemes []Scheme) {
	fmt.Fprintf(w, "@prefix skos: <%s> .\n@prefix owl: <%s> .\n", nsSKOS, nsOWL)
	for _, e := range graphOf(schemes) {
		fmt.Fprintf(w, "\n<%s> a skos:%s", e.ID, e.Type)
		literals(w, "notation", "", e.Notation)
		byLanguage(w, "prefLabel", e.PrefLabel)
		for _, l := range record.ConceptLanguages {
			literals(w, "altLabel", l, e.AltLabel[l]...)
		}
		byLanguage(w, "definition", e.Definition)
		links(w, "inScheme", e.InScheme)
		links(w, "broader", e.Broader...)
		links(w, "narrower", e.Narrower...)
		links(w, "related", e.Related...)
		if e.Deprecated {
			w.WriteString(" ;\n  owl:deprecated true")
		}
		w.WriteString(" .\n")
	}
}

func byLanguage(w *bufio.Writer, term string, t record.Text) {
	for _, l := range record.ConceptLanguages {
		literals(w, term, l, t[l])
	}
}

func literals(w *bufio.Writer, term string, l record.Language, values ...string) {
	before := fmt.Sprintf(" ;\n  skos:%s ", term)
	for _, v := range values {
		if v == "" {
			continue
		}
		fmt.Fprintf(w, `%s"%s"`, before, turtleEscapes.Replace(v))
		if l != "" {
			fmt.Fprintf(w, "@%s", l)
		}
		before = " , "
	}
}

// turtleEscapes are of what cannot stand between quotes as it is. Other control characters do not get into a concept.
var turtleEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`)

func links(w *bufio.Writer, term string, iris ...string) {
	before := fmt.Sprintf(" ;\n  skos:%s ", term)
	for _, iri := range iris {
		if iri != "" {
			fmt.Fprintf(w, "%s<%s>", before, iri)
			before = " , "
		}
	}
}
