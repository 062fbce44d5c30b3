package exchange

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
	"github.com/udc-community/plein/internal/skos"
)

// ConceptOptions of an import of concepts.
type ConceptOptions struct {
	// DryRun does everything and then takes it back.
	DryRun bool
	// Replace deprecates the concepts that came from the same list before and are not in it now.
	Replace bool
}

// ConceptReport says what an import of concepts did, or with DryRun what it would do.
type ConceptReport struct {
	Counts
	// Deprecated are concepts that are not in the list any more.
	Deprecated int `json:"deprecated"`
	// Bad are lines and concepts that were not imported; LeftOut is what was left out of concepts that were.
	Bad     []BadLine `json:"bad,omitempty"`
	LeftOut []BadLine `json:"leftOut,omitempty"`
	// Refused tells that the file could not be read to its end, so that nothing was imported.
	Refused bool `json:"refused,omitempty"`
	DryRun  bool `json:"dryRun,omitempty"`
}

// In sums the report up for a person.
func (r *ConceptReport) In(language record.Language) string {
	dutch := language == record.Dutch
	var head string
	switch {
	case r.Refused && dutch:
		return "Niets geïmporteerd: het bestand is niet tot het einde te lezen."
	case r.Refused:
		return "Nothing was imported: the file cannot be read to its end."
	case r.DryRun && dutch:
		head = "Proef: er is niets opgeslagen. "
	case r.DryRun:
		head = "Trial: nothing was saved. "
	}
	if dutch {
		return head + fmt.Sprintf("Begrippen: %d nieuw, %d bijgewerkt, %d ongewijzigd, %d vervallen, %d al van Plein zelf, %d fout; van de begrippen zelf is %d keer iets weggelaten.",
			r.Created, r.Updated, r.Unchanged, r.Deprecated, r.Left, len(r.Bad), len(r.LeftOut))
	}
	return head + fmt.Sprintf("Concepts: %d new, %d updated, %d unchanged, %d deprecated, %d Plein's own already, %d bad; something was left out of a concept %d times.",
		r.Created, r.Updated, r.Unchanged, r.Deprecated, r.Left, len(r.Bad), len(r.LeftOut))
}

// ImportConcepts brings a list of concepts of somebody else into the vocabulary TAXONOMY, all in one transaction. A
// concept is known by its IRI: importing a list again writes what is different in it, and nothing when nothing is. The
// report comes with a nil error also when there are bad lines. The file is held in memory.
func ImportConcepts(ctx context.Context, cat *catalog.Catalog, r io.Reader, format skos.Format, o ConceptOptions) (*ConceptReport, error) {
	list, err := skos.Read(r, format)
	if err != nil {
		return nil, fmt.Errorf("import concepts: %w", err)
	}
	ctx = identity.AsSystem(ctx)
	report := &ConceptReport{Refused: list.Broken, DryRun: o.DryRun, Bad: badLines(list.Bad)}
	if report.Refused {
		return report, nil
	}
	err = cat.Write(ctx, func(w *catalog.Writer) error {
		*report = ConceptReport{DryRun: o.DryRun, Bad: badLines(list.Bad), LeftOut: badLines(list.LeftOut)}
		t := takeOver(w.Reference(), list.Concepts, report)
		if o.Replace {
			t.deprecateOthers(list.Concepts)
		}
		if len(t.concepts) > skos.MaxConcepts {
			return record.Problems{record.Wrong(record.TooMany, fmt.Sprintf("Er zouden %d begrippen van anderen zijn: hooguit %d.", len(t.concepts), skos.MaxConcepts),
				fmt.Sprintf("There would be %d concepts of others: at most %d.", len(t.concepts), skos.MaxConcepts))}
		}
		t.settleLinks()
		changed := t.changed()
		if len(changed) == 0 {
			return errTakeBack
		}
		if err := w.SetConcepts(ctx, changed); err != nil {
			return err
		}
		if o.DryRun {
			return errTakeBack
		}
		return nil
	})
	if err != nil && !errors.Is(err, errTakeBack) {
		return nil, fmt.Errorf("import concepts: %w", err)
	}
	return report, nil
}

func badLines(fs []skos.Flaw) []BadLine {
	out := make([]BadLine, len(fs))
	for i, f := range fs {
		out[i] = BadLine{Line: f.Line, ExternalID: f.IRI, Problems: record.Problems{f.Problem}}
	}
	return out
}

// takingOver is the vocabulary as it will be: what is there already, and over it what a list says.
type takingOver struct {
	ref      *record.Reference
	concepts map[string]*record.Concept // by IRI
	lines    map[string]int
	// wider are the wider concepts of those in the list, of which one is kept.
	wider  map[string][]string
	report *ConceptReport
}

func takeOver(ref *record.Reference, list []skos.Concept, report *ConceptReport) *takingOver {
	t := &takingOver{ref: ref, concepts: map[string]*record.Concept{}, lines: map[string]int{}, wider: map[string][]string{}, report: report}
	for _, c := range ref.Scheme(record.Taxonomy) {
		own := *c
		t.concepts[c.IRI] = &own
	}
	for _, x := range list {
		if old := ref.Concept(x.IRI); old != nil && old.Scheme != record.Taxonomy {
			report.count(Left)
			continue
		}
		notation := record.ImportedNotation(x.IRI)
		c := &record.Concept{ID: record.ConceptID(record.Taxonomy, notation), IRI: x.IRI, Scheme: record.Taxonomy, Notation: notation, Label: x.Label,
			Alternatives: x.Alternatives, Definition: x.Definition, RelatedIRIs: x.Related, Deprecated: x.Deprecated, Revision: 1}
		c.Tidy()
		t.concepts[x.IRI], t.lines[x.IRI], t.wider[x.IRI] = c, x.Line, x.Broader
	}
	return t
}

// deprecateOthers deprecates what is not in the list but has an address like those in it, up to the last / or #.
func (t *takingOver) deprecateOthers(list []skos.Concept) {
	namespaces := map[string]bool{}
	for _, c := range list {
		namespaces[namespace(c.IRI)] = true
	}
	for iri, c := range t.concepts {
		if _, listed := t.lines[iri]; !listed && namespaces[namespace(iri)] {
			c.Deprecated = true
		}
	}
}

func namespace(iri string) string { return iri[:strings.LastIndexAny(iri, "/#:")+1] }

// settleLinks keeps of the links of the list what fits: one wider concept, no circles, and nothing that points outside.
func (t *takingOver) settleLinks() {
	for iri, wider := range t.wider {
		// Statements have no order, so which one is kept follows from the addresses.
		known := slices.DeleteFunc(slices.Clone(wider), func(b string) bool { return t.concepts[b] == nil || b == iri })
		slices.Sort(known)
		c := t.concepts[iri]
		if len(known) > 0 {
			c.BroaderIRI = known[0]
		}
		t.leftOut(iri, "broader", len(known)-1, "verdere ruimere begrippen: Plein houdt er één", "further wider concepts: Plein keeps one")
		t.leftOut(iri, "broader", len(wider)-len(known), "ruimere begrippen die hier niet zijn", "wider concepts that are not here")
		named := len(c.RelatedIRIs)
		c.RelatedIRIs = slices.DeleteFunc(c.RelatedIRIs, func(r string) bool { return t.concepts[r] == nil })
		t.leftOut(iri, "related", named-len(c.RelatedIRIs), "verwante begrippen die hier niet zijn", "related concepts that are not here")
	}
	// The check looks at all links before any is taken away, so which ones go does not depend on the order either.
	at := record.NewVocabularies(t.sorted())
	var fitting []func()
	for iri := range t.wider {
		c := t.concepts[iri]
		broader, related := c.BroaderIRI, c.RelatedIRIs
		for _, p := range c.Check(at) {
			switch p.Field[0] {
			case "broader":
				broader = ""
			case "related":
				related = slices.DeleteFunc(slices.Clone(related), func(r string) bool { return !c.MayRelate(at, at.Concept(r)) })
			}
			t.report.LeftOut = append(t.report.LeftOut, BadLine{Line: t.lines[iri], ExternalID: iri, Problems: record.Problems{p}})
		}
		fitting = append(fitting, func() { c.BroaderIRI, c.RelatedIRIs = broader, related })
	}
	for _, keep := range fitting {
		keep()
	}
	slices.SortStableFunc(t.report.LeftOut, func(a, b BadLine) int { return cmp.Or(a.Line-b.Line, cmp.Compare(a.ExternalID, b.ExternalID)) })
}

func (t *takingOver) leftOut(iri, field string, n int, nl, en string) {
	if n > 0 {
		p := record.Wrong(record.Invalid, fmt.Sprintf("%d %s.", n, nl), fmt.Sprintf("%d %s.", n, en), field)
		t.report.LeftOut = append(t.report.LeftOut, BadLine{Line: t.lines[iri], ExternalID: iri, Problems: record.Problems{p}})
	}
}

func (t *takingOver) sorted() []*record.Concept {
	out := make([]*record.Concept, 0, len(t.concepts))
	for _, c := range t.concepts {
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b *record.Concept) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// changed are the concepts that differ from what is there, counted.
func (t *takingOver) changed() []*record.Concept {
	var out []*record.Concept
	for _, c := range t.sorted() {
		_, listed := t.lines[c.IRI]
		old := t.ref.Concept(c.IRI)
		switch {
		case old == nil:
			t.report.count(Created)
		case !old.Same(c) && listed:
			t.report.count(Updated)
		case !old.Same(c):
			t.report.Deprecated++
		default:
			if listed {
				t.report.count(Unchanged)
			}
			continue
		}
		out = append(out, c)
	}
	return out
}

// ExportConcepts writes Plein's own vocabularies, with the policy themes as they are used here, as Turtle or JSON-LD.
// Lists that were imported are not among them: they are somebody else's to give.
func ExportConcepts(w io.Writer, ref *record.Reference, format skos.Format) error {
	var schemes []skos.Scheme
	for _, s := range record.Schemes {
		if s == record.Taxonomy {
			continue
		}
		scheme := skos.Scheme{IRI: s.IRI(), Label: s.Label()}
		for _, c := range ref.Scheme(s) {
			x := skos.Concept{IRI: c.IRI, Notation: c.Notation, Label: c.Label, Alternatives: c.Alternatives, Definition: c.Definition, Deprecated: c.Deprecated}
			if c.BroaderIRI != "" {
				x.Broader = []string{c.BroaderIRI}
			}
			for _, r := range c.Related() {
				x.Related = append(x.Related, r.IRI)
			}
			scheme.Concepts = append(scheme.Concepts, x)
		}
		schemes = append(schemes, scheme)
	}
	return skos.Write(w, format, schemes)
}
