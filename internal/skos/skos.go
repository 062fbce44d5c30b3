// Package skos reads lists of concepts that others made and writes Plein's own, in the W3C's Simple Knowledge
// Organization System: Turtle, N-Triples, JSON-LD, and the JSON lines in which the taxonomy of CBS goes round. What it
// reads is hostile: it is bounded in size, never fetches anything, and what cannot be used is told with its line.
package skos

import (
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/udc-community/plein/internal/record"
)

// Concept is a concept as a list tells it. Links are IRIs and may point outside the list.
type Concept struct {
	IRI string
	// Line of the file that tells of it first; 0 in JSON-LD, where lines say nothing.
	Line     int
	Notation string
	// Label, Alternatives and Definition are in the languages of record.ConceptLanguages. Words without a language count
	// as Dutch where there are no Dutch ones. Hidden labels, which are meant for searching, are alternatives.
	Label        record.Text
	Alternatives map[record.Language][]string
	Definition   record.Text
	// Broader are the wider concepts in the order of the file, also those that name this one as narrower.
	Broader, Related []string
	Deprecated       bool
}

// Flaw is what a file has that could not be taken over.
type Flaw struct {
	Line    int
	IRI     string
	Problem record.Problem
}

// List is what was read of a file.
type List struct {
	Concepts []Concept
	// Bad are lines and concepts that could not be read at all; LeftOut is what was left out of concepts that could.
	Bad, LeftOut []Flaw
	// Broken tells that reading ended before the end of the file, at the last of Bad.
	Broken bool
}

// Format is how a list of concepts is written down.
type Format string

// Formats. CBSLines can only be read, and only Turtle and JSONLD are written.
const (
	Turtle   Format = "turtle"
	NTriples Format = "ntriples"
	JSONLD   Format = "jsonld"
	CBSLines Format = "cbs"
)

// The bounds of a file.
const (
	MaxBytes    = 64 << 20
	MaxConcepts = 20_000
	maxFlaws    = 1_000
)

// Read reads a list. It fails only when r does, or holds more than MaxBytes; whatever is wrong with the list is in what
// it gives.
func Read(r io.Reader, f Format) (*List, error) {
	b, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read the concepts: %w", err)
	}
	if len(b) > MaxBytes {
		return nil, record.Problems{record.Wrong(record.TooLong, "Dit bestand is te groot: hooguit 64 MiB.", "This file is too large: at most 64 MiB.")}
	}
	g := &gatherer{bySubject: map[string]*found{}}
	switch {
	case f == NTriples:
		g.lines(b, g.triples)
	case f == CBSLines:
		g.lines(b, g.cbs)
	case !utf8.Valid(b):
		g.broken(0, notUTF8())
	case f == Turtle:
		g.turtle(string(b))
	case f == JSONLD:
		g.jsonLD(b)
	default:
		return nil, fmt.Errorf("read the concepts: there is no format %q", f)
	}
	g.finish()
	return &g.List, nil
}

func notUTF8() record.Problem {
	return record.Wrong(record.Invalid, "Dit is geen UTF-8.", "This is not UTF-8.")
}

// kinds of terms.
type kind int

const (
	isIRI kind = iota
	isBlank
	isLiteral
)

// node is a term of a statement.
type node struct {
	kind  kind
	value string
	// language of a literal, as written.
	language string
}

// found is a subject of statements that matter.
type found struct {
	Concept
	concept, other bool // what its types say
	blank          bool
	tooMany        map[record.Language]int
	said           map[string]bool
}

// gatherer makes concepts of statements in any order.
type gatherer struct {
	List
	bySubject map[string]*found
	subjects  []*found
}

func (g *gatherer) bad(line int, iri string, p record.Problem) {
	g.Bad = append(g.Bad, Flaw{line, iri, p})
	if len(g.Bad) == maxFlaws {
		g.Broken = true
	}
}

func (g *gatherer) broken(line int, p record.Problem) {
	g.Bad = append(g.Bad, Flaw{Line: line, Problem: p})
	g.Broken = true
}

func (g *gatherer) leftOut(f *found, p record.Problem) {
	if len(g.LeftOut) < maxFlaws {
		g.LeftOut = append(g.LeftOut, Flaw{f.Line, f.IRI, p})
	}
}

// The vocabularies that lists of concepts are written in.
const (
	nsSKOS = "http://www.w3.org/2004/02/skos/core#"
	nsRDF  = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	nsOWL  = "http://www.w3.org/2002/07/owl#"
	nsXSD  = "http://www.w3.org/2001/XMLSchema#"
)

// add takes in one statement.
func (g *gatherer) add(s node, predicate string, o node, line int) {
	switch predicate {
	case nsSKOS + "narrower": // said from the other side
		if o.kind == isIRI && s.kind == isIRI {
			g.add(o, nsSKOS+"broader", s, line)
		}
		return
	case nsRDF + "type", nsSKOS + "prefLabel", nsSKOS + "altLabel", nsSKOS + "hiddenLabel", nsSKOS + "definition",
		nsSKOS + "broader", nsSKOS + "related", nsSKOS + "notation", nsOWL + "deprecated":
	default:
		return
	}
	f := g.subject(s, line)
	if f == nil {
		return
	}
	switch predicate {
	case nsRDF + "type":
		switch o.value {
		case nsSKOS + "Concept":
			f.concept = true
		case nsSKOS + "ConceptScheme", nsSKOS + "Collection", nsSKOS + "OrderedCollection":
			f.other = true
		}
	case nsSKOS + "prefLabel":
		g.label(f, o)
	case nsSKOS + "altLabel", nsSKOS + "hiddenLabel":
		g.alternative(f, o)
	case nsSKOS + "definition":
		g.definition(f, o)
	case nsSKOS + "broader":
		f.Broader = g.link(f, f.Broader, o)
	case nsSKOS + "related":
		f.Related = g.link(f, f.Related, o)
	case nsSKOS + "notation":
		if o.kind == isLiteral && f.Notation == "" {
			f.Notation = o.value
		}
	case nsOWL + "deprecated":
		f.Deprecated = o.kind == isLiteral && (o.value == "true" || o.value == "1")
	}
}

// subject is what is known so far of a subject; nil when there are too many.
func (g *gatherer) subject(s node, line int) *found {
	if f := g.bySubject[s.value]; f != nil {
		return f
	}
	// Other subjects than concepts, such as collections, take no more room than these.
	if len(g.subjects) == 2*MaxConcepts {
		g.broken(line, tooManyConcepts())
		return nil
	}
	f := &found{Concept: Concept{IRI: s.value, Line: line}, blank: s.kind == isBlank, tooMany: map[record.Language]int{}, said: map[string]bool{}}
	g.bySubject[s.value] = f
	g.subjects = append(g.subjects, f)
	return f
}

func tooManyConcepts() record.Problem {
	return record.Wrong(record.TooMany, fmt.Sprintf("Dit zijn er te veel: hooguit %d begrippen.", MaxConcepts), fmt.Sprintf("These are too many: at most %d concepts.", MaxConcepts))
}
