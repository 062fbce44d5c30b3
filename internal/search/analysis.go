package search

import (
	"slices"

	"github.com/udc-community/plein/internal/record"
)

// Analysis shows what searching makes of texts, without an index.
type Analysis struct {
	languages languages
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
	l := a.languages.of(code)
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
	q, err := a.languages.parse(text)
	if err != nil {
		return nil, err
	}
	out := []Meaning{}
	for _, m := range a.thesaurus.meanings(q.units) {
		words := text[q.units[m.from].words[0].start:q.units[m.to-1].words[0].end]
		out = append(out, Meaning{Words: words, Relation: m.relation, Concept: m.concept.IRI, Labels: slices.Concat(labels(m.concept, record.Dutch), labels(m.concept, record.English))})
	}
	return out, nil
}
