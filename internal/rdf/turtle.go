package rdf

import "strings"

func (w *Writer) turtleHead() {
	for _, p := range w.prefixes {
		w.line = append(w.line, "@prefix "...)
		w.line = append(w.line, p.Name...)
		w.line = append(w.line, ": <"...)
		w.line = append(w.line, p.IRI...)
		w.line = append(w.line, "> .\n"...)
	}
}

// turtle writes a node as the statements of one subject. A node of which nothing is said is no statement.
func (w *Writer) turtle(n Node) {
	if len(n.Types) == 0 && len(n.Properties) == 0 {
		return
	}
	w.line = append(w.line, "\n<"...)
	w.line = append(w.line, clean(n.IRI)...)
	w.line = append(w.line, '>')
	between := " "
	if len(n.Types) > 0 {
		w.line = append(w.line, " a "...)
		w.line = append(w.line, strings.Join(n.Types, " , ")...)
		between = " ;\n  "
	}
	for _, p := range n.Properties {
		w.line = append(w.line, between...)
		w.line = append(w.line, p.Name...)
		for i, v := range p.Values {
			if i > 0 {
				w.line = append(w.line, " ,"...)
			}
			w.line = append(w.line, ' ')
			w.turtleValue(v)
		}
		between = " ;\n  "
	}
	w.line = append(w.line, " .\n"...)
}

func (w *Writer) turtleValue(v Value) {
	switch v.kind {
	case isIRI:
		w.line = append(w.line, '<')
		w.line = append(w.line, v.text...)
		w.line = append(w.line, '>')
		return
	case isTrue:
		w.line = append(w.line, "true"...)
		return
	}
	w.line = append(w.line, '"')
	for i := range len(v.text) {
		switch c := v.text[i]; c {
		case '"', '\\':
			w.line = append(w.line, '\\', c)
		case '\n':
			w.line = append(w.line, `\n`...)
		case '\r':
			w.line = append(w.line, `\r`...)
		case '\t':
			w.line = append(w.line, `\t`...)
		default:
			if c < ' ' || c == 0x7F { // readers differ in whether they take these as they are
				const hex = "0123456789ABCDEF"
				w.line = append(w.line, `\u00`...)
				w.line = append(w.line, hex[c>>4], hex[c&15])
				continue
			}
			w.line = append(w.line, c)
		}
	}
	w.line = append(w.line, '"')
	switch {
	case v.kind == isTyped:
		w.line = append(w.line, "^^"...)
		w.line = append(w.line, v.tag...)
	case v.tag != "":
		w.line = append(w.line, '@')
		w.line = append(w.line, v.tag...)
	}
}
