package exchange

import (
	"cmp"
	"context"
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// A catalogue that shows what Plein does. Everything in it is invented: no municipality, organisation, figure or
// outcome in it exists.
//
//go:embed demo
var demo embed.FS

// demoSource begins the external ids of all that is the demo's. Organisations with it are what a demo is known by.
const demoSource = "demo:"

// demoAddress begins the addresses of invented things; nobody can own a name below .example (RFC 2606).
const demoAddress = "https://voorbeeld.example/"

// Holds tells whether a catalogue holds the demo, and whether it holds anything else. Of one that nobody wrote in yet
// neither is true. It goes by the organisations: no record is without one.
func Holds(ctx context.Context, cat *catalog.Catalog) (invented, real bool, err error) {
	p, err := cat.ProvisionOf(ctx, demoSource)
	return p.From > 0, p.Others > 0, err
}

// SeedDemo brings the demo into a catalogue that holds nothing else, as if it had grown over the past years: dates count
// from the moment at which the demo first came in, and embargoes end after it. Seeding again changes nothing; a later
// release with other words updates the records. The reference tables have to be there (LoadReference).
func SeedDemo(ctx context.Context, cat *catalog.Catalog) (SeedReport, error) {
	report, err := seedDemo(identity.AsSystem(ctx), cat)
	if err != nil {
		return SeedReport{}, fmt.Errorf("seed the demo: %w", err)
	}
	return report, nil
}

func seedDemo(ctx context.Context, cat *catalog.Catalog) (report SeedReport, err error) {
	s := newSeeding(content{files: demo, organizations: "demo/organizations.yml", source: demoSource, provenance: record.Demo})
	entries, err := s.entries()
	if err != nil {
		return report, err
	}
	before, err := cat.ProvisionOf(ctx, demoSource)
	if err != nil {
		return report, err
	}
	fresh := before.From == 0
	if s.began = before.Since; fresh {
		s.began = record.Instant(cat.Now())
	}
	err = cat.Write(ctx, func(w *catalog.Writer) (err error) {
		s.w = w
		if err := s.bringMunicipalities(ctx); err != nil {
			return err
		}
		if report.Organizations, err = s.bringOrganizations(ctx); err != nil {
			return err
		}
		return s.bringSources(ctx)
	})
	if err != nil {
		return report, err
	}
	// What comes in for the first time was published on a day of the past, so it is written by a catalogue whose clock
	// stands on that day.
	now := s.began
	past, err := catalog.Open(ctx, catalog.Config{Client: cat.Client, Begin: cat.Begin, Log: cat.Log, Now: func() time.Time { return now },
		BaseURL: cat.BaseURL, Frozen: cat.Frozen, Logger: cat.Logger, PublicationDays: cat.PublicationDays})
	if err != nil {
		return report, err
	}
	for _, e := range entries {
		if now = cat.Now(); fresh {
			now = s.began.AddDate(0, 0, e.published)
		}
		if err := s.bringDated(ctx, past, e, &report); err != nil {
			return report, fmt.Errorf("%s: %w", e.key, err)
		}
	}
	return report, cat.Refresh(ctx)
}

// dated is a document of the demo with the day on which it was published, counted from the beginning of the demo.
type dated struct {
	document
	kind      record.Type
	published int
	// superseded is an earlier version of a template.
	superseded bool
}

// entries are the records of the demo in the order in which they were published, which is also the order in which they
// may refer to each other.
func (c content) entries() ([]dated, error) {
	var out []dated
	for _, part := range []struct {
		files string
		kind  record.Type
	}{{"demo/templates/*.yml", record.ProcessTemplateType}, {"demo/projects/*.yml", record.ProjectType}, {"demo/lessons/*.yml", record.LessonType}} {
		files, err := fs.Glob(c.files, part.files)
		if err != nil {
			return nil, fmt.Errorf("list %s: %w", part.files, err)
		}
		for _, name := range files {
			docs, err := c.read(name)
			if err != nil {
				return nil, err
			}
			for _, d := range docs {
				es, err := unfold(d, part.kind)
				if err != nil {
					return nil, fmt.Errorf("%s, %s: %w", name, d.key, err)
				}
				out = append(out, es...)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b dated) int { return cmp.Compare(a.published, b.published) })
	return out, nil
}

// unfold takes apart a document, the day of its publication, and what was different in its earlier version.
func unfold(d document, kind record.Type) ([]dated, error) {
	fields, ok := d.body.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("this is no record")
	}
	was, changed := fields["earlier"].(map[string]any)
	delete(fields, "earlier")
	take := func(fields map[string]any) (dated, error) {
		day, err := strconv.Atoi(fmt.Sprint(fields["published"]))
		if err != nil || day >= 0 {
			return dated{}, fmt.Errorf("say how many days before today it was published, as a number below 0")
		}
		delete(fields, "published")
		return dated{document: document{key: d.key, body: fields}, kind: kind, published: day}, nil
	}
	var out []dated
	if changed {
		old := maps.Clone(fields)
		maps.Copy(old, was)
		e, err := take(old)
		if err != nil {
			return nil, err
		}
		e.superseded = true
		out = append(out, e)
	}
	e, err := take(fields)
	return append(out, e), err
}

func (s *seeding) bringDated(ctx context.Context, cat *catalog.Catalog, e dated, report *SeedReport) error {
	err := cat.Write(ctx, func(w *catalog.Writer) error {
		s.w = w
		if e.superseded {
			id, _, _, err := w.Existing(ctx, s.source+e.key)
			if err != nil || id != "" {
				s.records[e.key] = id
				return err
			}
		}
		outcome, err := s.bring(ctx, e.kind, e.document)
		if err != nil {
			return err
		}
		report.count(outcome)
		return nil
	})
	if err != nil || e.kind != record.ProcessTemplateType {
		return err
	}
	rs, err := cat.ByID(ctx, s.records[e.key])
	if err != nil {
		return err
	}
	if t, ok := rs[0].(*record.ProcessTemplate); ok {
		for _, v := range t.Versions {
			s.versions[e.key+"@"+v.Number] = v.ID
		}
	}
	return nil
}

// bringMunicipalities adds the invented municipalities. They stand in real provinces, so that they have a place on the
// map; their names say that they do not exist.
func (s *seeding) bringMunicipalities(ctx context.Context) error {
	docs, err := s.read("demo/municipalities.yml")
	if err != nil {
		return err
	}
	var changed []*record.Municipality
	for _, d := range docs {
		m := &record.Municipality{Code: d.key}
		if err := s.decode(d.body, m); err != nil {
			return fmt.Errorf("municipality %s: %w", d.key, err)
		}
		if old := s.w.Reference().Municipality(m.Code); old == nil || !sameMunicipality(old, m) || old.Urbanity != m.Urbanity {
			changed = append(changed, m)
		}
	}
	if len(changed) == 0 {
		return nil
	}
	return s.w.SetMunicipalities(ctx, changed)
}

// bringSources adds the data sources that the demo's projects use.
func (s *seeding) bringSources(ctx context.Context) error {
	docs, err := s.read("demo/sources.yml")
	if err != nil {
		return err
	}
	for _, d := range docs {
		var x struct {
			Name, Holder string
			IsMicrodata  bool
			AddedBy      string
		}
		if err := s.decode(d.body, &x); err != nil {
			return fmt.Errorf("data source %s: %w", d.key, err)
		}
		iri := demoAddress + "bronnen/" + d.key
		s.sources[d.key] = iri
		want := record.DataSource{IRI: iri, CatalogueURI: iri, Name: x.Name, Holder: x.Holder, IsMicrodata: x.IsMicrodata}
		if old := s.w.Reference().DataSource(iri); old != nil {
			want.ID, want.Revision = old.ID, old.Revision
			if want == *old {
				continue
			}
		}
		if _, err := s.w.SaveDataSource(ctx, x.AddedBy, want); err != nil {
			return fmt.Errorf("data source %s: %w", d.key, err)
		}
	}
	return nil
}
