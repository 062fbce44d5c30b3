package search

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"

	"github.com/udc-community/plein/internal/compound"
	"github.com/udc-community/plein/internal/record"
)

// longestWord is how many bytes of a word count; what comes after is cut off, in the index and in queries alike.
const longestWord = 64

// analyzer makes index terms of a text in one pass: it cuts out words, folds them, leaves out stop words, stems the
// rest and takes compounds apart. What it found for a word it remembers.
type analyzer struct {
	stop map[string]bool
	stem func(*snowballstem.Env) bool
	// split gives the parts of a compound; nil for a language that writes them apart.
	split func(word string) []string
	// base is what a word is stemmed from: its form in the dictionary, where inflection changes the spelling. Parts of
	// compounds come in that form.
	base  func(word string) string
	known cache
}

// terms are what the index holds of a word.
type terms struct {
	// whole is the stem of the word itself.
	whole []byte
	// parts are the stems of the words that a compound is made of, each behind a mark: what is said of a part is not
	// said of the word. within are, of a compound of three parts and more, the compounds that it begins and ends with:
	// schuldhulp in schuldhulpverlening.
	parts, within [][]byte
}

// partMark stands before the term of a part. No word has it.
const partMark = '+'

func dutchAnalyzer() *analyzer {
	compounds := compound.New()
	return &analyzer{stop: set(dutchStopWords), stem: dutch.Stem, split: compounds.Split, base: compounds.Base}
}

func englishAnalyzer() *analyzer { return &analyzer{stop: set(englishStopWords), stem: english.Stem} }

// terms of a word as it stands in a text; nil for a stop word.
func (a *analyzer) terms(word string) *terms {
	if t, ok := a.known.get(word); ok {
		return t
	}
	var t *terms
	if w := normal(word); w != "" && !a.stop[w] {
		t = &terms{whole: a.stemmed("", w)}
		if a.split != nil {
			a.takeApart(t, w)
		}
	}
	// The word is often a piece of a long text, which must not stay in memory for it.
	a.known.put(strings.Clone(word), t)
	return t
}

// takeApart adds what a compound is made of.
func (a *analyzer) takeApart(t *terms, word string) {
	parts := a.split(word)
	rest := word
	for i, p := range parts {
		if !a.stop[p] {
			t.parts = append(t.parts, a.stemmed(string(partMark), p))
		}
		// The exceptions of the splitter may name parts that the word does not hold letter by letter.
		at := strings.Index(rest, p)
		if at < 0 {
			rest = ""
			continue
		}
		if i > 0 && i < len(parts)-1 {
			t.within = append(t.within, a.stemmed(string(partMark), word[:len(word)-len(rest)+at+len(p)]), a.stemmed(string(partMark), rest[at:]))
		}
		rest = rest[at+len(p):]
	}
}

func (a *analyzer) stemmed(mark, word string) []byte {
	if a.base != nil {
		word = a.base(word)
	}
	env := snowballstem.NewEnv(word)
	a.stem(env)
	return []byte(mark + env.Current())
}

// Analyze gives the terms of a text, the parts of a compound at the place of the word; it is bleve's interface.
func (a *analyzer) Analyze(input []byte) analysis.TokenStream { return weighted{a, 1}.Analyze(input) }

// weighted makes every term count so many times.
type weighted struct {
	of    *analyzer
	times int
}

func (w weighted) Analyze(input []byte) analysis.TokenStream {
	var s stream
	s.grow(len(input)/6 + 1)
	position := 0
	eachWord(string(input), func(word string, start, end int) {
		position++
		t := w.of.terms(word)
		if t == nil {
			return
		}
		s.add(t.whole, start, end, position, w.times)
		for _, p := range t.parts {
			s.add(p, start, end, position, w.times)
		}
		for _, p := range t.within {
			s.add(p, start, end, position, w.times)
		}
	})
	return s.tokens
}

// pairs makes a term of every two neighbours in a text, stop words left out: what phrases are found by. It takes less
// room than the positions of all words would, and a phrase is a look-up.
type pairs struct{ of *analyzer }

func (p pairs) Analyze(input []byte) analysis.TokenStream {
	var s stream
	var last []byte
	from, position := 0, 0
	eachWord(string(input), func(word string, start, end int) {
		t := p.of.terms(word)
		if t == nil {
			return
		}
		if last != nil {
			position++
			s.add(pair(last, t.whole), from, end, position, 1)
		}
		last, from = t.whole, start
	})
	return s.tokens
}

func pair(a, b []byte) []byte {
	out := make([]byte, 0, len(a)+1+len(b))
	return append(append(append(out, a...), ' '), b...)
}

// Suggestions are found by the first letters of words: at least and at most this many.
const (
	shortestPrefix = 2
	longestPrefix  = 12
)

// prefixes makes a term of the first letters of every word in a title and, behind a mark, of the title itself.
type prefixes struct{}

func (prefixes) Analyze(input []byte) analysis.TokenStream {
	var s stream
	var words []string
	eachWord(string(input), func(word string, start, end int) {
		w := normal(word)
		words = append(words, w)
		eachPrefix(w, func(p string) { s.add([]byte(p), start, end, len(words), 1) })
	})
	eachPrefix(strings.Join(words, " "), func(p string) { s.add([]byte(beginning+p), 0, len(input), 1, 1) })
	return s.tokens
}

// beginning marks the first letters of a whole title. No word has it.
const beginning = "^"

func eachPrefix(s string, do func(string)) {
	n := 0
	for i := range s {
		if n >= shortestPrefix {
			do(s[:i])
		}
		if n == longestPrefix {
			return
		}
		n++
	}
	if n >= shortestPrefix {
		do(s)
	}
}

// stream gathers tokens in a few large pieces of memory instead of one for each.
type stream struct {
	slab   []analysis.Token
	tokens analysis.TokenStream
}

func (s *stream) grow(n int) {
	s.slab = make([]analysis.Token, 0, n)
	if s.tokens == nil {
		s.tokens = make(analysis.TokenStream, 0, n)
	}
}

// add takes up a term, so many times.
func (s *stream) add(term []byte, start, end, position, times int) {
	if len(s.slab) == cap(s.slab) {
		s.grow(64)
	}
	s.slab = append(s.slab, analysis.Token{Term: term, Start: start, End: end, Position: position, Type: analysis.AlphaNumeric})
	for range times {
		s.tokens = append(s.tokens, &s.slab[len(s.slab)-1])
	}
}

// softHyphen says where a word may be broken; it is not part of it.
const softHyphen = '\u00ad'

func inWord(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || r == softHyphen
}

// eachWord walks the words of a text: runs of letters and digits. The offsets are in bytes.
func eachWord(text string, do func(word string, start, end int)) {
	start := -1
	for i, r := range text {
		switch in := inWord(r); {
		case in && start < 0:
			start = i
		case !in && start >= 0:
			do(text[start:i], start, i)
			start = -1
		}
	}
	if start >= 0 {
		do(text[start:], start, len(text))
	}
}

// normal is a word as all its spellings have it: folded, without soft hyphens, not longer than what counts.
func normal(word string) string {
	if strings.ContainsRune(word, softHyphen) {
		word = strings.ReplaceAll(word, string(softHyphen), "")
	}
	return cut(record.Fold(word), longestWord)
}

// cut shortens a text to at most n bytes of whole characters.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// Room in the cache: two generations of so many words in each of so many parts.
const (
	cacheParts = 32
	cacheWords = 512
)

// cache remembers the terms of words. It holds two generations: when the young one is full it becomes the old one,
// and an old word that is used again is young again. What is not used any more falls out.
type cache struct {
	parts [cacheParts]struct {
		sync.RWMutex
		young, old map[string]*terms
	}
}

func part(word string) int {
	h := uint32(2166136261)
	for i := range len(word) {
		h = (h ^ uint32(word[i])) * 16777619
	}
	return int(h % cacheParts)
}

func (c *cache) get(word string) (*terms, bool) {
	p := &c.parts[part(word)]
	p.RLock()
	t, ok := p.young[word]
	aged := false
	if !ok {
		t, aged = p.old[word]
	}
	p.RUnlock()
	if aged {
		c.put(strings.Clone(word), t)
	}
	return t, ok || aged
}

func (c *cache) put(word string, t *terms) {
	if len(word) > longestWord {
		return
	}
	p := &c.parts[part(word)]
	p.Lock()
	defer p.Unlock()
	if p.young == nil || len(p.young) >= cacheWords {
		p.young, p.old = make(map[string]*terms, cacheWords), p.young
	}
	p.young[word] = t
}
