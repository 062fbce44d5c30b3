package record

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// CCBY is the default licence of a record: Creative Commons Attribution 4.0.
var CCBY = ConceptIRI(License, "cc-by-4.0")

// Node is anything with an id of its own in the public contract.
type Node interface{ IsNode() }

// Concept is a term of a controlled vocabulary (SKOS). Its IRI is the same on every node; its id is made of scheme
// and notation.
type Concept struct {
	ID       string
	IRI      string
	Scheme   Scheme
	Notation string
	Label    Text
	// Alternatives are what else people call it, by language.
	Alternatives map[Language][]string
	Definition   Text
	BroaderIRI   string
	// RelatedIRIs are terms that have to do with it without being wider or narrower. One side is enough: Related gives
	// them from both.
	RelatedIRIs []string
	// Deprecated terms are not offered and not searched with, but what was said with them keeps its meaning.
	Deprecated bool
	// Level says how demanding a method is: 1 simple, 2 moderate, 3 advanced; 0 where it does not apply.
	Level int
	// Revision is the lock that an update takes; 1 is as it came.
	Revision int

	broader           *Concept
	narrower, related []*Concept
}

// IsNode marks what has an id of its own.
func (*Concept) IsNode() {}

const conceptPrefix = "con_"

// ConceptID is the id of the concept with this notation.
func ConceptID(scheme Scheme, notation string) string {
	return conceptPrefix + scheme.slug() + "." + notation
}

// IsConceptID tells whether an id is that of a concept.
func IsConceptID(id string) bool { return strings.HasPrefix(id, conceptPrefix) }

// ImportedNotation is the notation of an imported concept. Lists of different sources share a vocabulary and may use the
// same codes, so it is made of what tells their concepts apart everywhere: 26 characters for 128 bits of the SHA-256 of
// the IRI.
func ImportedNotation(iri string) string {
	sum := sha256.Sum256([]byte(iri))
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:16]))
}

// Broader is the wider term, or nil.
func (c *Concept) Broader() *Concept { return c.broader }

// Narrower are the terms that have this one as their wider term.
func (c *Concept) Narrower() []*Concept { return c.narrower }

// Related are the terms that this one names as related, and then those that name this one.
func (c *Concept) Related() []*Concept { return c.related }

// The bounds of a concept.
const (
	MaxTerm         = 200   // characters of a label or an alternative
	MaxDefinition   = 5_000 // characters
	MaxAlternatives = 50    // a language
	MaxRelated      = 50
	maxLevels       = 50 // wider concepts above each other
)

// ConceptLanguages are the languages in which Plein keeps the words of a vocabulary.
var ConceptLanguages = []Language{Dutch, English}

// Tidy trims texts and leaves out what says nothing: empty and repeated alternatives, those that equal the label, and
// links to itself.
func (c *Concept) Tidy() {
	c.Label, c.Definition = tidyText(c.Label, oneLine), tidyText(c.Definition, strings.TrimSpace)
	alternatives := map[Language][]string{}
	for l, list := range c.Alternatives {
		seen := map[string]bool{"": true, c.Label[l]: true}
		for _, s := range list {
			if s = oneLine(s); !seen[s] {
				seen[s] = true
				alternatives[l] = append(alternatives[l], s)
			}
		}
	}
	c.Alternatives = alternatives
	var related []string
	for _, iri := range c.RelatedIRIs {
		if iri != c.IRI && !slices.Contains(related, iri) {
			related = append(related, iri)
		}
	}
	c.RelatedIRIs = related
}

func tidyText(t Text, trim func(string) string) Text {
	out := Text{}
	for l, s := range t {
		if s = trim(s); s != "" {
			out[l] = s
		}
	}
	return out
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// Same tells whether two concepts say the same, whatever their revisions.
func (c *Concept) Same(x *Concept) bool {
	return c.ID == x.ID && c.IRI == x.IRI && c.Scheme == x.Scheme && c.Notation == x.Notation && maps.Equal(c.Label, x.Label) &&
		maps.EqualFunc(c.Alternatives, x.Alternatives, slices.Equal) && maps.Equal(c.Definition, x.Definition) && c.BroaderIRI == x.BroaderIRI &&
		slices.Equal(c.RelatedIRIs, x.RelatedIRIs) && c.Deprecated == x.Deprecated && c.Level == x.Level
}

// Check lists what is wrong with a concept among the others. It is meant for one that is tidy.
func (c *Concept) Check(vs *Vocabularies) Problems {
	var k checks
	if c.Label.In() == "" {
		k.add(missing("label"))
	}
	k.term(c.Label, MaxTerm, "label")
	k.term(c.Definition, MaxDefinition, "definition")
	k.alternatives(c.Alternatives)
	c.checkBroader(&k, vs)
	c.checkRelated(&k, vs)
	return k.found
}

// CheckNotation lists what is wrong with the notation of a new concept, which becomes a part of its address.
func (c *Concept) CheckNotation() Problems {
	switch {
	case c.Notation == "":
		return Problems{missing("notation")}
	case Slug(c.Notation) != c.Notation:
		return Problems{Wrong(Invalid, fmt.Sprintf("Gebruik in de code alleen kleine letters, cijfers en streepjes, hooguit %d.", maxSlug),
			fmt.Sprintf("Use only lower-case letters, digits and dashes in the notation, at most %d.", maxSlug), "notation")}
	}
	return nil
}

// Edited tells whether terms of this vocabulary can be changed on a node at all.
func (s Scheme) Edited() bool { return s == Thesaurus || s == PolicyDomain }

// Fixed lists what was changed of a concept and may not be: of a policy theme, which is the government's, only
// alternatives and related terms are Plein's to say, and other vocabularies are not edited at all.
func Fixed(old, c *Concept) Problems {
	var k checks
	switch c.Scheme {
	case Thesaurus:
	case PolicyDomain:
		k.fixed(maps.Equal(old.Label, c.Label), "label")
		k.fixed(maps.Equal(old.Definition, c.Definition), "definition")
		k.fixed(old.BroaderIRI == c.BroaderIRI, "broader")
		k.fixed(old.Deprecated == c.Deprecated, "isDeprecated")
	default:
		k.fixed(false, "id")
	}
	return k.found
}

func (c *checks) fixed(same bool, field string) {
	if !same {
		c.add(Wrong(NotAllowed, "Dit ligt vast: van de thesaurus is alles te wijzigen, van beleidsthema’s alleen alternatieven en verwante begrippen.",
			"This is fixed: of the thesaurus everything can be changed, of policy themes only alternatives and related concepts.", field))
	}
}

// term checks a text of a vocabulary, which exists in the languages that Plein speaks.
func (c *checks) term(t Text, limit int, field string) {
	for _, l := range t.Languages() {
		if !slices.Contains(ConceptLanguages, l) {
			c.add(noConceptLanguage(l, field))
			return
		}
	}
	c.text(t, limit, field)
}

func (c *checks) alternatives(by map[Language][]string) {
	for l, list := range by {
		switch {
		case !slices.Contains(ConceptLanguages, l):
			c.add(noConceptLanguage(l, "alternatives"))
			return
		case len(list) > MaxAlternatives:
			c.add(tooMany(MaxAlternatives, "alternatives"))
			return
		}
		for _, s := range list {
			before := len(c.found)
			if c.string(s, MaxTerm, "alternatives"); len(c.found) > before {
				return // one problem a field says enough
			}
		}
	}
}

func noConceptLanguage(l Language, field string) Problem {
	return Wrong(Invalid, "Begrippen staan hier in het Nederlands (nl) en het Engels (en), niet in "+quote(l)+".",
		"Concepts are kept in Dutch (nl) and English (en) here, not in "+quote(l)+".", field)
}

func (c *Concept) checkBroader(k *checks, vs *Vocabularies) {
	if c.BroaderIRI == "" {
		return
	}
	if b := vs.Concept(c.BroaderIRI); b == nil || b.Scheme != c.Scheme {
		k.add(unknownConcept(c.BroaderIRI, "broader"))
		return
	}
	switch above := vs.above(c.BroaderIRI); {
	case contains(above, c.IRI):
		k.add(Wrong(Invalid, "Dit begrip zou zo onder zichzelf vallen.", "The concept would be below itself this way.", "broader"))
	case len(above) > maxLevels:
		k.add(tooMany(maxLevels, "broader"))
	}
}

// relatable are the vocabularies whose terms can be related: those that searches are widened with.
var relatable = []Scheme{Thesaurus, PolicyDomain, Taxonomy}

func (c *Concept) checkRelated(k *checks, vs *Vocabularies) {
	if len(c.RelatedIRIs) > MaxRelated {
		k.add(tooMany(MaxRelated, "related"))
		return
	}
	for _, iri := range c.RelatedIRIs {
		switch r := vs.Concept(iri); {
		case r == nil || !slices.Contains(relatable, r.Scheme):
			k.add(unknownConcept(iri, "related"))
		case !c.MayRelate(vs, r):
			k.add(Wrong(Invalid, "Een begrip kan niet verwant zijn aan zijn eigen ruimere of engere begrip: "+quote(r.Label.In())+".",
				"A concept cannot be related to its own wider or narrower concept: "+quote(r.Label.In(English))+".", "related"))
		}
	}
}

// MayRelate tells whether none of two concepts is above the other: SKOS keeps those apart from related ones (S27).
func (c *Concept) MayRelate(vs *Vocabularies, x *Concept) bool {
	return !contains(vs.above(c.BroaderIRI), x.IRI) && !contains(vs.above(x.BroaderIRI), c.IRI)
}
