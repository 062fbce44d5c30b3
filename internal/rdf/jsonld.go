package rdf

import (
	"encoding/json"
	"strconv"
)

// jsonHead begins a document that has its context inside: nobody has to fetch anything to read it.
func (w *Writer) jsonHead() {
	w.line = append(w.line, `{"@context": {`...)
	for i, p := range w.prefixes {
		if i > 0 {
			w.line = append(w.line, ", "...)
		}
		w.string(p.Name)
		w.line = append(w.line, ": "...)
		w.string(p.IRI)
	}
	w.line = append(w.line, "},\n\"@graph\": [\n"...)
}

func (w *Writer) jsonNode(n Node) {
	w.line = append(w.line, `{"@id": `...)
	w.string(clean(n.IRI))
	if len(n.Types) > 0 {
		w.line = append(w.line, `, "@type": `...)
		w.list(len(n.Types), func(i int) { w.string(n.Types[i]) })
	}
	for _, p := range n.Properties {
		w.line = append(w.line, ",\n "...)
		w.string(p.Name)
		w.line = append(w.line, ": "...)
		w.list(len(p.Values), func(i int) { w.jsonValue(p.Values[i]) })
	}
	if n.Graph != nil {
		w.line = append(w.line, ",\n \"@graph\": ["...)
		for i, x := range n.Graph {
			if i > 0 {
				w.line = append(w.line, ',')
			}
			w.line = append(w.line, '\n')
			w.jsonNode(x)
		}
		w.line = append(w.line, ']')
	}
	w.line = append(w.line, '}')
}

// list writes one value as it is, and several between brackets.
func (w *Writer) list(n int, write func(i int)) {
	if n != 1 {
		w.line = append(w.line, '[')
	}
	for i := range n {
		if i > 0 {
			w.line = append(w.line, ", "...)
		}
		write(i)
	}
	if n != 1 {
		w.line = append(w.line, ']')
	}
}

func (w *Writer) jsonValue(v Value) {
	switch v.kind {
	case isIRI:
		w.line = append(w.line, `{"@id": `...)
		w.string(v.text)
	case isTrue:
		w.line = append(w.line, "true"...)
		return
	default:
		if v.tag == "" {
			w.string(v.text)
			return
		}
		w.line = append(w.line, `{"@value": `...)
		w.string(v.text)
		if v.kind == isTyped {
			w.line = append(w.line, `, "@type": `...)
		} else {
			w.line = append(w.line, `, "@language": `...)
		}
		w.string(v.tag)
	}
	w.line = append(w.line, '}')
}

// string writes a text as JSON has it. A plain one, as most are, needs no encoder.
func (w *Writer) string(s string) {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= 0x7F {
			b, err := json.Marshal(s)
			if err != nil {
				b = strconv.AppendQuote(nil, s) // a text always encodes
			}
			w.line = append(w.line, b...)
			return
		}
	}
	w.line = append(w.line, '"')
	w.line = append(w.line, s...)
	w.line = append(w.line, '"')
}
