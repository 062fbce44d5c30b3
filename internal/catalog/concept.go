package catalog

import (
	"context"
	"fmt"
	"slices"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/concept"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

func conceptOf(r *ent.Concept) *record.Concept {
	return &record.Concept{ID: r.ID, IRI: r.Iri, Scheme: record.Scheme(r.Scheme), Notation: r.Notation, Label: r.Label,
		Alternatives: r.Alternatives, Definition: r.Definition, BroaderIRI: r.BroaderIri, RelatedIRIs: r.RelatedIris,
		Deprecated: r.Deprecated, Level: r.Level, Revision: r.Revision}
}

func (w *Writer) conceptRow(c *record.Concept, position int) *ent.ConceptCreate {
	return w.tx.Concept.Create().SetID(c.ID).SetIri(c.IRI).SetScheme(string(c.Scheme)).SetNotation(c.Notation).SetLabel(c.Label).
		SetAlternatives(c.Alternatives).SetDefinition(c.Definition).SetBroaderIri(c.BroaderIRI).SetRelatedIris(c.RelatedIRIs).
		SetDeprecated(c.Deprecated).SetLevel(c.Level).SetPosition(position).SetRevision(max(1, c.Revision))
}

func readVocabularies(ctx context.Context, client *ent.Client) (*record.Vocabularies, error) {
	rows, err := client.Concept.Query().Order(concept.ByScheme(), concept.ByPosition(), concept.ByID()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read concepts: %w", err)
	}
	cs := make([]*record.Concept, len(rows))
	for i, r := range rows {
		cs[i] = conceptOf(r)
	}
	return record.NewVocabularies(cs), nil
}

// conceptsChanged makes what this transaction wrote of the vocabularies visible to the rest of it.
func (w *Writer) conceptsChanged(ctx context.Context) error {
	vs, err := readVocabularies(ctx, w.tx.Client())
	if err != nil {
		return err
	}
	w.partsChanged.vocabularies = true
	return w.reread(ctx, vs)
}

// conceptBatch is how many concepts go into the database in one statement.
const conceptBatch = 500

// SetConcepts adds concepts or replaces them by id, in the order of their vocabulary, each at the revision that it says.
func (w *Writer) SetConcepts(ctx context.Context, cs []*record.Concept) error {
	if !w.viewer.System {
		return errSystemOnly
	}
	rows := make([]*ent.ConceptCreate, len(cs))
	for batch := range slices.Chunk(cs, conceptBatch) {
		// What another node mentioned before it was known here makes way.
		var ids []string
		for _, c := range batch {
			if id := record.MentionedID(c.Scheme, c.IRI); id != c.ID {
				ids = append(ids, id)
			}
		}
		if _, err := w.tx.Concept.Delete().Where(concept.IDIn(ids...)).Exec(ctx); err != nil {
			return fmt.Errorf("make way for concepts: %w", err)
		}
	}
	for i, c := range cs {
		rows[i] = w.conceptRow(c, i)
		w.log(changelog.Updated, "", c.ID, max(1, c.Revision), "")
	}
	for batch := range slices.Chunk(rows, conceptBatch) {
		if err := w.tx.Concept.CreateBulk(batch...).OnConflictColumns(concept.FieldID).UpdateNewValues().Exec(ctx); err != nil {
			return fmt.Errorf("store concepts: %w", err)
		}
	}
	return w.conceptsChanged(ctx)
}

// CreateConcept adds a term to the thesaurus. Without a notation it gets one made of its label.
func (w *Writer) CreateConcept(ctx context.Context, c record.Concept) (*record.Concept, error) {
	if err := policy.MayEditThesaurus(w.viewer); err != nil {
		return nil, err
	}
	c.Tidy()
	if c.Notation == "" {
		c.Notation = record.Slug(c.Label.In())
	}
	c.Scheme = record.Thesaurus
	c.ID, c.IRI = record.ConceptID(c.Scheme, c.Notation), record.ConceptIRI(c.Scheme, c.Notation)
	// Revision 1 is as Plein ships it: a later Plein may rewrite that, and not what somebody made here.
	c.Revision = 2
	problems := c.CheckNotation()
	if problems == nil && w.ref.Concept(c.ID) != nil {
		problems = append(problems, conceptTaken())
	}
	if err := append(problems, c.Check(w.ref.Vocabularies)...).Err(); err != nil {
		return nil, err
	}
	err := w.conceptRow(&c, len(w.ref.Scheme(c.Scheme))).Exec(ctx)
	if ent.IsConstraintError(err) { // another process made it a moment ago
		return nil, record.Problems{conceptTaken()}
	} else if err != nil {
		return nil, fmt.Errorf("store concept %s: %w", c.ID, err)
	}
	w.log(changelog.Created, "", c.ID, c.Revision, "")
	if err := w.conceptsChanged(ctx); err != nil {
		return nil, err
	}
	return w.ref.Concept(c.ID), nil
}

func conceptTaken() record.Problem {
	return record.Wrong(record.Duplicate, "De thesaurus heeft al een begrip met deze code.", "The thesaurus has a concept with this notation already.", "notation")
}

// EditConcept changes a term of the thesaurus, or the alternatives and related terms of a policy theme. What do gets has
// the related terms from both sides, and those that it leaves are all there will be: a term that named this one is
// changed along. What changes nothing keeps the revision.
func (w *Writer) EditConcept(ctx context.Context, id string, revision int, do func(*record.Concept) error) (*record.Concept, error) {
	if err := policy.MayEditThesaurus(w.viewer); err != nil {
		return nil, err
	}
	known := w.ref.Concept(id)
	if known == nil {
		return nil, record.Problems{record.NoSuch("id")}
	}
	row, err := w.tx.Concept.Get(ctx, known.ID)
	if err != nil {
		return nil, fmt.Errorf("load concept %s: %w", known.ID, err)
	}
	if row.Revision != revision {
		return nil, record.Problems{record.Stale(row.Revision)}
	}
	old, c := conceptOf(row), conceptOf(row)
	old.Tidy()
	c.RelatedIRIs = conceptIRIs(known.Related())
	if err := do(c); err != nil {
		return nil, err
	}
	c.Tidy()
	unlinked := slices.DeleteFunc(slices.Clone(known.Related()), func(x *record.Concept) bool { return slices.Contains(c.RelatedIRIs, x.IRI) })
	if len(unlinked) == 0 && len(c.RelatedIRIs) == len(known.Related()) {
		c.RelatedIRIs = old.RelatedIRIs // nothing changed: the others go on naming it
	}
	if err := append(record.Fixed(old, c), c.Check(w.ref.Vocabularies)...).Err(); err != nil {
		return nil, err
	}
	if c.Same(old) && len(unlinked) == 0 {
		return known, nil
	}
	if err := w.updateConcept(ctx, c); err != nil {
		return nil, err
	}
	for _, x := range unlinked {
		if err := w.unlink(ctx, x.ID, c.IRI); err != nil {
			return nil, err
		}
	}
	if err := w.conceptsChanged(ctx); err != nil {
		return nil, err
	}
	return w.ref.Concept(c.ID), nil
}

func conceptIRIs(cs []*record.Concept) []string {
	out := make([]string, len(cs))
	for i, c := range cs {
		out[i] = c.IRI
	}
	return out
}

// unlink takes a term out of the related ones of another.
func (w *Writer) unlink(ctx context.Context, id, iri string) error {
	row, err := w.tx.Concept.Get(ctx, id)
	if err != nil {
		return fmt.Errorf("load concept %s: %w", id, err)
	}
	x := conceptOf(row)
	if !slices.Contains(x.RelatedIRIs, iri) {
		return nil
	}
	x.RelatedIRIs = slices.DeleteFunc(x.RelatedIRIs, func(r string) bool { return r == iri })
	return w.updateConcept(ctx, x)
}

// updateConcept stores what may change of a concept, at the next revision.
func (w *Writer) updateConcept(ctx context.Context, c *record.Concept) error {
	c.Revision++
	err := w.tx.Concept.UpdateOneID(c.ID).SetLabel(c.Label).SetAlternatives(c.Alternatives).SetDefinition(c.Definition).
		SetBroaderIri(c.BroaderIRI).SetRelatedIris(c.RelatedIRIs).SetDeprecated(c.Deprecated).SetRevision(c.Revision).Exec(ctx)
	if err != nil {
		return fmt.Errorf("store concept %s: %w", c.ID, err)
	}
	w.log(changelog.Updated, "", c.ID, c.Revision, "")
	return nil
}
