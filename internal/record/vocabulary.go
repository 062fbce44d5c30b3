package record

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// Scheme names a controlled vocabulary.
type Scheme string

// The vocabularies.
const (
	PolicyDomain  Scheme = "POLICY_DOMAIN"
	TargetGroup   Scheme = "TARGET_GROUP"
	Method        Scheme = "METHOD"
	GeoLevel      Scheme = "GEO_LEVEL"
	AccessRoute   Scheme = "ACCESS_ROUTE"
	TeamRole      Scheme = "TEAM_ROLE"
	Skill         Scheme = "SKILL"
	OutputKind    Scheme = "OUTPUT_KIND"
	PolicyUseKind Scheme = "POLICY_USE_KIND"
	EmbargoGround Scheme = "EMBARGO_GROUND"
	License       Scheme = "LICENSE"
	StopReason    Scheme = "STOP_REASON"
	// Thesaurus is Plein's own list of words that UDCs use for the same thing; it is edited.
	Thesaurus Scheme = "THESAURUS"
	// Taxonomy holds the lists of others that were imported here, such as that of CBS; they are not edited.
	Taxonomy Scheme = "TAXONOMY"
)

// Schemes in the order of the public contract.
var Schemes = []Scheme{PolicyDomain, TargetGroup, Method, GeoLevel, AccessRoute, TeamRole, Skill, OutputKind, PolicyUseKind, EmbargoGround, License, StopReason, Thesaurus, Taxonomy}

// Namespace is where the terms of Plein's own vocabularies, and the steps of its starter template, have their fixed
// IRIs. It does not follow a node's base URL: a method is the same method on every node.
const Namespace = "https://udc-community.github.io/plein/def/"

// IRI is the address of a vocabulary; that of each of its own terms begins with it.
func (s Scheme) IRI() string { return Namespace + s.slug() }

func (s Scheme) slug() string { return strings.ReplaceAll(strings.ToLower(string(s)), "_", "-") }

// ConceptIRI is the IRI of a term of one of Plein's own vocabularies.
func ConceptIRI(scheme Scheme, notation string) string { return scheme.IRI() + "/" + notation }

// Vocabularies are all concepts as they stood at one moment, bound to each other. They are immutable, and as long as no
// concept changes every Reference has the same.
type Vocabularies struct {
	concepts map[string]*Concept // by IRI and by id
	schemes  map[Scheme][]*Concept
	terms    func() []term // sorted when they are first asked for
}

// NewVocabularies builds the snapshot of concepts that are nobody else's; those of a vocabulary are in the order in which
// they will be listed.
func NewVocabularies(cs []*Concept) *Vocabularies {
	v := &Vocabularies{concepts: make(map[string]*Concept, 2*len(cs)), schemes: map[Scheme][]*Concept{}}
	v.terms = sync.OnceValue(v.sortTerms)
	for _, c := range cs {
		c.broader, c.narrower, c.related = nil, nil, nil
		v.concepts[c.IRI], v.concepts[c.ID] = c, c
		v.schemes[c.Scheme] = append(v.schemes[c.Scheme], c)
	}
	// The lists of others have no order of their own here.
	v.schemes[Taxonomy] = byLabel(v.schemes[Taxonomy])
	for _, list := range v.schemes {
		for _, c := range list {
			if b := v.concepts[c.BroaderIRI]; b != nil && b.Scheme == c.Scheme {
				c.broader, b.narrower = b, append(b.narrower, c)
			}
		}
	}
	for _, c := range cs {
		for _, iri := range c.RelatedIRIs {
			if x := v.concepts[iri]; x != nil && x != c && !slices.Contains(c.related, x) {
				c.related = append(c.related, x)
			}
		}
	}
	named := make([]int, len(cs))
	for i, c := range cs {
		named[i] = len(c.related)
	}
	for i, c := range cs {
		for _, x := range c.related[:named[i]] {
			if !slices.Contains(x.RelatedIRIs, c.IRI) {
				x.related = append(x.related, c)
			}
		}
	}
	return v
}

// with are the vocabularies with more concepts.
func (v *Vocabularies) with(cs []*Concept) *Vocabularies {
	var all []*Concept
	for _, s := range Schemes {
		for _, c := range v.schemes[s] {
			mine := *c
			all = append(all, &mine)
		}
	}
	return NewVocabularies(append(all, cs...))
}

// Concept by IRI or id; nil when unknown.
func (v *Vocabularies) Concept(iri string) *Concept { return v.concepts[iri] }

// Concepts by IRI; unknown ones are left out.
func (v *Vocabularies) Concepts(iris []string) []*Concept {
	out := make([]*Concept, 0, len(iris))
	for _, iri := range iris {
		if c := v.concepts[iri]; c != nil {
			out = append(out, c)
		}
	}
	return out
}

// Scheme lists the terms of a vocabulary.
func (v *Vocabularies) Scheme(s Scheme) []*Concept { return v.schemes[s] }

// above lists a concept and those that are wider and wider, not further than a concept may have them above it: what
// somebody sent may go in a circle.
func (v *Vocabularies) above(iri string) []*Concept {
	var out []*Concept
	for c := v.Concept(iri); c != nil && len(out) <= maxLevels; c = v.Concept(c.BroaderIRI) {
		out = append(out, c)
	}
	return out
}

func contains(cs []*Concept, iri string) bool {
	return slices.ContainsFunc(cs, func(c *Concept) bool { return c.IRI == iri })
}

// byLabel sorts concepts by what people call them; the id decides between equals.
func byLabel(cs []*Concept) []*Concept {
	keys := make(map[*Concept]string, len(cs))
	for _, c := range cs {
		keys[c] = Fold(c.Label.In())
	}
	out := slices.Clone(cs)
	slices.SortFunc(out, func(a, b *Concept) int { return cmp.Or(cmp.Compare(keys[a], keys[b]), cmp.Compare(a.ID, b.ID)) })
	return out
}

// term is a concept with all names by which it is looked up, folded.
type term struct {
	names   []string
	concept *Concept
}

// TermsFrom are the concepts of the thesaurus and the imported lists, as far as they are in these vocabularies, with a
// label or alternative in any language that begins with prefix; in alphabetical order.
func (v *Vocabularies) TermsFrom(prefix string, schemes ...Scheme) []*Concept {
	p := Fold(strings.TrimSpace(prefix))
	var out []*Concept
	for _, t := range v.terms() {
		if slices.Contains(schemes, t.concept.Scheme) && slices.ContainsFunc(t.names, func(n string) bool { return strings.HasPrefix(n, p) }) {
			out = append(out, t.concept)
		}
	}
	return out
}

func (v *Vocabularies) sortTerms() []term {
	cs := byLabel(slices.Concat(v.schemes[Thesaurus], v.schemes[Taxonomy]))
	out := make([]term, len(cs))
	for i, c := range cs {
		out[i].concept = c
		for _, label := range c.Label {
			out[i].names = append(out[i].names, Fold(label))
		}
		for _, list := range c.Alternatives {
			for _, a := range list {
				out[i].names = append(out[i].names, Fold(a))
			}
		}
	}
	return out
}
