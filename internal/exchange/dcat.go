package exchange

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/rdf"
	"github.com/udc-community/plein/internal/record"
)

// Formats of what is written as DCAT.
const (
	Turtle = rdf.Turtle
	JSONLD = rdf.JSONLD
)

// dcatRevision goes up when the same records are written otherwise: whoever has what an older Plein wrote asks again.
const dcatRevision = 1

// dcatPrefixes are the namespaces of DCAT-AP-NL 3.0 that are used here.
func dcatPrefixes() []rdf.Prefix {
	return []rdf.Prefix{
		{Name: "dcat", IRI: "http://www.w3.org/ns/dcat#"}, {Name: "dct", IRI: "http://purl.org/dc/terms/"}, {Name: "foaf", IRI: "http://xmlns.com/foaf/0.1/"},
		{Name: "prov", IRI: "http://www.w3.org/ns/prov#"}, {Name: "rdfs", IRI: "http://www.w3.org/2000/01/rdf-schema#"},
		{Name: "skos", IRI: "http://www.w3.org/2004/02/skos/core#"}, {Name: "vcard", IRI: "http://www.w3.org/2006/vcard/ns#"},
		{Name: "xsd", IRI: "http://www.w3.org/2001/XMLSchema#"},
	}
}

// dcat says in DCAT-AP-NL 3.0 what a catalogue has. Nothing in it is without an address, so that the same thing in two
// documents is one thing for whoever joins them.
type dcat struct {
	base   string
	ref    *record.Reference
	themes map[string]*dataTheme // by the notation of the EU, and by the IRI of a policy theme
	// said are the shared things that were described already, such as themes. There are as many as the vocabularies have.
	said map[string]bool
}

func newDCAT(cat *catalog.Catalog) (*dcat, error) {
	d := &dcat{base: cat.BaseURL, ref: cat.Reference(), said: map[string]bool{}}
	var err error
	if d.themes, err = readDataThemes(); err != nil {
		return nil, fmt.Errorf("read the data themes: %w", err)
	}
	return d, nil
}

// DCAT is the description of a catalogue in DCAT-AP-NL 3.0 on its way out, part by part: of the public projects of the
// organisations in own custody and of their outputs. Copies of other nodes' records, what came from registers, starter
// content and what is invented are left out: those are for others to describe, or for nobody.
type DCAT struct {
	cat   *catalog.Catalog
	about *dcat
	out   *rdf.Writer
	part  bytes.Buffer
	begun bool
	after string
}

// NewDCAT begins a description.
func NewDCAT(cat *catalog.Catalog, f rdf.Format) (*DCAT, error) {
	about, err := newDCAT(cat)
	if err != nil {
		return nil, err
	}
	d := &DCAT{cat: cat, about: about}
	d.out = rdf.NewWriter(&d.part, f, dcatPrefixes())
	return d, nil
}

// Next gives the part that follows, which is good until the next call, and whether there is more. It costs one statement
// and the memory of 200 projects, whatever the size of the catalogue.
func (d *DCAT) Next(ctx context.Context) (part []byte, more bool, err error) {
	ps, err := d.cat.OwnProjects(ctx, d.after, pageSize)
	if err != nil {
		return nil, false, err
	}
	d.part.Reset()
	if !d.begun {
		d.begun = true
		if err := d.out.Write(d.about.catalogue()...); err != nil {
			return nil, false, err
		}
	}
	for _, p := range ps {
		if err := d.out.Write(d.about.project(p)...); err != nil {
			return nil, false, err
		}
		d.after = p.ID
	}
	if len(ps) == pageSize {
		return d.part.Bytes(), true, nil
	}
	if err := d.out.Close(); err != nil {
		return nil, false, err
	}
	return d.part.Bytes(), false, nil
}

// DCATFingerprint changes when the description does, and with nothing that is not in it.
func DCATFingerprint(ctx context.Context, cat *catalog.Catalog) (string, error) {
	projects, err := cat.OwnFingerprint(ctx)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	ref := cat.Reference()
	fmt.Fprintln(h, dcatRevision, cat.BaseURL, projects) //nolint:errcheck // a hash never fails
	for _, o := range ref.AllOrganizations() {
		fmt.Fprintf(h, "%q\n", []string{o.URI, o.TooiIRI, o.Name, o.Slug, string(o.Custody), o.ContactEmail}) //nolint:errcheck // likewise
	}
	for _, m := range ref.AllMunicipalities() {
		fmt.Fprintf(h, "%q\n", []string{m.Code, m.Name, m.TooiIRI}) //nolint:errcheck // likewise
	}
	for _, s := range []record.Scheme{record.PolicyDomain, record.TargetGroup, record.Method, record.OutputKind, record.License} {
		for _, c := range ref.Scheme(s) {
			fmt.Fprintf(h, "%q\n", []string{c.IRI, c.BroaderIRI, c.Label[record.Dutch], c.Label[record.English]}) //nolint:errcheck // likewise
		}
	}
	for _, s := range ref.DataSourcesFrom("") {
		fmt.Fprintf(h, "%q\n", []string{s.IRI, s.Name}) //nolint:errcheck // likewise
	}
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
}

// ExportDCAT writes the whole description.
func ExportDCAT(ctx context.Context, cat *catalog.Catalog, w io.Writer, f rdf.Format) error {
	d, err := NewDCAT(cat, f)
	if err != nil {
		return err
	}
	for more := true; more; {
		var part []byte
		if part, more, err = d.Next(ctx); err != nil {
			return fmt.Errorf("export as DCAT: %w", err)
		}
		if _, err := w.Write(part); err != nil {
			return fmt.Errorf("export as DCAT: %w", err)
		}
	}
	return nil
}

// own are the organisations in own custody.
func (d *dcat) own() []*record.Organization {
	var out []*record.Organization
	for _, o := range d.ref.AllOrganizations() {
		if o.Custody == record.CustodyOwn {
			out = append(out, o)
		}
	}
	return out
}

// keeper is who publishes the catalogue: its only organisation, else the node by the name of its host.
func (d *dcat) keeper() (name string, publisher, contact rdf.Node) {
	if own := d.own(); len(own) == 1 {
		return own[0].Name, d.agent(own[0]), d.organizationContact(own[0])
	}
	name = d.base
	if u, err := url.Parse(d.base); err == nil && u.Host != "" {
		name = u.Host
	}
	publisher = rdf.Node{IRI: d.here("beheer"), Types: []string{"foaf:Agent"}}
	publisher.Say("foaf:name", rdf.Text(name, record.Dutch))
	contact = contactPoint(d.here("contact"), name)
	contact.Say("vcard:hasURL", rdf.IRI(d.base+"/over"))
	return name, publisher, contact
}

// here is something that the node itself has.
func (d *dcat) here(name string) string { return d.base + "/#" + name }

// catalogue describes the catalogue itself, the service by which programs ask it, and what it holds as a dataset: a
// catalogue with no public outputs yet is one all the same.
func (d *dcat) catalogue() []rdf.Node {
	name, publisher, contact := d.keeper()
	both := func(n *rdf.Node, title, description record.Text) {
		n.Say("dct:title", d.texts(title)...)
		n.Say("dct:description", d.texts(description)...)
		n.Say("dct:publisher", rdf.IRI(publisher.IRI))
		n.Say("dct:creator", rdf.IRI(publisher.IRI))
		n.Say("dcat:contactPoint", rdf.IRI(contact.IRI))
		n.Say("dct:language", rdf.IRI(languageNLD), rdf.IRI(languageENG))
	}
	government := d.themes["GOVE"]

	c := rdf.Node{IRI: d.here("catalogus"), Types: []string{"dcat:Catalog"}}
	both(&c, record.Text{record.Dutch: "Plein: " + name, record.English: "Plein: " + name},
		record.Text{record.Dutch: "Dataprojecten van Urban Data Centers, met de resultaten die iedereen kan krijgen.",
			record.English: "Data projects of Urban Data Centers, with the results that anybody can get."})
	c.Say("foaf:homepage", rdf.IRI(d.base+"/"))
	c.Say("dcat:themeTaxonomy", rdf.IRI(dataThemeScheme))
	c.Say("dcat:service", rdf.IRI(d.here("graphql")))
	c.Say("dcat:dataset", rdf.IRI(d.here("beschrijvingen")))

	s := rdf.Node{IRI: d.here("graphql"), Types: []string{"dcat:DataService"}}
	both(&s, record.Text{record.Dutch: "GraphQL van " + name, record.English: "GraphQL of " + name},
		record.Text{record.Dutch: "Alles wat in deze catalogus openbaar is, te zoeken en te lezen door programma's.",
			record.English: "Everything that is public in this catalogue, for programs to search and read."})
	s.Say("dct:identifier", rdf.Text(s.IRI, ""))
	s.Say("dct:accessRights", rdf.IRI(accessPublic))
	s.Say("dct:license", rdf.IRI(licenseCCBY))
	s.Say("dct:rights", rdf.IRI(d.here("rechten")))
	s.Say("dcat:theme", rdf.IRI(government.iri()))
	s.Say("dcat:keyword", rdf.Text("urban data center", record.Dutch), rdf.Text("GraphQL", record.Dutch))
	s.Say("dct:conformsTo", rdf.IRI(graphQLStandard))
	s.Say("dcat:endpointURL", rdf.IRI(d.base+"/graphql"))
	s.Say("dcat:endpointDescription", rdf.IRI(d.base+"/graphql/schema.graphql"))
	s.Say("dcat:servesDataset", rdf.IRI(d.here("beschrijvingen")))
	s.Say("dcat:landingPage", rdf.IRI(d.base+"/api"))
	s.Say("foaf:page", rdf.IRI(d.base+"/api"))

	all := rdf.Node{IRI: d.here("beschrijvingen"), Types: []string{"dcat:Dataset"}}
	both(&all, record.Text{record.Dutch: "Beschrijvingen van projecten, sjablonen en lessen", record.English: "Descriptions of projects, templates and lessons"},
		record.Text{record.Dutch: "Wat in deze catalogus te vinden is, ook wat van anderen is overgenomen. Elke beschrijving noemt haar herkomst en haar licentie.",
			record.English: "What can be found in this catalogue, also what was taken over from others. Each description names its origin and its licence."})
	all.Say("dct:identifier", rdf.Text(all.IRI, ""))
	all.Say("dct:accessRights", rdf.IRI(accessPublic))
	all.Say("dcat:theme", rdf.IRI(government.iri()))
	all.Say("dcat:landingPage", rdf.IRI(d.base+"/zoeken"))
	all.Say("foaf:page", rdf.IRI(d.base+"/help"))
	nodes := []rdf.Node{c, s}
	var distributions []rdf.Node
	for _, x := range []struct{ key, path, media string }{{"csv", "/zoeken.csv", "text/csv"}, {"ndjson", "/zoeken.ndjson", ""}, {"api", "/graphql", "application/json"}} {
		n := rdf.Node{IRI: all.IRI + "-" + x.key, Types: []string{"dcat:Distribution"}}
		n.Say("dcat:accessURL", rdf.IRI(d.base+x.path))
		if x.key == "api" {
			n.Say("dcat:accessService", rdf.IRI(s.IRI))
		} else {
			n.Say("dcat:downloadURL", rdf.IRI(d.base+x.path))
		}
		n.Say("dct:license", rdf.IRI(licenseCCBY))
		n.Say("dct:rights", rdf.IRI(d.here("rechten")))
		n.Say("dct:language", rdf.IRI(languageNLD), rdf.IRI(languageENG))
		if x.media != "" {
			n.Say("dcat:mediaType", rdf.IRI(mediaTypes+x.media))
			nodes = append(nodes, d.once(typed(mediaTypes+x.media, "dct:MediaType"))...)
		}
		all.Say("dcat:distribution", rdf.IRI(n.IRI))
		distributions = append(distributions, n)
	}
	nodes = append(append(nodes, all), distributions...)
	return append(nodes, d.once(append(d.standing(), publisher, contact, government.node(), d.license(record.CCBY))...)...)
}

// standing are shared things that every description of the catalogue itself refers to.
func (d *dcat) standing() []rdf.Node {
	scheme := typed(dataThemeScheme, "skos:ConceptScheme")
	scheme.Say("dct:title", rdf.Text("EU-datathema's", record.Dutch), rdf.Text("EU data themes", record.English))
	standard := typed(graphQLStandard, "dct:Standard")
	standard.Say("dct:title", rdf.Text("GraphQL", record.English))
	rights := typed(d.here("rechten"), "dct:RightsStatement")
	rights.Say("rdfs:label", rdf.Text("De licentie die een beschrijving zelf noemt, gaat voor.", record.Dutch),
		rdf.Text("The licence that a description itself names goes before.", record.English))
	out := []rdf.Node{scheme, standard, rights, typed(accessPublic, "dct:RightsStatement"), typed(languageNLD, "dct:LinguisticSystem"), typed(languageENG, "dct:LinguisticSystem")}
	for _, path := range []string{"/", "/api", "/help", "/zoeken"} {
		out = append(out, typed(d.base+path, "foaf:Document"))
	}
	return out
}
