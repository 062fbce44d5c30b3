package exchange

import (
	"mime"
	"slices"

	"github.com/udc-community/plein/internal/rdf"
	"github.com/udc-community/plein/internal/record"
)

// Addresses of the value lists that DCAT-AP-NL 3.0 asks for.
const (
	authority       = "http://publications.europa.eu/resource/authority/"
	dataThemeScheme = authority + "data-theme"
	accessPublic    = authority + "access-right/PUBLIC"
	languageNLD     = authority + "language/NLD"
	languageENG     = authority + "language/ENG"
	mediaTypes      = "https://www.iana.org/assignments/media-types/"
	graphQLStandard = "https://spec.graphql.org/October2021/"

	licenseCCBY    = "http://creativecommons.org/licenses/by/4.0/deed.nl"
	licenseCC0     = "http://creativecommons.org/publicdomain/zero/1.0/deed.nl"
	licenseClosed  = "http://standaarden.overheid.nl/owms/terms/geslotenlicentie"
	licenseUnknown = "http://standaarden.overheid.nl/owms/terms/licentieonbekend"
)

// dataTheme is a theme of the EU's value list.
type dataTheme struct {
	notation string
	label    record.Text
}

func (t *dataTheme) iri() string { return dataThemeScheme + "/" + t.notation }

func (t *dataTheme) node() rdf.Node {
	n := typed(t.iri(), "skos:Concept")
	n.Say("skos:prefLabel", rdf.Texts(t.label, record.ConceptLanguages...)...)
	return n
}

// readDataThemes gives the themes of the EU by notation, and by the IRI of each policy theme that has one of its own.
func readDataThemes() (map[string]*dataTheme, error) {
	rows, err := readTable("reference/datathemes.tsv", '\t', 3)
	if err != nil {
		return nil, err
	}
	out := map[string]*dataTheme{}
	for _, r := range rows {
		out[r[0]] = &dataTheme{notation: r[0], label: record.NL(r[1]).With(record.English, r[2])}
	}
	if rows, err = readTable("reference/themes.tsv", '\t', 6); err != nil {
		return nil, err
	}
	for _, r := range rows {
		if t := out[r[5]]; t != nil {
			out[r[3]] = t
		}
	}
	return out, nil
}

// dataTheme of a policy theme: its own, else that of the theme above it; nil where neither has one.
func (d *dcat) dataTheme(c *record.Concept) *dataTheme {
	if t := d.themes[c.IRI]; t != nil {
		return t
	}
	return d.themes[c.BroaderIRI]
}

func typed(iri string, types ...string) rdf.Node { return rdf.Node{IRI: iri, Types: types} }

// once leaves out what was described before.
func (d *dcat) once(nodes ...rdf.Node) []rdf.Node {
	return slices.DeleteFunc(nodes, func(n rdf.Node) bool {
		again := d.said[n.IRI+" "+n.Types[0]]
		d.said[n.IRI+" "+n.Types[0]] = true
		return again
	})
}

func (d *dcat) texts(t record.Text) []rdf.Value { return rdf.Texts(t, record.ConceptLanguages...) }

// language is that in which a record was written.
func language(l record.Language) rdf.Node {
	if l == record.English {
		return typed(languageENG, "dct:LinguisticSystem")
	}
	return typed(languageNLD, "dct:LinguisticSystem")
}

// agent is an organisation by its address in TOOI, or by that of its page.
func (d *dcat) agent(o *record.Organization) rdf.Node {
	iri := o.TooiIRI
	if iri == "" {
		iri = o.URI
	}
	n := typed(iri, "foaf:Agent")
	n.Say("foaf:name", rdf.Text(o.Name, record.Dutch))
	return n
}

// contactPoint is a function that answers questions, never a person. DCAT-AP asks for a Kind, and others look for an
// Organization.
func contactPoint(iri, name string) rdf.Node {
	n := typed(iri, "vcard:Kind", "vcard:Organization")
	n.Say("vcard:fn", rdf.Text(name, record.Dutch))
	return n
}

func (d *dcat) organizationContact(o *record.Organization) rdf.Node {
	n := contactPoint(o.URI+"#contact", o.Name)
	if o.ContactEmail != "" {
		n.Say("vcard:hasEmail", rdf.IRI("mailto:"+o.ContactEmail))
	}
	n.Say("vcard:hasURL", rdf.IRI(d.base+"/udc/"+o.Slug))
	return n
}

// concept is a term of one of our vocabularies.
func (d *dcat) concept(c *record.Concept) rdf.Node {
	n := typed(c.IRI, "skos:Concept")
	n.Say("skos:prefLabel", d.texts(c.Label)...)
	return n
}

// license is the document behind a licence. One that is not known is said to be so: whoever finds an output does not
// have to guess what may be done with it.
func (d *dcat) license(iri string) rdf.Node {
	n, label := typed(licenseClosed, "dct:LicenseDocument"), record.Text{record.Dutch: "Licentie onbekend", record.English: "Licence unknown"}
	if c := d.ref.Concept(iri); c != nil {
		label = c.Label
	}
	switch iri {
	case record.CCBY:
		n.IRI = licenseCCBY
	case record.ConceptIRI(record.License, "cc0-1.0"):
		n.IRI = licenseCC0
	case "":
		n.IRI = licenseUnknown
	}
	n.Say("dct:title", d.texts(label)...)
	return n
}

// location is a municipality by its address in TOOI.
func location(m *record.Municipality) rdf.Node {
	n := typed(m.TooiIRI, "dct:Location")
	n.Say("rdfs:label", rdf.Text(m.Name, record.Dutch))
	return n
}

// mediaType is the type of a file in IANA's list; ok is false when it is none.
func mediaType(s string) (n rdf.Node, ok bool) {
	media, _, err := mime.ParseMediaType(s)
	if err != nil {
		return n, false
	}
	return typed(mediaTypes+media, "dct:MediaType"), true
}

// day is a date, as precise as it is known.
func day(d record.Date) []rdf.Value {
	datatype := map[int]string{4: "xsd:gYear", 7: "xsd:gYearMonth", 10: "xsd:date"}[len(d)]
	if datatype == "" {
		return nil
	}
	return []rdf.Value{rdf.Typed(string(d), datatype)}
}
