package search

import (
	"slices"
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

// unit is a word, or what stood between quotes: that is meant literally.
type unit struct {
	words  []word
	quoted bool
}

// word as it was typed, from start to end of the text, and folded; with its terms in the order of the languages.
type word struct {
	text       string
	start, end int
	terms      []*terms
}

// parse takes a text apart: words, "phrases", and a minus before what must not occur. Everything else is an ordinary
// character; there is no query language to misuse.
func (ls languages) parse(text string) (question, error) {
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
	q.void = strings.TrimSpace(text) != ""
	for at := 0; at < len(text); {
		if r, size := utf8.DecodeRuneInString(text[at:]); unicode.IsSpace(r) {
			at += size
			continue
		}
		excluded := text[at] == '-'
		if excluded {
			at++
		}
		from, to, next, quoted := chunk(text, at)
		q.add(ls.wordsAt(text, from, to), quoted, excluded)
		at = next
	}
	q.dropAsking()
	return q, nil
}

// chunk is what stands at a place of a text, up to a space or between quotes, and where the rest begins.
func chunk(text string, at int) (from, to, next int, quoted bool) {
	end := func(from int, is func(rune) bool) int {
		if i := strings.IndexFunc(text[from:], is); i >= 0 {
			return from + i
		}
		return len(text)
	}
	r, size := utf8.DecodeRuneInString(text[at:])
	if !isQuote(r) {
		to = end(at, func(r rune) bool { return unicode.IsSpace(r) || isQuote(r) })
		return at, to, to, false
	}
	to = end(at+size, isQuote)
	_, size2 := utf8.DecodeRuneInString(text[to:])
	return at + size, to, min(to+size2, len(text)), true
}

// isQuote tells the quotes that people and their word processors use.
func isQuote(r rune) bool { return strings.ContainsRune("\"“”„«»", r) }

// add takes up the words of a chunk. Those of a phrase belong together, and so do those of something to leave out, such
// as -e-mail.
func (q *question) add(ws []word, phrase, excluded bool) {
	if len(ws) == 0 {
		return
	}
	q.void = false
	switch {
	case excluded:
		q.excluded = append(q.excluded, unit{ws, true})
	case phrase:
		q.units = append(q.units, unit{ws, true})
	default:
		for _, w := range ws {
			q.units = append(q.units, unit{words: []word{w}})
		}
	}
}

// dropAsking leaves out the words that people ask with ("welke projecten gaan over …") when they said what about.
func (q *question) dropAsking() {
	about := slices.DeleteFunc(slices.Clone(q.units), func(u unit) bool { return !u.quoted && askingWords[u.words[0].text] })
	if len(about) > 0 {
		q.units = about
	}
}

// wordsAt are the words between two places of a text, without those that are a stop word in any language.
func (ls languages) wordsAt(text string, from, to int) []word {
	var out []word
	eachWord(text[from:to], func(s string, start, end int) {
		w := word{text: normal(s), start: from + start, end: from + end}
		for _, l := range ls {
			t := l.analyzer.terms(s)
			if t == nil {
				return
			}
			w.terms = append(w.terms, t)
		}
		out = append(out, w)
	})
	return out
}
