// Package rdf writes statements (RDF 1.1) about things as Turtle or JSON-LD. It writes one thing after the other and
// remembers none of them, so that a document may be longer than memory. Both formats say the same, and the same things
// give the same bytes.
package rdf

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Format of a document.
type Format string

// Formats.
const (
	Turtle Format = "turtle"
	JSONLD Format = "jsonld"
)

// Prefix is a short name of a namespace, without its colon.
type Prefix struct{ Name, IRI string }

// Node is a thing and what is said of it. Types, properties and datatypes are short names of the document's prefixes,
// such as dct:title, and are written as they are: they are never anybody's input.
type Node struct {
	IRI        string
	Types      []string
	Properties []Property
	// Graph are statements in a graph that has the name of the node (JSON-LD only).
	Graph []Node
}

// Property is a property with its values. A node has each property once.
type Property struct {
	Name   string
	Values []Value
}

// Say adds values to a property of the node; without values it says nothing.
func (n *Node) Say(name string, values ...Value) {
	if len(values) == 0 {
		return
	}
	for i := range n.Properties {
		if n.Properties[i].Name == name {
			n.Properties[i].Values = append(n.Properties[i].Values, values...)
			return
		}
	}
	n.Properties = append(n.Properties, Property{name, values})
}

type kind int

const (
	isIRI kind = iota
	isText
	isTyped
	isTrue
)

// Value of a property.
type Value struct {
	kind      kind
	text, tag string
}

// True is the boolean.
var True = Value{kind: isTrue}

// IRI is something with an address. What no address may hold (RFC 3987) is percent-encoded.
func IRI(s string) Value { return Value{kind: isIRI, text: clean(s)} }

// Text is a literal in a language, or in none.
func Text(s, language string) Value {
	return Value{kind: isText, text: strings.ToValidUTF8(s, "\uFFFD"), tag: language}
}

// Texts are the languages that a text has, of those that are asked for and in their order.
func Texts(t map[string]string, languages ...string) []Value {
	var out []Value
	for _, l := range languages {
		if s := t[l]; s != "" {
			out = append(out, Text(s, l))
		}
	}
	return out
}

// IRIs are several addresses.
func IRIs(all ...string) []Value {
	out := make([]Value, len(all))
	for i, s := range all {
		out[i] = IRI(s)
	}
	return out
}

// Typed is a literal with a datatype, such as xsd:date.
func Typed(s, datatype string) Value {
	return Value{kind: isTyped, text: strings.ToValidUTF8(s, "\uFFFD"), tag: datatype}
}

// clean is an address as IRIs have it.
func clean(s string) string {
	bad := func(r rune) bool {
		return r <= ' ' || r == 0x7F || r == utf8.RuneError || strings.ContainsRune("<>\"{}|\\^`", r)
	}
	if !strings.ContainsFunc(s, bad) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if bad(r) {
			for _, c := range []byte(s[i : i+size]) {
				fmt.Fprintf(&b, "%%%02X", c)
			}
		} else {
			b.WriteString(s[i : i+size])
		}
		i += size
	}
	return b.String()
}

// Writer writes a document.
type Writer struct {
	out      io.Writer
	format   Format
	prefixes []Prefix
	begun    bool
	// line is written over and over.
	line []byte
}

// NewWriter makes a writer of one document. Nothing is written before the first node.
func NewWriter(out io.Writer, f Format, prefixes []Prefix) *Writer {
	return &Writer{out: out, format: f, prefixes: prefixes}
}

// Write writes what is said of some things.
func (w *Writer) Write(nodes ...Node) error {
	for _, n := range nodes {
		w.line = w.line[:0]
		switch {
		case w.format == Turtle && n.Graph != nil:
			return fmt.Errorf("write %s: Turtle has no graphs", n.IRI)
		case w.format == Turtle:
			if !w.begun {
				w.turtleHead()
			}
			w.turtle(n)
		default:
			if w.begun {
				w.line = append(w.line, ',', '\n')
			} else {
				w.jsonHead()
			}
			w.jsonNode(n)
		}
		w.begun = true
		if err := w.flush(); err != nil {
			return err
		}
	}
	return nil
}

// Close writes the end of the document. It does not close what is written to.
func (w *Writer) Close() error {
	w.line = w.line[:0]
	switch {
	case w.format == Turtle && !w.begun:
		w.turtleHead()
	case w.format == JSONLD:
		if !w.begun {
			w.jsonHead()
		}
		w.line = append(w.line, "\n]}\n"...)
	}
	return w.flush()
}

func (w *Writer) flush() error {
	if _, err := w.out.Write(w.line); err != nil {
		return fmt.Errorf("write statements: %w", err)
	}
	return nil
}
