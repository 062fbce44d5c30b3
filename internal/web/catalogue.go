package web

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
	"github.com/udc-community/plein/internal/search"
)

// pageFacet is what the plain search page narrows by, with the name that stands in its address.
type pageFacet struct {
	name  string
	field record.Field
}

var pageFacets = []pageFacet{{"soort", record.FieldKind}, {"thema", record.FieldPolicyDomain}, {"provincie", record.FieldProvince}, {"methode", record.FieldMethod}, {"fase", record.FieldPhase}}

// NewReader answers the plain pages from the catalogue and the index, as an anonymous visitor sees them.
func NewReader(c *catalog.Catalog, x *search.Index) Reader { return &reader{catalog: c, index: x} }

type reader struct {
	catalog *catalog.Catalog
	index   *search.Index
}

func (r *reader) Search(ctx context.Context, q SearchRequest) (SearchPage, error) {
	ask := search.Request{Text: q.Query, First: q.First, After: q.After, Languages: []string{record.Dutch}}
	for _, f := range pageFacets {
		ask.Facets = append(ask.Facets, f.field)
		m := catalog.Match{Field: f.field}
		for _, s := range q.Selected {
			if s.Facet == f.name {
				m.Values = append(m.Values, r.value(f.field, s.Value))
			}
		}
		if len(m.Values) > 0 {
			ask.Filter.All = append(ask.Filter.All, m)
		}
	}
	for _, s := range q.Selected {
		if !slices.ContainsFunc(pageFacets, func(f pageFacet) bool { return f.name == s.Facet }) {
			return SearchPage{}, ErrInvalidSearch
		}
	}
	found, err := r.index.Find(identity.AsStranger(ctx), ask)
	var ps record.Problems
	if errors.As(err, &ps) {
		return SearchPage{}, fmt.Errorf("%w: %w", ErrInvalidSearch, err)
	} else if err != nil {
		return SearchPage{}, err
	}
	page := r.page(found)
	page.Missed = ask.Missed(found)
	return page, nil
}

// value is what the index holds for what stands in the address: concepts have their short id there.
func (r *reader) value(f record.Field, v string) string {
	if c := r.catalog.Reference().Concept(v); c != nil {
		return c.IRI
	}
	return v
}

func (r *reader) page(found *search.Result) SearchPage {
	out := SearchPage{Total: found.Total}
	for _, h := range found.Hits {
		s := h.Record.Base()
		res := Result{ID: h.ID, Kind: record.KindOf(h.ID).Type.Label().In(record.Dutch), Published: s.PublishedAt,
			Title: []Fragment{{Text: s.Title.In(record.Dutch)}}}
		if o := s.Publisher(); o != nil {
			res.Publisher = o.Name
		}
		for _, x := range h.Highlights {
			fragments := make([]Fragment, len(x.Fragments))
			for i, f := range x.Fragments {
				fragments[i] = Fragment(f)
			}
			switch x.Field {
			case "title":
				res.Title = fragments
			case "tags": // a loose word says nothing beside a sentence
			default:
				res.Excerpts = append(res.Excerpts, fragments)
			}
		}
		out.Results = append(out.Results, res)
		if found.More {
			out.Next = h.Cursor
		}
	}
	ref := r.catalog.Reference()
	for i, f := range found.Facets {
		facet := Facet{Name: pageFacets[i].name, Label: f.Field.Label().In(record.Dutch)}
		for _, b := range f.Buckets {
			v := FacetValue{Value: b.Value, Label: ref.ValueLabel(f.Field, b.Value).In(record.Dutch), Count: b.Count, Selected: b.Selected}
			if c := ref.Concept(b.Value); c != nil {
				v.Value = c.ID
			}
			facet.Values = append(facet.Values, v)
		}
		out.Facets = append(out.Facets, facet)
	}
	switch {
	case found.Degraded:
		out.Notice = "De zoekindex wordt opnieuw gemaakt. U ziet nu alleen records waar uw woorden letterlijk in staan."
	case found.Notice != nil:
		out.Notice = found.Notice.In(record.Dutch)
	}
	return out
}

func (r *reader) Record(ctx context.Context, id string) (RecordPage, error) {
	ctx = identity.AsStranger(ctx)
	rs, err := r.catalog.ByID(ctx, id)
	if err != nil {
		return RecordPage{}, err
	}
	if rs[0] == nil {
		t, err := r.catalog.Tombstone(ctx, id)
		if err != nil {
			return RecordPage{}, err
		}
		if t == nil {
			return RecordPage{}, ErrNotFound
		}
		return RecordPage{}, Gone{Title: t.Title, Reason: t.Reason, On: t.At}
	}
	return recordPage(rs[0])
}

func recordPage(x record.Record) (RecordPage, error) {
	s := x.Base()
	full, err := exchange.PublicDocument(x)
	if err != nil {
		return RecordPage{}, err
	}
	doc, err := json.Marshal(full)
	if err != nil {
		return RecordPage{}, fmt.Errorf("write %s as JSON: %w", s.ID, err)
	}
	out := RecordPage{ID: s.ID, URI: s.URI, Kind: record.KindOf(s.ID).Type.Label().In(record.Dutch), Title: s.Title.In(record.Dutch),
		Summary: s.Summary.In(record.Dutch), Published: s.PublishedAt, Document: doc}
	if s.UpdatedAt.After(s.PublishedAt) {
		out.Updated = s.UpdatedAt
	}
	switch s.Provenance {
	case record.Starter:
		out.Notice = "Dit is startinhoud: de makers van Plein schreven dit op uit een openbare bron. Het zijn niet de woorden van de organisatie zelf."
	case record.Register:
		out.Notice = "Dit is overgenomen uit een openbaar register."
	}
	if o := s.Publisher(); o != nil {
		out.Publisher = o.Name
	}
	if c := s.License(); c != nil {
		out.License = c.Label.In(record.Dutch)
	}
	switch x := x.(type) {
	case *record.Project:
		projectSections(&out, x)
	case *record.ProcessTemplate:
		stepSections(&out, x.Steps)
	case *record.TemplateVersion:
		stepSections(&out, x.Steps)
	case *record.Lesson:
		lessonSections(&out, x)
	}
	links := Section{Heading: "Bron"}
	for _, l := range s.SourceLinks {
		links.Items = append(links.Items, Item{Text: l, URL: l})
	}
	out.add(links)
	return out, nil
}

// add leaves out a section that says nothing.
func (p *RecordPage) add(s Section) {
	s.Paragraphs = slices.DeleteFunc(s.Paragraphs, func(t string) bool { return strings.TrimSpace(t) == "" })
	s.Items = slices.DeleteFunc(s.Items, func(i Item) bool { return strings.TrimSpace(i.Text) == "" })
	if len(s.Paragraphs) > 0 || len(s.Items) > 0 {
		p.Sections = append(p.Sections, s)
	}
}

// text is words in paragraphs: the plain page does not read CommonMark beyond its empty lines.
func text(t record.Text) []string { return strings.Split(t.In(record.Dutch), "\n\n") }

func labels(cs []*record.Concept) string {
	out := make([]string, len(cs))
	for i, c := range cs {
		out[i] = c.Label.In(record.Dutch)
	}
	return strings.Join(out, ", ")
}

func projectSections(out *RecordPage, p *record.Project) {
	out.add(Section{Heading: "De vraag", Paragraphs: text(p.Question)})
	out.add(Section{Heading: "Aanleiding", Paragraphs: text(p.Occasion)})
	if e := p.Embargo(); e != nil && e.State == record.EmbargoActive {
		until := "Wanneer is nog niet bekend."
		if !e.Until.IsZero() {
			until = "De resultaten komen op " + dutchDate(e.Until) + "."
		}
		out.Notice = strings.TrimSpace(out.Notice + " De resultaten van dit project staan onder embargo. " + until)
	}
	out.add(Section{Heading: "Het antwoord", Paragraphs: text(p.Answer)})
	names := make([]string, 0, len(p.MunicipalityCodes))
	for _, m := range p.Municipalities() {
		names = append(names, m.Name)
	}
	facts := Section{Heading: "In het kort", Items: []Item{
		{Label: "Fase", Text: p.Phase.Label().In(record.Dutch)}, {Label: "Thema", Text: labels(p.PolicyDomains())},
		{Label: "Gemeente", Text: strings.Join(names, ", ")}, {Label: "Methode", Text: labels(p.Methods())},
		{Label: "Doelgroep", Text: labels(p.TargetGroups())}, {Label: "Ook bekend als", Text: strings.Join(p.Aliases, ", ")}}}
	out.add(facts)
	sources := Section{Heading: "Gebruikte data"}
	for _, u := range p.Sources {
		if d := u.Source(); d != nil {
			sources.Items = append(sources.Items, Item{Label: d.Holder, Text: d.Name, URL: d.CatalogueURI})
		}
	}
	out.add(sources)
	outputs := Section{Heading: "Resultaten"}
	for _, o := range p.Outputs {
		outputs.Items = append(outputs.Items, Item{Label: labels([]*record.Concept{o.Kind()}), Text: o.Title.In(record.Dutch), URL: o.URL})
	}
	out.add(outputs)
	uses := Section{Heading: "Gebruikt in beleid"}
	for _, u := range p.PolicyUses {
		uses.Items = append(uses.Items, Item{Label: labels([]*record.Concept{u.Kind()}), Text: u.Title.In(record.Dutch), URL: u.DocumentURL})
	}
	out.add(uses)
	contacts := Section{Heading: "Contact"}
	for _, c := range p.Contacts {
		address := ""
		if c.Email != "" {
			address = "mailto:" + c.Email
		}
		contacts.Items = append(contacts.Items, Item{Text: c.Label, URL: address})
	}
	out.add(contacts)
}

func stepSections(out *RecordPage, steps []*record.TemplateStep) {
	titles := map[string]string{}
	for _, s := range steps {
		titles[s.Key] = s.Title.In(record.Dutch)
	}
	list := func(keys []string) string {
		names := make([]string, len(keys))
		for i, k := range keys {
			names[i] = cmp.Or(titles[k], k)
		}
		return strings.Join(names, ", ")
	}
	for _, s := range steps {
		section := Section{Heading: fmt.Sprintf("Stap %d: %s", s.Position, s.Title.In(record.Dutch)), Paragraphs: text(s.Purpose),
			Items: []Item{{Label: "Na", Text: list(s.StartsAfter)}, {Label: "Tegelijk met", Text: list(s.ParallelWith)}}}
		for _, c := range s.Checklist {
			section.Items = append(section.Items, Item{Text: c.Text.In(record.Dutch)})
		}
		out.add(section)
	}
}

func lessonSections(out *RecordPage, l *record.Lesson) {
	out.add(Section{Heading: "Wanneer", Paragraphs: text(l.Context)})
	out.add(Section{Heading: "Advies", Paragraphs: text(l.Recommendation)})
	out.add(Section{Heading: "Anders", Paragraphs: text(l.Consequence)})
	out.add(Section{Heading: "Bij deze stappen", Items: []Item{{Text: strings.Join(l.StepKeys(), ", ")}}})
}
