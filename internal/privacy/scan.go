package privacy

import (
	"slices"
	"strings"
)

// scanner walks a text once.
type scanner struct {
	text    string
	found   []Finding
	bare    []Finding // numbers that pass the test, with nothing said about them
	numbers numbers
	// line is where the line begins that is being read.
	line int
}

func scan(text string) *scanner {
	s := &scanner{text: text}
	for i := 0; i < len(text); {
		c := text[i]
		begins := i == 0 || !isWord(text[i-1])
		switch {
		case c == '\n' || c == '\r':
			s.line = i + 1
		case c == '@':
			s.email(i)
		case begins && (isDigit(c) || c == '+'):
			if end := s.number(i); end > i {
				i = end
				continue
			}
		case begins && isWord(c):
			i = s.word(i)
			continue
		}
		i++
	}
	return s
}

func (s *scanner) add(k Kind, start, end int, sample string) {
	s.found = append(s.found, Finding{k, start, end, sample})
}

// number reads what begins with a digit or a plus and gives its end; the start itself where it is nothing.
func (s *scanner) number(i int) int {
	for _, read := range []func(int) int{s.phone, s.address, s.citizenNumber} {
		if end := read(i); end > i {
			return end
		}
	}
	for i < len(s.text) && isDigit(s.text[i]) {
		i++
	}
	return i
}

// word reads what begins with a letter: a title with a name behind it, the head of a column, or an account.
func (s *scanner) word(i int) int {
	end := i
	for end < len(s.text) && isWord(s.text[end]) {
		end++
	}
	if past := s.account(i, end); past > end {
		return past
	}
	if past := s.name(i, end); past > end {
		return past
	}
	return end
}

// before is what stands on the line right before a place, in lower case, at most n bytes of it.
func (s *scanner) before(i, n int) string {
	return strings.ToLower(s.text[max(s.line, i-n):i])
}

func (s *scanner) saidBefore(i, n int, words ...string) bool {
	before := s.before(i, n)
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(before, w) })
}

// byteAt is the byte at a place, 0 outside the text.
func (s *scanner) byteAt(i int) byte {
	if i < 0 || i >= len(s.text) {
		return 0
	}
	return s.text[i]
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }

// isWord tells letters and digits from what stands between them. What is not ASCII is taken for a letter.
func isWord(c byte) bool {
	return isDigit(c) || isUpper(c) || c >= 'a' && c <= 'z' || c == '_' || c >= 0x80
}
