package exchange

import (
	"bytes"
	"context"
	"embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

//go:embed reference
var tables embed.FS

// LoadReference brings the vocabularies and municipalities that come with Plein into the catalogue: what is missing or
// differs, in one transaction. A second call writes nothing. What an administrator loaded since stays: an urbanity that
// the table does not know, and municipalities with a later reference year.
func LoadReference(ctx context.Context, cat *catalog.Catalog) error {
	concepts, err := readConcepts()
	if err != nil {
		return fmt.Errorf("read the vocabularies: %w", err)
	}
	municipalities, err := readMunicipalities()
	if err != nil {
		return fmt.Errorf("read the municipalities: %w", err)
	}
	concepts = changedConcepts(cat.Reference(), concepts)
	municipalities = changedMunicipalities(cat.Reference(), municipalities)
	if len(concepts)+len(municipalities) == 0 {
		return nil
	}
	ctx = identity.AsSystem(ctx)
	err = cat.Write(ctx, func(w *catalog.Writer) error {
		if err := w.SetConcepts(ctx, concepts); err != nil {
			return err
		}
		return w.SetMunicipalities(ctx, municipalities)
	})
	if err != nil {
		return fmt.Errorf("load the reference tables: %w", err)
	}
	return nil
}

// changedConcepts are those of the vocabularies in which anything differs: a term's place is its place in what is
// written, so a vocabulary is written whole. A term that was edited here stays as it is.
func changedConcepts(ref *record.Reference, cs []*record.Concept) []*record.Concept {
	var out []*record.Concept
	for _, scheme := range record.Schemes {
		ours := slices.DeleteFunc(slices.Clone(cs), func(c *record.Concept) bool { return c.Scheme != scheme })
		for i, c := range ours {
			if old := ref.Concept(c.ID); old != nil && old.Revision > 1 {
				ours[i] = old
			}
		}
		known := slices.DeleteFunc(slices.Clone(ref.Scheme(scheme)), func(c *record.Concept) bool {
			return !slices.ContainsFunc(ours, func(x *record.Concept) bool { return x.ID == c.ID })
		})
		if !slices.EqualFunc(ours, known, (*record.Concept).Same) {
			out = append(out, ours...)
		}
	}
	return out
}

func changedMunicipalities(ref *record.Reference, ms []*record.Municipality) []*record.Municipality {
	var out []*record.Municipality
	for _, m := range ms {
		if old := ref.Municipality(m.Code); old != nil {
			if old.ReferenceYear > m.ReferenceYear {
				continue
			}
			m.Urbanity, m.Successor = old.Urbanity, old.Successor
			if sameMunicipality(old, m) {
				continue
			}
		}
		out = append(out, m)
	}
	return out
}

func sameMunicipality(a, b *record.Municipality) bool {
	return a.Name == b.Name && slices.Equal(a.Aliases, b.Aliases) && a.Province == b.Province && a.Population == b.Population &&
		a.Density == b.Density && a.ReferenceYear == b.ReferenceYear && a.TooiIRI == b.TooiIRI && a.Lon == b.Lon && a.Lat == b.Lat
}

// Vocabularies are those that come with Plein, without a catalogue.
func Vocabularies() (*record.Reference, error) {
	concepts, err := readConcepts()
	if err != nil {
		return nil, fmt.Errorf("read the vocabularies: %w", err)
	}
	return record.NewReference(record.NewVocabularies(concepts), nil, nil, nil, nil), nil
}

// readConcepts gives the terms in the order of their vocabularies.
func readConcepts() ([]*record.Concept, error) {
	b, err := tables.ReadFile("reference/vocabularies.yml")
	if err != nil {
		return nil, err
	}
	var own map[record.Scheme][]struct {
		Notation, NL, EN string
		Level            int
	}
	if err := yaml.UnmarshalWithOptions(b, &own, yaml.Strict()); err != nil {
		return nil, err
	}
	out, err := readThemes()
	if err != nil {
		return nil, err
	}
	for _, scheme := range record.Schemes {
		for _, t := range own[scheme] {
			out = append(out, &record.Concept{ID: record.ConceptID(scheme, t.Notation), IRI: record.ConceptIRI(scheme, t.Notation),
				Scheme: scheme, Notation: t.Notation, Label: record.Text{record.Dutch: t.NL, record.English: t.EN}, Level: t.Level})
		}
	}
	thesaurus, err := readThesaurus()
	return append(out, thesaurus...), err
}

// readThesaurus gives the words of Plein's own thesaurus, which point at each other by notation.
func readThesaurus() ([]*record.Concept, error) {
	b, err := tables.ReadFile("reference/thesaurus.yml")
	if err != nil {
		return nil, err
	}
	var entries []struct {
		Notation, NL, EN, Broader string
		Alt                       []string
		AltEN                     []string `yaml:"alt-en"`
		Related                   []string
	}
	if err := yaml.UnmarshalWithOptions(b, &entries, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("reference/thesaurus.yml: %w", err)
	}
	iri := func(notation string) string { return record.ConceptIRI(record.Thesaurus, notation) }
	out := make([]*record.Concept, len(entries))
	for i, e := range entries {
		c := &record.Concept{ID: record.ConceptID(record.Thesaurus, e.Notation), IRI: iri(e.Notation), Scheme: record.Thesaurus, Notation: e.Notation,
			Label:        record.NL(e.NL).With(record.English, e.EN),
			Alternatives: map[record.Language][]string{record.Dutch: e.Alt, record.English: e.AltEN}}
		if e.Broader != "" {
			c.BroaderIRI = iri(e.Broader)
		}
		for _, r := range e.Related {
			c.RelatedIRIs = append(c.RelatedIRIs, iri(r))
		}
		c.Tidy()
		out[i] = c
	}
	return out, nil
}

// readThemes gives the policy themes, which keep their official addresses.
func readThemes() ([]*record.Concept, error) {
	rows, err := readTable("reference/themes.tsv", '\t', 6)
	if err != nil {
		return nil, err
	}
	out := make([]*record.Concept, len(rows))
	for i, r := range rows {
		out[i] = &record.Concept{ID: record.ConceptID(record.PolicyDomain, r[0]), Scheme: record.PolicyDomain, Notation: r[0],
			Label: record.NL(r[1]).With(record.English, r[2]), IRI: r[3], BroaderIRI: r[4]}
	}
	return out, nil
}

func readMunicipalities() ([]*record.Municipality, error) {
	rows, err := readTable("reference/municipalities.csv", ',', 10)
	if err != nil {
		return nil, err
	}
	out := make([]*record.Municipality, len(rows))
	for i, r := range rows {
		m := &record.Municipality{Code: r[0], Name: r[1], Province: r[3], TooiIRI: r[4]}
		if r[2] != "" {
			m.Aliases = strings.Split(r[2], "|")
		}
		for j, to := range map[int]*int{5: &m.Population, 6: &m.Density, 7: &m.ReferenceYear} {
			if *to, err = strconv.Atoi(r[j]); err != nil {
				return nil, fmt.Errorf("%s: %w", m.Code, err)
			}
		}
		for j, to := range map[int]*float64{8: &m.Lon, 9: &m.Lat} {
			if *to, err = strconv.ParseFloat(r[j], 64); err != nil {
				return nil, fmt.Errorf("%s: %w", m.Code, err)
			}
		}
		out[i] = m
	}
	return out, nil
}

// readTable reads a table that comes with Plein, without its header.
func readTable(name string, comma rune, columns int) ([][]string, error) {
	b, err := tables.ReadFile(name)
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(bytes.NewReader(b))
	r.Comma, r.FieldsPerRecord = comma, columns
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return rows[1:], nil
}
