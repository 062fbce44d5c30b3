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

	"github.com/udc-community/plein/internal/record"
)

// longestWord is how many bytes of a word count; what comes after is cut off, in the index and in queries alike.
const longestWord = 64

// analyzer makes index terms of a text in one pass: it cuts out words, folds them, leaves out stop words and stems the
// rest. What it found for a word it remembers.
type analyzer struct {
	stop  map[string]bool
	stem  func(*snowballstem.Env) bool
	known cache
}

func newAnalyzer(stopWords string, stem func(*snowballstem.Env) bool) *analyzer {
	return &analyzer{stop: set(stopWords), stem: stem}
}

func dutchAnalyzer() *analyzer   { return newAnalyzer(dutchStopWords, dutch.Stem) }
func englishAnalyzer() *analyzer { return newAnalyzer(englishStopWords, english.Stem) }

// term of a word as it stands in a text; nil for a stop word.
func (a *analyzer) term(word string) []byte {
	if t, ok := a.known.get(word); ok {
		return t
	}
	var t []byte
	if w := normal(word); !a.stop[w] {
		env := snowballstem.NewEnv(w)
		a.stem(env)
		t = []byte(env.Current())
	}
	// The word is often a piece of a long text, which must not stay in memory for it.
	a.known.put(strings.Clone(word), t)
	return t
}

// Analyze gives the terms of a text; it is bleve's interface.
func (a *analyzer) Analyze(input []byte) analysis.TokenStream {
	var s stream
	s.grow(len(input)/6 + 1)
	position := 0
	eachWord(string(input), func(word string, start, end int) {
		position++
		if t := a.term(word); len(t) > 0 {
			s.add(t, start, end, position)
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
		t := p.of.term(word)
		if len(t) == 0 {
			return
		}
		if last != nil {
			position++
			s.add(pair(last, t), from, end, position)
		}
		last, from = t, start
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
		eachPrefix(w, func(p string) { s.add([]byte(p), start, end, len(words)) })
	})
	eachPrefix(strings.Join(words, " "), func(p string) { s.add([]byte(beginning+p), 0, len(input), 1) })
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

func (s *stream) add(term []byte, start, end, position int) {
	if len(s.slab) == cap(s.slab) {
		s.grow(64)
	}
	s.slab = append(s.slab, analysis.Token{Term: term, Start: start, End: end, Position: position, Type: analysis.AlphaNumeric})
	s.tokens = append(s.tokens, &s.slab[len(s.slab)-1])
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
		young, old map[string][]byte
	}
}

func part(word string) int {
	h := uint32(2166136261)
	for i := range len(word) {
		h = (h ^ uint32(word[i])) * 16777619
	}
	return int(h % cacheParts)
}

func (c *cache) get(word string) ([]byte, bool) {
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

func (c *cache) put(word string, term []byte) {
	if len(word) > longestWord {
		return
	}
	p := &c.parts[part(word)]
	p.Lock()
	defer p.Unlock()
	if p.young == nil || len(p.young) >= cacheWords {
		p.young, p.old = make(map[string][]byte, cacheWords), p.young
	}
	p.young[word] = term
}
