package skos

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/udc-community/plein/internal/record"
)

// maxNesting is how deep brackets may stand in each other.
const maxNesting = 100

// turtle reads a whole Turtle document (W3C Recommendation of 25 February 2014). A document with an error in it is not
// read any further: what comes after cannot be known.
func (g *gatherer) turtle(text string) {
	t := &turtleReader{in: strings.TrimPrefix(text, "\ufeff"), line: 1, prefixes: map[string]string{}, take: g.add, full: func() bool { return g.Broken }}
	if err := t.document(); err != nil {
		g.broken(t.line, notTurtle(err))
	}
}

// triples reads one line of N-Triples, which is Turtle without its short forms.
func (g *gatherer) triples(b []byte, line int) {
	var said []func() // kept back until the line is known to be right
	t := &turtleReader{in: string(b), line: line, full: func() bool { return g.Broken },
		take: func(s node, predicate string, o node, line int) {
			said = append(said, func() { g.add(s, predicate, o, line) })
		}}
	if err := t.document(); err != nil {
		g.bad(line, "", notTurtle(err))
		return
	}
	for _, add := range said {
		add()
	}
}

func notTurtle(err error) record.Problem {
	return record.Wrong(record.Invalid, "Dit is geen geldige Turtle ("+err.Error()+").", "This is no valid Turtle: "+err.Error()+".")
}

// turtleReader is a recursive descent through the grammar of Turtle.
type turtleReader struct {
	in       string
	at, line int
	base     *url.URL
	prefixes map[string]string
	blanks   int
	depth    int
	take     func(s node, predicate string, o node, line int)
	// full tells that no more is wanted.
	full func() bool
}

func (t *turtleReader) document() error {
	for t.space(); t.at < len(t.in) && !t.full(); t.space() {
		if err := t.statement(); err != nil {
			return err
		}
	}
	return nil
}

func (t *turtleReader) statement() error {
	switch {
	case t.in[t.at] == '@' && t.word("@prefix"):
		return t.prefix(true)
	case t.in[t.at] == '@' && t.word("@base"):
		return t.setBase(true)
	case t.word("PREFIX"):
		return t.prefix(false)
	case t.word("BASE"):
		return t.setBase(false)
	}
	alone := t.in[t.at] == '['
	s, err := t.subject()
	if err != nil {
		return err
	}
	t.space()
	// What stands in brackets may have said all there is to say.
	if !alone || t.peek() != '.' {
		if err := t.predicates(s); err != nil {
			return err
		}
	}
	return t.expect('.')
}

// word takes a keyword in any case where one stands.
func (t *turtleReader) word(w string) bool {
	end := t.at + len(w)
	if end >= len(t.in) || !strings.EqualFold(t.in[t.at:end], w) || !isSpace(t.in[end]) && t.in[end] != '<' && t.in[end] != '#' {
		return false
	}
	t.at = end
	return true
}

func (t *turtleReader) prefix(dot bool) error {
	t.space()
	start := t.at
	t.name(false)
	name := t.in[start:t.at]
	if t.peek() != ':' || !validPrefix(name) {
		return fmt.Errorf("a prefix is a name and a colon")
	}
	t.at++
	t.space()
	iri, err := t.iriRef()
	if err != nil {
		return err
	}
	if t.prefixes == nil {
		return fmt.Errorf("N-Triples has no prefixes")
	}
	t.prefixes[name] = iri
	return t.end(dot)
}

func (t *turtleReader) setBase(dot bool) error {
	t.space()
	iri, err := t.iriRef()
	if err != nil {
		return err
	}
	if t.base, err = url.Parse(iri); err != nil {
		return fmt.Errorf("%s is no address", quote(iri))
	}
	return t.end(dot)
}

func (t *turtleReader) end(dot bool) error {
	if !dot {
		return nil
	}
	return t.expect('.')
}

func (t *turtleReader) subject() (node, error) {
	switch t.peek() {
	case '[':
		return t.brackets()
	case '(':
		return t.list()
	case '_':
		return t.blank()
	}
	iri, err := t.iri()
	return node{kind: isIRI, value: iri}, err
}

// predicates reads what is said of a subject, up to the end of the statement or the closing bracket.
func (t *turtleReader) predicates(s node) error {
	for {
		t.space()
		line := t.line
		predicate, err := t.verb()
		if err != nil {
			return err
		}
		for {
			t.space()
			o, err := t.object()
			if err != nil {
				return err
			}
			t.take(s, predicate, o, line)
			if t.space(); t.peek() != ',' {
				break
			}
			t.at++
		}
		if t.peek() != ';' {
			return nil
		}
		for t.peek() == ';' {
			t.at++
			t.space()
		}
		if c := t.peek(); c == '.' || c == ']' || c == 0 {
			return nil
		}
	}
}

func (t *turtleReader) verb() (string, error) {
	if t.peek() == 'a' && t.at+1 < len(t.in) && (isSpace(t.in[t.at+1]) || strings.IndexByte("<[(_\"'#", t.in[t.at+1]) >= 0) {
		t.at++
		return nsRDF + "type", nil
	}
	return t.iri()
}

func (t *turtleReader) object() (node, error) {
	c := t.peek()
	switch {
	case c == '"', c == '\'':
		return t.literal()
	case c == '+', c == '-', c == '.', '0' <= c && c <= '9':
		return t.number()
	case c == '[', c == '(', c == '_':
		return t.subject()
	}
	for _, w := range []string{"true", "false"} {
		if rest := t.in[t.at:]; strings.HasPrefix(rest, w) && (len(rest) == len(w) || strings.IndexByte(" \t\r\n.,;])#", rest[len(w)]) >= 0) {
			t.at += len(w)
			return node{kind: isLiteral, value: w}, nil
		}
	}
	iri, err := t.iri()
	return node{kind: isIRI, value: iri}, err
}

// brackets reads [ … ]: something without a name and what is said of it.
func (t *turtleReader) brackets() (node, error) {
	if err := t.enter(); err != nil {
		return node{}, err
	}
	defer t.leave()
	t.at++
	s := t.nameless()
	if t.space(); t.peek() == ']' {
		t.at++
		return s, nil
	}
	if err := t.predicates(s); err != nil {
		return node{}, err
	}
	return s, t.expect(']')
}

// list reads ( … ). Nothing that matters here is said in lists, so its links between items are not made.
func (t *turtleReader) list() (node, error) {
	if err := t.enter(); err != nil {
		return node{}, err
	}
	defer t.leave()
	t.at++
	for {
		t.space()
		switch t.peek() {
		case ')':
			t.at++
			return t.nameless(), nil
		case 0:
			return node{}, fmt.Errorf("a list does not end")
		}
		if _, err := t.object(); err != nil {
			return node{}, err
		}
	}
}

func (t *turtleReader) enter() error {
	if t.depth++; t.depth > maxNesting {
		return fmt.Errorf("brackets stand more than %d deep", maxNesting)
	}
	return nil
}

func (t *turtleReader) leave() { t.depth-- }

func (t *turtleReader) nameless() node {
	t.blanks++
	return node{kind: isBlank, value: "_:[" + strconv.Itoa(t.blanks)}
}

func (t *turtleReader) blank() (node, error) {
	if !strings.HasPrefix(t.in[t.at:], "_:") {
		return node{}, t.unexpected()
	}
	start := t.at
	t.at += 2
	t.name(false)
	if t.at == start+2 {
		return node{}, t.unexpected()
	}
	return node{kind: isBlank, value: t.in[start:t.at]}, nil
}

// iri reads an address, in full or short.
func (t *turtleReader) iri() (string, error) {
	if t.peek() == '<' {
		return t.iriRef()
	}
	start := t.at
	t.name(false)
	prefix := t.in[start:t.at]
	if t.peek() != ':' || !validPrefix(prefix) {
		t.at = start
		return "", t.unexpected()
	}
	t.at++
	space, known := t.prefixes[prefix]
	if !known {
		return "", fmt.Errorf("the prefix %s: is not declared", quote(prefix))
	}
	local, err := t.local()
	return space + local, err
}

// iriRef reads <…>.
func (t *turtleReader) iriRef() (string, error) {
	if t.peek() != '<' {
		return "", t.unexpected()
	}
	t.at++
	var b strings.Builder
	for t.at < len(t.in) {
		r, size := utf8.DecodeRuneInString(t.in[t.at:])
		switch {
		case r == '>':
			t.at++
			return t.resolve(b.String())
		case r == '\\':
			var err error
			if r, err = t.unicodeEscape(); err != nil {
				return "", err
			}
			size = 0
		}
		if r <= ' ' || strings.ContainsRune("<\"{}|^`\\", r) {
			return "", fmt.Errorf("an address cannot have %q in it", r)
		}
		b.WriteRune(r)
		t.at += size
	}
	return "", fmt.Errorf("an address does not end")
}

// resolve completes an address with the base.
func (t *turtleReader) resolve(s string) (string, error) {
	if scheme, _, ok := strings.Cut(s, ":"); ok && isScheme(scheme) {
		return s, nil
	}
	if t.base == nil {
		return "", fmt.Errorf("%s is not a full address, and there is no @base", quote(s))
	}
	u, err := t.base.Parse(s)
	if err != nil {
		return "", fmt.Errorf("%s is no address", quote(s))
	}
	return u.String(), nil
}

func isScheme(s string) bool {
	for i, r := range s {
		if letter := 'a' <= r|0x20 && r|0x20 <= 'z'; !letter && (i == 0 || !('0' <= r && r <= '9') && !strings.ContainsRune("+-.", r)) {
			return false
		}
	}
	return s != ""
}

// name moves over the characters of a prefix or label. A dot at its end belongs to what follows.
func (t *turtleReader) name(colons bool) {
	start := t.at
	for t.at < len(t.in) {
		r, size := utf8.DecodeRuneInString(t.in[t.at:])
		if !isNameRune(r) && r != '.' && !(colons && r == ':') {
			break
		}
		t.at += size
	}
	for t.at > start && t.in[t.at-1] == '.' {
		t.at--
	}
}

func isNameRune(r rune) bool {
	return r == '_' || r == '-' || r == '·' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r)
}

func validPrefix(s string) bool {
	for i, r := range s {
		if !isNameRune(r) && r != '.' || i == 0 && !unicode.IsLetter(r) {
			return false
		}
	}
	return !strings.HasSuffix(s, ".")
}

// local reads the part of a short address behind the colon.
func (t *turtleReader) local() (string, error) {
	var b strings.Builder
	for {
		start := t.at
		t.name(true)
		b.WriteString(t.in[start:t.at])
		switch dots := strings.TrimLeft(t.in[t.at:], "."); {
		case t.peek() == '%':
			if t.at+2 >= len(t.in) || !isHex(t.in[t.at+1]) || !isHex(t.in[t.at+2]) {
				return "", fmt.Errorf("%% stands before two hexadecimal digits")
			}
			b.WriteString(t.in[t.at : t.at+3])
			t.at += 3
		case t.peek() == '\\':
			if t.at+1 >= len(t.in) || strings.IndexByte("_~.-!$&'()*+,;=/?#@%", t.in[t.at+1]) < 0 {
				return "", fmt.Errorf("a name has an escape that does not exist")
			}
			b.WriteByte(t.in[t.at+1])
			t.at += 2
		case t.peek() == '.' && dots != "" && (dots[0] == '%' || dots[0] == '\\'):
			b.WriteString(t.in[t.at : len(t.in)-len(dots)])
			t.at = len(t.in) - len(dots)
		default:
			return b.String(), nil
		}
	}
}

func (t *turtleReader) literal() (node, error) {
	s, err := t.quoted()
	if err != nil {
		return node{}, err
	}
	o := node{kind: isLiteral, value: s}
	switch {
	case t.peek() == '@':
		t.at++
		start := t.at
		for t.at < len(t.in) && (isAlphanumeric(t.in[t.at]) || t.in[t.at] == '-') {
			t.at++
		}
		if o.language = t.in[start:t.at]; o.language == "" {
			return node{}, fmt.Errorf("a language has a code")
		}
	case strings.HasPrefix(t.in[t.at:], "^^"):
		t.at += 2
		if _, err := t.iri(); err != nil {
			return node{}, err
		}
	}
	return o, nil
}

// quoted reads a text between quotes, single or triple.
func (t *turtleReader) quoted() (string, error) {
	quote := t.in[t.at : t.at+1]
	if triple := strings.Repeat(quote, 3); strings.HasPrefix(t.in[t.at:], triple) {
		quote = triple
	}
	long := len(quote) == 3
	t.at += len(quote)
	var b strings.Builder
	for t.at < len(t.in) {
		switch c := t.in[t.at]; {
		// Of four or five quotes in a row the last three end the text.
		case strings.HasPrefix(t.in[t.at:], quote) && !(long && strings.HasPrefix(t.in[t.at+1:], quote)):
			t.at += len(quote)
			return b.String(), nil
		case c == '\\':
			r, err := t.escape()
			if err != nil {
				return "", err
			}
			b.WriteRune(r)
		case (c == '\n' || c == '\r') && !long:
			return "", fmt.Errorf("a text goes on after the end of its line")
		default:
			if c == '\n' {
				t.line++
			}
			b.WriteByte(c)
			t.at++
		}
	}
	return "", fmt.Errorf("a text does not end")
}

var escapes = map[byte]rune{'t': '\t', 'b': '\b', 'n': '\n', 'r': '\r', 'f': '\f', '"': '"', '\'': '\'', '\\': '\\'}

func (t *turtleReader) escape() (rune, error) {
	if t.at+1 < len(t.in) {
		if r, ok := escapes[t.in[t.at+1]]; ok {
			t.at += 2
			return r, nil
		}
	}
	return t.unicodeEscape()
}

// unicodeEscape reads \uXXXX or \UXXXXXXXX.
func (t *turtleReader) unicodeEscape() (rune, error) {
	digits := 0
	if t.at+1 < len(t.in) {
		digits = map[byte]int{'u': 4, 'U': 8}[t.in[t.at+1]]
	}
	end := t.at + 2 + digits
	if digits == 0 || end > len(t.in) {
		return 0, fmt.Errorf("there is no such escape")
	}
	n, err := strconv.ParseUint(t.in[t.at+2:end], 16, 32)
	if err != nil || n > unicode.MaxRune || !utf8.ValidRune(rune(n)) {
		return 0, fmt.Errorf("there is no character %s", quote(t.in[t.at:end]))
	}
	t.at = end
	return rune(n), nil
}

func (t *turtleReader) number() (node, error) {
	start := t.at
	for t.at < len(t.in) && (isAlphanumeric(t.in[t.at]) || strings.IndexByte("+-.", t.in[t.at]) >= 0) {
		t.at++
	}
	for t.at > start && t.in[t.at-1] == '.' { // the end of the statement
		t.at--
	}
	s := t.in[start:t.at]
	if _, err := strconv.ParseFloat(s, 64); err != nil && !isRange(err) || strings.ContainsAny(s, "xXpPnN_iI") {
		return node{}, fmt.Errorf("%s is no number", quote(s))
	}
	return node{kind: isLiteral, value: s}, nil
}

// isRange tells of a number that is one, however large.
func isRange(err error) bool {
	e, ok := err.(*strconv.NumError)
	return ok && e.Err == strconv.ErrRange
}

func (t *turtleReader) peek() byte {
	if t.at >= len(t.in) {
		return 0
	}
	return t.in[t.at]
}

func (t *turtleReader) expect(c byte) error {
	if t.space(); t.peek() != c || t.at >= len(t.in) {
		return fmt.Errorf("here should be %q", c)
	}
	t.at++
	return nil
}

func (t *turtleReader) unexpected() error {
	if t.at >= len(t.in) {
		return fmt.Errorf("the end comes too soon")
	}
	rest := t.in[t.at:min(len(t.in), t.at+80)]
	if i := strings.IndexAny(rest, "\r\n"); i > 0 {
		rest = rest[:i]
	}
	return fmt.Errorf("%s is not expected here", quote(strings.ToValidUTF8(rest, "")))
}

// space moves over white space and comments.
func (t *turtleReader) space() {
	for t.at < len(t.in) {
		switch c := t.in[t.at]; {
		case c == '\n':
			t.line++
			t.at++
		case isSpace(c):
			t.at++
		case c == '#':
			end := strings.IndexByte(t.in[t.at:], '\n')
			if end < 0 {
				end = len(t.in) - t.at
			}
			t.at += end
		default:
			return
		}
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

func isHex(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f' }

func isAlphanumeric(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' }

func quote(s string) string {
	if r := []rune(s); len(r) > 60 {
		s = string(r[:60]) + "…"
	}
	return strconv.Quote(s)
}
