package demand

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/udc-community/plein/internal/record"
)

// Longer texts are sentences: they are rarely asked twice and tell more about who asks.
const (
	maxWords      = 8
	maxCharacters = 100
)

// More digits than these look like a number that belongs to somebody: a citizen service number (8 or 9 digits), a
// telephone or bank account number, a date of birth, the four of a postcode. It costs years, such as 2024.
const (
	maxDigits      = 5 // in the whole text
	maxDigitsInRow = 3
)

// leftOut is a minus before a word or a phrase, as search reads it.
var leftOut = regexp.MustCompile(`(^|[\s\pZ"“”„«»])-[^\s\pZ]`)

// normal is a query as it is counted: its words, folded, in their order. It is empty for what is not counted: no words,
// too many, words to leave out (those filter), and what may lead to a person.
func normal(query string) string {
	if leftOut.MatchString(query) {
		return ""
	}
	folded := record.Fold(strings.ReplaceAll(query, "\u00ad", "")) // a soft hyphen is no part of its word
	if personal(folded) {
		return ""
	}
	words := strings.FieldsFunc(folded, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
	text := strings.Join(words, " ")
	if len(words) > maxWords || utf8.RuneCountInString(text) > maxCharacters {
		return ""
	}
	return text
}

// personal tells whether a text holds an e-mail address or a number of a person, however it is parted.
func personal(text string) bool {
	digits, row := 0, 0
	for _, r := range text {
		switch {
		case r == '@':
			return true
		case unicode.IsDigit(r):
			digits++
			row++
		default:
			row = 0
		}
		if digits > maxDigits || row > maxDigitsInRow {
			return true
		}
	}
	return false
}
