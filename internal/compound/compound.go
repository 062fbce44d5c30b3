// Package compound takes Dutch compounds apart: minimaregelingen is minima and regelingen.
//
// A word is taken apart when its parts speak louder than the whole. What a part says follows from the size of its
// morphological family: in how many longer words of a word list it comes first, or last (after Koehn and Knight,
// "Empirical Methods for Compound Splitting", 2003, who used frequencies in a corpus). Those figures are in families.txt,
// which Derive makes of a word list. They are for taking apart only: the list knows all of the language, so that none of
// it may ever be suggested to anybody.
//
// General rules (affix.go, inflection.go) come before figures; exceptions.txt comes before both.
package compound

import (
	"math"
	"slices"
	"strings"
)

const (
	shortestWord = 6
	longestWord  = 40
	shortestPart = 3
)

// Splitter takes compounds apart. It never changes, so it is safe for concurrent use.
type Splitter struct {
	families   map[string]family
	exceptions map[string][]string
}

// New reads the figures and the exceptions that are part of the program.
func New() *Splitter {
	s := &Splitter{families: readFamilies(figures), exceptions: readExceptions(exceptions)}
	for word := range s.exceptions {
		s.families[word] = s.families[word].known(word)
	}
	return s
}

// Split gives the parts of a compound in order, without linking elements; nil for every other word. The word is folded
// by record.Fold. Parts come as they are written, except where inflection changes the spelling: those come in their base
// form (see Base). Words over 40 letters, and words with anything but letters and hyphens, stay whole.
func (s *Splitter) Split(word string) []string {
	word = strings.TrimSuffix(word, "'s")
	if len(word) < shortestWord || len(word) > longestWord {
		return nil
	}
	if strings.IndexByte(word, '-') >= 0 {
		return s.hyphenated(word)
	}
	if !isWord(word) {
		return nil
	}
	if parts, ok := s.exception(word); ok {
		return parts
	}
	return s.search(word)
}

func isWord(s string) bool {
	for i := range len(s) {
		if s[i] < 'a' || s[i] > 'z' {
			return false
		}
	}
	return true
}

// hyphenated takes a word apart at its hyphens, and further.
func (s *Splitter) hyphenated(word string) []string {
	var parts []string
	for segment := range strings.SplitSeq(word, "-") {
		if !isWord(segment) {
			return nil
		}
		if inner := s.Split(segment); inner != nil {
			parts = append(parts, inner...)
		} else if len(segment) > 1 {
			parts = append(parts, s.Base(segment))
		}
	}
	if len(parts) < 2 {
		return nil
	}
	return parts
}

// exception gives the parts of a word that is on the list, or is an inflection of one, and whether it is.
func (s *Splitter) exception(word string) ([]string, bool) {
	if parts, ok := s.exceptions[word]; ok {
		return slices.Clone(parts), true
	}
	base, _ := s.uninflected(word)
	parts, ok := s.exceptions[base]
	if parts == nil {
		return nil, ok
	}
	parts = slices.Clone(parts)
	last := &parts[len(parts)-1]
	*last = s.Base(word[len(base)-len(*last):])
	return parts, true
}

// What counts for a part and against it, in units of the logarithm of a family's size. Fitted to words of a treebank, as
// weights of a log-linear model that were held close to round guesses, and rounded again. Judge measures what they do.
const (
	eachPart     = -7.0
	perLogFamily = .75
	perLetter    = .36 // of the first nine
	threeLetters = -.9
	fourLetters  = -.3
	innerPart    = -.4
	linkS        = -.25
	linkE        = -.7
	inflected    = -.3
	afterWhere   = -1.5
	afterVerbal  = -4.0
	stranger     = -7.0

	wholePerLogFamily = 1.35
	wholePerLetter    = -.12
	wholeWord         = -7.0
)

// shortestStranger is the fewest letters of a first part without a family; the rest has to be known: verkamering|beleid.
const shortestStranger = 5

// step is the best way to come to a place in a word: the part that ends there, and where the part before it ended.
type step struct {
	worth   float64
	from    int
	part    string
	reached bool
}

// search finds the parts that together are worth most, and nil when the whole is worth as much.
func (s *Splitter) search(word string) []string {
	var best [longestWord + 1]step
	best[0].reached = true
	n := len(word)
	for end := shortestPart; end <= n; end++ {
		for start := 0; start <= end-shortestPart; start++ {
			if !best[start].reached || start == 0 && end == n {
				continue
			}
			part, worth := s.part(word, start, end)
			if part == "" {
				continue
			}
			if worth += best[start].worth; !best[end].reached || worth > best[end].worth {
				best[end] = step{worth, start, part, true}
			}
		}
	}
	if !best[n].reached || best[n].worth <= s.whole(word) {
		return nil
	}
	return s.parts(&best, n)
}

// parts are those that led to a place. A part that is a compound itself is taken apart as it would be alone, so that who
// looks for schuldhulp finds schuldhulpverlening.
func (s *Splitter) parts(best *[longestWord + 1]step, at int) []string {
	if at == 0 {
		return nil
	}
	before, part := s.parts(best, best[at].from), best[at].part
	if inner := s.Split(part); inner != nil {
		return append(before, inner...)
	}
	return append(before, s.Base(part))
}

// whole is what a word is worth as it is: much when it is a part of many others, as landbouw is.
func (s *Splitter) whole(word string) float64 {
	f := s.families[word]
	worth := f.whole
	if base, _ := s.uninflected(word); base != word {
		worth = max(worth, s.families[base].whole)
	}
	return wholeWord + wholePerLogFamily*worth + wholePerLetter*float64(len(word))
}

// part is the part of a word between two places, and what it is worth there; "" when it cannot be one.
func (s *Splitter) part(word string, start, end int) (string, float64) {
	if end == len(word) {
		return s.lastPart(word, start)
	}
	best, bestWorth := "", math.Inf(-1)
	for _, l := range links {
		p, ok := strings.CutSuffix(word[start:end], l.letters)
		if !ok || len(p) < shortestPart {
			continue
		}
		worth := l.worth
		f, ok := s.families[p]
		switch {
		case ok && f.first > 0:
			if !s.canBind(f, l.letters, word[start:end]) || start > 0 && f.comesFirst > combining {
				continue
			}
			worth += eachPart + perLogFamily*f.first + f.letters + f.particle()
			if start > 0 {
				worth += innerPart
			}
		case start == 0 && canBeStranger(p, l.letters):
			worth += stranger
		default:
			continue
		}
		if start == 0 && derived(word, p) {
			continue
		}
		if worth > bestWorth {
			best, bestWorth = p, worth
		}
	}
	return best, bestWorth
}

// canBind tells whether a part can be followed by this link (or by none) where both are written so.
func (s *Splitter) canBind(f family, link, written string) bool {
	if link == "" {
		return !s.holdsLink(f)
	}
	// The last condition: buiten is no buit with a link.
	return f.comesFirst == 0 && takesLink(f.part, link) && firstOnly[written] == 0
}

// canBeStranger tells whether a part without a family may come first before this link.
func canBeStranger(part, link string) bool {
	if len(part) < shortestStranger || endings[part] || firstOnly[part] != 0 {
		return false
	}
	return link == "s" || link == "" && !endsInLink(part)
}

// lastPart is the rest of a word, if it can be the last part, and what it is worth.
func (s *Splitter) lastPart(word string, start int) (string, float64) {
	p := word[start:]
	f := s.families[p]
	size, worth := f.last, f.letters
	if base, _ := s.uninflected(p); base != p {
		if b := s.families[base]; b.last > size {
			size, worth = b.last, inflected+letters(p)
		}
	}
	if size == 0 || endings[p] || neverLast[p] || firstOnly[p] > combining || endsOnly(word[:start], p) {
		return "", 0
	}
	if firstOnly[word[:start]] == verbal && ofVerb(p) {
		return "", 0
	}
	return p, worth + eachPart + perLogFamily*size
}

// holdsLink tells beleids, which is beleid with a linking s, from kans, which is no kan: what comes last less often than
// the rest without the link.
func (s *Splitter) holdsLink(f family) bool {
	for bare := range withoutLink(f.part) {
		if b := s.families[bare]; b.last > 0 && b.last > f.last-.2 {
			return true
		}
	}
	return false
}
