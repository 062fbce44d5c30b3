package search

import (
	"slices"

	"github.com/udc-community/plein/internal/record"
)

// Analysis shows what searching makes of texts, without an index.
type Analysis struct {
	languages []*language
	thesaurus *thesaurus
}

// NewAnalysis uses the thesaurus in the reference data.
func NewAnalysis(ref *record.Reference) *Analysis {
	languages := newLanguages()
	return &Analysis{languages, newThesaurus(ref, languages)}
}

// Token is a word of a text and what the index holds of it.
type Token struct {
	// Text is the word as it stands, from byte Start to byte End.
	Text  string `json:"text"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	// Term is its stem; empty for a stop word. Parts are the stems of the words that a compound is made of, Within those
	// of compounds that it begins and ends with.
	Term   string   `json:"term,omitempty"`
	Parts  []string `json:"parts,omitempty"`
	Within []string `json:"within,omitempty"`
}

// Meaning is what the thesaurus has for a row of words.
type Meaning struct {
	// Words are the words of the text.
	Words    string   `json:"words"`
	Relation Relation `json:"relation"`
	// Concept is the address of the term, Labels are its names in Dutch and English.
	Concept string   `json:"concept"`
	Labels  []string `json:"labels"`
}

// Tokens are the words of a text in a language, Dutch unless it is one that has an analysis of its own.
func (a *Analysis) Tokens(text, code string) []Token {
	l := a.languages[0]
	for _, x := range a.languages {
		if x.code == code {
			l = x
		}
	}
	out := []Token{}
	eachWord(text, func(w string, start, end int) {
		token := Token{Text: w, Start: start, End: end}
		if t := l.analyzer.terms(w); t != nil {
			token.Term = string(t.whole)
			for _, p := range t.parts {
				token.Parts = append(token.Parts, string(p[1:]))
			}
			for _, p := range t.within {
				token.Within = append(token.Within, string(p[1:]))
			}
		}
		out = append(out, token)
	})
	return out
}

// Meanings are what a search for a text looks for besides its words.
func (a *Analysis) Meanings(text string) ([]Meaning, error) {
	x := &Index{languages: a.languages}
	q, err := x.parse(text)
	if err != nil {
		return nil, err
	}
	out := []Meaning{}
	for i := 0; i < len(q.units); {
		n, concepts := a.thesaurus.longest(q.units[i:])
		if n == 0 {
			i++
			continue
		}
		words := text[q.units[i].words[0].start:q.units[i+n-1].words[0].end]
		add := func(relation Relation, cs ...*record.Concept) {
			for _, c := range cs {
				if c != nil && !c.Deprecated {
					out = append(out, Meaning{Words: words, Relation: relation, Concept: c.IRI, Labels: slices.Concat(labels(c, record.Dutch), labels(c, record.English))})
				}
			}
		}
		for _, c := range concepts {
			add(Synonym, c)
			add(Narrower, c.Narrower()...)
			add(Related, c.Related()...)
			add(Broader, c.Broader())
		}
		i += n
	}
	return out, nil
}
