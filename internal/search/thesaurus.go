package search

import (
	"slices"

	"github.com/udc-community/plein/internal/record"
)

// thesaurus finds concepts by what people call them.
type thesaurus struct {
	of        *record.Vocabularies
	languages languages
	// by language and terms
	concepts map[string][]*record.Concept
	// words is how many the longest label has.
	words int
}

// meant are the vocabularies in which words for things stand.
var meant = []record.Scheme{record.Thesaurus, record.PolicyDomain, record.TargetGroup, record.Taxonomy}

// longestLabel is how many words of a label count; longer ones nobody types.
const longestLabel = 5

// thesaurus is made again when the vocabularies may have changed.
func (x *Index) thesaurus() *thesaurus {
	ref := x.Catalog.Reference()
	if t := x.meaning.Load(); t != nil && t.of == ref.Vocabularies {
		return t
	}
	t := newThesaurus(ref, x.languages)
	x.meaning.Store(t)
	return t
}

func newThesaurus(ref *record.Reference, languages languages) *thesaurus {
	t := &thesaurus{of: ref.Vocabularies, languages: languages, concepts: map[string][]*record.Concept{}}
	for _, scheme := range meant {
		for _, c := range ref.Scheme(scheme) {
			if c.Deprecated {
				continue
			}
			for _, l := range languages {
				for _, label := range labels(c, l.code) {
					ts := l.analyzer.all(label)
					if key := l.code + joined(ts); len(ts) > 0 && len(ts) <= longestLabel && !slices.Contains(t.concepts[key], c) {
						t.concepts[key] = append(t.concepts[key], c)
						t.words = max(t.words, len(ts))
					}
				}
			}
		}
	}
	return t
}

// longest finds the longest row of words at the beginning that is a name of something.
func (t *thesaurus) longest(us []unit) (n int, found []*record.Concept) {
	limit := min(len(us), t.words)
	for i, u := range us[:limit] {
		if u.quoted {
			limit = i
			break
		}
	}
	for n := limit; n > 0; n-- {
		for l, of := range t.languages {
			var ts []*terms
			for _, u := range us[:n] {
				ts = append(ts, u.words[0].terms[l])
			}
			for _, c := range t.concepts[of.code+joined(ts)] {
				if !slices.Contains(found, c) {
					found = append(found, c)
				}
			}
		}
		if len(found) > 0 {
			return n, found
		}
	}
	return 0, nil
}

// meaning is something that the thesaurus has for a row of units, as from ≤ unit < to.
type meaning struct {
	from, to int
	relation Relation
	concept  *record.Concept
}

// meanings are what the thesaurus has for what was typed, the longest row of words first.
func (t *thesaurus) meanings(us []unit) []meaning {
	var out []meaning
	for i := 0; i < len(us); {
		n, concepts := t.longest(us[i:])
		add := func(relation Relation, cs ...*record.Concept) {
			for _, c := range cs {
				if c != nil && !c.Deprecated {
					out = append(out, meaning{i, i + n, relation, c})
				}
			}
		}
		for _, c := range concepts {
			add(Synonym, c)
			add(Narrower, c.Narrower()...)
			add(Related, c.Related()...)
			add(Broader, c.Broader())
		}
		i += max(n, 1)
	}
	return out
}
