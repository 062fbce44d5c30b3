package skos

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/udc-community/plein/internal/record"
)

// untold is the language of words that do not say theirs.
const untold record.Language = ""

// language is the one of Plein's that a tag belongs to (nl-BE is Dutch); ok is false for others.
func language(tag string) (l record.Language, ok bool) {
	primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
	return primary, primary == untold || slices.Contains(record.ConceptLanguages, primary)
}

// words are those of a literal in a language that matters, trimmed; ok is false when there is nothing to keep.
func (g *gatherer) words(f *found, o node, limit int) (l record.Language, s string, ok bool) {
	if l, ok = language(o.language); o.kind != isLiteral || !ok {
		return "", "", false
	}
	s = strings.Join(strings.Fields(o.value), " ")
	switch {
	case s == "":
		return "", "", false
	case utf8.RuneCountInString(s) > limit:
		g.leftOut(f, record.Wrong(record.TooLong, fmt.Sprintf("Een tekst is te lang: hooguit %d tekens.", limit), fmt.Sprintf("A text is too long: at most %d characters.", limit)))
		return "", "", false
	case !record.Readable(s):
		g.leftOut(f, record.Wrong(record.Invalid, "Een tekst heeft een teken dat niet te lezen is.", "A text has a character that cannot be read."))
		return "", "", false
	}
	return l, s, true
}

// label keeps the first of a language (SKOS S14 knows no second) and takes others as alternatives.
func (g *gatherer) label(f *found, o node) {
	l, s, ok := g.words(f, o, record.MaxTerm)
	switch {
	case !ok:
	case f.Label[l] == "":
		f.Label = with(f.Label, l, s)
	case f.Label[l] != s:
		g.alternative(f, o)
	}
}

func with(t record.Text, l record.Language, s string) record.Text {
	if t == nil {
		t = record.Text{}
	}
	t[l] = s
	return t
}

func (g *gatherer) alternative(f *found, o node) {
	l, s, ok := g.words(f, o, record.MaxTerm)
	if !ok || f.said[l+" "+s] {
		return
	}
	if len(f.Alternatives[l]) == record.MaxAlternatives {
		f.tooMany[l]++
		return
	}
	f.said[l+" "+s] = true
	if f.Alternatives == nil {
		f.Alternatives = map[record.Language][]string{}
	}
	f.Alternatives[l] = append(f.Alternatives[l], s)
}

func (g *gatherer) definition(f *found, o node) {
	if l, s, ok := g.words(f, o, record.MaxDefinition); ok && f.Definition[l] == "" {
		f.Definition = with(f.Definition, l, s)
	}
}

func (g *gatherer) link(f *found, have []string, o node) []string {
	if o.kind != isIRI || slices.Contains(have, o.value) {
		return have
	}
	if len(have) == record.MaxRelated {
		f.tooMany["links"]++
		return have
	}
	return append(have, o.value)
}

// finish makes the list of what was found.
func (g *gatherer) finish() {
	for _, f := range g.subjects {
		if f.other || !f.concept && f.Label == nil {
			continue // a scheme, a collection, or only pointed at
		}
		settle(f)
		switch {
		case f.blank:
			g.bad(f.Line, "", record.Wrong(record.Required, "Dit begrip heeft geen adres.", "This concept has no address.", "uri"))
		case !record.IsIRI(f.IRI):
			g.bad(f.Line, short(f.IRI), record.Wrong(record.Invalid, "Dit is geen volledig adres.", "This is not a full address.", "uri"))
		case f.Label == nil:
			g.bad(f.Line, f.IRI, record.Wrong(record.Required, "Dit begrip heeft geen label in het Nederlands of Engels.", "This concept has no label in Dutch or English.", "label"))
		case len(g.Concepts) == MaxConcepts:
			g.broken(f.Line, tooManyConcepts())
		default:
			g.Concepts = append(g.Concepts, f.Concept)
			for _, what := range slices.Sorted(maps.Keys(f.tooMany)) {
				g.leftOut(f, record.Wrong(record.TooMany, fmt.Sprintf("%d te veel (%s): hooguit %d.", f.tooMany[what], what, record.MaxAlternatives),
					fmt.Sprintf("%d too many (%s): at most %d.", f.tooMany[what], what, record.MaxAlternatives)))
			}
		}
		if g.Broken {
			return
		}
	}
}

// settle gives words without a language to Dutch, where there are no Dutch ones.
func settle(f *found) {
	adopt(f.Label)
	adopt(f.Definition)
	adopt(f.Alternatives)
	if len(f.Label) == 0 {
		f.Label = nil
	}
}

func adopt[T any](by map[record.Language]T) {
	words, untagged := by[untold]
	if _, dutch := by[record.Dutch]; untagged && !dutch {
		by[record.Dutch] = words
	}
	delete(by, untold)
}

// short keeps a report from being as long as what it is about.
func short(s string) string {
	if r := []rune(s); len(r) > 200 {
		return string(r[:200]) + "…"
	}
	return s
}
