package exchange

import (
	"fmt"
	"strconv"
	"time"

	"github.com/udc-community/plein/internal/rdf"
	"github.com/udc-community/plein/internal/record"
)

func dcatMoment(t time.Time) rdf.Value {
	return rdf.Typed(t.UTC().Format(time.RFC3339Nano), "xsd:dateTime")
}

// datasetIRI is the address of an output: that of its project, and the key that it has for ever.
func datasetIRI(projectURI, key string) string { return projectURI + "#" + key }

// project describes a project as an activity and its outputs as datasets of the catalogue, with what they refer to.
func (d *dcat) project(p *record.Project) []rdf.Node {
	out := d.around(p)
	for _, o := range record.Datasets(p) {
		in := typed(d.here("catalogus"))
		in.Say("dcat:dataset", rdf.IRI(datasetIRI(p.URI, o.Key)))
		out = append(append(out, in), d.dataset(p, o)...)
	}
	return out
}

// around is what the outputs of a project have in common: the activity that made them, and who answers for it.
func (d *dcat) around(p *record.Project) []rdf.Node {
	contacts := d.contacts(p)
	if len(p.Contacts) == 0 {
		contacts = d.once(contacts...) // its publisher's, whom other projects have too
	}
	return append(d.activity(p), contacts...)
}

// activity is the project itself.
func (d *dcat) activity(p *record.Project) []rdf.Node {
	n := typed(p.URI, "prov:Activity")
	n.Say("dct:identifier", rdf.Text(p.URI, ""))
	n.Say("dct:title", d.texts(p.Title)...)
	n.Say("dct:description", d.texts(p.Summary)...)
	page := typed(d.base+record.PagePath(p), "foaf:Document")
	n.Say("foaf:page", rdf.IRI(page.IRI))
	n.Say("dct:modified", dcatMoment(p.UpdatedAt))
	out := []rdf.Node{page}
	if o := p.Publisher(); o != nil {
		agent := d.agent(o)
		n.Say("prov:wasAssociatedWith", rdf.IRI(agent.IRI))
		out = append(out, d.once(agent)...)
	}
	if p.StartedOn != "" || p.FinishedOn != "" {
		period := typed(p.URI+"#periode", "dct:PeriodOfTime")
		period.Say("dcat:startDate", day(p.StartedOn)...)
		period.Say("dcat:endDate", day(p.FinishedOn)...)
		n.Say("dct:temporal", rdf.IRI(period.IRI))
		out = append(out, period)
	}
	used := map[string]bool{}
	for _, s := range p.Sources {
		for _, source := range append(d.ref.DataSources([]string{s.SourceIRI}), s.LinkedWith()...) {
			if used[source.IRI] {
				continue
			}
			used[source.IRI] = true
			entity := typed(source.IRI, "prov:Entity")
			entity.Say("dct:title", rdf.Text(source.Name, record.Dutch))
			n.Say("prov:used", rdf.IRI(source.IRI))
			out = append(out, d.once(entity)...)
		}
	}
	return append([]rdf.Node{n}, out...)
}

// dataset is an output that can be had.
func (d *dcat) dataset(p *record.Project, o *record.Output) []rdf.Node {
	n := typed(datasetIRI(p.URI, o.Key), "dcat:Dataset")
	n.Say("dct:identifier", rdf.Text(n.IRI, ""))
	n.Say("dct:title", d.texts(o.Title)...)
	description := o.Description
	if description.In() == "" {
		description = p.Summary
	}
	n.Say("dct:description", d.texts(description)...)
	n.Say("dct:accessRights", rdf.IRI(accessPublic))
	written := language(p.Language)
	n.Say("dct:language", rdf.IRI(written.IRI))
	n.Say("dct:issued", issued(p, o)...)
	n.Say("dct:modified", dcatMoment(p.UpdatedAt))
	n.Say("prov:wasGeneratedBy", rdf.IRI(p.URI))
	page := rdf.IRI(d.base + record.PagePath(p)) // where it is found, and where the question and the method are told
	n.Say("dcat:landingPage", page)
	n.Say("foaf:page", page)
	shared := []rdf.Node{typed(accessPublic, "dct:RightsStatement"), written}

	publisher, producer := p.Publisher(), o.Producer()
	if producer == nil {
		producer = publisher
	}
	if publisher != nil {
		agent, creator := d.agent(publisher), d.agent(producer)
		n.Say("dct:publisher", rdf.IRI(agent.IRI))
		n.Say("dct:creator", rdf.IRI(creator.IRI))
		shared = append(shared, agent, creator)
	}
	for _, c := range d.contacts(p) {
		n.Say("dcat:contactPoint", rdf.IRI(c.IRI))
	}
	if kind := o.Kind(); kind != nil {
		n.Say("dct:type", rdf.IRI(kind.IRI))
		shared = append(shared, d.concept(kind))
	}
	themes, nodes := d.themesOf(p)
	n.Say("dcat:theme", themes...)
	n.Say("dcat:keyword", d.keywords(p)...)
	shared = append(shared, nodes...)
	for _, m := range p.Municipalities() {
		if m.TooiIRI != "" {
			n.Say("dct:spatial", rdf.IRI(m.TooiIRI))
			shared = append(shared, location(m))
		}
	}
	out := []rdf.Node{n}
	license := d.license(o.LicenseIRI)
	for _, x := range d.distributions(p, o, license.IRI) {
		if x.Types[0] == "dcat:Distribution" {
			out[0].Say("dcat:distribution", rdf.IRI(x.IRI))
		}
		out = append(out, x)
	}
	return append(out, d.once(append(shared, license)...)...)
}

// issued is when an output was published, or else the project that has it.
func issued(p *record.Project, o *record.Output) []rdf.Value {
	if v := day(o.PublishedOn); v != nil {
		return v
	}
	return []rdf.Value{dcatMoment(p.PublishedAt)}
}

// contacts are the functions that answer for a project; those of its publisher where it names none.
func (d *dcat) contacts(p *record.Project) []rdf.Node {
	o := p.Publisher()
	if o == nil {
		return nil
	}
	if len(p.Contacts) == 0 {
		return []rdf.Node{d.organizationContact(o)}
	}
	var out []rdf.Node
	for i, c := range p.Contacts {
		n := contactPoint(p.URI+"#contact-"+strconv.Itoa(i+1), c.Label)
		n.Say("vcard:organization-name", rdf.Text(o.Name, record.Dutch))
		if c.Email != "" {
			n.Say("vcard:hasEmail", rdf.IRI("mailto:"+c.Email))
		}
		n.Say("vcard:hasURL", rdf.IRI(d.base+record.PagePath(p)))
		out = append(out, n)
	}
	return out
}

// themesOf are the policy themes of a project, and the data themes of the EU that go with them.
func (d *dcat) themesOf(p *record.Project) (values []rdf.Value, nodes []rdf.Node) {
	seen := map[string]bool{}
	add := func(n rdf.Node) {
		if !seen[n.IRI] {
			seen[n.IRI] = true
			values, nodes = append(values, rdf.IRI(n.IRI)), append(nodes, n)
		}
	}
	for _, c := range p.PolicyDomains() {
		add(d.concept(c))
		if t := d.dataTheme(c); t != nil {
			add(t.node())
		}
	}
	return values, nodes
}

// keywords are the project's own words for itself, and the concepts that say for whom and how.
func (d *dcat) keywords(p *record.Project) []rdf.Value {
	var out []rdf.Value
	seen := map[string]bool{}
	add := func(s, language string) {
		if key := language + " " + s; s != "" && !seen[key] {
			seen[key] = true
			out = append(out, rdf.Text(s, language))
		}
	}
	for _, a := range p.Aliases {
		add(a, p.Language)
	}
	for _, c := range append(p.TargetGroups(), p.Methods()...) {
		for _, l := range record.ConceptLanguages {
			add(c.Label[l], l)
		}
	}
	return out
}

// distributions are the ways to get an output: its file, its address, or both. The types of media are among them.
func (d *dcat) distributions(p *record.Project, o *record.Output, license string) []rdf.Node {
	var out []rdf.Node
	distribution := func(key, address, media string) rdf.Node {
		n := typed(fmt.Sprintf("%s-%s", datasetIRI(p.URI, o.Key), key), "dcat:Distribution")
		n.Say("dct:title", d.texts(o.Title)...)
		n.Say("dcat:accessURL", rdf.IRI(address))
		n.Say("dct:license", rdf.IRI(license))
		n.Say("dct:language", rdf.IRI(language(p.Language).IRI))
		n.Say("dct:issued", issued(p, o)...)
		if m, ok := mediaType(media); ok {
			n.Say("dcat:mediaType", rdf.IRI(m.IRI))
			out = append(out, m)
		}
		return n
	}
	if f := o.File; f != nil {
		address := d.base + f.Path()
		n := distribution("bestand", address, f.MediaType)
		n.Say("dcat:downloadURL", rdf.IRI(address))
		n.Say("dcat:byteSize", rdf.Typed(strconv.Itoa(f.ByteSize), "xsd:nonNegativeInteger"))
		out = append(out, n)
	}
	if o.URL != "" {
		out = append(out, distribution("adres", o.URL, o.MediaType))
	}
	return out
}
