package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/udc-community/plein/internal/record"
)

// Limits on a text. A longer one finds nothing better and costs time.
const (
	maxText  = 1_000
	maxWords = 32
)

// question is what somebody typed, taken apart.
type question struct {
	// units must all occur, excluded must not.
	units, excluded []unit
	// void tells that something was typed in which there is nothing to search for.
	void bool
}

// unit is a word, or the words of a phrase.
type unit []word

// word as it was typed and folded, with its terms in the order of the languages.
type word struct {
	text  string
	terms [][]byte
}

// parse takes a text apart: words, "phrases", and a minus before what must not occur. Everything else is an ordinary
// character; there is no query language to misuse.
func (x *Index) parse(text string) (question, error) {
	var q question
	switch {
	case utf8.RuneCountInString(text) > maxText:
		return q, record.Problems{record.Wrong(record.TooLong, "Deze zoekvraag is te lang: hooguit 1.000 tekens.", "This query is too long: at most 1,000 characters.", "query")}
	case !record.Readable(text):
		return q, record.Problems{record.Wrong(record.Invalid, "Hier staat een teken in dat niet te lezen is.", "This has a character in it that cannot be read.", "query")}
	}
	n := 0
	eachWord(text, func(string, int, int) { n++ })
	if n > maxWords {
		return q, record.Problems{record.Wrong(record.TooMany, "Deze zoekvraag heeft te veel woorden: hooguit 32.", "This query has too many words: at most 32.", "query")}
	}
	rest := strings.TrimSpace(quotes.Replace(text))
	q.void = rest != ""
	for rest != "" {
		excluded := false
		if after, ok := strings.CutPrefix(rest, "-"); ok {
			excluded, rest = true, after
		}
		var chunk string
		phrase := strings.HasPrefix(rest, `"`)
		if phrase {
			chunk, rest, _ = strings.Cut(rest[1:], `"`)
		} else {
			end := strings.IndexFunc(rest, func(r rune) bool { return unicode.IsSpace(r) || r == '"' })
			if end < 0 {
				end = len(rest)
			}
			chunk, rest = rest[:end], rest[end:]
		}
		q.add(x.words(chunk), phrase, excluded)
		rest = strings.TrimLeftFunc(rest, unicode.IsSpace)
	}
	return q, nil
}

// quotes that people and their word processors use.
var quotes = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`)

// add takes up the words of a chunk. Those of a phrase belong together, and so do those of something to leave out, such
// as -e-mail.
func (q *question) add(ws []word, phrase, excluded bool) {
	if len(ws) == 0 {
		return
	}
	q.void = false
	switch {
	case excluded:
		q.excluded = append(q.excluded, ws)
	case phrase:
		q.units = append(q.units, ws)
	default:
		for _, w := range ws {
			q.units = append(q.units, unit{w})
		}
	}
}

// words of a piece of a query, without those that are a stop word in any language.
func (x *Index) words(text string) []word {
	var out []word
	eachWord(text, func(s string, _, _ int) {
		w := word{text: normal(s)}
		for _, l := range x.languages {
			t := l.analyzer.term(s)
			if len(t) == 0 {
				return
			}
			w.terms = append(w.terms, t)
		}
		out = append(out, w)
	})
	return out
}

// all are the words that are looked for, those in phrases too.
func (q *question) all() []word {
	var out []word
	for _, u := range q.units {
		out = append(out, u...)
	}
	return out
}
