package graph

import (
	"context"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

// maxTerms is how many terms a vocabulary has at the most to be given in one list.
const maxTerms = 1_000

// linked gives the concepts of a list without pages, as long as the answer has room for them.
func linked(ctx context.Context, cs []*record.Concept) ([]*record.Concept, error) {
	if err := outcomeOf(ctx).unpaged(ctx, len(cs)); err != nil {
		return nil, err
	}
	return cs, nil
}

// termSchemes are the vocabularies that terms reads, of which some may be asked.
func termSchemes(asked []record.Scheme) ([]record.Scheme, error) {
	if len(asked) == 0 {
		return []record.Scheme{record.Thesaurus, record.Taxonomy}, nil
	}
	for _, s := range asked {
		if s != record.Thesaurus && s != record.Taxonomy {
			return nil, record.Problems{record.Wrong(record.Invalid, "Kies uit THESAURUS en TAXONOMY; andere lijsten geeft `concepts`.",
				"Choose from THESAURUS and TAXONOMY; `concepts` gives the others.", "schemes")}
		}
	}
	return once(asked), nil
}

// editConcept carries out a change of the thesaurus.
func (r *Resolver) editConcept(ctx context.Context, do func(*catalog.Writer) (*record.Concept, error)) (*ConceptPayload, error) {
	var out *record.Concept
	err := r.transact(ctx, policy.EditThesaurus, func(w *catalog.Writer) (err error) {
		out, err = do(w)
		return err
	})
	ps, err := userErrors(err)
	if ps != nil {
		out = nil
	}
	return &ConceptPayload{Concept: out, UserErrors: ps}, err
}

func newConcept(e edit, in ConceptCreateInput) record.Concept {
	c := record.Concept{Notation: given(in.Notation.Value()), Label: record.Text{e.lang: in.Label}, Definition: record.Text{e.lang: given(in.Definition.Value())},
		Alternatives: map[record.Language][]string{e.lang: in.Alternatives.Value()}, RelatedIRIs: e.conceptIRIs(in.Related.Value())}
	e.concept(&c.BroaderIRI, in.Broader)
	return c
}

func updateConcept(e edit, c *record.Concept, in ConceptUpdateInput) {
	e.text(&c.Label, in.Label)
	e.text(&c.Definition, in.Definition)
	if in.Alternatives.IsSet() {
		if c.Alternatives == nil {
			c.Alternatives = map[record.Language][]string{}
		}
		c.Alternatives[e.lang] = in.Alternatives.Value()
	}
	e.concept(&c.BroaderIRI, in.Broader)
	e.concepts(&c.RelatedIRIs, in.Related)
	value(&c.Deprecated, in.IsDeprecated)
}
