package search

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/udc-community/plein/internal/record"
)

// Sizes of highlights: about so many bytes of text, so many before the first found word, so many pieces of the body.
const (
	windowSize = 200
	windowLead = 50
	maxWindows = 3
)

// span is a found word in a text: bytes from start to end, and which word of the query it is.
type span struct{ start, end, word int }

// highlight cuts the pieces of a record in which the words are, each text in the first of the languages that has any,
// and tells in which fields they are. It uses the analysis that found the record.
func (x *Index) highlight(ws record.Words, words lookedFor, languages []string) (hs []Highlight, matched []string) {
	if len(words) == 0 {
		return nil, nil
	}
	look := func(field string, limit, size int, ts ...record.Text) {
		for _, t := range ts {
			text, spans := x.spans(t, words, languages)
			if len(spans) == 0 || limit == 0 {
				continue
			}
			limit--
			hs = append(hs, Highlight{Field: field, Fragments: window(text, spans, size)})
			if !slices.Contains(matched, field) {
				matched = append(matched, field)
			}
		}
	}
	whole := 1 << 30
	look(titleField, 1, whole, ws.Title)
	look(summaryField, 1, windowSize, ws.Summary)
	look(bodyField, maxWindows, windowSize, ws.Body...)
	tags := make([]record.Text, len(ws.Tags))
	for i, tag := range ws.Tags {
		tags[i] = record.NL(tag)
	}
	look(tagsField, maxWindows, whole, append(tags, ws.Concepts...)...)
	return hs, matched
}

// lookedFor says, by field, which terms were looked for and for which clause.
type lookedFor map[string]map[string]int

func (f lookedFor) add(field string, term []byte, clause int) {
	if f[field] == nil {
		f[field] = map[string]int{}
	}
	if _, ok := f[field][string(term)]; !ok {
		f[field][string(term)] = clause
	}
}

// typed are the words of a question themselves.
func (x *Index) typed(q *question) lookedFor {
	out := lookedFor{}
	for i, u := range q.units {
		for _, w := range u.words {
			for l, t := range w.terms {
				out.add(x.languages[l].field(wordField), t.whole, i)
			}
		}
	}
	return out
}

// looked are the words of the question, and those that were searched for in their place.
func (r *run) looked(x *Index) lookedFor {
	out := x.typed(&r.question)
	if r.reading == nil {
		return out
	}
	for _, a := range r.reading.alternatives {
		if a.relation == Related || a.relation == Broader {
			continue
		}
		for _, set := range a.all {
			// A common word out of a longer name, such as the people in "people with a low income", explains nothing.
			if len(a.all) > 1 && a.relation != Typed && float64(set.frequency) > tooCommon*float64(r.matcher.alive) {
				continue
			}
			for _, l := range set.leaves {
				out.add(l.field, l.term, a.from)
			}
		}
	}
	return out
}

// spans finds the words in a text, in the first language that has any. A compound is marked whole, whichever part of it
// was looked for.
func (x *Index) spans(t record.Text, words lookedFor, languages []string) (string, []span) {
	for _, code := range slices.Concat(languages, t.Languages()) {
		l := x.languages.of(code)
		in := words[l.field(wordField)]
		var out []span
		eachWord(t[code], func(s string, start, end int) {
			found := l.analyzer.terms(s)
			if found == nil {
				return
			}
			clause, ok := in[string(found.whole)]
			for _, p := range slices.Concat(found.parts, found.within) {
				if ok {
					break
				}
				clause, ok = in[string(p)]
			}
			if ok {
				out = append(out, span{start, end, clause})
			}
		})
		if len(out) > 0 {
			return t[code], out
		}
	}
	return "", nil
}

// window cuts the piece of a text with the most different words, at the edges of words, and marks them.
func window(text string, spans []span, size int) []Fragment {
	from, to := 0, len(text)
	if len(text) > size {
		first := spans[densest(spans, size-windowLead)]
		if from = first.start - windowLead; from > 0 {
			from = afterSpace(text, from, first.start)
		}
		from = max(from, 0)
		if to = from + size; to < len(text) {
			to = beforeSpace(text, to, first.end)
		}
		to = min(to, len(text))
	}
	var out []Fragment
	add := func(s string, hit bool) {
		if s != "" {
			out = append(out, Fragment{Text: s, Hit: hit})
		}
	}
	at := from
	for _, s := range spans {
		if s.start < at || s.end > to {
			continue
		}
		add(oneLine.Replace(text[at:s.start]), false)
		add(text[s.start:s.end], true)
		at = s.end
	}
	add(oneLine.Replace(text[at:to]), false)
	if from > 0 {
		out = slices.Insert(out, 0, Fragment{Text: "…"})
	}
	if to < len(text) {
		out = append(out, Fragment{Text: "…"})
	}
	return join(out)
}

var oneLine = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\t", " ")

// join puts neighbours together that are both plain.
func join(fs []Fragment) []Fragment {
	out := fs[:0]
	for _, f := range fs {
		if n := len(out); n > 0 && !out[n-1].Hit && !f.Hit {
			out[n-1].Text += f.Text
			continue
		}
		out = append(out, f)
	}
	return out
}

// densest is the span from which so many bytes have the most different words.
func densest(spans []span, size int) int {
	best, most := 0, 0
	for i, s := range spans {
		seen := map[int]bool{}
		for _, t := range spans[i:] {
			if t.end > s.start+size {
				break
			}
			seen[t.word] = true
		}
		if len(seen) > most {
			best, most = i, len(seen)
		}
	}
	return best
}

// afterSpace is the first place after a space between from and to, or the next whole character after from.
func afterSpace(text string, from, to int) int {
	if i := strings.IndexAny(text[from:to], " \n"); i >= 0 {
		return from + i + 1
	}
	for from < to && !utf8.RuneStart(text[from]) {
		from++
	}
	return from
}

// beforeSpace is the last place before a space between least and to, or the last whole character before to.
func beforeSpace(text string, to, least int) int {
	least = min(least, to)
	if i := strings.LastIndexAny(text[least:to], " \n"); i >= 0 {
		return least + i
	}
	for to > least && !utf8.RuneStart(text[to]) {
		to--
	}
	return to
}
