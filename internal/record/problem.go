package record

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Code names a problem for programs. The list is part of the public contract.
type Code string

// Codes of problems that a caller can mend.
const (
	Required          Code = "REQUIRED"
	Invalid           Code = "INVALID"
	TooLong           Code = "TOO_LONG"
	TooMany           Code = "TOO_MANY"
	NotFound          Code = "NOT_FOUND"
	Duplicate         Code = "DUPLICATE"
	UnknownConcept    Code = "UNKNOWN_CONCEPT"
	NotAllowed        Code = "NOT_ALLOWED"
	StaleRevision     Code = "STALE_REVISION"
	IllegalTransition Code = "ILLEGAL_TRANSITION"
	// PersonalDataSuspected is a warning: it never keeps anything from being written.
	PersonalDataSuspected Code = "PERSONAL_DATA_SUSPECTED"
)

// Problem is something that the caller can correct. It is an error with words for people and a code for programs;
// every other error is internal and tells a stranger nothing.
type Problem struct {
	Code    Code
	Message Text
	// Field is the path to what is wrong in the caller's input, outermost first; empty when it is not about a field.
	Field []string
}

func (p Problem) Error() string {
	if len(p.Field) == 0 {
		return p.Message.In(English)
	}
	return strings.Join(p.Field, ".") + ": " + p.Message.In(English)
}

// At is the same problem, seen from an enclosing field.
func (p Problem) At(field ...string) Problem {
	p.Field = append(append([]string{}, field...), p.Field...)
	return p
}

// Problems is everything that is wrong at once, so that nobody has to mend and retry one by one.
type Problems []Problem

func (ps Problems) Error() string {
	out := make([]string, len(ps))
	for i, p := range ps {
		out[i] = p.Error()
	}
	return strings.Join(out, "; ")
}

// Err is nil when there are no problems.
func (ps Problems) Err() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}

// Wrong is a problem with its words in Dutch and English.
func Wrong(code Code, nl, en string, field ...string) Problem {
	return Problem{Code: code, Message: Text{Dutch: nl, English: en}, Field: field}
}

func missing(field ...string) Problem {
	return Wrong(Required, "Vul dit in.", "This is required.", field...)
}

func tooLong(limit int, field ...string) Problem {
	return Wrong(TooLong, fmt.Sprintf("Dit is te lang: hooguit %d tekens.", limit),
		fmt.Sprintf("This is too long: at most %d characters.", limit), field...)
}

func tooMany(limit int, field ...string) Problem {
	return Wrong(TooMany, fmt.Sprintf("Dit zijn er te veel: hooguit %d.", limit),
		fmt.Sprintf("These are too many: at most %d.", limit), field...)
}

func unknownConcept(iri string, field ...string) Problem {
	return Wrong(UnknownConcept, fmt.Sprintf("De lijst heeft geen begrip %q.", iri),
		fmt.Sprintf("The vocabulary has no concept %q.", iri), field...)
}

func invalidDate(field ...string) Problem {
	return Wrong(Invalid, "Schrijf een datum als 2027-01-12 (of 2027-01, of 2027).",
		"Write a date as 2027-01-12 (or 2027-01, or 2027).", field...)
}

// NoSuch is the answer for what does not exist and, with the same words, for what the caller may not see.
func NoSuch(field ...string) Problem {
	return Wrong(NotFound, "Dit bestaat niet, of u mag het niet zien.", "This does not exist, or you may not see it.", field...)
}

// Stale is the answer to a write that was made on an older revision than the current one.
func Stale(current int) Problem {
	return Wrong(StaleRevision,
		fmt.Sprintf("Iemand anders heeft dit intussen gewijzigd. De huidige revisie is %d: haal die op en probeer het opnieuw.", current),
		fmt.Sprintf("Somebody else has changed this meanwhile. The current revision is %d: fetch it and try again.", current), "revision")
}

// checks gathers problems while a document is read.
type checks struct{ found Problems }

func (c *checks) add(p Problem) { c.found = append(c.found, p) }

func (c *checks) text(t Text, limit int, field string) {
	for _, l := range slices.Sorted(maps.Keys(t)) {
		before := len(c.found)
		if len(l) > 35 || !languageTag.MatchString(l) {
			c.add(Wrong(Invalid, "Er is geen taal "+quote(l)+".", "There is no language "+quote(l)+".", field))
		} else {
			c.string(t[l], limit, field)
		}
		if len(c.found) > before {
			return // one problem a field says enough
		}
	}
}

func (c *checks) string(s string, limit int, field ...string) {
	switch {
	case utf8.RuneCountInString(s) > limit:
		c.add(tooLong(limit, field...))
	case !Readable(s):
		c.add(Wrong(Invalid, "Hier staat een teken in dat niet te lezen is.", "This has a character in it that cannot be read.", field...))
	}
}

// Remark is what somebody wrote beside a record, without the white space around it, and what is wrong with it.
func Remark(s string, limit int, field ...string) (string, Problems) {
	var c checks
	s = strings.TrimSpace(s)
	c.string(s, limit, field...)
	return s, c.found
}

// languageTag is the form of a BCP 47 code.
var languageTag = regexp.MustCompile(`^[a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8})*$`)

// Readable tells whether a text is whole Unicode without control characters, which neither XML nor PostgreSQL can hold.
func Readable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' })
}

func (c *checks) date(d Date, field ...string) {
	if d != "" && !d.Valid() {
		c.add(invalidDate(field...))
	}
}

func (c *checks) web(address string, field ...string) {
	if address == "" {
		return
	}
	if !IsWebAddress(address) {
		c.add(Wrong(Invalid, "Schrijf een volledig webadres dat begint met https:// of http://.",
			"Write a full web address that begins with https:// or http://.", field...))
	}
}

func (c *checks) concepts(ref *Reference, scheme Scheme, iris []string, limit int, field string) {
	if len(iris) > limit {
		c.add(tooMany(limit, field))
	}
	for _, iri := range iris {
		c.concept(ref, scheme, iri, field)
	}
}

func (c *checks) concept(ref *Reference, scheme Scheme, iri string, field ...string) {
	if iri == "" {
		return
	}
	if k := ref.Concept(iri); k == nil || k.Scheme != scheme {
		c.add(unknownConcept(iri, field...))
	}
}
