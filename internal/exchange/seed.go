package exchange

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

//go:embed starter
var starter embed.FS

// interview is where all facts of the starter content come from: "Gemeente Leiden werkt met data-analyses aan een smart
// society", Data in de stad, Platform31.
const interview = "https://www.platform31.nl/nieuws/gemeente-leiden-werkt-met-data-analyses-aan-een-smart-society"

// content is a set of documents that comes with Plein.
type content struct {
	files embed.FS
	// organizations is the file with those that its documents speak of.
	organizations string
	// source begins the external ids under which its documents stay known.
	source     string
	provenance record.Provenance
	// links say where its facts come from.
	links []string
}

func starterContent() content {
	return content{files: starter, organizations: "starter/organizations.yml", source: "starter:", provenance: record.Starter, links: []string{interview}}
}

// SeedReport counts what seeding did: organisations that it wrote and what became of the records.
type SeedReport struct {
	Organizations int `json:"organizations"`
	Counts
}

// starterFiles are in the order in which they refer to each other.
var starterFiles = []struct {
	name string
	kind record.Type
}{
	{"starter/lessons.yml", record.LessonType},
	{"starter/templates.yml", record.ProcessTemplateType},
	{"starter/projects.yml", record.ProjectType},
}

// Seed brings the starter content into the catalogue in one transaction. Seeding again changes nothing; a later release
// with other words updates the records, unless they were withdrawn here or their publisher speaks for itself by then.
// The reference tables have to be there (LoadReference).
func Seed(ctx context.Context, cat *catalog.Catalog) (SeedReport, error) {
	var report SeedReport
	ctx = identity.AsSystem(ctx)
	err := cat.Write(ctx, func(w *catalog.Writer) error {
		report = SeedReport{}
		s := newSeeding(starterContent())
		s.w = w
		n, err := s.bringOrganizations(ctx)
		if err != nil {
			return err
		}
		report.Organizations = n
		for _, f := range starterFiles {
			docs, err := s.read(f.name)
			if err != nil {
				return err
			}
			for _, d := range docs {
				outcome, err := s.bring(ctx, f.kind, d)
				if err != nil {
					return fmt.Errorf("%s, %s: %w", f.name, d.key, err)
				}
				report.count(outcome)
			}
		}
		return nil
	})
	if err != nil {
		return SeedReport{}, fmt.Errorf("seed the starter content: %w", err)
	}
	return report, nil
}

// document is a document of the content under the key by which it stays known.
type document struct {
	key  string
	body any
}

func (c content) read(name string) ([]document, error) {
	b, err := c.files.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read what comes with Plein: %w", err)
	}
	var docs yaml.MapSlice
	if err := yaml.Unmarshal(b, &docs); err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	out := make([]document, len(docs))
	for i, d := range docs {
		out[i] = document{key: fmt.Sprint(d.Key), body: d.Value}
	}
	return out, nil
}

type seeding struct {
	content
	w *catalog.Writer
	// organizations and records are ids by key, versions those of template versions by key@number, sources addresses.
	organizations, records, versions, sources map[string]string
	// began is the moment that days are counted from.
	began time.Time
}

func newSeeding(c content) *seeding {
	return &seeding{content: c, organizations: map[string]string{}, records: map[string]string{}, versions: map[string]string{}, sources: map[string]string{}}
}

// bringOrganizations adds the organisations that are not there yet and tells how many it wrote. One that is there under
// the same TOOI address or short name but did not come from here is taken as it is.
func (s *seeding) bringOrganizations(ctx context.Context) (int, error) {
	docs, err := s.read(s.content.organizations)
	if err != nil {
		return 0, err
	}
	written := 0
	var fresh []*record.Organization
	var keys, externalIDs []string
	for _, d := range docs {
		want := &record.Organization{Custody: record.CustodyReference, SourceLinks: s.links}
		if err := s.decode(d.body, want); err != nil {
			return 0, fmt.Errorf("organisation %s: %w", d.key, err)
		}
		old, err := s.w.OrganizationByExternalID(ctx, s.source+d.key)
		if err != nil {
			return 0, err
		}
		switch {
		case old != nil:
			changed, err := s.update(ctx, old, want)
			if err != nil {
				return 0, err
			}
			written += changed
		case s.w.Reference().OrganizationByTooi(want.TooiIRI) != nil:
			old = s.w.Reference().OrganizationByTooi(want.TooiIRI)
		default:
			old = s.w.Reference().OrganizationBySlug(want.Slug)
		}
		if old != nil {
			s.organizations[d.key] = old.ID
			continue
		}
		fresh, keys, externalIDs = append(fresh, want), append(keys, d.key), append(externalIDs, s.source+d.key)
	}
	if len(fresh) == 0 {
		return written, nil
	}
	if err := s.w.CreateOrganizations(ctx, fresh, externalIDs...); err != nil {
		return 0, err
	}
	for i, o := range fresh {
		s.organizations[keys[i]] = o.ID
	}
	return written + len(fresh), nil
}

// update makes an organisation that came from here say what it says now, as long as nobody speaks for it.
func (s *seeding) update(ctx context.Context, old, want *record.Organization) (int, error) {
	if old.Custody != record.CustodyReference {
		return 0, nil
	}
	want.ID, want.Slug = old.ID, old.Slug
	was, err := json.Marshal(old)
	if err != nil {
		return 0, fmt.Errorf("compare organisation %s: %w", old.Slug, err)
	}
	is, err := json.Marshal(want)
	if err != nil {
		return 0, fmt.Errorf("compare organisation %s: %w", old.Slug, err)
	}
	if bytes.Equal(was, is) {
		return 0, nil
	}
	_, err = s.w.EditOrganization(ctx, old.ID, 0, func(o *record.Organization) error {
		*o = *want
		return nil
	})
	return 1, err
}

func (s *seeding) bring(ctx context.Context, kind record.Type, d document) (Outcome, error) {
	r := record.KindOfType(kind).New()
	if err := s.decode(d.body, r); err != nil {
		return 0, err
	}
	b := r.Base()
	b.Audience, b.Language, b.LicenseIRI, b.SourceLinks = record.Public, record.Dutch, record.CCBY, s.links
	outcome, id, err := bring(ctx, s.w, r, s.source+d.key, s.provenance)
	s.records[d.key] = id
	return outcome, err
}

// decode reads a document in its stored form, in which addresses and ids may be written short.
func (s *seeding) decode(body, into any) error {
	long, err := s.lengthen(body)
	if err != nil {
		return err
	}
	b, err := json.Marshal(long)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

// lengthen writes in full what documents write short: def:method/datamatch for a term of a vocabulary or a step of
// Plein's own, tooi:c_… for a policy theme, org:KEY, rec:KEY and ver:KEY@1.0.0 for the id of another document or of a
// version of a template, step:KEY#STEP for the address of a template's step, src:KEY for that of a data source, and
// day:-30 or moment:60 for so many days before or after the content came in.
func (s *seeding) lengthen(v any) (any, error) {
	var err error
	switch x := v.(type) {
	case map[string]any:
		for k := range x {
			if x[k], err = s.lengthen(x[k]); err != nil {
				return nil, err
			}
		}
	case []any:
		for i := range x {
			if x[i], err = s.lengthen(x[i]); err != nil {
				return nil, err
			}
		}
	case string:
		return s.long(x)
	}
	return v, nil
}

func (s *seeding) long(short string) (string, error) {
	prefix, rest, _ := strings.Cut(short, ":")
	id := ""
	switch prefix {
	case "def":
		return record.Namespace + rest, nil
	case "tooi":
		return "https://identifier.overheid.nl/tooi/def/thes/top/" + rest, nil
	case "org":
		id = s.organizations[rest]
	case "rec":
		id = s.records[rest]
	case "ver":
		id = s.versions[rest]
	case "src":
		id = s.sources[rest]
	case "step":
		template, key, _ := strings.Cut(rest, "#")
		if id = s.records[template]; id != "" {
			id = record.StepIRI(id, key)
		}
	case "day", "moment":
		days, err := strconv.Atoi(rest)
		if err != nil {
			return "", fmt.Errorf("%s: this is no number of days", short)
		}
		at := s.began.AddDate(0, 0, days)
		if prefix == "day" {
			return at.Format(time.DateOnly), nil
		}
		return at.Format(time.RFC3339), nil
	default:
		return short, nil
	}
	if id == "" {
		return "", fmt.Errorf("%s: there is no such document", short)
	}
	return id, nil
}
