package compound

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/udc-community/plein/internal/record"
)

// How the word list itself is taken apart: as Split does, with two parts.
const (
	rounds            = 2
	deriveLinkS       = -1.0
	deriveLinkE       = -1.0
	derivePerLetter   = .5 // up to six letters
	deriveHoldsLink   = -3.0
	smallestFamily    = 2
	longestListedWord = 80
)

// pair is one way to see a word as two parts.
type pair struct {
	first, last string
	worth       float64 // of link and letters
}

type sizes map[string]struct{ first, last float64 }

func (s sizes) add(p pair, n float64) {
	f := s[p.first]
	f.first += n
	s[p.first] = f
	f = s[p.last]
	f.last += n
	s[p.last] = f
}

// Derive makes the table of families of a list of Dutch word forms, one a line. The list has to hold inflected forms.
// Every word is counted for the two parts that it most likely consists of: at first for all that are possible, alike, then
// twice for the pair with the largest families.
func Derive(list io.Reader) ([]byte, error) {
	words, hyphenated, err := readWords(list)
	if err != nil {
		return nil, err
	}
	listed := make(map[string]bool, len(words))
	for _, w := range words {
		listed[w] = true
	}
	var analyses [][]pair
	for _, w := range words {
		if pairs := analyse(w, listed); pairs != nil {
			analyses = append(analyses, pairs)
		}
	}
	for _, w := range hyphenated {
		first, last, _ := strings.Cut(w, "-")
		if canBeFirst(first, listed) && canBeLast(last, listed) {
			analyses = append(analyses, []pair{{first: first, last: last}})
		}
	}
	counted := sizes{}
	for _, pairs := range analyses {
		for _, p := range pairs {
			counted.add(p, 1/float64(len(pairs)))
		}
	}
	for range rounds {
		next := sizes{}
		for _, pairs := range analyses {
			next.add(counted.best(pairs), 1)
		}
		counted = next
	}
	return counted.table(), nil
}

// readWords gives the words and the hyphenated words of a list, folded, each once and sorted. Names and abbreviations are
// left out.
func readWords(list io.Reader) (words, hyphenated []string, err error) {
	lines := bufio.NewScanner(list)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if initial, _ := utf8.DecodeRuneInString(line); unicode.IsUpper(initial) || len(line) > longestListedWord {
			continue
		}
		w := record.Fold(line)
		first, last, hyphen := strings.Cut(w, "-")
		switch {
		case hyphen && isWord(first) && isWord(last):
			hyphenated = append(hyphenated, w)
		case !hyphen && isWord(w):
			words = append(words, w)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, nil, fmt.Errorf("reading the list of words: %w", err)
	}
	slices.Sort(words)
	slices.Sort(hyphenated)
	return slices.Compact(words), slices.Compact(hyphenated), nil
}

func canBeFirst(part string, listed map[string]bool) bool {
	return len(part) >= shortestPart && (listed[part] || firstOnly[part] == combining) && !endings[part]
}

func canBeLast(part string, listed map[string]bool) bool {
	return len(part) >= shortestPart && listed[part] && !endings[part] && !neverLast[part] && firstOnly[part] <= combining
}

// analyse gives all ways to see a word as two parts.
func analyse(word string, listed map[string]bool) (pairs []pair) {
	for i := shortestPart; i <= len(word)-shortestPart; i++ {
		last := word[i:]
		if !canBeLast(last, listed) || endsOnly(word[:i], last) {
			continue
		}
		for _, l := range links {
			first, ok := strings.CutSuffix(word[:i], l.letters)
			if !ok || !canBeFirst(first, listed) || derived(word, first) {
				continue
			}
			if l.letters != "" && (firstOnly[first] != 0 || !takesLink(first, l.letters)) {
				continue
			}
			p := pair{first: first, last: last, worth: derivePerLetter * float64(min(len(first), 6)+min(len(last), 6))}
			switch l.letters {
			case "":
			case "s":
				p.worth += deriveLinkS
			default:
				p.worth += deriveLinkE
			}
			pairs = append(pairs, p)
		}
	}
	return pairs
}

// best is the pair with the largest families.
func (s sizes) best(pairs []pair) pair {
	var best pair
	most := math.Inf(-1)
	for _, p := range pairs {
		worth := p.worth + logSize(s[p.first].first) + logSize(s[p.last].last)
		for bare := range withoutLink(p.first) {
			if s[bare].last > s[p.first].last {
				worth += deriveHoldsLink
			}
		}
		if worth > most {
			best, most = p, worth
		}
	}
	return best
}

func (s sizes) table() []byte {
	var b bytes.Buffer
	b.WriteString("# part, in how many longer words it comes first, in how many last. Made by internal/compound/families of the OpenTaal\n" +
		"# word list: do not edit. For taking words apart only; never suggest any of these to anybody. See NOTICE.\n")
	for _, part := range slices.Sorted(maps.Keys(s)) {
		if f := s[part]; f.first+f.last >= smallestFamily {
			fmt.Fprintf(&b, "%s %.0f %.0f\n", part, f.first, f.last)
		}
	}
	return b.Bytes()
}
