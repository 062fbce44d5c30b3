package search

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/udc-community/plein/internal/record"
)

const (
	// mostKeywords is by how many words of a language texts are compared.
	mostKeywords = 15
	// fewestKeywords is how many telling words a text is taken to have at least: one common word says little about what
	// a text is about.
	fewestKeywords = 2
	// mostMentions bounds the words that keywords are chosen from.
	mostMentions = 200
	// A word that more than one in commonShare of the records have says little about a topic: it only counts when there
	// are fewer than fewestKeywords without it. One that more than one in everydayShare have says nothing. In a small
	// catalogue commonFloor may have any word.
	commonShare   = 20
	everydayShare = 5
	commonFloor   = 10
)

// mention is a word that stands in a text, whole or as a part of compounds.
type mention struct {
	stem []byte
	// times it is said; a part counts half.
	times float64
	// surface is how it is written.
	surface string
	whole   bool
}

// keyword is a word that texts are compared by.
type keyword struct {
	mention
	language int
	leaves   []leaf
	weight   float64
}

// keywords are those of one text. A set of them is a number with a bit for each.
type keywords struct {
	list []keyword
	// worth is the weight of all of them, by language.
	worth []float64
	// spoken tells that there are words that could tell something, also when nobody else has them.
	spoken bool
}

// mentions are the words of texts, by language. names are words to pass over, folded.
func (x *Index) mentions(ts []record.Text, names map[string]bool) [][]*mention {
	out := make([][]*mention, len(x.languages))
	by := make([]map[string]*mention, len(x.languages))
	for l := range by {
		by[l] = map[string]*mention{}
	}
	for _, t := range ts {
		for _, code := range t.Languages() {
			l := slices.Index(x.languages, x.languages.of(code))
			say := func(stem []byte, surface string, whole bool) {
				m := by[l][string(stem)]
				if m == nil {
					if len(out[l]) == mostMentions {
						return
					}
					m = &mention{stem: stem, surface: surface, whole: whole}
					by[l][string(stem)] = m
					out[l] = append(out[l], m)
				}
				if whole && !m.whole {
					m.surface, m.whole = surface, true
				}
				if whole {
					m.times++
				} else {
					m.times += .5
				}
			}
			text := t[code]
			eachWord(text, func(word string, start, end int) {
				ts := x.languages[l].analyzer.terms(word)
				if ts == nil || names[normal(word)] || !tells(word) {
					return
				}
				surface := asWritten(text, start, end)
				say(ts.whole, surface, true)
				for _, p := range ts.parts {
					say(p[1:], surface, false)
				}
			})
		}
	}
	return out
}

// tells leaves out numbers and single letters.
func tells(word string) bool {
	return utf8.RuneCountInString(word) > 1 && strings.ContainsFunc(word, unicode.IsLetter)
}

// asWritten is a word of a text, without the capital that only begins a sentence.
func asWritten(text string, start, end int) string {
	word := text[start:end]
	before := strings.TrimRightFunc(text[:start], unicode.IsSpace)
	if before != "" && !strings.HasSuffix(before, ".") && !strings.HasSuffix(before, "?") && !strings.HasSuffix(before, "!") {
		return word
	}
	first, size := utf8.DecodeRuneInString(word)
	if strings.ContainsFunc(word[size:], unicode.IsUpper) {
		return word
	}
	return string(unicode.ToLower(first)) + word[size:]
}

// keywords chooses the words to compare by: in each language the most telling ones, by how often they are said and how
// few records have them. own is the document number of the record that asks, which does not count; nobody otherwise.
func (x *Index) keywords(m *matcher, ts []record.Text, names map[string]bool, own int) (*keywords, error) {
	out := &keywords{worth: make([]float64, len(x.languages))}
	understood, said := false, false
	for l, mentions := range x.mentions(ts, names) {
		chosen, known, telling, err := x.choose(m, l, mentions, own)
		if err != nil {
			return nil, err
		}
		said = said || len(mentions) > 0
		// A description is read in every language; one in which none of its words is known is not its own.
		understood, out.spoken = understood || known, out.spoken || known && telling
		for _, k := range chosen {
			out.worth[l] += k.weight
		}
		out.worth[l] = max(out.worth[l], fewestKeywords*m.rarity(1))
		out.list = append(out.list, chosen...)
	}
	out.spoken = out.spoken || said && !understood
	return out, nil
}

// choose takes the most telling words of one language. known tells whether others have any of the words, telling
// whether any of them is not everyday.
func (x *Index) choose(m *matcher, language int, said []*mention, own int) (chosen []keyword, known, telling bool, err error) {
	common, everyday := max(commonFloor, m.alive/commonShare), max(commonFloor, m.alive/everydayShare)
	var reserve []keyword
	for _, s := range said {
		leaves, n, err := x.others(m, language, s.stem, own)
		if err != nil {
			return nil, false, false, err
		}
		known, telling = known || n > 0, telling || n <= everyday
		k := keyword{*s, language, leaves, damped(s.times) * m.rarity(n)}
		switch {
		case n == 0 || n > everyday:
		case n > common:
			reserve = append(reserve, k)
		default:
			chosen = append(chosen, k)
		}
	}
	tellingFirst := func(a, b keyword) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), strings.Compare(string(a.stem), string(b.stem)))
	}
	slices.SortFunc(chosen, tellingFirst)
	slices.SortFunc(reserve, tellingFirst)
	if n := fewestKeywords - len(chosen); n > 0 {
		chosen = append(chosen, reserve[:min(n, len(reserve))]...)
	}
	return chosen[:min(len(chosen), mostKeywords)], known, telling, nil
}

// others tells where a word can be found, and in how many records but that of the asker.
func (x *Index) others(m *matcher, language int, stem []byte, own int) ([]leaf, int, error) {
	set, err := m.set(x.answering(language, stem))
	if err != nil {
		return nil, 0, err
	}
	n := set.frequency
	for _, f := range set.leaves {
		has, err := m.has(f, own)
		if err != nil {
			return nil, 0, err
		}
		if has {
			n--
		}
	}
	return set.leaves, n, nil
}

// damped lets a word that is said again count less each time.
func damped(times float64) float64 {
	if times < 1 {
		return times
	}
	return 1 + math.Log(times)
}

// answering are the places in which a word can be found: by itself, as a part of a compound, and as another single word
// for the same in the thesaurus, in any language.
func (x *Index) answering(language int, stem []byte) []leaf {
	out := x.languages[language].leaves(stem)
	for _, c := range x.thesaurus().concepts[x.languages[language].code+" "+string(stem)] {
		for _, l := range x.languages {
			for _, label := range labels(c, l.code) {
				if ts := l.analyzer.all(label); len(ts) == 1 {
					out = append(out, l.leaves(ts[0].whole)...)
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b leaf) int {
		return cmp.Or(strings.Compare(a.field, b.field), strings.Compare(string(a.term), string(b.term)))
	})
	return slices.CompactFunc(out, func(a, b leaf) bool { return a.field == b.field && string(a.term) == string(b.term) })
}

// nobody is the number of what is not there.
const nobody = -1

// has tells whether a record has a leaf.
func (m *matcher) has(l leaf, doc int) (bool, error) {
	if doc == nobody {
		return false, nil
	}
	for _, part := range m.snapshot.Segments() {
		if n := int(part.FullSize()); doc >= n {
			doc -= n
			continue
		}
		list, err := postings(part, l.field, l.term)
		if err != nil || list == nil {
			return false, err
		}
		p, err := list.Iterator(false, false, false, nil).Advance(uint64(doc))
		return p != nil && p.Number() == uint64(doc), err
	}
	return false, nil
}

// among gives, by document number, which of the keywords each record has.
func (k *keywords) among(m *matcher) ([]uint32, error) {
	out := make([]uint32, m.room)
	for i, w := range k.list {
		for _, l := range w.leaves {
			base := uint32(0)
			for _, part := range m.snapshot.Segments() {
				list, err := postings(part, l.field, l.term)
				if err != nil {
					return nil, err
				}
				if list != nil {
					it := list.Iterator(false, false, false, nil)
					for {
						p, err := it.Next()
						if err != nil {
							return nil, err
						}
						if p == nil {
							break
						}
						out[base+uint32(p.Number())] |= 1 << i
					}
				}
				base += uint32(part.FullSize())
			}
		}
	}
	return out, nil
}

// share is how much of the keywords a set has, by weight, in the language in which it has the most.
func (k *keywords) share(set uint32) float64 {
	if set == 0 {
		return 0
	}
	language, here, most := nobody, 0.0, 0.0
	for ; set != 0; set &= set - 1 {
		w := &k.list[bits.TrailingZeros32(set)]
		if w.language != language { // the words of a language stand together
			language, here = w.language, 0
		}
		here += w.weight / k.worth[w.language]
		most = max(most, here)
	}
	return min(most, 1)
}

// shared are the words of a set as the asker and as another wrote them, the most telling first, by language.
func (x *Index) shared(k *keywords, set uint32, theirs record.Words) (ours, others map[string][]string) {
	ours, others = map[string][]string{}, map[string][]string{}
	add := func(to map[string][]string, code, word string) {
		if word != "" && !slices.Contains(to[code], word) {
			to[code] = append(to[code], word)
		}
	}
	found := x.surfaces(k, theirs)
	for i, w := range k.list {
		if set&(1<<i) != 0 {
			code := x.languages[w.language].code
			add(ours, code, w.surface)
			add(others, code, found[i])
		}
	}
	return ours, others
}

// surfaces are the keywords as they are written in a record, by their place.
func (x *Index) surfaces(k *keywords, words record.Words) map[int]string {
	places := map[leafName]int{}
	for i := len(k.list) - 1; i >= 0; i-- {
		for _, l := range k.list[i].leaves {
			places[leafName{l.field, string(l.term)}] = i
		}
	}
	out := map[int]string{}
	look := func(code, text string) {
		l := x.languages.of(code)
		eachWord(text, func(word string, start, end int) {
			ts := l.analyzer.terms(word)
			if ts == nil {
				return
			}
			for _, term := range append([][]byte{ts.whole}, ts.parts...) {
				i, ok := places[leafName{l.field(wordField), string(term)}]
				if _, known := out[i]; ok && !known {
					out[i] = asWritten(text, start, end)
				}
			}
		})
	}
	for _, t := range slices.Concat([]record.Text{words.Title, words.Summary}, words.Body, words.Concepts) {
		for _, code := range t.Languages() {
			look(code, t[code])
		}
	}
	for _, tag := range words.Tags {
		look(record.Dutch, tag)
	}
	return out
}

// leafName is a leaf as a key.
type leafName struct{ field, term string }
