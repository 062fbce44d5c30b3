package skos

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/piprate/json-gold/ld"

	"github.com/udc-community/plein/internal/record"
)

// jsonLD reads a JSON-LD 1.1 document: what all its graphs say.
func (g *gatherer) jsonLD(b []byte) {
	var document any
	if err := json.Unmarshal(b, &document); err != nil {
		line := 0
		if e := new(json.SyntaxError); errors.As(err, &e) {
			line = 1 + lineBreaks(b, e.Offset)
		}
		g.broken(line, record.Wrong(record.Invalid, "Dit is geen JSON.", "This is not JSON."))
		return
	}
	options := ld.NewJsonLdOptions("")
	options.DocumentLoader = offline{}
	options.ProcessingMode = ld.JsonLd_1_1
	// Expanding is enough, and takes no more than the document is long. Making statements would compare each value of a
	// property with all others: hours for a million labels.
	nodes, err := ld.NewJsonLdProcessor().Expand(document, options)
	if err != nil {
		g.broken(0, notJSONLD(err))
		return
	}
	w := &walker{g: g}
	w.all(nodes)
}

// walker makes statements of an expanded document.
type walker struct {
	g      *gatherer
	blanks int
}

func (w *walker) all(values any) {
	list, _ := values.([]any)
	for _, v := range list {
		w.value(v)
	}
}

// value takes in what is said inside a value and gives the value itself.
func (w *walker) value(v any) node {
	m, ok := v.(map[string]any)
	if !ok {
		return node{kind: isBlank}
	}
	if value, literal := m["@value"]; literal {
		language, _ := m["@language"].(string)
		return node{kind: isLiteral, value: fmt.Sprint(value), language: language}
	}
	w.all(m["@list"])
	w.all(m["@graph"])
	w.all(m["@included"])
	s := w.name(m)
	types, _ := m["@type"].([]any)
	for _, t := range types {
		w.g.add(s, nsRDF+"type", node{kind: isIRI, value: fmt.Sprint(t)}, 0)
	}
	for _, property := range slices.Sorted(maps.Keys(m)) {
		values, _ := m[property].([]any)
		for _, v := range values {
			if property[0] != '@' && !w.g.Broken {
				w.g.add(s, property, w.value(v), 0)
			}
		}
	}
	reverse, _ := m["@reverse"].(map[string]any)
	for _, property := range slices.Sorted(maps.Keys(reverse)) {
		values, _ := reverse[property].([]any)
		for _, v := range values {
			w.g.add(w.value(v), property, s, 0)
		}
	}
	return s
}

func (w *walker) name(m map[string]any) node {
	id, _ := m["@id"].(string)
	switch {
	case id == "":
		w.blanks++
		return node{kind: isBlank, value: "_:[" + strconv.Itoa(w.blanks)}
	case strings.HasPrefix(id, "_:"):
		return node{kind: isBlank, value: id}
	}
	return node{kind: isIRI, value: id}
}

func lineBreaks(b []byte, before int64) (n int) {
	for _, c := range b[:min(int64(len(b)), before)] {
		if c == '\n' {
			n++
		}
	}
	return n
}

func notJSONLD(err error) record.Problem {
	var e *ld.JsonLdError
	if errors.As(err, &e) && e.Code == ld.LoadingRemoteContextFailed || errors.Is(err, errRemote) {
		return record.Wrong(record.Invalid, "Dit verwijst naar een @context elders. Plein haalt niets op: zet de @context in het bestand zelf.",
			"This points at an @context elsewhere. Plein fetches nothing: put the @context into the file itself.")
	}
	code := "?"
	if e != nil {
		code = string(e.Code)
	}
	return record.Wrong(record.Invalid, "Dit is geen geldige JSON-LD ("+code+").", "This is no valid JSON-LD ("+code+").")
}

// errRemote refuses to fetch a document.
var errRemote = errors.New("nothing is fetched")

// offline is a loader that knows one context, that of SKOS itself, and fetches nothing.
type offline struct{}

func (offline) LoadDocument(address string) (*ld.RemoteDocument, error) {
	switch address {
	case "http://www.w3.org/2004/02/skos/core", "https://www.w3.org/2004/02/skos/core", nsSKOS:
		return &ld.RemoteDocument{DocumentURL: address, Document: map[string]any{"@context": context()}}, nil
	}
	return nil, ld.NewJsonLdError(ld.LoadingRemoteContextFailed, errRemote)
}

// context is what the short names of SKOS in JSON-LD stand for; it is also the context of what Plein writes. It is made
// anew each time, because the processor may change what it is given.
func context() map[string]any {
	languages := func(term string) map[string]any {
		return map[string]any{"@id": "skos:" + term, "@container": "@language"}
	}
	links := func(term string) map[string]any { return map[string]any{"@id": "skos:" + term, "@type": "@id"} }
	return map[string]any{
		"skos": nsSKOS, "owl": nsOWL, "xsd": nsXSD, "id": "@id", "type": "@type",
		"Concept": "skos:Concept", "ConceptScheme": "skos:ConceptScheme",
		"prefLabel": languages("prefLabel"), "altLabel": languages("altLabel"), "hiddenLabel": languages("hiddenLabel"), "definition": languages("definition"),
		"broader": links("broader"), "narrower": links("narrower"), "related": links("related"), "inScheme": links("inScheme"),
		"notation": "skos:notation", "deprecated": map[string]any{"@id": "owl:deprecated", "@type": "xsd:boolean"},
	}
}
