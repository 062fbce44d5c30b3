package graph

import (
	"github.com/99designs/gqlgen/graphql"

	"github.com/udc-community/plein/internal/record"
)

// edit puts the fields of an input into a document. What was left out stays; null clears.
type edit struct {
	ref  *record.Reference
	lang record.Language
}

// in is the language of the texts: the one given, else that of the record.
func (e edit) in(lang graphql.Omittable[*string], of *record.Spine) edit {
	e.lang = of.Language
	if l := lang.Value(); l != nil {
		e.lang = *l
	}
	return e
}

func (e edit) text(to *record.Text, from graphql.Omittable[*string]) {
	if from.IsSet() {
		*to = to.With(e.lang, given(from.Value()))
	}
}

func (e edit) concept(to *string, from graphql.Omittable[*string]) {
	if from.IsSet() {
		*to = conceptIRI(e.ref, given(from.Value()))
	}
}

func (e edit) concepts(to *[]string, from graphql.Omittable[[]string]) {
	if from.IsSet() {
		*to = e.conceptIRIs(from.Value())
	}
}

func (e edit) conceptIRIs(ids []string) []string {
	return translate(ids, func(id string) string { return conceptIRI(e.ref, id) })
}

func (e edit) sourceIRIs(ids []string) []string {
	return translate(ids, func(id string) string { return sourceIRI(e.ref, id) })
}

func (e edit) municipalityCodes(ids []string) []string {
	return translate(ids, func(id string) string { return municipalityCode(e.ref, id) })
}

func (e edit) municipalities(to *[]string, from graphql.Omittable[[]string]) {
	if from.IsSet() {
		*to = e.municipalityCodes(from.Value())
	}
}

// spine puts in what every kind of record shares.
func (e edit) spine(s *record.Spine, title, summary graphql.Omittable[*string], audience graphql.Omittable[*record.Audience], license graphql.Omittable[*string], links graphql.Omittable[[]string]) {
	e.text(&s.Title, title)
	e.text(&s.Summary, summary)
	if a := audience.Value(); a != nil {
		s.Audience = *a
	}
	if license.Value() != nil {
		e.concept(&s.LicenseIRI, license)
	}
	put(&s.SourceLinks, links)
}

// put replaces a list or an optional value.
func put[T any](to *T, from graphql.Omittable[T]) {
	if from.IsSet() {
		*to = from.Value()
	}
}

// value replaces a value; null makes it the zero value.
func value[T any](to *T, from graphql.Omittable[*T]) {
	if !from.IsSet() {
		return
	}
	var zero T
	*to = zero
	if v := from.Value(); v != nil {
		*to = *v
	}
}

// or is what was given, else something else.
func or[T any](p *T, otherwise T) T {
	if p == nil {
		return otherwise
	}
	return *p
}

// optional is what an omittable field of a create was given as, or nothing.
func optional[T any](from graphql.Omittable[*T]) (out T) {
	value(&out, from)
	return out
}
