package skos

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"github.com/udc-community/plein/internal/rdf"
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
		out := rdf.NewWriter(b, rdf.Turtle, []rdf.Prefix{{Name: "skos", IRI: nsSKOS}, {Name: "owl", IRI: nsOWL}})
		for _, e := range graphOf(schemes) {
			if err := out.Write(e.inTurtle()); err != nil {
				return err
			}
		}
		if err := out.Close(); err != nil {
			return err
		}
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

// inTurtle says of an entry what its JSON-LD says.
func (e entry) inTurtle() rdf.Node {
	n := rdf.Node{IRI: e.ID, Types: []string{"skos:" + e.Type}}
	if e.Notation != "" {
		n.Say("skos:notation", rdf.Text(e.Notation, ""))
	}
	n.Say("skos:prefLabel", rdf.Texts(e.PrefLabel, record.ConceptLanguages...)...)
	for _, l := range record.ConceptLanguages {
		for _, a := range e.AltLabel[l] {
			n.Say("skos:altLabel", rdf.Text(a, l))
		}
	}
	n.Say("skos:definition", rdf.Texts(e.Definition, record.ConceptLanguages...)...)
	if e.InScheme != "" {
		n.Say("skos:inScheme", rdf.IRI(e.InScheme))
	}
	n.Say("skos:broader", rdf.IRIs(e.Broader...)...)
	n.Say("skos:narrower", rdf.IRIs(e.Narrower...)...)
	n.Say("skos:related", rdf.IRIs(e.Related...)...)
	if e.Deprecated {
		n.Say("owl:deprecated", rdf.True)
	}
	return n
}
