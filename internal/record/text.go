package record

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Language is a language that Plein speaks, by BCP 47 code. Dutch is the source language.
type Language = string

// The languages.
const (
	Dutch   Language = "nl"
	English Language = "en"
)

// Text is what a field says in one or more languages, by BCP 47 code.
type Text map[string]string

// NL is a text that exists in Dutch only.
func NL(s string) Text { return Text{Dutch: s} }

// In gives the text in the first of the languages that it has, else in Dutch, else in any.
func (t Text) In(languages ...string) string {
	for _, l := range append(languages, Dutch, English) {
		if s := t[l]; s != "" {
			return s
		}
	}
	for _, l := range t.Languages() {
		return t[l]
	}
	return ""
}

// Languages lists the languages that the text has, sorted.
func (t Text) Languages() []string {
	var out []string
	for l, s := range t {
		if s != "" {
			out = append(out, l)
		}
	}
	slices.Sort(out)
	return out
}

// With is the text with one language replaced; an empty string removes it.
func (t Text) With(language, s string) Text {
	out := Text{}
	for l, x := range t {
		out[l] = x
	}
	if s == "" {
		delete(out, language)
	} else {
		out[language] = s
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// Fold is how words are compared: lower case, without accents (é = e, ĳ = ij).
func Fold(s string) string {
	if isFolded(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	// Decomposing first: it turns signs such as № into letters that have a lower case of their own.
	for _, r := range strings.ToLower(norm.NFKD.String(s)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'ø':
			b.WriteByte('o')
		case r == 'ß':
			b.WriteString("ss")
		case r == 'æ':
			b.WriteString("ae")
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func isFolded(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf || 'A' <= s[i] && s[i] <= 'Z' {
			return false
		}
	}
	return true
}

const maxSlug = 80

// Slug is a text as a part of a web address: at most 80 of a–z, 0–9 and -.
func Slug(s string) string {
	var b strings.Builder
	dash := false
	for _, r := range Fold(s) {
		if r >= utf8.RuneSelf || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			dash = b.Len() > 0
			continue
		}
		if dash {
			b.WriteByte('-')
			dash = false
		}
		b.WriteRune(r)
	}
	out := b.String()
	return strings.TrimSuffix(out[:min(len(out), maxSlug)], "-")
}
